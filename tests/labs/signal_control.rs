//! signal_control: a stopped process exists, SIGTERM waits for SIGCONT, SIGKILL does not, and SIGCHLD tells of each change.

use labscope::proc::process::Process;
use labscope::trace::Happening;
use labscope::{Condition, Scenario, Session, Signal, Status, Transcript, Wiring};

use super::support::proc::status;
use super::{calls, run, run_traced, runner, scenario, stdout};

/// What the parent prints, with nobody in between.
const LINES: &str = "a child that ignores SIGTERM : <2>
hit a key for SIGSTOP 
SIGCHLD 1 : stopped by 19
hit a key for SIGCONT 
SIGCHLD 2 : continued
hit a key for SIGTERM 
not ended
hit a key for SIGSTOP 
SIGCHLD 3 : stopped by 19
hit a key for SIGKILL 
SIGCHLD 4 : terminated by 9
a child like any other : <3>
hit a key for SIGSTOP 
SIGCHLD 5 : stopped by 19
hit a key for SIGTERM 
not ended
hit a key for SIGCONT 
SIGCHLD 6 : terminated by 15
";

#[test]
fn each_change_is_told_in_words() {
    for name in ["pipe", "file"] {
        let transcript = run_traced("signal_control", name);
        assert_eq!(stdout(&transcript), LINES, "{name}");
        assert_eq!(transcript.status, Some(Status::Exited(0)), "{name}");
    }
}

#[test]
fn a_stopped_process_exists_and_prints_nothing() {
    let transcript = run("signal_control", "tty");
    let [first, second] = &transcript.tables[..] else {
        panic!("two tables")
    };
    let states = |table: &[Process]| -> Vec<(usize, char)> {
        let states = table.iter().map(|one| (one.number, one.state));
        states.filter(|(number, _)| *number > 1).collect()
    };
    // The first child has been reaped when the second is there; that one has been sent SIGTERM.
    assert_eq!(
        (states(first), states(second)),
        (vec![(2, 'T')], vec![(3, 'T')])
    );
    let text = transcript.normalised().terminal;
    let counted = |line: &&str| line.contains("C : ");
    let after = text.split("stopped by 19").nth(1).unwrap();
    let stopped = after.split("continued").next().unwrap();
    assert_eq!(stopped.lines().filter(counted).count(), 0, "{text}");
}

/// The SIGCHLDs that the parent was sent.
fn told_of(transcript: &Transcript) -> Vec<String> {
    let trace = transcript.trace.as_ref().unwrap();
    let notices = trace
        .notices
        .iter()
        .filter(|notice| notice.pid == transcript.pids[0]);
    let told = notices.filter_map(|notice| match &notice.what {
        Happening::Signal { name, details } if name == "SIGCHLD" => Some(details.to_string()),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_sigchld_comes_with_each_stop_continue_and_end() {
    let transcript = run_traced("signal_control", "pipe");
    let told = told_of(&transcript);
    let codes = ["STOPPED", "CONTINUED", "STOPPED", "KILLED", "STOPPED"];
    // The last child continues and ends at once: the parent may see both as one.
    assert!((6..=7).contains(&told.len()), "{told:?}");
    for (told, code) in told.iter().zip(codes) {
        assert!(told.contains(&format!("CLD_{code}")), "{told}");
    }
    let step = "kill rt_sigsuspend = ERESTARTNOHAND rt_sigreturn = EINTR wait4";
    let calls = calls(&transcript, 1).join(" ");
    assert_eq!(calls.matches(step).count(), 6, "{calls}");
    assert_eq!(calls.matches("kill wait4").count(), 2, "{calls}");
}

fn await_all(session: &mut Session, texts: &[&str]) {
    for text in texts {
        let text = Condition::Terminal((*text).to_owned());
        session.await_condition(&text).unwrap();
    }
}

/// Whether this signal waits for the process.
fn waits(pid: i32, signal: Signal) -> bool {
    let waiting = u64::from_str_radix(&status(pid, "ShdPnd"), 16).unwrap();
    waiting & (1 << (signal as u32 - 1)) != 0
}

#[test]
fn sigterm_waits_for_sigcont_and_sigkill_does_not() {
    let scenario = scenario("signal_control", "eof");
    let scenario = Scenario {
        stdin: Wiring::Terminal,
        ..scenario
    };
    let mut session = runner("signal_control", &scenario).start().unwrap();
    for _ in 0..5 {
        await_all(&mut session, &["hit a key for "]);
        session.type_bytes(b"\n").unwrap();
    }
    await_all(&mut session, &["terminated by 9"]); // stopped a moment ago, and no SIGCONT came
    for text in ["stopped by 19", "not ended"] {
        await_all(&mut session, &["hit a key for "]);
        session.type_bytes(b"\n").unwrap();
        await_all(&mut session, &[text]);
    }
    let processes = session.processes();
    let child = processes.iter().find(|one| one.number > 1).unwrap();
    assert_eq!(child.state, 'T');
    assert!(
        waits(child.pid, Signal::SIGTERM),
        "{}",
        status(child.pid, "ShdPnd")
    );
    session.type_bytes(b"\n").unwrap();
    await_all(&mut session, &["terminated by 15"]);
    assert_eq!(session.finish().unwrap().status, Some(Status::Exited(0)));
}

#[test]
fn a_child_that_somebody_else_has_killed_gets_no_further_signal() {
    let transcript = run_traced("signal_control", "killed");
    let trace = transcript.trace.as_ref().unwrap();
    let kills = trace
        .calls_of(transcript.pids[0])
        .filter(|call| call.name == "kill");
    let results: Vec<_> = kills
        .map(|call| (call.args.to_string(), call.value()))
        .collect();
    // Each to a child that is there; the zombie's succeeds too, and changes nothing.
    let [one, two] = [transcript.pids[1], transcript.pids[2]];
    let expected = [
        format!("{one}, SIGSTOP"),
        format!("{two}, SIGSTOP"),
        format!("{two}, SIGTERM"),
    ];
    assert_eq!(
        results[..2],
        [
            (expected[0].clone(), Some(0)),
            (expected[1].clone(), Some(0))
        ]
    );
    assert!(
        results.iter().all(|(_, value)| *value == Some(0)),
        "{results:?}"
    );
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}

#[test]
fn without_a_child_nobody_gets_a_signal() {
    let transcript = run("signal_control", "no-fork");
    let calls = calls(&transcript, 1);
    assert!(
        !calls.iter().any(|call| call.starts_with("kill")),
        "{calls:?}"
    );
}
