//! `labscope strace`, on a real terminal: what is told while a program runs, and who gets the keys.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{OpenptyResult, openpty};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, ttyname};
use serde_json::Value;

const LABSCOPE: &str = env!("CARGO_BIN_EXE_labscope");

/// Far more than anything here needs on a busy machine.
const DEADLINE: Duration = Duration::from_secs(40);

const HEADERS: &str = "#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <sys/wait.h>\n#include <unistd.h>\n";

const PROMPT: &str = r#"
int main(void)
{
	printf("a key ");
	getchar();
	if (fork() == 0)
		_exit(100);
	wait(NULL);
	return 3;
}
"#;

const SLEEP: &str = "int main(void)\n{\n\tfor (;;)\n\t\tsleep(1000);\n}\n";

/// A project whose lab is a C program, both as lab and as twin; removed with the value.
struct Project(PathBuf);

impl Project {
    fn new(name: &str, source: &str) -> Project {
        let root = std::env::temp_dir().join(format!("annotate-{name}-{}", std::process::id()));
        for folder in ["bins/prog", "build/traced", "build/c"] {
            fs::create_dir_all(root.join(folder)).expect("a folder");
        }
        fs::write(root.join("Cargo.toml"), "[[bin]]\nname = \"prog\"\n").expect("a manifest");
        let path = root.join("bins/prog/prog.c");
        fs::write(&path, format!("{HEADERS}{source}")).expect("a source");
        for folder in ["build/traced", "build/c"] {
            let mut cc = Command::new("cc");
            cc.args(["-g", "-O0", "-o"])
                .arg(root.join(folder).join("prog"));
            assert!(cc.arg(&path).status().expect("cc runs").success());
        }
        Project(root)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// `labscope strace prog …`, without a terminal.
    fn strace(&self, words: &[&str]) -> Output {
        let mut labscope = Command::new("timeout");
        labscope.env_remove("LD_LIBRARY_PATH");
        labscope
            .args(["60", LABSCOPE, "--lang", "en", "--root"])
            .arg(&self.0);
        labscope
            .args(["strace", "prog"])
            .args(words)
            .current_dir(&self.0);
        labscope
            .stdin(Stdio::null())
            .output()
            .expect("labscope runs")
    }

    /// The same in a terminal of its own, below a shell; `$?` is told after it.
    fn on_terminal(&self, words: &[&str]) -> Terminal {
        let mut terminal = Terminal::shell(&self.0);
        let root = self.0.display();
        terminal.types(&format!(
            "{LABSCOPE} --lang en --root {root} strace prog {}; echo status $?\n",
            words.join(" ")
        ));
        terminal
    }

    /// The calls that `--json` wrote.
    fn calls(&self, name: &str) -> Vec<Value> {
        let parse = |line: &str| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
        };
        self.read(name).lines().map(parse).collect()
    }

    /// The number of the line in which the source has this text.
    fn line(&self, text: &str) -> u64 {
        let source = self.read("bins/prog/prog.c");
        let place = source.lines().position(|line| line.contains(text));
        place.expect("the line is there") as u64 + 1
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A shell with job control on a pseudo-terminal of 110 columns.
struct Terminal {
    screen: File,
    shell: Child,
    /// All that appeared, without colours and without the blanks that lead to a fresh line.
    seen: String,
    raw: Vec<u8>,
}

fn pty() -> (File, OwnedFd) {
    let OpenptyResult { master, slave } = openpty(
        &nix::pty::Winsize {
            ws_row: 24,
            ws_col: 110,
            ws_xpixel: 0,
            ws_ypixel: 0,
        },
        None,
    )
    .expect("a terminal");
    for end in [&master, &slave] {
        fcntl(end, FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC)).expect("close-on-exec");
    }
    fcntl(&master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).expect("non-blocking");
    (master.into(), slave)
}

impl Terminal {
    fn shell(folder: &Path) -> Terminal {
        let (screen, slave) = pty();
        let copy = || Stdio::from(slave.try_clone().expect("a copy"));
        let mut setsid = Command::new("setsid");
        setsid.args(["-c", "sh", "-i"]).current_dir(folder);
        setsid
            .env("PS1", "ready> ")
            .env("TERM", "xterm")
            .env_remove("ENV");
        setsid.stdin(copy()).stdout(copy()).stderr(copy());
        let shell = setsid.spawn().expect("a shell");
        let mut terminal = Terminal {
            screen,
            shell,
            seen: String::new(),
            raw: Vec::new(),
        };
        terminal.expect("ready> ");
        terminal
    }

