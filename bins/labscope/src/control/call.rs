//! A visible call that a task is about to make.

use std::time::Duration;

use crate::control::event::{ToldCall, Touch, Waited};
use crate::trace::decode::Entered;
use crate::trace::syscall::{Flags, Syscall};

/// The call, and what is known of it before it is made.
#[derive(Clone, Debug)]
pub struct Call {
    pub number: u64,
    pub args: [u64; 6],
    pub name: String,
    /// What was known of its arguments, if they are told.
    pub entered: Option<Entered>,
    pub touches: Vec<Touch>,
    pub kind: Kind,
    /// Whether it may wait for somebody.
    pub may_wait: bool,
    /// When it gives up waiting, in virtual time.
    pub until: Option<Duration>,
}

impl Call {
    /// Whether its row in the table of calls has one of these flags.
    pub fn is(&self, flags: Flags) -> bool {
        Syscall::named(&self.name).is(flags)
    }

    /// For whom it waits, if it is a wait(2).
    pub fn waited(&self) -> Option<Waited> {
        match &self.kind {
            Kind::Wait(wait) => Some(wait.clone()),
            _ => None,
        }
    }

    /// In words, with what it returned.
    pub fn told(&self, result: Option<String>) -> ToldCall {
        let args = self.entered.as_ref().map(|entered| &entered.text);
        ToldCall {
            name: self.name.clone(),
            args: args.map(|args| args.trim_end_matches(", ").to_owned()),
            result,
        }
    }
}

/// What has to be done around a call.
#[derive(Clone, Debug)]
pub enum Kind {
    Other,
    /// A new task begins: no call, but it may see memory that it shares.
    Begin,
    /// It prints, on the terminal or into the pipe that is read here.
    Print,
    /// It reads the terminal, or waits for it.
    Type,
    PipeWrite(u64),
    PipeRead(u64),
    Sleep(Duration),
    Alarm(Duration),
    Wait(Waited),
    Exit,
    /// These processes are signalled.
    Kill {
        signal: i32,
        targets: Vec<usize>,
    },
    Action(Action),
    /// It becomes a subreaper, or is one no longer.
    Subreaper(bool),
}

/// What rt_sigaction(2) sets.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    pub signal: i32,
    pub handler: u64,
    pub flags: u64,
}
