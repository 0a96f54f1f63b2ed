//! What becomes of a program that another one starts as a daemon: read off /proc while it sleeps, and off the trace.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::beside::cells::{self, process_call};
use crate::beside::fifo::{FIFO, fifo};
use crate::beside::installed;
use crate::facts::process_tree::ProcessTree;
use crate::i18n::beside as words;
use crate::i18n::{Text, code, failure, run};
use crate::proc::descriptors::{Holder, Target, last_name};
use crate::proc::process::Process;
use crate::run::Session;
use crate::run::runner::Runner;
use crate::run::scratch::Scratch;
use crate::run::transcript::Status;
use crate::scenario::condition::Condition;
use crate::scenario::{End, RealProgram, Scenario};
use crate::trace::Trace;

/// What is started: it sleeps in its read of a FIFO that nobody writes into. It has no options, which some of those that
/// start it would take for their own.
const PROGRAM: &str = "/bin/cat";

const MISSING: &str = "/missing";

/// That of the caller. Nobody would choose it: what is seen otherwise has been set.
const UMASK: &str = "0027";

/// The cells of one that starts daemons.
pub fn look(starter: &RealProgram) -> Result<Vec<Text>> {
    let scratch = Scratch::new()?;
    let (fifo, _writer) = fifo(&scratch, FIFO)?;
    let fifo = fifo.display().to_string();
    let mut session = runner(starter, &[PROGRAM, &fifo], End::Kill)?.start()?;
    session.await_condition(&Condition::Opened(FIFO.to_owned()))?;
    let (program, holder) =
        sleeper(&mut session, &fifo).with_context(|| run::did_not_run(&starter.name, PROGRAM))?;
    let of_caller = session.shell();
    let folder = fs::read_link(format!("/proc/{}/cwd", program.pid))?;
    let umask = umask(program.pid).with_context(run::no_umask)?;
    let transcript = session.kill()?;
    let trace = transcript.trace.with_context(run::is_not_traced)?;
    Ok(vec![
        code(way(&trace, program.pid)),
        words::session(
            program.session == program.pid,
            Some(program.session) == of_caller,
        ),
        words::yes(program.pgid == program.pid),
        standard_files(&holder, &fifo),
        words::folder(&folder.display().to_string(), is_of_a_run(&folder)),
        words::umask(&umask, umask == UMASK),
        ignored(program.ignored_signals),
        told_of_missing(starter)?,
    ])
}

/// Its run with a program, from a shell that has an umask of its own.
fn runner(starter: &RealProgram, program: &[&str], end: End) -> Result<Runner<'static>> {
    let path = installed::path(&starter.run[0]);
    let path = path.with_context(|| failure::is_not_there(&starter.run[0]))?;
    let script = format!("umask {UMASK}; exec \"$@\"");
    let words = ["-c".to_owned(), script, "sh".to_owned()].into_iter();
    let words = words.chain([path.display().to_string()]);
    let words = words.chain(starter.run[1..].iter().cloned());
    let scenario = Scenario {
        args: words
            .chain(program.iter().map(|&word| word.to_owned()))
            .collect(),
        end,
        ..Scenario::named("beside")
    };
    Ok(Runner::for_program("/bin/sh", &scenario).traced())
}

/// Whether a folder is one in which a run began.
fn is_of_a_run(folder: &Path) -> bool {
    let parent = std::env::temp_dir().canonicalize();
    parent.is_ok_and(|parent| folder.starts_with(parent))
}

/// The process that has the FIFO open, and what else it has.
fn sleeper(session: &mut Session, fifo: &str) -> Option<(Process, Holder)> {
    let has_fifo = |process: &Process| process.descriptors.iter().any(|(_, target)| target == fifo);
    let program = session.processes().into_iter().find(has_fifo)?;
    let mut holders = session.descriptors().ok()?.into_iter();
    let holder = holders.find(|holder| holder.pid == program.pid)?;
    Some((program, holder))
}

/// The umask of a process, proc_pid_status(5).
fn umask(pid: i32) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let mut lines = status.lines();
    let umask = lines.find_map(|line| line.strip_prefix("Umask:"))?;
    Some(umask.trim().to_owned())
}

/// The calls by which processes, sessions and groups were made on the way to the program.
fn way(trace: &Trace, program: i32) -> String {
    let tree = ProcessTree::of(trace);
    let line: Vec<i32> = std::iter::successors(Some(program), |&pid| tree.parent(pid)).collect();
    let in_line = |pid: i32| line.contains(&pid);
    let calls = trace.calls.iter().enumerate();
    let calls = calls.filter(|(_, call)| in_line(call.pid));
    let calls = calls.filter_map(|(place, call)| match call.name.as_str() {
        "setsid" | "setpgid" => Some(format!("`{}`", call.name)),
        _ => {
            let made = tree.made_by(place).filter(|made| in_line(made.pid));
            made.map(|_| process_call(call))
        }
    });
    let calls: Vec<String> = calls.collect();
    match line.len() - 1 {
        0 => "0".to_owned(),
        forks => format!("{forks}: {}", calls.join(", ")),
    }
}

/// What 0, 1 and 2 are, and whatever else is open but for the FIFO.
fn standard_files(holder: &Holder, fifo: &str) -> Text {
    let files = holder.descriptors.iter();
    let files = files.filter(|(_, target)| !is_fifo(target, fifo));
    let (standard, others): (Vec<_>, Vec<_>) = files.partition(|(number, _)| *number <= 2);
    let named = |(_, target): &&(i32, Target)| match target {
        Target::File(path) if !path.starts_with("/dev/") => code(format!("`{}`", last_name(path))),
        other => cells::target(other),
    };
    let names: Vec<Text> = standard.iter().map(named).collect();
    let others: Vec<String> = others
        .iter()
        .map(|(number, _)| number.to_string())
        .collect();
    words::standard_files(&names, &others)
}

fn is_fifo(target: &Target, fifo: &str) -> bool {
    matches!(target, Target::Fifo(name, _) if *name == last_name(fifo))
}

/// The signals that it ignores; those above are the library's own, or nobody's.
fn ignored(signals: u64) -> Text {
    let names: Vec<String> = (1..=31)
        .filter(|number| signals >> (number - 1) & 1 == 1)
        .map(|number| format!("`{}`", signal_name(number)))
        .collect();
    cells::list(&names)
}

fn signal_name(number: i32) -> String {
    let signal = nix::sys::signal::Signal::try_from(number);
    signal.map_or_else(|_| number.to_string(), |signal| signal.as_str().to_owned())
}

/// What it tells whoever asks it for a program that is not there.
fn told_of_missing(starter: &RealProgram) -> Result<Text> {
    let transcript = runner(starter, &[MISSING], End::Wait)?.run()?;
    let Some(Status::Exited(status)) = transcript.status else {
        bail!(run::did_not_exit(&starter.name));
    };
    // It was started by its path; its caller would see the name.
    let path = installed::path(&starter.run[0]).unwrap_or_default();
    let text = transcript.normalised().terminal;
    let text = text.replace(&path.display().to_string(), &starter.run[0]);
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    Ok(words::told_of_missing(status, &lines.join("; ")))
}
