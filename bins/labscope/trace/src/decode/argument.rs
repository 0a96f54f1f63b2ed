//! The arguments of a call, one after the other, before and after it.

use crate::decode::form::{Form, address, unnamed};
use crate::decode::layout::Type;
use crate::decode::request::{Memory, Request};
use crate::decode::restart::is_broken_off;
use crate::decode::text;

/// One argument of a row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    pub what: What,
    pub when: When,
    /// Its register, if it is not the next one.
    place: Option<usize>,
    /// `flags` in `flags=CLONE_VM`; most have none.
    name: &'static str,
    /// It is there only if the registers say so.
    only_if: fn(&[u64; 6]) -> bool,
}

/// What an argument is.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// The number itself.
    Value(Form),
    /// A pointer to a path.
    Path,
    /// A pointer to a string.
    Text,
    /// A pointer to so many bytes.
    Bytes(Count),
    /// A pointer to what it describes.
    To(Type),
    /// A pointer to so many of them.
    Array(Type, Count),
    /// One of these commands, which says what the arguments behind it are.
    Command(&'static Commands),
    /// Told by a function of its own.
    Special(fn(&Call, u64) -> String),
}

/// When an argument is known.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// When the call is made.
    Entry,
    /// When it has returned; of one that failed, the address alone is known.
    Return,
    /// When it has returned; if that was nothing, the address alone is known.
    ReturnIfAny,
    /// When it has returned, whether it failed or not.
    ReturnAlways,
    /// When it has returned, whether it failed or not; before, if this argument is a null pointer.
    ReturnIfSet(usize),
    /// Only if a signal broke the call off: what is left of a sleep.
    Interrupted,
    /// Before and, where the call changes it, after it: `[0] => [5]`.
    Changes(&'static Change),
}

/// How an argument is changed.
#[derive(Debug)]
pub struct Change {
    /// Whether it will be, by what was told of it before the call.
    pub is_due: fn(&str) -> bool,
    /// What it has become.
    pub now: fn(&Call, u64) -> Option<String>,
}

/// How many there are.
#[derive(Clone, Copy, Debug)]
pub enum Count {
    /// As many as this argument says.
    Argument(usize),
    /// As many as the call returned.
    Result,
    /// The same, but no more than this argument says: MSG_TRUNC counts what there was no room for too.
    ResultUpTo(usize),
}

/// The commands of one call: fcntl(2), prctl(2).
#[derive(Debug)]
pub struct Commands {
    /// What stands in the comment on a number that is none of them; empty: one of ioctl(2), which has parts instead.
    pub unknown: &'static str,
    pub cases: &'static [Case],
}

/// One of the commands, and the arguments behind it.
#[derive(Debug)]
pub struct Case {
    pub value: u64,
    pub name: &'static str,
    pub rest: &'static [Argument],
}

/// A call whose arguments are told.
pub struct Call<'a> {
    pub request: &'a Request,
    pub memory: &'a dyn Memory,
    /// What it returned; none while it has not.
    pub result: Option<i64>,
    /// The length that stood in memory when the call was made.
    pub length: Option<u64>,
}

/// An argument that is known at entry.
pub const fn argument(what: What) -> Argument {
    Argument {
        what,
        when: When::Entry,
        place: None,
        name: "",
        only_if: |_| true,
    }
}

/// An argument that only the return tells.
pub const fn out(argument: Argument) -> Argument {
    argument.when(When::Return)
}

impl Argument {
    pub fn is_descriptor(&self) -> bool {
        matches!(self.what, What::Value(Form::Descriptor | Form::Directory))
    }

    /// The same, known at another time.
    pub const fn when(self, when: When) -> Argument {
        Argument { when, ..self }
    }

    /// The same in another register.
    pub const fn at(self, place: usize) -> Argument {
        Argument {
            place: Some(place),
            ..self
        }
    }

    /// The same with a name: `flags=CLONE_VM`.
    pub const fn named(self, name: &'static str) -> Argument {
        Argument { name, ..self }
    }

    /// The same, if the registers say so.
    pub const fn only_if(self, only_if: fn(&[u64; 6]) -> bool) -> Argument {
        Argument { only_if, ..self }
    }

    fn is_late(&self, args: &[u64; 6]) -> bool {
        match self.when {
            When::Entry | When::Changes(_) => false,
            When::ReturnIfSet(place) => args[place] != 0,
            _ => true,
        }
    }

    /// Whether it changes, by what was told before the call.
    fn changes(&self, told: &str) -> Option<&'static Change> {
        match self.when {
            When::Changes(change) => Some(change).filter(|it| (it.is_due)(told)),
            _ => None,
        }
    }
}

