//! command: the same pid and a new name after exec; and a failed exec.

use labscope::Status;

use super::{calls, run, run_traced, stdout};

#[test]
fn the_pid_stays_and_the_name_changes() {
    let transcript = run("command", "tty");
    assert_eq!(
        transcript.normalised().terminal,
        "-- START -- <1>\nhit a key \n\n\n"
    );
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    let [before, after] = &transcript.tables[..] else {
        panic!("two tables")
    };
    let ([before], [after]) = (&before[..], &after[..]) else {
        panic!("one process at a time")
    };
    assert_eq!(
        (&before.name[..], &before.command[..]),
        ("command", "./command")
    );
    assert_eq!(
        (&after.name[..], &after.command[..]),
        ("exec_test", "exec_test")
    );
    assert_eq!(
        (before.pid, before.ppid, before.session),
        (after.pid, after.ppid, after.session)
    );
    assert_eq!(before.descriptors, after.descriptors);
}

#[test]
fn without_the_program_it_goes_on_and_says_so() {
    let transcript = run("command", "missing");
    assert_eq!(
        transcript.normalised().terminal,
        "-- START -- <1>\nhit a key \n\n-- END - NOT EXECUTE --\n"
    );
    assert_eq!(transcript.status, Some(Status::Exited(1)));
}

#[test]
fn in_a_pipe_or_file_the_lines_before_exec_are_lost() {
    for name in ["pipe", "pipe-both", "file"] {
        let transcript = run("command", name);
        assert_eq!(stdout(&transcript), "", "{name}");
        assert_eq!(transcript.status, Some(Status::Exited(0)), "{name}");
    }
}

#[test]
fn what_was_read_ahead_is_gone_after_exec() {
    let transcript = run("command", "file");
    assert_eq!(
        transcript.stdin_offset,
        Some(6),
        "command has read all of it and given nothing back"
    );
}

#[test]
fn in_a_pipe_and_without_the_program_all_comes_in_one_write() {
    let transcript = run_traced("command", "pipe-missing");
    assert_eq!(
        stdout(&transcript),
        "-- START -- <1>\nhit a key \n-- END - NOT EXECUTE --\n"
    );
    assert_eq!(transcript.status, Some(Status::Exited(1)));
    let expected = [
        "getpid",
        "fstat",
        "fstat",
        "read",
        "execve = ENOENT",
        "write",
        "exit_group",
    ];
    assert_eq!(calls(&transcript, 1), expected);
}

#[test]
fn the_end_of_the_input_is_as_good_as_a_key() {
    let transcript = run("command", "eof");
    assert_eq!(
        transcript.normalised().terminal,
        "-- START -- <1>\nhit a key \n"
    );
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}
