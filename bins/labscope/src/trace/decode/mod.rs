//! System calls and signals decoded from registers and memory, into the words in which strace writes them.
//!
//! Each call has a row in [`table`] with the kinds of its arguments; structures and sets of flags are data as well.

mod argument;
mod command;
mod form;
mod layout;
mod outcome;
mod ready;
mod sets;
mod siginfo;
mod socket;
mod special;
mod structs;
mod table;
mod text;

use std::borrow::Cow;

use syscalls::Sysno;

use argument::{Call, after, before, resolved};

/// The memory of a process, as far as it can be read.
pub trait Memory {
    /// Copies what lies from `address` on until `bytes` is full or unreadable memory begins; how many bytes were copied.
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize;
}

/// What the kernel is asked for: the number of the call and its six arguments, as registers hold them.
///
/// Of rt_sigreturn(2), which takes none, the first is the stack pointer: the mask that it restores lies there.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    pub number: u64,
    pub args: [u64; 6],
}

/// What divides the text of [`entered`] from the length that stood in memory then: `accept` overwrites it.
const NOTE: char = '\0';

/// The name of a system call; of one that nobody knows, strace's `syscall_0x1c8`.
pub fn name(number: u64) -> Cow<'static, str> {
    let known = usize::try_from(number).ok().and_then(Sysno::new);
    match known {
        Some(known) => known.name().into(),
        None => format!("syscall_{number:#x}").into(),
    }
}

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
