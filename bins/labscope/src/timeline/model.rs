//! The model of a timeline: lanes, arrows, descriptors and memory at their moments.

use crate::i18n::Text;
use crate::proc::descriptors::Target;
use crate::run::transcript::Status;

/// A run. Times are seconds since its first program began; pids are unique, companions included.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    pub lab: String,
    pub scenario: String,
    pub title: Text,
    /// When the last thing happened.
    pub length: f64,
    /// The lab's processes in order of appearance, then those of each companion.
    pub lanes: Vec<Lane>,
    pub arrows: Vec<Arrow>,
    /// The open descriptors whenever they changed by fork, accept, close, or open of a FIFO.
    pub moments: Vec<Moment>,
    pub forks: Vec<Fork>,
    /// Shared memory and semaphores whenever something was done to them.
    pub shared: Vec<SharedMoment>,
    /// The same run step by step.
    pub steps: Vec<RunStep>,
}

/// One step through a run: somebody acts, or something happens to a process.
#[derive(Clone, Debug, PartialEq)]
pub struct RunStep {
    pub at: f64,
    /// The process or thread that acts, or that it happens to.
    pub pid: i32,
    /// The place among the calls of its trace, if it is one.
    pub call: Option<usize>,
    pub kind: StepKind,
    /// What it has written to a terminal, or to the standard output that the scenario gives.
    pub printed: Option<(Screen, Vec<u8>)>,
    /// The processes whose state is another one now; none: it is no more.
    pub states: Vec<(i32, Option<State>)>,
    /// The processes whose descriptors are others now.
    pub tables: Vec<(i32, Vec<(i32, Target)>)>,
}

/// What a step is, with its call in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A call that comes back at once, or never.
    Call(String),
    /// A call in which it is blocked.
    Enters(String),
    /// The same call, when it comes back.
    Returns(String),
    Signal(String),
    Stopped(String),
    Ended(Status),
}

/// Where printed text is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Terminal,
    /// A pipe or file in the place of standard output.
    Output,
}

impl RunStep {
    /// A step that has changed nothing so far.
    pub fn new(at: f64, pid: i32, call: Option<usize>, kind: StepKind) -> RunStep {
        RunStep {
            at,
            pid,
            call,
            kind,
            printed: None,
            states: Vec::new(),
            tables: Vec::new(),
        }
    }
}

/// One process, as far as its first thread goes; or another thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// The number of the process, or that of the thread.
    pub pid: i32,
    pub thread: Option<Thread>,
    /// Its number among the lab's processes, or those of its companion.
    pub number: usize,
    pub companion: Option<String>,
    /// The process whose fork made it, if that is one of the run.
    pub parent: Option<i32>,
    /// The name of its program, from that moment on: more than one after exec.
    pub names: Vec<(f64, String)>,
    pub born: f64,
    pub ended: Option<(f64, Status)>,
    /// Its parent ignored SIGCHLD when it ended: so it left no zombie.
    pub leaves_no_zombie: bool,
    /// Who sent the signal that killed it, where no mark of that signal tells it.
    pub killed_by: Option<Sender>,
    /// Since when it is in a session of its own, or in that of a parent that is: without a terminal.
    pub in_session: Option<f64>,
    /// When the last of its spans is over, the zombie's included.
    pub until: f64,
    /// One after the other, without gaps.
    pub spans: Vec<Span>,
    /// What it did and what happened to it, in order of time.
    pub marks: Vec<Mark>,
}

/// What a lane is that does not stand for a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The process that it belongs to.
    pub process: i32,
    /// In order of creation; the first thread is 1, and stands for the process.
    pub number: usize,
}

/// A stretch of time in one state.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    pub state: State,
    pub from: f64,
    pub to: f64,
}

/// What a process was doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Running,
    /// In clock_nanosleep.
    Sleeping,
    /// In that call.
    Blocked(String),
    /// In that call, because the scenario holds it there.
    Held(String),
    /// By that signal.
    Stopped(String),
    /// From its end until its parent has waited.
    Zombie,
    /// So many calls, too many to be drawn.
    Folded(usize),
}

