//! Traced runs: the same semantics, and the calls besides.

mod common;

use common::{key, run, shell, text, wait};
use labscope::{Condition, End, Runner, Scenario, Status, Step, Wiring};

#[test]
fn the_calls_of_each_process_are_told() {
    let transcript = run(&Scenario {
        trace: true,
        ..shell("(exit 4) & wait $!; echo parent; exit 3")
    });
    assert_eq!(transcript.status, Some(Status::Exited(3)));
    assert_eq!(transcript.pids.len(), 2);
    let parent = transcript.calls(1).expect("a trace");
    assert!(
        parent.contains(&"wait4") && parent.contains(&"write"),
        "{parent:?}"
    );
    assert!(
        !parent.contains(&"execve"),
        "the first one is set apart: {parent:?}"
    );
    assert_eq!(
        transcript.calls(2).expect("a trace").last(),
        Some(&"exit_group")
    );
    assert_eq!(
        transcript.written(1, 1).as_deref(),
        Some(b"parent\n".as_slice())
    );
    let trace = transcript.trace.expect("a trace");
    assert!(trace.unread.is_empty(), "{:?}", trace.unread);
    assert!(trace.has_ended(transcript.pids[0]) && trace.has_ended(transcript.pids[1]));
}

#[test]
fn the_lab_is_the_shells_child_and_no_tracer_shows() {
    let scenario = Scenario {
        trace: true,
        end: End::Kill,
        ..shell("echo up; sleep 1000 & wait")
    };
    let mut session = common::start(&scenario);
    session.await_condition(&text("up")).expect("it prints");
    session
        .await_condition(&Condition::Processes(2))
        .expect("two processes");
    let table = session.table().expect("a table");
    assert_eq!(Some(table[0].ppid), session.shell());
    assert_eq!(table[1].ppid, table[0].pid);
    assert_ne!(table[0].tracer, 0);
    let transcript = session.finish().expect("the end");
    assert_eq!(transcript.pids.len(), 2);
}

#[test]
fn a_call_is_awaited_while_it_blocks() {
    let mut scenario = Scenario::named("cat");
    let entered = |count| Condition::Entered {
        call: "read".into(),
        process: 1,
        count,
    };
    let finished = |count| Condition::Finished {
        call: "write".into(),
        process: 1,
        count,
    };
    scenario.steps = vec![
        wait(entered(1)),
        key(b"x\n"),
        wait(finished(1)),
        key(b"\x04"),
    ];
    let transcript = Runner::for_program("/bin/cat", &scenario)
        .run()
        .expect("cat runs");
    assert_eq!(transcript.terminal, b"x\r\nx\r\n");
}

#[test]
fn control_c_ends_the_lab_not_the_tracer() {
    let mut scenario = Scenario {
        trace: true,
        ..shell("sleep 1000 & echo up; wait")
    };
    scenario.steps = vec![
        wait(text("up")),
        wait(Condition::Processes(2)),
        key(b"\x03"),
    ];
    let transcript = run(&scenario);
    assert_eq!(transcript.status, Some(Status::Killed(2)));
    let trace = transcript.trace.expect("a trace");
    assert!(
        transcript.pids.iter().all(|&pid| trace.has_ended(pid)),
        "{:?}",
        trace.notices
    );
}

#[test]
fn a_call_can_be_injected() {
    let mut scenario = Scenario {
        args: vec!["1000".into()],
        ..Scenario::named("sleep")
    };
    scenario.inject = vec!["clock_nanosleep:retval=0".into()];
    let transcript = Runner::for_program("/bin/sleep", &scenario)
        .run()
        .expect("sleep runs");
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    let trace = transcript.trace.expect("a trace");
    assert!(
        trace
            .calls
            .iter()
            .any(|call| call.name == "clock_nanosleep" && call.is_injected())
    );
}

#[test]
fn files_and_pipes_work_under_the_tracer() {
    let mut scenario = shell("read word; echo $word");
    (scenario.trace, scenario.input) = (true, Some("line\n".into()));
    for (stdin, stdout) in [(Wiring::Pipe, Wiring::Pipe), (Wiring::File, Wiring::File)] {
        (scenario.stdin, scenario.stdout) = (stdin, stdout);
        let transcript = run(&scenario);
        assert_eq!(transcript.stdout.as_deref(), Some(b"line\n".as_slice()));
        assert_eq!(
            transcript.written(1, 1).as_deref(),
            Some(b"line\n".as_slice())
        );
    }
}

#[test]
fn a_long_string_is_not_cut() {
    let scenario = Scenario {
        trace: true,
        ..shell("head -c 60000 /dev/zero | tr '\\0' x | dd bs=60000 iflag=fullblock 2>/dev/null")
    };
    let scenario = Scenario {
        stdout: Wiring::Pipe,
        ..scenario
    };
    let transcript = run(&scenario);
    let longest = (1..=transcript.pids.len()).filter_map(|number| transcript.written(number, 1));
    assert!(longest.map(|bytes| bytes.len()).max() >= Some(60_000));
}

#[test]
fn a_bad_injection_is_told() {
    let scenario = Scenario {
        inject: vec!["nonsense:retval=0".into()],
        ..shell("exit 0")
    };
    let error = Runner::for_program("/bin/sh", &scenario)
        .run()
        .expect_err("there is no such call");
    assert!(
        format!("{error:#}").contains("there is no system call \"nonsense\""),
        "{error:#}"
    );
}

#[test]
fn who_is_delayed_goes_on_when_a_step_says_so() {
    let hour = 3_600_000_000u64;
    let entered = Condition::Entered {
        call: "chdir".into(),
        process: 1,
        count: 1,
    };
    let mut scenario = Scenario {
        inject: vec![format!("chdir:delay_enter={hour}:when=1")],
        ..shell("cd /; cd /; echo there")
    };
    scenario.steps = vec![wait(entered), Step::GoOn, wait(text("there"))];
    let transcript = run(&scenario);
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}

#[test]
fn of_two_injections_each_counts_every_call_that_it_concerns() {
    let refused = |error: &str, when: u32| format!("chdir:error={error}:when={when}");
    let scenario = Scenario {
        inject: vec![refused("EIO", 1), refused("EACCES", 2)],
        ..shell("for n in one two three; do cd / || echo $n; done; echo end")
    };
    let transcript = run(&scenario);
    let calls = &transcript.trace.as_ref().unwrap().calls;
    let results = calls.iter().filter(|call| call.name == "chdir");
    let errors: Vec<Option<&str>> = results.map(|call| call.errno()).collect();
    assert_eq!(errors, [Some("EIO"), Some("EACCES"), None]);
}
