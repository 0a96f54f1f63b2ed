//! The trace of small texts, of texts made at random from a model, and of what real straces wrote.

mod chooses;
mod fuzz;
mod happens;
mod hostile;
mod model;
mod outcome;
mod paper;
mod random;
mod recorded;
mod regressions;
mod sample;

use std::sync::Arc;

use crate::*;

fn trace(text: &str) -> Trace {
    let mut trace = Trace::of("./lab");
    trace.feed(b"10 execve(\"./lab\", [\"./lab\"], 0x7ffc /* 3 vars */) = 0\n");
    trace.feed(text.as_bytes());
    if !text.is_empty() && !text.ends_with('\n') {
        trace.feed(b"\n");
    }
    trace.end();
    trace
}

fn only(text: &str) -> Call {
    let trace = trace(text);
    let calls: Vec<&Call> = trace.calls_of(10).collect();
    assert_eq!(
        calls.len(),
        1,
        "{:?} unread {:?}",
        trace.calls,
        trace.unread
    );
    calls[0].clone()
}

#[test]
fn a_whole_line_is_a_call() {
    let call = only(
        "10    openat(AT_FDCWD, \"a)b = 3\\\"\", O_RDONLY) = -1 ENOENT (No such file or directory)",
    );
    assert_eq!(call.name, "openat");
    assert_eq!(call.args.as_str(), "AT_FDCWD, \"a)b = 3\\\"\", O_RDONLY");
    assert_eq!((call.value(), call.errno()), (Some(-1), Some("ENOENT")));
    assert!(call.has_returned() && !call.is_injected());
}

#[test]
fn results_come_in_many_forms() {
    assert_eq!(only("10 brk(NULL) = 0x55d0").value(), Some(0x55d0));
    assert_eq!(
        only("10 dup(1</dev/pts/1>) = 5</dev/pts/1>").value(),
        Some(5)
    );
    assert_eq!(
        only("10 socket(AF_INET, SOCK_STREAM, 0) = 3<TCP:[1]>").value(),
        Some(3)
    );
    assert!(
        only("10 clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=1, tv_nsec=0}, NULL) = 0 (INJECTED)")
            .is_injected()
    );
    let left = only("10 select(4, [3], NULL, NULL, NULL)       = 1 (in [3])");
    assert_eq!(left.value(), Some(1));
    assert!(!only("10 exit_group(0) = ?").has_returned());
    assert_eq!(only("10 exit_group(0) = ?").value(), None);
    let umask = only("10 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 11");
    assert_eq!(
        umask.args.as_str(),
        "-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL"
    );
}

#[test]
fn a_call_in_two_pieces_is_one_call_in_both_spellings() {
    for resumed in [
        "<... read resumed>\"x\\n\", 1024) = 2",
        "<... read resumed> \"x\\n\", 1024) = 2",
    ] {
        let text = format!("10 read(0,  <unfinished ...>\n11 getpid() = 11\n10 {resumed}");
        let call = only(&text);
        assert_eq!((call.name.as_str(), call.value()), ("read", Some(2)));
        assert_eq!(call.args.text().map(|s| s.bytes), Some(b"x\n".to_vec()));
        let trace = trace(&text);
        assert_eq!(trace.pids, [10, 11]);
        assert!(trace.unread.is_empty(), "{:?}", trace.unread);
        assert!(trace.calls[1].returned_at > trace.calls[2].returned_at);
    }
}

#[test]
fn a_call_that_blocks_is_entered_before_its_line_ends() {
    let mut trace = trace("");
    trace.feed(b"10 wait4(-1, ");
    assert_eq!(
        (trace.entered(10, "wait4"), trace.finished(10, "wait4")),
        (1, 0)
    );
    assert_eq!(trace.entered(10, "read"), 0);
    trace.feed(b"[{WIFSTOPPED(s)}], 0, NULL) = 11\n");
    assert_eq!(
        (trace.entered(10, "wait4"), trace.finished(10, "wait4")),
        (1, 1)
    );
}

#[test]
fn a_restarted_call_counts_once() {
    let text = "10 read(0, 0x7ff, 1024) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)\n\
                10 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11, si_status=0} ---\n\
                10 read(0, \"\\n\", 1024) = 1\n";
    let trace = trace(text);
    assert_eq!(
        (trace.entered(10, "read"), trace.finished(10, "read")),
        (1, 1)
    );
    assert!(trace.calls[1].is_restarted() && !trace.calls[2].is_restarted());
    assert!(matches!(&trace.notices[0].what, Happening::Signal { name, .. } if name == "SIGCHLD"));
    assert_eq!(trace.notices[0].after, 2);
}

#[test]
fn children_appear_by_the_fork_or_by_their_first_line() {
    let parent_first = trace("10 fork() = 11\n11 getpid() = 11\n");
    let child_first = trace(
        "10 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>\n11 getpid() = 11\n10 <... clone resumed>) = 11\n",
    );
    assert_eq!(parent_first.pids, [10, 11]);
    assert_eq!(child_first.pids, [10, 11]);
    assert_eq!(child_first.finished(10, "fork"), 1);
    let thread = trace("10 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 12\n12 getpid() = 10\n");
    assert_eq!(thread.pids, [10]);
    assert_eq!(thread.entered(10, "getpid"), 1);
}

