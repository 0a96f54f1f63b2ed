//! One scenario of one program under the tool's tracer, and under strace.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use labscope::facts::stops::is_stopped;
use labscope::proc::process::Process;
use labscope::trace::Trace;
use labscope::{Condition, End, Runner, Scenario, Session, Signal, Step, Transcript};
use libtest_mimic::Failed;

use crate::folder::wrapper_of;
use crate::same::{Comparison, Known};

/// Far more than anything here needs on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// How often both are run until their processes have numbers of as many digits.
const ATTEMPTS: usize = 5;

const PAUSE: Duration = Duration::from_millis(2);

/// What a run told.
pub struct Run {
    pub trace: Trace,
    pub transcript: Transcript,
    /// Who is no process of the lab, but has a pid that its calls name.
    pub shell: i32,
    pub reaper: i32,
    /// The step that came to nothing, the last one taken: a scenario is written for the lab, and its C program may
    /// do something else.
    pub stopped: Option<String>,
}

/// Compares both; a failure tells where they part.
pub fn compare(
    folder: &Path,
    name: &str,
    scenario: &Scenario,
    known: &[&Known],
    may_stop: bool,
) -> std::result::Result<(), Failed> {
    let (mut ours, mut oracle) = both(folder, name, scenario)?;
    for _ in 0..ATTEMPTS {
        if widths(&ours) == widths(&oracle) {
            break;
        }
        (ours, oracle) = both(folder, name, scenario)?;
    }
    let stopped = [&ours, &oracle].map(|run| run.stopped.as_deref());
    let place =
        |stopped: Option<&str>| stopped.and_then(|told| Some(told.split_once(':')?.0.to_owned()));
    if place(stopped[0]) != place(stopped[1]) || stopped[0].is_some() && !may_stop {
        return Err(format!(
            "stopped at {:?}, under strace at {:?}",
            stopped[0], stopped[1]
        )
        .into());
    }
    let comparison = Comparison::of(&ours, &oracle, known);
    match comparison.differences {
        found if found.is_empty() && comparison.items > 0 => Ok(()),
        found => Err(found.join("\n").into()),
    }
}

fn both(folder: &Path, name: &str, scenario: &Scenario) -> std::result::Result<(Run, Run), Failed> {
    let ours = traced(folder, name, scenario).map_err(|error| format!("{error:#}"))?;
    let oracle = under_strace(folder, name, scenario);
    let oracle = oracle.map_err(|error| format!("under strace: {error:#}"))?;
    Ok((ours, oracle))
}

/// Runs a program of a folder under the tool's own tracer.
pub fn traced(folder: &Path, name: &str, scenario: &Scenario) -> Result<Run> {
    let mut scenario = scenario.clone();
    scenario.needs.push(wrapper_of(name)); // both runs have the same files
    let runner = Runner::for_program(folder.join(name), &scenario);
    let mut session = runner.companions(folder).traced().start()?;
    let (shell, reaper) = (session.shell().unwrap_or_default(), session.reaper());
    let stopped = take_steps(scenario.end, &scenario.steps, |step| {
        if is_signal(step) {
            settle(&mut session, |_| false)?;
        }
        session.step(step)
    });
    let mut transcript = session.kill()?;
    Ok(Run {
        trace: transcript.trace.take().context("no trace")?,
        transcript,
        shell,
        reaper,
        stopped,
    })
}

/// Takes the steps, and waits for the end that the scenario says; tells where that came to nothing.
fn take_steps(
    end: End,
    steps: &[Step],
    mut take: impl FnMut(&Step) -> Result<()>,
) -> Option<String> {
    let exit = Step::Await {
        condition: Condition::Exit { process: 1 },
        timeout: None,
    };
    let end = (end == End::Wait).then_some(&exit);
    let mut steps = steps.iter().chain(end).enumerate();
    steps.find_map(|(place, step)| {
        let error = take(step).err()?;
        let error = format!("{error:#}");
        Some(format!("step {}: {}", place + 1, error.lines().next()?))
    })
}

/// Runs it untraced, but for strace.
pub fn under_strace(folder: &Path, name: &str, scenario: &Scenario) -> Result<Run> {
    let plain = Scenario {
        trace: false,
        inject: Vec::new(),
        steps: Vec::new(),
        needs: [scenario.needs.clone(), vec![name.to_owned()]].concat(),
        ..scenario.clone()
    };
    let runner = Runner::for_program(folder.join(wrapper_of(name)), &plain);
    let mut session = runner.companions(folder).start()?;
    let pid = session.pid(1).context("no process")?;
    let mut oracle = Oracle::attach(pid, folder, name, &scenario.inject)?;
    let stopped = take_steps(scenario.end, &scenario.steps, |step| {
        if is_signal(step) {
            oracle.feed()?;
            settle(&mut session, |pid| is_stopped(&oracle.trace, pid))?;
        }
        oracle.step(&mut session, step)
    });
    oracle.feed()?;
    oracle.trace.end_watching();
    let (shell, reaper) = (session.shell().unwrap_or_default(), session.reaper());
    let transcript = session.kill()?;
    Ok(Run {
        trace: oracle.end()?,
        transcript,
        shell,
        reaper,
        stopped,
    })
}

