//! The programs that are compared, the project's and changed ones, and how two are laid side by side.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use labscope::compare::{ComparedProgram, Order, ScenarioResult};
use labscope::confinement::Means;
use labscope::scenario::Scenarios;
use labscope::submission::{self, Submission};
use labscope::{Language, Scenario};

use crate::sentences;
use crate::support::trials::name_of;
use crate::support::{self, Scratch, root, scenarios_of};
use crate::table::row;

/// A program of the C side, with the folder that it lies in.
pub struct Compiled {
    pub program: ComparedProgram,
    folder: Scratch,
}

impl Compiled {
    /// Where it lies, with what it may become.
    pub fn folder(&self) -> PathBuf {
        self.folder.path("programs")
    }
}

/// Compiles a source as a student's file is compiled, and puts beside it what it may become.
pub fn compile(lab: &str, source: &Path) -> Result<Compiled, String> {
    let folder = Scratch::new();
    let programs = folder.path("programs");
    let refused = |refused: submission::CompileError| {
        format!("{}\n{}", refused.say(Language::En), refused.messages())
    };
    let head = support::head(lab);
    let sources = [source.to_owned()];
    let compiled =
        submission::compile(&given(&sources, lab, &head.c_flags), &programs).map_err(refused)?;
    add_needed(lab, &programs);
    let program = ComparedProgram::C {
        root: root().to_owned(),
        path: compiled.program,
        confined: Some(means()),
        args: Vec::new(),
        in_tmp: head.c_in_tmp,
        has_libc: true,
    };
    Ok(Compiled { program, folder })
}

/// Puts the twins of what a program runs into its folder.
pub fn add_needed(lab: &str, folder: &Path) {
    for name in needs(lab) {
        let copy = submission::add_companion(&support::twin(&name), folder);
        copy.unwrap_or_else(|error| panic!("{error:#}"));
    }
}

/// The programs that must lie beside this one.
fn needs(lab: &str) -> Vec<String> {
    let scenarios = scenarios_of(lab).scenarios.iter();
    let mut needs: Vec<String> = scenarios
        .flat_map(|scenario| scenario.needs.clone())
        .collect();
    needs.sort();
    needs.dedup();
    needs
}

/// A student's files, confined.
pub fn given<'a>(sources: &'a [PathBuf], lab: &'a str, flags: &'a [String]) -> Submission<'a> {
    Submission {
        sources,
        lab,
        flags,
        confined: Some(means()),
        language: Language::En,
    }
}

/// By what a student's program is confined here.
pub fn means() -> Means {
    Means::found(Language::En).expect("namespaces or Landlock")
}

/// A C program, confined as a student's.
pub fn c(path: &Path) -> ComparedProgram {
    ComparedProgram::C {
        root: root().to_owned(),
        path: path.to_owned(),
        confined: Some(means()),
        args: Vec::new(),
        in_tmp: false,
        has_libc: true,
    }
}

/// The lab of a project: of this one, or of a copy of it.
pub fn lab(root: &Path, name: &str) -> ComparedProgram {
    ComparedProgram::Lab {
        root: root.to_owned(),
        name: name.to_owned(),
        records: None,
    }
}

/// Lays two programs side by side in one scenario.
pub fn compare(
    name: &str,
    scenario: &str,
    c: &ComparedProgram,
    lab: &ComparedProgram,
) -> Result<ScenarioResult, String> {
    let file = scenarios_of(name);
    compare_in(name, file, &known(file, scenario)?, c, lab)
}

