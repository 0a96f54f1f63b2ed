//! Each text here was once misread, or not told in full.

use crate::tests::{only, trace};
use crate::{Happening, Trace};

#[test]
fn the_stack_at_a_signal_is_not_that_of_the_call_before() {
    let trace = trace(
        "10 wait4(-1, NULL, 0, NULL) = 11\n > /lab(__wait4+0x13) [0x2f]\n\
         10 --- SIGCHLD {si_signo=SIGCHLD} ---\n > /lab(main+0x1) [0x1]\n",
    );
    assert_eq!(*trace.calls[1].stack, ["/lab(__wait4+0x13) [0x2f]"]);
    assert_eq!(*trace.notices[0].stack, ["/lab(main+0x1) [0x1]"]);
}

#[test]
fn the_stack_after_an_end_is_that_of_this_process_s_exit() {
    let trace = trace(
        "10 exit_group(0) = ?\n11 getpid() = 11\n > /lab(getpid+0x1) [0x1]\n\
         10 +++ exited with 0 +++\n > /lab(_exit+0x2) [0x2]\n",
    );
    assert_eq!(*trace.calls[1].stack, ["/lab(_exit+0x2) [0x2]"]);
    assert_eq!(*trace.calls[2].stack, ["/lab(getpid+0x1) [0x1]"]);
    assert!(trace.calls[1].ended_inside && !trace.calls[1].is_cut_off());
}

#[test]
fn a_stack_that_belongs_to_nothing_is_unread() {
    let trace = trace("10 nonsense\n > /lab(main+0x1) [0x1]\n");
    assert_eq!(trace.unread, ["10 nonsense", " > /lab(main+0x1) [0x1]"]);
    assert!(trace.calls[0].stack.is_empty());
}

/// As strace 7.2 writes it.
#[test]
fn a_stack_after_a_kill_belongs_to_the_call_in_which_it_hit() {
    let trace = trace(
        "10 read(0 <unfinished ...>) = ?\n10 +++ killed by SIGKILL +++\n > /lab(main+0x5) [0x105]\n",
    );
    assert!(trace.unread.is_empty(), "{:?}", trace.unread);
    assert!(trace.calls[1].is_cut_off() && !trace.calls[1].has_returned());
    assert_eq!(trace.calls[1].args.as_str(), "0");
    let stacks = [&trace.calls[1].stack, &trace.notices[0].stack];
    assert!(stacks.iter().any(|stack| !stack.is_empty()), "{trace:?}");
}

/// Every kill leaves `= ?`, with a mark or without, or nothing at all.
#[test]
fn a_call_in_which_its_process_was_killed_is_cut_off() {
    for end in [
        "10 <... read resumed> <unfinished ...>) = ?\n",
        "10 <... read resumed>) = ?\n",
        "",
    ] {
        let trace = trace(&format!(
            "10 read(0,  <unfinished ...>\n11 getpid() = 11\n{end}10 +++ killed by SIGKILL +++\n"
        ));
        assert!(
            trace.calls[1].is_cut_off() && !trace.calls[1].has_returned(),
            "{end}"
        );
        assert!(!trace.calls[2].is_cut_off());
    }
}

#[test]
fn an_execve_in_a_thread_goes_on_under_the_process_s_number() {
    let trace = trace(
        "10 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 12\n10 pause( <unfinished ...>\n\
         12 execve(\"/x\", [\"x\"], 0x7f <pid changed to 10 ...>\n\
         10 +++ superseded by execve in pid 12 +++\n10 <... execve resumed>) = 0\n10 getpid() = 10\n",
    );
    assert!(trace.unread.is_empty(), "{:?}", trace.unread);
    assert!(trace.calls[2].is_cut_off() && trace.calls[2].name == "pause");
    let execve = &trace.calls[3];
    assert_eq!(
        (execve.pid, execve.thread, execve.value()),
        (10, 12, Some(0))
    );
    assert_eq!(execve.args.as_str(), "\"/x\", [\"x\"], 0x7f");
    assert_eq!(trace.notices[0].what, Happening::Superseded { by: 12 });
    assert_eq!(trace.pids, [10]);
}

#[test]
fn a_thread_is_told_from_a_process_even_when_it_is_seen_first() {
    let trace = trace(
        "10 clone3({flags=CLONE_THREAD} <unfinished ...>\n12 clone3({flags=CLONE_THREAD} => {}, 88) = 13\n\
         13 getppid() = 1\n12 exit(0) = ?\n12 +++ exited with 0 +++\n10 <... clone3 resumed> => {}, 88) = 12\n",
    );
    assert_eq!(trace.pids, [10]);
    let threads: Vec<i32> = trace.calls_of(10).map(|call| call.thread).collect();
    assert_eq!(threads, [10, 12, 13, 12]);
    assert_eq!(
        trace.calls[1].args.as_str(),
        "{flags=CLONE_THREAD} => {}, 88"
    );
    assert!(!trace.has_ended(10), "only a thread has ended");
}

