//! C files of students: whose lab they are, and their programs.
//!
//! The compiler is lenient where students' C is old (a function used before it is declared, `main` without a type),
//! and takes a file as it is: CP949 text and `\r\n` are no concern of its.

mod compile_error;
mod compiler;
mod names;

pub use compile_error::CompileError;
pub use compiler::OPTIONS as C_FLAGS;
pub use names::{Found, NoLab, find, lab_of};

use compile_error::{LARGEST, failed};

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use nix::errno::Errno;

/// A program made of a student's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    pub program: PathBuf,
    /// What the compiler had to say, in its own words.
    pub messages: String,
}

/// Compiles a student's file to the program `into/<lab>`, so that it is called like the lab; `flags` as its twin has them.
pub fn compile(
    source: &Path,
    lab: &str,
    flags: &[String],
    into: &Path,
) -> Result<Compiled, CompileError> {
    check(source)?;
    fs::create_dir_all(into).map_err(|error| failed("cannot make", into, &error))?;
    let program = into.join(lab);
    let _ = fs::remove_file(&program); // of a former file
    let log = into.join(format!("{lab}.messages"));
    let (status, messages) = compiler::run(&absolute(source), flags, &program, &log)?;
    let messages = shortened(&messages, source);
    if status.success() && is_32_bit(&program) {
        let why = "programs of 32 bits are not supported: compile it without -m32";
        return Err(CompileError::Uncompared(why.to_owned()));
    }
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

/// Puts into a folder what a student's program becomes: the student's own, if its source lies beside, else the twin.
pub fn add_needed(
    source: &Path,
    needed: &str,
    twins: &Path,
    into: &Path,
) -> anyhow::Result<Result<(), CompileError>> {
    let own = source.with_file_name(format!("{needed}.c"));
    if own.is_file() && own != source {
        return Ok(compile(&own, needed, &[], into).map(drop));
    }
    add_companion(&twins.join(needed), into)?;
    Ok(Ok(()))
}

/// Whether a program is for processors of 32 bits: its fifth byte tells.
fn is_32_bit(program: &Path) -> bool {
    fs::read(program).is_ok_and(|bytes| bytes.get(4) == Some(&1))
}

/// Whether the source is a file with something in it.
fn check(source: &Path) -> Result<(), CompileError> {
    let of_error = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => CompileError::Missing,
        _ if error.raw_os_error() == Some(Errno::ELOOP as i32) => CompileError::Loop,
        _ => CompileError::Unreadable(error.to_string()),
    };
    let about = fs::metadata(source).map_err(of_error)?;
    if !about.is_file() {
        return Err(CompileError::NotAFile);
    }
    if about.len() > LARGEST {
        return Err(CompileError::TooLarge);
    }
    let text = fs::read(source).map_err(of_error)?;
    match text.iter().all(u8::is_ascii_whitespace) {
        true => Err(CompileError::Empty),
        false => Ok(()),
    }
}

/// Why the compiler refused it, from its messages.
fn reason(messages: String) -> CompileError {
    let missing = messages.lines().find_map(|line| {
        let (before, _) = line
            .split_once(": No such file or directory")
            .or_else(|| line.split_once("' file not found"))?;
        let (_, header) = before.split_once("fatal error: ")?;
        Some(header.trim_matches('\'').to_owned())
    });
    if let Some(header) = missing {
        return CompileError::MissingHeader { header, messages };
    }
    if messages.contains("undefined reference to `main'")
        || messages.contains("undefined symbol: main")
    {
        return CompileError::NoMain { messages };
    }
    CompileError::Errors { messages }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_of_32_bits_is_known_by_its_header() {
        let file = std::env::temp_dir().join(format!("labscope-32-bit-{}", std::process::id()));
        for (class, is_32) in [(1, true), (2, false)] {
            fs::write(&file, [0x7f, b'E', b'L', b'F', class]).expect("a file");
            assert_eq!(is_32_bit(&file), is_32);
        }
        let _ = fs::remove_file(&file);
    }
}
