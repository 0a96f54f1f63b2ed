//! What the cells of several tables have in common.

use std::net::SocketAddr;

use crate::i18n::beside as words;
use crate::i18n::{Language, Text, code};
use crate::proc::descriptors::Target;
use crate::text::descriptor::descriptor_with;
use crate::trace::Call;

/// What a descriptor refers to.
pub fn target(target: &Target) -> Text {
    let say = |language| descriptor_with(target, language, SocketAddr::to_string);
    match target {
        Target::Terminal(_) => words::the_terminal(),
        Target::Pipe(_) => words::a_pipe(),
        Target::File(path) => code(format!("`{path}`")),
        _ => Text {
            en: say(Language::En),
            ko: say(Language::Ko),
        },
    }
}

/// Names, if there are any.
pub fn list(names: &[String]) -> Text {
    match names.is_empty() {
        true => words::nothing(),
        false => code(names.join(", ")),
    }
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
