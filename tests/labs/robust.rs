//! Every lab under bad circumstances: no descriptor, a full disk, a reader that
//! has gone, arguments and keys that mean nothing, a signal. It ends as its C
//! would, and never by a panic (status 101), a hang or a flood of processes.

use std::process::{Command, Stdio};

use labscope::scenario::Alone;
use labscope::{End, Event, Scenario, Signal, Status, Step, Transcript, Wiring};

use super::{run_as, runner, scenario, support};

/// The labs that run alone, with what becomes of them then.
fn labs() -> impl Iterator<Item = (String, Alone)> {
    let labs = support::labs().into_iter();
    labs.filter_map(|lab| support::head(&lab).alone.map(|alone| (lab, alone)))
}

fn null() -> Wiring {
    Wiring::Path("/dev/null".into())
}

/// The scenario with what the lab runs beside it, and with an end if it has none itself.
fn beside(lab: &str, alone: &Alone, scenario: &Scenario) -> Scenario {
    let mut scenario = Scenario {
        needs: super::scenario(lab, "tty").needs,
        ..scenario.clone()
    };
    if alone.endless.is_some() {
        scenario.end = End::Kill;
    }
    scenario
}

/// Runs a lab so and checks how it ended; two sleeps take no time.
fn run_alone(lab: &str, alone: &Alone, scenario: &Scenario) -> Transcript {
    let mut scenario = beside(lab, alone, scenario);
    scenario.inject = vec!["clock_nanosleep:retval=0:when=1..2".into()];
    if let Some(call) = &alone.endless {
        // Alive in that call, after its first lines if it sleeps between them, is as well as it gets.
        let count = if call == "clock_nanosleep" { 3 } else { 1 };
        for process in 1..=alone.processes {
            let event = Event::Entered {
                call: call.clone(),
                process,
                count,
            };
            scenario.steps.push(Step::Await {
                event,
                timeout: None,
            });
        }
    }
    let transcript = run_as(lab, &scenario);
    let what = &scenario.name;
    assert_eq!(
        transcript.status,
        alone.status.map(Status::Exited),
        "{lab}, {what}"
    );
    assert_eq!(transcript.pids.len(), alone.processes, "{lab}, {what}");
    transcript
}

fn every_lab(scenario: &Scenario) {
    for (lab, alone) in labs() {
        run_alone(&lab, &alone, scenario);
    }
}

#[test]
fn a_full_disk_does_not_change_how_a_lab_ends() {
    every_lab(&Scenario {
        stdin: null(),
        stdout: Wiring::Path("/dev/full".into()),
        ..Scenario::named("stdout full")
    });
}

#[test]
fn closed_descriptors_do_not_change_how_a_lab_ends() {
    every_lab(&Scenario {
        stdin: null(),
        stdout: Wiring::Closed,
        ..Scenario::named("stdout closed")
    });
    every_lab(&Scenario {
        stdin: Wiring::Closed,
        ..Scenario::named("stdin closed")
    });
}

#[test]
fn arguments_are_ignored_by_a_lab_that_takes_none() {
    let plain = Scenario {
        stdin: null(),
        stdout: Wiring::Pipe,
        ..Scenario::named("plain")
    };
    let given = Scenario {
        args: ["-x", "--help", "", "%s%n", "../../etc/passwd"]
            .map(String::from)
            .to_vec(),
        ..plain.clone()
    };
    for (lab, alone) in labs().filter(|(lab, _)| support::head(lab).arguments.is_none()) {
        let [plain, given] =
            [&plain, &given].map(|scenario| run_alone(&lab, &alone, scenario).normalised());
        assert_eq!(plain.stdout, given.stdout, "{lab}");
    }
}

#[test]
fn binary_garbage_is_as_good_as_a_key() {
    // Whatever a keyboard can send but the bytes that the terminal turns into signals or the end of the input.
    let signals = [3, 4, 0x11, 0x13, 0x1a, 0x1c];
    let mut garbage: Vec<u8> = (0..=255).filter(|byte| !signals.contains(byte)).collect();
    garbage.extend(b"\n\n\n\x04"); // for a shell the end comes then
    for (lab, alone) in labs().filter(|(_, alone)| alone.asleep_in.as_deref() == Some("read")) {
        let scenario = Scenario {
            steps: vec![Step::Type {
                bytes: garbage.clone(),
                to: None,
            }],
            inject: vec!["clock_nanosleep:retval=0:when=1".into()],
            ..beside(&lab, &alone, &Scenario::named("garbage"))
        };
        assert_eq!(
            run_as(&lab, &scenario).status,
            alone.status.map(Status::Exited),
            "{lab}"
        );
    }
}

#[test]
fn a_signal_ends_a_lab_at_once_and_leaves_at_most_an_orphan() {
    for (lab, alone) in labs() {
        let Some(call) = alone.asleep_in else {
            continue;
        };
        for signal in [
            Signal::SIGHUP,
            Signal::SIGTERM,
            Signal::SIGUSR1,
            Signal::SIGSEGV,
        ] {
            let runner = runner(&lab, &Scenario::named("signal")).traced();
            let mut session = runner.start().unwrap();
            let asleep = Event::Entered {
                call: call.clone(),
                process: 1,
                count: 1,
            };
            session.await_event(&asleep).unwrap();
            session.signal(1, signal).unwrap();
            let transcript = session.finish().unwrap();
            assert_eq!(
                transcript.status,
                Some(Status::Killed(signal as i32)),
                "{lab}"
            );
            // A child that had been forked is an orphan now, and ends by itself.
            assert!(
                transcript.left.len() < alone.processes,
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
