//! Where the trace goes.

use std::fs::{self, File};
use std::io::Read;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use labscope::text::colours::of_process;
use nix::unistd::ttyname;

use crate::project::{LABSCOPE, PROMPT, Project, SLEEP};
use crate::support::{await_that, text};
use crate::terminal::{plain, pty, pty_of};

#[test]
fn what_cannot_be_written_is_said_before_the_lab_runs() {
    let source = "int main(void)\n{\n\tfclose(fopen(\"ran\", \"w\"));\n\treturn 0;\n}\n";
    let project = Project::new("early", source);
    for words in [["--to", "missing/trace"], ["--save", "missing/trace"]] {
        let output = project.strace(&words);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output));
        assert!(
            text(&output).contains("cannot write missing/trace"),
            "{}",
            text(&output)
        );
    }
    assert!(!project.path("build/traced/ran").exists());
    let output = project.strace(&[]);
    assert!(
        output.status.success() && project.path("build/traced/ran").exists(),
        "{}",
        text(&output)
    );
}

#[test]
fn without_strace_it_says_what_to_install() {
    let project = Project::new("missing", SLEEP);
    let mut labscope = Command::new(LABSCOPE);
    labscope
        .arg("--root")
        .arg(&project.0)
        .args(["strace", "prog"])
        .env("PATH", "/nonexistent");
    let output = labscope.output().expect("labscope runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output).contains("strace is not installed"),
        "{}",
        text(&output)
    );
}

#[test]
fn another_terminal_gets_the_trace_and_may_be_closed() {
    let project = Project::new("other", PROMPT);
    let (mut screen, slave) = pty();
    let name = ttyname(&slave).expect("a name");
    let mut terminal = project.on_terminal(&["--to", &name.display().to_string()]);
    terminal.expect("a key ");
    let mut shown = Vec::new();
    await_that("the read is shown there", || {
        let mut bytes = [0; 4096];
        let count = screen.read(&mut bytes).unwrap_or(0);
        shown.extend_from_slice(&bytes[..count]);
        plain(&String::from_utf8_lossy(&shown)).contains("read(0 …")
    });
    let shown = String::from_utf8_lossy(&shown).into_owned();
    assert!(shown.contains("\x1b[") && !shown.contains('│'), "{shown}");
    drop((screen, slave));
    terminal.types("\n");
    let seen = terminal.expect("status 0");
    assert!(seen.contains("the trace is no longer written: "), "{seen}");
    assert!(seen.contains("[prog ended with status 3]"), "{seen}");
    assert!(!seen.contains("getchar"), "{seen}");
    terminal.leave();
}

/// What a command shows on a terminal that `TERM` calls so.
fn shown_on(term: Option<&str>, command: &mut Command) -> String {
    shown_in(pty(), term, command)
}

fn shown_in(
    (mut screen, slave): (File, OwnedFd),
    term: Option<&str>,
    command: &mut Command,
) -> String {
    let copy = || Stdio::from(slave.try_clone().expect("a copy"));
    command.stdin(copy()).stdout(copy()).stderr(copy());
    command.env_remove("TERM").env_remove("NO_COLOR");
    command.envs(term.map(|term| ("TERM", term)));
    let mut child = command.spawn().expect("it runs");
    let mut shown = Vec::new();
    let mut ended = false;
    await_that("its end", || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = screen.read(&mut bytes) {
            shown.extend_from_slice(&bytes[..count]);
        }
        // Once more: it may have written between the last look and its end.
        std::mem::replace(&mut ended, matches!(child.try_wait(), Ok(Some(_))))
    });
    String::from_utf8_lossy(&shown).into_owned()
}

#[test]
fn only_a_terminal_that_obeys_them_gets_escape_sequences() {
    let project = Project::new("dumb", "int main(void)\n{\n\tprintf(\"half a line\");\n}\n");
    let scenarios = "[[scenario]]\nname = \"tty\"\ntitle = { en = \"It prints\", ko = \"출력\" }\ntour = true\n";
    fs::write(project.path("bins/prog/scenarios.toml"), scenarios).expect("a file");
    for words in [&["tour"][..], &["strace", "prog"]] {
        for (term, obeys) in [
            (None, false),
            (Some(""), false),
            (Some("dumb"), false),
            (Some("xterm"), true),
        ] {
            let mut labscope = Command::new(LABSCOPE);
            labscope.args(["--lang", "en", "--root"]).arg(&project.0);
            let shown = shown_on(term, labscope.args(words));
            assert!(shown.contains("half a line"), "{words:?}: {shown}");
            assert_eq!(
                shown.contains('\x1b'),
                obeys,
                "{words:?}, TERM {term:?}: {shown:?}"
            );
        }
    }
}

/// What `labscope strace` shows of a program that forks, on a terminal of so many columns.
fn shown_at(columns: u16, project: &Project) -> String {
    let mut labscope = Command::new(LABSCOPE);
    labscope.args(["--lang", "en", "--root"]).arg(&project.0);
    labscope.args(["strace", "prog"]);
    shown_in(pty_of(columns), Some("xterm"), &mut labscope)
}

const FORKS: &str =
    "int main(void)\n{\n\tif (fork() == 0)\n\t\t_exit(7);\n\twait(NULL);\n\treturn 0;\n}\n";

#[test]
fn where_columns_are_few_the_labs_own_file_needs_no_name() {
    let project = Project::new("narrow", FORKS);
    let line = project.line("_exit(7)");
    let narrow = plain(&shown_at(80, &project));
    assert!(
        narrow.contains(&format!("  :{line}  _exit(7);")),
        "{narrow}"
    );
    assert!(!narrow.contains("prog.c"), "{narrow}");
    let wide = plain(&shown_at(110, &project));
    assert!(
        wide.contains(&format!("  prog.c:{line}  _exit(7);")),
        "{wide}"
    );
}

#[test]
fn each_process_has_the_colour_that_it_has_in_the_pictures() {
    let project = Project::new("colours", FORKS);
    let shown = shown_at(110, &project);
    for (process, text) in [(1, "wait(NULL);"), (2, "_exit(7);")] {
        let number = format!("\x1b[{}m{process:>2}\x1b[0m", of_process(process));
        let of_it = |line: &&str| line.contains(&number) && line.contains(text);
        assert!(shown.lines().any(|line| of_it(&line)), "{shown:?}");
    }
}
