//! What it costs to make a process or a thread beside much memory: `programs/creation.c`, the series of the lab `fork_cost`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::columns::Figure;
use crate::limits::MEMORY_KEPT;
use crate::proc;

/// What is made, as the program names it; in the order of the table. The last is no way of its own: how much longer
/// it takes after a fork to write to each page again.
pub const WAYS: [&str; 7] = [
    "fork",
    "vfork",
    "clone",
    "thread",
    "fork_exec",
    "posix_spawn",
    "after_fork",
];

/// How much has been written to, and in pages of which size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    pub mib: u64,
    pub huge: bool,
}

/// The series: without memory no page is large or small.
pub const SERIES: [Memory; 7] = [
    small(0),
    small(16),
    small(256),
    small(1024),
    huge(16),
    huge(256),
    huge(1024),
];

const fn small(mib: u64) -> Memory {
    Memory { mib, huge: false }
}

const fn huge(mib: u64) -> Memory {
    Memory { mib, huge: true }
}

impl Memory {
    /// How notes name it.
    pub fn name(self) -> String {
        let pages = if self.huge { "huge" } else { "small" };
        format!("{} MiB in {pages} pages", self.mib)
    }
}

/// What was seen with one amount of memory: kB, and µs by the names of [`WAYS`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Creation {
    #[serde(flatten)]
    pub memory: Memory,
    pub page_tables: f64,
    /// How much of it did come in huge pages.
    pub huge_pages: f64,
    pub times: BTreeMap<String, Figure>,
}

/// Values by name, as the program printed them.
pub type Samples = BTreeMap<String, Vec<f64>>;

/// Fails where the machine has less memory than that, with what stays free.
pub fn check_memory(memory: Memory, (available, total): (f64, f64)) -> Result<()> {
    let may_be_used = (available - MEMORY_KEPT * total).max(0.0) / 1024.0;
    if memory.mib as f64 > may_be_used {
        bail!("not enough memory: {may_be_used:.0} MiB may be used (a fifth stays free)");
    }
    Ok(())
}

/// One life of the program, with so many samples of each way.
pub fn sample(program: &Path, memory: Memory, samples: usize, into: &mut Samples) -> Result<()> {
    check_memory(memory, proc::memory()?)?;
    let pages = if memory.huge { "huge" } else { "small" };
    let mut creation = Command::new(program);
    creation.args([&memory.mib.to_string(), pages, &samples.to_string()]);
    let output = creation
        .env_clear()
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{}, {}", said.trim_end(), output.status);
    }
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let read = line.split_once(' ');
        let (name, value) = read.with_context(|| format!("creation said {line:?}"))?;
        let value = value.parse();
        let value = value.with_context(|| format!("creation said {line:?}"))?;
        into.entry(name.to_owned()).or_default().push(value);
    }
    Ok(())
}

impl Creation {
    /// What the samples come to; nothing if there are none.
    pub fn of(memory: Memory, mut samples: Samples) -> Option<Creation> {
        let mut kilobytes = |name| Some(Figure::of(samples.remove(name)?)?.median);
        let (page_tables, huge_pages) = (kilobytes("page_tables")?, kilobytes("huge_pages")?);
        let microseconds = |values: Vec<f64>| values.iter().map(|value| value / 1000.0).collect();
        let times = samples
            .into_iter()
            .filter_map(|(name, values)| Some((name, Figure::of(microseconds(values))?)));
        Some(Creation {
            memory,
            page_tables,
            huge_pages,
            times: times.collect(),
        })
    }

    /// The median of a way, in µs.
    pub fn median(&self, way: &str) -> Option<f64> {
        self.times.get(way).map(|figure| figure.median)
    }

    /// Why this is not what was asked for: the kernel had not so many huge pages to give.
    pub fn lacks_huge_pages(&self) -> Option<String> {
        let asked = self.memory.mib as f64 * 1024.0;
        let lacks = self.memory.huge && self.huge_pages < 0.9 * asked;
        lacks.then(|| {
            format!(
                "{}: only {:.0} of {asked:.0} kB came in huge pages",
                self.memory.name(),
                self.huge_pages
            )
        })
    }
}
