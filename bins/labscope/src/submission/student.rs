//! Who has handed in what: the files of one program each.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::submission::names::{Found, find};
use crate::text::code::code;

/// One who has handed in a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Student {
    /// Told from others of the class by it.
    pub name: String,
    /// The file that is called like the lab, then those that belong to it.
    pub sources: Vec<PathBuf>,
}

impl Student {
    /// The file that is named.
    pub fn first(&self) -> &Path {
        self.sources.first().map_or(Path::new(""), PathBuf::as_path)
    }

    /// Whether a file leads to another, which may be a neighbour's.
    pub fn is_link(&self) -> bool {
        self.sources.iter().any(|source| source.is_symlink())
    }
}

/// The students who have a program for this lab, in order of their paths, and the files that belong to none.
pub fn students(folder: &Path, labs: &[String], lab: &str) -> Result<(Vec<Student>, Vec<Found>)> {
    let is_its = |found: &Found| found.lab.as_ref().is_ok_and(|own| own == lab);
    let (mine, others): (Vec<Found>, Vec<Found>) =
        find(folder, labs)?.into_iter().partition(is_its);
    let mut students: Vec<Student> = Vec::new();
    for found in mine {
        let mut name = name(folder, &found.path, lab);
        if students.iter().any(|other| other.name == name) {
            let path = found.path.strip_prefix(folder).unwrap_or(&found.path);
            name = path.with_extension("").display().to_string();
        }
        let mut sources = vec![found.path.clone()];
        if found.path.parent() != Some(folder) {
            sources.extend(parts(&found.path, &others));
        }
        students.push(Student { name, sources });
    }
    let belongs = |found: &Found| students.iter().any(|one| one.sources.contains(&found.path));
    let others = others
        .iter()
        .filter(|found| !belongs(found))
        .cloned()
        .collect();
    Ok((students, others))
}

/// The folder of a student, or what a file's name says beside the lab's: `20211234` of `20211234_fork_test.c`.
fn name(class: &Path, file: &Path, lab: &str) -> String {
    let inside = file.strip_prefix(class).unwrap_or(file);
    let mut parts = inside.components();
    let first = parts
        .next()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    if let (Some(folder), Some(_)) = (&first, parts.next()) {
        return folder.clone();
    }
    let stem = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let rest = match stem.to_ascii_lowercase().find(&lab.to_ascii_lowercase()) {
        Some(place) => format!("{}_{}", &stem[..place], &stem[place + lab.len()..]),
        None => stem.clone(),
    };
    let name = rest.trim_matches(|c: char| !c.is_alphanumeric() && !"()".contains(c));
    match name.is_empty() {
        true => stem,
        false => name.to_owned(),
    }
}

/// The files beside one in a student's folder that are no programs: they are called like no lab, and have no `main`.
fn parts(file: &Path, others: &[Found]) -> Vec<PathBuf> {
    let beside = others
        .iter()
        .filter(|other| other.path.parent() == file.parent());
    let parts =
        beside.filter(|other| other.lab.is_err() && is_c(&other.path) && !has_main(&other.path));
    parts.map(|other| other.path.clone()).collect()
}

/// The one program that a folder holds, if it holds no more, whatever its files are called: several files, or one that
/// is called like no lab.
pub fn only_program(folder: &Path, labs: &[String]) -> Result<Option<Student>> {
    let all = find(folder, labs)?;
    if matches!(all.as_slice(), [Found { lab: Ok(_), .. }]) {
        return Ok(None); // a class of one
    }
    let mut sources: Vec<PathBuf> = all.into_iter().map(|found| found.path).collect();
    let lies_deeper = |source: &PathBuf| source.parent() != Some(folder);
    if sources.is_empty() || !sources.iter().all(|it| is_c(it)) || sources.iter().any(lies_deeper) {
        return Ok(None);
    }
    let programs = sources.iter().filter(|source| has_main(source)).count();
    if programs != 1 {
        return Ok(None);
    }
    sources.sort_by_key(|source| !has_main(source));
    let name = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let name = name
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok(Some(Student { name, sources }))
}

fn is_c(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("c"))
}

/// Whether a function `main` is called or defined in a file, its comments and texts apart.
fn has_main(path: &Path) -> bool {
    let text = fs::read(path).unwrap_or_default();
    let text = code(&String::from_utf8_lossy(&text));
    text.match_indices("main").any(|(place, word)| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let before = text[..place].chars().next_back();
        let after = text[place + word.len()..].trim_start();
        !before.is_some_and(is_part) && after.starts_with('(')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_student_is_called_like_the_folder_or_the_rest_of_the_file() {
        let name = |file: &str| {
            name(
                Path::new("class"),
                &Path::new("class").join(file),
                "fork_test",
            )
        };
        for (file, student) in [
            ("kim/fork_test.c", "kim"),
            ("lee/week 8/fork_test.c", "lee"),
            ("20211234_fork_test.c", "20211234"),
            ("fork_test_park.c", "park"),
            ("김철수-Fork_Test (1).c", "김철수-_ (1)"),
            ("fork_test.c", "fork_test"),
        ] {
            assert_eq!(name(file), student, "{file}");
        }
    }
}
