//! Runs a program under strace and reads its calls, process by process.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::{Scratch, bounded, output};

/// One system call as strace tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub name: String,
    pub args: String,
    /// What stands behind the `=`; `?` for a call that never came back.
    pub result: String,
    /// When it was made, in seconds, if strace was told `-ttt`.
    pub time: f64,
}

/// The calls of one process in their order.
#[derive(Clone, Debug, Default)]
pub struct Process {
    pub pid: i32,
    pub calls: Vec<Call>,
    /// How it ended: `exited with 0`, `killed by SIGKILL`.
    pub end: String,
}

/// A command under strace, which follows children.
pub struct Strace {
    pub command: Command,
    traces: Scratch,
}

impl Strace {
    /// `options` are strace's own, as `-e inject=…`; the program and its arguments follow by [`Strace::program`].
    pub fn new(options: &[&str]) -> Strace {
        let traces = Scratch::new();
        let mut command = bounded("strace");
        // One file a process, no stripes of other processes in between; whole texts; no columns.
        command.args(["-ff", "-q", "-s", "100000", "-a", "1", "-o"]);
        command.arg(traces.path("trace")).args(options).arg("--");
        Strace { command, traces }
    }

    /// What to run.
    pub fn program<A: AsRef<OsStr>>(
        mut self,
        program: impl AsRef<Path>,
        args: impl IntoIterator<Item = A>,
    ) -> Strace {
        self.command.arg(program.as_ref()).args(args);
        self
    }

    /// Runs it to its end.
    pub fn run(mut self) -> (Output, Vec<Process>) {
        let output = output(&mut self.command);
        let processes = self.processes();
        assert!(
            !processes.is_empty(),
            "{:?}\n{}",
            self.command,
            super::text_of(&output)
        );
        (output, processes)
    }

    /// The processes that a run has left behind in its files: the first one, then
    /// the children of each in the order of their forks.
    pub fn processes(&self) -> Vec<Process> {
        let mut found = HashMap::new();
        for entry in fs::read_dir(self.traces.path("")).unwrap() {
            let path = entry.unwrap().path();
            let pid = path.extension().unwrap().to_str().unwrap().parse().unwrap();
            let text = String::from_utf8(fs::read(&path).unwrap()).unwrap();
            found.insert(pid, read(pid, &text));
        }
        let children: Vec<i32> = found.values().flat_map(Process::children).collect();
        let first = found.keys().find(|pid| !children.contains(pid)).copied();
        let mut next: Vec<i32> = first.into_iter().collect();
        let mut ordered = Vec::new();
        while let Some(pid) = next.pop() {
            let process = found.remove(&pid).unwrap_or_default();
            next.extend(process.children().rev());
            ordered.push(process);
        }
        ordered
    }
}

impl Call {
    /// Whether it makes a process; glibc does that by `clone`.
    pub fn is_fork(&self) -> bool {
        matches!(self.name.as_str(), "fork" | "vfork" | "clone" | "clone3")
    }
}

impl Process {
    fn children(&self) -> impl DoubleEndedIterator<Item = i32> {
        let forks = self.calls.iter().filter(|call| call.is_fork());
        forks.filter_map(|call| call.result.parse().ok())
    }

    /// The calls, one a line.
    pub fn text(&self) -> String {
        let line = |call: &Call| format!("  {}({}) = {}\n", call.name, call.args, call.result);
        let calls: String = self.calls.iter().map(line).collect();
        format!("{calls}  {}\n", self.end)
    }
}

/// Reads `name(arguments) = result`, `+++ end +++`, and passes over `--- signal ---`.
fn read(pid: i32, trace: &str) -> Process {
    let mut process = Process {
        pid,
        ..Process::default()
    };
    for line in trace.lines() {
        let (time, line) = without_time(line);
        if let Some(end) = line.strip_prefix("+++ ") {
            process.end = end.trim_end_matches(" +++").to_owned();
        } else if let (Some((name, rest)), false) = (line.split_once('('), line.starts_with("---"))
        {
            // A text in an argument may hold `) = `, a result never does.
            let (args, result) = rest.rsplit_once(" = ").unwrap_or((rest, "?"));
            process.calls.push(Call {
                name: name.to_owned(),
                args: args.trim_end().trim_end_matches(')').to_owned(),
                result: result.to_owned(),
                time,
            });
        }
    }
    process
}

/// Takes off what `-ttt` puts before each line.
fn without_time(line: &str) -> (f64, &str) {
    let (first, rest) = line.split_once(' ').unwrap_or_default();
    match first.parse() {
        Ok(time) => (time, rest),
        Err(_) => (0.0, line),
    }
}
