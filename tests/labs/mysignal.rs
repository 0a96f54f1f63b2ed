//! mysignal: a handler cuts sleep short, and what it prints is never lost, torn or doubled.

use labscope::Status;
use nix::sys::signal::Signal;

use super::support::stepper::{FUTEX, Stepper, address};
use super::support::{self, proc::await_that};
use super::{calls, run, run_traced, stdout};

#[test]
fn control_c_is_answered_and_the_next_number_comes_at_once() {
    let transcript = run("mysignal", "tty");
    assert_eq!(
        transcript.normalised().terminal,
        "0\n^CSIGINT received : 2\n1\n^CSIGINT received : 2\n2\n^\\"
    );
    assert_eq!(transcript.status, Some(Status::Killed(libc::SIGQUIT)));
    // SA_RESTART is asked for, and the sleep is over all the same.
    let round = "clock_nanosleep = ERESTART_RESTARTBLOCK write rt_sigreturn = EINTR write";
    let expected = format!("rt_sigaction fstat write {round} {round}");
    let calls = calls(&transcript, 1).join(" ");
    assert!(calls.starts_with(&expected), "{calls}");
    let trace = transcript.trace.as_ref().unwrap();
    let asked = trace.calls.iter().find(|call| call.name == "rt_sigaction");
    assert!(asked.unwrap().args.has("SA_RESTART"), "{asked:?}");
}

#[test]
fn kill_9_asks_no_handler() {
    let transcript = run("mysignal", "killed");
    assert_eq!(transcript.status, Some(Status::Killed(libc::SIGKILL)));
    let terminal = transcript.normalised().terminal;
    assert_eq!(terminal, "0\nSIGINT received : 2\n1\n");
}

#[test]
fn a_signal_to_a_stopped_process_waits_until_it_is_continued() {
    let transcript = run("mysignal", "stopped");
    let trace = transcript.trace.as_ref().unwrap();
    let terminal = transcript.normalised().terminal;
    assert_eq!(terminal, "0\nSIGINT received : 2\n1\n", "{trace:?}");
}

#[test]
fn a_signal_inside_printf_doubles_no_line() {
    let terminal = run("mysignal", "inside").normalised().terminal;
    assert_eq!(terminal, "SIGINT received : 2\n0\n1\n");
}

#[test]
fn in_a_pipe_or_file_the_handler_is_heard_at_once() {
    for name in ["pipe", "file"] {
        let transcript = run_traced("mysignal", name);
        assert_eq!(stdout(&transcript), "SIGINT received : 2\n", "{name}");
        assert_eq!(transcript.status, Some(Status::Killed(libc::SIGTERM)));
    }
}

/// What keeps glibc's stdout to one thread: a word that is 1 while somebody is inside, and who that is.
const LOCK: &str = "_IO_stdfile_1_lock";

#[test]
fn printf_in_a_handler_can_block_the_c_for_ever() {
    let c = Stepper::at_its_sleep(&support::static_twin("mysignal"));
    let lock = address(&support::static_twin("mysignal"), LOCK);
    let is_taken = || c.word(lock) & 0xffff_ffff != 0;
    let has_owner = || c.word(lock + 8) != 0;
    // Inside printf, up to where it has given the lock back by half: it is taken, and by nobody.
    let mut was_owned = false;
    while !(was_owned && is_taken() && !has_owner()) {
        c.step();
        was_owned |= has_owner();
        assert!(!(was_owned && c.is_before_sleep()), "no such moment");
    }
    c.let_go(Signal::SIGINT);
    // The handler's printf waits for it, and the only one who could give it back waits for the handler.
    let waits_for_it = format!("{FUTEX} {lock:#x}");
    await_that("it waits for its own lock", || match c.inside() {
        inside if inside == waits_for_it => Ok(()),
        inside => Err(inside),
    });
}

#[test]
fn a_signal_at_each_instruction_loses_tears_and_doubles_nothing() {
    let lab = Stepper::at_its_sleep(&support::lab("mysignal"));
    lab.step(); // the end of the sleep
    let mut signals = 0;
    while !lab.is_before_sleep() {
        lab.handle(Signal::SIGINT);
        signals += 1;
        lab.step();
    }
    assert!(signals > 100, "{signals}");
    let shown = lab.end();
    let (answers, numbers): (Vec<_>, Vec<_>) = shown
        .lines()
        .partition(|line| *line == "SIGINT received : 2");
    assert_eq!(
        (answers.len(), numbers),
        (signals, vec!["0", "1"]),
        "{shown}"
    );
}
