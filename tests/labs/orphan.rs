//! orphan: a child whose parent ends first goes to the nearest subreaper, which can wait for it.

use labscope::trace::{Call, Happening};
use labscope::{Condition, End, Scenario, Signal, Status, Transcript};

use super::{calls, run, run_traced, runner, scenario, stdout};

/// The calls of that name that process n has made.
fn calls_named<'a>(
    transcript: &'a Transcript,
    process: usize,
    name: &'a str,
) -> impl Iterator<Item = &'a Call> {
    let trace = transcript.trace.as_ref().expect("a traced run");
    let calls = trace.calls_of(transcript.pids[process - 1]);
    calls.filter(move |call| super::name(call) == name)
}

/// The processes that have sent process n this signal.
fn senders(transcript: &Transcript, process: usize, signal: &str) -> Vec<Option<i32>> {
    let trace = transcript.trace.as_ref().expect("a traced run");
    let pid = transcript.pids[process - 1];
    let notices = trace.notices.iter().filter(|notice| notice.pid == pid);
    let told = notices.filter_map(|notice| match &notice.what {
        what @ Happening::Signal { name, .. } if name == signal => Some(what.sender()),
        _ => None,
    });
    told.collect()
}

#[test]
fn an_orphan_has_another_parent() {
    let transcript = run("orphan", "tty");
    let [before, after] = &transcript.tables[..] else {
        panic!("two tables")
    };
    let [parent, child] = &before[..] else {
        panic!("two processes: {before:?}")
    };
    let [orphan] = &after[..] else {
        panic!("one process: {after:?}")
    };
    assert_eq!((child.ppid, orphan.pid), (parent.pid, child.pid));
    assert!(orphan.adopted);
    let expected = format!(
        "child <2> : my parent is <1>\nparent <1>, subreaper 0 : hit a key \n\nchild <2> : my parent is {}\n",
        orphan.ppid
    );
    assert_eq!(transcript.normalised().terminal, expected);
    // The kernel tells it of its parent's end, and only then does it look.
    assert_eq!(senders(&transcript, 2, "SIGUSR2"), [Some(parent.pid)]);
}

#[test]
fn a_subreaper_can_wait_for_a_process_that_it_never_forked() {
    let transcript = run("orphan", "subreaper");
    let text = transcript.normalised().terminal;
    let expected = "child <3> : my parent is <2>\nparent <2>, subreaper 0 : hit a key \n\n\
        child <3> : my parent is <1>\nsubreaper <1> : child <2> has ended\nsubreaper <1> : orphan <3> has ended\n";
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&text), sorted(expected), "{text}");
    let [_, son, orphan] = transcript.pids[..] else {
        panic!("three processes: {:?}", transcript.pids)
    };
    let [of_son, of_orphan] = [son, orphan].map(i64::from);
    let results = |name| -> Vec<i64> {
        let values = calls_named(&transcript, 1, name).filter_map(Call::value);
        values.filter(|&value| value > 0).collect()
    };
    assert_eq!(results("fork"), [of_son]);
    assert_eq!(results("wait4"), [of_son, of_orphan]);
    assert_eq!(
        senders(&transcript, 1, "SIGCHLD"),
        [Some(son), Some(orphan)]
    );
    assert!(transcript.left.is_empty(), "{:?}", transcript.left);
}

#[test]
fn a_child_does_not_inherit_to_be_a_subreaper() {
    let transcript = run("orphan", "subreaper");
    let asked: Vec<String> = calls_named(&transcript, 2, "prctl")
        .map(|call| call.args.to_string())
        .collect();
    assert_eq!(asked, ["PR_GET_CHILD_SUBREAPER, [0]"]);
}

#[test]
fn in_a_pipe_or_file_the_orphan_writes_last() {
    for name in ["pipe", "file"] {
        let transcript = run_traced("orphan", name);
        let text = stdout(&transcript);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[..2],
            [
                "child <2> : my parent is <1>",
                "parent <1>, subreaper 0 : hit a key "
            ]
        );
        assert!(lines[2].starts_with("child <2> : my parent is "), "{text}");
        assert_eq!(transcript.status, Some(Status::Exited(0)), "{name}");
    }
}

#[test]
fn a_child_that_comes_too_late_signals_nobody_and_waits_for_nothing() {
    // The parent is killed while the child's first call is held back.
    let scenario = Scenario {
        inject: vec!["prctl:delay_enter=3000000:when=1".into()],
        steps: Vec::new(),
        end: End::Kill,
        ..scenario("orphan", "tty")
    };
    let mut session = runner("orphan", &scenario).start().unwrap();
    let entered = Condition::Entered {
        call: "rt_sigsuspend".into(),
        process: 1,
        count: 1,
    };
    session.await_condition(&entered).unwrap();
    session.signal(1, Signal::SIGKILL).unwrap();
    session
        .await_condition(&Condition::Exit { process: 2 })
        .unwrap();
    let transcript = session.kill().unwrap();
    let calls = calls(&transcript, 2);
    assert!(calls.contains(&"kill = ESRCH".to_owned()), "{calls:?}");
    assert!(
        !calls.iter().any(|call| call.starts_with("rt_sigsuspend")),
        "{calls:?}"
    );
}
