//! fork_test: two live processes after fork, each with its own `i`.

use labscope::proc::process::Process;
use labscope::{Scenario, Status, Step, Transcript, Wiring};

use super::{calls, is_merge, run, run_as, run_traced, scenario};

/// What one of the two prints after fork; it counts without end.
fn lines_of(introduction: &str, letter: char, step: usize) -> Vec<String> {
    let counted = (0..2000).map(|n| format!("{letter} : {}", 100 + n * step));
    ["fork !!!".to_string(), introduction.to_string()]
        .into_iter()
        .chain(counted)
        .collect()
}

/// With the pids as they are: a counted number may look like one.
fn parents_lines(transcript: &Transcript) -> Vec<String> {
    lines_of(
        &format!("I'm parent Process {}", transcript.pids[0]),
        'P',
        1,
    )
}

fn childs_lines(transcript: &Transcript) -> Vec<String> {
    lines_of(&format!("I'm Child Process {}", transcript.pids[1]), 'C', 2)
}

/// What process n wrote to descriptor 1.
fn written(transcript: &Transcript, process: usize) -> String {
    String::from_utf8(transcript.written(process, 1).unwrap()).unwrap()
}

/// Asleep, or just printing.
fn is_alive(process: &Process) -> bool {
    matches!(process.state, 'S' | 'R')
}

/// The terminal's text is the beginning, and then both processes' lines in some order.
fn assert_both_print(transcript: &Transcript, beginning: &str) {
    let text = String::from_utf8_lossy(&transcript.terminal)
        .replace("\r\n", "\n")
        .replace("^C", "");
    let after = text
        .strip_prefix(beginning)
        .unwrap_or_else(|| panic!("begins otherwise: {text}"));
    let lines: Vec<&str> = after.lines().collect();
    assert!(lines.len() >= 7, "{text}");
    assert!(
        is_merge(
            &lines,
            &parents_lines(transcript),
            &childs_lines(transcript)
        ),
        "{text}"
    );
}

#[test]
fn one_process_becomes_two() {
    let transcript = run("fork_test", "tty");
    assert_both_print(&transcript, "Program Start!!\nhit a key \n\n");
    let [before, after] = &transcript.tables[..] else {
        panic!("two tables")
    };
    assert_eq!(before.len(), 1);
    let [parent, child] = &after[..] else {
        panic!("two processes: {after:?}")
    };
    assert_eq!(
        (child.ppid, child.pgid, child.session),
        (parent.pid, parent.pgid, parent.session)
    );
    assert_eq!(
        (&child.command[..], &parent.command[..]),
        ("./fork_test", "./fork_test")
    );
    assert!(is_alive(child) && is_alive(parent), "{after:?}");
    assert_eq!(child.terminal, parent.terminal);
    assert!(parent.terminal.starts_with("pts/"));
    assert_eq!(child.descriptors, parent.descriptors);
}

#[test]
fn control_c_ends_both() {
    let transcript = run("fork_test", "tty");
    assert_eq!(transcript.status, Some(Status::Killed(libc::SIGINT)));
    assert!(transcript.left.is_empty(), "{:?}", transcript.left);
}

#[test]
fn each_writes_its_own_lines() {
    let transcript = run_traced("fork_test", "tty");
    for (process, beginning, lines) in [
        (
            1,
            "Program Start!!\nhit a key \n",
            parents_lines(&transcript),
        ),
        (2, "", childs_lines(&transcript)),
    ] {
        let text = written(&transcript, process);
        let expected = format!("{beginning}{}\n", lines.join("\n"));
        assert!(text.lines().count() >= 4, "{process}: {text:?}");
        assert!(expected.starts_with(&text), "{process}: {text:?}");
    }
    // The second `write` is the prompt: a read from the terminal writes it out first.
    let expected =
        "fstat write fstat write read write fork write getpid write write clock_nanosleep";
    let parent = calls(&transcript, 1);
    assert_eq!(parent[..12].join(" "), expected);
}

#[test]
fn signals_stop_continue_and_end_the_child() {
    let transcript = run("fork_test", "control");
    let [stopped, ended] = &transcript.tables[..] else {
        panic!("two tables")
    };
    assert_eq!((stopped[1].state, ended[1].state), ('T', 'Z'));
    assert!(is_alive(&stopped[0]) && is_alive(&ended[0]));
    assert_eq!(transcript.tables[1][1].command, "[fork_test] <defunct>");
    assert_eq!(transcript.status, Some(Status::Killed(libc::SIGINT)));
}

#[test]
fn an_orphan_is_adopted_and_out_of_reach_of_control_c() {
    let transcript = run("fork_test", "orphan");
    assert_eq!(transcript.status, Some(Status::Killed(libc::SIGKILL)));
    for table in &transcript.tables {
        let [child] = &table[..] else {
            panic!("one process: {table:?}")
        };
        assert_eq!((child.number, child.adopted), (2, true));
        assert!(is_alive(child));
    }
    assert_eq!(
        transcript.left.len(),
        1,
        "the child was alive until the run ended it"
    );
}

#[test]
fn in_a_pipe_or_file_both_first_blocks_begin_at_the_beginning() {
    for name in ["pipe", "file"] {
        let transcript = run("fork_test", name);
        for (process, lines) in [
            (1, parents_lines(&transcript)),
            (2, childs_lines(&transcript)),
        ] {
            let trace = transcript.trace.as_ref().unwrap();
            let pid = transcript.pids[process - 1];
            let first = trace
                .calls_of(pid)
                .find(|call| call.name == "write")
                .unwrap();
            assert_eq!(
                first.value(),
                Some(4096),
                "{name}: nothing comes before a block is full"
            );
            let block = format!("Program Start!!\nhit a key \n{}", lines.join("\n"));
            let text = &written(&transcript, process)[..4096];
            assert!(
                block.starts_with(text),
                "{name}: process {process} wrote {text}"
            );
        }
        assert!(transcript.status.is_none(), "it never ends by itself");
    }
}

#[test]
fn the_end_of_the_input_is_as_good_as_a_key() {
    assert_both_print(&run("fork_test", "eof"), "Program Start!!\nhit a key \n");
}

#[test]
fn a_failed_fork_is_told() {
    let scenario = Scenario {
        stdin: Wiring::Path("/dev/null".into()),
        inject: vec!["fork:error=EAGAIN".into()],
        steps: Vec::<Step>::new(),
        ..scenario("fork_test", "tty")
    };
    let transcript = run_as("fork_test", &scenario);
    assert_eq!(
        transcript.normalised().terminal,
        "Program Start!!\nhit a key \nfork !!!\nfork failure\n"
    );
    assert_eq!(transcript.status, Some(Status::Exited(1)));
}
