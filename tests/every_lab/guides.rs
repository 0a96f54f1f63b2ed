//! The room of each lab is whole: a guide in both languages, scenarios on a terminal, a pipe and a file,
//! a source that is short and safe.

use std::fs;
use std::path::PathBuf;

use labscope::exercise::said_by;
use labscope::{Language, Room};
use libtest_mimic::Trial;

use crate::support::documents::*;
use crate::support::trials::each_lab;
use crate::support::{self, root, scenarios_of};

pub fn trials() -> Vec<Trial> {
    let guide = "$PAGER {room}/README.md";
    let scenarios = "grep ^name {room}/*.toml";
    let source = "$PAGER {room}/{lab}.rs";
    let trials = [
        each_lab("guide_has_the_same_shape_in_both_languages", guide, |lab| {
            assert_same_shape(&room(lab));
        }),
        each_lab("guide_links_to_files", guide, |lab| {
            assert_links_lead_to_files(&room(lab))
        }),
        each_lab("guide_names_make_targets_that_exist", guide, |lab| {
            assert_make_targets_exist(&room(lab));
        }),
        each_lab("guide_asks_three_questions", guide, asks_three_questions),
        each_lab("guide_names_its_drills", guide, names_its_drills),
        each_lab("guide_names_its_tasks", guide, names_its_tasks),
        each_lab("guide_can_be_followed_by_many_at_once", guide, is_for_many),
        each_lab(
            "has_scenarios_on_terminal_pipe_and_file",
            scenarios,
            has_scenarios,
        ),
        each_lab("is_short_and_safe", source, is_short_and_safe),
        each_lab(
            "its_size_is_the_quoted_one",
            "make size",
            has_the_quoted_size,
        ),
    ];
    trials.into_iter().flatten().collect()
}

fn room(lab: &str) -> PathBuf {
    Room::of(root(), lab).folder
}

fn asks_three_questions(lab: &str) {
    let text = read(&room(lab).join("README.md"));
    assert_eq!(text.matches("<details>").count(), 3, "folded answers");
}

fn names_its_drills(lab: &str) {
    for name in ["README.md", "README.ko.md"] {
        let drills = format!("`make fault-{lab}`");
        let text = read(&room(lab).join(name));
        assert_eq!(text.matches(&drills).count(), 1, "{drills} in {name}");
    }
}

/// Each task that is checked stands once under "Try next", where the command shows its text from; and no other one does.
fn names_its_tasks(lab: &str) {
    let own = &scenarios_of(lab).tasks;
    for language in [Language::En, Language::Ko] {
        let guide = Room::of(root(), lab).guide(language);
        let text = read(&guide);
        let heading = language.pick("\n## Try next\n", "\n## 더 해 보기\n");
        let (before, next) = text.split_once(heading).expect("what to try next");
        let named = format!("make try-{lab} TASK=");
        assert!(!before.contains(&named), "{named} is no step");
        let commands = next.matches(&named).count();
        assert_eq!(commands, own.len(), "tasks of {lab} in {}", guide.display());
        for task in own {
            let said = said_by(next, lab, &task.name);
            assert!(said.is_some(), "{} in {}", task.name, guide.display());
        }
    }
}

/// What one has typed and made is one's own, a letter means one thing, and a step is a few commands at any speed.
fn is_for_many(lab: &str) {
    for name in ["README.md", "README.ko.md"] {
        let text = read(&room(lab).join(name));
        let spans = |text: &str| -> Vec<String> {
            let parts = text.split('`').skip(1).step_by(2);
            parts.map(str::to_owned).collect()
        };
        let (_, steps) = text.split_once("\n## ").expect("what to do");
        let (steps, _) = steps.split_once("\n## ").expect("what is to be seen");
        for line in steps.lines().filter(|line| !line.starts_with("```")) {
            let spans = spans(line);
            let commands = spans.iter().filter(|span| span.contains(' ')).count();
            assert!(commands <= 5, "{name}, {commands} commands in one: {line}");
            for terminal in ["B and C", "B와 C", ". C: `", ", C: `"] {
                assert!(
                    !line.contains(terminal),
                    "{name}, C is the language: {line}"
                );
            }
        }
        for line in text.lines() {
            // What the programs say stands in code.
            let prose: String = line.split('`').step_by(2).collect();
            let mut limits = prose.split("within ").skip(1);
            let is_timed = limits.any(|rest| {
                let phrase = rest.split(['.', ',', ':', ';', '?']).next();
                phrase.is_some_and(|phrase| phrase.contains("second"))
            });
            let is_timed = is_timed || prose.contains("초 안에") || prose.contains("초 이내");
            assert!(!is_timed, "{name}, not for a human: {line}");
        }
        for span in text.lines().flat_map(spans) {
            let is_c = |word: &str| word == "C";
            let of_kill = span.starts_with("kill ") && span.split([' ', ';']).any(is_c);
            assert!(
                !of_kill && !span.contains("/proc/C/"),
                "{name}, C is the language: {span}"
            );
            let is_shared =
                span.contains(" > /tmp/") || span.contains("TO=/tmp/") || span.contains("-o /tmp/");
            assert!(!is_shared, "{name}, in a folder of all: {span}");
        }
    }
}

fn has_scenarios(lab: &str) {
    let scenarios = scenarios_of(lab);
    for name in ["tty", "pipe", "file"] {
        assert!(scenarios.get(name).is_some(), "no scenario {name:?}");
    }
}

fn is_short_and_safe(lab: &str) {
    let text = read(&support::source(lab, "rs"));
    assert!(text.contains("#![forbid(unsafe_code)]"), "{lab}");
    // A network lab has twice the imports and an error for each call, and so have those of FIFOs and of System V; one that reads /proc takes
    // texts apart: their code alone is counted.
    let is_long = [
        "use rawlabs::sys::socket",
        "use rawlabs::sys::{socket",
        "use rawlabs::sys::stat",
        "use rawlabs::dirent",
        "use rawlabs::sys::{ipc",
    ];
    let is_long = is_long.iter().any(|import| text.contains(import));
    let counts = |line: &&str| {
        let line = line.trim();
        let beside = ["//", "use ", "#!"]
            .iter()
            .any(|start| line.starts_with(start));
        !is_long || !(line.is_empty() || beside)
    };
    let lines = text.lines().filter(counts).count();
    // The one server that is to be run, and not only to be read, is several functions.
    let limit = match lab {
        "echo_server_robust" => 300,
        _ if is_long => 95,
        _ => 80,
    };
    assert!(lines <= limit, "{lab} has {lines} lines, more than {limit}");
}

/// The compiler's version changes a size a little; more than a twentieth is a text that has drifted.
fn has_the_quoted_size(lab: &str) {
    let size = fs::metadata(support::lab(lab)).unwrap().len();
    for name in ["README.md", "README.ko.md"] {
        let text = read(&root().join(name));
        let ending = format!(" {lab}");
        let mut quoted = text
            .lines()
            .filter_map(|line| line.trim().strip_suffix(&ending));
        let quoted = quoted
            .find_map(|size| size.parse::<u64>().ok())
            .unwrap_or(0);
        let near = quoted.abs_diff(size) * 20 <= size;
        assert!(
            near,
            "{name} says {quoted} bytes, `make size` says {size}: make tables writes it anew"
        );
    }
}
