//! The steps of a run: each fills some columns of every row, the rows taking turns.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::client::{connections_per_second, requests_per_second};
use crate::columns::{Figure, percentile};
use crate::cpu::Pinned;
use crate::creation::{self, Creation, Samples};
use crate::launch::Launch;
use crate::listing::{Lister, Waiting};
use crate::programs::{Folders, Programs};
use crate::repeats::Repeats;
use crate::run::Run;
use crate::server::Server;
use crate::variant::Variant;
use crate::{client, growth, interrupt, limits, memory, order, structure};

const LAUNCHES_A_BATCH: usize = 25;
const BATCHES_A_ROUND: usize = 4;
/// In a short run of three rounds, too, each row follows each other one, once.
const REPEATS_A_ROUND: usize = 6;
const REPEATS_A_QUICK_ROUND: usize = 2;
const CLIENTS: usize = 8;
/// The series by memory: so many lives of the program at most, with as many samples of each way.
const MOST_LIVES: usize = 5;

impl Run<'_> {
    pub fn structures(&mut self, folders: &Folders) -> Result<()> {
        self.progress
            .step("sizes, segments, mappings, calls before main");
        for variant in self.variants() {
            let programs = self.programs(variant).clone();
            let exec_test = &programs.exec_test;
            let of = |number: usize| Figure::exact(number as f64);
            let columns = [
                (
                    "size",
                    structure::size(exec_test).map(|size| of(size as usize)),
                ),
                (
                    "echo_size",
                    structure::size(&programs.server).map(|size| of(size as usize)),
                ),
                ("segments", structure::segments(exec_test).map(of)),
                ("mappings", structure::mappings(exec_test).map(of)),
                (
                    "calls_before_main",
                    structure::calls_before_main(exec_test, &folders.out).map(of),
                ),
            ];
            for (key, figure) in columns {
                let figure = self.noted(&format!("{}, {key}", variant.name()), figure)?;
                self.row(variant).put(key, figure);
            }
        }
        Ok(())
    }

    pub fn starts(&mut self, how: &str) -> Result<()> {
        self.progress.step(&format!("exec → exit, {how}"));
        let variants = self.variants();
        let programs: Vec<_> = self
            .built
            .rows
            .values()
            .map(|programs| programs.exec_test.clone())
            .collect();
        let mut launch = Launch::new(&self.built.launch, LAUNCHES_A_BATCH, &programs)?;
        launch.batch()?; // everything is in memory from now on
        let mut starts = vec![Vec::new(); programs.len()];
        let batches = self.options.rounds * BATCHES_A_ROUND;
        for batch in 0..batches {
            interrupt::check()?;
            self.progress.at(batch, batches);
            for (all, more) in starts.iter_mut().zip(launch.batch()?) {
                all.extend(more);
            }
        }
        for (variant, starts) in variants.into_iter().zip(starts) {
            let row = self.row(variant);
            row.put(
                &format!("exec_exit_{how}"),
                Figure::of(starts.iter().map(|start| start.time).collect()),
            );
            if how == "pinned" {
                row.put(
                    "page_faults",
                    Figure::of(starts.iter().map(|start| start.faults).collect()),
                );
            }
        }
        Ok(())
    }

    /// What each row's program does many times in a row, and how often.
    pub fn repeats(
        &mut self,
        what: &str,
        key: &str,
        how: &str,
        program: fn(&Programs) -> (&PathBuf, u32),
    ) -> Result<()> {
        self.progress.step(&format!("{what}, {how}"));
        let repeats = match self.options.quick {
            true => REPEATS_A_QUICK_ROUND,
            false => REPEATS_A_ROUND,
        };
        let rounds = self.options.rounds * repeats;
        let mut samples = vec![Vec::new(); self.rows.len()];
        for round in 0..rounds {
            interrupt::check()?;
            self.progress.at(round, rounds);
            for index in order::of(round, self.rows.len()) {
                let (program, times) = program(self.programs(self.rows[index].variant));
                let mut repeats = Repeats::new(program, times)?;
                repeats.sample()?; // the first touches of its memory are over
                samples[index].push(repeats.sample()?);
            }
        }
        for (variant, samples) in self.variants().into_iter().zip(samples) {
            self.row(variant)
                .put(&format!("{key}_{how}"), Figure::of(samples));
        }
        Ok(())
    }

    /// The series of `fork_cost`.
    pub fn creations(&mut self) -> Result<()> {
        self.progress.step("processes and threads beside memory");
        let program = match &self.built.creation {
            Ok(program) => program.clone(),
            Err(why) => {
                return self
                    .noted("by memory", Err(anyhow!("{why}")))
                    .map(|_: Option<()>| ());
            }
        };
        let most = self.options.memory;
        let series = creation::SERIES
            .into_iter()
            .filter(|memory| memory.mib <= most);
        let mut samples: Vec<_> = series.map(|memory| (memory, Samples::new())).collect();
        let lives = self.options.rounds.min(MOST_LIVES);
        for life in 0..lives {
            self.progress.at(life, lives);
            for (memory, samples) in &mut samples {
                let seen = creation::sample(&program, *memory, lives, samples);
                self.noted(&memory.name(), seen)?;
            }
        }
        for (memory, samples) in samples {
            let creation = Creation::of(memory, samples);
            self.notes
                .extend(creation.as_ref().and_then(Creation::lacks_huge_pages));
            self.creation.extend(creation);
        }
        Ok(())
    }

    /// `myps` beside `ps -ef`, in turn: in each round as people start them, and on one CPU.
    pub fn listings(&mut self, folders: &Folders) -> Result<()> {
        self.progress.step("myps and ps -ef");
        let [lab, floor] = self.built.listers.clone();
        let listers = [
            ("myps", lab.as_path(), &[][..]),
            ("ps -ef", Path::new("ps"), &["-ef"][..]),
            ("floor", floor.as_path(), &[][..]),
        ];
        let listers = listers.map(|(name, program, arguments)| Lister {
            name,
            program,
            arguments,
        });
        let waiting = Waiting::new(&self.programs(Variant::Rawlabs).exec_test);
        let Some(_waiting) = self.noted("myps beside ps -ef", waiting)? else {
            return Ok(());
        };
        let rounds = self.options.rounds;
        let mut times = [const { [const { Vec::new() }; 3] }; 2];
        for round in 0..rounds {
            self.progress.at(round, rounds);
            for form in order::of(round, 2) {
                let _pinned = (form == 1).then(Pinned::new).transpose()?;
                for index in order::of(round, listers.len()) {
                    let time = listers[index].time();
                    times[form][index].extend(self.noted(listers[index].name, time)?);
                }
            }
        }
        let [free, pinned] = times.map(|times| {
            let named = listers.iter().zip(times);
            let figures =
                named.filter_map(|(it, times)| Some((it.name.to_owned(), Figure::of(times)?)));
            figures.collect()
        });
        (self.listing.times, self.listing.pinned) = (free, pinned);
        for lister in &listers {
            let calls = lister.calls(&folders.out);
            let calls = self.noted(&format!("{}, calls", lister.name), calls)?;
            let named = calls.map(|calls| (lister.name.to_owned(), calls));
            self.listing.calls.extend(named);
        }
        Ok(())
    }

    pub fn echoes(&mut self, how: &str) -> Result<()> {
        self.progress
            .step(&format!("connections and requests a second, {how}"));
        let rounds = self.options.rounds;
        let mut samples = vec![[const { Vec::new() }; 3]; self.rows.len()];
        for round in 0..rounds {
            self.progress.at(round, rounds);
            for index in order::of(round, self.rows.len()) {
                let variant = self.rows[index].variant;
                let sample = echo(&self.programs(variant).server);
                let sample = self.noted(&format!("{}, {how}", variant.name()), sample)?;
                for (samples, value) in samples[index].iter_mut().zip(sample.into_iter().flatten())
                {
                    samples.push(value);
                }
            }
        }
        for (variant, samples) in self.variants().into_iter().zip(samples) {
            for (key, samples) in ["connections_1", "connections_8", "requests"]
                .into_iter()
                .zip(samples)
            {
                self.row(variant)
                    .put(&format!("{key}_{how}"), Figure::of(samples));
            }
        }
        Ok(())
    }

    pub fn memories(&mut self) -> Result<()> {
        self.progress.step("memory of a connection's process");
        for variant in self.variants() {
            let mut samples = [const { Vec::new() }; 3];
            for _ in 0..self.options.rounds.min(7) {
                let sample = idle(&self.programs(variant).server);
                let sample = self.noted(&format!("{}, memory", variant.name()), sample)?;
                for (samples, value) in samples.iter_mut().zip(sample.into_iter().flatten()) {
                    samples.push(value);
                }
            }
            for (key, samples) in ["pss_idle", "pss_echoed", "page_tables_idle"]
                .into_iter()
                .zip(samples)
            {
                self.row(variant).put(key, Figure::of(samples));
            }
        }
        Ok(())
    }

    pub fn growths(&mut self) -> Result<()> {
        let asked = growth::LEVELS
            .into_iter()
            .filter(|&level| level <= self.options.held);
        for level in asked {
            for variant in self.variants() {
                self.progress.step(&format!(
                    "{} at once, {}",
                    connections(level),
                    variant.name()
                ));
                let limit = limits::lowest();
                let server = self.programs(variant).server.clone();
                let measured = growth::measure(&server, level, limit.as_ref(), &self.progress);
                let what = format!("{}, {}", variant.name(), connections(level));
                if let Some(measured) = self.noted(&what, measured)? {
                    self.row(variant).growth.push(measured);
                }
            }
        }
        Ok(())
    }
}

