//! The compiler, run on a file that nobody knows.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::submission::compile_error::{CompileError, PATIENCE, failed};

/// More messages than this are cut off.
const MOST_MESSAGES: u64 = 1 << 18;

/// An array may be made too large by mistake: files of at most 128 MiB, memory of at most 4 GiB.
const LIMITS: &str = "ulimit -c 0; ulimit -f 262144; ulimit -v 4194304; exec \"$0\" \"$@\"";

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

/// Compiles one file; returns how the compiler ended, and its messages.
pub fn run(
    source: &Path,
    flags: &[String],
    program: &Path,
    log: &Path,
) -> Result<(ExitStatus, Vec<u8>), CompileError> {
    let file = File::create(log).map_err(|error| failed("cannot write", log, &error))?;
    let temporary = log.with_extension("temporary"); // of a compiler that is killed, files remain
    fs::create_dir_all(&temporary).map_err(|error| failed("cannot make", &temporary, &error))?;
    let mut command = command();
    command.args(OPTIONS).args(old_options()).args(flags);
    if words().iter().any(|word| word == "-static") {
        command.arg("-Wl,--eh-frame-hdr"); // stacks of a static program need the table that finds its frames
    }
    command.arg("-o").arg(program);
    command.args(["-x", "c"]).arg(source); // whatever its name ends in
    command.args(["-x", "none"]); // a wrapper such as `diet gcc` adds libraries behind it
    command.env("TMPDIR", &temporary).stderr(file);
    let status = end_of(&mut command, PATIENCE);
    let messages = beginning(log);
    let _ = fs::remove_file(log);
    let _ = fs::remove_dir_all(&temporary);
    match status? {
        status if status.code() == Some(127) => Err(CompileError::NoCompiler(words()[0].clone())),
        status => Ok((status, messages)),
    }
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

/// The compiler, with messages in English; it starts others, and all of them end together.
fn command() -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", LIMITS]).args(words());
    command.env("LC_ALL", "C").process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null());
    command
}

/// Those of the options for old C that this compiler knows: one that it does not know is an error to it.
fn old_options() -> &'static [&'static str] {
    static KNOWN: OnceLock<Vec<&str>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let knows = |option: &&str| {
            let mut probe = command();
            probe.args(["-Werror", option, "-fsyntax-only", "-x", "c", "/dev/null"]);
            end_of(&mut probe, PATIENCE).is_ok_and(|status| status.success())
        };
        OLD_C.into_iter().filter(knows).collect()
    })
}

/// Runs a command, but not for ever.
fn end_of(command: &mut Command, patience: Duration) -> Result<ExitStatus, CompileError> {
    let trouble =
        |error: std::io::Error| CompileError::Failed(format!("cannot run the compiler: {error}"));
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
