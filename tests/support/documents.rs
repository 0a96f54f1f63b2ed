//! What holds of every document: the README.md of a folder and its Korean counterpart.

use std::fs;
use std::path::Path;

use super::{labs, root};

/// The text of a file.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
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

/// Fails unless both languages have the same shape.
pub fn assert_same_shape(folder: &Path) {
    let [english, korean] = ["README.md", "README.ko.md"].map(|name| read(&folder.join(name)));
    assert_eq!(shape(&english), shape(&korean), "{}", folder.display());
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

/// Fails if a link leads nowhere.
pub fn assert_links_lead_to_files(folder: &Path) {
    for name in ["README.md", "README.ko.md"] {
        let links = links(&read(&folder.join(name)));
        for link in links.iter().filter(|link| !link.contains("://")) {
            let file = link.split('#').next().unwrap_or_default();
            assert!(
                folder.join(file).exists(),
                "{}/{name}: {link}",
                folder.display()
            );
        }
    }
}

/// Fails if a make target is named that does not exist.
pub fn assert_make_targets_exist(folder: &Path) {
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
    for name in ["README.md", "README.ko.md"] {
        for rest in read(&folder.join(name)).split("`make ").skip(1) {
            let target = rest.split(['`', ' ', '\n']).next().unwrap_or_default();
            let is_known = target.is_empty() || known(target);
            assert!(is_known, "{}/{name}: make {target}", folder.display());
        }
    }
}
