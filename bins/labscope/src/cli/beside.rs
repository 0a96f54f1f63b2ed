//! `labscope beside`: what programs that people use do at the point that a lab is about.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::beside;
use crate::beside::Table;
use crate::i18n::Language;
use crate::i18n::beside as words;
use crate::project::{Room, labs};
use crate::scenario::{self, Beside};
use crate::text::screen::{Screen, Style};

/// The README of each language.
pub const FILES: [(&str, Language); 2] =
    [("README.md", Language::En), ("README.ko.md", Language::Ko)];

/// Runs what is installed of them, and tells what was seen.
pub fn run(root: &Path, lab: &str, language: Language) -> Result<()> {
    let tables = scenario::beside(root, lab)?;
    if tables.is_empty() {
        bail!("{}", words::nobody(language, lab));
    }
    let mut screen = Screen::stdout();
    for (place, programs) in tables.iter().enumerate() {
        if place > 0 {
            screen.line(Style::Plain, "")?;
        }
        show(&mut screen, &beside::run(root, programs)?, language)?;
    }
    Ok(())
}

fn show(screen: &mut Screen, table: &Table, language: Language) -> Result<()> {
    let width = table
        .columns
        .iter()
        .map(|column| column.get(language).chars().count());
    let width = width.max().unwrap_or(0);
    for (program, lines) in beside::paragraphs(table, language) {
        screen.line(Style::Heading, &program)?;
        for (what, cell) in lines {
            let (first, rest) = (format!("  {what:<width$}  "), " ".repeat(width + 4));
            screen.paragraph(Style::Plain, &first, &rest, &cell)?;
        }
    }
    screen.line(Style::Plain, "")?;
    screen.paragraph(Style::Plain, "", "", table.follows.get(language))
}

/// A guide that holds a table, and what was seen.
pub struct Guide {
    pub path: PathBuf,
    pub language: Language,
    /// The name of the marks round the table.
    pub marks: String,
    pub table: Table,
}

/// The guides that hold such a table; what several have in common is run once.
pub fn guides(root: &Path) -> Result<Vec<Guide>> {
    let mut seen: Vec<(Beside, Table)> = Vec::new();
    let mut guides: Vec<Guide> = Vec::new();
    for lab in labs(root)? {
        let folder = Room::of(root, &lab).folder;
        for programs in scenario::beside(root, &lab)? {
            let known = seen.iter().find(|(known, _)| *known == programs);
            let table = match known {
                Some((_, table)) => table.clone(),
                None => beside::run(root, &programs)?,
            };
            guides.extend(FILES.map(|(name, language)| Guide {
                path: folder.join(name),
                language,
                marks: format!("beside {}", programs.point.name()),
                table: table.clone(),
            }));
            seen.push((programs, table));
        }
    }
    Ok(guides)
}