/// A moment in the life of a process.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub at: f64,
    /// The place among the calls of its trace, if it is one.
    pub call: Option<usize>,
    /// The line of the lab's own source that made the call, if it is known.
    pub line: Option<u32>,
    pub kind: MarkKind,
    /// The whole call, uncut; empty if it is none.
    pub whole: String,
}

impl Mark {
    /// What is no call of the lab, or one whose line is not known yet.
    pub fn new(at: f64, kind: MarkKind) -> Mark {
        Mark {
            at,
            call: None,
            line: None,
            kind,
            whole: String::new(),
        }
    }
}

/// What a mark stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// A system call, in short: `write "P : 100\n"`, `accept → 4`.
    Call {
        text: String,
        failed: bool,
        /// The descriptors that it found ready stand in the text.
        tells_ready: bool,
        note: Option<Note>,
    },
    /// It runs another program from now on.
    Exec(String),
    Ended(Status),
    Signal {
        name: String,
        from: Option<Sender>,
    },
    /// Its parent has ended; whose child it is now, if the run shows it.
    Orphaned {
        adopter: Option<Adopter>,
    },
    /// So many calls that are not drawn: those of a program that is no lab, or too many.
    Folded(usize),
}

/// Who sent a signal, where no arrow tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The terminal, at that key: `^C`.
    Key(&'static str),
    /// A process of the run, as the lanes name it.
    Process(String),
    /// Somebody who is no process of the run.
    Outside,
    /// Who ends what is left when the run is over.
    EndOfRun,
}

/// Who takes orphans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopter {
    pub pid: i32,
    pub who: AdoptedBy,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdoptedBy {
    Init,
    /// A subreaper of the run, as the lanes name it.
    Process(String),
    /// The one that stands above every run.
    Reaper,
}

/// What the scenario did to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// It made up the result.
    Injected,
    /// It made the sleep short.
    MadeShort,
}

/// From one process to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    pub kind: ArrowKind,
    pub from: Point,
    pub to: Point,
}

/// A process at a moment; no pid stands for whatever is outside the run: terminal, shell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub pid: Option<i32>,
    pub at: f64,
}

/// What an arrow stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArrowKind {
    Fork,
    /// From the call that made a thread to its beginning.
    Thread,
    /// From the child's end to the return of the parent's wait.
    Wait,
    /// From who gave the semaphore of that key back, or ended with it, to who had waited for it.
    Semaphore(i32),
    Signal(String),
    /// From a connect to the accept that returned its connection.
    Connection,
    Bytes {
        count: usize,
        text: String,
        through: Through,
    },
}

/// What bytes went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    Tcp,
    Udp,
    Unix,
    Pipe,
    Fifo,
}

/// The descriptors of every living process after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    pub at: f64,
    /// Who changed them.
    pub pid: i32,
    pub cause: Cause,
    pub tables: Vec<(i32, Vec<(i32, Target)>)>,
}

/// Why descriptors changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    Fork {
        child: i32,
    },
    Accept(i32),
    /// Names of pipes were opened.
    Open(Vec<i32>),
    Close(Vec<i32>),
}

/// Segments and semaphores of System V after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedMoment {
    pub at: f64,
    /// Who did it.
    pub pid: i32,
    pub change: SharedChange,
    pub objects: Shared,
}

/// What was done to the object of that key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedChange {
    Attached(i32),
    Detached(i32),
    Set(i32, i32),
    Waits(i32),
    Taken(i32),
    Given(i32),
    Removed(i32),
    /// By the kernel, at the end of the process: SEM_UNDO.
    Undone(i32),
    /// The process has ended, and so nothing is attached to it any more.
    Ended,
}

/// The objects that there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    pub segments: Vec<SharedSegment>,
    pub semaphores: Vec<Semaphore>,
}

