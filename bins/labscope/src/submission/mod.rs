//! C files of students: whose lab they are, and their programs.
//!
//! The compiler is lenient where students' C is old (a function used before it is declared, `main` without a type),
//! and takes a file as it is: CP949 text and `\r\n` are no concern of its.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use nix::errno::Errno;

use crate::scenario::Language;

mod compiler;
mod names;

pub use names::{Found, NoLab, find, lab_of};

/// A larger source file is not a lab.
const LARGEST: u64 = 1 << 20;

/// A program made of a student's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    pub program: PathBuf,
    /// What the compiler had to say, in its own words.
    pub messages: String,
}

/// Why there is no program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
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

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Missing => f.write_str("there is no such file"),
            Refused::NotAFile => f.write_str("it is no ordinary file"),
            Refused::Loop => f.write_str("it is a symbolic link that leads to itself"),
            Refused::Unreadable(why) => write!(f, "it cannot be read: {why}"),
            Refused::Empty => f.write_str("it is empty"),
            Refused::TooLarge => write!(f, "it is larger than {LARGEST} bytes"),
            Refused::NoMain { .. } => f.write_str("it has no function main"),
            Refused::MissingHeader { header, .. } if is_of_cpp(header) => {
                write!(f, "it is no C file: it includes {header}, a header of C++")
            }
            Refused::MissingHeader { header, .. } => {
                write!(f, "it includes {header}, which is not there")
            }
            Refused::Errors { .. } => f.write_str("it does not compile"),
            Refused::TooLong => write!(
                f,
                "the compiler was not ready within {:?}",
                compiler::PATIENCE
            ),
            Refused::NoCompiler(name) => write!(
                f,
                "there is no compiler {name}: install one (Debian, Ubuntu: sudo apt install gcc libc6-dev), \
                 or name it in CC"
            ),
            Refused::Failed(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Refused {}

impl Refused {
    /// The reason in one language.
    pub fn say(&self, language: Language) -> String {
        match language {
            Language::En => self.to_string(),
            Language::Ko => self.korean(),
        }
    }

    fn korean(&self) -> String {
        let text = match self {
            Refused::Missing => "그런 파일이 없다",
            Refused::NotAFile => "일반 파일이 아니다",
            Refused::Loop => "자기 자신을 가리키는 심볼릭 링크다",
            Refused::Empty => "비어 있다",
            Refused::NoMain { .. } => "main 함수가 없다",
            Refused::Errors { .. } => "컴파일되지 않는다",
            Refused::Unreadable(why) => return format!("읽을 수 없다: {why}"),
            Refused::TooLarge => return format!("{LARGEST}바이트보다 크다"),
            Refused::MissingHeader { header, .. } if is_of_cpp(header) => {
                return format!("C++의 헤더를 include한다({header}). C 파일이 아니다");
            }
            Refused::MissingHeader { header, .. } => {
                return format!("include하는 파일이 없다: {header}");
            }
            Refused::TooLong => {
                return format!("컴파일러가 {:?} 안에 끝나지 않았다", compiler::PATIENCE);
            }
            Refused::NoCompiler(name) => {
                return format!(
                    "컴파일러({name})가 없다: 설치하거나(Debian, Ubuntu: sudo apt install gcc libc6-dev) \
                     CC에 이름을 적는다"
                );
            }
            Refused::Failed(why) => return why.clone(),
        };
        text.to_owned()
    }

    /// The first error among the compiler's messages, where nothing shorter says what is wrong.
    pub fn first_error(&self) -> Option<&str> {
        match self {
            Refused::Errors { messages } => messages.lines().find(|line| line.contains("error: ")),
            _ => None,
        }
    }
}

/// C's own headers, and a student's, end in `.h`.
fn is_of_cpp(header: &str) -> bool {
    !header.contains('.')
}

impl Refused {
    /// What the compiler had to say, in its own words.
    pub fn messages(&self) -> &str {
        match self {
            Refused::NoMain { messages }
            | Refused::MissingHeader { messages, .. }
            | Refused::Errors { messages } => messages,
            _ => "",
        }
    }
}

/// Compiles a student's file to the program `into/<lab>`, so that it is called like the lab; `flags` as its twin has them.
pub fn compile(
    source: &Path,
    lab: &str,
    flags: &[String],
    into: &Path,
) -> Result<Compiled, Refused> {
    check(source)?;
    fs::create_dir_all(into).map_err(|error| failed("cannot make", into, &error))?;
    let program = into.join(lab);
    let _ = fs::remove_file(&program); // of a former file
    let log = into.join(format!("{lab}.messages"));
    let (status, messages) = compiler::run(&absolute(source), flags, &program, &log)?;
    let messages = shortened(&messages, source);
    if status.success() {
        return Ok(Compiled { program, messages });
    }
    Err(reason(messages))
}

/// Copies a program that has to lie beside another: exec_test beside command.
pub fn add_companion(binary: &Path, into: &Path) -> anyhow::Result<PathBuf> {
    let name = binary.file_name();
    let name = name.with_context(|| format!("{} is no program", binary.display()))?;
    let copy = into.join(name);
    fs::copy(binary, &copy)
        .with_context(|| format!("cannot copy {} to {}", binary.display(), into.display()))?;
    Ok(copy)
}

/// Whether the source is a file with something in it.
fn check(source: &Path) -> Result<(), Refused> {
    let of_error = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Refused::Missing,
        _ if error.raw_os_error() == Some(Errno::ELOOP as i32) => Refused::Loop,
        _ => Refused::Unreadable(error.to_string()),
    };
    let about = fs::metadata(source).map_err(of_error)?;
    if !about.is_file() {
        return Err(Refused::NotAFile);
    }
    if about.len() > LARGEST {
        return Err(Refused::TooLarge);
    }
    let text = fs::read(source).map_err(of_error)?;
    match text.iter().all(u8::is_ascii_whitespace) {
        true => Err(Refused::Empty),
        false => Ok(()),
    }
}

/// Why the compiler refused it, from its messages.
fn reason(messages: String) -> Refused {
    let missing = messages.lines().find_map(|line| {
        let (before, _) = line
            .split_once(": No such file or directory")
            .or_else(|| line.split_once("' file not found"))?;
        let (_, header) = before.split_once("fatal error: ")?;
        Some(header.trim_matches('\'').to_owned())
    });
    if let Some(header) = missing {
        return Refused::MissingHeader { header, messages };
    }
    if messages.contains("undefined reference to `main'")
        || messages.contains("undefined symbol: main")
    {
        return Refused::NoMain { messages };
    }
    Refused::Errors { messages }
}

/// The messages with the file's name in the place of its path.
fn shortened(messages: &[u8], source: &Path) -> String {
    let text = String::from_utf8_lossy(messages).into_owned();
    let name = source.file_name().unwrap_or_default().to_string_lossy();
    let path = absolute(source);
    text.replace(&*path.to_string_lossy(), &name)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn failed(what: &str, path: &Path, error: &std::io::Error) -> Refused {
    Refused::Failed(format!("{what} {}: {error}", path.display()))
}
