//! What does not depend on how busy the machine is: size, segments, mappings, calls before main.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use elf::ElfBytes;
use elf::abi::PT_LOAD;
use elf::endian::LittleEndian;

use crate::proc::await_sleep;

type Elf<'a> = ElfBytes<'a, LittleEndian>;

/// The size of a file in bytes.
pub fn size(program: &Path) -> Result<u64> {
    let data =
        fs::metadata(program).with_context(|| format!("cannot read {}", program.display()))?;
    Ok(data.len())
}

/// How many segments the kernel maps: the PT_LOAD headers, elf(5).
pub fn segments(program: &Path) -> Result<usize> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let file = Elf::minimal_parse(&bytes)
        .with_context(|| format!("{} is not a program", program.display()))?;
    let segments = file.segments().into_iter().flatten();
    Ok(segments.filter(|one| one.p_type == PT_LOAD).count())
}

/// A program that waits for input, killed when dropped.
struct Waiting(Child);

impl Waiting {
    fn start(program: &Path) -> Result<Waiting> {
        let mut command = Command::new(program);
        command
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .process_group(0);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let waiting = Waiting(child);
        await_sleep(waiting.0.id())?;
        Ok(waiting)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The lines of /proc/PID/maps of a program that reads its input, without those the kernel gives to
/// every process: `[stack]`, `[vdso]` and its kin. A `[heap]` counts.
pub fn mappings(exec_test: &Path) -> Result<usize> {
    const OF_EVERY_PROCESS: [&str; 4] = ["[stack]", "[vdso]", "[vvar", "[vsyscall]"];
    let waiting = Waiting::start(exec_test)?;
    let path = format!("/proc/{}/maps", waiting.0.id());
    let maps = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let is_own = |line: &&str| !OF_EVERY_PROCESS.iter().any(|name| line.contains(name));
    Ok(maps.lines().filter(is_own).count())
}

/// How many system calls `exec_test` makes before the first of its own, by strace.
///
/// Its first own act concerns descriptor 0: fstat, or read. No start-up code touches that.
pub fn calls_before_main(exec_test: &Path, scratch: &Path) -> Result<usize> {
    let trace = scratch.join(format!("trace.{}", std::process::id()));
    let mut strace = Command::new("strace");
    strace
        .arg("-o")
        .arg(&trace)
        .arg(exec_test)
        .stdin(Stdio::null());
    let output = strace
        .output()
        .context("cannot start strace (apt-get install strace)")?;
    let text = fs::read_to_string(&trace);
    let _ = fs::remove_file(&trace);
    if !output.status.success() {
        bail!(
            "strace failed: {}",
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    before_descriptor_0(&text.context("cannot read what strace wrote")?)
        .context("strace shows no call on descriptor 0")
}

fn before_descriptor_0(trace: &str) -> Option<usize> {
    const FIRST: [&str; 6] = ["fstat", "newfstatat", "statx", "ioctl", "read", "readv"];
    let is_own = |line: &str| {
        let Some((name, arguments)) = line.split_once('(') else {
            return false;
        };
        FIRST.contains(&name)
            && arguments
                .strip_prefix('0')
                .is_some_and(|rest| rest.starts_with([',', ')']))
    };
    let after_execve = trace.lines().position(is_own)?;
    after_execve.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_up_to_the_first_on_descriptor_0() {
        let own = "execve(\"x\", [\"x\"], 0x7f /* 0 vars */) = 0\nfstat(0, {}) = 0\nread(0, \"\", 1) = 0\n";
        assert_eq!(before_descriptor_0(own), Some(0));
        let libc = "execve(\"x\") = 0\nprlimit64(0, RLIMIT_STACK, NULL, {}) = 0\nread(3, \"\", 9) = 0\nread(0, \"\", 1) = 0\n";
        assert_eq!(before_descriptor_0(libc), Some(2));
        assert_eq!(
            before_descriptor_0("execve(\"x\") = 0\nexit(0) = ?\n"),
            None
        );
        assert_eq!(before_descriptor_0(""), None);
    }
}
