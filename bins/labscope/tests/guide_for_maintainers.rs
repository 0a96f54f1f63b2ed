//! ARCHITECTURE.md and CONTRIBUTING.md say what is there: every folder, every key of a scenario file, and no file that is gone.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use labscope::{Room, labs};
use toml_span::Value;

fn tool() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn root() -> PathBuf {
    tool().join("../..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn architecture() -> String {
    read(&tool().join("ARCHITECTURE.md"))
}

fn contributing() -> String {
    read(&root().join(".github/CONTRIBUTING.md"))
}

/// The part of CONTRIBUTING.md that explains the keys.
fn part_on_keys(contributing: &str) -> &str {
    let rest = contributing.split_once("\n## The keys of a scenario file\n");
    let (_, rest) = rest.expect("the heading of the keys");
    rest.split_once("\n## ").map_or(rest, |(part, _)| part)
}

/// What stands between backticks, outside of ``` blocks.
fn code(text: &str) -> Vec<&str> {
    let mut in_block = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            found.extend(line.split('`').skip(1).step_by(2));
        }
    }
    found
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).map(str::to_owned)
}

/// All keys of a value and of the tables in it.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    for (key, value) in value.as_table().into_iter().flatten() {
        found.insert(key.to_string());
        keys(value, found);
    }
    for value in value.as_array().into_iter().flatten() {
        keys(value, found);
    }
}

#[test]
fn every_folder_of_the_tool_is_named() {
    let text = architecture();
    let folders = |base: PathBuf, below: &str| {
        let entries = walkdir::WalkDir::new(base.join(below)).min_depth(1);
        entries.into_iter().map(move |entry| (base.clone(), entry))
    };
    for (base, entry) in
        folders(tool().join("src"), "").chain(folders(tool().to_owned(), "trace/src"))
    {
        let entry = entry.expect("a readable folder");
        let name = entry.path().strip_prefix(&base).expect("below it");
        let name = format!("`{}/`", name.display());
        assert!(
            !entry.file_type().is_dir() || text.contains(&name),
            "ARCHITECTURE.md does not name {name}"
        );
    }
}

#[test]
fn every_key_of_the_scenario_files_is_explained() {
    let text = contributing();
    let explained: BTreeSet<String> = code(part_on_keys(&text))
        .into_iter()
        .flat_map(words)
        .collect();
    for lab in labs(&root()).expect("the labs") {
        let path = Room::of(&root(), &lab).scenarios(&lab);
        let (text, mut used) = (read(&path), BTreeSet::new());
        keys(&toml_span::parse(&text).expect("TOML"), &mut used);
        let missing: Vec<_> = used.difference(&explained).collect();
        assert!(
            missing.is_empty(),
            "CONTRIBUTING.md does not explain {missing:?} of {}",
            path.display()
        );
    }
}

#[test]
fn every_key_that_is_explained_is_read() {
    let folder = fs::read_dir(tool().join("src/scenario")).expect("a folder");
    let files = folder.map(|entry| entry.expect("an entry").path());
    let source: BTreeSet<String> = files
        .filter(|path| path.is_file())
        .flat_map(|path| words(&read(&path)).collect::<Vec<_>>())
        .collect();
    let text = contributing();
    let rows = part_on_keys(&text)
        .lines()
        .filter(|line| line.starts_with("| `"));
    let first_cells = rows.filter_map(|row| row.split('|').nth(1));
    for key in first_cells.flat_map(code).flat_map(words) {
        assert!(
            source.contains(&key),
            "CONTRIBUTING.md explains `{key}`, which src/scenario/ does not know"
        );
    }
}

#[test]
fn every_path_leads_to_something() {
    let documents = [
        ("ARCHITECTURE.md", architecture(), tool().join("src")),
        ("CONTRIBUTING.md", contributing(), root()),
    ];
    let is_path = |text: &str| {
        let endings = [".rs", ".toml", ".md", "/"];
        let is_whole = !text.contains(['<', '*', '…', ' ']) && !text.starts_with("build/");
        text.contains('/') && is_whole && endings.iter().any(|ending| text.ends_with(ending))
    };
    for (name, text, base) in documents {
        for path in code(&text).into_iter().filter(|text| is_path(text)) {
            let there = [&base, &tool().to_owned(), &root()]
                .iter()
                .any(|base| base.join(path).exists());
            assert!(there, "{name} names {path}, which is not there");
        }
    }
}
