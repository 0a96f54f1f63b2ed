//! What a scenario gives a lab: its standard input and output.

use super::Language;

texts! {
    standard_input: "standard input", "표준 입력";
    standard_output: "standard output", "표준 출력";
    pipe: "a pipe", "파이프";
    file: "a file", "파일";
    closed: "closed", "닫혀 있음";
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
