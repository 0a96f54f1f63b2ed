//! Everything in order: build, look, then measure pinned to one CPU and once more without.

use std::net::{Ipv4Addr, TcpListener};
use std::thread::available_parallelism;
use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum;

use crate::cpu::Pinned;
use crate::creation::Creation;
use crate::ladder::{Ladder, promises};
use crate::listing::Listing;
use crate::machine::Machine;
use crate::programs::{self, Built, Folders, Programs};
use crate::progress::Progress;
use crate::report::{Report, Row};
use crate::variant::Variant;
use crate::{client, holds, interrupt};
use labscope::confinement::namespaces::{self, MachineLock, Own};

/// How much is measured.
pub struct Options {
    pub quick: bool,
    /// Rounds of the server's measures; the quicker ones take several for each of these.
    pub rounds: usize,
    /// The most connections held at once.
    pub held: usize,
    /// The most MiB beside which processes and threads are made.
    pub memory: u64,
    /// This part alone.
    pub only: Option<Part>,
}

/// What can be measured alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The labs beside C, Rust's std and nothing
    Table,
    /// Processes and threads beside memory
    #[value(name = "fork_cost")]
    ForkCost,
    /// myps beside ps -ef
    Myps,
    /// The servers
    Ladder,
}

impl Options {
    pub fn wants(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }
}

/// A run under way.
pub struct Run<'a> {
    pub built: Built,
    pub options: &'a Options,
    pub rows: Vec<Row>,
    pub creation: Vec<Creation>,
    pub listing: Listing,
    pub notes: Vec<String>,
    pub progress: Progress,
}

/// Measures everything that can be measured here.
pub fn run(folders: &Folders, options: &Options) -> Result<Report> {
    let begun = Instant::now();
    let mut progress = Progress::new();
    progress.step("building the programs");
    let built = programs::build(folders)?;
    interrupt::check()?;
    let note = |(variant, why): (&Variant, &String)| format!("{}: {why}", variant.name());
    let notes = built.missing.iter().map(note).collect();
    let rows = built.rows.keys().copied().map(Row::new);
    let rows = rows.filter(|_| options.wants(Part::Table)).collect();
    let mut run = Run {
        built,
        options,
        rows,
        creation: Vec::new(),
        listing: Listing::default(),
        notes,
        progress,
    };
    let network = run.take_network()?;
    let table = options.wants(Part::Table);
    if table {
        run.structures(folders)?;
    }
    let pinned = Pinned::new()?;
    let pinned_to = pinned.cpu;
    if table {
        run.times("pinned", network.is_some())?;
    }
    if options.wants(Part::ForkCost) {
        run.creations()?;
    }
    if table && network.is_some() {
        run.memories()?;
        run.growths()?;
    }
    let ladder = match network {
        Some(_) if options.wants(Part::Ladder) => run.ladder(folders)?,
        _ => Ladder::default(),
    };
    drop(pinned);
    if options.wants(Part::Myps) {
        run.listings(folders)?;
    }
    if table && available_parallelism()?.get() > 1 {
        run.times("free", network.is_some())?;
    } else if table {
        run.notes
            .push("not pinned is the same here: there is one CPU".to_owned());
    }
    let Run {
        rows,
        creation,
        listing,
        notes,
        progress,
        ..
    } = run;
    let mut report = Report {
        machine: Machine::describe(),
        quick: options.quick,
        pinned_to,
        seconds: begun.elapsed().as_secs_f64(),
        others: progress.others(),
        rows,
        creation,
        listing,
        ladder,
        holds: Vec::new(),
        notes,
    };
    report.relate();
    if table {
        report.holds = holds::check(&report);
    }
    if options.wants(Part::Myps) {
        report.holds.extend(report.listing.holds());
    }
    if options.wants(Part::Ladder) {
        report.holds.extend(promises::check(&report.ladder));
    }
    Ok(report)
}

/// The network the servers run in; as long as it lives, nobody else uses it.
#[allow(dead_code)] // held, not read
enum Network {
    Own,
    Shared(MachineLock),
}

impl Run<'_> {
    pub fn programs(&self, variant: Variant) -> &Programs {
        &self.built.rows[&variant]
    }

    pub fn variants(&self) -> Vec<Variant> {
        self.rows.iter().map(|row| row.variant).collect()
    }

    pub fn row(&mut self, variant: Variant) -> &mut Row {
        let index = self.rows.iter().position(|row| row.variant == variant);
        &mut self.rows[index.expect("a row for every variant that was built")]
    }

    /// What cannot be measured is noted and left out; an interruption ends the run.
    pub fn noted<T>(&mut self, what: &str, result: Result<T>) -> Result<Option<T>> {
        interrupt::check()?;
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                let note = format!("{what}: {error:#}");
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
                Ok(None)
            }
        }
    }

    /// A network namespace of this run's own; otherwise the loopback, when nobody else uses it and the port is free.
    fn take_network(&mut self) -> Result<Option<Network>> {
        let allowed = std::env::var_os(namespaces::SWITCH).is_none_or(|value| value != "no");
        let isolated = if allowed {
            namespaces::isolate(Own {
                network: true,
                ipc: false,
            })
        } else {
            Err(anyhow::anyhow!("{}=no", namespaces::SWITCH))
        };
        let Err(error) = isolated else {
            self.settle_network();
            return Ok(Some(Network::Own));
        };
        self.notes.push(format!(
            "no network of its own ({error:#}): the servers use this machine's loopback"
        ));
        self.progress.step("waiting for the loopback");
        let lock = MachineLock::open()?;
        while !lock.try_lock()? {
            interrupt::check()?;
            std::thread::sleep(namespaces::INTERVAL);
        }
        let port = TcpListener::bind((Ipv4Addr::UNSPECIFIED, client::PORT));
        let free = port
            .map(drop)
            .map_err(|error| anyhow::anyhow!("port {} is taken ({error})", client::PORT));
        Ok(self
            .noted("the servers are not measured", free)?
            .map(|()| Network::Shared(lock)))
    }

    /// In a network of its own no port waits in TIME_WAIT for what cannot come any more: a server without SO_REUSEADDR that has
    /// closed a connection itself could not start again for a minute. And there are ports for many clients.
    fn settle_network(&mut self) {
        for (name, value) in [
            ("tcp_max_tw_buckets", "0"),
            ("ip_local_port_range", "4000 65535"),
        ] {
            let path = format!("/proc/sys/net/ipv4/{name}");
            if let Err(error) = std::fs::write(&path, value) {
                self.notes.push(format!("{path} stays as it is: {error}"));
            }
        }
    }

    /// All times, on one CPU ("pinned") or not ("free").
    fn times(&mut self, how: &str, with_servers: bool) -> Result<()> {
        self.starts(how)?;
        self.repeats("fork + wait", "fork_wait", how, |row| (&row.fork, 50))?;
        self.repeats("a thread created and joined", "thread_join", how, |row| {
            (&row.thread, 50)
        })?;
        self.repeats("a signal handled", "signal", how, |row| (&row.signal, 5000))?;
        if with_servers {
            self.echoes(how)
        } else {
            Ok(())
        }
    }
}
