//! What is changed of a call, in the words of strace's `-e inject=`: `accept:error=EMFILE:when=1`; and `process=2`,
//! `thread=2`.

use std::str::FromStr;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::Signal;

use crate::decode;
use crate::syscall::in_place_of;

/// Which calls are changed, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injection {
    names: Vec<String>,
    when: When,
    /// The only process whose calls are counted and changed, in order of creation; none: each.
    process: Option<usize>,
    /// The same of the threads of a process.
    thread: Option<usize>,
    pub change: Change,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The call is not made, and this is its result.
    pub result: Option<i64>,
    /// This signal comes when it is about to be made.
    pub signal: Option<Signal>,
    /// It is made so much later.
    pub delay_enter: Option<Duration>,
    /// It comes back so much later.
    pub delay_exit: Option<Duration>,
}

/// Which of a process's calls of these names, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct When {
    first: usize,
    last: usize,
    step: usize,
}

impl Injection {
    /// Whether it is about calls of this name.
    pub fn concerns(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }

    /// Whether it is about this thread of the nth process.
    pub fn is_in(&self, process: usize, thread: usize) -> bool {
        let is_process = self.process.is_none_or(|only| only == process);
        is_process && self.thread.is_none_or(|only| only == thread)
    }

    /// Whether the `count`th of the calls that it concerns is changed.
    pub fn hits(&self, count: usize) -> bool {
        let When { first, last, step } = self.when;
        (first..=last).contains(&count) && (count - first).is_multiple_of(step)
    }
}

/// What is wrong with the text of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is no system call of that name.
    Call(String),
    /// There is nothing of that name to change.
    Key(String),
    /// It does not say what to change.
    Nothing,
    /// No number, or one that does not fit.
    Number(String),
    /// There is no errno of that name.
    Error(String),
    Signal(String),
    /// Every 0th call.
    Step,
}

impl FromStr for Injection {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Injection, Wrong> {
        parse(text)
    }
}

fn parse(text: &str) -> Result<Injection, Wrong> {
    let mut words = text.split(':');
    let names = words.next().unwrap_or_default().split(',').map(names_here);
    let names: Vec<Vec<String>> = names.collect::<Result<_, Wrong>>()?;
    let mut injection = Injection {
        names: names.concat(),
        when: When {
            first: 1,
            last: usize::MAX,
            step: 1,
        },
        process: None,
        thread: None,
        change: Change::default(),
    };
    for word in words {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        let change = &mut injection.change;
        match key {
            "error" => change.result = Some(-i64::from(errno(value)?)),
            "retval" => change.result = Some(number(value)?),
            "signal" => change.signal = Some(signal(value)?),
            "delay_enter" => change.delay_enter = Some(Duration::from_micros(number(value)?)),
            "delay_exit" => change.delay_exit = Some(Duration::from_micros(number(value)?)),
            "when" => injection.when = when(value)?,
            "process" => injection.process = Some(number(value)?),
            "thread" => injection.thread = Some(number(value)?),
            _ => return Err(Wrong::Key(key.to_owned())),
        }
    }
    match injection.change == Change::default() {
        true => Err(Wrong::Nothing),
        false => Ok(injection),
    }
}

/// The call of that name; on a machine that lacks it, what is called there instead: arm64 has clone for fork.
fn names_here(text: &str) -> Result<Vec<String>, Wrong> {
    let is_here = |name: &str| decode::number(name).is_some();
    if is_here(text) {
        return Ok(vec![text.to_owned()]);
    }
    let instead = in_place_of(text).filter(|name| is_here(name));
    let instead: Vec<String> = instead.map(str::to_owned).collect();
    match instead.is_empty() {
        true => Err(Wrong::Call(text.to_owned())),
        false => Ok(instead),
    }
}

fn number<T: FromStr>(text: &str) -> Result<T, Wrong> {
    match text.parse() {
        Ok(number) => Ok(number),
        Err(_) => Err(Wrong::Number(text.to_owned())),
    }
}

/// An errno by name or number.
fn errno(text: &str) -> Result<i32, Wrong> {
    let mut all = (1..134).map(Errno::from_raw);
    match all.find(|errno| format!("{errno:?}") == text) {
        Some(errno) => Ok(errno as i32),
        None => number(text).map_err(|_| Wrong::Error(text.to_owned())),
    }
}

fn signal(text: &str) -> Result<Signal, Wrong> {
    let name = match text.starts_with("SIG") {
        true => text.to_owned(),
        false => format!("SIG{text}"),
    };
    Signal::from_str(&name).map_err(|_| Wrong::Signal(text.to_owned()))
}

/// `3`, `3+`, `3+2` (every second one from the third on), `3..5`, `3..9+2`.
fn when(text: &str) -> Result<When, Wrong> {
    let (range, step) = match text.split_once('+') {
        Some((range, "")) => (range, Some(1)),
        Some((range, step)) => (range, Some(number(step)?)),
        None => (text, None),
    };
    let (first, last) = match range.split_once("..") {
        Some((first, last)) => (number(first)?, number(last)?),
        None => {
            let first = number(range)?;
            (first, if step.is_some() { usize::MAX } else { first })
        }
    };
    match step.unwrap_or(1) {
        0 => Err(Wrong::Step),
        step => Ok(When { first, last, step }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(text: &str) -> Vec<usize> {
        let injection: Injection = text.parse().expect("an injection");
        (1..=8).filter(|&count| injection.hits(count)).collect()
    }

    #[test]
    fn calls_are_counted_from_one() {
        assert_eq!(hits("read:retval=0"), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(hits("read:retval=0:when=2"), [2]);
        assert_eq!(hits("read:retval=0:when=6+"), [6, 7, 8]);
        assert_eq!(hits("read:retval=0:when=2+3"), [2, 5, 8]);
        assert_eq!(hits("read:when=2..4:retval=0"), [2, 3, 4]);
        assert_eq!(hits("read:when=2..6+2:retval=0"), [2, 4, 6]);
    }

    #[test]
    fn names_and_numbers_are_read() {
        let change = |text: &str| text.parse::<Injection>().expect("an injection").change;
        assert_eq!(change("fork,clone:error=EAGAIN").result, Some(-11));
        assert_eq!(change("fork:error=11").result, Some(-11));
        assert_eq!(change("read:signal=USR1").signal, Some(Signal::SIGUSR1));
        let second: Injection = "read:retval=0:process=2".parse().expect("an injection");
        let is_in = |it: &Injection, process, thread| it.is_in(process, thread);
        assert_eq!(
            [1, 2, 3].map(|it| is_in(&second, it, 1)),
            [false, true, false]
        );
        let third: Injection = "read:retval=0:thread=3".parse().expect("an injection");
        assert_eq!(
            [1, 2, 3].map(|it| is_in(&third, 1, it)),
            [false, false, true]
        );
        let delay = change("close:delay_enter=2000000").delay_enter;
        assert_eq!(delay, Some(Duration::from_secs(2)));
    }

    #[test]
    fn what_cannot_be_understood_is_told() {
        let name = |text: &str| text.to_owned();
        for (text, wrong) in [
            ("nonsense:retval=0", Wrong::Call(name("nonsense"))),
            ("read", Wrong::Nothing),
            ("read:error=EODD", Wrong::Error(name("EODD"))),
            ("read:retval=0:when=0x", Wrong::Number(name("0x"))),
            ("read:retval=0:when=1+0", Wrong::Step),
            ("read:value=0", Wrong::Key(name("value"))),
        ] {
            assert_eq!(text.parse::<Injection>().expect_err(text), wrong, "{text}");
        }
    }
}
