//! What a trace tells of each thread, in an order and in words that two traces of one run share.

use std::collections::{BTreeMap, HashMap};

use labscope::facts::process_tree::ProcessTree;
use labscope::trace::{Args, Call, Happening, Notice, Trace};

use crate::chance;
use crate::runs::Run;
use crate::same::{Differs, Known};

/// Something a thread did, or that happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The call; empty: a signal, a stop, an end.
    pub name: String,
    pub args: Vec<String>,
    pub result: String,
}

impl std::fmt::Display for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.name.as_str() {
            "" => f.write_str(&self.result),
            name => write!(f, "{name}({}) = {}", self.args.join(", "), self.result),
        }
    }
}

/// One thread: `1.2` is the second child of the first process, `1.2/1` the first thread that it started.
#[derive(Default)]
pub struct Thread {
    pub name: String,
    pub items: Vec<Item>,
    /// The signals that told it of its children: between which of its calls they fall, time decides.
    pub of_children: Vec<Item>,
    /// The signals that the scenario sends, by a key or otherwise, and what they do: when they come, time decides too.
    pub of_outside: Vec<Item>,
    /// It was killed by one of those, or because the run was over: how far it came, time decides.
    pub is_killed: bool,
}

/// What a run told.
pub struct Account {
    pub threads: Vec<Thread>,
    /// What the numbers are that each run has of its own: of processes, of what System V shares.
    pub names: HashMap<String, String>,
}

impl Account {
    pub fn of(run: &Run, known: &[&Known]) -> Account {
        let names = names(run);
        let mut threads: BTreeMap<i32, Thread> = BTreeMap::new();
        for (thread, what) in told(&run.trace) {
            let account = threads.entry(thread).or_default();
            match what {
                Told::Call(call) => account.items.push(item(call)),
                Told::Notice(notice, is_watched) => account.take(&notice.what, is_watched),
            }
        }
        let name = |thread: &i32| names.get(&thread.to_string()).cloned().unwrap_or_default();
        let threads = threads.into_iter();
        let mut threads: Vec<Thread> = threads
            .map(|(thread, account)| account.tidied(name(&thread), known))
            .collect();
        threads.sort_by(|one, other| one.name.cmp(&other.name));
        Account { threads, names }
    }
}

