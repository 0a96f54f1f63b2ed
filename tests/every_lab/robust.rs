//! Every lab under bad circumstances: no descriptor, a full disk, a reader that
//! has gone, arguments and keys that mean nothing, a signal. It ends as its C
//! would, and never by a panic (status 101), a hang or a flood of processes.

use std::process::{Command, Stdio};

use labscope::scenario::Alone;
use labscope::{Condition, End, Runner, Scenario, Signal, Status, Step, Transcript, Wiring};
use libtest_mimic::Trial;

use crate::support::trials::{Subject, trials_of};
use crate::support::{self, head, labs, root, scenarios_of};

pub fn trials() -> Vec<Trial> {
    let run = "make run-{lab}";
    let alone: Vec<String> = labs().into_iter().filter(|lab| runs_alone(lab)).collect();
    let of = |is_it: fn(&str) -> bool| -> Vec<&String> {
        alone.iter().filter(|lab| is_it(lab)).collect()
    };
    let trials = [
        trials_of(
            &alone,
            "a_full_disk_does_not_change_its_end",
            run,
            a_full_disk,
        ),
        trials_of(
            &alone,
            "closed_descriptors_do_not_change_its_end",
            run,
            closed_descriptors,
        ),
        trials_of(
            &of(|lab| head(lab).arguments.is_none()),
            "arguments_are_ignored",
            run,
            arguments_are_ignored,
        ),
        trials_of(
            &of(|lab| asleep_in(lab).as_deref() == Some("read")),
            "binary_garbage_is_as_good_as_a_key",
            run,
            binary_garbage,
        ),
        trials_of(
            &of(|lab| asleep_in(lab).is_some()),
            "a_signal_ends_it_at_once",
            run,
            a_signal_ends_it,
        ),
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

fn runs_alone(lab: &str) -> bool {
    head(lab).alone.is_some()
}

/// What becomes of a lab that runs alone.
fn alone(lab: &str) -> Alone {
    head(lab).alone.clone().expect("a lab that runs alone")
}

/// The call that its first process falls asleep in on a terminal.
fn asleep_in(lab: &str) -> Option<String> {
    alone(lab).asleep_in
}

fn null() -> Wiring {
    Wiring::Path("/dev/null".into())
}

fn runner(lab: &str, scenario: &Scenario) -> Runner<'static> {
    support::lab(lab);
    support::labscope();
    let scenario = Scenario {
        ipc: scenarios_of(lab).scenarios.iter().any(|usual| usual.ipc),
        ..scenario.clone()
    };
    Runner::new(root(), lab, &scenario)
}

/// The scenario with what the lab runs beside it, and with an end if it has none itself.
fn beside(lab: &str, alone: &Alone, scenario: &Scenario) -> Scenario {
    let scenarios = scenarios_of(lab);
    let usual = scenarios.get("tty").expect("its scenario tty");
    let mut scenario = Scenario {
        needs: usual.needs.clone(),
        ..scenario.clone()
    };
    if !alone.endless.is_empty() {
        scenario.end = End::Kill;
    }
    scenario
}

/// Runs a lab so and checks how it ended; two sleeps take no time.
fn run_alone(lab: &str, scenario: &Scenario) -> Transcript {
    let alone = alone(lab);
    let mut scenario = beside(lab, &alone, scenario);
    scenario.inject = vec!["clock_nanosleep:retval=0:when=1..2".into()];
    // Alive in that call, after its first lines if it sleeps between them, is as well as it gets.
    let each = alone.endless.iter().cycle().zip(1..=alone.processes);
    for (call, process) in each {
        let count = if call == "clock_nanosleep" { 3 } else { 1 };
        let condition = Condition::Entered {
            call: call.clone(),
            process,
            count,
        };
        scenario.steps.push(Step::Await {
            condition,
            timeout: None,
        });
    }
    let what = &scenario.name;
    let ran = runner(lab, &scenario).run();
    let transcript = ran.unwrap_or_else(|error| panic!("{what}: {error:#}"));
    assert_eq!(
        transcript.status,
        alone.status.map(Status::Exited),
        "{what}"
    );
    assert_eq!(transcript.pids.len(), alone.processes, "{what}");
    transcript
}

fn a_full_disk(lab: &str) {
    let scenario = Scenario {
        stdin: null(),
        stdout: Wiring::Path("/dev/full".into()),
        ..Scenario::named("stdout full")
    };
    run_alone(lab, &scenario);
}

fn closed_descriptors(lab: &str) {
    let stdout = Scenario {
        stdin: null(),
        stdout: Wiring::Closed,
        ..Scenario::named("stdout closed")
    };
    let stdin = Scenario {
        stdin: Wiring::Closed,
        ..Scenario::named("stdin closed")
    };
    run_alone(lab, &stdout);
    run_alone(lab, &stdin);
}

fn arguments_are_ignored(lab: &str) {
    let plain = Scenario {
        stdin: null(),
        stdout: Wiring::Pipe,
        ..Scenario::named("no arguments")
    };
    let given = Scenario {
        args: ["-x", "--help", "", "%s%n", "../../etc/passwd"]
            .map(String::from)
            .to_vec(),
        name: "arguments".to_owned(),
        ..plain.clone()
    };
    let [plain, given] = [plain, given].map(|scenario| {
        let stdout = run_alone(lab, &scenario)
            .normalised()
            .stdout
            .unwrap_or_default();
        let mut lines: Vec<String> = stdout.lines().map(str::to_owned).collect();
        // Whose line comes first of several threads, nobody has said.
        if support::head(lab).calls.iter().any(|call| call == "clone") {
            lines.sort();
        }
        lines
    });
    assert_eq!(plain, given);
}

fn binary_garbage(lab: &str) {
    // Whatever a keyboard can send but the bytes that the terminal turns into signals or the end of the input.
    let signals = [3, 4, 0x11, 0x13, 0x1a, 0x1c];
    let mut garbage: Vec<u8> = (0..=255).filter(|byte| !signals.contains(byte)).collect();
    garbage.extend(b"\n\n\n\x04"); // for a shell the end comes then
    let alone = alone(lab);
    let scenario = Scenario {
        steps: vec![Step::Type {
            bytes: garbage,
            to: None,
        }],
        inject: vec!["clock_nanosleep:retval=0:when=1".into()],
        ..beside(lab, &alone, &Scenario::named("garbage"))
    };
    let ran = runner(lab, &scenario).run();
    let transcript = ran.unwrap_or_else(|error| panic!("{error:#}"));
    assert_eq!(transcript.status, alone.status.map(Status::Exited));
}

/// It leaves at most an orphan.
fn a_signal_ends_it(lab: &str) {
    let alone = alone(lab);
    let asleep = Condition::Entered {
        call: alone.asleep_in.expect("a lab that falls asleep"),
        process: 1,
        count: 1,
    };
    for signal in [
        Signal::SIGHUP,
        Signal::SIGTERM,
        Signal::SIGUSR1,
        Signal::SIGSEGV,
    ] {
        let runner = runner(lab, &Scenario::named("signal")).traced();
        let mut session = runner.start().unwrap();
        session.await_condition(&asleep).unwrap();
        session.signal(1, signal).unwrap();
        let transcript = session.finish().unwrap();
        let killed = Some(Status::Killed(signal as i32));
        assert_eq!(transcript.status, killed);
        // A child that had been forked is an orphan now, and ends by itself.
        let left = &transcript.left;
        assert!(left.len() < alone.processes, "{left:?}");
    }
}

fn a_daemon_can_be_stopped_continued_and_ended() {
    let scenarios = scenarios_of("daemon");
    let scenario = scenarios.get("tty").expect("its scenario");
    let mut session = runner("daemon", scenario).start().unwrap();
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
