//! The files that the class was given: the same as their labs by known variants, which excuse nothing else.

use std::fs;
use std::time::Instant;

use labscope::Language;
use labscope::compare::{ScenarioResult, idioms};
use libtest_mimic::Trial;
use serde::Deserialize;

use crate::programs::{compile, lab, source};
use crate::sentences;
use crate::support::excuses;
use crate::support::trials::{Subject, name_of};
use crate::support::{self, Scratch, root, scenarios_of};
use crate::table::{changes, row};

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Handout {
    lab: String,
    /// A file of this folder, instead of the C twin.
    file: Option<String>,
    /// Other names of variables and functions, wherever they stand; made before the changes.
    #[serde(default)]
    renames: Vec<Change>,
    #[serde(default)]
    changes: Vec<Change>,
    /// The known variants that are named, in some scenario; none if it is the same without.
    variants: Vec<String>,
    faults: Vec<Fault>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    from: String,
    to: String,
}

/// What makes it another program.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    name: String,
    from: String,
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Handouts {
    handout: Vec<Handout>,
}

pub fn trials() -> Vec<Trial> {
    let path = root().join("tests/every_lab/handouts.toml");
    let read: Result<Handouts, _> = toml::from_str(&fs::read_to_string(&path).unwrap());
    let all = read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    all.handout.into_iter().flat_map(of_handout).collect()
}

impl Handout {
    fn name(&self) -> &str {
        self.variants.first().map_or("plain", String::as_str)
    }
}

fn of_handout(handout: Handout) -> Vec<Trial> {
    let (name, subject) = (handout.name().to_owned(), Subject::lab(&handout.lab));
    let shown = format!("make compare-{} C=file", handout.lab);
    let whole = handout.clone();
    let promise = format!("handout_is_a_known_variant::{}", name_of(&name));
    let same = subject.trial(&promise, shown.clone(), move |_| is_known(&whole));
    let faults = handout.faults.clone().into_iter().map(|fault| {
        let promise = format!("fault_in_handout_is_told::{name}-{}", name_of(&fault.name));
        let whole = handout.clone();
        subject.trial(&promise, shown.clone(), move |_| is_told(&whole, &fault))
    });
    std::iter::once(same).chain(faults).collect()
}

/// The text of a hand-out.
fn text(handout: &Handout) -> String {
    let path = match &handout.file {
        Some(name) => root().join("tests/every_lab/handouts").join(name),
        None => source(&handout.lab),
    };
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{error}"));
    let rename = |text: String, name: &Change| renamed(&text, &name.from, &name.to);
    let text = handout.renames.iter().fold(text, rename);
    let change = |text, change: &Change| changed(text, &change.from, &change.to);
    handout.changes.iter().fold(text, change)
}

/// The text with another name in the place of one.
fn renamed(text: &str, from: &str, to: &str) -> String {
    let is_of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words = text.split_inclusive(|letter| !is_of_name(letter));
    let renamed = words.map(
        |word| match word.trim_end_matches(|letter| !is_of_name(letter)) {
            name if name == from => to.to_owned() + &word[name.len()..],
            _ => word.to_owned(),
        },
    );
    let renamed: String = renamed.collect();
    assert_ne!(renamed, text, "{from:?}");
    renamed
}

fn changed(text: String, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?}");
    text.replace(from, to)
}

/// What comes of a file in the scenarios of its lab, the known variants included, until enough has been seen.
fn compared(
    handout: &Handout,
    (what, text): (&str, &str),
    is_enough: impl Fn(&ScenarioResult) -> bool,
) -> Result<Vec<ScenarioResult>, String> {
    support::labscope();
    support::traced(&handout.lab);
    let folder = Scratch::new();
    let name = format!("{}.c", handout.lab);
    folder.file(&name, text);
    let compiled = compile(&handout.lab, &folder.path(&name))?;
    let file = scenarios_of(&handout.lab);
    let known: Vec<_> = file.differences.iter().cloned().chain(idioms()).collect();
    let lab = lab(root(), &handout.lab);
    let (mut outcomes, began) = (Vec::new(), Instant::now());
    for scenario in &file.scenarios {
        let outcome = ScenarioResult::of(&handout.lab, scenario, &known, &compiled.program, &lab);
        outcomes.push(outcome.map_err(|error| format!("{error:#}"))?);
        if outcomes.last().is_some_and(&is_enough) {
            break;
        }
    }
    row(
        &handout.lab,
        &format!("hand-out {} {what}", handout.name()),
        &outcomes,
        began,
    );
    Ok(outcomes)
}

fn is_known(handout: &Handout) -> Vec<String> {
    let outcomes = match compared(handout, ("as it is", &text(handout)), |_| false) {
        Ok(outcomes) => outcomes,
        Err(error) => return vec![error],
    };
    let mut found: Vec<String> = Vec::new();
    let mut named: Vec<String> = Vec::new();
    for outcome in &outcomes {
        let parts = outcome.mismatches().map(|one| one.say(Language::En));
        found.extend(parts.map(|what| format!("{}: {what}", outcome.scenario.name)));
        let variants = outcome.declared().into_iter().filter(|one| one.variant);
        named.extend(variants.map(|one| one.name.clone()));
        let excused = excuses::change_all(outcome);
        changes(outcome, &excused);
        found.extend(excused.untold);
    }
    named.retain(|name| name.starts_with("handout") || handout.variants.contains(name));
    named.sort();
    named.dedup();
    if named != handout.variants {
        found.push(format!("it is known as {named:?}"));
    }
    found
}

fn is_told(handout: &Handout, fault: &Fault) -> Vec<String> {
    let text = changed(text(handout), &fault.from, &fault.to);
    let parts = |outcome: &ScenarioResult| outcome.departures().next().is_some();
    let outcomes = compared(handout, (&fault.name, &text), parts);
    let outcomes = match outcomes {
        Ok(outcomes) => outcomes,
        Err(error) => return vec![error],
    };
    match outcomes.last().filter(|last| parts(last)) {
        Some(last) => sentences::untrue(last),
        None => vec![format!("{}: {} is not told", handout.lab, fault.name)],
    }
}
