//! What a scenario gives a lab: its standard input and output.

use super::Language;

pub fn standard_input(language: Language) -> &'static str {
    language.pick("standard input", "표준 입력")
}

pub fn standard_output(language: Language) -> &'static str {
    language.pick("standard output", "표준 출력")
}

pub fn pipe(language: Language) -> &'static str {
    language.pick("a pipe", "파이프")
}

pub fn file(language: Language) -> &'static str {
    language.pick("a file", "파일")
}

pub fn closed(language: Language) -> &'static str {
    language.pick("closed", "닫혀 있음")
}

/// What standard input holds, quoted.
pub fn input(language: Language, quoted: &str) -> String {
    let label = language.pick("standard input holds", "표준 입력의 내용");
    format!("{label} {quoted}")
}

/// The number of bytes of a text that is not shown whole.
pub fn bytes(language: Language, count: usize) -> String {
    format!("({count} {})", language.pick("bytes", "바이트"))
}
