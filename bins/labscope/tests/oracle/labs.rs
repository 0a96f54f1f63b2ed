//! Every scenario of every lab, and of its C program.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use labscope::scenario::{self, Scenario};
use libtest_mimic::Trial;

use crate::same::Known;
use crate::{folder, runs};

/// What cannot be run so, and why: of a lab alone, of its C program alone, or of both.
const LEFT_OUT: &[(&str, &str, &str)] = &[
    ("c::myshell", "eof", "it forks without end"),
    ("c::myshell", "unterminated", "it forks without end"),
    ("c::cal_linux_cli", "file", "it sends without end"),
    (
        "myps",
        "all",
        "it tells of its own parent, terminal and times",
    ),
    ("fork_cost", "tty", "it prints what it measures"),
    ("fork_cost", "pipe", "it prints what it measures"),
    ("fork_cost", "file", "it prints what it measures"),
    ("fork_cost", "no-fork", "it prints what it measures"),
    (
        "signal_control",
        "pipe",
        "no key: what its child has done when a signal comes, time decides",
    ),
    (
        "signal_control",
        "file",
        "no key: what its child has done when a signal comes, time decides",
    ),
    (
        "signal_control",
        "eof",
        "no key: what its child has done when a signal comes, time decides",
    ),
    (
        "signal_control",
        "interrupted",
        "no key: what its child has done when a signal comes, time decides",
    ),
];

/// Steps that wait for what only the lab does, and are not taken.
const WITHOUT: &[(&str, &str, &[usize], &str)] = &[
    (
        "c::daemon",
        "tty",
        &[4],
        "the C's daemon does not sleep: it spins",
    ),
    (
        "c::daemon",
        "pipe",
        &[0],
        "the C's daemon does not pause: it spins",
    ),
    (
        "c::daemon",
        "file",
        &[0],
        "the C's daemon does not pause: it spins",
    ),
    (
        "c::myshell",
        "long",
        &[2],
        "the C does not tell of a long line",
    ),
];

/// What time decides.
const KNOWN: &[Known] = &[];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// One test a lab or C program, and scenario: `lab::fork_test::tty`, `c::fork_test::tty`.
pub fn trials() -> Vec<Trial> {
    let labs = labscope::labs(root()).expect("the labs");
    let sides = ["lab", "c"].into_iter();
    let all = sides.flat_map(|side| labs.iter().map(move |lab| (side, lab)));
    let trials = all.flat_map(|(side, lab)| {
        let scenarios = scenario::load(root(), lab)
            .expect("its scenarios")
            .scenarios;
        let is_told = move |scenario: &Scenario| {
            let who = format!("{side}::{lab}");
            LEFT_OUT
                .iter()
                .all(|(what, name, _)| !(*what == who || what == lab) || *name != scenario.name)
        };
        let scenarios = scenarios.into_iter().filter(is_told);
        scenarios.map(move |scenario| trial(side, lab, scenario))
    });
    trials.collect()
}

fn trial(side: &'static str, lab: &str, mut scenario: Scenario) -> Trial {
    let who = format!("{side}::{lab}");
    let is_meant = |(what, name, ..): &&(&str, &str, _, _)| *what == who && *name == scenario.name;
    if let Some((_, _, steps, _)) = WITHOUT.iter().find(is_meant) {
        for &step in steps.iter().rev() {
            scenario.steps.remove(step);
        }
    }
    let (lab, name) = (lab.to_owned(), format!("{side}::{lab}::{}", scenario.name));
    let trial = Trial::test(name, move || {
        let known = KNOWN
            .iter()
            .filter(|known| known.programs.contains(&lab.as_str()));
        runs::compare(
            &folder(side),
            &lab,
            &scenario,
            &known.collect::<Vec<_>>(),
            side == "c",
        )
    });
    // Two runs in real time, side by side: what has not been seen alike a hundred times is asked for by name.
    trial.with_ignored_flag(true)
}

/// All labs, or their C programs, in one folder: they start each other.
fn folder(side: &str) -> PathBuf {
    static FOLDERS: OnceLock<[PathBuf; 2]> = OnceLock::new();
    let folders = FOLDERS.get_or_init(|| {
        let mut make = Command::new("make");
        make.args(["-s", "all", "c"]).current_dir(root());
        // It is not a part of the make that may have called us.
        make.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
        make.env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."),
        );
        let output = make.output().expect("make runs");
        assert!(output.status.success(), "{}", folder::text(&output));
        [("lab", "build/traced"), ("c", "build/c")].map(|(side, built)| {
            let folder = folder::own(side);
            for lab in labscope::labs(root()).expect("the labs") {
                let program = root().join(built).join(&lab);
                folder::add(&folder, &program, &lab);
            }
            folder
        })
    });
    folders[usize::from(side == "c")].clone()
}
