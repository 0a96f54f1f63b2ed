//! What each descriptor of a run is: the first connection, the listening socket, a pipe's reading end, a file.
//!
//! Two programs rarely have the same numbers: who makes a socket more, or forgets a close, has others from there on. So
//! descriptors are compared by what they are. 0, 1 and 2 are what their numbers say, whatever lies behind them.

use std::collections::{HashMap, HashSet};

use crate::compare::aliases::{AliasedText, Aliases, Descriptor, Origin};
use crate::facts::process_tree::ProcessTree;
use crate::i18n::descriptor::{self, Opened};
use crate::i18n::{Text, code};
use crate::trace::decode::is_descriptor;
use crate::trace::syscall::{ACCEPTS, CLOSES, NEW_FD, OPENS, request};
use crate::trace::{Call, Trace};

/// Below it are those that a program finds open.
const FIRST_OWN: i64 = 3;

/// What lies behind the numbers that occur in one call.
pub type Held = HashMap<i64, Descriptor>;

/// One thing that a process has opened.
struct Object {
    maker: i32,
    kind: Kind,
    /// The line of the trace at which it was there.
    since: usize,
    /// Whether anything was done with it but to close it.
    used: bool,
    /// The threads that did so.
    users: HashSet<i32>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Kind {
    Socket,
    Connection,
    Reading,
    Writing,
    File(String),
    Epoll,
    Other(String),
    Copy(usize),
    /// Of what the program found open, by its number.
    CopyOf(String),
}

/// Follows the descriptors of all processes.
#[derive(Default)]
struct Follower {
    objects: Vec<Object>,
    tables: HashMap<i32, HashMap<i64, (usize, bool)>>,
    /// What each call held: its number, the object, and whether that was closed.
    held: Vec<Vec<(i64, usize, bool)>>,
}

/// What the descriptors in each call of a trace are.
pub fn descriptors(trace: &Trace, tree: &ProcessTree, names: &Aliases) -> Vec<Held> {
    let mut moments: Vec<(usize, bool, usize)> = Vec::new();
    for (index, call) in trace.calls.iter().enumerate().filter(|(_, it)| !it.setup) {
        moments.push((call.entered_at, false, index));
        moments.extend(call.returned_at.map(|line| (line, true, index)));
    }
    moments.sort();
    let mut follower = Follower::default();
    follower.held.resize(trace.calls.len(), Vec::new());
    for (line, is_return, index) in moments {
        let call = &trace.calls[index];
        match is_return {
            false => follower.entered(call, index, tree),
            true => follower.returned(call, index, line, names),
        }
    }
    let told = follower.told(names);
    let held = follower.held.iter().zip(&trace.calls);
    let named = |(number, object, closed): &(i64, usize, bool), call: &Call| {
        let what = match closed {
            true => descriptor::closed(&told[*object]),
            false => told[*object].clone(),
        };
        let Object { kind, since, .. } = &follower.objects[*object];
        let is_shared = follower.objects[*object].users.len() > 1;
        let at = call.returned_at.unwrap_or(call.entered_at);
        let origin = match kind {
            Kind::Connection => Origin::Accepted,
            Kind::File(_) => Origin::Opened,
            _ => Origin::Other,
        };
        (
            *number,
            Descriptor::new(what, origin, is_shared, [*since, at]),
        )
    };
    let all = |(held, call): (&Vec<_>, &Call)| held.iter().map(|one| named(one, call)).collect();
    held.map(all).collect()
}

impl Follower {
    fn entered(&mut self, call: &Call, index: usize, tree: &ProcessTree) {
        let table = self.tables.entry(call.pid).or_default();
        let about = call
            .args
            .get(0)
            .number()
            .filter(|_| is_descriptor(&call.name, 0));
        let uses = about.and_then(|number| table.get(&number));
        if let (Some((object, _)), false) = (uses, call.is(CLOSES)) {
            self.objects[*object].used = true;
            self.objects[*object].users.insert(call.thread);
        }
        let all = table
            .iter()
            .map(|(number, (object, closed))| (*number, *object, *closed));
        self.held[index] = all.collect();
        if call.is(CLOSES) {
            let bound = |place| call.args.get(place).number();
            let first = bound(0).unwrap_or_default();
            let last = match call.name.as_str() {
                "close_range" => bound(1).unwrap_or(i64::MAX),
                _ => first,
            };
            let gone = table
                .iter_mut()
                .filter(|(number, _)| (first..=last).contains(*number));
            gone.for_each(|(_, (_, closed))| *closed = true);
        }
        if let Some(child) = tree.made_by(index) {
            let copy = table.clone();
            self.tables.insert(child.pid, copy);
        }
    }

