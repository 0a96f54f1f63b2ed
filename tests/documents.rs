//! The guides are whole, say the same in both languages, and name what exists.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use labscope::Room;
use labscope::cli::readme;
use support::{labs, root, source};

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every document in English with its Korean counterpart.
fn documents() -> Vec<(PathBuf, PathBuf)> {
    let rooms = labs().into_iter().map(|lab| Room::of(root(), &lab).folder);
    let folders: BTreeSet<PathBuf> = rooms.chain([root().to_path_buf()]).collect();
    folders
        .into_iter()
        .map(|folder| (folder.join("README.md"), folder.join("README.ko.md")))
        .collect()
}

/// Lines outside of ``` blocks.
fn prose(text: &str) -> Vec<&str> {
    let mut in_block = false;
    let mut prose = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            prose.push(line);
        }
    }
    assert!(!in_block, "a ``` block does not end");
    prose
}

/// The skeleton of a document: level of each heading, code blocks, table rows, folded answers.
fn shape(text: &str) -> Vec<String> {
    let headings = prose(text).into_iter().filter(|line| line.starts_with('#'));
    let mut shape: Vec<String> = headings
        .map(|line| "#".repeat(line.find(' ').unwrap_or(0)))
        .collect();
    let count = |what: &str| {
        text.lines()
            .filter(|line| line.trim_start().starts_with(what))
            .count()
    };
    shape.extend(["```", "|", "<details>"].map(|what| format!("{what} {}", count(what))));
    shape
}

#[test]
fn both_languages_have_the_same_shape() {
    for (english, korean) in documents() {
        assert_eq!(
            shape(&read(&english)),
            shape(&read(&korean)),
            "{}",
            english.display()
        );
    }
}

#[test]
fn every_guide_asks_three_questions_and_folds_the_answers() {
    for (english, _) in documents()
        .into_iter()
        .filter(|(path, _)| path.parent() != Some(root()))
    {
        assert_eq!(
            read(&english).matches("<details>").count(),
            3,
            "{}",
            english.display()
        );
    }
}

#[test]
fn the_tables_of_labs_are_what_the_labs_say_of_themselves() {
    for (name, language) in readme::FILES {
        let text = read(&root().join(name));
        let said = readme::table(root(), language).unwrap_or_else(|error| panic!("{error:#}"));
        let written = readme::between(&text, "labs").unwrap_or_else(|error| panic!("{error:#}"));
        for (written, said) in written.lines().zip(said.lines()) {
            assert_eq!(written, said, "{name}: make tables writes it anew");
        }
        assert_eq!(
            written.len(),
            said.len(),
            "{name}: make tables writes it anew"
        );
    }
}

/// The targets of `[text](target)` outside of code.
fn links(text: &str) -> Vec<String> {
    let lines = prose(text).join("\n");
    let targets = lines
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    targets.map(str::to_owned).collect()
}

#[test]
fn every_link_leads_to_a_file() {
    for path in documents()
        .into_iter()
        .flat_map(|(english, korean)| [english, korean])
    {
        for link in links(&read(&path))
            .iter()
            .filter(|link| !link.contains("://"))
        {
            let file = link.split('#').next().unwrap_or_default();
            assert!(
                path.parent().unwrap().join(file).exists(),
                "{}: {link}",
                path.display()
            );
        }
    }
}

#[test]
fn every_make_target_that_is_named_exists() {
    let makefile = read(&root().join("Makefile"));
    let labs = labs();
    let known = |target: &str| {
        let plain = makefile.contains(&format!("\n{target}:"));
        let of_a_lab = target.split_once('-').is_some_and(|(verb, lab)| {
            let pattern = makefile.contains(&format!("{verb}-%"));
            pattern && (lab.starts_with('<') || labs.iter().any(|known| known == lab))
        });
        plain || of_a_lab || target.starts_with('<') || labs.iter().any(|known| known == target)
    };
    for path in documents()
        .into_iter()
        .flat_map(|(english, korean)| [english, korean])
    {
        let text = read(&path);
        for rest in text.split("`make ").skip(1) {
            let target = rest.split(['`', ' ', '\n']).next().unwrap_or_default();
            assert!(
                target.is_empty() || known(target),
                "{}: make {target}",
                path.display()
            );
        }
    }
}

#[test]
fn every_lab_is_exercised_on_a_terminal_a_pipe_and_a_file() {
    for lab in labs() {
        let scenarios =
            labscope::scenario::load(root(), &lab).unwrap_or_else(|error| panic!("{error:#}"));
        for name in ["tty", "pipe", "file"] {
            assert!(
                scenarios.get(name).is_some(),
                "{lab} has no scenario {name:?}"
            );
        }
    }
}

#[test]
fn a_lab_is_short_and_safe() {
    for lab in labs() {
        let text = read(&source(&lab, "rs"));
        assert!(text.contains("#![forbid(unsafe_code)]"), "{lab}");
        // A network lab has twice the imports and an error for each call: its code alone is counted.
        let is_network = text.contains("use rawlabs::sys::socket");
        let counts = |line: &&str| {
            let line = line.trim();
            let beside = ["//", "use ", "#!"]
                .iter()
                .any(|start| line.starts_with(start));
            !is_network || !(line.is_empty() || beside)
        };
        let lines = text.lines().filter(counts).count();
        let limit = if is_network { 95 } else { 80 };
        assert!(lines <= limit, "{lab} has {lines} lines, more than {limit}");
    }
}

/// The compiler's version changes a size a little; more than a twentieth is a text that has drifted.
#[test]
fn the_sizes_that_are_quoted_are_the_labs_sizes() {
    for name in ["README.md", "README.ko.md"] {
        let text = read(&root().join(name));
        for lab in labs() {
            let quoted = text
                .lines()
                .find_map(|line| line.trim().strip_suffix(&format!(" {lab}")));
            let quoted: u64 = quoted.and_then(|size| size.parse().ok()).unwrap_or(0);
            let size = fs::metadata(support::lab(&lab)).unwrap().len();
            let near = quoted.abs_diff(size) * 20 <= size;
            assert!(
                near,
                "{name} says {quoted} bytes for {lab}, `make size` says {size}: make tables writes it anew"
            );
        }
    }
}
