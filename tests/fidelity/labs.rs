//! Labs that are wrong in one place: each is found, with a message that names the call.

use std::fs;
use std::path::Path;

use labscope::compare::in_parallel;

use crate::support::{self, root, target};
use crate::{AT_ONCE, c, changed, compare_fast, complaints, lab};

/// A lab, what is replaced in its source by what, the scenario that shows it, and what is said.
const MUTANTS: [(&str, &str, &str, &str, &str); 3] = [
    // forgets close
    (
        "daemonOSNW",
        "let _ = close(2);",
        "",
        "pipe",
        "the C calls close(2)",
    ),
    // flushes too early
    (
        "wait_status",
        "fork()",
        "{ rawlabs::stdio::fflush(rawlabs::stdio::stdout); fork() }",
        "pipe",
        "the lab calls write(1, ",
    ),
    // prints a space more
    (
        "command",
        "\"hit a key \"",
        "\"hit a key  \"",
        "pipe-missing",
        "the lab calls write(1, ",
    ),
];

#[test]
fn every_mutant_of_a_lab_is_found() {
    support::labscope();
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutated-labs");
    copy_project(&copy);
    for (name, from, to, ..) in MUTANTS {
        let file = Path::new("bins").join(name).join(format!("{name}.rs"));
        let text = changed(&root().join(&file), from, to).unwrap();
        fs::write(copy.join(&file), text).unwrap();
    }
    let mut make = std::process::Command::new("timeout");
    make.args(["600", "make"]); // it compiles
    make.arg("-s").args(MUTANTS.map(|(name, ..)| name));
    make.current_dir(&copy)
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL");
    make.env("CARGO_TARGET_DIR", target().join("mutated-labs"));
    let made = support::output(&mut make);
    assert!(
        made.status.success(),
        "{make:?}\n{}",
        support::text_of(&made)
    );
    let missed = in_parallel(&MUTANTS, AT_ONCE, |&(name, _, to, scenario, says)| {
        let twin = c(&support::twin(name));
        let said = complaints(&compare_fast(name, scenario, &twin, &lab(&copy, name)));
        let found = said.iter().any(|text| text.contains(says));
        (!found).then(|| {
            format!(
                "{name} with {to:?}, {scenario}: nothing says {says:?} of\n  {}",
                said.join("\n  ")
            )
        })
    });
    let missed: Vec<String> = missed.into_iter().flatten().collect();
    assert!(missed.is_empty(), "missed:\n{}", missed.join("\n"));
}

/// Copies what building the labs takes.
fn copy_project(to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).unwrap();
    let mut copy = support::bounded("cp");
    copy.args([
        "-R",
        "Cargo.toml",
        "Cargo.lock",
        "Makefile",
        "bins",
        "linker",
        "src",
        "tests",
    ]);
    let copied = support::output(copy.arg(to).current_dir(root()));
    assert!(copied.status.success(), "{}", support::text_of(&copied));
}
