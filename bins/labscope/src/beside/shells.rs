//! How a shell makes a program's process, what that does before exec, and how the shell waits for it.

use anyhow::{Context, Result};

use crate::beside::cells::{list, process_call};
use crate::beside::installed;
use crate::facts::process_tree::ProcessTree;
use crate::i18n::beside as words;
use crate::i18n::{Text, code, failure, run};
use crate::run::runner::Runner;
use crate::run::scratch::Scratch;
use crate::run::stop::{Awaited, Unreached};
use crate::run::transcript::Transcript;
use crate::scenario::{RealProgram, Scenario, Time};
use crate::trace::syscall::{ASKS, EXECS, Flags, QUIET};
use crate::trace::{Call, Trace};

/// A program that no shell has built in under this name. It sleeps, in virtual time: so it ends when the shell waits.
const PROGRAM: &str = "/bin/sleep";

/// What the shells are told to run.
const COMMAND: &str = "/bin/sleep 1";

/// How many names of calls a cell holds.
const MOST: usize = 6;

/// What is about memory, asks only, or tries to become the program: of no interest here.
const OF_NO_INTEREST: Flags = ASKS | QUIET | EXECS;

/// The cells of one shell.
pub fn look(shell: &RealProgram) -> Result<Vec<Text>> {
    let two = traced(shell, &format!("{COMMAND}; {COMMAND}"))?;
    let last = traced(shell, COMMAND)?;
    let pipeline = traced(shell, &format!("{COMMAND} | {COMMAND}"))?;
    let script = in_file(shell)?;
    let first = programs(&two).next().ok_or_else(|| Unreached {
        awaited: Awaited::Process(2),
        standstill: true,
        message: run::did_not_run(&shell.name, PROGRAM),
    })?;
    let fork = ProcessTree::of(&two).fork_of(first);
    Ok(vec![
        code(fork.map_or(String::new(), |fork| process_call(&two.calls[fork]))),
        words::is_own(is_shell(&last)),
        words::is_own(is_shell(&script)),
        words::is_own(is_shell(&pipeline)),
        code((pipeline.pids.len() - 1).to_string()),
        before_exec(&two, first),
        reaping(&two, first),
    ])
}

/// The trace of a shell that is given a text.
fn traced(shell: &RealProgram, text: &str) -> Result<Trace> {
    let words = shell.run[1..].iter().cloned();
    run(&shell.run[0], words.chain([text.to_owned()]).collect())
}

/// The trace of a shell that is given a file whose last line is the program.
fn in_file(shell: &RealProgram) -> Result<Trace> {
    let scratch = Scratch::new()?;
    let file = scratch.path("script");
    std::fs::write(&file, format!("{COMMAND}\n{COMMAND}\n")).context("write(2)")?;
    let words = shell.file[1..].iter().cloned();
    let file = file.display().to_string();
    run(&shell.file[0], words.chain([file]).collect())
}

fn run(command: &str, args: Vec<String>) -> Result<Trace> {
    let path = installed::path(command).with_context(|| failure::is_not_there(command))?;
    let scenario = Scenario {
        args,
        time: Time::Virtual,
        ..Scenario::named("beside")
    };
    let Transcript { trace, .. } = Runner::for_program(path, &scenario).traced().run()?;
    trace.with_context(run::is_not_traced)
}

/// Who has become the program, in order.
fn programs(trace: &Trace) -> impl Iterator<Item = i32> {
    let is_program = |call: &&Call| {
        let path = call.executed();
        path.is_some_and(|path| path.ends_with(PROGRAM.as_bytes()))
    };
    trace.calls.iter().filter(is_program).map(|call| call.pid)
}

/// Whether the shell itself has become the program.
fn is_shell(trace: &Trace) -> bool {
    programs(trace).any(|program| trace.pids.first() == Some(&program))
}

/// What a process does between its birth and its exec.
fn before_exec(trace: &Trace, process: i32) -> Text {
    let own = trace.calls.iter().filter(|call| call.pid == process);
    let mut names: Vec<String> = Vec::new();
    for call in own.take_while(|call| call.executed().is_none()) {
        let name = format!("`{}`", call.name);
        let is_of_interest = !call.is(OF_NO_INTEREST);
        if is_of_interest && !names.contains(&name) {
            names.push(name);
        }
    }
    if names.len() > MOST {
        names.truncate(MOST);
        names.push("…".to_owned());
    }
    list(&names)
}

/// The call that takes the status of a child; where it does not wait itself, also the one that does.
fn reaping(trace: &Trace, child: i32) -> Text {
    let calls = trace.calls.iter();
    let Some((place, reap)) = calls.enumerate().find(|(_, call)| call.reaps(child)) else {
        return words::not_at_all();
    };
    let whom = reap.args.get(0).as_str();
    let whom = if whom == child.to_string() {
        "pid"
    } else {
        whom
    };
    let reaps = format!("`{}({whom})`", reap.name);
    let mut before = trace.calls[..place].iter().rev();
    let waited = match reap.args.has("WNOHANG") {
        true => before.find(|call| call.pid == reap.pid && call.waits()),
        // One that was told of the end and left the child waitable has waited.
        false => before.find(|call| call.pid == reap.pid && call.args.has("WNOWAIT")),
    };
    match waited {
        Some(waited) => words::waits_then_reaps(&waited.name, &reaps),
        None => code(reaps),
    }
}
