//! The processes and threads of a server: whether they rest, and what they take.

use std::fs;

use anyhow::{Context, Result};
use nix::sys::resource::{UsageWho, getrusage};

use crate::client::PORT;
use crate::proc::{LISTEN, TIME_WAIT, await_sleep, await_that, sockets_at};
use crate::server::Server;

/// A thread's stack in the kernel, kB: THREAD_SIZE on x86_64 and arm64.
const KERNEL_STACK: f64 = 16.0;

/// kB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    pub pss: f64,
    pub page_tables: f64,
    pub kernel_stacks: f64,
}

/// A server without a connection: what it has then of threads, children and descriptors, it has again when all is given back.
pub struct Rest {
    /// Server and workers: pid, threads, children, descriptors.
    processes: Vec<[usize; 4]>,
}

impl Rest {
    /// Waits until what the last connection took has been given back and everybody sleeps.
    pub fn of(server: &Server) -> Result<Rest> {
        await_that("the server's end of the connection is closed", || {
            (open_connections().ok()? == 0).then_some(())
        })?;
        let all = await_that("the server sleeps", || {
            let all = processes(server.pid());
            let mut threads = all.iter().flat_map(|&pid| threads(pid));
            threads.try_for_each(await_sleep).ok()?;
            (all == processes(server.pid())).then_some(all)
        })?;
        let has = all.iter().map(|&pid| {
            Some([
                pid as usize,
                threads(pid).len(),
                children(pid).len(),
                descriptors(pid)?,
            ])
        });
        let processes = has.collect::<Option<_>>().context("the server has ended")?;
        Ok(Rest { processes })
    }

    /// Waits until it is so again.
    pub fn await_again(&self) -> Result<()> {
        await_that("all is given back", || {
            let mut all = self.processes.iter();
            let is_so = all.all(|&[pid, of_threads, of_children, of_descriptors]| {
                let pid = pid as u32;
                // What is quick to ask first.
                children(pid).len() == of_children
                    && threads(pid).len() == of_threads
                    && descriptors(pid) == Some(of_descriptors)
            });
            is_so.then_some(())
        })
    }
}

/// What all processes of the server take together, once each sleeps.
pub fn memory(server: &Server) -> Result<Memory> {
    let mut sum = Memory::default();
    for pid in processes(server.pid()) {
        let memory = crate::memory::of(pid)?;
        sum.pss += memory.pss;
        sum.page_tables += memory.page_tables;
        sum.kernel_stacks += KERNEL_STACK * threads(pid).len() as f64;
    }
    Ok(sum)
}

/// Processor time that its living threads have used, in ms: sched_info of each, which counts nanoseconds.
pub fn processor_time(server: &Server) -> f64 {
    let all = processes(server.pid()).into_iter();
    let used = all.flat_map(|pid| {
        threads(pid).into_iter().filter_map(move |thread| {
            let path = format!("/proc/{pid}/task/{thread}/schedstat");
            fs::read_to_string(path)
                .ok()?
                .split(' ')
                .next()?
                .parse::<f64>()
                .ok()
        })
    });
    used.sum::<f64>() / 1e6
}

/// Processor time that this program has used itself, in ms.
pub fn processor_time_of_this_program() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).context("getrusage(2)")?;
    let of =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 * 1e3 + time.tv_usec() as f64 / 1e3;
    Ok(of(usage.user_time()) + of(usage.system_time()))
}

/// The server's ends of connections that it has not closed yet.
fn open_connections() -> Result<usize> {
    let sockets = sockets_at(PORT)?.into_iter();
    Ok(sockets
        .filter(|state| ![TIME_WAIT, LISTEN].contains(&state.as_str()))
        .count())
}

/// A process and all below it.
fn processes(pid: u32) -> Vec<u32> {
    let mut all = vec![pid];
    let mut next = 0;
    while let Some(&pid) = all.get(next) {
        all.extend(children(pid));
        next += 1;
    }
    all
}

/// Those that its first thread has made: no server here forks in another.
fn children(pid: u32) -> Vec<u32> {
    crate::proc::children(pid).unwrap_or_default()
}

fn threads(pid: u32) -> Vec<u32> {
    let entries = fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

fn descriptors(pid: u32) -> Option<usize> {
    Some(fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count())
}
