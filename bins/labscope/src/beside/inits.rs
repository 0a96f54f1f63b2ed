//! What an init, as process 1 of a pid namespace, does for the program that it starts and for the orphans of that.

use std::fs::File;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use nix::unistd::geteuid;

use crate::beside::fifo::{FIFO, fifo};
use crate::beside::installed;
use crate::i18n::init as own;
use crate::i18n::{Text, code, failure, run};
use crate::proc::process::Process;
use crate::run::patience::Patience;
use crate::run::runner::Runner;
use crate::run::scratch::Scratch;
use crate::run::transcript::Status;
use crate::run::{Session, Transcript};
use crate::scenario::condition::Condition;
use crate::scenario::{End, RealProgram, Scenario};
use crate::trace::syscall::WAITS;
use crate::trace::{Call, Trace};

/// Process 1 of a run is unshare(1); its child is the first in the new namespace.
const INIT: usize = 2;

/// The one that orphans read.
const GATE: &str = "beside.fifo.gate";

/// How long many processes may take.
const MANY: Duration = Duration::from_secs(60);

/// How often is looked.
const TICK: Duration = Duration::from_millis(50);

/// The child ends with a status of its own while an orphan lives.
const LEAVES_ORPHAN: &str = "/bin/cat \"$0\" & exit 3";

/// The shell becomes a program that waits.
const WAITS_FOR_EVER: &str = "/bin/cat \"$0\"";

const DIES: &str = "kill -KILL $$";

const ORPHANS: usize = 100;

/// The cells of one init.
pub fn look(init: &RealProgram) -> Result<Vec<Text>> {
    let orphan = run(init, LEAVES_ORPHAN)?;
    let killed = run(init, DIES)?;
    let idle = idle(init)?;
    Ok(vec![
        child_ends(&orphan)?,
        of_killed(killed.status),
        idle.on_sigterm,
        subreaper(init, &orphan)?,
        idle.group,
        idle.waits,
        code(zombies(init)?.to_string()),
    ])
}

/// A run of its own, and the FIFO in it.
struct Run {
    session: Session<'static>,
    _writer: File,
    /// As long as it is there, nobody comes to the end of the other FIFO.
    gate: Option<File>,
    _scratch: Scratch,
}

/// An init that starts a shell with a script, whose `$0` is the FIFO.
fn start(init: &RealProgram, script: &str, in_namespace: bool) -> Result<Run> {
    let scratch = Scratch::new()?;
    let (path_of_fifo, writer) = fifo(&scratch, FIFO)?;
    let (_, gate) = fifo(&scratch, GATE)?;
    let path = installed::path(&init.run[0]);
    let path = path.with_context(|| failure::is_not_there(&init.run[0]))?;
    let mut words: Vec<String> = Vec::new();
    if in_namespace {
        words.extend(["/usr/bin/unshare", "--pid", "--fork"].map(str::to_owned));
        if !geteuid().is_root() {
            words.extend(["--user", "--map-current-user"].map(str::to_owned));
        }
    }
    words.push(path.display().to_string());
    words.extend(init.run[1..].iter().cloned());
    words.extend(["/bin/sh", "-c", script].map(str::to_owned));
    words.push(path_of_fifo.display().to_string());
    let scenario = Scenario {
        args: words.split_off(1),
        end: End::Kill,
        ..Scenario::named("beside")
    };
    let session = Runner::for_program(&words[0], &scenario).traced().start()?;
    Ok(Run {
        session,
        _writer: writer,
        gate: Some(gate),
        _scratch: scratch,
    })
}

/// Until all have ended, or nobody goes on.
fn run(init: &RealProgram, script: &str) -> Result<Transcript> {
    let mut run = start(init, script, true)?;
    run.session.await_rest()?;
    run.session.kill()
}

/// What it does when its child has ended while an orphan lives.
fn child_ends(transcript: &Transcript) -> Result<Text> {
    let trace = transcript.trace.as_ref().with_context(run::is_not_traced)?;
    let kills =
        of_init(trace).filter(|call| call.sends_signal() && call.args.get(1).as_str() != "0");
    let kills: Vec<String> = kills.map(signal_sent).collect();
    let ended = transcript.status.map(|_| status(transcript.status));
    Ok(own::child_ends(&kills.join(", "), ended.as_ref()))
}

/// `kill(-2, SIGTERM)` is to the group of the process that is 2 in the namespace.
fn signal_sent(call: &Call) -> String {
    let whom = call.args.get(0).as_str();
    let whom = if whom.starts_with('-') && whom != "-1" {
        "-pid"
    } else {
        whom
    };
    format!("`{}({whom}, {})`", call.name, call.args.get(1).as_str())
}

