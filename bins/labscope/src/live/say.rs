//! The sentences of i18n for what the live trace tells.

use crate::facts::fork_order::Order;
use crate::i18n::{Language, live};
use crate::live::events::{End, Mark, What};
use crate::source::Place;
use crate::source::libc_calls::Kind;

/// Something that is not a call.
pub fn note(what: &What, language: Language) -> String {
    match what {
        What::Born { pid } => live::born(language, *pid),
        What::Signal { name, from } => live::arrives(language, name, *from),
        What::Stopped { signal } => live::stopped(language, signal),
        What::Ended {
            how,
            zombie,
            orphans,
        } => {
            let mut text = match how {
                End::Exited(status) => live::exited(language, *status),
                End::Killed(signal) => live::killed(language, signal),
            };
            if *zombie {
                text += live::is_zombie(language);
            }
            if !orphans.is_empty() {
                text += &live::orphans(language, orphans);
            }
            text
        }
    }
}

/// What the tracing has to do with a call.
pub fn mark(mark: Mark, language: Language) -> &'static str {
    match mark {
        Mark::Strace => live::strace_starts_it(language),
        Mark::BrokenOff => live::broken_off(language),
        Mark::GoesOn => live::goes_on(language),
        Mark::HeldBack => live::held_back(language),
        Mark::StillInside => live::still_inside(language),
        Mark::KilledInside => live::killed_inside(language),
    }
}

/// Why libc made a call.
pub fn libc(kind: Kind, language: Language) -> String {
    let part = match kind {
        Kind::Libraries => live::loader(language),
        Kind::Mapping => live::memory(language),
        Kind::Threads => live::threads(language),
        Kind::Stacks => live::stacks(language),
        Kind::Locks => live::locks(language),
        Kind::Heap => live::heap(language),
        Kind::Limits => live::limits(language),
        Kind::Perror => "perror",
        Kind::Spawn => "system, popen",
        Kind::Files => "opendir",
        Kind::Zone => "localtime",
    };
    live::libc(part, kind.purpose(language))
}

/// Where a call comes from that has no line.
pub fn place(place: Place, program: Option<&str>, language: Language) -> String {
    match place {
        Place::StartUp => live::start_up(language).to_owned(),
        Place::AroundThread => live::around_thread(language).to_owned(),
        Place::Foreign => live::no_lab(language, program.unwrap_or("?")),
        _ => live::no_line(language).to_owned(),
    }
}

/// Calls that are not listed one by one.
pub fn folded(count: usize, foreign: Option<&str>, language: Language) -> String {
    match foreign {
        None => live::folded_start_up(language, count),
        Some(program) => live::folded_program(language, count, program),
    }
}

/// How the lab ended.
pub fn status(lab: &str, how: &End, language: Language) -> String {
    match how {
        End::Exited(status) => live::lab_exited(language, lab, *status),
        End::Killed(signal) => live::lab_killed(language, lab, signal),
    }
}

/// Whether the order after fork was the one that was asked for.
pub fn order(asked: Order, shown: &[Option<Order>], language: Language) -> String {
    let name = |first| match first {
        Order::ParentFirst => live::parent(language),
        _ => live::child(language),
    };
    let other = shown.iter().position(|&first| first != Some(asked));
    match other.map(|place| (place + 1, shown[place])) {
        _ if shown.is_empty() => live::no_fork(language).to_owned(),
        None => live::ran_first(language, name(asked)),
        Some((fork, Some(first))) => live::ran_first_all_the_same(language, fork, name(first)),
        Some((fork, None)) => live::acted_at_once(language, fork),
    }
}
