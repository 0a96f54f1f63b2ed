//! C files of students: whose lab they are, and their programs.
//!
//! The compiler is lenient where students' C is old (a function used before it is declared, `main` without a type),
//! and takes a file as it is: CP949 text and `\r\n` are no concern of its. What it says is shown as text.

mod arguments;
mod compile_error;
mod compiler;
mod names;
mod rust;
mod student;

pub use arguments::wanted as wanted_arguments;
pub use compile_error::CompileError;
pub use compiler::OPTIONS as C_FLAGS;
pub use names::{Found, NoLab, find, lab_of};
pub use rust::{RustSubmission, compile_rust};
pub use student::{Student, only_program, students};

use compile_error::{LARGEST, failed};

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use nix::errno::Errno;

use crate::confinement::Means;
use crate::i18n::submission as words;
use crate::i18n::{Language, failure};
use crate::text::encoding;

/// What the program is called where it is compiled; no source is.
const PROGRAM: &str = ".program";

/// A program made of a student's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    pub program: PathBuf,
    /// What the compiler had to say, in its own words.
    pub messages: String,
}

/// What is made of a student's files.
pub struct Submission<'a> {
    /// That of the lab, and others that belong to the same program.
    pub sources: &'a [PathBuf],
    pub lab: &'a str,
    /// As the lab's twin has them.
    pub flags: &'a [String],
    /// By what the compiler is confined, if the files are not trusted.
    pub confined: Option<Means>,
    /// That of what is said beside the compiler's words.
    pub language: Language,
}

/// Compiles a student's files to the program `into/<lab>`, so that it is called like the lab.
///
/// The compiler sees copies of them, and of the headers beside them, in a folder of their own.
pub fn compile(submission: &Submission, into: &Path) -> Result<Compiled, CompileError> {
    let sources = submission.sources;
    for source in sources {
        read(source)?;
    }
    let room = into.join(format!("{}.room", submission.lab));
    let _ = fs::remove_dir_all(&room); // of a former file
    fs::create_dir_all(&room)
        .map_err(|error| failed(&failure::cannot_make_folder(room.display()), &error))?;
    let room = absolute(&room);
    let names = copy(sources, &room)?;
    let program = into.join(submission.lab);
    let _ = fs::remove_file(&program);
    let (status, messages) = compiler::run(&compiler::Compilation {
        room: &room,
        sources: &names,
        flags: submission.flags,
        program: PROGRAM,
        confined: submission.confined,
    })?;
    let messages = old_encodings(submission) + &encoding::lines(&messages);
    if !status.success() {
        return Err(reason(messages, sources.len()));
    }
    let made = room.join(PROGRAM);
    // Where the linker may change no modes, it has made a file that nobody can execute.
    fs::set_permissions(&made, fs::Permissions::from_mode(0o755))
        .and_then(|()| fs::rename(&made, &program))
        .map_err(|error| failed(&failure::cannot_run(made.display()), &error))?;
    if is_32_bit(&program) {
        let why = words::is_32_bit(submission.language);
        return Err(CompileError::Uncompared(why.to_owned()));
    }
    Ok(Compiled { program, messages })
}

/// A line for each source that is in CP949.
fn old_encodings(submission: &Submission) -> String {
    let is_old = |source: &&PathBuf| {
        let text = fs::read(source).unwrap_or_default();
        let mut lines = text.split(|&byte| byte == b'\n');
        lines.any(|line| encoding::korean(line).is_some())
    };
    let old = submission.sources.iter().filter(is_old);
    let notes = old.map(|source| {
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        words::is_in_cp949(submission.language, &name) + "\n"
    });
    notes.collect()
}

/// Copies sources, and the headers beside them, into a folder; returns the names of the sources.
fn copy(sources: &[PathBuf], room: &Path) -> Result<Vec<OsString>, CompileError> {
    let into_room = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        fs::copy(path, room.join(name)).map(|_| name.to_owned())
    };
    for folder in sources
        .iter()
        .filter_map(|source| absolute(source).parent().map(Path::to_owned))
    {
        for header in headers(&folder) {
            let _ = into_room(&header); // one that cannot be read is missed by the compiler
        }
    }
    let copied = sources.iter().map(|source| {
        into_room(source).map_err(|error| CompileError::Unreadable(error.to_string()))
    });
    copied.collect()
}

/// The headers in a folder: ordinary files, and no links, which may lead anywhere.
fn headers(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_header = |entry: &fs::DirEntry| {
        let ends = Path::new(&entry.file_name())
            .extension()
            .is_some_and(|end| end == "h");
        let about = entry.metadata(); // of a link itself
        ends && about.is_ok_and(|about| about.is_file() && about.len() <= LARGEST)
    };
    entries
        .filter(is_header)
        .map(|entry| entry.path())
        .collect()
}

/// Copies a program that has to lie beside another: exec_test beside command.
pub fn add_companion(binary: &Path, into: &Path) -> anyhow::Result<PathBuf> {
    let name = binary.file_name();
    let name = name.with_context(|| failure::is_no_program(binary.display()))?;
    let copy = into.join(name);
    fs::copy(binary, &copy)
        .with_context(|| failure::cannot_copy(binary.display(), into.display()))?;
    Ok(copy)
}

/// Puts into a folder what a student's program becomes: the student's own, if its source lies beside, else the twin.
pub fn add_needed(
    submission: &Submission,
    needed: &str,
    twins: &Path,
    into: &Path,
) -> anyhow::Result<Result<(), CompileError>> {
    let mut beside = submission
        .sources
        .iter()
        .map(|source| source.with_file_name(format!("{needed}.c")));
    let own = beside.find(|own| own.is_file() && !submission.sources.contains(own));
    if let Some(own) = own {
        let own = Submission {
            sources: &[own],
            lab: needed,
            flags: &[],
            ..*submission
        };
        return Ok(compile(&own, into).map(drop));
    }
    add_companion(&twins.join(needed), into)?;
    Ok(Ok(()))
}

/// Whether a program is for processors of 32 bits: its fifth byte tells.
fn is_32_bit(program: &Path) -> bool {
    fs::read(program).is_ok_and(|bytes| bytes.get(4) == Some(&1))
}

/// What a source holds: a file with something in it.
pub fn read(source: &Path) -> Result<Vec<u8>, CompileError> {
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
        false => Ok(text),
    }
}

/// Why the compiler refused it, from its messages.
fn reason(messages: String, files: usize) -> CompileError {
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
    let undefined = ["undefined reference to `", "undefined symbol: "];
    let undefined = undefined
        .iter()
        .find_map(|words| messages.split_once(words));
    if let Some((_, rest)) = undefined {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let name = rest.chars().take_while(|&c| is_name(c)).collect();
        return CompileError::Undefined {
            name,
            files,
            messages,
        };
    }
    CompileError::Errors { messages }
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