/// How many digits the numbers of processes have: they decide how long a text is, and when a buffer is full.
fn widths(run: &Run) -> BTreeSet<usize> {
    let pids = run.trace.pids.iter().chain([&run.shell]);
    pids.map(|pid| pid.to_string().len()).collect()
}

/// Whether a step sends a signal, by a key or otherwise, that a process may meet in a call or before it.
fn is_signal(step: &Step) -> bool {
    const KEYS: [u8; 3] = [0x03, 0x1a, 0x1c];
    match step {
        Step::Signal { signal, .. } => *signal != Signal::SIGCONT,
        Step::Type { bytes, .. } => bytes.iter().any(|byte| KEYS.contains(byte)),
        _ => false,
    }
}

/// Waits until every process sleeps in a call, is stopped, or has ended: so a signal finds it there in both runs.
fn settle(session: &mut Session, is_stopped: impl Fn(i32) -> bool) -> Result<()> {
    let started = Instant::now();
    let rests =
        |process: Process| matches!(process.state, 'S' | 'T' | 'Z') || is_stopped(process.pid);
    while !session.processes().into_iter().all(rests) {
        if started.elapsed() > DEADLINE {
            bail!("somebody does not come to rest");
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

/// strace, attached to a process, and what it has written so far.
struct Oracle {
    strace: Child,
    path: PathBuf,
    file: File,
    trace: Trace,
}

impl Oracle {
    /// Attaches strace to a wrapper, and lets that become its program.
    fn attach(pid: i32, folder: &Path, name: &str, inject: &[String]) -> Result<Oracle> {
        let path = folder.join(format!("{name}-{pid}.trace"));
        let file = File::create_new(&path).context("a file for the trace")?;
        drop(file);
        let mut strace = Command::new("strace");
        strace.args(["-f", "-ttt", "-s", "65536", "-o"]).arg(&path);
        strace.args(inject.iter().map(|what| format!("--inject={what}")));
        strace.args(["-p", &pid.to_string()]);
        let strace = strace.stdin(Stdio::null()).stdout(Stdio::null());
        let mut oracle = Oracle {
            strace: strace.stderr(Stdio::null()).spawn().context("strace")?,
            file: File::open(&path)?,
            path,
            trace: Trace::of(&format!("./{name}")),
        };
        oracle.wait("a first call", |trace| !trace.calls.is_empty())?;
        File::create(format!("/proc/{pid}/cwd/go")).context("the sign to go on")?;
        oracle.wait("the execve of the program", Trace::is_ready)?;
        Ok(oracle)
    }

    fn feed(&mut self) -> Result<()> {
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes)?;
        self.trace.feed(&bytes);
        Ok(())
    }

    fn wait(&mut self, what: &str, holds: impl Fn(&Trace) -> bool) -> Result<()> {
        let started = Instant::now();
        loop {
            self.feed()?;
            if holds(&self.trace) {
                return Ok(());
            }
            if started.elapsed() > DEADLINE {
                bail!("{what}: in vain");
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Takes a step; what only a trace tells, strace tells.
    fn step(&mut self, session: &mut Session, step: &Step) -> Result<()> {
        let Step::Await { condition, .. } = step else {
            return session.step(step);
        };
        let what = format!("{condition}");
        let pid = |trace: &Trace, process: &usize| trace.pids.get(process - 1).copied();
        match condition {
            Condition::Entered {
                call,
                process,
                count,
            } => self.wait(&what, |trace| {
                pid(trace, process).is_some_and(|pid| trace.entered(pid, call) >= *count)
            }),
            Condition::Finished {
                call,
                process,
                count,
            } => self.wait(&what, |trace| {
                pid(trace, process).is_some_and(|pid| trace.finished(pid, call) >= *count)
            }),
            // Who is stopped under a tracer is so in its eyes (t), whatever the reason.
            Condition::State {
                state: 'T',
                process,
            } => self.wait(&what, |trace| {
                pid(trace, process).is_some_and(|pid| is_stopped(trace, pid))
            }),
            _ => session.step(step),
        }
    }

    /// What it has written when all have ended.
    fn end(mut self) -> Result<Trace> {
        let started = Instant::now();
        while self.strace.try_wait()?.is_none() {
            if started.elapsed() > DEADLINE {
                bail!("strace does not end");
            }
            std::thread::sleep(PAUSE);
        }
        self.feed()?;
        self.trace.end();
        let _ = std::fs::remove_file(&self.path);
        Ok(std::mem::take(&mut self.trace))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.strace.kill();
        let _ = self.strace.wait();
    }
}
