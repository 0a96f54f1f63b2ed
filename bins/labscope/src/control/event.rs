//! What happened at a step, and which of two steps the other one can see.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

/// One visible call that was made, with what its process did up to the next one.
#[derive(Clone, Debug)]
pub struct Event {
    /// Who: `1`, its first child `1.1`; a thread is `1/1`.
    pub task: Rc<str>,
    /// The number of the process in order of appearance.
    pub number: usize,
    pub call: ToldCall,
    pub touches: Vec<Touch>,
    pub waited: Option<Waited>,
    /// The processes that ended.
    pub exits: Vec<Exit>,
    /// The tasks that appeared.
    pub created: Vec<Rc<str>>,
    /// The tasks that it has ended while they stood before a call.
    pub cut_off: Vec<Rc<str>>,
    /// The signals that reached somebody, with his pid, as a trace has them; only if arguments are told.
    pub signals: Vec<(i32, String)>,
}

/// A call as a trace has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToldCall {
    pub name: String,
    /// If arguments are told.
    pub args: Option<String>,
    /// If it has come back.
    pub result: Option<String>,
}

impl fmt::Display for ToldCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(args) = &self.args {
            write!(f, "({args})")?;
        }
        match &self.result {
            Some(result) => write!(f, " = {result}"),
            None => Ok(()),
        }
    }
}

/// Something that is touched, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    pub thing: u64,
    pub how: How,
}

/// How a thing is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Read,
    Change,
    /// An entry of a folder is made or removed: of two, the order cannot be seen in the folder.
    Entry,
    /// Output of that content: the order of two equal texts cannot be seen.
    Print(u64),
    PipeWrite {
        was_empty: bool,
    },
    PipeRead {
        is_end: bool,
    },
    CloseWriter,
    CloseReader,
    /// A process goes on.
    Run,
    Signal,
    Exit,
    /// A child asks who its parent is.
    AskParent,
    Reap,
    /// A process says what is done at a signal.
    Action(i32),
    /// A child of the process has ended.
    ChildEnds,
    Group,
}

/// A process that ended.
#[derive(Clone, Debug)]
pub struct Exit {
    pub process: Rc<str>,
    pub pid: i32,
    pub end: Option<End>,
    /// Who could wait for it, and which child of that process it is: wait(2) finds the first.
    pub parents: Vec<(Rc<str>, usize)>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Exited(i32),
    Killed(i32),
}

/// A wait for a child.
#[derive(Clone, Debug)]
pub struct Waited {
    pub parent: Rc<str>,
    /// Of this child only.
    pub child: Option<Rc<str>>,
    /// It comes back when there is nobody to reap.
    pub at_once: bool,
    /// Who was reaped, and which child that is.
    pub reaped: Option<(Rc<str>, usize)>,
}

/// Why two steps cannot change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The first made the second possible.
    Cause,
    /// They touch the same thing.
    Conflict,
}

/// What stands for a thing of that name.
pub fn thing(kind: &str, name: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, name).hash(&mut hasher);
    hasher.finish()
}

impl Touch {
    pub fn new(kind: &str, name: impl Hash, how: How) -> Touch {
        Touch {
            thing: thing(kind, name),
            how,
        }
    }
}

/// Why the second of two steps could not have come before the first, if so.
pub fn relation(first: &Event, second: &Event) -> Option<Relation> {
    let mut found = wait_relation(first, second);
    for one in &first.touches {
        for other in second.touches.iter().filter(|it| it.thing == one.thing) {
            match how_relation(one.how, other.how) {
                Some(Relation::Conflict) => return Some(Relation::Conflict),
                Some(Relation::Cause) => found = Some(Relation::Cause),
                None => {}
            }
        }
    }
    found
}

fn how_relation(first: How, second: How) -> Option<Relation> {
    use How::*;
    match (first, second) {
        (PipeWrite { was_empty: true }, PipeRead { .. })
        | (CloseWriter, PipeRead { is_end: true }) => Some(Relation::Cause),
        (PipeWrite { .. }, PipeRead { .. } | PipeWrite { .. })
        | (PipeRead { .. }, PipeWrite { .. } | PipeRead { .. })
        | (PipeWrite { .. }, CloseReader)
        | (CloseReader, PipeWrite { .. })
        | (PipeRead { is_end: true }, CloseWriter) => Some(Relation::Conflict),
        (Print(one), Print(other)) => (one != other).then_some(Relation::Conflict),
        (Read, Read) => None,
        (Read | Change, _) | (_, Read | Change) => Some(Relation::Conflict),
        (Signal, Run | Signal | Exit | Reap | Group)
        | (Run | Exit | Reap | Group, Signal)
        | (Exit, AskParent)
        | (AskParent, Exit)
        | (Group, Group) => Some(Relation::Conflict),
        (Action(signal), ChildEnds) | (ChildEnds, Action(signal)) => {
            (signal == nix::libc::SIGCHLD).then_some(Relation::Conflict)
        }
        _ => None,
    }
}

fn wait_relation(first: &Event, second: &Event) -> Option<Relation> {
    let of_exits = |exits: &[Exit], wait: &Event, comes_first: bool| {
        let wait = wait.waited.as_ref()?;
        let relations = exits
            .iter()
            .map(|exit| exit_and_wait(exit, wait, comes_first));
        relations
            .flatten()
            .max_by_key(|it| *it == Relation::Conflict)
    };
    let one = of_exits(&first.exits, second, true);
    let other = of_exits(&second.exits, first, false);
    match (one, other) {
        (Some(Relation::Conflict), _) | (_, Some(Relation::Conflict)) => Some(Relation::Conflict),
        (one, other) => one.or(other),
    }
}

/// `comes_first`: whether the exit comes before the wait.
fn exit_and_wait(exit: &Exit, wait: &Waited, comes_first: bool) -> Option<Relation> {
    let birth = exit.birth(&wait.parent)?;
    if !wait.is_for(&exit.process) {
        return None;
    }
    match &wait.reaped {
        Some((child, _)) if *child == exit.process => Some(Relation::Cause),
        // The first-born is found first, whoever ended first.
        Some((_, other)) => (birth < *other).then_some(Relation::Conflict),
        None if comes_first && !wait.at_once => Some(Relation::Cause), // ECHILD: all had to end
        None => Some(Relation::Conflict),
    }
}

impl Exit {
    /// Which child of that process it was, if that could wait for it.
    pub fn birth(&self, parent: &str) -> Option<usize> {
        let mut parents = self.parents.iter();
        parents.find_map(|(path, birth)| (**path == *parent).then_some(*birth))
    }
}

impl Waited {
    /// Whether that child would do.
    pub fn is_for(&self, child: &Rc<str>) -> bool {
        self.child.as_ref().is_none_or(|only| only == child)
    }
}
