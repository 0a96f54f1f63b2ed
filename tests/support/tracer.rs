//! Runs a program under the tool's tracer and reads its calls, process by process.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use labscope::proc::speed::here;
use labscope::trace::tracer::{Options, Wrapper};
use labscope::trace::{self, Happening, Trace};

use super::proc::DEADLINE;
use super::{Scratch, bounded, output};

/// One system call as the tracer tells it, in strace's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub name: String,
    pub args: String,
    /// What stands behind the `=`; `?` for a call that never came back.
    pub result: String,
    /// When it was made, in seconds.
    pub time: f64,
}

/// The calls of one process, or of one thread, in their order.
#[derive(Clone, Debug, Default)]
pub struct Process {
    pub pid: i32,
    pub calls: Vec<Call>,
    /// How it ended: `exited with 0`, `killed by SIGKILL`.
    pub end: String,
}

/// A command that is traced from its exec on, with all that it starts.
pub struct Traced {
    pub command: Command,
    trace: Arc<Mutex<Trace>>,
    /// Disconnected when all have ended.
    end: Receiver<()>,
    _fifos: Scratch,
}

impl Traced {
    /// A program and its arguments; `inject` says which calls are changed, as `accept:error=EMFILE:when=2`.
    pub fn new<A: AsRef<OsStr>>(
        inject: &[&str],
        program: impl AsRef<Path>,
        args: impl IntoIterator<Item = A>,
    ) -> Traced {
        let fifos = Scratch::new();
        let wrapper = Wrapper::new(&fifos.path("")).unwrap();
        let [shell, words @ ..] = wrapper.words();
        let mut command = bounded(shell);
        command.args(words).arg(program.as_ref()).args(args);
        let injections = inject.iter().map(|text| text.parse().unwrap());
        let options = Options {
            injections: injections.collect(),
            ..Options::default()
        };
        let trace = Arc::new(Mutex::new(Trace::default()));
        let (told, (has_ended, end)) = (Arc::clone(&trace), channel());
        thread::spawn(move || {
            let _has_ended = has_ended;
            let (tracer, bell) = wrapper.seize(options).unwrap();
            tracer.tell_all(bell, |record| told.lock().unwrap().take(record));
        });
        Traced {
            command,
            trace,
            end,
            _fifos: fifos,
        }
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

    /// The processes of a run that is over, or about to be: the first one, then the
    /// children of each in the order of their forks.
    pub fn processes(&self) -> Vec<Process> {
        let end = self.end.recv_timeout(here(DEADLINE));
        let processes = self.so_far();
        let has_ended = end == Err(RecvTimeoutError::Disconnected);
        assert!(has_ended, "some have not ended: {processes:?}");
        processes
    }

    /// What they have done by now.
    pub fn so_far(&self) -> Vec<Process> {
        let trace = self.trace.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: HashMap<i32, Process> = HashMap::new();
        for call in &trace.calls {
            found.entry(call.thread).or_default().calls.push(told(call));
        }
        for notice in &trace.notices {
            if let Some(end) = end(&notice.what) {
                found.entry(notice.thread).or_default().end = end;
            }
        }
        found
            .iter_mut()
            .for_each(|(&pid, process)| process.pid = pid);
        let first = trace.calls.first().map(|call| call.thread);
        in_order(first, found)
    }
}

fn told(call: &trace::Call) -> Call {
    let result = call.result.as_ref().map(ToString::to_string);
    Call {
        name: call.name.clone(),
        args: call.args.to_string(),
        result: result.unwrap_or("?".to_owned()),
        time: call.time.unwrap_or_default(),
    }
}

fn end(what: &Happening) -> Option<String> {
    match what {
        Happening::Exited { status } => Some(format!("exited with {status}")),
        Happening::Killed { signal } => Some(format!("killed by {signal}")),
        _ => None,
    }
}

/// The first one, and behind each its children.
fn in_order(first: Option<i32>, mut found: HashMap<i32, Process>) -> Vec<Process> {
    let mut next: Vec<i32> = first.into_iter().collect();
    let mut ordered = Vec::new();
    while let Some(pid) = next.pop() {
        let process = found.remove(&pid).unwrap_or_default();
        next.extend(process.children().rev());
        ordered.push(process);
    }
    ordered
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