enum Told<'a> {
    Call(&'a Call),
    /// Whether somebody watched still.
    Notice(&'a Notice, bool),
}

/// All that the program did and met, in the order in which it was told, each with its thread.
fn told(trace: &Trace) -> Vec<(i32, Told<'_>)> {
    let (_, watched) = trace.watched.unwrap_or((usize::MAX, usize::MAX));
    let calls = trace.calls.iter().filter(|call| !call.setup);
    let begin = calls
        .clone()
        .next()
        .map_or(usize::MAX, |call| call.entered_at);
    let calls = calls.map(|call| (call.entered_at, call.thread, Told::Call(call)));
    let notices = trace.notices.iter().enumerate();
    let notices = notices.map(|(place, notice)| {
        let what = Told::Notice(notice, place < watched);
        (notice.line, notice.thread, what)
    });
    let mut all: Vec<_> = calls
        .chain(notices.filter(|(line, ..)| *line > begin))
        .collect();
    all.sort_by_key(|(line, ..)| *line);
    all.into_iter()
        .map(|(_, thread, what)| (thread, what))
        .collect()
}

fn names(run: &Run) -> HashMap<String, String> {
    let trace = &run.trace;
    let mut names = HashMap::new();
    let mut add = |number: i32, name: String| drop(names.insert(number.to_string(), name));
    add(run.shell, "shell".to_owned());
    add(run.reaper, "reaper".to_owned());
    for (name, companion) in &run.transcript.companions {
        let pids = companion.pids.iter().enumerate();
        pids.for_each(|(place, pid)| add(*pid, format!("{name} {place}")));
    }
    let tree = ProcessTree::of(trace);
    let mut processes = HashMap::new();
    for (place, process) in tree.processes().iter().enumerate() {
        let path: Vec<String> = tree.path(place).iter().map(usize::to_string).collect();
        processes.insert(process.pid, path.join("."));
        add(process.pid, path.join("."));
    }
    let mut counts: HashMap<(i32, &str), usize> = HashMap::new();
    for call in &trace.calls {
        if let Some(port) = call.args.port().filter(|&port| chance::is_free(port)) {
            add(port.into(), "port".to_owned());
            // A program that forgets ntohs(3) prints it so.
            add(port.swap_bytes().into(), "port, swapped".to_owned());
        }
        let is_thread = call.is_fork() && !call.makes_process();
        let is_shared = ["msgget", "semget", "shmget"].contains(&call.name.as_str());
        let number = call.value().and_then(|number| i32::try_from(number).ok());
        if let Some(number) = number.filter(|&number| number >= 0 && (is_thread || is_shared)) {
            let kind = if is_thread { "" } else { &call.name };
            let count = counts.entry((call.pid, kind)).or_default();
            *count += 1;
            let process = processes.get(&call.pid).map_or("", String::as_str);
            add(number, format!("{process}/{kind}{count}"));
        }
    }
    names
}

impl Thread {
    /// A signal, a stop, an end; whether somebody watched still.
    fn take(&mut self, what: &Happening, is_watched: bool) {
        let item = noticed(what);
        let is_from_outside = match what {
            Happening::Signal { .. } => is_from_outside(what),
            Happening::Stopped { signal } | Happening::Killed { signal } => {
                let sent = format!("--- {signal} ");
                self.of_outside
                    .iter()
                    .any(|item| item.result.starts_with(&sent))
            }
            _ => false,
        };
        let is_kill = matches!(what, Happening::Killed { .. });
        self.is_killed |= is_kill && (is_from_outside || !is_watched);
        match what {
            Happening::Signal { .. } | Happening::Killed { .. } if !is_watched => {}
            _ if is_from_outside => self.of_outside.push(item),
            _ if what.is_about_child() => self.of_children.push(item),
            _ => self.items.push(item),
        }
    }

    /// In a form that two runs share.
    fn tidied(self, name: String, known: &[&Known]) -> Thread {
        let items = merged(without_waiting(self.items)).into_iter();
        let items = items
            .filter_map(|item| as_known(item, known))
            .map(chance::forget);
        let mut items: Vec<Item> = items.collect();
        if self.is_killed {
            let is_cut = |item: &mut Item| item.result.starts_with('?');
            while items.pop_if(is_cut).is_some() {}
        }
        let mut of_children: Vec<Item> = self.of_children.into_iter().map(chance::forget).collect();
        of_children.sort_by(|one, other| one.result.cmp(&other.result));
        Thread {
            name,
            items,
            of_children,
            of_outside: self.of_outside,
            is_killed: self.is_killed,
        }
    }
}

/// Whether the scenario sends a signal: this program, or the terminal.
fn is_from_outside(signal: &Happening) -> bool {
    const KEYS: [&str; 3] = ["SIGINT", "SIGQUIT", "SIGTSTP"];
    let is_key = matches!(signal, Happening::Signal { name, .. } if KEYS.contains(&name.as_str()));
    let sender = signal
        .sender()
        .and_then(|sender| u32::try_from(sender).ok());
    is_key && signal.is_from_kernel() || sender == Some(std::process::id())
}

/// What a program does to wait until another one sleeps (`asleep.h`), it does as often as it takes.
fn without_waiting(items: Vec<Item>) -> Vec<Item> {
    let mut is_waiting = false;
    let is_part = |item: &Item| {
        let begins = item.name == "openat" && item.args[1].ends_with("/stat\"");
        let ends = item.name == "close";
        is_waiting = begins || is_waiting && !ends;
        begins || !is_waiting
    };
    items.into_iter().filter(is_part).collect()
}

/// A call that the kernel broke off and began anew counts once, as it came back.
fn merged(items: Vec<Item>) -> Vec<Item> {
    let mut merged: Vec<Item> = Vec::new();
    for mut item in items {
        let before = merged
            .last()
            .filter(|before| before.result.starts_with("? ERESTART"));
        let goes_on = item.name == "restart_syscall";
        let is_same = |before: &&Item| {
            goes_on || item.name == before.name && item.args.first() == before.args.first()
        };
        if let Some(before) = before.filter(is_same) {
            if goes_on {
                (item.name, item.args) = (before.name.clone(), before.args.clone());
            }
            merged.pop();
        }
        merged.push(item);
    }
    merged
}

fn as_known(mut item: Item, known: &[&Known]) -> Option<Item> {
    let known = known.iter().find(|known| known.call == item.name);
    match known.map(|known| known.what) {
        Some(Differs::Altogether) => return None,
        Some(Differs::InWords) => (item.args, item.result) = (Vec::new(), String::new()),
        None => {}
    }
    Some(item)
}

fn plain(text: &str) -> Vec<String> {
    let args = Args::from(text.to_owned());
    args.all().into_iter().map(|arg| arg.plain()).collect()
}

fn item(call: &Call) -> Item {
    let result = call.result.as_ref().map_or("?", |result| result.told());
    let mut item = Item {
        name: call.name.clone(),
        args: plain(call.args.as_str()),
        result: plain(result).join(", "),
    };
    // How long a text is says nothing that the text does not say, and numbers in it may be longer in one run.
    if ["write", "sendto"].contains(&item.name.as_str())
        && let Some(text) = call.args.text()
    {
        let length = text.bytes.len().to_string();
        let told = item.args.iter_mut().chain([&mut item.result]);
        for told in told.filter(|told| **told == length) {
            "all".clone_into(told);
        }
    }
    item
}

fn noticed(what: &Happening) -> Item {
    let result = match what {
        Happening::Signal { name, details } => {
            format!("--- {name} {} ---", plain(details.as_str()).join(", "))
        }
        Happening::Stopped { signal } => format!("--- stopped by {signal} ---"),
        Happening::Exited { status } => format!("+++ exited with {status} +++"),
        Happening::Killed { signal } => format!("+++ killed by {signal} +++"),
        Happening::Superseded { by } => format!("+++ superseded by {by} +++"),
        other => format!("{other:?}"),
    };
    Item {
        name: String::new(),
        args: Vec::new(),
        result,
    }
}