    fn returned(&mut self, call: &Call, index: usize, line: usize, names: &Aliases) {
        let Some(value) = call.value().filter(|&value| value >= 0) else {
            return;
        };
        for (number, kind) in self.made(call, value, names) {
            if number < FIRST_OWN {
                continue;
            }
            self.objects.push(Object {
                maker: call.pid,
                used: !matches!(kind, Kind::Socket),
                kind,
                since: line,
                users: HashSet::new(),
            });
            let object = self.objects.len() - 1;
            let table = self.tables.entry(call.pid).or_default();
            table.insert(number, (object, false));
            self.held[index].retain(|(it, ..)| *it != number);
            self.held[index].push((number, object, false));
        }
    }

    /// What a call has made, under which numbers.
    fn made(&self, call: &Call, value: i64, names: &Aliases) -> Vec<(i64, Kind)> {
        let path = || {
            let path = call.args.text().map(|path| path.bytes).unwrap_or_default();
            // The same file, however its path begins.
            let path = path.strip_prefix(b"./").unwrap_or(&path);
            AliasedText::new(&String::from_utf8_lossy(path), names).to_string()
        };
        let kind = match request(&call.name) {
            "pipe" => {
                let ends = call.pair().into_iter().map(i64::from);
                return ends.zip([Kind::Reading, Kind::Writing]).collect();
            }
            "socket" => Kind::Socket,
            "epoll_create1" => Kind::Epoll,
            _ if call.is(ACCEPTS) => Kind::Connection,
            _ if call.is(OPENS) => Kind::File(path()),
            _ if call.duplicates() => {
                let table = self.tables.get(&call.pid);
                let from = call.args.get(0).number();
                match table.and_then(|table| table.get(&from?)) {
                    Some((object, _)) => Kind::Copy(*object),
                    None => Kind::CopyOf(call.args.get(0).as_str().to_owned()),
                }
            }
            _ if call.is(NEW_FD) => Kind::Other(call.name.clone()),
            _ => return Vec::new(),
        };
        vec![(value, kind)]
    }

    /// What each object is called: of those of one kind that a process has made, the first, the second …
    fn told(&self, names: &Aliases) -> Vec<Text> {
        let mut counts: HashMap<(i32, &Kind, bool), usize> = HashMap::new();
        let mut told: Vec<Text> = Vec::new();
        let sockets = self.objects.iter().filter(|it| it.kind == Kind::Socket);
        let users: HashSet<i32> = sockets.filter(|it| it.used).map(|it| it.maker).collect();
        for object in &self.objects {
            // Unused is one beside another only: who ends before it uses any has left out nothing.
            let is_used = object.used || !users.contains(&object.maker);
            let count = counts
                .entry((object.maker, &object.kind, is_used))
                .or_default();
            *count += 1;
            let maker = names.get(&object.maker.to_string());
            let maker = maker.map_or("", String::as_str).trim_matches(['<', '>']);
            let number;
            let what = match &object.kind {
                Kind::Socket => Opened::Socket { is_used },
                Kind::Connection => Opened::Connection,
                Kind::Reading => Opened::ReadingEnd,
                Kind::Writing => Opened::WritingEnd,
                Kind::Epoll => Opened::Epoll,
                Kind::File(path) => Opened::File(path),
                Kind::Other(call) => Opened::By(call),
                Kind::Copy(of) => Opened::Copy(&told[*of]),
                Kind::CopyOf(of) => {
                    number = code(of.clone());
                    Opened::Copy(&number)
                }
            };
            let text = descriptor::opened(&what, *count, maker);
            told.push(text);
        }
        told
    }
}

/// An argument in which the descriptors are known.
pub fn in_argument(call: &Call, place: usize, word: AliasedText, held: &Held) -> AliasedText {
    let exactly = |word: AliasedText, before: &str| {
        word.with_descriptors(|number, text| {
            text.ends_with(before).then(|| held.get(&number).cloned())?
        })
    };
    // A number that a program may have chosen otherwise is like itself too.
    let loosely = |word: AliasedText, before: &str, above: i64| {
        word.with_descriptors(|number, text| {
            let held = text
                .ends_with(before)
                .then(|| held.get(&(number - above)))?;
            Some(held?.loosely(above))
        })
    };
    match (request(&call.name), place) {
        _ if is_descriptor(&call.name, place) => exactly(word, ""),
        ("close_range" | "pipe", 0) | ("select", 1..=3) => exactly(word, ""),
        ("poll", 0) => exactly(word, "fd="),
        ("select", 0) => loosely(word, "", 1),
        ("epoll_ctl", 3) | ("epoll_wait", 1) => loosely(word, "=", 0),
        _ => word,
    }
}

/// A result in which the descriptor that the call has made is known.
pub fn in_result(call: &Call, result: AliasedText, held: &Held) -> AliasedText {
    match call.is(NEW_FD) || call.duplicates() {
        true => result.with_descriptors(|number, _| held.get(&number).cloned()),
        false => result,
    }
}