    fn types(&mut self, text: &str) {
        self.screen
            .write_all(text.as_bytes())
            .expect("keys are taken");
    }

    /// Waits until this appears (after what was expected before), and returns all up to it.
    fn expect(&mut self, text: &str) -> String {
        let start = Instant::now();
        loop {
            if let Some(place) = self.seen.find(text) {
                let rest = self.seen.split_off(place + text.len());
                return std::mem::replace(&mut self.seen, rest);
            }
            assert!(
                start.elapsed() < DEADLINE,
                "{text:?} does not come; seen:\n{}",
                self.seen
            );
            self.look();
        }
    }

    fn look(&mut self) {
        let mut asked = [PollFd::new(self.screen.as_fd(), PollFlags::POLLIN)];
        let _ = poll(&mut asked, PollTimeout::from(1000u16));
        let mut bytes = [0; 4096];
        let count = self.screen.read(&mut bytes).unwrap_or(0);
        self.raw.extend_from_slice(&bytes[..count]);
        // What may be the middle of an escape sequence or a character waits.
        let end = self
            .raw
            .iter()
            .rposition(|&byte| byte == b'\n' || byte == b' ');
        let whole: Vec<u8> = self.raw.drain(..end.map_or(0, |end| end + 1)).collect();
        self.seen.push_str(&plain(&String::from_utf8_lossy(&whole)));
    }

    /// Ends the shell.
    fn leave(mut self) {
        self.types("exit\n");
        self.shell.wait().expect("the shell ends");
    }
}

/// Without colours, carriage returns and runs of blanks.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        rest = after
            .split_once(|c: char| c.is_ascii_alphabetic())
            .map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain.replace('\r', "")
}

/// The text with every run of blanks made one.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

fn exists(pid: i32) -> bool {
    labscope::process::Stat::read(pid).is_some_and(|stat| stat.state != 'Z')
}

fn tracer(pid: i32) -> Option<i32> {
    Some(labscope::process::Process::read(pid)?.tracer)
}

/// A process that ends with the test, however that ends.
struct Leftover(i32);

impl Drop for Leftover {
    fn drop(&mut self) {
        let _ = kill(Pid::from_raw(self.0), Signal::SIGKILL);
    }
}

fn await_that(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < DEADLINE, "{what}: in vain");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The number behind the last `(pid `.
fn pid_in(text: &str) -> i32 {
    let rest = text.rsplit("(pid ").next().expect("a pid");
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits
        .parse()
        .unwrap_or_else(|_| panic!("no pid in:\n{text}"))
}

#[test]
fn a_call_that_blocks_is_told_at_once_and_its_line_when_it_returns() {
    let project = Project::new("blocks", PROMPT);
    let mut terminal = project.on_terminal(&[]);
    let before = squeezed(&terminal.expect("read(0 …"));
    for part in [
        "│ 1 0.000 --- is born: pid ",
        "[tracing: strace starts the program]",
        "calls of start-up (libc)",
        "write(1, \"a key \", 6) = 6",
    ] {
        assert!(before.contains(part), "{part:?} is not in:\n{before}");
    }
    terminal.types("\n");
    let after = squeezed(&terminal.expect("status 0"));
    for part in [
        format!(
            "… read(0, \"\\n\", 1024) = 1 prog.c:{} getchar();",
            project.line("getchar")
        ),
        format!("prog.c:{} [libc threads: ", project.line("fork")),
        "+++ exited with 100".to_owned(),
        format!("prog.c:{} wait(NULL);", project.line("wait(NULL)")),
        format!(
            "prog.c:{} }} [return from main]",
            project.line("return 3") + 1
        ),
        "[prog ended with status 3]".to_owned(),
    ] {
        assert!(after.contains(&part), "{part:?} is not in:\n{after}");
    }
    terminal.leave();
}