/// The arguments that a request has, each with its register.
pub fn resolved(row: &'static [Argument], args: &[u64; 6]) -> Vec<(u64, Argument)> {
    let mut found = Vec::new();
    let mut row = row.iter();
    let mut next = 0;
    while let Some(argument) = row.next() {
        let place = argument.place.unwrap_or(next);
        next = place + 1;
        if !(argument.only_if)(args) {
            continue;
        }
        let value = args[place];
        found.push((value, *argument));
        if let What::Command(commands) = argument.what
            && let Some(case) = commands.case(value)
        {
            row = case.rest.iter();
        }
    }
    found
}

impl Commands {
    fn case(&self, value: u64) -> Option<&'static Case> {
        let half = u64::from(value as u32);
        self.cases
            .iter()
            .find(|case| u64::from(case.value as u32) == half)
    }

    fn tell(&self, value: u64) -> String {
        match self.case(value) {
            Some(case) => case.name.to_owned(),
            None if self.unknown.is_empty() => parts_of_ioctl(value as u32),
            None => unnamed(value as u32 as u64, self.unknown),
        }
    }
}

/// `_IOC(_IOC_READ, 0x54, 0x30, 0x4)`: the direction, the kind, the number and the size that a number of ioctl(2) has.
fn parts_of_ioctl(number: u32) -> String {
    const DIRECTIONS: [&str; 4] = [
        "_IOC_NONE",
        "_IOC_WRITE",
        "_IOC_READ",
        "_IOC_READ|_IOC_WRITE",
    ];
    let part = |from: u32, bits: u32| u64::from(number >> from & ((1 << bits) - 1));
    let direction = DIRECTIONS[part(30, 2) as usize];
    let [kind, own, size] = [part(8, 8), part(0, 8), part(16, 14)].map(|it| Form::Hex.tell(it));
    format!("_IOC({direction}, {kind}, {own}, {size})")
}

/// What is known of the arguments before the call: all up to the first that its return tells.
pub fn before(call: &Call, arguments: &[(u64, Argument)]) -> String {
    let mut text = String::new();
    for (place, (value, argument)) in arguments.iter().enumerate() {
        if argument.is_late(&call.request.args) {
            // Named ones bring their own comma.
            if place > 0 && argument.name.is_empty() {
                text.push_str(", ");
            }
            break;
        }
        if place > 0 {
            text.push_str(", ");
        }
        text.push_str(&told(call, *value, argument));
        if argument.changes(&text).is_some() {
            break;
        }
    }
    text
}

/// All arguments, those in front as they were told before the call.
pub fn after(call: &Call, entered: &str, arguments: &[(u64, Argument)]) -> String {
    let mut text = entered.to_owned();
    let is_late = |(_, argument): &(u64, Argument)| {
        argument.is_late(&call.request.args) || argument.changes(entered).is_some()
    };
    let first = arguments
        .iter()
        .position(is_late)
        .unwrap_or(arguments.len());
    for (place, (value, argument)) in arguments.iter().enumerate().skip(first) {
        if let Some(change) = argument.changes(entered).filter(|_| place == first) {
            let now = (change.now)(call, *value).filter(|_| !call.has_failed());
            text.extend(now.map(|now| format!(" => {now}")));
            continue;
        }
        if !text.is_empty() && !text.ends_with(", ") || place > first {
            text.push_str(", ");
        }
        text.push_str(&told(call, *value, argument));
    }
    text
}

fn told(call: &Call, value: u64, argument: &Argument) -> String {
    let is_unknown = match argument.when {
        When::Entry | When::ReturnAlways | When::ReturnIfSet(_) | When::Changes(_) => false,
        When::Interrupted => !call.is_interrupted(),
        When::ReturnIfAny => call.result.is_none_or(|result| result <= 0),
        _ => call.has_failed(),
    };
    let told = match argument.what {
        What::Value(form) => form.tell(value),
        _ if is_unknown => address(value),
        What::Special(tell) => tell(call, value),
        What::Path => text::path(call.memory, value),
        What::Text => text::string(call.memory, value),
        What::Bytes(count) => text::bytes(call.memory, value, call.count(count)),
        What::To(kind) => kind.tell_at(call.memory, value),
        What::Array(kind, count) => kind.tell_array(call.memory, value, call.count(count)),
        What::Command(commands) => commands.tell(value),
    };
    match argument.name {
        "" => told,
        name => format!("{name}={told}"),
    }
}

impl Call<'_> {
    /// Whether it has returned with an error.
    pub fn has_failed(&self) -> bool {
        self.result
            .is_some_and(|result| (-4095..0).contains(&result))
    }

    /// Whether a signal broke it off.
    pub fn is_interrupted(&self) -> bool {
        self.result.is_some_and(is_broken_off)
    }

    fn count(&self, count: Count) -> u64 {
        match count {
            Count::Argument(place) => self.request.args[place],
            Count::Result => self.result.map_or(0, |result| result.max(0) as u64),
            Count::ResultUpTo(place) => self.count(Count::Result).min(self.request.args[place]),
        }
    }
}
