//! Where it is told what a gap wants: its man pages, and its lines in the C program and in the lab.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::exercise::skeleton::{Exercise, Region};
use crate::project::Room;
use crate::text::code::code;

/// What the calls of a gap are, and where they stand.
pub struct Reference {
    pub pages: Vec<ManPage>,
    /// `child_wait.c:17`, and the lines from there on.
    pub c: (String, String),
    /// The same in the lab's Rust, the first line of it.
    pub rust: Option<(String, String)>,
}

/// A man page, as the library names it: with its section, and what it says of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManPage {
    pub name: String,
    pub section: Option<u32>,
    /// `pid_t fork(void);`, where the library has it.
    pub prototype: Option<String>,
}

impl ManPage {
    /// The command that shows it.
    pub fn command(&self) -> String {
        match self.section {
            Some(section) => format!("man {section} {}", self.name),
            None => format!("man {}", self.name),
        }
    }
}

impl Reference {
    /// That of a gap, from the sources of the lab and the library.
    pub fn of(root: &Path, lab: &str, exercise: &Exercise, region: &Region) -> Result<Reference> {
        let room = Room::of(root, lab);
        let solution = exercise.solution(region);
        let names = calls(&solution);
        let library = library(&root.join("src"));
        let first = region.lines.start + 1;
        let rust = fs::read_to_string(room.source(lab, "rs"))?;
        Ok(Reference {
            pages: names.iter().map(|name| page(name, &library)).collect(),
            c: (format!("{lab}.c:{first}"), solution),
            rust: in_rust(&names, &code(&exercise.before(region)), &rust).map(|number| {
                let line = rust.lines().nth(number).unwrap_or_default();
                (format!("{lab}.rs:{}", number + 1), format!("{line}\n"))
            }),
        })
    }
}

/// What is followed by a bracket and is no call of a function in a man page.
const NO_CALLS: [&str; 6] = ["if", "while", "for", "switch", "return", "sizeof"];

/// The functions that are called in some lines of C, each once; those in capitals are macros.
fn calls(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in all_calls(&code(text)) {
        let is_macro = name.chars().all(|c| !c.is_ascii_lowercase());
        if !is_macro && !NO_CALLS.contains(&name) && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    // What is printed says less than what is done.
    names.sort_by_key(|name| name.ends_with("printf"));
    names
}

/// The words that stand before a bracket.
fn all_calls(code: &str) -> impl Iterator<Item = &str> {
    code.match_indices('(').filter_map(|(place, _)| {
        let before = code[..place].trim_end_matches('!');
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let name = &before[before.trim_end_matches(is_name).len()..];
        (!name.is_empty()).then_some(name)
    })
}

/// The line of the lab that makes the first call of a gap, by the number of such calls before it.
pub(super) fn same_call(exercise: &Exercise, region: &Region, rust: &str) -> Option<usize> {
    let names = calls(&exercise.solution(region));
    in_rust(&names, &code(&exercise.before(region)), rust)
}

/// What a lab calls in the place of what C calls.
const OF_LABS: [(&str, &str); 2] = [("fprintf", "fwrite"), ("write", "write_all")];

/// The line of the lab that does the same: the call that is as many calls of its name from the beginning as in the C.
fn in_rust(names: &[String], before: &str, rust: &str) -> Option<usize> {
    let rust = code(rust);
    names.iter().find_map(|name| {
        let earlier = all_calls(before).filter(|other| other == name).count();
        let lines = rust.lines().enumerate();
        let lines: Vec<usize> = lines
            .flat_map(|(number, line)| {
                let is_it = |other: &&str| other == name || OF_LABS.contains(&(name, other));
                let here = all_calls(line).filter(is_it).count();
                std::iter::repeat_n(number, here)
            })
            .collect();
        lines.get(earlier).or(lines.last()).copied()
    })
}

/// The documentation of the library, where each function names its man page.
fn library(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            text += &library(&path);
        } else if path.extension().is_some_and(|end| end == "rs") {
            text += &fs::read_to_string(&path).unwrap_or_default();
        }
    }
    text
}

fn page(name: &str, library: &str) -> ManPage {
    let named = |section: &u32| library.contains(&format!("`{name}({section})`"));
    let section = [2, 3].into_iter().find(named);
    let prototype = library.match_indices('`').find_map(|(place, _)| {
        let (text, _) = library[place + 1..].split_once('`')?;
        let is_it =
            text.ends_with(';') && text.contains(&format!("{name}(")) && !text.contains('\n');
        let has_other = all_calls(text).next() != Some(name);
        (is_it && !has_other).then(|| text.to_owned())
    });
    ManPage {
        name: name.to_owned(),
        section,
        prototype,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_from_keywords_strings_comments_and_macros() {
        let text = "if ((fd = socket(AF_INET, 0)) == -1) /* bind( */\nprintf(\"\\\"listen(\");\nFD_SET(a);";
        assert_eq!(calls(text), ["socket", "printf"]);
    }

    #[test]
    fn the_same_call_is_found_in_rust_by_its_number() {
        let rust = "// close(\nclose(a);\nprintf!(\"close(\");\nlet _ = close(b);\n";
        let names = ["close".to_owned()];
        assert_eq!(in_rust(&names, "", rust), Some(1));
        assert_eq!(in_rust(&names, "close(x);", rust), Some(3));
        assert_eq!(in_rust(&["open".to_owned()], "", rust), None);
    }

    #[test]
    fn a_man_page_is_what_the_library_says() {
        let library = "/// `fork(2)`: `pid_t fork(void);`\n/// `vfork(2)`: `pid_t vfork(void);`";
        let fork = page("fork", library);
        assert_eq!(fork.command(), "man 2 fork");
        assert_eq!(fork.prototype.as_deref(), Some("pid_t fork(void);"));
        assert_eq!(page("mystery", library).command(), "man mystery");
    }
}
