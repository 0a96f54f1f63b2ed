//! echo_server_udomain: its file is a socket or nothing, and goes when it goes; no client that dies ends it.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::support::proc::{DEADLINE, await_that, descriptors, state};
use super::support::{self, Scratch, bounded, output, text_of};

/// The server at a name in that folder, asleep in accept.
fn start(folder: &Scratch, name: &str) -> Child {
    let mut command = Command::new(support::lab("echo_server_udomain"));
    let command = command.arg(name).current_dir(folder.path(""));
    let server = command.stdout(Stdio::null()).spawn().unwrap();
    let pid = server.id() as i32;
    await_that("the socket's file, and the server asleep", || {
        let is_there = folder.path(name).exists();
        match is_there && state(pid) == 'S' {
            true => Ok(()),
            false => Err(format!("{is_there}, {}", state(pid))),
        }
    });
    server
}

fn end(mut server: Child, signal: Signal) {
    kill(Pid::from_raw(server.id() as i32), signal).unwrap();
    let status = server.wait().unwrap();
    assert_eq!(status.signal(), Some(signal as i32));
}

/// Whoever connects by a long path does it from where the name is short enough.
fn connect(folder: &Scratch, name: &str) -> UnixStream {
    let folder = fs::File::open(folder.path("")).unwrap();
    let number = std::os::fd::AsRawFd::as_raw_fd(&folder);
    let client = UnixStream::connect(format!("/proc/self/fd/{number}/{name}")).unwrap();
    client.set_read_timeout(Some(DEADLINE)).unwrap();
    client
}

fn is_empty(folder: &Scratch) -> bool {
    fs::read_dir(folder.path("")).unwrap().next().is_none()
}

fn echo(client: &mut UnixStream, text: &[u8]) {
    client.write_all(text).unwrap();
    let mut answer = vec![0; text.len()];
    client.read_exact(&mut answer).unwrap();
    assert!(answer == text);
}

#[test]
fn nothing_is_left_behind_by_a_signal_that_ends_it() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let folder = Scratch::new();
        let server = start(&folder, "sock");
        assert!(
            fs::metadata(folder.path("sock"))
                .unwrap()
                .file_type()
                .is_socket()
        );
        end(server, signal);
        assert!(is_empty(&folder));
    }
}

#[test]
fn a_signal_while_a_client_is_served_removes_the_file_too() {
    let folder = Scratch::new();
    let server = start(&folder, "sock");
    let mut client = connect(&folder, "sock");
    echo(&mut client, b"hello\n");
    end(server, Signal::SIGTERM);
    assert!(is_empty(&folder));
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
}

#[test]
fn a_name_of_107_bytes_works_and_one_of_108_is_refused() {
    let folder = Scratch::new();
    let longest = "n".repeat(107);
    let server = start(&folder, &longest);
    let mut lab = bounded(support::lab("echo_client_udomain"));
    lab.arg(&longest).current_dir(folder.path(""));
    let input = folder.file("input", "hello\n");
    let seen = output(lab.stdin(fs::File::open(&input).unwrap()));
    assert_eq!(text_of(&seen), "Server -> hello\n");
    end(server, Signal::SIGTERM);
    fs::remove_file(input).unwrap();
    assert!(is_empty(&folder));
    for length in [108, 109, 4095, 5000] {
        for name in ["echo_server_udomain", "echo_client_udomain"] {
            let path = "n".repeat(length);
            let mut lab = bounded(support::lab(name));
            let seen = output(lab.arg(&path).current_dir(folder.path("")));
            let told = format!("\"{path}\": a name has 1 to 107 bytes\n");
            assert_eq!(text_of(&seen), told, "{name} with {length} bytes");
            assert_eq!((seen.status.code(), is_empty(&folder)), (Some(2), true));
        }
    }
}

#[test]
fn what_is_no_socket_is_named_and_left_alone() {
    let folder = Scratch::new();
    folder.file("notes", "mine\n");
    fs::create_dir(folder.path("folder")).unwrap();
    for name in ["notes", "folder"] {
        let mut lab = bounded(support::lab("echo_server_udomain"));
        let seen = output(lab.arg(name).current_dir(folder.path("")));
        assert_eq!(text_of(&seen), format!("\"{name}\": not a socket\n"));
        assert_eq!(seen.status.code(), Some(1));
    }
    assert_eq!(fs::read_to_string(folder.path("notes")).unwrap(), "mine\n");
}

#[test]
fn the_file_of_a_server_that_was_killed_is_replaced() {
    let folder = Scratch::new();
    let mut killed = start(&folder, "sock");
    killed.kill().unwrap();
    killed.wait().unwrap();
    let server = Command::new(support::lab("echo_server_udomain"))
        .arg("sock")
        .current_dir(folder.path(""))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut client = await_that("a server to connect to", || {
        let path = folder.path("sock");
        UnixStream::connect(path).map_err(|error| error.to_string())
    });
    echo(&mut client, b"hello\n");
    drop(client);
    end(server, Signal::SIGTERM);
    assert!(is_empty(&folder));
}

#[test]
fn clients_that_die_end_their_own_connection_and_leave_no_descriptor() {
    let folder = Scratch::new();
    let server = start(&folder, "sock");
    let pid = server.id() as i32;
    let before = descriptors(pid).len();
    for round in 0..20 {
        let mut client = connect(&folder, "sock");
        client.write_all(b"hello\n").unwrap();
        if round % 2 == 0 {
            continue; // gone, perhaps before the answer is written, and always before it is read
        }
        client.read_exact(&mut [0; 6]).unwrap();
    }
    let mut last = connect(&folder, "sock");
    echo(&mut last, &[0, 255, b'\n']);
    echo(&mut last, &[b'x'; 1024]);
    assert_eq!(descriptors(pid).len(), before + 1);
    drop(last);
    end(server, Signal::SIGTERM);
}

#[test]
fn one_client_is_served_after_the_other() {
    let folder = Scratch::new();
    let server = start(&folder, "sock");
    let mut first = connect(&folder, "sock");
    echo(&mut first, b"one\n");
    let mut second = connect(&folder, "sock");
    second.write_all(b"two\n").unwrap();
    second.set_nonblocking(true).unwrap();
    echo(&mut first, b"three\n"); // the server has been at work since
    let nothing = second.read(&mut [0]).unwrap_err();
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
    drop(first);
    second.set_nonblocking(false).unwrap();
    let mut answer = [0; 4];
    second.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"two\n");
    end(server, Signal::SIGINT);
}
