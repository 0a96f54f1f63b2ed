//! Whose lab a file is, by its name: `fork_test.c`, `20211234_fork_test.c`, `daemonOSNW (1).c`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

use crate::i18n::{Language, failure, submission as words};

/// Why a file belongs to no lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLab {
    /// No lab occurs in its name.
    Unknown,
    /// Several do, and none is longer than the others.
    Ambiguous(Vec<String>),
    /// It ends like a file of C++: a student may have handed in just that.
    NotC,
    /// It is a folder that may not be read.
    Closed,
}

impl NoLab {
    /// The reason in one language.
    pub fn say(&self, language: Language) -> String {
        match self {
            NoLab::NotC => words::is_no_c(language).to_owned(),
            NoLab::Closed => words::folder_is_closed(language).to_owned(),
            NoLab::Unknown => words::names_no_lab(language).to_owned(),
            NoLab::Ambiguous(labs) => words::names_several_labs(language, &labs.join(", ")),
        }
    }
}

/// A C file in a folder of submissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    pub lab: Result<String, NoLab>,
}

/// The lab whose name occurs in the file's, upper or lower case; the longest if there are several.
pub fn lab_of(source: &Path, labs: &[String]) -> Result<String, NoLab> {
    let stem = source.file_stem().unwrap_or_default();
    let stem = stem.to_string_lossy().to_ascii_lowercase();
    let occurs = |lab: &&String| stem.contains(&lab.to_ascii_lowercase());
    let fitting: Vec<&String> = labs.iter().filter(occurs).collect();
    let longest = fitting.iter().map(|lab| lab.len()).max().unwrap_or(0);
    let mut best = fitting.into_iter().filter(|lab| lab.len() == longest);
    match (best.next(), best.next()) {
        (None, _) => Err(NoLab::Unknown),
        (Some(lab), None) => Ok(lab.clone()),
        (Some(one), Some(other)) => {
            let all = [one, other].into_iter().chain(best);
            Err(NoLab::Ambiguous(all.cloned().collect()))
        }
    }
}

/// The C files of a folder and of the folders in it, however deep, in order of their paths; and those that were
/// meant to be one. Nothing hidden, and nothing behind a link to a folder.
pub fn find(folder: &Path, labs: &[String]) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let is_shown = |entry: &DirEntry| {
        entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
    };
    let all = WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in all.filter_entry(is_shown) {
        let path = match entry {
            Ok(entry) => entry.into_path(),
            Err(error) => match error.path().filter(|_| error.depth() > 0) {
                Some(path) => {
                    let (path, lab) = (path.to_owned(), Err(NoLab::Closed));
                    found.push(Found { path, lab });
                    continue;
                }
                None => {
                    return Err(error).with_context(|| failure::cannot_list(folder.display()));
                }
            },
        };
        if may_be_meant(&path) && !path.is_dir() {
            found.push(file(path, labs));
        }
    }
    Ok(found)
}

fn file(path: PathBuf, labs: &[String]) -> Found {
    let lab = match is_c(&path) {
        true => lab_of(&path, labs),
        false => Err(NoLab::NotC),
    };
    Found { path, lab }
}

fn is_c(path: &Path) -> bool {
    let end = path.extension();
    end.is_some_and(|end| end.eq_ignore_ascii_case("c"))
}

/// Whether it is a C file, or one of C++ that a student may hand in for it.
fn may_be_meant(path: &Path) -> bool {
    let others = ["cpp", "cc", "cxx"];
    let end = path.extension().unwrap_or_default().to_string_lossy();
    is_c(path) || others.contains(&end.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lab(name: &str) -> Result<String, NoLab> {
        let labs = [
            "daemon",
            "daemonOSNW",
            "fork_test",
            "exec_test",
            "command",
            "myshell",
        ];
        lab_of(Path::new(name), &labs.map(str::to_owned))
    }

    #[test]
    fn the_longest_lab_in_the_name_is_meant() {
        for (name, meant) in [
            ("fork_test.c", "fork_test"),
            ("class/kim/fork_test_kim.c", "fork_test"),
            ("20211234_fork_test.c", "fork_test"),
            ("daemonOSNW (1).c", "daemonOSNW"),
            ("daemon-final.v2.c", "daemon"),
            ("MyShell.C", "myshell"),
            ("김철수_command.c", "command"),
        ] {
            assert_eq!(lab(name).as_deref(), Ok(meant), "{name}");
        }
    }

    #[test]
    fn a_name_of_no_lab_or_of_several_is_said_so() {
        assert_eq!(lab("hello.c"), Err(NoLab::Unknown));
        let both = vec!["fork_test".to_owned(), "exec_test".to_owned()];
        assert_eq!(lab("fork_test_exec_test.c"), Err(NoLab::Ambiguous(both)));
    }
}
