//! pipe: the reader sees the end when all writers have closed; a writer without readers dies of SIGPIPE.

use std::fs::OpenOptions;
use std::io::Write;
use std::process::Stdio;

use labscope::{Condition, Scenario, Signal, Status};

use super::support::proc::{await_children, await_that, descriptors, state};
use super::support::{self, bounded};
use super::{calls, run, runner, scenario, stdout};

#[test]
fn a_killed_child_is_the_end_of_the_pipe() {
    let transcript = run("pipe", "child-killed");
    assert_eq!(transcript.normalised().terminal, "> 1\n> 2\n> 3\n");
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    assert!(transcript.left.is_empty(), "{:?}", transcript.left);
}

#[test]
fn the_end_comes_when_all_writers_have_closed() {
    let scenario = Scenario {
        steps: Vec::new(),
        ..scenario("pipe", "child-killed")
    };
    let mut session = runner("pipe", &scenario).start().unwrap();
    let printed = |text: &str| Condition::Terminal(text.into());
    session.await_condition(&printed("> 3\r\n")).unwrap();
    // A second descriptor of the writing end, as the parent would have one without its close.
    let child = session.pid(2).expect("the child");
    let mut writer = OpenOptions::new()
        .write(true)
        .open(format!("/proc/{child}/fd/4"))
        .unwrap();
    session.signal(2, Signal::SIGKILL).unwrap();
    let ended = |process| Condition::Exit { process };
    session.await_condition(&ended(2)).unwrap();
    let asleep = Condition::State {
        state: 'S',
        process: 1,
    };
    session.await_condition(&asleep).unwrap();
    // It is read from still: also half a number, and then the rest.
    let number = 77_i32.to_ne_bytes();
    writer.write_all(&number[..1]).unwrap();
    session.await_condition(&asleep).unwrap();
    writer.write_all(&number[1..]).unwrap();
    session.await_condition(&printed("> 77\r\n")).unwrap();
    session.await_condition(&asleep).unwrap();
    drop(writer);
    session.await_condition(&ended(1)).unwrap();
    let transcript = session.finish().unwrap();
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}

#[test]
fn a_writer_without_readers_dies_of_sigpipe() {
    let transcript = run("pipe", "parent-killed");
    let calls = calls(&transcript, 2);
    assert_eq!(calls.last().unwrap(), "write = EPIPE", "{calls:?}");
    let trace = transcript.trace.as_ref().unwrap();
    let child = transcript.pids[1];
    let mut told = trace.notices.iter().filter(|notice| notice.pid == child);
    let killed =
        told.any(|notice| format!("{:?}", notice.what).contains("Killed { signal: \"SIGPIPE\""));
    assert!(killed, "{:?}", trace.notices);
    assert!(transcript.left.is_empty(), "{:?}", transcript.left);
}

#[test]
fn with_sigpipe_ignored_the_writer_ends_all_the_same() {
    let mut command = bounded("env");
    command
        .arg("--ignore-signal=PIPE")
        .arg(support::lab("pipe"));
    let mut timeout = command.stdout(Stdio::null()).spawn().unwrap();
    let lab = await_children(timeout.id() as i32, 1)[0];
    let child = await_children(lab, 1)[0];
    await_that("the child to have closed the reading end", || {
        let held = descriptors(child);
        let is_closed = held.contains_key(&4) && !held.contains_key(&3);
        is_closed.then_some(()).ok_or(format!("{held:?}"))
    });
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(lab), Signal::SIGKILL).unwrap();
    timeout.wait().unwrap();
    await_that("the child to end", || match state(child) {
        'Z' | '-' => Ok(()),
        state => Err(state.to_string()),
    });
}

#[test]
fn in_a_pipe_or_file_its_numbers_come_at_the_end() {
    for name in ["pipe", "file"] {
        let transcript = run("pipe", name);
        assert_eq!(stdout(&transcript), "> 1\n> 2\n> 3\n", "{name}");
        assert_eq!(transcript.status, Some(Status::Exited(0)));
    }
}
