//! The command line of the benchmark.

#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;
use labscope::Language;
use labscope_bench::ladder::{page, rungs};
use labscope_bench::programs::{self, Folders, Origin};
use labscope_bench::run::{Options, Part, run};
use labscope_bench::{Report, creation_picture, interrupt, picture, server, table};

/// Measures the labs against the same programs in C, on Rust's std and on nothing; `make` comes first.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// A short run: fewer rounds, fewer connections at once
    #[arg(long)]
    quick: bool,
    /// Print the report as JSON instead of tables
    #[arg(long)]
    json: bool,
    /// Rounds of each measure; 25 otherwise, 3 in a short run
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: Option<u16>,
    /// The most connections held at once; 20000 otherwise, 100 in a short run
    #[arg(long)]
    held: Option<usize>,
    /// The most MiB beside which processes and threads are made; 1024 otherwise
    #[arg(long, default_value_t = 1024)]
    memory: u64,
    /// One part alone
    #[arg(long)]
    only: Option<Part>,
    /// The project's folder; the current one otherwise
    #[arg(long)]
    root: Option<PathBuf>,
    /// Where cargo builds; `target` in the project's folder otherwise
    #[arg(long)]
    target: Option<PathBuf>,
    /// Where programs, report and picture go; `build/bench` in the project's folder otherwise
    #[arg(long)]
    out: Option<PathBuf>,
    /// Only build the programs, for another processor: `aarch64` or `riscv64`
    #[arg(long, value_name = "PROCESSOR")]
    across: Option<String>,
    /// Measure programs that `--across` has built on another machine
    #[arg(long, conflicts_with = "across")]
    brought: bool,
}

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let result = match words.as_slice() {
        [_, role, parent, program, arguments @ ..] if role == server::ROLE => {
            server::serve(&parent.to_string_lossy(), program, arguments)
        }
        _ => bench(&Arguments::parse()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if interrupt::is_asked() => ExitCode::from(130), // as a shell counts SIGINT
        Err(error) => {
            eprintln!("labscope-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bench(arguments: &Arguments) -> Result<()> {
    interrupt::watch()?;
    let folders = folders(arguments)?;
    if arguments.across.is_some() {
        return build_only(&folders);
    }
    let rounds = arguments.rounds.map(usize::from);
    let options = Options {
        quick: arguments.quick,
        rounds: rounds.unwrap_or(if arguments.quick { 3 } else { 25 }),
        held: arguments
            .held
            .unwrap_or(if arguments.quick { 100 } else { 20_000 }),
        memory: arguments.memory,
        only: arguments.only,
    };
    let report = run(&folders, &options)?;
    show(&report, &options, arguments.json, &folders)
}

/// Builds the programs of all parts, and says which cannot be had.
fn build_only(folders: &Folders) -> Result<()> {
    let built = programs::build(folders)?;
    let (_, elsewhere) = rungs::all(folders)?;
    for (variant, why) in &built.missing {
        eprintln!("{}: {why}", variant.name());
    }
    for why in elsewhere {
        eprintln!("{why}");
    }
    Ok(())
}

fn folders(arguments: &Arguments) -> Result<Folders> {
    let current = std::env::current_dir().context("cannot tell the current folder")?;
    let absolute = |path: &PathBuf| current.join(path);
    let root = arguments.root.as_ref().map_or(current.clone(), absolute);
    if !root.join("bins/labscope/bench").is_dir() {
        bail!(
            "{} is not the project's folder: --root says where it is",
            root.display()
        );
    }
    let origin = match &arguments.across {
        Some(processor) => Origin::Across(processor.clone()),
        None if arguments.brought => Origin::Brought,
        None => Origin::Here,
    };
    let build = root.join("build");
    let out = match &origin {
        Origin::Across(processor) => build.join(processor).join("bench"),
        Origin::Here | Origin::Brought => build.join("bench"),
    };
    Ok(Folders {
        target: arguments
            .target
            .as_ref()
            .map_or(root.join("target"), absolute),
        out: arguments.out.as_ref().map_or(out, absolute),
        root,
        origin,
    })
}

/// Prints the report, and keeps it: `bench.json`, of one part `table.json` or the like; what was measured of the table as
/// `bench.svg`, of the series by memory as `fork_cost.svg`, of the ladder as `ladder.html` and `ladder.ko.html`.
fn show(report: &Report, options: &Options, json: bool, folders: &Folders) -> Result<()> {
    let language = Language::of_locale();
    let text = report.to_json()?;
    let whole = match options.only {
        None => "bench.json",
        Some(Part::Table) => "table.json",
        Some(Part::ForkCost) => "fork_cost.json",
        Some(Part::Myps) => "myps.json",
        Some(Part::Ladder) => "ladder.json",
    };
    let mut files = vec![(whole, text.clone())];
    if options.wants(Part::Table) {
        files.push(("bench.svg", picture::draw(report).svg()));
    }
    if options.wants(Part::ForkCost) {
        let series = creation_picture::draw(&report.creation, language).svg();
        files.push(("fork_cost.svg", series));
    }
    if options.wants(Part::Ladder) {
        for language in [Language::En, Language::Ko] {
            files.push((page::file_name(language), page::of(report, language)));
        }
    }
    for (name, content) in &files {
        let path = folders.out.join(name);
        std::fs::write(&path, content)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let mut shown = if json {
        text + "\n"
    } else {
        table::of(report, language)
    };
    if !json {
        let out = folders
            .out
            .strip_prefix(&folders.root)
            .unwrap_or(&folders.out);
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        shown += &format!("\nThe same in {}: {}\n", out.display(), names.join(", "));
    }
    std::io::stdout()
        .write_all(shown.as_bytes())
        .context("cannot print the report")
}
