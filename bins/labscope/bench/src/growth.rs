//! How the cost grows with the number of connections that are held at the same time.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::columns::percentile;
use crate::limits::{Limit, MEMORY_KEPT};
use crate::progress::Progress;
use crate::server::Server;
use crate::{client, interrupt, memory, proc};

/// What is asked for, as far as the machine goes.
pub const LEVELS: [usize; 5] = [1, 10, 100, 1000, 5000];

/// How many processes are asked for their memory, evenly chosen.
const SAMPLED: usize = 50;

/// Times from the start of connect to the first echo, in µs; memory of a connection's process in kB; the end of all in ms.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Level {
    pub asked: usize,
    pub held: usize,
    /// Which limit allowed no more.
    pub stopped_by: Option<String>,
    pub accept_p50: f64,
    pub accept_p99: f64,
    pub pss: f64,
    pub page_tables: f64,
    pub reap: f64,
}

/// How often a level is repeated: a few connections are over in no time.
fn repetitions(asked: usize) -> usize {
    (100 / asked).clamp(1, 20)
}

/// Measures one server at one level.
pub fn measure(
    program: &Path,
    asked: usize,
    limit: Option<&Limit>,
    progress: &Progress,
) -> Result<Level> {
    let mut level = Level {
        asked,
        ..Level::default()
    };
    let (mut latencies, mut reaps) = (Vec::new(), Vec::new());
    for _ in 0..repetitions(asked) {
        let server = Server::start(program)?;
        let (held, stopped_by) = hold(asked, limit, &mut latencies, progress)?;
        let pids = server.connections()?;
        let chosen: Vec<u32> = pids
            .iter()
            .step_by(pids.len().div_ceil(SAMPLED).max(1))
            .copied()
            .collect();
        let memory = memory::mean(&chosen)?;
        (level.pss, level.page_tables) = (memory.pss, memory.page_tables);
        (level.held, level.stopped_by) = (held.len(), stopped_by);
        reaps.push(reap(held, &pids)?);
    }
    latencies.sort_by(f64::total_cmp);
    reaps.sort_by(f64::total_cmp);
    level.accept_p50 = percentile(&latencies, 50.0).unwrap_or_default();
    level.accept_p99 = percentile(&latencies, 99.0).unwrap_or_default();
    level.reap = percentile(&reaps, 50.0).unwrap_or_default();
    Ok(level)
}

/// Connects one after the other, each served once, until there are enough or a limit is reached.
pub fn hold(
    asked: usize,
    limit: Option<&Limit>,
    latencies: &mut Vec<f64>,
    progress: &Progress,
) -> Result<(Vec<TcpStream>, Option<String>)> {
    let mut held = Vec::new();
    while held.len() < asked {
        if let Some(limit) = limit.filter(|limit| held.len() >= limit.connections) {
            return Ok((held, Some(limit.name.clone())));
        }
        if held.len() % 100 == 99 {
            interrupt::check()?;
            progress.at(held.len(), asked);
            let (available, total) = proc::memory()?;
            if available < MEMORY_KEPT * total {
                return Ok((held, Some("memory (a fifth stays free)".to_owned())));
            }
        }
        let begun = Instant::now();
        match client::connect_and_echo() {
            Ok(stream) => held.push(stream),
            Err(error) => return Ok((held, Some(format!("a connection failed: {error}")))),
        }
        latencies.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    Ok((held, None))
}

/// Closes all connections; milliseconds until the last process is gone.
fn reap(held: Vec<TcpStream>, pids: &[u32]) -> Result<f64> {
    let begun = Instant::now();
    drop(held);
    for pid in pids {
        proc::await_that("the end of all connections' processes", || {
            fs::metadata(format!("/proc/{pid}")).is_err().then_some(())
        })?;
    }
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}