#[test]
fn a_thread_has_left_when_nothing_is_left_of_it() {
    let leaves = "10 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 12\n12 exit(0) = ?\n";
    let gone = format!("{leaves}12 +++ exited with 0 +++\n");
    assert_eq!(trace(leaves).entered(10, "exit"), 0);
    assert_eq!(trace(&gone).entered(10, "exit"), 1);
    assert_eq!(trace("10 exit(0) = ?\n").entered(10, "exit"), 1);
}

#[test]
fn ends_and_deadly_signals_are_told() {
    let text = "10 pause( <unfinished ...>) = ?\n10 +++ killed by SIGSEGV (core dumped) +++\n\
                11 exit_group(3) = ?\n11 +++ exited with 3 +++\n12 --- stopped by SIGSTOP ---\n";
    let trace = trace(text);
    assert!(trace.has_ended(10) && trace.has_ended(11) && !trace.has_ended(12));
    assert_eq!(
        trace.notices[0].what,
        Happening::Killed {
            signal: "SIGSEGV".into()
        }
    );
    assert_eq!(trace.notices[1].what, Happening::Exited { status: 3 });
    assert_eq!(
        trace.notices[2].what,
        Happening::Stopped {
            signal: "SIGSTOP".into()
        }
    );
    assert_eq!(trace.calls[1].args.as_str(), "");
    assert_eq!(
        trace.calls[1].result.as_ref().map(Outcome::as_str),
        Some("?")
    );
}

#[test]
fn what_a_process_wrote_is_told_by_its_writes() {
    let trace = trace(
        "10 write(1, \"\\355\\224\\204 \\\"q\\\" \\x00\\n\\33\\0z\", 13) = 13\n10 write(2, \"err\", 3) = 3\n\
         10 write(1, \"abcdef\", 6) = 3\n10 write(1, \"gone\", 4) = -1 EBADF (Bad file descriptor)\n\
         11 write(1, \"child\", 5) = 5\n10 writev(1, [{iov_base=\"x\", iov_len=1}, {iov_base=\"y\", iov_len=1}], 2) = 2\n",
    );
    assert_eq!(trace.written(10, 1), b"\xed\x94\x84 \"q\" \0\n\x1b\0zabcxy");
    assert_eq!(trace.written(10, 2), b"err");
    assert_eq!(trace.written(11, 1), b"child");
    assert!(
        Args::from("\"cut\"..., 9".to_owned())
            .text()
            .is_some_and(|string| string.cut)
    );
}

#[test]
fn times_other_pid_forms_and_stacks_are_read() {
    let trace = trace(
        "10 1795359053.639256 fork() = 11\n > /lab(main+0x10) [0x40]\n[pid    11] getpid() = 11\n",
    );
    assert_eq!(trace.calls[1].time, Some(1795359053.639256));
    assert_eq!(*trace.calls[1].stack, ["/lab(main+0x10) [0x40]"]);
    assert_eq!(trace.calls[2].name, "getpid");
}

#[test]
fn the_set_up_ends_with_the_execve_of_the_program() {
    let mut trace = Trace::of("./lab");
    trace.feed(b"9 execve(\"/bin/sh\", [], 0x1) = 0\n9 close(0) = 0\n");
    assert!(!trace.is_ready());
    trace.feed(b"9 execve(\"./lab\", [], 0x1) = 0\n9 getpid() = 9\n");
    assert!(trace.is_ready());
    assert_eq!(
        trace
            .calls_of(9)
            .map(|call| call.name.as_str())
            .collect::<Vec<_>>(),
        ["getpid"]
    );
}

#[test]
fn what_cannot_be_read_is_kept_not_dropped() {
    let odd = [
        "strace: Process 12 attached",
        "no line at all",
        "-3 read(0) = 1",
        "10 <... read resumed>) = 1",
        "10 <... execve resumed>) = 1",
        "10 +++ odd +++",
        "",
    ];
    let trace = trace(&odd.join("\n"));
    assert_eq!(trace.unread.len(), odd.len() - 1, "{:?}", trace.unread); // the last, empty one is no line
}

#[test]
fn a_thread_is_known_before_its_clone_comes_back_for_exec_may_end_the_first() {
    use tracer::{Event, Record};
    let entered = |name: &str, args: &str| Event::Entered {
        name: name.to_owned().into(),
        args: args.to_owned(),
        stack: Arc::default(),
    };
    let returned = |args: &str, result: &str| Event::Returned {
        args: args.to_owned(),
        result: result.to_owned(),
    };
    let notice = |what| Event::Notice {
        what,
        stack: Arc::default(),
    };
    let run = r#""./lab", ["./lab"], 0x1"#;
    let mut trace = Trace::of("./lab");
    for (time, (thread, what)) in [
        (7, entered("execve", run)),
        (7, returned(run, "0")),
        (7, entered("clone3", "{flags=CLONE_VM|CLONE_THREAD}")),
        (7, Event::NewThread(9)),
        (9, entered("execve", run)),
        (7, notice(Happening::Superseded { by: 9 })),
        (7, returned(run, "0")),
        (7, notice(Happening::Exited { status: 0 })),
    ]
    .into_iter()
    .enumerate()
    {
        let time = time as f64;
        trace.take(Record { thread, time, what });
    }
    assert_eq!(trace.pids, [7]);
    assert!(
        trace.calls.iter().all(|call| call.pid == 7),
        "{:?}",
        trace.calls
    );
    assert!(trace.calls[2].returned_at.is_some(), "{:?}", trace.calls);
}