fn of_init(trace: &Trace) -> impl Iterator<Item = &Call> {
    let init = trace.pids.get(INIT - 1).copied();
    trace
        .calls
        .iter()
        .filter(move |call| Some(call.pid) == init)
}

fn status(status: Option<Status>) -> Text {
    match status {
        Some(Status::Exited(status)) => code(status.to_string()),
        other => code(format!("{other:?}")),
    }
}

/// A process 1 does not end by a signal of its own.
fn of_killed(ended: Option<Status>) -> Text {
    match ended {
        Some(Status::Exited(0)) => own::no_effect(),
        _ => status(ended),
    }
}

/// What is seen while its child waits.
struct Idle {
    on_sigterm: Text,
    group: Text,
    waits: Text,
}

fn idle(init: &RealProgram) -> Result<Idle> {
    let mut run = start(init, &format!("exec {WAITS_FOR_EVER}"), true)?;
    run.session
        .await_condition(&Condition::Opened(FIFO.to_owned()))?;
    run.session.await_rest()?;
    let table = run.session.processes();
    let trace = run.session.trace().with_context(run::is_not_traced)?;
    let calls = of_init(trace).count();
    run.session.signal(INIT, Signal::SIGTERM)?;
    run.session.await_rest()?;
    let ended = run.session.status();
    let trace = run.session.kill()?.trace.with_context(run::is_not_traced)?;
    // Its timeout is told when it comes back.
    let waiting = of_init(&trace).take(calls).last().map(waits);
    Ok(Idle {
        on_sigterm: own::on_sigterm(ended.map(|_| status(ended)).as_ref()),
        group: group(&table).with_context(run::nobody_reads)?,
        waits: waiting.with_context(run::no_init)?,
    })
}

/// How a call waits: how often it wakes up in vain in a second, and its name.
fn waits(call: &Call) -> Text {
    let timeout = call
        .args
        .field("tv_sec")
        .and_then(|seconds| seconds.number());
    let is_wait = call.is(WAITS);
    own::wakes(timeout.filter(|_| is_wait), &format!("`{}`", call.name))
}

/// Where its child is: in a session, or a group, of its own.
fn group(table: &[Process]) -> Option<Text> {
    let reads = |process: &&Process| {
        let mut targets = process.descriptors.iter();
        targets.any(|(_, target)| target.ends_with(FIFO))
    };
    let child = table.iter().find(reads)?;
    let init = table.iter().find(|process| process.number == INIT)?;
    Some(match child {
        _ if child.pid == init.pid => own::is_itself(),
        _ if child.session == child.pid => own::own_session(),
        _ if child.pgid == child.pid => own::own_group(),
        _ => own::same_group(),
    })
}

/// Whether it adopts orphans where it is not process 1 of a namespace.
fn subreaper(init: &RealProgram, as_first: &Transcript) -> Result<Text> {
    let mut run = start(init, "exit 0", false)?;
    run.session.await_rest()?;
    let alone = run.session.kill()?;
    let asks = |transcript: &Transcript| {
        let trace = transcript.trace.as_ref();
        trace.is_some_and(|trace| {
            let mut calls = trace.calls.iter();
            calls.any(|call| call.args.get(0).as_str() == "PR_SET_CHILD_SUBREAPER")
        })
    };
    Ok(own::subreaper(asks(as_first), asks(&alone)))
}

/// How many zombies are left of orphans that have ended.
fn zombies(init: &RealProgram) -> Result<usize> {
    let each = format!("while [ $i -lt {ORPHANS} ]; do read x <\"$0.gate\" & i=$((i+1)); done");
    let mut run = start(init, &format!("(i=0; {each}); exec {WAITS_FOR_EVER}"), true)?;
    let opened = Condition::Opened(FIFO.to_owned());
    run.session.await_within(&opened, MANY)?;
    run.await_orphans(ORPHANS)?;
    run.gate = None; // the end of their file
    run.await_orphans(0)?;
    run.session.await_rest()?;
    let table = run.session.processes();
    run.session.kill()?;
    Ok(table.iter().filter(|process| process.is_zombie()).count())
}

impl Run {
    /// Until so many processes live that read the other FIFO, which is their standard input.
    fn await_orphans(&mut self, count: usize) -> Result<()> {
        let reads = |process: &Process| {
            let mut targets = process.descriptors.iter();
            targets.any(|(number, target)| *number == 0 && target.ends_with(GATE))
        };
        let mut patience = Patience::new(MANY);
        while self
            .session
            .processes()
            .iter()
            .filter(|it| reads(it))
            .count()
            != count
        {
            ensure!(!self.session.is_over(&mut patience), run::no_orphans(count));
            self.session.pump(TICK)?;
        }
        Ok(())
    }
}
