//! A process: its number, and how it ended.

use std::fmt::Display;

use super::Language::{self, En, Ko};

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

pub fn kill(language: Language, signal: &str) -> String {
    match language {
        En => format!("killed by {signal}"),
        Ko => format!("{signal} 시그널로 종료됨"),
    }
}

/// At the end of the run: it might have gone on.
pub fn ended_from_outside(language: Language) -> &'static str {
    language.pick("ended from outside", "밖에서 종료함")
}

pub fn exited(language: Language, who: &str, status: i32) -> String {
    match language {
        En => format!("{who} exited with status {status}"),
        Ko => format!("{who}: 종료됨(종료 값 {status})"),
    }
}

pub fn killed(language: Language, who: &str, signal: &str) -> String {
    match language {
        En => format!("{who} was killed by {signal}"),
        Ko => format!("{who}: {signal} 시그널로 종료됨"),
    }
}
