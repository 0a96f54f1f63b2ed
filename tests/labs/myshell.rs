//! myshell: fork, exec, wait; and its four declared differences.

use labscope::{Condition, End, Scenario, Status, Step, Wiring};

use super::{calls, is_merge, run, run_as, scenario, stdout, written};

const HELLO: &str = "My Shell Ver 1.0\n";

#[test]
fn it_runs_a_command_and_waits_for_it() {
    let transcript = run("myshell", "tty");
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    let [shell, cat] = &transcript.tables[0][..] else {
        panic!("two processes")
    };
    assert_eq!(
        (&cat.name[..], &cat.command[..], cat.ppid),
        ("cat", "/bin/cat", shell.pid)
    );
    assert_eq!((shell.state, cat.state), ('S', 'S'));
    let text = transcript.normalised().terminal;
    assert!(
        text.starts_with(&format!(
            "{HELLO}> /bin/cat\nChild wait\nmeow\nmeow\nChild exit\n> /bin/date\n"
        )),
        "{text}"
    );
    assert!(text.ends_with("Child exit\n> quit\n"), "{text}");
    let lines: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != "> nosuch")
        .skip(1)
        .collect();
    let shells = ["Child wait", "Child exit", "> quit"].map(String::from);
    assert!(
        is_merge(&lines, &shells, &["Execl failure".into()]),
        "{text}"
    );
}

#[test]
fn the_end_of_the_input_ends_it() {
    let transcript = run("myshell", "eof");
    assert_eq!(transcript.normalised().terminal, format!("{HELLO}> "));
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}

#[test]
fn in_a_pipe_a_failed_child_writes_its_copy_of_the_buffer() {
    let transcript = run("myshell", "pipe");
    let shell = format!("{HELLO}> Child wait\nChild exit\n> Child wait\nChild exit\n> ");
    let copy = format!("{HELLO}> Child wait\nChild exit\n> Execl failure\n");
    assert_eq!(written(&transcript, 1), shell);
    assert_eq!(written(&transcript, 3), copy);
    assert_eq!(
        stdout(&transcript),
        format!("Linux\n{copy}{shell}"),
        "the shell's own text comes last"
    );
    assert_eq!(
        calls(&transcript, 3),
        ["execve = ENOENT", "write", "exit_group"]
    );
}

#[test]
fn lines_of_a_script_run_once_each_after_failed_commands() {
    let transcript = run("myshell", "file");
    assert_eq!(transcript.pids.len(), 5, "the shell and four children");
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    assert_eq!(stdout(&transcript).matches("Linux").count(), 1);
    assert_eq!(
        transcript.stdin_offset,
        Some(40),
        "`never` is left for the next reader"
    );
}

#[test]
fn a_last_line_without_newline_is_a_command() {
    let transcript = run("myshell", "unterminated");
    assert_eq!(
        stdout(&transcript),
        format!("Linux\n{HELLO}> Child wait\nChild exit\n> ")
    );
    assert_eq!(run_with("quit").0, format!("{HELLO}> "), "so is `quit`");
}

#[test]
fn a_line_that_does_not_fit_is_dropped_whole() {
    let transcript = run("myshell", "long");
    let text = transcript.normalised().terminal;
    assert!(text.ends_with("\nline too long\n> quit\n"), "{text}");
    assert_eq!(transcript.pids.len(), 1, "nothing was run");
}

/// What the shell prints for this input from a pipe, and how many processes there were.
fn run_with(input: &str) -> (String, usize) {
    let scenario = Scenario {
        input: Some(input.into()),
        ..scenario("myshell", "pipe")
    };
    let transcript = run_as("myshell", &scenario);
    assert_eq!(transcript.status, Some(Status::Exited(0)), "{input:?}");
    (stdout(&transcript), transcript.pids.len())
}

#[test]
fn the_longest_line_has_253_bytes() {
    let path = |length: usize| format!("/{}", "x".repeat(length - 1));
    let (fits, processes) = run_with(&format!("{}\nquit\n", path(253)));
    assert!(!fits.contains("line too long") && processes == 2, "{fits}");
    for length in [254, 255, 256, 508, 10_000] {
        for end in ["\nquit\n", ""] {
            let (output, processes) = run_with(&format!("{}{end}", path(length)));
            assert_eq!(
                output,
                format!("{HELLO}> line too long\n> "),
                "{length} bytes"
            );
            assert_eq!(processes, 1, "{length} bytes");
        }
    }
}

#[test]
fn blank_lines_and_binary_garbage_are_commands_that_fail() {
    for line in [
        "",
        " ",
        "\u{1}\u{7f}\u{2028}",
        "a\0b",
        "\0",
        "/",
        "/bin",
        "/etc/passwd",
    ] {
        let (output, processes) = run_with(&format!("{line}\nquit\n"));
        let failed = format!("{HELLO}> Execl failure\n{HELLO}> Child wait\nChild exit\n> ");
        assert_eq!((output, processes), (failed, 2), "{line:?}");
    }
}

#[test]
fn a_failed_fork_runs_nothing_and_the_shell_goes_on() {
    let scenario = Scenario {
        inject: vec!["fork:error=EAGAIN".into()],
        ..scenario("myshell", "pipe")
    };
    let transcript = run_as("myshell", &scenario);
    assert_eq!(stdout(&transcript), format!("{HELLO}> > > "));
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}

#[test]
fn control_c_ends_the_shell_and_its_command() {
    let scenario = Scenario {
        stdin: Wiring::Terminal,
        steps: vec![
            Step::Type {
                bytes: b"/bin/cat\n".into(),
                to: None,
            },
            Step::Await {
                condition: Condition::Name {
                    name: "cat".into(),
                    process: 2,
                },
                timeout: None,
            },
            Step::Type {
                bytes: b"\x03".into(),
                to: None,
            },
            Step::Await {
                condition: Condition::Exit { process: 2 },
                timeout: None,
            },
        ],
        end: End::Wait,
        ..scenario("myshell", "eof")
    };
    let transcript = run_as("myshell", &scenario);
    assert_eq!(transcript.status, Some(Status::Killed(libc::SIGINT)));
    assert!(transcript.left.is_empty());
}
