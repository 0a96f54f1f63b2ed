//! The compiler, run on a file that nobody knows.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::confinement::{self, Confinement, Means};
use crate::i18n::failure;
use crate::proc::speed;
use crate::submission::absolute;
use crate::submission::compile_error::{CompileError, PATIENCE, failed};

/// More messages than this are cut off.
const MOST_MESSAGES: u64 = 1 << 18;

/// An array may be made too large by mistake: files of at most 128 MiB, memory of at most 4 GiB.
const LIMITS: &str = "ulimit -c 0; ulimit -f 262144; ulimit -v 4194304; exec \"$0\" \"$@\"";

/// Where the shell and the compiler's own programs are looked for.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// How C is compiled here, the twins too; every version of the compiler knows these.
pub const OPTIONS: [&str; 5] = ["-std=gnu99", "-O0", "-g", "-Wall", "-Wextra"];

/// What C of the last century does, and newer compilers refuse.
const OLD_C: [&str; 6] = [
    "-fpermissive",
    "-Wno-error=implicit-function-declaration",
    "-Wno-error=implicit-int",
    "-Wno-error=int-conversion",
    "-Wno-error=incompatible-pointer-types",
    "-Wno-error=return-mismatch",
];

/// What is compiled, where, and who may do it.
pub struct Compilation<'a> {
    /// The folder that the sources lie in: the compiler works there, and writes nowhere else.
    pub room: &'a Path,
    /// By name.
    pub sources: &'a [OsString],
    pub flags: &'a [String],
    /// The name of the program.
    pub program: &'a str,
    /// By what the compiler is confined, if the sources are not trusted.
    pub confined: Option<Means>,
}

/// Compiles; returns how the compiler ended, and its messages.
pub fn run(what: &Compilation) -> Result<(ExitStatus, Vec<u8>), CompileError> {
    let place = Place {
        room: what.room,
        confined: what.confined,
        readable: own_files(),
    };
    let mut command = place.command(&resolved())?;
    command.args(OPTIONS).args(old_options()).args(what.flags);
    if words().iter().any(|word| word == "-static") {
        command.arg("-Wl,--eh-frame-hdr"); // stacks of a static program need the table that finds its frames
    }
    command.arg("-o").arg(what.program);
    command.args(["-x", "c"]).args(what.sources); // whatever their names end in
    command.args(["-x", "none"]); // a wrapper such as `diet gcc` adds libraries behind them
    match place.run(&mut command)? {
        (status, _) if status.code() == Some(127) => {
            Err(CompileError::NoCompiler(words()[0].clone()))
        }
        ended => Ok(ended),
    }
}

/// Where a compiler works, and what it may read there.
pub(super) struct Place<'a> {
    pub room: &'a Path,
    pub confined: Option<Means>,
    /// Beside the system's own folders.
    pub readable: Vec<PathBuf>,
}

impl Place<'_> {
    /// The compiler of these words where it reads the system and its own files, and writes into the room and its
    /// temporary folder.
    pub fn command(&self, words: &[OsString]) -> Result<Command, CompileError> {
        let temporary = self.temporary();
        fs::create_dir_all(&temporary)
            .map_err(|error| failed(&failure::cannot_make_folder(temporary.display()), &error))?;
        let Some(means) = self.confined else {
            let mut command = command(words);
            command.env("TMPDIR", temporary);
            return Ok(command);
        };
        let base = self.room.with_extension("root");
        fs::create_dir_all(&base)
            .map_err(|error| failed(&failure::cannot_make_folder(base.display()), &error))?;
        let confinement = Confinement {
            means,
            base,
            readable: self.readable.clone(),
            writable: vec![self.room.to_owned(), temporary.clone()],
            tmp: None,
            renews_ipc: false,
        };
        let temporary = temporary.to_string_lossy();
        let environment = [("PATH", PATH), ("LC_ALL", "C"), ("TMPDIR", &*temporary)];
        let file = self.room.with_extension("confinement");
        let command = confinement::command(&confinement, &file, Path::new("/bin/sh"), &environment);
        let mut command = command.map_err(|error| CompileError::Failed(format!("{error:#}")))?;
        command.args(["-c", LIMITS]).args(words);
        without_input(&mut command);
        Ok(command)
    }

    /// Of a compiler that is killed, files remain there.
    fn temporary(&self) -> PathBuf {
        self.room.with_extension("temporary")
    }

    /// Runs it in the room; returns how it ended, and its messages.
    pub fn run(&self, command: &mut Command) -> Result<(ExitStatus, Vec<u8>), CompileError> {
        let log = self.room.with_extension("messages");
        let file = File::create(&log)
            .map_err(|error| failed(&failure::cannot_write(log.display()), &error))?;
        command.current_dir(self.room).stderr(file);
        let status = end_of(command, speed::here(PATIENCE));
        let messages = beginning(&log);
        let _ = fs::remove_file(&log);
        let _ = fs::remove_dir_all(self.temporary());
        Ok((status?, messages))
    }
}

