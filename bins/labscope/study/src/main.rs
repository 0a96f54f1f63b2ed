//! The command line of the study pages.

#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;
use labscope::i18n::Language;
use labscope::scenario::check_lab;
use labscope_study::links::page;
use labscope_study::{Recorded, begin, record, record_shown, words, write, write_slides};

/// Records every lab and writes the pages to study it from; `make` and `make c` come first.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The project's folder; the one at or above the current folder otherwise
    #[arg(long)]
    root: Option<PathBuf>,
    /// Where the pages go; `build/study` in the project's folder otherwise
    #[arg(long)]
    out: Option<PathBuf>,
    /// This lab only; may be given more than once
    #[arg(long)]
    lab: Vec<String>,
    /// The deck instead: a slide a lab, in `build/slides`
    #[arg(long)]
    slides: bool,
}

fn main() -> ExitCode {
    match study(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("labscope-study: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn study(arguments: &Arguments) -> Result<()> {
    let language = Language::of_locale();
    language.tell_errors();
    let current = std::env::current_dir().context("getcwd(3)")?;
    let root = match &arguments.root {
        Some(root) => current.join(root),
        None => labscope::root_above(&current)?,
    };
    let out = match &arguments.out {
        Some(out) => current.join(out),
        None if arguments.slides => root.join("build").join("slides"),
        None => root.join("build").join("study"),
    };
    let mut labs = labscope::labs(&root)?;
    for lab in &arguments.lab {
        check_lab(lab, &labs)?;
    }
    if !arguments.lab.is_empty() {
        labs.retain(|lab| arguments.lab.contains(lab));
    }
    let language = Language::of_locale();
    if arguments.slides {
        let recorded = record_shown(&root, &labs, |lab| eprintln!("recorded  {lab}"))?;
        write_slides(&root, &recorded, &out)?;
        println!("{}", out.join(page("index", language)).display());
        return Ok(());
    }
    begin(&out)?;
    let recorded = record(&root, &labs, |lab| eprintln!("recorded  {lab}"))?;
    let written = write(&root, &recorded, &out)?;
    println!("{}", out.join(page("index", language)).display());
    let kilobytes = written.bytes.div_ceil(1024);
    println!("{} pages, {kilobytes} KB", written.pages);
    let different: Vec<String> = recorded
        .iter()
        .flat_map(Recorded::different)
        .map(|outcome| format!("{} {}", outcome.lab, outcome.scenario.name))
        .collect();
    if !different.is_empty() {
        bail!(words::differ_in(language, &different.join(", ")));
    }
    Ok(())
}