/// `1 connection`, `10 connections`
fn connections(count: usize) -> String {
    format!("{count} connection{}", if count == 1 { "" } else { "s" })
}

/// One life of a server: connections/s with one client and with eight, requests/s. Each is the median of short
/// batches, of which some fit between two turns of other programs.
fn echo(server: &Path) -> Result<[f64; 3]> {
    let server = Server::start(server)?;
    let one = median_of(&server, 7, || connections_per_second(1, 20))?;
    let eight = median_of(&server, 5, || connections_per_second(CLIENTS, 5))?;
    let requests = median_of(&server, 5, || requests_per_second(CLIENTS, 50))?;
    Ok([one, eight, requests])
}

fn median_of(server: &Server, times: usize, measure: impl Fn() -> Result<f64>) -> Result<f64> {
    let mut samples = Vec::new();
    for _ in 0..times {
        samples.push(measure()?);
        server.await_connections(0)?;
    }
    samples.sort_by(f64::total_cmp);
    percentile(&samples, 50.0).context("nothing was measured")
}

/// Pss and page tables of an idle connection's process, and Pss after one echo, in the mean of all that are held.
fn idle(server: &Path) -> Result<[f64; 3]> {
    let server = Server::start(server)?;
    let mut held = Vec::new();
    for _ in 0..memory::HELD {
        held.push(client::connect()?);
        server.await_connections(held.len())?;
    }
    let pids = server.connections()?;
    let idle = memory::mean(&pids)?;
    held.iter_mut().try_for_each(client::echo_again)?;
    let echoed = memory::mean(&pids)?;
    drop(held);
    server.await_connections(0)?;
    Ok([idle.pss, echoed.pss, idle.page_tables])
}
