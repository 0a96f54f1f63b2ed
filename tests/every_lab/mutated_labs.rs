//! Labs that are wrong in one place: each is found, with a message that names the call.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use libtest_mimic::Trial;

use crate::programs::{c, changed, found, lab};
use crate::support::trials::Subject;
use crate::support::{self, root, target};

/// A lab, what is replaced in its source by what, the scenario that shows it, and what is said.
const MUTANTS: [(&str, &str, &str, &str, &str); 5] = [
    // forgets close
    (
        "daemonOSNW",
        "let _ = close(2);",
        "",
        "pipe",
        "the C calls close(2)",
    ),
    // is a writer of the pipe that it reads from
    (
        "pipe",
        "let _ = close(fd[1]);",
        "",
        "tty",
        "the C calls close(4)",
    ),
    // flushes too early
    (
        "wait_status",
        "fork()",
        "{ rawlabs::stdio::fflush(rawlabs::stdio::stdout); fork() }",
        "pipe",
        "the lab calls write(1, ",
    ),
    // begins with what it finds
    (
        "shm_producer_race",
        "    num.store(0, Relaxed); // *num = 0\n",
        "",
        "again",
        "the lab calls write(1, \"Producer : 42",
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

pub fn trials() -> Vec<Trial> {
    let trial = |(name, _, to, scenario, says): (&str, _, &'static str, &str, &'static str)| {
        let shown_by = format!(
            "make compare-{name} SCENARIO={scenario} in {}",
            copy().display()
        );
        let subject = Subject::scenario(name, scenario);
        subject.trial("mutated_lab_is_found", shown_by, move |subject| {
            missed(subject, to, says)
        })
    };
    MUTANTS.into_iter().map(trial).collect()
}

fn missed(subject: &Subject, to: &str, says: &str) -> Vec<String> {
    support::labscope();
    build();
    let scenario = subject.scenario.as_deref().expect("a scenario");
    let twin = c(&support::twin(&subject.lab));
    let said = found(
        &subject.lab,
        scenario,
        "the lab, changed",
        &twin,
        &lab(&copy(), &subject.lab),
    );
    let is_found = said.iter().any(|text| text.contains(says));
    let missed = || {
        format!(
            "with {to:?}: nothing says {says:?} of\n  {}",
            said.join("\n  ")
        )
    };
    Vec::from_iter((!is_found).then(missed))
}

/// The copy of the project that has the mutants.
fn copy() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutated-labs")
}

/// Builds them all, once.
fn build() {
    static BUILT: OnceLock<String> = OnceLock::new();
    let failure = BUILT.get_or_init(|| {
        copy_project(&copy());
        for (name, from, to, ..) in MUTANTS {
            let file = support::source(name, "rs");
            let text = changed(&file, from, to).unwrap();
            fs::write(copy().join(file.strip_prefix(root()).unwrap()), text).unwrap();
        }
        let mut make = Command::new("timeout");
        make.args(["600", "make"]); // it compiles
        make.arg("-s").args(MUTANTS.map(|(name, ..)| name));
        make.current_dir(copy())
            .env_remove("MAKEFLAGS")
            .env_remove("MAKELEVEL");
        make.env("CARGO_TARGET_DIR", target().join("mutated-labs"));
        let made = support::output(&mut make);
        match made.status.success() {
            true => String::new(),
            false => format!("{make:?}\n{}", support::text_of(&made)),
        }
    });
    assert!(failure.is_empty(), "{failure}");
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
