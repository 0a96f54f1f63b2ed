//! The kinds of arguments that many calls have.

use crate::decode::argument::{Argument, Call, Count, What, When, argument, out};
use crate::decode::form::{Form, Set};
use crate::decode::layout::Type;
use crate::decode::{ready, sets, socket, structs};

pub const fn value(form: Form) -> Argument {
    argument(What::Value(form))
}

/// One constant of a set.
pub const fn one(set: &'static Set) -> Argument {
    value(Form::One(set))
}

/// Any flags of a set.
pub const fn flags(set: &'static Set) -> Argument {
    value(Form::Flags(set))
}

pub const fn to(kind: Type) -> Argument {
    argument(What::To(kind))
}

pub const fn array(kind: Type, count: Count) -> Argument {
    argument(What::Array(kind, count))
}

pub const fn special(tell: fn(&Call, u64) -> String) -> Argument {
    argument(What::Special(tell))
}

pub const fn bytes(length: usize) -> Argument {
    argument(What::Bytes(Count::Argument(length)))
}

/// The bytes that a call has put there.
pub const BYTES_OUT: Argument = out(argument(What::Bytes(Count::Result)));
pub const RECEIVED: Argument = out(argument(What::Bytes(Count::ResultUpTo(2))));

pub const ADDRESS: Argument = value(Form::Address);
pub const FD: Argument = value(Form::Descriptor);
pub const HEX: Argument = value(Form::Hex);
pub const INT: Argument = value(Form::Int);
pub const SIGNAL: Argument = value(Form::Signal);
pub const SIZE: Argument = value(Form::Size);
pub const DIR: Argument = value(Form::Directory);
pub const LONG: Argument = value(Form::Long);
pub const MODE: Argument = value(Form::Mode);
pub const OWNER: Argument = value(Form::Owner);
pub const PATH: Argument = argument(What::Path);
pub const PID: Argument = value(Form::Int);
pub const TEXT: Argument = argument(What::Text);
pub const UNSIGNED: Argument = value(Form::Unsigned);

pub const ACTION: Argument = to(structs::SIGACTION);
pub const CLOCK: Argument = one(sets::CLOCK);
pub const INTERVAL: Argument = to(structs::INTERVAL);
pub const OFFSET: Argument = to(structs::LONG);
pub const OPEN: Argument = value(Form::OneAndFlags(sets::OPEN_ACCESS, sets::OPEN));
pub const PAIR: Argument = out(to(Type::Numbers(2, 4, Form::Int)));
pub const QUEUE: Argument = to(structs::QUEUE);
pub const RLIMIT: Argument = to(structs::RLIMIT);
pub const RUSAGE: Argument = out(to(structs::RUSAGE));
pub const SIGSET: Argument = to(structs::SIGSET);
pub const STAT: Argument = out(to(structs::STAT));
pub const TIMER: Argument = to(structs::TIMER);
pub const TIMESPEC: Argument = to(structs::TIMESPEC);
pub const TIMEVAL: Argument = to(structs::TIMEVAL);
pub const LEFT: Argument = TIMESPEC.when(When::Interrupted);

/// The mode of a file to be made, which stands there only if the flags before it say that one may be.
pub const fn mode_behind(flags: fn(&[u64; 6]) -> bool) -> Argument {
    MODE.only_if(flags)
}

pub const SET: Argument = special(ready::set);
pub const PEER_LENGTH: Argument = special(socket::length_out).when(When::ReturnAlways);
