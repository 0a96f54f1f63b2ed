//! wait_status: the parent waits and learns its child's exit value.

use labscope::Status;

use super::{calls, run, stdout};

const START: &str = "프로세스 시작 <1>\n";
const PARENT: &str = "부모 프로세스 pid(<1>)\n자식 프로세스 종료를 기다림\n";
const RESULT: &str = "=====\n종료된 자식 프로세스 : <2>\n종료 값          : 100\n";

#[test]
fn the_parent_sleeps_in_wait4_and_learns_100() {
    let transcript = run("wait_status", "tty");
    assert_eq!(
        transcript.normalised().terminal,
        format!("{START}{PARENT}I'm Zombie <2>\n{RESULT}")
    );
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    let states: Vec<char> = transcript.tables[0]
        .iter()
        .map(|process| process.state)
        .collect();
    assert_eq!(states, ['S', 'S']);
    let parent = [
        "getpid",
        "fstat",
        "write",
        "fork",
        "getpid",
        "write",
        "write",
        "wait4",
        "write",
        "write",
        "write",
        "exit_group",
    ];
    assert_eq!(calls(&transcript, 1), parent);
    assert_eq!(
        calls(&transcript, 2),
        ["clock_nanosleep", "getpid", "write", "exit_group"]
    );
}

#[test]
fn in_a_pipe_or_file_the_child_has_a_copy_of_the_first_line() {
    for name in ["pipe", "file"] {
        let transcript = run("wait_status", name);
        assert_eq!(
            stdout(&transcript),
            format!("{START}I'm Zombie <2>\n{START}{PARENT}{RESULT}"),
            "{name}"
        );
        assert_eq!(transcript.status, Some(Status::Exited(0)), "{name}");
    }
}
