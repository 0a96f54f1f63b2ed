//! `labscope timeline`: runs a scenario and writes its picture.

use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cli::examine::{arguments, compile};
use crate::compare::record::for_libc;
use crate::confinement::Means;
use crate::i18n::{Language, run};
use crate::run::record::{record, record_program};
use crate::run::scratch::Scratch;
use crate::scenario::{self, Scenario, Scenarios};
use crate::source::Attribution;
use crate::submission::Submission;
use crate::text::file;
use crate::timeline::export::chrome;
use crate::timeline::{Timeline, of, of_program, svg};
use crate::trace::tracer::AfterFork;

/// What is asked for.
pub struct TimelineOptions {
    pub lab: String,
    /// The one of the scenario file otherwise.
    pub scenario: Option<String>,
    /// A C file in the place of the lab.
    pub c: Option<PathBuf>,
    /// That file may do what the caller may.
    pub trust: bool,
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
    let chosen = scenarios.pictured(lab, options.scenario.as_deref())?;
    let timeline = match &options.c {
        None => recorded(root, lab, chosen)?,
        Some(source) => of_c(root, options, (&scenarios, chosen), source)?,
    };
    let out = options.out.clone().unwrap_or_else(|| {
        let folder = root.join("build").join("timeline");
        let of_c = if options.c.is_some() { "-c" } else { "" };
        folder.join(format!("{lab}-{}{of_c}.svg", chosen.name))
    });
    write(&out, &svg::svg(&timeline, options.language))?;
    writeln!(stdout(), "{}", out.display())?;
    if let Some(path) = &options.chrome {
        write(path, &chrome(&timeline).to_string())?;
        writeln!(stdout(), "{}", path.display())?;
    }
    Ok(())
}

/// The timeline of a lab.
pub fn recorded(root: &Path, lab: &str, scenario: &Scenario) -> Result<Timeline> {
    let transcript = record(root, lab, scenario, AfterFork::Either, None)?;
    of(root, lab, scenario, &transcript)
}

/// The timeline of a C file in the place of the lab.
fn of_c(
    root: &Path,
    options: &TimelineOptions,
    (scenarios, chosen): (&Scenarios, &Scenario),
    source: &PathBuf,
) -> Result<Timeline> {
    let (lab, language) = (options.lab.as_str(), options.language);
    let scratch = Scratch::new()?;
    let folder = scratch.path("programs");
    let head = scenarios.lab.clone().unwrap_or_default();
    let confined = (!options.trust)
        .then(|| Means::found(language))
        .transpose()?;
    let given = Submission {
        sources: std::slice::from_ref(source),
        lab,
        flags: &head.c_flags,
        confined,
        language,
    };
    let compiled = match compile(root, scenarios, &given, &folder)? {
        Ok(compiled) => compiled,
        Err(refused) => bail!("{}", refused.say(language)),
    };
    let mut scenario = chosen.clone();
    if scenario.args.is_empty() {
        scenario.args = arguments(std::slice::from_ref(source), scenarios, language).0;
    }
    scenario.inject = scenario.inject.into_iter().map(for_libc).collect();
    let transcript = record_program(root, &compiled.program, &scenario, confined)?;
    if let Some(stop) = &transcript.stopped {
        eprintln!("{}", stop.say(language));
    }
    let trace = transcript.trace.as_ref();
    let sites = Attribution::new(&folder)?.sites(trace.with_context(run::is_not_traced)?);
    of_program(lab, chosen, &transcript, &sites)
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        file::make_folder(folder)?;
    }
    file::write(path, text)
}
