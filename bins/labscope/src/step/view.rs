//! What is shown of a run between two steps.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::control::{End, Standing};
use crate::i18n::Language;
use crate::proc::process::Process;
use crate::source::unwritten;
use crate::source::{Attribution, Line};
use crate::step::pipes::Pipes;
use crate::step::session::Session;
use crate::text::encoding;
use crate::trace::tracer::memory::ProcessMemory;
use crate::trace::tracer::unwind::AddressSpace;

/// A run between two steps.
#[derive(Clone, Debug)]
pub struct View {
    pub steps: Vec<usize>,
    /// Who made the last call, and which.
    pub last: Option<(usize, String)>,
    /// Those that are there, in order of appearance.
    pub processes: Vec<ProcessView>,
    /// All that was printed.
    pub output: String,
    pub time: Duration,
    pub end: Option<End>,
}

/// A process, or a thread of one.
#[derive(Clone, Debug)]
pub struct ProcessView {
    pub number: usize,
    /// `1`, its first child `1.1`; a thread is `1/1`.
    pub path: String,
    pub doing: Doing,
    /// The call that it makes next, or is in.
    pub call: Option<String>,
    pub line: Option<SourceLine>,
    pub descriptors: Vec<String>,
    /// What waits in the buffer of its stdout.
    pub unwritten: String,
}

/// What a process is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It can make its call.
    Ready,
    /// Its call waits.
    Asleep,
    SleepsUntil(Duration),
    /// Its vfork waits for the child.
    InVfork,
    Stopped,
    Zombie,
}

/// A line of a program's source.
#[derive(Clone, Debug)]
pub struct SourceLine {
    /// The name of the file.
    pub file: String,
    pub line: u32,
    pub text: String,
}

/// Looks at runs of a program, again and again.
pub struct Observer {
    /// The folders of its programs.
    sources: Vec<Attribution>,
    files: HashMap<PathBuf, String>,
    pipes: Pipes,
    language: Language,
}

impl Observer {
    /// `programs`: those that may be met.
    pub fn new(programs: &[PathBuf], language: Language) -> Observer {
        let mut folders: Vec<PathBuf> = programs
            .iter()
            .filter_map(|program| Some(program.canonicalize().ok()?.parent()?.to_owned()))
            .collect();
        folders.sort();
        folders.dedup();
        let sources = folders.iter().filter_map(|it| Attribution::new(it).ok());
        Observer {
            sources: sources.collect(),
            files: HashMap::new(),
            pipes: Pipes::default(),
            language,
        }
    }

    /// A run as it is now.
    pub fn look(&mut self, session: &Session) -> View {
        let machine = &session.machine;
        let numbers = 1..=machine.len();
        View {
            steps: session.steps(),
            last: session.last(),
            processes: numbers.filter_map(|it| self.process(session, it)).collect(),
            output: machine.with_paths(&encoding::text(&machine.output())),
            time: machine.now(),
            end: machine.end(),
        }
    }

    fn process(&mut self, session: &Session, number: usize) -> Option<ProcessView> {
        let machine = &session.machine;
        let (doing, call) = match machine.standing(number) {
            Standing::Before(call) if session.is_ready(number) => (Doing::Ready, Some(call)),
            Standing::Before(call) | Standing::AsleepIn(call) => (Doing::Asleep, Some(call)),
            Standing::Sleeping { call, until } => (Doing::SleepsUntil(until), Some(call)),
            Standing::InVfork => (Doing::InVfork, None),
            Standing::Stopped => (Doing::Stopped, None),
            Standing::Zombie => (Doing::Zombie, None),
            Standing::Gone => return None,
        };
        let path = machine.path(number).to_string();
        let (pid, tid) = machine.pid_and_tid(number);
        let process = Process::read(pid).filter(|_| doing != Doing::Zombie);
        let descriptors = process.map(|it| self.pipes.descriptors(&it, self.language));
        let stands = !matches!(doing, Doing::Zombie | Doing::Stopped);
        let unwritten = unwritten(pid).filter(|_| doing != Doing::Zombie);
        let unwritten = String::from_utf8_lossy(&unwritten.unwrap_or_default()).into_owned();
        Some(ProcessView {
            number,
            path,
            doing,
            call: call.map(|call| machine.with_paths(&call.to_string())),
            line: stands.then(|| self.line(pid, tid)).flatten(),
            descriptors: descriptors.unwrap_or_default(),
            unwritten: machine.with_paths(&unwritten),
        })
    }

    /// The line of its source at which a thread stands.
    fn line(&mut self, pid: i32, tid: i32) -> Option<SourceLine> {
        let program = std::fs::read_link(format!("/proc/{pid}/exe")).ok()?;
        let stack = AddressSpace::default().stack(ProcessMemory { thread: tid });
        let mut sources = self.sources.iter();
        let line = sources.find_map(|source| source.line(&program, &stack))?;
        Some(SourceLine {
            text: self.text(&line),
            file: name(&line.file),
            line: line.line,
        })
    }

    fn text(&mut self, line: &Line) -> String {
        let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap_or_default();
        let file = self.files.entry(line.file.clone());
        let file = file.or_insert_with_key(read);
        let text = file.lines().nth((line.line as usize).saturating_sub(1));
        text.unwrap_or_default().trim().to_owned()
    }
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
