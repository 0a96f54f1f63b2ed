//! What each descriptor of a run is: the first connection, the listening socket, a pipe's reading end, a file.
//!
//! Two programs rarely have the same numbers: who makes a socket more, or forgets a close, has others from there on. So
//! descriptors are compared by what they are. 0, 1 and 2 are what their numbers say, whatever lies behind them.

use std::collections::HashMap;

use crate::compare::aliases::{AliasedText, Aliases, Descriptor};
use crate::trace::syscall::{CLOSES, FD, NEW_FD, Syscall};
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
}

/// Follows the descriptors of all processes.
#[derive(Default)]
struct Follower {
    objects: Vec<Object>,
    tables: HashMap<i32, HashMap<i64, (usize, bool)>>,
    /// What each call held: its number, the object, and whether that was closed.
    held: Vec<Vec<(i64, usize, bool)>>,
    /// The table of a child that no finished fork has named.
    unnamed: HashMap<i64, (usize, bool)>,
}

/// What the descriptors in each call of a trace are.
pub fn descriptors(trace: &Trace, names: &Aliases) -> Vec<Held> {
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
            false => follower.entered(call, index),
            true => follower.returned(call, index, line, names),
        }
    }
    let told = follower.told(names);
    let held = follower.held.iter().zip(&trace.calls);
    let descriptor = |(number, object, closed): &(i64, usize, bool), call: &Call| {
        let what = match closed {
            true => format!("closed {}", told[*object]),
            false => told[*object].clone(),
        };
        let since = follower.objects[*object].since;
        let at = call.returned_at.unwrap_or(call.entered_at);
        (*number, Descriptor::new(what, since, at))
    };
    let all =
        |(held, call): (&Vec<_>, &Call)| held.iter().map(|one| descriptor(one, call)).collect();
    held.map(all).collect()
}

impl Follower {
    fn entered(&mut self, call: &Call, index: usize) {
        if !self.tables.contains_key(&call.pid) {
            let found = self.unnamed.clone();
            self.tables.insert(call.pid, found);
        }
        let table = self.tables.entry(call.pid).or_default();
        let about = call
            .args
            .get(0)
            .number()
            .filter(|_| is_about_one(&call.name));
        let uses = about.and_then(|number| table.get(&number));
        if let (Some((object, _)), false) = (uses, call.is(CLOSES)) {
            self.objects[*object].used = true;
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
        if call.makes_process() {
            let copy = table.clone();
            match call.child() {
                Some(child) => drop(self.tables.insert(child, copy)),
                None => self.unnamed = copy,
            }
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
            AliasedText::new(&String::from_utf8_lossy(&path), names).to_string()
        };
        let kind = match call.name.as_str() {
            "pipe" | "pipe2" => {
                let ends = call.args.get(0).parts();
                let ends = ends.iter().filter_map(|end| end.number());
                return ends.zip([Kind::Reading, Kind::Writing]).collect();
            }
            "socket" => Kind::Socket,
            "accept" | "accept4" => Kind::Connection,
            "open" | "openat" | "openat2" | "creat" => Kind::File(path()),
            "epoll_create" | "epoll_create1" => Kind::Epoll,
            _ if call.duplicates() => {
                let table = self.tables.get(&call.pid);
                let from = call.args.get(0).number();
                match table.and_then(|table| table.get(&from?)) {
                    Some((object, _)) => Kind::Copy(*object),
                    None => Kind::Other(format!("copy of {}", call.args.get(0).as_str())),
                }
            }
            name if Syscall::named(name).is(NEW_FD) => Kind::Other(name.to_owned()),
            _ => return Vec::new(),
        };
        vec![(value, kind)]
    }

    /// What each object is called: of those of one kind that a process has made, the first, the second …
    fn told(&self, names: &Aliases) -> Vec<String> {
        let mut counts: HashMap<(i32, &Kind, bool), usize> = HashMap::new();
        let mut told: Vec<String> = Vec::new();
        for object in &self.objects {
            let count = counts
                .entry((object.maker, &object.kind, object.used))
                .or_default();
            *count += 1;
            let maker = names.get(&object.maker.to_string());
            let maker = maker.map_or("", String::as_str).trim_matches(['<', '>']);
            let kind = match (&object.kind, object.used) {
                (Kind::Socket, true) => "socket",
                (Kind::Socket, false) => "unused socket",
                (Kind::Connection, _) => "connection",
                (Kind::Reading, _) => "reading end of pipe",
                (Kind::Writing, _) => "writing end of pipe",
                (Kind::File(path), _) => path,
                (Kind::Epoll, _) => "epoll",
                (Kind::Other(name), _) => name,
                (Kind::Copy(of), _) => &format!("copy of {}:", told[*of]),
            };
            told.push(format!("{kind} {count} of {maker}"));
        }
        told
    }
}

/// Whether the first argument is a descriptor.
fn is_about_one(name: &str) -> bool {
    const OTHERS: [&str; 16] = [
        "epoll_pwait",
        "epoll_pwait2",
        "epoll_wait",
        "fadvise64",
        "fallocate",
        "fchdir",
        "fchmod",
        "fdatasync",
        "flock",
        "fsync",
        "newfstatat",
        "openat",
        "preadv",
        "pwritev",
        "sendmmsg",
        "recvmmsg",
    ];
    Syscall::named(name).is(FD) || OTHERS.contains(&name)
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
    match (call.name.as_str(), place) {
        (name, 0) if is_about_one(name) => exactly(word, ""),
        ("dup2" | "dup3" | "sendfile", 1) | ("epoll_ctl", 2) | ("mmap", 4) => exactly(word, ""),
        ("pipe" | "pipe2", 0) | ("select" | "pselect6", 1..=3) => exactly(word, ""),
        ("poll" | "ppoll", 0) => exactly(word, "fd="),
        ("select" | "pselect6", 0) => loosely(word, "", 1),
        ("epoll_ctl", 3) | ("epoll_wait" | "epoll_pwait", 1) => loosely(word, "=", 0),
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
