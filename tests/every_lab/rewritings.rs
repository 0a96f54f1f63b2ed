//! Programs that say the same in other words or were built in another way: nothing is found.

use std::fs;
use std::path::Path;

use labscope::Language;
use labscope::compare::{ComparedProgram, ScenarioResult, idioms};
use libtest_mimic::Trial;
use serde::Deserialize;

use crate::libraries::is_there;
use crate::programs::{Change, add_needed, c, compare, found, lab, source};
use crate::support::trials::{Subject, name_of};
use crate::support::{self, Scratch, root, scenarios_of};

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

pub fn trials() -> Vec<Trial> {
    let path = root().join("tests/every_lab/rewritings.toml");
    let read: Result<Rewritings, _> = toml::from_str(&fs::read_to_string(&path).unwrap());
    let all = read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut trials: Vec<Trial> = all.rewriting.into_iter().map(rewriting).collect();
    trials.extend(SHORT.map(static_twin));
    for compiler in ["gcc", "clang"] {
        let levels = ["-O0", "-O2", "-Os"].into_iter();
        for level in levels.filter(|_| is_there(compiler)) {
            trials.extend(SHORT.map(|short| built_by(compiler, level, short)));
        }
    }
    trials.push(unread());
    trials
}

/// What leaves no readable stacks (musl has no tables of them, and without symbols nothing tells where main is) is told so,
/// once.
fn unread() -> Trial {
    let shown_by = "make compare-child_wait SCENARIO=pipe CC='musl-gcc -s'";
    let subject = Subject::scenario("child_wait", "pipe");
    subject.trial("program_without_stacks_is_told", shown_by, move |subject| {
        support::labscope();
        support::traced(&subject.lab);
        let folder = Scratch::new();
        let program = folder.path(&subject.lab);
        build("musl-gcc", "-s", &source(&subject.lab), &program);
        let lab = lab(root(), &subject.lab);
        match compare(&subject.lab, "pipe", &c(&program), &lab) {
            Err(error) => vec![error],
            Ok(outcome) => {
                let said = outcome.reasons(Language::En);
                match said.as_slice() {
                    [one] if one.contains("its stacks cannot be read") => Vec::new(),
                    _ => said,
                }
            }
        }
    })
}

fn rewriting(one: Rewriting) -> Trial {
    let change = Change::new(
        "rewriting",
        &one.name,
        &one.lab,
        &one.scenario,
        &one.from,
        &one.to,
    );
    let promise = format!("rewriting_is_the_same::{}", name_of(&one.name));
    let subject = Subject::scenario(&one.lab, &one.scenario);
    subject.trial(&promise, change.shown_by(), move |subject| {
        match change.compiled() {
            Ok(compiled) => match &one.idiom {
                None => said(subject, &compiled.program),
                Some(idiom) => told(&one.lab, &one.scenario, &compiled.program, idiom),
            },
            Err(error) => vec![error],
        }
    })
}

/// Scenarios that end by themselves, one a lab.
const SHORT: [(&str, &str); 5] = [
    ("command", "pipe-missing"),
    ("exec_test", "file"),
    ("myshell", "pipe"),
    ("child_wait", "file"),
    ("wait_status", "pipe"),
];

fn static_twin((name, scenario): (&str, &str)) -> Trial {
    let shown_by = format!("ldd build/c-static/{name}; make compare-{name} SCENARIO={scenario}");
    Subject::scenario(name, scenario).trial("static_twin_is_the_same", shown_by, |subject| {
        said(subject, &c(&support::static_twin(&subject.lab)))
    })
}

fn built_by(compiler: &'static str, level: &'static str, (name, scenario): (&str, &str)) -> Trial {
    let promise = format!(
        "twin_is_the_same_built_by::{compiler}{}",
        level.replace('-', "_")
    );
    let shown_by =
        format!("make compare-{name} SCENARIO={scenario}, the twin built by {compiler} {level}");
    Subject::scenario(name, scenario).trial(&promise, shown_by, move |subject| {
        let folder = Scratch::new();
        let program = folder.path(&subject.lab);
        build(compiler, level, &source(&subject.lab), &program);
        add_needed(&subject.lab, &folder.path("."));
        said(subject, &c(&program))
    })
}

/// Compiles as a student does, by whichever compiler.
pub fn build(compiler: &str, level: &str, source: &Path, program: &Path) {
    let mut command = support::bounded(compiler);
    command
        .args(["-std=gnu99", "-g", "-w"])
        .args(level.split(' '))
        .arg("-o");
    let output = support::output(command.arg(program).arg(source));
    let text = support::text_of(&output);
    assert!(output.status.success(), "{command:?}\n{text}");
}

/// What the comparison finds.
fn said(subject: &Subject, program: &ComparedProgram) -> Vec<String> {
    support::labscope();
    support::traced(&subject.lab);
    let scenario = subject.scenario.as_deref().expect("a scenario");
    found(
        &subject.lab,
        scenario,
        "the twin, rewritten",
        program,
        &lab(root(), &subject.lab),
    )
}

/// What a student's file is told, but for the idiom that it uses: of that it must be told.
fn told(name: &str, scenario: &str, program: &ComparedProgram, idiom: &str) -> Vec<String> {
    support::labscope();
    support::traced(name);
    let mut file = scenarios_of(name).clone();
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