/// The words of the compiler, the first by its path.
fn resolved() -> Vec<OsString> {
    let words = words();
    let path = found(&words[0]).map_or_else(|| words[0].clone().into(), PathBuf::into_os_string);
    let rest = words.iter().skip(1).map(OsString::from);
    std::iter::once(path).chain(rest).collect()
}

/// Where a command lies, as a shell finds it.
fn found(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(absolute(Path::new(name)));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut files = std::env::split_paths(&path).map(|folder| folder.join(name));
    files.find(|file| file.is_file())
}

/// What a compiler that is not the system's reads: the folder that it lies in, and those that stand beside that.
fn own_files() -> Vec<PathBuf> {
    let Some(folder) = found(&words()[0]).and_then(|path| Some(path.parent()?.to_owned())) else {
        return Vec::new();
    };
    let beside =
        ["../include", "../lib", "../lib64", "../libexec", "../share"].map(|it| folder.join(it));
    let all = std::iter::once(folder).chain(beside);
    let all = all.filter_map(|folder| folder.canonicalize().ok());
    all.filter(|folder| !folder.starts_with("/usr")).collect()
}

/// `$CC`, which may hold options too, or cc.
fn words() -> Vec<String> {
    let named = std::env::var("CC").unwrap_or_default();
    let words: Vec<String> = named.split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        return vec!["cc".into()];
    }
    words
}

/// A compiler, with messages in English; it starts others, and all of them end together.
fn command(words: &[OsString]) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", LIMITS]).args(words);
    command.env("LC_ALL", "C");
    without_input(&mut command);
    command
}

fn without_input(command: &mut Command) {
    command.process_group(0).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
}

/// Those of the options for old C that this compiler knows: one that it does not know is an error to it.
fn old_options() -> &'static [&'static str] {
    static KNOWN: OnceLock<Vec<&str>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let knows = |option: &&str| {
            let mut probe = command(&resolved());
            probe.args(["-Werror", option, "-fsyntax-only", "-x", "c", "/dev/null"]);
            end_of(&mut probe, speed::here(PATIENCE)).is_ok_and(|status| status.success())
        };
        OLD_C.into_iter().filter(knows).collect()
    })
}

/// Runs a command, but not for ever.
fn end_of(command: &mut Command, patience: Duration) -> Result<ExitStatus, CompileError> {
    let trouble = |error: std::io::Error| failed(&failure::cannot_run(words().join(" ")), &error);
    let mut child = command.spawn().map_err(trouble)?;
    let ended = wait(&mut child, patience);
    if !matches!(ended, Ok(Some(_))) {
        let _ = killpg(Pid::from_raw(child.id() as i32), Signal::SIGKILL);
        let _ = child.wait();
    }
    ended.map_err(trouble)?.ok_or(CompileError::TooLong)
}

fn wait(child: &mut Child, patience: Duration) -> std::io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        match child.try_wait()? {
            None if started.elapsed() < patience => std::thread::sleep(Duration::from_millis(5)),
            ended => return Ok(ended),
        }
    }
}

/// The beginning of the messages.
fn beginning(log: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(log) {
        let _ = file.take(MOST_MESSAGES).read_to_end(&mut bytes); // what cannot be read is not told
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_files_and_twins_are_compiled_alike() {
        let makefile = include_str!("../../../../Makefile");
        assert!(makefile.contains(&format!("C_FLAGS  := {}\n", OPTIONS.join(" "))));
    }

    #[test]
    fn a_compiler_that_does_not_come_to_an_end_is_killed() {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "sleep 1000 & sleep 1000"])
            .process_group(0);
        let ended = end_of(&mut command, Duration::from_millis(50));
        assert_eq!(ended, Err(CompileError::TooLong));
    }
}
