//! Programs that are wrong in one place: each is found, with a message that names the call.

use std::fs;

use labscope::compare::in_parallel;
use serde::Deserialize;

use crate::support::{self, root};
use crate::{AT_ONCE, changed, compare_fast, compile, complaints, lab, source};

/// One change to a C twin.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutant {
    lab: String,
    /// What it does wrong.
    name: String,
    /// The scenario that shows it.
    scenario: String,
    /// What is replaced in the source; it occurs there exactly once.
    from: String,
    to: String,
    /// What the message must say: the call.
    says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutants {
    mutant: Vec<Mutant>,
}

fn mutants(file: &str) -> Vec<Mutant> {
    let path = root().join("tests/fidelity").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let read: Result<Mutants, _> = toml::from_str(&text);
    read.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .mutant
}

#[test]
fn every_mutant_of_a_c_program_is_found() {
    support::labscope();
    let mut mutants = mutants("mutants.toml");
    mutants.extend(self::mutants("ledger.toml"));
    for mutant in &mutants {
        support::traced(&mutant.lab);
    }
    let missed = in_parallel(&mutants, AT_ONCE, |mutant| {
        let said = said_of(mutant);
        let found = said.iter().any(|text| text.contains(&mutant.says));
        let Mutant {
            lab,
            name,
            scenario,
            says,
            ..
        } = mutant;
        (!found).then(|| {
            format!(
                "{lab} ({name}), {scenario}: nothing says {says:?} of\n  {}",
                said.join("\n  ")
            )
        })
    });
    let missed: Vec<String> = missed.into_iter().flatten().collect();
    assert!(
        missed.is_empty(),
        "{} of {} mutants were missed\n{}",
        missed.len(),
        mutants.len(),
        missed.join("\n")
    );
}

/// What the comparison says of a mutant.
fn said_of(mutant: &Mutant) -> Vec<String> {
    let changed = changed(&source(&mutant.lab), &mutant.from, &mutant.to);
    let compiled = match changed.and_then(|text| compile(&mutant.lab, &text)) {
        Ok(compiled) => compiled,
        Err(error) => return vec![format!("it does not compile: {error}")],
    };
    let lab = lab(root(), &mutant.lab);
    let outcome = compare_fast(&mutant.lab, &mutant.scenario, &compiled.program, &lab);
    complaints(&outcome)
}
