//! Why there is no program.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use crate::i18n::Language;

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
    /// The compiler refused it.
    Errors {
        messages: String,
    },
    /// The compiler did not come to an end.
    TooLong,
    /// With its name.
    NoCompiler(String),
    /// Something else, that is not the file's fault.
    Failed(String),
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Missing => f.write_str("there is no such file"),
            CompileError::NotAFile => f.write_str("it is no ordinary file"),
            CompileError::Loop => f.write_str("it is a symbolic link that leads to itself"),
            CompileError::Unreadable(why) => write!(f, "it cannot be read: {why}"),
            CompileError::Empty => f.write_str("it is empty"),
            CompileError::TooLarge => write!(f, "it is larger than {LARGEST} bytes"),
            CompileError::NoMain { .. } => f.write_str("it has no function main"),
            CompileError::MissingHeader { header, .. } if is_of_cpp(header) => {
                write!(f, "it is no C file: it includes {header}, a header of C++")
            }
            CompileError::MissingHeader { header, .. } => {
                write!(f, "it includes {header}, which is not there")
            }
            CompileError::Errors { .. } => f.write_str("it does not compile"),
            CompileError::TooLong => write!(f, "the compiler was not ready within {:?}", PATIENCE),
            CompileError::NoCompiler(name) => write!(
                f,
                "there is no compiler {name}: install one (Debian, Ubuntu: sudo apt install gcc libc6-dev), \
                 or name it in CC"
            ),
            CompileError::Failed(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for CompileError {}

impl CompileError {
    /// The reason in one language.
    pub fn say(&self, language: Language) -> String {
        match language {
            Language::En => self.to_string(),
            Language::Ko => self.korean(),
        }
    }

    fn korean(&self) -> String {
        let text = match self {
            CompileError::Missing => "그런 파일이 없다",
            CompileError::NotAFile => "일반 파일이 아니다",
            CompileError::Loop => "자기 자신을 가리키는 심볼릭 링크다",
            CompileError::Empty => "비어 있다",
            CompileError::NoMain { .. } => "main 함수가 없다",
            CompileError::Errors { .. } => "컴파일되지 않는다",
            CompileError::Unreadable(why) => return format!("읽을 수 없다: {why}"),
            CompileError::TooLarge => return format!("{LARGEST}바이트보다 크다"),
            CompileError::MissingHeader { header, .. } if is_of_cpp(header) => {
                return format!("C++의 헤더를 include한다({header}). C 파일이 아니다");
            }
            CompileError::MissingHeader { header, .. } => {
                return format!("include하는 파일이 없다: {header}");
            }
            CompileError::TooLong => {
                return format!("컴파일러가 {:?} 안에 끝나지 않았다", PATIENCE);
            }
            CompileError::NoCompiler(name) => {
                return format!(
                    "컴파일러({name})가 없다: 설치하거나(Debian, Ubuntu: sudo apt install gcc libc6-dev) \
                     CC에 이름을 적는다"
                );
            }
            CompileError::Failed(why) => return why.clone(),
        };
        text.to_owned()
    }

    /// The first error among the compiler's messages, where nothing shorter says what is wrong.
    pub fn first_error(&self) -> Option<&str> {
        match self {
            CompileError::Errors { messages } => {
                messages.lines().find(|line| line.contains("error: "))
            }
            _ => None,
        }
    }
}

/// C's own headers, and a student's, end in `.h`.
fn is_of_cpp(header: &str) -> bool {
    !header.contains('.')
}

impl CompileError {
    /// What the compiler had to say, in its own words.
    pub fn messages(&self) -> &str {
        match self {
            CompileError::NoMain { messages }
            | CompileError::MissingHeader { messages, .. }
            | CompileError::Errors { messages } => messages,
            _ => "",
        }
    }
}

/// A failure on a file that is not the file's fault.
pub(crate) fn failed(what: &str, path: &Path, error: &std::io::Error) -> CompileError {
    CompileError::Failed(format!("{what} {}: {error}", path.display()))
}
