//! The documents of the project as a whole are the same in both languages, and name what exists.
//! The guides of the labs are with what is promised of every lab.

mod support;

use std::fs;
use std::path::PathBuf;

use labscope::cli::{beside, readme};
use support::documents::*;
use support::root;

/// The folders whose README speaks of more than one lab.
fn folders() -> [PathBuf; 2] {
    [root().to_owned(), root().join("tests")]
}

#[test]
fn both_languages_have_the_same_shape() {
    folders()
        .iter()
        .for_each(|folder| assert_same_shape(folder));
}

#[test]
fn every_link_leads_to_a_file() {
    folders()
        .iter()
        .for_each(|folder| assert_links_lead_to_files(folder));
}

#[test]
fn every_make_target_that_is_named_exists() {
    folders()
        .iter()
        .for_each(|folder| assert_make_targets_exist(folder));
}

#[test]
fn the_tables_of_labs_are_what_the_labs_say_of_themselves() {
    for (name, language) in beside::FILES {
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

/// A program is `tests/<name>.rs` or a folder. Of `every_lab` each file has a promise and a row of its own.
#[test]
fn every_test_program_is_in_the_table_of_tests() {
    let mut files = vec![
        "bins/labscope/tests/".to_owned(),
        "bins/labscope/study/tests/".to_owned(),
    ];
    for entry in fs::read_dir(root().join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let is_folder = path.join("main.rs").exists();
        if is_folder && name != "every_lab" {
            files.push(format!("{name}/"));
        } else if name.ends_with(".rs") {
            files.push(name);
        }
    }
    for entry in fs::read_dir(root().join("tests/every_lab")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".rs") && !["main.rs", "programs.rs"].contains(&name.as_str()) {
            files.push(format!("every_lab/{name}"));
        }
    }
    for name in ["README.md", "README.ko.md"] {
        let text = read(&root().join("tests").join(name));
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        for file in &files {
            let is_told = rows.iter().any(|row| row.contains(&format!("`{file}`")));
            assert!(is_told, "tests/{name}: no row has `{file}`");
        }
    }
}

/// The words of the first column; a Korean row has the English word first, and the Korean one behind a colon.
fn words(text: &str) -> Vec<&str> {
    let rows = text.lines().filter(|line| line.starts_with("| ")).skip(1);
    let firsts = rows.filter_map(|row| row[2..].split(" | ").next());
    firsts
        .map(|first| first.split(": ").next().unwrap_or(first))
        .collect()
}

#[test]
fn the_glossary_has_the_same_words_in_both_languages_and_every_guide_links_it() {
    let [english, korean] =
        ["GLOSSARY.md", "GLOSSARY.ko.md"].map(|name| read(&root().join("bins").join(name)));
    let known = words(&english);
    assert_eq!(known, words(&korean));
    for word in [
        "`Z`, zombie",
        "orphan",
        "backlog",
        "`EBADF`",
        "`ERESTARTSYS`",
    ] {
        assert!(known.contains(&word), "{word}");
    }
    for link in english.split("](").chain(korean.split("](")).skip(1) {
        if let Some((file, _)) = link.split_once(')') {
            assert!(root().join("bins").join(file).exists(), "{file}");
        }
    }
    for (guide, glossary) in [
        ("README.md", "GLOSSARY.md"),
        ("README.ko.md", "GLOSSARY.ko.md"),
    ] {
        assert!(read(&root().join(guide)).contains(&format!("](bins/{glossary})")));
        for lab in support::labs() {
            let text = read(&labscope::Room::of(root(), &lab).folder.join(guide));
            assert!(
                text.contains(&format!("](../{glossary})")),
                "{lab}: {guide}"
            );
        }
    }
}
