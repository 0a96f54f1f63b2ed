//! What a process takes of the machine's memory.

use anyhow::Result;

use crate::proc::{await_sleep, kilobytes};

/// How many connections are held for the figures of one: what their processes share is shared by so many.
pub const HELD: usize = 10;

/// In kB. A page that several processes share counts a part for each (Pss).
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub pss: f64,
    pub page_tables: f64,
}

/// Of a process, once it sleeps.
pub fn of(pid: u32) -> Result<Memory> {
    await_sleep(pid)?;
    Ok(Memory {
        pss: kilobytes(&format!("/proc/{pid}/smaps_rollup"), "Pss")?,
        page_tables: kilobytes(&format!("/proc/{pid}/status"), "VmPTE")?,
    })
}

/// The mean of some processes, once each sleeps.
pub fn mean(pids: &[u32]) -> Result<Memory> {
    let mut sum = Memory {
        pss: 0.0,
        page_tables: 0.0,
    };
    for &pid in pids {
        let memory = of(pid)?;
        sum.pss += memory.pss;
        sum.page_tables += memory.page_tables;
    }
    let count = pids.len().max(1) as f64;
    Ok(Memory {
        pss: sum.pss / count,
        page_tables: sum.page_tables / count,
    })
}
