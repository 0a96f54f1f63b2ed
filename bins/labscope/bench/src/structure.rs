//! What does not depend on how busy the machine is: size, segments, mappings, calls before main.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use elf::ElfBytes;
use elf::abi::PT_LOAD;
use elf::endian::LittleEndian;

use labscope::trace::Call;

use crate::calls::calls_of;
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

/// How many system calls `exec_test` makes before the first of its own.
///
/// Its first own act concerns descriptor 0: fstat, or read. No start-up code touches that.
pub fn calls_before_main(exec_test: &Path, scratch: &Path) -> Result<usize> {
    let calls = calls_of(exec_test, &[], scratch)?;
    before_descriptor_0(&calls).context("exec_test makes no call on descriptor 0")
}

fn before_descriptor_0(calls: &[Call]) -> Option<usize> {
    const FIRST: [&str; 6] = ["fstat", "newfstatat", "statx", "ioctl", "read", "readv"];
    let is_own =
        |call: &Call| FIRST.contains(&call.name.as_str()) && call.args.get(0).number() == Some(0);
    let after_execve = calls.iter().position(is_own)?;
    after_execve.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use labscope::trace::Trace;

    use super::*;

    fn calls(names: &[&str]) -> Vec<Call> {
        let mut trace = Trace::default();
        for name in names {
            trace.feed(format!("7 {name} = 0\n").as_bytes());
        }
        trace.calls
    }

    #[test]
    fn calls_are_counted_up_to_the_first_on_descriptor_0() {
        let own = [
            "execve(\"x\", [\"x\"], 0x7f)",
            "fstat(0, {})",
            "read(0, \"\", 1)",
        ];
        assert_eq!(before_descriptor_0(&calls(&own)), Some(0));
        let limit = "prlimit64(0, RLIMIT_STACK, NULL, {})";
        let libc = [
            "execve(\"x\")",
            limit,
            "read(3, \"\", 9)",
            "read(0, \"\", 1)",
        ];
        assert_eq!(before_descriptor_0(&calls(&libc)), Some(2));
        assert_eq!(
            before_descriptor_0(&calls(&["execve(\"x\")", "exit(0)"])),
            None
        );
        assert_eq!(before_descriptor_0(&[]), None);
    }
}