#[test]
fn keys_that_send_signals_end_the_lab_and_not_the_tool() {
    let project = Project::new("keys", SLEEP);
    for (key, signal) in [("\x03", "SIGINT"), ("\x1c", "SIGQUIT")] {
        let mut terminal = project.on_terminal(&[]);
        terminal.expect("clock_nanosleep(");
        terminal.types(key);
        let seen = terminal.expect("status 0");
        assert!(seen.contains(&format!("+++ killed by {signal}")), "{seen}");
        assert!(
            seen.contains(&format!("[prog was ended by {signal}]")),
            "{seen}"
        );
        terminal.leave();
    }
}

#[test]
fn control_z_stops_the_job_and_fg_goes_on_with_it() {
    let project = Project::new("stop", SLEEP);
    let mut terminal = project.on_terminal(&[]);
    terminal.expect("clock_nanosleep(");
    terminal.types("\x1a");
    let told = terminal.expect("ready> ");
    assert!(told.contains("Stopped"), "{told}");
    terminal.types("fg\n");
    terminal.expect("SIGCONT arrives");
    terminal.types("\x03");
    terminal.expect("[prog was ended by SIGINT]");
    terminal.leave();
}

#[test]
fn a_daemon_left_alive_is_told_and_control_c_lets_it_go() {
    let source = "int main(void)\n{\n\tif (fork() == 0) {\n\t\tsetsid();\n\t\tfor (;;)\n\t\t\tpause();\n\t}\n\treturn 0;\n}\n";
    let project = Project::new("daemon", source);
    let mut terminal = project.on_terminal(&[]);
    let told = terminal.expect("^C here ends the tracing]");
    assert!(told.contains("is an orphan now"), "{told}");
    assert!(told.contains("[prog ended with status 0]"), "{told}");
    let pid = pid_in(&told);
    let _leftover = Leftover(pid);
    assert!(exists(pid) && tracer(pid) != Some(0), "{told}");
    let session = || labscope::process::Stat::read(pid).map(|stat| stat.session);
    await_that("it has a session of its own", || session() == Some(pid));
    terminal.types("\x03");
    let told = terminal.expect("status 0");
    assert!(
        told.contains(&format!("To end what is left: kill {pid}]")),
        "{told}"
    );
    assert_eq!((exists(pid), tracer(pid)), (true, Some(0)));
    terminal.leave();
}

#[test]
fn an_orphan_of_the_same_group_ends_with_the_tracing() {
    let source =
        "int main(void)\n{\n\tif (fork() == 0)\n\t\tfor (;;)\n\t\t\tsleep(1000);\n\treturn 0;\n}\n";
    let project = Project::new("orphan", source);
    let mut terminal = project.on_terminal(&[]);
    let pid = pid_in(&terminal.expect("^C here ends the tracing]"));
    terminal.types("\x03");
    let told = terminal.expect("status 0");
    assert!(
        told.contains("+++ killed by SIGINT") && !told.contains("still alive"),
        "{told}"
    );
    assert!(!exists(pid));
    terminal.leave();
}

#[test]
fn asked_to_end_it_ends_the_lab_and_leaves_no_tracer() {
    let project = Project::new("term", SLEEP);
    let mut labscope = Command::new(LABSCOPE);
    labscope
        .arg("--root")
        .arg(&project.0)
        .args(["strace", "prog", "--to"]);
    labscope
        .arg(project.path("trace"))
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut labscope = labscope.spawn().expect("labscope runs");
    let sleeps = || fs::read_to_string(project.path("trace")).unwrap_or_default();
    await_that("the lab sleeps", || sleeps().contains("clock_nanosleep("));
    let told = sleeps();
    let pid = told
        .split("pid ")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .expect("a pid");
    let pid: i32 = pid.parse().expect("a pid");
    let tracer = tracer(pid).expect("it is traced");
    let id = i32::try_from(labscope.id()).expect("a pid");
    kill(Pid::from_raw(id), Signal::SIGTERM).expect("it is there");
    labscope.wait().expect("labscope ends");
    await_that("lab and tracer end", || !exists(pid) && !exists(tracer));
}

