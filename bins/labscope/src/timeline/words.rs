//! The parts of a timeline in words.

use nix::sys::signal::Signal;

use crate::i18n::timeline as say;
use crate::i18n::{Language, descriptor, process};
use crate::run::transcript::Status;
use crate::timeline::model::*;

impl Timeline {
    /// A process: `process 2 (pid 4711)`.
    fn process(&self, language: Language, pid: i32) -> String {
        let lane = self.lane(pid);
        lane.map_or_else(|| format!("pid {pid}"), |lane| lane.process(language))
    }

    /// An arrow, and between whom it runs.
    pub fn say_arrow(&self, arrow: &Arrow, language: Language) -> String {
        let end = |point: &Point| match point.pid.and_then(|pid| self.lane(pid)) {
            Some(lane) => lane.process(language),
            None => say::outside(language).to_owned(),
        };
        let (from, to) = (end(&arrow.from), end(&arrow.to));
        let what = arrow.kind.say(language);
        format!("{what}: {from} → {to}, {:.6} s", arrow.to.at)
    }

    /// What happened to whose descriptors.
    pub fn say_change(&self, moment: &Moment, language: Language) -> String {
        let companion = self.lane(moment.pid).map(Lane::companion_before);
        let what = match &moment.cause {
            Cause::Fork { child } => format!("fork → {}", self.process(language, *child)),
            Cause::Accept(descriptor) => format!("accept → {descriptor}"),
            Cause::Open(numbers) => format!("open → {}", listed(numbers)),
            Cause::Close(numbers) => format!("close({})", listed(numbers)),
        };
        let who = self.process(language, moment.pid);
        format!("{}{who}: {what}", companion.unwrap_or_default())
    }
}

fn listed(numbers: &[i32]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
    numbers.join(", ")
}

impl Timeline {
    /// What happened to which shared object.
    pub fn say_shared_change(&self, moment: &SharedMoment, language: Language) -> String {
        let who = self.who(language, moment.pid);
        let what = match moment.change {
            SharedChange::Attached(key) => say::attaches(language, &say::segment(language, key)),
            SharedChange::Detached(key) => say::detaches(language, &say::segment(language, key)),
            SharedChange::Set(key, value) => {
                say::sets(language, &say::semaphore(language, key), value)
            }
            SharedChange::Waits(key) => say::waits_for(language, &say::semaphore(language, key)),
            SharedChange::Taken(key) => say::takes(language, &say::semaphore(language, key)),
            SharedChange::Given(key) => say::gives_back(language, &say::semaphore(language, key)),
            SharedChange::Removed(key) => say::removes(language, key),
            SharedChange::Undone(key) => say::is_undone(language, &say::semaphore(language, key)),
            SharedChange::Ended => say::ends(language).to_owned(),
        };
        format!("{who}: {what}")
    }

    /// The objects, one a line: what it is, and who has to do with it.
    pub fn say_shared(&self, objects: &Shared, language: Language) -> Vec<(String, String)> {
        let all = |pids: &[i32]| {
            let all: Vec<String> = pids.iter().map(|&pid| self.who(language, pid)).collect();
            all.join(", ")
        };
        let segments = objects.segments.iter().map(|it| {
            let name = match it.is_removed {
                true => say::removed_segment(language, it.key),
                false => say::segment(language, it.key),
            };
            (name, say::attached_by(language, &all(&it.attached)))
        });
        let semaphores = objects.semaphores.iter().map(|it| {
            let name = say::semaphore(language, it.key);
            let value = it
                .value
                .map_or_else(String::new, |value| format!(" = {value}"));
            let held = say::held_by(language, &all(&it.holders));
            let waiting = match it.waiting.is_empty() {
                true => String::new(),
                false => format!("; {}", say::waited_for_by(language, &all(&it.waiting))),
            };
            (name + &value, held + &waiting)
        });
        let mut lines: Vec<_> = segments.chain(semaphores).collect();
        if lines.is_empty() {
            lines.push((say::nothing_is_left(language).to_owned(), String::new()));
        }
        lines
    }

    /// A process as the lanes name it: `1 shm_producer_sem`.
    fn who(&self, language: Language, pid: i32) -> String {
        match self.lane(pid) {
            Some(lane) => format!("{}{}", lane.companion_before(), lane.title(lane.until)),
            None => self.process(language, pid),
        }
    }
}

impl Lane {
    /// Its number and the program that it runs at that time.
    pub fn title(&self, at: f64) -> String {
        format!("{} {}", self.number_in_family(), self.name_at(at))
    }

    /// `1`; and `1/2`, the second thread of process 1.
    fn number_in_family(&self) -> String {
        match self.thread {
            Some(thread) => format!("{}/{}", self.number, thread.number),
            None => self.number.to_string(),
        }
    }

    /// What stands to the left of its bar.
    pub fn header(&self, language: Language) -> Vec<String> {
        let first = self.names.first().map_or(0.0, |(at, _)| *at);
        let parent = self.parent.map(|parent| say::child_of(language, parent));
        let number = match self.thread {
            Some(_) => say::tid(language, self.pid),
            None => format!("pid {}", self.pid),
        };
        let mut lines = vec![self.title(first), number];
        lines.extend(parent.into_iter().chain(self.companion.clone()));
        lines
    }

    /// Whose companion it is, as a text that goes before others.
    pub fn companion_before(&self) -> String {
        let companion = self.companion.as_ref();
        companion.map_or_else(String::new, |name| format!("{name}: "))
    }

    fn process(&self, language: Language) -> String {
        let process = process::process(language, self.number_in_family());
        format!("{process} (pid {})", self.pid)
    }

