//! When stdio of a C library writes what was printed, and what fork and exec make of the rest: the C twins, built with it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::i18n::beside as words;
use crate::i18n::{Text, code, failure, run};
use crate::project::Room;
use crate::run::runner::Runner;
use crate::run::scratch::Scratch;
use crate::run::transcript::Transcript;
use crate::scenario::{RealProgram, Scenario, Step, Time, Wiring};
use crate::trace::syscall::{READS, VECTOR, WRITES, request};
use crate::trace::{Call, Trace};

/// The labs whose twins are run; `command` becomes `exec_test`.
const LABS: [&str; 4] = ["child_wait", "command", "daemonOSNW", "exec_test"];

/// What `child_wait` prints first: a whole line.
const FIRST: &str = "process start";

/// What it prints before it waits for a key: no whole line.
const PROMPT: &str = "hit a key";

/// The cells of one library.
pub fn look(root: &Path, library: &RealProgram) -> Result<Vec<Text>> {
    let twins = Twins::built(root, library)?;
    let terminal = twins.run("child_wait", Wiring::Terminal)?;
    let pipe = twins.run("child_wait", Wiring::Pipe)?;
    let file = twins.run("child_wait", Wiring::File)?;
    let (on_terminal, in_pipe, in_file) = (trace(&terminal)?, trace(&pipe)?, trace(&file)?);
    let became = printed(&twins.run("command", Wiring::Pipe)?);
    let daemon = printed(&twins.run("daemonOSNW", Wiring::Pipe)?);
    let short = twins.run("exec_test", Wiring::Pipe)?;
    Ok(vec![
        words::shows(shows_prompt(on_terminal)),
        code(writing(on_terminal)),
        code(asks(on_terminal)),
        words::at_once(is_at_once(in_pipe)),
        words::times(printed(&pipe).matches(FIRST).count()),
        words::times(printed(&file).matches(FIRST).count()),
        words::comes_out(became.contains("-- START --")),
        words::comes_out(daemon.contains("child process")),
        code(format!("{}, {}", asked(on_terminal), asked(in_file))),
        words::given_back(file.stdin_offset == Some(1)),
        code(of_first(trace(&short)?).count().to_string()),
    ])
}

/// The C programs of the labs, built with one library.
struct Twins(Scratch);

impl Twins {
    fn built(root: &Path, library: &RealProgram) -> Result<Twins> {
        let scratch = Scratch::new()?;
        for lab in LABS {
            let mut compiler = Command::new(&library.run[0]);
            compiler
                .args(&library.run[1..])
                .args(["-std=gnu99", "-O0", "-w", "-o"]);
            compiler
                .arg(scratch.path(lab))
                .arg(Room::of(root, lab).source(lab, "c"));
            let done = compiler.output();
            let done = done.with_context(|| failure::cannot_start(&library.run[0]))?;
            let said = String::from_utf8_lossy(&done.stderr);
            ensure!(
                done.status.success(),
                run::failed(&library.name, lab, &said)
            );
        }
        Ok(Twins(scratch))
    }

    /// A run in which a key is pressed; more than that stands in a file.
    fn run(&self, lab: &str, files: Wiring) -> Result<Transcript> {
        let key = |input: &str| Some(input.to_owned());
        let typed = Step::Type {
            bytes: b"\n".to_vec(),
            to: None,
        };
        let (input, steps) = match files {
            Wiring::Terminal => (None, vec![typed]),
            Wiring::File => (key("\nmore"), Vec::new()),
            _ => (key("\n"), Vec::new()),
        };
        let needs = match lab {
            "command" => vec!["exec_test".to_owned()],
            _ => Vec::new(),
        };
        let scenario = Scenario {
            stdin: files.clone(),
            stdout: files,
            input,
            needs,
            time: Time::Virtual,
            steps,
            ..Scenario::named("beside")
        };
        Runner::for_program(self.0.path(lab), &scenario)
            .traced()
            .run()
    }
}

fn trace(transcript: &Transcript) -> Result<&Trace> {
    transcript.trace.as_ref().with_context(run::is_not_traced)
}

/// What came through a pipe or into a file.
fn printed(transcript: &Transcript) -> String {
    String::from_utf8_lossy(transcript.stdout.as_deref().unwrap_or_default()).into_owned()
}

/// The calls of process 1, behind its exec.
fn of_first(trace: &Trace) -> impl Iterator<Item = &Call> {
    let first = trace.pids.first().copied();
    trace
        .calls
        .iter()
        .filter(move |call| Some(call.pid) == first && !call.setup)
}

fn has_written(call: &Call, text: &str) -> bool {
    let written = call.written_to(1).unwrap_or_default();
    String::from_utf8_lossy(&written).contains(text)
}

fn reads_key(call: &Call) -> bool {
    call.is(READS) && call.descriptor() == Some(0)
}

/// Whether the prompt is written before the key is read.
fn shows_prompt(trace: &Trace) -> bool {
    let mut before = of_first(trace).take_while(|call| !reads_key(call));
    before.any(|call| has_written(call, PROMPT))
}

/// Whether the first line is written before fork.
fn is_at_once(trace: &Trace) -> bool {
    let mut before = of_first(trace).take_while(|call| !call.makes_process());
    before.any(|call| has_written(call, FIRST))
}

/// The calls that write to standard output.
fn writing(trace: &Trace) -> String {
    let mut names: Vec<String> = Vec::new();
    for call in trace.calls.iter().filter(|call| call.is(WRITES)) {
        let name = format!("`{}`", call.name);
        if call.descriptor() == Some(1) && !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// What the first process asks the kernel about its descriptors 0, 1 and 2.
fn asks(trace: &Trace) -> String {
    let mut asked: Vec<String> = Vec::new();
    for call in of_first(trace) {
        let descriptor = call.args.get(0).number();
        let Some(descriptor @ 0..=2) = descriptor else {
            continue;
        };
        let asks = match call.name.as_str() {
            "ioctl" => format!("`ioctl({descriptor}, {})`", call.args.get(1).as_str()),
            name if request(name) == "fstat" => format!("`{}({descriptor})`", call.name),
            _ => continue,
        };
        if !asked.contains(&asks) {
            asked.push(asks);
        }
    }
    asked.join(", ")
}

/// How many bytes are asked for when the key is read.
fn asked(trace: &Trace) -> String {
    let Some(read) = of_first(trace).find(|call| reads_key(call)) else {
        return "?".to_owned();
    };
    if !read.is(VECTOR) {
        return read.args.get(2).as_str().to_owned();
    }
    let pieces = read.args.get(1).parts().into_iter();
    let lengths = pieces.filter_map(|piece| piece.field("iov_len")?.number());
    lengths.sum::<i64>().to_string()
}
