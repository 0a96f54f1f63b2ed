//! What the cells of several tables have in common.

use crate::i18n::Text;
use crate::trace::{Call, Trace};

/// What is the same in all languages.
pub fn code(text: String) -> Text {
    Text {
        en: text.clone(),
        ko: text,
    }
}

pub fn made(trace: &Trace, process: i32) -> Option<&Call> {
    trace
        .calls
        .iter()
        .find(|call| call.child() == Some(process))
}

/// A call that makes a process, with the flags that say what the two have in common.
pub fn process_call(call: &Call) -> String {
    let flags: Vec<&str> = ["CLONE_VM", "CLONE_VFORK", "CLONE_PIDFD"]
        .into_iter()
        .filter(|flag| call.args.has(flag))
        .collect();
    match flags.is_empty() {
        true => format!("`{}`", call.name),
        false => format!("`{}({})`", call.name, flags.join(", ")),
    }
}