#[test]
fn a_file_gets_every_call_as_plain_text() {
    let project = Project::new("file", PROMPT);
    let output = project.strace(&["--to", "to", "--save", "save"]);
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(text(&output), "a key [prog ended with status 3]\n");
    let trace = project.read("to");
    let known = |line: &str| !line.contains(" …") && !line.contains("---");
    let lines = |text: &str| {
        text.lines()
            .filter(|line| known(line))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&trace), lines(&project.read("save")));
    assert!(!trace.contains('\x1b') && !trace.contains('│'), "{trace}");
    assert!(
        trace.contains("[libc loader: ") && !trace.contains("calls of start-up"),
        "{trace}"
    );
    assert!(squeezed(&trace).contains("= 6 prog.c"), "{trace}");
    for line in trace.lines() {
        let number: usize = line
            .split_whitespace()
            .next()
            .and_then(|it| it.parse().ok())
            .expect("a process");
        assert!((1..=2).contains(&number), "{line}");
    }
}

#[test]
fn json_has_one_object_a_call() {
    let project = Project::new("json", PROMPT);
    let output = project.strace(&["--to", "to", "--json"]);
    assert!(output.status.success(), "{}", text(&output));
    let calls = project.calls("to");
    let named = |name: &str| {
        calls
            .iter()
            .filter(|call| call["call"] == name)
            .collect::<Vec<_>>()
    };
    assert_eq!(calls[0]["artefact"], "strace");
    let wait = named("wait4");
    assert_eq!(
        (wait.len(), &wait[0]["process"]),
        (1, &Value::from(1)),
        "{wait:?}"
    );
    assert_eq!(wait[0]["line"], project.line("wait(NULL)"));
    assert_eq!(
        (&wait[0]["source"], &wait[0]["function"]),
        (&"wait(NULL);".into(), &"main".into())
    );
    assert_eq!(
        (&wait[0]["library_function"], &wait[0]["libc"]),
        (&"wait".into(), &Value::Null)
    );
    let exits = named("exit_group");
    let places: Vec<&Value> = exits.iter().map(|call| &call["place"]).collect();
    assert_eq!(places, ["program", "return-from-main"]);
    assert!(exits.iter().all(|call| call["result"].is_null()));
    assert!(
        named("brk").iter().all(|call| call["libc"] == "heap"),
        "{:?}",
        named("brk")
    );
    assert!(
        calls.iter().all(|call| call["place"] != "cut-off"),
        "{calls:?}"
    );
}

#[test]
fn the_twin_is_traced_and_what_libc_adds_is_marked() {
    let project = Project::new("twin", PROMPT);
    fs::remove_file(project.path("build/traced/prog")).expect("it is there");
    let missing = project.strace(&[]);
    assert!(!missing.status.success() && text(&missing).contains("`make prog` builds it"));
    let output = project.strace(&["--c", "--json", "--to", "to"]);
    assert!(output.status.success(), "{}", text(&output));
    let libc = |call: &Value| !call["libc"].is_null();
    let (by_libc, others): (Vec<Value>, Vec<Value>) =
        project.calls("to").into_iter().partition(libc);
    assert!(by_libc.len() > 20, "{by_libc:?}");
    let names: Vec<&str> = others
        .iter()
        .filter_map(|call| call["call"].as_str())
        .collect();
    let parents = [
        "execve",
        "newfstatat",
        "newfstatat",
        "write",
        "read",
        "clone",
        "wait4",
        "exit_group",
    ];
    for name in parents {
        assert!(names.contains(&name), "no {name} in {names:?}");
    }
    assert!(
        !names.contains(&"mmap") && !names.contains(&"brk"),
        "{names:?}"
    );
}

