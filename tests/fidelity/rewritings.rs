//! Programs that say the same in other words or were built in another way: nothing is found.

use std::fs;
use std::path::Path;
use std::process::Command;

use labscope::Language;
use labscope::compare::{ComparedProgram, ScenarioResult, idioms, in_parallel};
use serde::Deserialize;

use crate::support::{self, Scratch, root};
use crate::{
    AT_ONCE, add_needed, c, changed, compare_fast, compile, complaints, lab, scenarios, source,
};

/// One change to a C twin that changes nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rewriting {
    lab: String,
    name: String,
    scenario: String,
    from: String,
    to: String,
    /// What the comparison calls it, where it is other calls that say the same.
    idiom: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rewritings {
    rewriting: Vec<Rewriting>,
}

#[test]
fn rewritings_are_the_same_as_the_lab() {
    support::labscope();
    let path = root().join("tests/fidelity/rewritings.toml");
    let read: Result<Rewritings, _> = toml::from_str(&fs::read_to_string(&path).unwrap());
    let all = read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for one in &all.rewriting {
        support::traced(&one.lab);
    }
    let found = in_parallel(&all.rewriting, AT_ONCE, |one| {
        let text = changed(&source(&one.lab), &one.from, &one.to);
        let said = match text.and_then(|text| compile(&one.lab, &text)) {
            Ok(compiled) => match &one.idiom {
                None => said(&one.lab, &one.scenario, &compiled.program),
                Some(idiom) => told(&one.lab, &one.scenario, &compiled.program, idiom),
            },
            Err(error) => vec![error],
        };
        let tell = |text| format!("{} ({}), {}: {text}", one.lab, one.name, one.scenario);
        said.into_iter().map(tell).collect::<Vec<_>>()
    });
    assert_none(found);
}

/// Scenarios that end by themselves, one a lab.
const SHORT: [(&str, &str); 5] = [
    ("command", "pipe-missing"),
    ("exec_test", "file"),
    ("myshell", "pipe"),
    ("child_wait", "file"),
    ("wait_status", "pipe"),
];

#[test]
fn static_programs_are_the_same_as_the_lab() {
    support::labscope();
    let found = in_parallel(&SHORT, AT_ONCE, |&(name, scenario)| {
        support::traced(name);
        said(name, scenario, &c(&support::static_twin(name)))
    });
    assert_none(found);
}

#[test]
fn another_compiler_and_optimised_code_are_the_same_as_the_lab() {
    support::labscope();
    let mut jobs = Vec::new();
    for compiler in ["gcc", "clang"] {
        let there = Command::new(compiler).arg("--version").output().is_ok();
        for level in ["-O0", "-O2"].into_iter().filter(|_| there) {
            jobs.extend(SHORT.map(|(name, scenario)| (compiler, level, name, scenario)));
        }
    }
    assert!(!jobs.is_empty(), "neither gcc nor clang is there");
    let found = in_parallel(&jobs, AT_ONCE, |&(compiler, level, name, scenario)| {
        support::traced(name);
        let folder = Scratch::new();
        let program = folder.path(name);
        build(compiler, level, &source(name), &program);
        add_needed(name, &folder.path("."));
        let said = said(name, scenario, &c(&program)).into_iter();
        said.map(|text| format!("{compiler} {level}: {text}"))
            .collect::<Vec<_>>()
    });
    assert_none(found);
}

fn build(compiler: &str, level: &str, source: &Path, program: &Path) {
    let mut command = support::bounded(compiler);
    command.args(["-std=gnu99", "-g", "-w", level, "-o"]);
    let output = support::output(command.arg(program).arg(source));
    let text = support::text_of(&output);
    assert!(output.status.success(), "{command:?}\n{text}");
}

/// What the comparison finds.
fn said(name: &str, scenario: &str, program: &ComparedProgram) -> Vec<String> {
    let outcome = compare_fast(name, scenario, program, &lab(root(), name));
    let found = complaints(&outcome).into_iter();
    found
        .map(|text| format!("{name} {scenario}: {text}"))
        .collect()
}

/// What a student's file is told, but for the idiom that it uses: of that it must be told.
fn told(name: &str, scenario: &str, program: &ComparedProgram, idiom: &str) -> Vec<String> {
    let mut file = scenarios(name);
    file.differences.extend(idioms());
    let Some(scenario) = file.get(scenario) else {
        return vec![format!("there is no scenario {scenario:?}")];
    };
    match ScenarioResult::of(
        name,
        scenario,
        &file.differences,
        program,
        &lab(root(), name),
    ) {
        Err(error) => vec![format!("{error:#}")],
        Ok(outcome) => {
            let mismatches = outcome.mismatches().map(|one| one.say(Language::En));
            let is_told = outcome.declared().iter().any(|one| one.name == idiom);
            let untold = (!is_told).then(|| format!("nothing is told of {idiom}"));
            mismatches.chain(untold).collect()
        }
    }
}

fn assert_none(found: Vec<Vec<String>>) {
    let found: Vec<String> = found.into_iter().flatten().collect();
    assert!(
        found.is_empty(),
        "found where all is the same:\n{}",
        found.join("\n")
    );
}
