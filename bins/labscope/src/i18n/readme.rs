//! The tables of the READMEs.

use super::Language;

/// The head of the table of the labs.
pub fn labs(language: Language) -> &'static str {
    language.pick(
        "| lab | slide | Rust | C | system calls | watch for |",
        "| 실습 | 슬라이드 | Rust | C | 시스템 콜 | 눈여겨볼 것 |",
    )
}
