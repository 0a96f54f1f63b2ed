//! A process: its number, and how it ended.

use std::fmt::Display;

use super::Language;

/// `process 2`, or by its place in the family: `process 1.2`
pub fn process(language: Language, number: impl Display) -> String {
    format!("{} {number}", language.pick("process", "프로세스"))
}

/// What is a companion's has its name before it.
pub fn of(who: Option<&str>, what: &str) -> String {
    match who {
        Some(who) => format!("{who}: {what}"),
        None => what.to_owned(),
    }
}

pub fn exit(language: Language, status: i32) -> String {
    let exit = language.pick("exited with status", "종료 값");
    format!("{exit} {status}")
}

texts! {
    kill(signal: &str): "killed by {signal}", "{signal} 시그널로 종료됨";
    /// At the end of the run: it might have gone on.
    ended_from_outside: "ended from outside", "밖에서 종료함";
    exited(who: &str, status: i32): "{who} exited with status {status}", "{who}: 종료됨(종료 값 {status})";
    killed(who: &str, signal: &str): "{who} was killed by {signal}", "{who}: {signal} 시그널로 종료됨";
}
