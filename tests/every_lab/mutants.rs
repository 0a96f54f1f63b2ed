//! Programs that are wrong in one place: each is found, with a message that names the call.

use std::fs;

use libtest_mimic::Trial;
use serde::Deserialize;

use crate::programs::{Change, NOT_TRUE, found, lab};
use crate::support::trials::{Subject, name_of};
use crate::support::{self, root};

/// One change to a C twin.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mutant {
    pub lab: String,
    /// What it does wrong.
    pub name: String,
    /// The scenario that shows it.
    pub scenario: String,
    /// What is replaced in the source; it occurs there exactly once.
    pub from: String,
    pub to: String,
    /// What the message must say: the call.
    pub says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutants {
    mutant: Vec<Mutant>,
}

/// Those of a file.
pub fn mutants(file: &str) -> Vec<Mutant> {
    let path = root().join("tests/every_lab").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let read: Result<Mutants, _> = toml::from_str(&text);
    read.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .mutant
}

pub fn trials() -> Vec<Trial> {
    let all = mutants("mutants.toml").into_iter();
    all.chain(mutants("ledger.toml")).map(trial).collect()
}

fn trial(mutant: Mutant) -> Trial {
    let Mutant {
        lab,
        name,
        scenario,
        from,
        to,
        says,
    } = mutant;
    let change = Change::new("mutant", &name, &lab, &scenario, &from, &to);
    let promise = format!("mutant_is_found::{}", name_of(&name));
    let subject = Subject::scenario(&lab, &scenario);
    subject.trial(&promise, change.shown_by(), move |_| {
        let said = match said_of(&change) {
            Ok(said) => said,
            Err(error) => return vec![error],
        };
        let is_found = said.iter().any(|text| text.contains(&says));
        let missed = format!("({name}) nothing says {says:?} of\n  {}", said.join("\n  "));
        let untrue = said.iter().filter(|text| text.starts_with(NOT_TRUE));
        untrue
            .cloned()
            .chain((!is_found).then_some(missed))
            .collect()
    })
}

/// What the comparison says of a mutant.
fn said_of(change: &Change) -> Result<Vec<String>, String> {
    support::labscope();
    support::traced(&change.lab);
    let compiled = change.compiled()?;
    let (name, lab) = (change.name(), lab(root(), &change.lab));
    let said = found(
        &change.lab,
        &change.scenario,
        &name,
        &compiled.program,
        &lab,
    );
    Ok(said)
}
