//! The unoptimised copy of a lab, from which its timeline is drawn where it forks, makes the calls of its C program: so it
//! makes those of the lab that is shipped, for that one does.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use labscope::Scenario;
use labscope::run::record::is_drawn_unoptimised;
use libtest_mimic::Trial;

use crate::programs::{c, found, lab};
use crate::support::trials::{Subject, scenarios};
use crate::support::{self, root};

pub fn trials() -> Vec<Trial> {
    let is_drawn = |(subject, scenario): &(Subject, Scenario)| {
        // Those that are drawn on the study pages.
        let is_shown = scenario.tour || scenario.name == "pipe";
        is_shown && is_drawn_unoptimised(root(), &subject.lab)
    };
    let drawn = scenarios().into_iter().filter(is_drawn);
    let trials = drawn.map(|(subject, scenario)| {
        let shown_by = format!("make timeline-{} SCENARIO={}", subject.lab, scenario.name);
        subject.trial("unoptimised_copy_is_the_same", shown_by, move |subject| {
            support::labscope();
            support::traced(&subject.lab);
            let twin = c(&support::twin(&subject.lab));
            let copy = lab(unoptimised(&subject.lab), &subject.lab);
            found(
                &subject.lab,
                &scenario.name,
                "the lab, unoptimised",
                &twin,
                &copy,
            )
        })
    });
    trials.collect()
}

/// A project whose labs are the unoptimised ones.
fn unoptimised(lab: &str) -> &'static Path {
    support::unoptimised(lab);
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unoptimised-labs");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("build")).unwrap();
        for name in ["Cargo.toml", "bins"] {
            symlink(root().join(name), folder.join(name)).unwrap();
        }
        symlink(root().join("build/debug"), folder.join("build/traced")).unwrap();
        folder
    })
}
