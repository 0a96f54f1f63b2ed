//! daemonOSNW: a daemon that still prints; every write fails with EBADF.

use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use labscope::Status;

use super::daemon::assert_is_daemon;
use super::{calls, run, stdout, written};

#[test]
fn parent_and_child_print_until_the_child_is_a_daemon() {
    let transcript = run("daemonOSNW", "tty");
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    let text = transcript.normalised().terminal;
    // Its parent by then is whoever adopted it, here no process of the lab.
    let (text, adopter) = text.split_once(" : ppid(").expect("the child's line");
    assert_eq!(
        text,
        "process start <1>\nparent process id(<1>)\nchild process pid(<2>)"
    );
    assert!(
        adopter.ends_with(")\n") && !adopter.contains('<'),
        "the parent is gone: {adopter}"
    );

    let [orphan, daemon] = &transcript.tables[..] else {
        panic!("two tables")
    };
    assert!(
        orphan[0].adopted && orphan[0].terminal.starts_with("pts/"),
        "{orphan:?}"
    );
    assert_eq!(orphan[0].descriptors.len(), 3);
    assert_is_daemon(&daemon[0]);
}

#[test]
fn on_a_terminal_each_line_of_the_daemon_is_a_write_that_fails() {
    let transcript = run("daemonOSNW", "tty");
    assert_eq!(
        written(&transcript, 1),
        "process start <1>\nparent process id(<1>)\n"
    );
    let child = calls(&transcript, 2);
    let beginning = [
        "clock_nanosleep",
        "getpid",
        "getppid",
        "write",
        "close",
        "close",
        "close",
        "setsid",
        "write = EBADF",
        "write = EBADF",
    ];
    assert_eq!(child[..beginning.len()], beginning, "{child:?}");
}

#[test]
fn in_a_pipe_or_file_the_daemons_lines_wait_for_a_full_block_and_are_lost() {
    for name in ["pipe", "file"] {
        let transcript = run("daemonOSNW", name);
        assert_eq!(
            stdout(&transcript),
            "process start <1>\nparent process id(<1>)\n",
            "{name}"
        );
        assert_eq!(
            calls(&transcript, 1),
            ["getpid", "fstat", "fork", "getpid", "write", "exit_group"],
            "{name}"
        );
        let child = calls(&transcript, 2);
        let beginning = [
            "clock_nanosleep",
            "getpid",
            "getppid",
            "close",
            "close",
            "close",
            "setsid",
            "clock_nanosleep",
        ];
        assert_eq!(child[..beginning.len()], beginning, "{name}: {child:?}");
        let write = transcript
            .trace
            .as_ref()
            .unwrap()
            .calls_of(transcript.pids[1])
            .find(|call| call.name == "write")
            .unwrap();
        assert!(
            write.args.get(2).number() == Some(block_of(name)) && write.errno() == Some("EBADF"),
            "{name}: {write:?}"
        );
    }
}

/// So much stdio keeps for a pipe or a file of this machine: a block of it, and at most BUFSIZ.
fn block_of(stdout: &str) -> i64 {
    let (reader, _writer) = std::io::pipe().unwrap();
    let pipe = format!("/proc/self/fd/{}", reader.as_raw_fd());
    let like_it = match stdout {
        "pipe" => PathBuf::from(pipe),
        _ => std::env::temp_dir(),
    };
    like_it.metadata().unwrap().blksize().min(8192) as i64
}
