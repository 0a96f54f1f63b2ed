//! child_wait: `Z` before wait and gone after it.

use labscope::{Condition, Status};

use super::{calls, run, run_traced, runner, scenario, stdout};

const PARENT: &str = "parent process pid(<1>)\nwait for child(<2>) to die\nhit a key";
const RESULT: &str = "=====\nterminated child process : <2>\nreturn value from child : 100\n";

#[test]
fn with_a_late_key_the_child_is_a_zombie_until_wait() {
    let transcript = run("child_wait", "tty");
    let expected = format!("process start <1>\n{PARENT}I'm Zombie <2>\n\n\n{RESULT}");
    assert_eq!(transcript.normalised().terminal, expected);
    assert_eq!(
        transcript.status,
        Some(Status::Exited(1)),
        "main returns 1, as on the slide"
    );
    let [parent, child] = &transcript.tables[0][..] else {
        panic!("two processes")
    };
    assert_eq!(
        (parent.state, child.state, child.ppid),
        ('S', 'Z', parent.pid)
    );
    assert_eq!(child.command, "[child_wait] <defunct>");
}

#[test]
fn after_wait_the_zombie_is_gone() {
    // The parent is stopped at its last calls' doorstep: its terminal is not read, so it is still there.
    let mut scenario = scenario("child_wait", "tty");
    scenario.inject = vec!["exit_group:delay_enter=2000000:when=1".into()];
    let mut session = runner("child_wait", &scenario).traced().start().unwrap();
    session
        .await_condition(&Condition::State {
            state: 'Z',
            process: 2,
        })
        .unwrap();
    session.type_bytes(b"\n").unwrap();
    session
        .await_condition(&Condition::Finished {
            call: "wait4".into(),
            process: 1,
            count: 1,
        })
        .unwrap();
    let numbers: Vec<usize> = session
        .processes()
        .iter()
        .map(|process| process.number)
        .collect();
    assert_eq!(numbers, [1], "the parent alone");
    assert_eq!(session.finish().unwrap().status, Some(Status::Exited(1)));
}

#[test]
fn with_an_early_key_the_parent_sleeps_in_wait4() {
    let transcript = run("child_wait", "early");
    assert_eq!(
        transcript.normalised().terminal,
        format!("process start <1>\n{PARENT}\n\nI'm Zombie <2>\n{RESULT}")
    );
    let states: Vec<char> = transcript.tables[0]
        .iter()
        .map(|process| process.state)
        .collect();
    assert_eq!(states, ['S', 'S']);
    assert_eq!(
        calls(&transcript, 2),
        ["clock_nanosleep", "getpid", "write", "exit_group"]
    );
}

#[test]
fn a_child_killed_by_a_signal_has_the_value_0() {
    let transcript = run("child_wait", "killed");
    let expected = format!(
        "process start <1>\n{PARENT}\n\n{}",
        RESULT.replace("100", "0")
    );
    assert_eq!(transcript.normalised().terminal, expected);
}

#[test]
fn in_a_pipe_or_file_the_child_has_a_copy_of_the_first_line() {
    let child = "process start <1>\nI'm Zombie <2>\n";
    let parent = format!("process start <1>\n{PARENT}\n{RESULT}");
    for name in ["pipe", "file"] {
        let transcript = run("child_wait", name);
        assert_eq!(
            stdout(&transcript),
            format!("{child}{parent}"),
            "{name}: the child ends first"
        );
        assert_eq!(transcript.status, Some(Status::Exited(1)), "{name}");
    }
}

#[test]
fn only_the_parent_gives_unread_input_back() {
    assert_eq!(run("child_wait", "file").stdin_offset, Some(1));
    let transcript = run_traced("child_wait", "file");
    let gave_back = |process| {
        calls(&transcript, process)
            .iter()
            .any(|call| call == "lseek")
    };
    assert!(gave_back(1) && !gave_back(2), "the child has read nothing");
}

#[test]
fn the_end_of_the_input_is_as_good_as_a_key() {
    let transcript = run("child_wait", "eof");
    assert_eq!(
        transcript.normalised().terminal,
        format!("process start <1>\n{PARENT}\nI'm Zombie <2>\n{RESULT}")
    );
}
