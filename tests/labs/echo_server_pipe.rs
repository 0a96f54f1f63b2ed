//! echo_server_pipe: its FIFOs have no end, and go when it goes.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use labscope::Status;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::support::proc::{await_that, descriptors, state};
use super::support::{self, Scratch, bounded, output, text_of};
use super::{calls, run};

/// The server in a folder, asleep in its first read.
fn start(folder: &Scratch) -> Child {
    let mut command = Command::new(support::lab("echo_server_pipe"));
    let command = command.arg(folder.path("")).stdout(Stdio::null());
    let server = command.spawn().unwrap();
    let pid = server.id() as i32;
    await_that("both FIFOs to be open and the server asleep", || {
        let held = descriptors(pid);
        let both = held.values().filter(|it| it.contains("myfifo_")).count() == 2;
        match both && state(pid) == 'S' {
            true => Ok(()),
            false => Err(format!("{held:?}, {}", state(pid))),
        }
    });
    server
}

fn names(folder: &Scratch) -> Vec<String> {
    let entries = fs::read_dir(folder.path("")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn both_ends(folder: &Scratch, name: &str) -> File {
    let mut open = OpenOptions::new();
    open.read(true).write(true).custom_flags(libc::O_NONBLOCK);
    open.open(folder.path(name)).unwrap()
}

/// So many bytes of an answer.
fn answer(from: &mut File, length: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    await_that("the whole answer", || {
        let mut room = vec![0; length - bytes.len()];
        let count = from.read(&mut room).unwrap_or(0);
        bytes.extend_from_slice(&room[..count]);
        match bytes.len() == length {
            true => Ok(()),
            false => Err(format!("{} bytes", bytes.len())),
        }
    });
    bytes
}

#[test]
fn nothing_is_left_behind_by_a_signal_that_ends_it() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let folder = Scratch::new();
        let mut server = start(&folder);
        assert_eq!(names(&folder), ["myfifo_r", "myfifo_w"]);
        kill(Pid::from_raw(server.id() as i32), signal).unwrap();
        let status = server.wait().unwrap();
        assert_eq!(status.signal(), Some(signal as i32));
        assert_eq!(names(&folder), [""; 0]);
    }
}

#[test]
fn fifos_of_a_server_that_was_killed_are_used_again() {
    let folder = Scratch::new();
    let mut killed = start(&folder);
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(names(&folder), ["myfifo_r", "myfifo_w"]);
    let mut server = start(&folder);
    let mut to = both_ends(&folder, "myfifo_r");
    let mut from = both_ends(&folder, "myfifo_w");
    to.write_all(b"hello\n").unwrap();
    assert_eq!(answer(&mut from, 6), b"hello\n");
    kill(Pid::from_raw(server.id() as i32), Signal::SIGTERM).unwrap();
    server.wait().unwrap();
    assert_eq!(names(&folder), [""; 0]);
}

#[test]
fn exactly_the_bytes_read_go_back_whatever_they_are() {
    let folder = Scratch::new();
    let mut server = start(&folder);
    let mut to = both_ends(&folder, "myfifo_r");
    let mut from = both_ends(&folder, "myfifo_w");
    for length in [1, 6, 1023, 1024] {
        let sent: Vec<u8> = (0..length).map(|place| (place % 256) as u8).collect();
        to.write_all(&sent).unwrap();
        assert!(answer(&mut from, length) == sent, "{length} bytes");
    }
    kill(Pid::from_raw(server.id() as i32), Signal::SIGTERM).unwrap();
    server.wait().unwrap();
}

#[test]
fn what_is_no_fifo_is_named_and_left_alone() {
    for (name, other) in [("myfifo_r", "myfifo_w"), ("myfifo_w", "myfifo_r")] {
        let folder = Scratch::new();
        folder.file(name, "mine\n");
        let mut lab = bounded(support::lab("echo_server_pipe"));
        let seen = output(lab.arg(folder.path("")));
        assert_eq!(text_of(&seen), format!("\"{name}\": not a FIFO\n"));
        assert_eq!(seen.status.code(), Some(1));
        assert_eq!(names(&folder), [name], "{other} is removed again");
        assert_eq!(fs::read_to_string(folder.path(name)).unwrap(), "mine\n");
    }
}

#[test]
fn a_client_that_goes_is_no_end() {
    for scenario in ["tty", "client-killed"] {
        let transcript = run("echo_server_pipe", scenario);
        assert_eq!(transcript.status, Some(Status::Killed(libc::SIGTERM)));
        let trace = transcript.trace.as_ref().unwrap();
        let reads = trace.calls.iter().filter(|call| call.name == "read");
        let values: Vec<Option<i64>> = reads.map(|call| call.value()).collect();
        assert!(!values.contains(&Some(0)), "{scenario}: {values:?}");
        let calls = calls(&transcript, 1).join(" ");
        assert!(!calls.contains("EPIPE"), "{calls}");
    }
}

#[test]
fn its_fifos_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Scratch::new();
    let mut server = start(&folder);
    for name in ["myfifo_r", "myfifo_w"] {
        let about = fs::metadata(folder.path(name)).unwrap();
        assert!(about.file_type().is_fifo());
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
    }
    kill(Pid::from_raw(server.id() as i32), Signal::SIGINT).unwrap();
    server.wait().unwrap();
}