#[test]
fn a_number_is_a_thread_s_only_as_long_as_the_thread_lives() {
    let at_once =
        "10 clone3({flags=CLONE_THREAD}, 88) = 12\n12 exit(0) = ?\n12 +++ exited with 0 +++\n";
    let late = "10 clone3({flags=CLONE_THREAD} <unfinished ...>\n12 exit(0) = ?\n12 +++ exited with 0 +++\n\
                10 <... clone3 resumed>, 88) = 12\n";
    for thread in [at_once, late] {
        let trace = trace(&format!(
            "{thread}10 fork( <unfinished ...>\n12 getpid() = 12\n10 <... fork resumed>) = 12\n"
        ));
        assert_eq!(trace.pids, [10, 12]);
        assert_eq!(trace.calls_of(12).count(), 1, "{thread}");
    }
}

#[test]
fn a_made_up_fork_starts_nobody() {
    assert_eq!(trace("10 fork() = 77 (INJECTED)\n").pids, [10]);
}

#[test]
fn results_mean_what_strace_says() {
    assert!(!only("10 read(0, \"\", 1) = ? <unavailable>").has_returned());
    assert_eq!(only("10 umask(077) = 022").value(), Some(0o22));
    let delayed = only(
        "10 read(0, 0x7f, 1) = -1 EINTR (Interrupted system call) (INJECTED) (DELAYED) <0.001019>",
    );
    assert!(delayed.is_injected() && delayed.is_delayed());
    assert!(only("10 getuid() = 3 (INJECTED: args, retval)").is_injected());
    assert!(!only("10 open(\"x\", O_RDONLY) = 3</tmp/(INJECTED)>").is_injected());
}

#[test]
fn a_file_s_name_with_brackets_ends_no_call() {
    let call = only("10 write(3</tmp/a)b \\\" = 1>, \"x\", 1) = 1");
    assert_eq!(
        (call.value(), call.args.as_str()),
        (Some(1), "3</tmp/a)b \\\" = 1>, \"x\", 1")
    );
    assert_eq!(call.args.texts()[0].bytes, b"x");
    let call = only("10 read(3<TCP:[127.0.0.1:1->127.0.0.1:2]>, \"x\", 1<<20) = 1");
    assert_eq!(call.value(), Some(1));
}

#[test]
fn a_sleep_that_was_interrupted_twice_is_one_sleep() {
    let trace = trace(
        "10 clock_nanosleep(CLOCK_REALTIME, 0, {}, NULL) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)\n\
         10 restart_syscall(<... resuming interrupted clock_nanosleep ...>) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)\n\
         10 restart_syscall(<... resuming interrupted restart_syscall ...>) = 0\n",
    );
    let counts = (
        trace.entered(10, "clock_nanosleep"),
        trace.finished(10, "clock_nanosleep"),
    );
    assert_eq!(counts, (1, 1));
}

/// `= 10` may have been going to be `= 1024`.
#[test]
fn a_line_that_was_cut_off_tells_no_result() {
    for text in [
        "10 read(0, \"x\", 1024) = 10",
        "10 read(0, \"x\", 1024)    ",
    ] {
        let mut trace = Trace::default();
        trace.feed(text.as_bytes());
        trace.end();
        let call = &trace.calls[0];
        assert_eq!(
            (call.args.as_str(), &call.result),
            ("0, \"x\", 1024", &None)
        );
    }
    let mut trace = Trace::default();
    trace.feed(b"10 read(0,  <unfinished ...>\n11 pause( <unfinished ...>\n10 <... read resumed>\"x\", 9) = 1");
    trace.end();
    assert_eq!(
        (trace.calls[0].args.as_str(), &trace.calls[0].result),
        ("0, \"x\", 9", &None)
    );
}

/// Each piece was once searched, and moved, from the beginning of the line.
#[test]
fn a_line_of_many_megabytes_is_one_call() {
    let mut trace = Trace::default();
    trace.feed(b"10 write(1, \"");
    for _ in 0..2048 {
        trace.feed(&[b'x'; 4096]);
        assert_eq!(trace.inside(10).as_deref(), Some("write(1)"));
    }
    trace.feed(b"\", 8388608) = 8388608\n10 getpid() = 10\n");
    assert_eq!(trace.written(10, 1).len(), 8 << 20);
    assert_eq!(trace.finished(10, "getpid"), 1);
}
