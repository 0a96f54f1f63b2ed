//! Every lab under bad circumstances: no descriptor, a full disk, a reader that
//! has gone, arguments and keys that mean nothing, a signal. It ends as its C
//! would, and never by a panic (status 101), a hang or a flood of processes.

use std::process::{Command, Stdio};

use labscope::{Condition, End, Scenario, Signal, Status, Step, Transcript, Wiring};

use super::{run_as, runner, scenario, support};

/// Lab, how many processes it is, and its exit status if it ends by itself.
const LABS: [(&str, usize, Option<i32>); 8] = [
    ("fork_test", 2, None),
    ("command", 1, Some(0)),
    ("exec_test", 1, Some(0)),
    ("myshell", 1, Some(0)),
    ("daemon", 2, Some(0)),
    ("daemonOSNW", 2, Some(0)),
    ("child_wait", 2, Some(1)),
    ("wait_status", 2, Some(0)),
];

fn null() -> Wiring {
    Wiring::Path("/dev/null".into())
}

fn needs(lab: &str) -> Vec<String> {
    if lab == "command" {
        vec!["exec_test".into()]
    } else {
        vec![]
    }
}

/// Runs every lab so and checks how it ended; sleeps take no time.
fn every_lab(what: &str, scenario: &Scenario) -> Vec<Transcript> {
    let run_one = |(lab, processes, status): (&str, usize, Option<i32>)| {
        let mut scenario = Scenario {
            needs: needs(lab),
            inject: vec!["clock_nanosleep:retval=0:when=1..2".into()],
            end: if status.is_some() {
                End::Wait
            } else {
                End::Kill
            },
            ..scenario.clone()
        };
        if status.is_none() {
            // It counts without end: alive after its first lines is as well as it gets.
            for process in 1..=processes {
                let condition = Condition::Entered {
                    call: "clock_nanosleep".into(),
                    process,
                    count: 3,
                };
                scenario.steps.push(Step::Await {
                    condition,
                    timeout: None,
                });
            }
        }
        let transcript = run_as(lab, &scenario);
        assert_eq!(
            transcript.status,
            status.map(Status::Exited),
            "{lab}, {what}"
        );
        assert_eq!(transcript.pids.len(), processes, "{lab}, {what}");
        transcript
    };
    LABS.into_iter().map(run_one).collect()
}

#[test]
fn a_full_disk_does_not_change_how_a_lab_ends() {
    let full = Wiring::Path("/dev/full".into());
    every_lab(
        "stdout full",
        &Scenario {
            stdin: null(),
            stdout: full,
            ..Scenario::named("full")
        },
    );
}

#[test]
fn closed_descriptors_do_not_change_how_a_lab_ends() {
    every_lab(
        "stdout closed",
        &Scenario {
            stdin: null(),
            stdout: Wiring::Closed,
            ..Scenario::named("closed")
        },
    );
    every_lab(
        "stdin closed",
        &Scenario {
            stdin: Wiring::Closed,
            ..Scenario::named("closed")
        },
    );
}

#[test]
fn arguments_are_ignored() {
    let args = ["-x", "--help", "", "%s%n", "../../etc/passwd"]
        .map(String::from)
        .to_vec();
    let plain = every_lab(
        "no arguments",
        &Scenario {
            stdin: null(),
            stdout: Wiring::Pipe,
            ..Scenario::named("plain")
        },
    );
    let given = every_lab(
        "arguments",
        &Scenario {
            stdin: null(),
            stdout: Wiring::Pipe,
            args,
            ..Scenario::named("args")
        },
    );
    for (plain, given) in plain.iter().zip(&given) {
        assert_eq!(plain.normalised().stdout, given.normalised().stdout);
    }
}

#[test]
fn binary_garbage_is_as_good_as_a_key() {
    // Whatever a keyboard can send but the bytes that the terminal turns into signals or the end of the input.
    let signals = [3, 4, 0x11, 0x13, 0x1a, 0x1c];
    let mut garbage: Vec<u8> = (0..=255).filter(|byte| !signals.contains(byte)).collect();
    garbage.extend(b"\n\n\n");
    for (lab, _, status) in LABS
        .into_iter()
        .filter(|(lab, ..)| !["myshell", "daemon", "daemonOSNW"].contains(lab))
    {
        let scenario = Scenario {
            needs: needs(lab),
            steps: vec![Step::Type {
                bytes: garbage.clone(),
                to: None,
            }],
            inject: vec!["clock_nanosleep:retval=0:when=1".into()],
            end: if status.is_some() {
                End::Wait
            } else {
                End::Kill
            },
            ..Scenario::named("garbage")
        };
        assert_eq!(
            run_as(lab, &scenario).status,
            status.map(Status::Exited),
            "{lab}"
        );
    }
}

#[test]
fn a_signal_ends_a_lab_at_once_and_leaves_at_most_an_orphan() {
    // Asleep in read, in clock_nanosleep or wait4.
    for lab in [
        "fork_test",
        "command",
        "exec_test",
        "myshell",
        "child_wait",
        "wait_status",
    ] {
        for signal in [
            Signal::SIGHUP,
            Signal::SIGTERM,
            Signal::SIGUSR1,
            Signal::SIGSEGV,
        ] {
            let mut session = runner(lab, &Scenario::named("signal")).start().unwrap();
            session
                .await_condition(&Condition::State {
                    state: 'S',
                    process: 1,
                })
                .unwrap();
            session.signal(1, signal).unwrap();
            let transcript = session.finish().unwrap();
            assert_eq!(
                transcript.status,
                Some(Status::Killed(signal as i32)),
                "{lab}"
            );
            // A child that had been forked is an orphan now, and ends by itself.
            let children = usize::from(["child_wait", "wait_status"].contains(&lab));
            assert!(
                transcript.left.len() <= children,
                "{lab}: {:?}",
                transcript.left
            );
        }
    }
}

#[test]
fn a_daemon_can_be_stopped_continued_and_ended() {
    let scenario = scenario("daemon", "tty");
    let mut session = runner("daemon", &scenario).start().unwrap();
    session
        .await_condition(&Condition::NoTerminal { process: 2 })
        .unwrap();
    session
        .await_condition(&Condition::State {
            state: 'S',
            process: 2,
        })
        .unwrap();
    session.signal(2, Signal::SIGSTOP).unwrap();
    session
        .await_condition(&Condition::State {
            state: 'T',
            process: 2,
        })
        .unwrap();
    session.signal(2, Signal::SIGCONT).unwrap();
    session
        .await_condition(&Condition::State {
            state: 'S',
            process: 2,
        })
        .unwrap();
    session.signal(2, Signal::SIGTERM).unwrap();
    session
        .await_condition(&Condition::Exit { process: 2 })
        .unwrap();
    assert!(session.kill().unwrap().left.is_empty());
}

#[test]
fn without_a_reader_the_write_at_the_end_kills_as_in_c() {
    use std::os::unix::process::ExitStatusExt;
    // In a folder without exec_test, command's whole output comes at its end.
    let mut command = Command::new(support::lab("command"));
    let mut lab = command
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(lab.stdout.take());
    drop(lab.stdin.take());
    assert_eq!(lab.wait().unwrap().signal(), Some(libc::SIGPIPE));
}
