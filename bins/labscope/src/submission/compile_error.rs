//! Why there is no program.

use std::time::Duration;

use crate::i18n::{Language, submission as words};
use crate::proc::speed;

/// A larger source file is not a lab.
pub(crate) const LARGEST: u64 = 1 << 20;

/// How long the compiler may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Why there is no program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompileError {
    Missing,
    /// A folder, a pipe, a device.
    NotAFile,
    /// A symbolic link that leads to itself.
    Loop,
    /// A symbolic link in a class.
    Link,
    /// With the reason.
    Unreadable(String),
    Empty,
    TooLarge,
    NoMain {
        messages: String,
    },
    MissingHeader {
        header: String,
        messages: String,
    },
    /// It uses something that is in none of the files, of which so many were compiled.
    Undefined {
        name: String,
        files: usize,
        messages: String,
    },
    /// The compiler refused it.
    Errors {
        messages: String,
    },
    /// The compiler did not come to an end.
    TooLong,
    /// With its name.
    NoCompiler(String),
    /// It compiles, and cannot be run; with the reason.
    Uncompared(String),
    /// Something else, that is not the file's fault.
    Failed(String),
}

impl CompileError {
    /// The reason in one language.
    pub fn say(&self, language: Language) -> String {
        let text = match self {
            CompileError::Missing => words::is_missing(language),
            CompileError::NotAFile => words::is_no_file(language),
            CompileError::Loop => words::is_a_loop(language),
            CompileError::Link => words::is_a_link(language),
            CompileError::Empty => words::is_empty(language),
            CompileError::NoMain { .. } => words::has_no_main(language),
            CompileError::Errors { .. } => words::does_not_compile(language),
            CompileError::Unreadable(why) => return words::cannot_be_read(language, why),
            CompileError::TooLarge => return words::is_too_large(language, LARGEST),
            CompileError::MissingHeader { header, .. } if is_of_cpp(header) => {
                return words::includes_cpp(language, header);
            }
            CompileError::MissingHeader { header, .. } => {
                return words::header_is_missing(language, header);
            }
            CompileError::Undefined { name, files, .. } => {
                return words::is_undefined(language, name, *files);
            }
            CompileError::TooLong => {
                return words::compiler_is_slow(language, speed::here(PATIENCE).as_secs());
            }
            CompileError::NoCompiler(name) => return words::there_is_no_compiler(language, name),
            CompileError::Uncompared(why) => return words::cannot_be_compared(language, why),
            CompileError::Failed(why) => why,
        };
        text.to_owned()
    }

    /// The reason, with the compiler's first error where nothing shorter says what is wrong.
    pub fn in_a_line(&self, language: Language) -> String {
        let error = self.first_error();
        let error = error.map_or_else(String::new, |error| format!(": {error}"));
        self.say(language) + &error
    }

    /// The first error among the compiler's messages, where nothing shorter says what is wrong.
    pub fn first_error(&self) -> Option<&str> {
        match self {
            CompileError::Errors { messages } => {
                let is_error = |line: &&str| line.contains("error: ") || line.contains("error[");
                messages.lines().find(is_error)
            }
            _ => None,
        }
    }

    /// The line that the first error is in.
    pub fn line(&self) -> Option<usize> {
        let message = self.use_of_undefined().or_else(|| self.first_error())?;
        message.split(':').nth(1)?.parse().ok()
    }

    /// The compiler's words for a name that is defined nowhere.
    pub fn use_of_undefined(&self) -> Option<&str> {
        match self {
            CompileError::Undefined { name, messages, .. } => {
                messages.lines().find(|line| line.contains(name.as_str()))
            }
            _ => None,
        }
    }

    /// What the compiler had to say, in its own words.
    pub fn messages(&self) -> &str {
        match self {
            CompileError::NoMain { messages }
            | CompileError::MissingHeader { messages, .. }
            | CompileError::Undefined { messages, .. }
            | CompileError::Errors { messages } => messages,
            _ => "",
        }
    }
}

/// C's own headers, and a student's, end in `.h`.
fn is_of_cpp(header: &str) -> bool {
    !header.contains('.')
}

/// A failure on a file that is not the file's fault.
pub(crate) fn failed(what: &str, error: &std::io::Error) -> CompileError {
    CompileError::Failed(format!("{what}: {error}"))
}
