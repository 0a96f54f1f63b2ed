//! Every sentence of the tool, as a function that gives English or Korean.
//!
//! A file is a subject. A function takes what the sentence is about and knows nothing else, so that this folder
//! imports nothing of the tool; no other file holds Korean, and no sentence is taken apart again.

/// Functions that give a text, an entry each: `name: "in English", "in Korean";`, or `name(part: &str): …` where the two
/// have parts. Each takes the language first; what needs more than two texts side by side is a function like others.
#[macro_export]
macro_rules! texts {
    ($($(#[$about:meta])* $name:ident $(($($part:ident: $type:ty),*))?: $en:literal, $ko:literal;)*) => {
        $($crate::texts!(@ $(#[$about])* $name $(($($part: $type),*))? $en $ko);)*
    };
    (@ $(#[$about:meta])* $name:ident $en:literal $ko:literal) => {
        $(#[$about])*
        pub fn $name(language: Language) -> &'static str {
            language.pick($en, $ko)
        }
    };
    (@ $(#[$about:meta])* $name:ident ($($part:ident: $type:ty),*) $en:literal $ko:literal) => {
        $(#[$about])*
        pub fn $name(language: Language, $($part: $type),*) -> String {
            match language {
                Language::En => format!($en),
                Language::Ko => format!($ko),
            }
        }
    };
}

/// Functions that give what an error says, an entry each as in `texts!`. An error is made where nobody knows of a
/// language: it is told in that of the program ([`Language::of_errors`]).
macro_rules! errors {
    ($($(#[$about:meta])* $name:ident $(($($part:ident: $type:ty),*))?: $en:literal, $ko:literal;)*) => {
        $($(#[$about])*
        pub fn $name($($($part: $type),*)?) -> String {
            match Language::of_errors() {
                Language::En => format!($en),
                Language::Ko => format!($ko),
            }
        })*
    };
}

pub mod beside;
pub mod command_line;
pub mod compare;
pub mod condition;
pub mod confinement;
pub mod creation;
pub mod descriptor;
pub mod equivalent;
pub mod exercise;
pub mod failure;
pub mod fault;
pub mod habit;
pub mod init;
pub mod ladder;
mod language;
pub mod libc;
pub mod limit;
pub mod live;
pub mod mismatch;
pub mod orders;
pub mod process;
pub mod process_table;
pub mod quiz;
pub mod readme;
pub mod run;
pub mod scenario;
pub mod scenario_file;
pub mod server;
pub mod step;
pub mod submission;
pub mod timeline;
pub mod tour;

pub use language::{Language, Text, code};
