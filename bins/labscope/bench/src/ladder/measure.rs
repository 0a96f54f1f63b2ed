//! What is measured of each server, in rounds in which all take their turns.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::columns::{Figure, percentile};
use crate::growth;
use crate::ladder::results::{Ladder, Level, Results};
use crate::ladder::rungs::{self, Made, Rung, SOCAT};
use crate::ladder::tree::{self, Rest};
use crate::limits::Limit;
use crate::programs::Folders;
use crate::progress::Progress;
use crate::run::Run;
use crate::server::Server;
use crate::{client, interrupt, limits, order};

/// How many connections are held, one of them asking.
pub const LEVELS: [usize; 4] = [1, 1000, 5000, 20_000];

/// From here on a level is measured in the first round alone.
const ONCE: usize = 20_000;

/// How long one connection asks at most.
const ASKING: Duration = Duration::from_secs(2);

/// One life of a server with short connections.
struct Short {
    a_second: f64,
    cpu: f64,
}

/// One life of a server with connections that are held.
#[derive(Default)]
struct Held {
    held: usize,
    stopped_by: Option<String>,
    alone: f64,
    requests: f64,
    request_cpu: f64,
    p50: f64,
    p99: f64,
    memory: tree::Memory,
    given_back: f64,
}

/// What the rounds have seen of one server.
#[derive(Default)]
struct Seen {
    short: Vec<Short>,
    held: Vec<(usize, Held)>,
}

impl Run<'_> {
    pub fn ladder(&mut self, folders: &Folders) -> Result<Ladder> {
        let (rungs, missing) = rungs::all(folders)?;
        self.notes.extend(missing);
        let held = self.options.held;
        if LEVELS.into_iter().any(|level| level > held) {
            self.notes.push(format!(
                "ladder: no more than {held} held at once, as asked for"
            ));
        }
        let limit = limits::lowest();
        let mut seen: Vec<Seen> = rungs.iter().map(|_| Seen::default()).collect();
        let short = if self.options.quick { 100 } else { 1000 };
        let rounds = self.options.rounds.min(5);
        for round in 0..rounds {
            for index in order::of(round, rungs.len()) {
                let rung = &rungs[index];
                let name = format!("{} ({:?})", rung.name, rung.made).to_lowercase();
                self.progress
                    .step(&format!("ladder, round {} of {rounds}: {name}", round + 1));
                let one = short_connections(rung, short);
                seen[index].short.extend(self.noted(&name, one)?);
                let levels = LEVELS
                    .into_iter()
                    .filter(|&level| level <= self.options.held && (level < ONCE || round == 0));
                // A floor is there for short connections alone; socat makes two processes a connection: so many of them take minutes.
                let levels: Vec<usize> = levels
                    .filter(|&level| rung.most > 0 && (level <= rung.most || level == 1))
                    .filter(|&level| level < ONCE || rung.name != SOCAT)
                    .filter(|_| rung.made != Made::Floor)
                    .collect();
                for level in levels {
                    let one = held_connections(rung, level, limit.as_ref(), &self.progress);
                    let one = self.noted(&format!("{name}, {level} held"), one)?;
                    seen[index].held.extend(one.map(|one| (level, one)));
                }
            }
        }
        let servers = rungs
            .iter()
            .zip(seen)
            .map(|(rung, seen)| results(rung, seen));
        Ok(Ladder {
            servers: servers.collect(),
        })
    }
}

/// One connection after the other: a line there and back, and its end.
fn short_connections(rung: &Rung, count: usize) -> Result<Short> {
    let server = Server::answering(&rung.program, &rung.arguments)?;
    let rest = Rest::of(&server)?;
    let before = tree::processor_time_of_this_program()?;
    let begun = Instant::now();
    for _ in 0..count {
        drop(client::connect_and_echo()?);
    }
    let elapsed = begun.elapsed().as_secs_f64() * 1e3;
    // The one CPU was always somebody's: what the client did not use is the server's, the kernel's clearing up included. Of
    // children that end while SIGCHLD is ignored no account is kept.
    let used = elapsed - (tree::processor_time_of_this_program()? - before);
    rest.await_again()?;
    Ok(Short {
        a_second: count as f64 * 1e3 / elapsed,
        cpu: used * 1e3 / count as f64,
    })
}