/// A segment, and who has it attached.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedSegment {
    pub id: i64,
    pub key: i32,
    pub attached: Vec<i32>,
    /// Its key is gone; its memory goes with the last process.
    pub is_removed: bool,
}

/// The first semaphore of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Semaphore {
    pub id: i64,
    pub key: i32,
    /// Unknown until the run shows it being set.
    pub value: Option<i64>,
    pub holders: Vec<i32>,
    pub waiting: Vec<i32>,
}

/// Two memories where there was one.
#[derive(Clone, Debug, PartialEq)]
pub struct Fork {
    pub at: f64,
    pub parent: i32,
    pub child: i32,
    /// The lines of source around the fork, and whether it is this one.
    pub code: Vec<(usize, String, bool)>,
    /// Whether they are a lab's: its variables are those of the unoptimised copy.
    pub is_rust: bool,
    pub of_parent: Memory,
    pub of_child: Memory,
}

/// What one process held, read from its memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Those of the function that forked, and of the whole program.
    pub variables: Vec<Variable>,
    /// What lay in stdout's buffer at the fork.
    pub unwritten: Option<Vec<u8>>,
}

/// A variable of one process. A value that is none is nowhere: the compiler has done without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    /// The line of its declaration: another one of the same name may hide it in a block.
    pub declared: u64,
    /// When the process made its first call of its own behind the fork.
    pub first: Option<String>,
    /// At its last call in that function.
    pub last: Option<String>,
}

impl Timeline {
    /// The number of the colour of the process in each lane: the lab's first, in their order, then the companions'.
    pub fn colours(&self) -> Vec<usize> {
        let is_lab = |lane: &&Lane| lane.companion.is_none();
        let of_lab = self.lanes.iter().filter(is_lab).count();
        let (mut own, mut others) = (0.., of_lab..);
        let lanes = self.lanes.iter();
        let colours = lanes.filter_map(|lane| {
            if is_lab(&lane) {
                own.next()
            } else {
                others.next()
            }
        });
        colours.collect()
    }

    /// The place of that process or thread among the lanes.
    pub fn place(&self, pid: i32) -> Option<usize> {
        self.lanes.iter().position(|lane| lane.pid == pid)
    }

    /// The lane of that process.
    pub fn lane(&self, pid: i32) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.pid == pid)
    }
}

impl Shared {
    /// The segment of that id, there from now on.
    pub fn segment(&mut self, id: i64, key: i32) -> &mut SharedSegment {
        let place = self.segments.iter().position(|it| it.id == id);
        let place = place.unwrap_or_else(|| {
            self.segments.push(SharedSegment {
                id,
                key,
                attached: Vec::new(),
                is_removed: false,
            });
            self.segments.len() - 1
        });
        &mut self.segments[place]
    }

    /// The semaphore of the set of that id, there from now on.
    pub fn semaphore(&mut self, id: i64, key: i32) -> &mut Semaphore {
        let place = self.semaphores.iter().position(|it| it.id == id);
        let place = place.unwrap_or_else(|| {
            self.semaphores.push(Semaphore {
                id,
                key,
                value: None,
                holders: Vec::new(),
                waiting: Vec::new(),
            });
            self.semaphores.len() - 1
        });
        &mut self.semaphores[place]
    }

    /// A segment that was removed is gone when nobody has it attached any more.
    pub fn forget_segments(&mut self) {
        self.segments
            .retain(|it| !it.is_removed || !it.attached.is_empty());
    }

    /// A process is not, or no longer, in semop.
    pub fn stop_waiting(&mut self, pid: i32) {
        for semaphore in &mut self.semaphores {
            semaphore.waiting.retain(|it| *it != pid);
        }
    }
}

impl Lane {
    /// The name of the program at that time.
    pub fn name_at(&self, at: f64) -> &str {
        let before = self.names.iter().rev().find(|(from, _)| *from <= at);
        let name = before.or(self.names.first()).map(|(_, name)| name.as_str());
        name.unwrap_or_default()
    }
}