#[test]
fn the_order_after_fork_is_asked_for_and_proved() {
    let source = "int main(void)\n{\n\twrite(1, \"x\", 1);\n\tif (fork() == 0) {\n\t\twrite(1, \"c\", 1);\n\t\t_exit(0);\n\t}\n\twrite(1, \"p\", 1);\n\twait(NULL);\n\treturn 0;\n}\n";
    let project = Project::new("order", source);
    for (order, asked) in [("child-first", "xcp"), ("parent-first", "xpc")] {
        // A delay asks, a busy machine may refuse; but what is told is what happened.
        let comes_out = || {
            let run = project.strace(&["--order", order, "--to", "to"]);
            let told = text(&run);
            let first = if told.starts_with("xcp") {
                "the child ran first"
            } else {
                "the parent ran first"
            };
            assert!(told.contains("[order: ") && told.contains(first), "{told}");
            assert!(
                project.read("to").contains("[tracing: held back]"),
                "{}",
                project.read("to")
            );
            let as_asked = told.starts_with(asked);
            assert_eq!(as_asked, !told.contains("all the same"), "{told}");
            as_asked
        };
        assert!((0..10).any(|_| comes_out()), "never {order}");
    }
}

#[test]
fn only_a_signal_that_the_program_ignores_is_an_artefact_of_tracing() {
    let body = "int main(void)\n{\n\tSIGNAL;\n\tif (fork() == 0)\n\t\texit(0);\n\tsleep(1);\n\twait(NULL);\n\treturn 0;\n}\n";
    let broken = |name: &str, signal: &str| {
        let source = format!(
            "static void handler(int s) {{ (void)s; }}\n{}",
            body.replace("SIGNAL", signal)
        );
        let project = Project::new(name, &source);
        let output = project.strace(&["--json", "--to", "to", "--order", "parent-first"]);
        assert!(output.status.success(), "{}", text(&output));
        let calls = project.calls("to");
        calls
            .iter()
            .filter(|call| call["process"] == 1)
            .filter_map(|call| call["artefact"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let ignored = broken("ignored", "(void)handler");
    assert!(
        ignored.contains(&"broken-off".into()) && ignored.contains(&"goes-on".into()),
        "{ignored:?}"
    );
    let handled = broken("handled", "signal(SIGCHLD, handler)");
    assert!(
        !handled.contains(&"broken-off".into()) && !handled.contains(&"goes-on".into()),
        "{handled:?}"
    );
}

#[test]
fn what_cannot_be_written_is_said_before_the_lab_runs() {
    let source = "int main(void)\n{\n\tfclose(fopen(\"ran\", \"w\"));\n\treturn 0;\n}\n";
    let project = Project::new("early", source);
    for words in [["--to", "missing/trace"], ["--save", "missing/trace"]] {
        let output = project.strace(&words);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output));
        assert!(
            text(&output).contains("cannot write the trace to missing/trace"),
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

#[test]
fn a_flood_of_calls_is_told_to_the_last() {
    let source = "int main(void)\n{\n\tfor (int i = 0; i < 3000; i++)\n\t\tclose(1000 + i);\n\treturn 0;\n}\n";
    let project = Project::new("flood", source);
    let output = project.strace(&["--json", "--to", "to"]);
    assert!(output.status.success(), "{}", text(&output));
    let line = project.line("close(1000");
    let calls = project.calls("to");
    let closes: Vec<&Value> = calls.iter().filter(|call| call["line"] == line).collect();
    let others: Vec<&Value> = calls
        .iter()
        .filter(|call| call["call"] == "close" && call["line"] != line)
        .collect();
    assert_eq!(closes.len(), 3000, "{others:?}");
    assert!(
        closes
            .iter()
            .enumerate()
            .all(|(turn, call)| call["arguments"].as_str() == Some(&(1000 + turn).to_string()))
    );
}
