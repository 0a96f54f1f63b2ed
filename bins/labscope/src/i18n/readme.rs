//! The table of the labs in the READMEs.

use super::Language;

texts! {
    head_of_labs:
        "| lab | slide | Rust | C | system calls | watch for |",
        "| 실습 | 슬라이드 | Rust | C | 시스템 콜 | 눈여겨볼 것 |";
}