/// So many connections, of which the last one asks.
fn held_connections(
    rung: &Rung,
    asked: usize,
    limit: Option<&Limit>,
    progress: &Progress,
) -> Result<Held> {
    let server = Server::answering(&rung.program, &rung.arguments)?;
    let rest = Rest::of(&server)?;
    let alone = tree::memory(&server)?;
    let (mut connections, stopped_by) = growth::hold(asked, limit, &mut Vec::new(), progress)?;
    let held = connections.len();
    let with = tree::memory(&server)?;
    let of_one = |with: f64, alone: f64| (with - alone).max(0.0) / held.max(1) as f64;
    let mut seen = Held {
        held,
        stopped_by,
        alone: alone.pss,
        memory: tree::Memory {
            pss: of_one(with.pss, alone.pss),
            page_tables: of_one(with.page_tables, alone.page_tables),
            kernel_stacks: of_one(with.kernel_stacks, alone.kernel_stacks),
        },
        ..Held::default()
    };
    let active = connections
        .last_mut()
        .context("no connection could be held")?;
    for _ in 0..10 {
        client::echo_again(active)?;
    }
    let before = tree::processor_time(&server);
    let mut times = Vec::new();
    let begun = Instant::now();
    while times.len() < 1000 && begun.elapsed() < ASKING {
        let sent = Instant::now();
        client::echo_again(active)?;
        times.push(sent.elapsed().as_secs_f64() * 1e6);
    }
    seen.requests = times.len() as f64 / begun.elapsed().as_secs_f64();
    // The last echo is here before its sender sleeps again.
    seen.request_cpu = (tree::processor_time(&server) - before) * 1000.0 / times.len() as f64;
    times.sort_by(f64::total_cmp);
    seen.p50 = percentile(&times, 50.0).unwrap_or_default();
    seen.p99 = percentile(&times, 99.0).unwrap_or_default();
    interrupt::check()?;
    let begun = Instant::now();
    drop(connections);
    rest.await_again()?;
    seen.given_back = begun.elapsed().as_secs_f64() * 1e3;
    Ok(seen)
}

fn results(rung: &Rung, seen: Seen) -> Results {
    let Seen { short, held } = seen;
    let mut asked: Vec<usize> = held.iter().map(|(asked, _)| *asked).collect();
    asked.sort_unstable();
    asked.dedup();
    let level = |asked: usize| {
        let rounds: Vec<&Held> = held
            .iter()
            .filter(|one| one.0 == asked)
            .map(|one| &one.1)
            .collect();
        let figure = |of: fn(&Held) -> f64| Figure::of(rounds.iter().map(|one| of(one)).collect());
        Level {
            asked,
            held: rounds.iter().map(|one| one.held).min().unwrap_or_default(),
            stopped_by: rounds.iter().find_map(|one| one.stopped_by.clone()),
            requests: figure(|one| one.requests),
            request_cpu: figure(|one| one.request_cpu),
            p50: figure(|one| one.p50),
            p99: figure(|one| one.p99),
            pss: figure(|one| one.memory.pss),
            page_tables: figure(|one| one.memory.page_tables),
            kernel_stacks: figure(|one| one.memory.kernel_stacks),
            given_back: figure(|one| one.given_back),
        }
    };
    Results {
        name: rung.name.to_owned(),
        made: rung.made,
        most: (rung.most < usize::MAX).then_some(rung.most),
        connections: Figure::of(short.iter().map(|one| one.a_second).collect()),
        connection_cpu: Figure::of(short.iter().map(|one| one.cpu).collect()),
        alone: Figure::of(held.iter().map(|(_, one)| one.alone).collect()),
        levels: asked.into_iter().map(level).collect(),
    }
}
