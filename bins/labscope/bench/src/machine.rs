//! The machine a report comes from: nothing that names it or its user.

use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Machine {
    pub cpu: String,
    pub cores: usize,
    pub memory_mb: u64,
    pub kernel: String,
    pub libc: String,
    pub rustc: String,
    pub cc: String,
}

impl Machine {
    pub fn describe() -> Machine {
        Machine {
            cpu: cpu(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mb: crate::proc::memory().map_or(0, |(_, total)| (total / 1024.0) as u64),
            kernel: read("/proc/sys/kernel/osrelease"),
            libc: said("getconf", "GNU_LIBC_VERSION"),
            rustc: said("rustc", "--version"),
            cc: said("cc", "--version"),
        }
    }
}

/// Its name; on arm64, where the kernel tells none, the numbers of its maker and of the part.
fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    named(&text).unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

fn named(cpuinfo: &str) -> Option<String> {
    let field = |name| {
        let mut values = cpuinfo.lines().filter_map(|line| line.strip_prefix(name));
        Some(values.next()?.split_once(':')?.1.trim())
    };
    if let Some(name) = field("model name") {
        return Some(name.to_owned());
    }
    let (maker, part) = (field("CPU implementer")?, field("CPU part")?);
    Some(format!(
        "{}, implementer {maker}, part {part}",
        std::env::consts::ARCH
    ))
}

fn read(path: &str) -> String {
    fs::read_to_string(path).map_or("unknown".to_owned(), |text| text.trim().to_owned())
}

/// The first line of what a program says of itself.
fn said(program: &str, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let text = output.map_or(String::new(), |output| {
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    text.lines().next().unwrap_or("not installed").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_whose_name_is_not_told_has_the_numbers_of_maker_and_part() {
        let intel = "processor\t: 0\nmodel name\t: A processor\n";
        assert_eq!(named(intel).as_deref(), Some("A processor"));
        let arm = "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd07\n";
        let arm = named(arm).expect("numbers");
        assert!(arm.ends_with(", implementer 0x41, part 0xd07"), "{arm}");
        assert_eq!(named("isa\t: rv64imafdc\n"), None);
    }
}
