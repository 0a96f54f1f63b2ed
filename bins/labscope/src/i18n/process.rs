//! A process: its number, and how it ended.

use super::Language::{self, En, Ko};

/// `process 2`
pub fn process(language: Language, number: usize) -> String {
    format!("{} {number}", language.pick("process", "프로세스"))
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
