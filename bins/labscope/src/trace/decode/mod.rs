//! System calls and signals decoded from registers and memory, into the words in which strace writes them.
//!
//! Each call has a row in [`table`] with the kinds of its arguments; structures and sets of flags are data as well.

mod argument;
mod command;
mod form;
mod kinds;
mod layout;
mod outcome;
mod ready;
mod request;
mod sets;
mod siginfo;
mod socket;
mod special;
mod structs;
mod table;
#[cfg(test)]
mod tests;
mod text;

pub use request::{Memory, Request, name};

use argument::{Call, after, before, resolved};

/// What divides the text of [`entered`] from the length that stood in memory then: `accept` overwrites it.
const NOTE: char = '\0';

/// What is known of the arguments when the call is entered.
///
/// It may carry a note that [`returned`] needs; what is meant for readers is what [`shown`] leaves.
pub fn entered(request: &Request, memory: &dyn Memory) -> String {
    let row = table::row(&name(request.number));
    let call = Call {
        request,
        memory,
        result: None,
        length: None,
    };
    let mut text = before(&call, &resolved(row.arguments, &request.args));
    if let Some(length) = row.length.and_then(|length| length(&call)) {
        text.push(NOTE);
        text.push_str(&length.to_string());
    }
    text
}

/// What strace writes of a call that was entered, before `<unfinished ...>`.
pub fn shown(entered: &str) -> &str {
    entered.split(NOTE).next().unwrap_or_default()
}

/// All arguments and the result of a call that came back with `result`: what the kernel returned, -errno on failure.
pub fn returned(
    request: &Request,
    entered: &str,
    result: i64,
    memory: &dyn Memory,
) -> (String, String) {
    let row = table::row(&name(request.number));
    let note = entered.split(NOTE).nth(1);
    let call = Call {
        request,
        memory,
        result: Some(result),
        length: note.and_then(|length| length.parse().ok()),
    };
    let arguments = resolved(row.arguments, &request.args);
    let text = after(&call, shown(entered), &arguments);
    (text, outcome::tell(&call, row.result))
}

/// The name of a signal and its details, from the bytes of its siginfo.
pub fn signal(siginfo: &[u8]) -> (String, String) {
    siginfo::tell(siginfo)
}

/// The name of a signal, `SIGCHLD`.
pub fn signal_name(number: i32) -> String {
    form::signal(number as u32)
}