/// What is found so, with sleeps that end at once where nothing is awaited meanwhile.
pub fn found(
    name: &str,
    scenario: &str,
    what: &str,
    c: &ComparedProgram,
    lab: &ComparedProgram,
) -> Vec<String> {
    let (file, began) = (scenarios_of(name), Instant::now());
    let outcome = known(file, scenario).and_then(|mut scenario| {
        if scenario.steps.is_empty() && scenario.inject.is_empty() {
            scenario.inject.push("clock_nanosleep:retval=0".to_owned());
        }
        compare_in(name, file, &scenario, c, lab)
    });
    outcome.map_or_else(
        |error| vec![error],
        |outcome| {
            row(name, what, std::slice::from_ref(&outcome), began);
            let untrue = sentences::untrue(&outcome).into_iter();
            let untrue = untrue.map(|what| NOT_TRUE.to_owned() + &what);
            complaints(&outcome).into_iter().chain(untrue).collect()
        },
    )
}

/// Before what is said and is not so.
pub const NOT_TRUE: &str = "not true: ";

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
pub fn changed(file: &Path, from: &str, to: &str) -> Result<String, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    match text.matches(from).count() {
        1 => Ok(text.replace(from, to)),
        count => Err(format!(
            "{from:?} occurs {count} times in {}",
            file.display()
        )),
    }
}

/// Keeps a source for a person to look at. Another test may keep or compile the same one at that moment, so it is whole
/// whenever it is there.
pub fn keep(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::rename(Scratch::new().file("kept", text), file).unwrap();
}

/// A C twin with one place changed, and where its source stays for a person to look at when the test fails.
#[derive(Clone, Debug)]
pub struct Change {
    pub lab: String,
    pub scenario: String,
    pub from: String,
    pub to: String,
    pub file: PathBuf,
}

impl Change {
    /// `kind` and `name` make the name of the file.
    pub fn new(kind: &str, name: &str, lab: &str, scenario: &str, from: &str, to: &str) -> Change {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("changed");
        Change {
            lab: lab.to_owned(),
            scenario: scenario.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            file: folder.join(format!("{lab}-{scenario}-{kind}-{}.c", name_of(name))),
        }
    }

    /// The command that lays it beside the lab.
    pub fn shown_by(&self) -> String {
        let (lab, scenario, file) = (&self.lab, &self.scenario, self.file.display());
        format!("make compare-{lab} SCENARIO={scenario} C={file}")
    }

    /// The file's name, which says what is changed.
    pub fn name(&self) -> String {
        let name = self.file.file_stem().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Makes the change.
    pub fn written(&self) -> Result<(), String> {
        let text = changed(&source(&self.lab), &self.from, &self.to)?;
        keep(&self.file, &text);
        Ok(())
    }

    /// Makes the change and compiles it.
    pub fn compiled(&self) -> Result<Compiled, String> {
        self.written()?;
        compile(&self.lab, &self.file).map_err(|error| format!("it does not compile: {error}"))
    }
}

/// The source of a C twin.
pub fn source(lab: &str) -> PathBuf {
    support::source(lab, "c")
}

/// All that came of a comparison that should not be so: mismatches, differences that did not occur.
pub fn complaints(outcome: &ScenarioResult) -> Vec<String> {
    let mut found = Vec::new();
    for trial in &outcome.run_pairs {
        let said = trial.mismatches.iter().map(|one| one.say(Language::En));
        found.extend(said.map(|text| format!("{}: {text}", told(trial.order))));
    }
    // The others are of an order that did not come about, and name it.
    let unseen = outcome.mismatches().skip(found.len());
    let unseen: Vec<String> = unseen.map(|one| one.say(Language::En)).collect();
    let missing = outcome.missing().into_iter();
    let missing = missing.map(|one| format!("declared, but it did not occur: {}", one.name));
    let unrecorded = outcome.unrecorded.iter().map(|one| one.say(Language::En));
    let found = found.into_iter().chain(unseen).chain(missing);
    found.chain(unrecorded).collect()
}

/// Who ran first after fork, in words.
pub fn told(order: Order) -> &'static str {
    match order {
        Order::NoFork => "without a fork",
        Order::ChildFirst => "child first",
        Order::ParentFirst => "parent first",
    }
}
