//! exec_test: reads one byte, prints nothing, gives the rest back.

use labscope::Status;

use super::{calls, run, stdout};

#[test]
fn it_waits_for_a_key_and_prints_nothing() {
    let transcript = run("exec_test", "tty");
    assert_eq!(
        transcript.normalised().terminal,
        "abc\n",
        "only the terminal's echo"
    );
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    assert_eq!(transcript.tables[0][0].state, 'S');
}

#[test]
fn a_pipe_cannot_take_unread_input_back() {
    let transcript = run("exec_test", "pipe");
    assert_eq!(stdout(&transcript), "");
    assert_eq!(
        calls(&transcript, 1),
        ["fstat", "read", "lseek = ESPIPE", "exit_group"]
    );
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}

#[test]
fn a_file_takes_unread_input_back() {
    let transcript = run("exec_test", "file");
    assert_eq!(
        calls(&transcript, 1),
        ["fstat", "read", "lseek", "exit_group"]
    );
    assert_eq!(
        transcript.stdin_offset,
        Some(1),
        "the next reader begins at the second byte"
    );
}

#[test]
fn the_end_of_the_input_ends_it() {
    let transcript = run("exec_test", "eof");
    assert_eq!(transcript.normalised().terminal, "");
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}
