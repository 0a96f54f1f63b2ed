//! Each lab is its C program, call for call, but for what `bins/<lab>/scenarios.toml` declares.
//!
//! - [`twins`]: every lab in every scenario
//! - [`mutants`]: C programs that are wrong in one place, each of which is found; [`labs`]: the same of labs
//! - [`rewritings`]: C programs that say the same in other words, in which nothing is found

mod labs;
mod mutants;
mod rewritings;
mod twins;

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use labscope::compare::{ComparedProgram, ScenarioResult};
use labscope::scenario;
use labscope::scenario::Scenarios;
use labscope::submission;
use labscope::{Language, Scenario};
use support::{Scratch, root};

/// How many comparisons run at once: they mostly sleep.
const AT_ONCE: usize = 16;

/// The scenarios and the declared differences of a lab.
fn scenarios(lab: &str) -> Scenarios {
    scenario::load(root(), lab).unwrap_or_else(|error| panic!("{error:#}"))
}

/// A program of the C side, with the folder that it lies in.
struct Compiled {
    program: ComparedProgram,
    _folder: Scratch,
}

/// Compiles a source as a student's file is compiled, and puts beside it what it may become.
fn compile(lab: &str, source: &str) -> Result<Compiled, String> {
    let folder = Scratch::new();
    let file = folder.file(&format!("{lab}.c"), source);
    let programs = folder.path("programs");
    let refused = |refused: submission::CompileError| {
        format!("{}\n{}", refused.say(Language::En), refused.messages())
    };
    let compiled =
        submission::compile(&file, lab, &support::head(lab).c_flags, &programs).map_err(refused)?;
    add_needed(lab, &programs);
    let program = c(&compiled.program);
    Ok(Compiled {
        program,
        _folder: folder,
    })
}

/// Puts the twins of what a program runs into its folder.
fn add_needed(lab: &str, folder: &Path) {
    for name in needs(lab) {
        let copy = submission::add_companion(&support::twin(&name), folder);
        copy.unwrap_or_else(|error| panic!("{error:#}"));
    }
}

/// The programs that must lie beside this one.
fn needs(lab: &str) -> Vec<String> {
    let scenarios = scenarios(lab).scenarios.into_iter();
    let mut needs: Vec<String> = scenarios.flat_map(|scenario| scenario.needs).collect();
    needs.sort();
    needs.dedup();
    needs
}

/// A C program.
fn c(path: &Path) -> ComparedProgram {
    ComparedProgram::C {
        root: root().to_owned(),
        path: path.to_owned(),
    }
}

/// The lab of a project: of this one, or of a copy of it.
fn lab(root: &Path, name: &str) -> ComparedProgram {
    ComparedProgram::Lab {
        root: root.to_owned(),
        name: name.to_owned(),
    }
}

/// Lays two programs side by side in one scenario.
fn compare(
    name: &str,
    scenario: &str,
    c: &ComparedProgram,
    lab: &ComparedProgram,
) -> Result<ScenarioResult, String> {
    let file = scenarios(name);
    compare_in(name, &file, &known(&file, scenario)?, c, lab)
}

/// The same with sleeps that end at once where nothing is awaited meanwhile.
fn compare_fast(
    name: &str,
    scenario: &str,
    c: &ComparedProgram,
    lab: &ComparedProgram,
) -> Result<ScenarioResult, String> {
    let file = scenarios(name);
    let mut scenario = known(&file, scenario)?;
    if scenario.steps.is_empty() && scenario.inject.is_empty() {
        scenario.inject.push("clock_nanosleep:retval=0".to_owned());
    }
    compare_in(name, &file, &scenario, c, lab)
}

fn known(file: &Scenarios, name: &str) -> Result<Scenario, String> {
    let found = file.get(name).cloned();
    found.ok_or_else(|| format!("there is no scenario {name:?}"))
}

fn compare_in(
    name: &str,
    file: &Scenarios,
    scenario: &Scenario,
    c: &ComparedProgram,
    lab: &ComparedProgram,
) -> Result<ScenarioResult, String> {
    let own = file.differences.iter().filter(|one| !one.variant);
    let own: Vec<_> = own.cloned().collect();
    ScenarioResult::of(name, scenario, &own, c, lab).map_err(|error| format!("{error:#}"))
}

/// A source text with one place changed, which must occur exactly once.
fn changed(file: &Path, from: &str, to: &str) -> Result<String, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    match text.matches(from).count() {
        1 => Ok(text.replace(from, to)),
        count => Err(format!(
            "{from:?} occurs {count} times in {}",
            file.display()
        )),
    }
}

/// The source of a C twin.
fn source(lab: &str) -> PathBuf {
    support::source(lab, "c")
}

/// All that came of a comparison that should not be so: mismatches, differences that did not occur.
fn complaints(outcome: &Result<ScenarioResult, String>) -> Vec<String> {
    match outcome {
        Err(error) => vec![error.clone()],
        Ok(outcome) => {
            let mismatches = outcome.mismatches().map(|one| one.say(Language::En));
            let missing = outcome.missing().into_iter();
            let missing =
                missing.map(|one| format!("declared, but it did not occur: {}", one.name));
            mismatches.chain(missing).collect()
        }
    }
}