    /// One of its spans, for whoever points at it or listens.
    pub fn say_span(&self, span: &Span, language: Language) -> String {
        let meaning = say::sign(language, span.state.sign());
        let what = match &span.state {
            State::Blocked(call) => format!("{meaning} ({call})"),
            State::Folded(calls) => say::left_out(language, *calls),
            _ => meaning.to_owned(),
        };
        let who = self.process(language);
        format!("{who}: {what}, {:.6}–{:.6} s", span.from, span.to)
    }

    /// The text of one of its marks.
    pub fn say_mark(&self, mark: &Mark, language: Language) -> String {
        match &mark.kind {
            MarkKind::Call { text, note, .. } => match note {
                None => text.clone(),
                Some(Note::Injected) => format!("{text} {}", say::injected(language)),
                Some(Note::MadeShort) => format!("{text} {}", say::made_short(language)),
            },
            MarkKind::Folded(calls) => say::left_out(language, *calls),
            MarkKind::Exec(name) => format!("⇒ {name}"),
            MarkKind::Ended(status) if self.leaves_no_zombie => {
                format!(
                    "{}{} ({})",
                    ended(*status, language),
                    sent_by(self.killed_by.as_ref(), language),
                    say::no_zombie(language)
                )
            }
            MarkKind::Ended(Status::Exited(_)) if self.thread.is_some() => {
                format!("■ {}", say::thread_ended(language))
            }
            MarkKind::Ended(status) => {
                ended(*status, language) + &sent_by(self.killed_by.as_ref(), language)
            }
            MarkKind::Signal { name, from } => name.clone() + &sent_by(from.as_ref(), language),
            MarkKind::Orphaned { adopter: None } => say::orphan(language).to_owned(),
            MarkKind::Orphaned {
                adopter: Some(Adopter { pid, who }),
            } => match who {
                AdoptedBy::Init => say::adopted_by(language, "init", *pid),
                AdoptedBy::Process(name) => say::adopted_by(language, name, *pid),
                AdoptedBy::Reaper => say::adopted_by(language, "labscope", *pid),
            },
        }
    }
}

/// Behind a signal, in brackets: who sent it.
fn sent_by(sender: Option<&Sender>, language: Language) -> String {
    match sender {
        None => String::new(),
        Some(Sender::Key(key)) => format!(" ({key})"),
        Some(Sender::Process(name)) => format!(" ({})", say::sent_by(language, name)),
        Some(Sender::Outside) => format!(" ({})", say::sent_from_outside(language)),
        Some(Sender::EndOfRun) => format!(" ({})", say::run_is_over(language)),
    }
}

fn ended(status: Status, language: Language) -> String {
    match status {
        Status::Exited(value) => format!("■ exit {value}"),
        Status::Killed(number) => {
            let signal = Signal::try_from(number).map(Signal::as_str);
            let name = signal.map_or_else(|_| number.to_string(), str::to_owned);
            format!("■ {}", say::killed(language, &name))
        }
    }
}

impl Span {
    /// What stands in its piece of the bar.
    pub fn in_bar(&self, language: Language) -> String {
        let name = self.state.say(language);
        match self.state {
            State::Running => String::new(),
            State::Sleeping | State::Blocked(_) | State::Zombie => {
                format!("{name} {}", say::duration(self.to - self.from))
            }
            State::Held(_) | State::Stopped(_) | State::Folded(_) => name,
        }
    }
}

impl State {
    /// The state in a word or two.
    pub fn say(&self, language: Language) -> String {
        match self {
            State::Running => say::sign(language, say::Sign::Running).to_owned(),
            State::Sleeping => say::sleep(language).to_owned(),
            State::Blocked(call) => call.clone(),
            State::Held(call) => say::held_back(language, call),
            State::Stopped(signal) => say::stopped(language, signal),
            State::Zombie => say::zombie(language).to_owned(),
            State::Folded(calls) => say::left_out(language, *calls),
        }
    }

    /// Its entry in the legend.
    pub fn sign(&self) -> say::Sign {
        match self {
            State::Running => say::Sign::Running,
            State::Sleeping => say::Sign::Sleeping,
            State::Blocked(_) => say::Sign::Blocked,
            State::Held(_) => say::Sign::Held,
            State::Stopped(_) => say::Sign::Stopped,
            State::Zombie => say::Sign::Zombie,
            State::Folded(_) => say::Sign::LeftOut,
        }
    }
}

impl ArrowKind {
    /// What passes from one process to the other.
    pub fn say(&self, language: Language) -> String {
        match self {
            ArrowKind::Fork => "fork".to_owned(),
            ArrowKind::Thread => say::new_thread(language).to_owned(),
            ArrowKind::Wait => say::end_told_by_wait(language).to_owned(),
            ArrowKind::Semaphore(key) => say::semaphore(language, *key),
            ArrowKind::Signal(name) => name.clone(),
            ArrowKind::Connection => say::connection(language).to_owned(),
            ArrowKind::Bytes {
                count,
                text,
                through,
            } => {
                let through = match through {
                    Through::Tcp => "TCP",
                    Through::Udp => "UDP",
                    Through::Unix => descriptor::unix_socket(language),
                    Through::Pipe => descriptor::pipe(language),
                    Through::Fifo => "FIFO",
                };
                say::bytes(language, *count, through, text)
            }
        }
    }

    /// Its entry in the legend.
    pub fn sign(&self) -> say::Sign {
        match self {
            ArrowKind::Fork => say::Sign::Fork,
            ArrowKind::Thread => say::Sign::Thread,
            ArrowKind::Wait => say::Sign::Wait,
            ArrowKind::Semaphore(_) => say::Sign::Semaphore,
            ArrowKind::Signal(_) => say::Sign::Signal,
            ArrowKind::Connection => say::Sign::Connection,
            ArrowKind::Bytes { .. } => say::Sign::Bytes,
        }
    }
}
