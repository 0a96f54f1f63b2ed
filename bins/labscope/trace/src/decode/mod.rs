//! System calls and signals decoded from registers and memory, into the words in which strace writes them.
//!
//! Each call has a row in `table` with the kinds of its arguments; structures and sets of flags are data as well.

mod argument;
mod command;
mod form;
mod kinds;
mod layout;
mod outcome;
mod ready;
mod request;
pub mod restart;
mod sets;
mod siginfo;
mod socket;
mod special;
mod structs;
mod table;
#[cfg(test)]
mod tests;
mod text;

pub use request::{Memory, Request, name, number};

use argument::{Call, after, before, resolved};

/// What is known of the arguments when the call is entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// What strace writes then, before `<unfinished ...>`.
    pub text: String,
    /// The length that stood in memory then: `accept` overwrites it.
    pub length: Option<u64>,
}

/// Reads the arguments of a call that is about to be made.
pub fn entered(request: &Request, memory: &dyn Memory) -> Entered {
    let row = table::row(&name(request.number));
    let call = Call {
        request,
        memory,
        result: None,
        length: None,
    };
    Entered {
        text: before(&call, &resolved(row.arguments, &request.args)),
        length: row.length.and_then(|length| length(&call)),
    }
}

/// All arguments and the result of a call that came back with `result`: what the kernel returned, -errno on failure.
pub fn returned(
    request: &Request,
    entered: &Entered,
    result: i64,
    memory: &dyn Memory,
) -> (String, String) {
    let row = table::row(&name(request.number));
    let call = Call {
        request,
        memory,
        result: Some(result),
        length: entered.length,
    };
    let arguments = resolved(row.arguments, &request.args);
    let text = after(&call, &entered.text, &arguments);
    (text, outcome::tell(&call, row.result))
}

/// Whether the argument of a call at that place is a descriptor.
pub fn is_descriptor(name: &str, place: usize) -> bool {
    let argument = table::row(name).arguments.get(place);
    argument.is_some_and(|argument| argument.is_descriptor())
}

/// The name of a signal and its details, from the bytes of its siginfo.
pub fn signal(siginfo: &[u8]) -> (String, String) {
    siginfo::tell(siginfo)
}

/// The name of a signal, `SIGCHLD`.
pub fn signal_name(number: i32) -> String {
    form::signal(number as u32)
}
