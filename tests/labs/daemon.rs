//! daemon: session, terminal, parent and descriptors of a daemon.

use labscope::Status;
use labscope::proc::process::Process;

use super::{calls, run, stdout};

/// What makes a process a daemon, seen in /proc.
pub fn assert_is_daemon(process: &Process) {
    assert_eq!(process.session, process.pid, "a session of its own");
    assert_eq!(process.pgid, process.pid, "a process group of its own");
    assert_eq!(process.terminal, "?", "no controlling terminal");
    assert!(process.adopted, "an orphan, adopted");
    assert!(
        process.descriptors.is_empty(),
        "nothing open: {:?}",
        process.descriptors
    );
}

#[test]
fn the_child_becomes_a_daemon() {
    let transcript = run("daemon", "tty");
    assert_eq!(transcript.terminal, b"", "it prints nothing");
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    let [daemon] = &transcript.tables[0][..] else {
        panic!("one process: {:?}", transcript.tables[0])
    };
    assert_is_daemon(daemon);
    assert_eq!(
        (daemon.number, daemon.state),
        (2, 'S'),
        "it sleeps and burns no processor"
    );
    assert_eq!(transcript.left.len(), 1, "it lives until it is killed");
}

#[test]
fn it_makes_the_calls_of_the_slide_whatever_its_descriptors_are() {
    for name in ["pipe", "file"] {
        let transcript = run("daemon", name);
        assert_eq!(stdout(&transcript), "", "{name}");
        assert_eq!(transcript.status, Some(Status::Exited(0)), "{name}");
        assert_eq!(calls(&transcript, 1), ["fork", "exit_group"], "{name}");
        assert_eq!(
            calls(&transcript, 2),
            ["close", "close", "close", "setsid", "pause"],
            "{name}"
        );
    }
}

#[test]
fn it_reads_nothing() {
    assert_eq!(run("daemon", "file").stdin_offset, Some(0));
}
