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

fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or("unknown", |(_, name)| name.trim()).to_owned()
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
