//! Every lab under bad circumstances: no descriptor, a full disk, a reader that
//! has gone, arguments and keys that mean nothing, a signal. It ends as its C
//! would, and never by a panic (status 101), a hang or a flood of processes.

use std::process::{Command, Stdio};

use labscope::{End, Event, Runner, Scenario, Signal, Status, Step, Transcript, Wiring};
use libtest_mimic::Trial;

use crate::programs::scenarios;
use crate::support::trials::{Subject, trials_of};
use crate::support::{self, root};

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

pub fn trials() -> Vec<Trial> {
    let run = "make run-{lab}";
    let all = LABS.map(|(lab, ..)| lab);
    let keyed = [
        "fork_test",
        "command",
        "exec_test",
        "child_wait",
        "wait_status",
    ];
    let asleep = [
        "fork_test",
        "command",
        "exec_test",
        "myshell",
        "child_wait",
        "wait_status",
    ];
    let trials = [
        trials_of(
            &all,
            "a_full_disk_does_not_change_its_end",
            run,
            a_full_disk,
        ),
        trials_of(
            &all,
            "closed_descriptors_do_not_change_its_end",
            run,
            closed_descriptors,
        ),
        trials_of(&all, "arguments_are_ignored", run, arguments_are_ignored),
        trials_of(
            &keyed,
            "binary_garbage_is_as_good_as_a_key",
            run,
            binary_garbage,
        ),
        trials_of(&asleep, "a_signal_ends_it_at_once", run, a_signal_ends_it),
    ];
    let mut trials: Vec<Trial> = trials.into_iter().flatten().collect();
    trials.push(Subject::lab("daemon").trial(
        "can_be_stopped_continued_and_ended",
        "make run-daemon",
        |_| a_daemon_can_be_stopped_continued_and_ended(),
    ));
    trials.push(Subject::lab("command").trial(
        "without_a_reader_the_last_write_kills_it",
        "make run-command | true",
        |_| without_a_reader_the_write_at_the_end_kills_as_in_c(),
    ));
    trials
}

fn runner(lab: &str, scenario: &Scenario) -> Runner<'static> {
    support::lab(lab);
    support::labscope();
    Runner::new(root(), lab, scenario)
}

/// Runs a lab so and checks how it ended; sleeps take no time.
fn run(lab: &str, what: &str, scenario: &Scenario) -> Transcript {
    let known = LABS.into_iter().find(|(name, ..)| *name == lab);
    let (_, processes, status) = known.expect("one of the labs");
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
            let event = Event::Entered {
                call: "clock_nanosleep".into(),
                process,
                count: 3,
            };
            scenario.steps.push(Step::Await {
                event,
                timeout: None,
            });
        }
    }
    let ran = runner(lab, &scenario).run();
    let transcript = ran.unwrap_or_else(|error| panic!("{what}: {error:#}"));
    assert_eq!(transcript.status, status.map(Status::Exited), "{what}");
    assert_eq!(transcript.pids.len(), processes, "{what}");
    transcript
}

fn a_full_disk(lab: &str) {
    let full = Wiring::Path("/dev/full".into());
    run(
        lab,
        "stdout full",
        &Scenario {
            stdin: null(),
            stdout: full,
            ..Scenario::named("full")
        },
    );
}

fn closed_descriptors(lab: &str) {
    run(
        lab,
        "stdout closed",
        &Scenario {
            stdin: null(),
            stdout: Wiring::Closed,
            ..Scenario::named("closed")
        },
    );
    run(
        lab,
        "stdin closed",
        &Scenario {
            stdin: Wiring::Closed,
            ..Scenario::named("closed")
        },
    );
}

fn arguments_are_ignored(lab: &str) {
    let args = ["-x", "--help", "", "%s%n", "../../etc/passwd"]
        .map(String::from)
        .to_vec();
    let plain = run(
        lab,
        "no arguments",
        &Scenario {
            stdin: null(),
            stdout: Wiring::Pipe,
            ..Scenario::named("plain")
        },
    );
    let given = run(
        lab,
        "arguments",
        &Scenario {
            stdin: null(),
            stdout: Wiring::Pipe,
            args,
            ..Scenario::named("args")
        },
    );
    assert_eq!(plain.normalised().stdout, given.normalised().stdout);
}

fn binary_garbage(lab: &str) {
    // Whatever a keyboard can send but the bytes that the terminal turns into signals or the end of the input.
    let signals = [3, 4, 0x11, 0x13, 0x1a, 0x1c];
    let mut garbage: Vec<u8> = (0..=255).filter(|byte| !signals.contains(byte)).collect();
    garbage.extend(b"\n\n\n");
    let known = LABS.into_iter().find(|(name, ..)| *name == lab);
    let (.., status) = known.expect("one of the labs");
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
    let ran = runner(lab, &scenario).run();
    let transcript = ran.unwrap_or_else(|error| panic!("{error:#}"));
    assert_eq!(transcript.status, status.map(Status::Exited));
}

/// Asleep in read, in clock_nanosleep or wait4; it leaves at most an orphan.
fn a_signal_ends_it(lab: &str) {
    for signal in [
        Signal::SIGHUP,
        Signal::SIGTERM,
        Signal::SIGUSR1,
        Signal::SIGSEGV,
    ] {
        let mut session = runner(lab, &Scenario::named("signal")).start().unwrap();
        session
            .await_event(&Event::State {
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

fn a_daemon_can_be_stopped_continued_and_ended() {
    let scenarios = scenarios("daemon");
    let scenario = scenarios.get("tty").expect("its scenario");
    let mut session = runner("daemon", scenario).start().unwrap();
    session
        .await_event(&Event::NoTerminal { process: 2 })
        .unwrap();
    session
        .await_event(&Event::State {
            state: 'S',
            process: 2,
        })
        .unwrap();
    session.signal(2, Signal::SIGSTOP).unwrap();
    session
        .await_event(&Event::State {
            state: 'T',
            process: 2,
        })
        .unwrap();
    session.signal(2, Signal::SIGCONT).unwrap();
    session
        .await_event(&Event::State {
            state: 'S',
            process: 2,
        })
        .unwrap();
    session.signal(2, Signal::SIGTERM).unwrap();
    session.await_event(&Event::Exit { process: 2 }).unwrap();
    assert!(session.kill().unwrap().left.is_empty());
}

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
