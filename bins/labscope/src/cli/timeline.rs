//! `labscope timeline`: runs a scenario and writes its picture.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cli::chosen::chosen;
use crate::i18n::Language;
use crate::run::record::record;
use crate::scenario;
use crate::timeline::export::chrome;
use crate::timeline::{of, svg};
use crate::trace::tracer::AfterFork;

/// What is asked for.
pub struct TimelineOptions {
    pub lab: String,
    /// The first one otherwise.
    pub scenario: Option<String>,
    /// `build/timeline/<lab>-<scenario>.svg` otherwise.
    pub out: Option<PathBuf>,
    /// Where trace events go, for Perfetto.
    pub chrome: Option<PathBuf>,
    pub language: Language,
}

/// Runs the scenario and writes the files.
pub fn run(root: &Path, options: &TimelineOptions) -> Result<()> {
    let lab = options.lab.as_str();
    let scenarios = scenario::load(root, lab)?;
    let chosen = chosen(&scenarios, lab, options.scenario.as_deref())?;
    let transcript = record(root, lab, chosen, AfterFork::Either, None)?;
    let timeline = of(root, lab, chosen, &transcript)?;
    let out = options.out.clone().unwrap_or_else(|| {
        let folder = root.join("build").join("timeline");
        folder.join(format!("{lab}-{}.svg", chosen.name))
    });
    write(&out, &svg::svg(&timeline, options.language))?;
    println!("{}", out.display());
    if let Some(path) = &options.chrome {
        write(path, &chrome(&timeline).to_string())?;
        println!("{}", path.display());
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
