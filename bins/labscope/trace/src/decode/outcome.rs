//! What a call came back with.

use nix::errno::Errno;

use crate::decode::argument::Call;
use crate::decode::form::Form;
use crate::decode::restart::{ERESTART_RESTARTBLOCK, ERESTARTNOHAND, ERESTARTNOINTR, ERESTARTSYS};

/// How a result is told.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    Decimal,
    Address,
    /// The old mask of umask(2).
    Mode,
    /// In decimal, and what the call told besides in parentheses.
    With(fn(&Call) -> Option<String>),
    /// In hexadecimal with what it means, if it means more than a number.
    Meaning(fn(&Call) -> Option<String>),
}

/// The result behind `=`.
pub fn tell(call: &Call, outcome: Outcome) -> String {
    let result = call.result.unwrap_or_default();
    if call.has_failed() {
        return failure(result);
    }
    let (value, besides) = match outcome {
        Outcome::Decimal => (result.to_string(), None),
        Outcome::Address => (Form::Hex.tell(result as u64), None),
        Outcome::Mode => (Form::Mode.tell(result as u64), None),
        Outcome::With(besides) => (result.to_string(), besides(call)),
        Outcome::Meaning(meaning) => match meaning(call) {
            Some(meaning) => (Form::Hex.tell(result as u64), Some(meaning)),
            None => (result.to_string(), None),
        },
    };
    match besides {
        Some(besides) => format!("{value} ({besides})"),
        None => value,
    }
}

/// A call that failed, or that is to begin anew when a signal has been dealt with.
fn failure(result: i64) -> String {
    let (name, text) = match -result {
        ERESTARTSYS => ("ERESTARTSYS", "To be restarted if SA_RESTART is set"),
        ERESTARTNOINTR => ("ERESTARTNOINTR", "To be restarted"),
        ERESTARTNOHAND => ("ERESTARTNOHAND", "To be restarted if no handler"),
        ERESTART_RESTARTBLOCK => ("ERESTART_RESTARTBLOCK", "Interrupted by signal"),
        number => return error(number as i32),
    };
    format!("? {name} ({text})")
}

fn error(number: i32) -> String {
    let errno = Errno::from_raw(number);
    if errno == Errno::UnknownErrno {
        return format!("-1 (errno {number})");
    }
    // The C library's words, which std writes with the number behind them.
    let text = std::io::Error::from_raw_os_error(number).to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    format!("-1 {errno:?} ({text})")
}
