//! The texts of source lines.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use crate::source::site::Line;

/// Source files that have been read, line by line.
#[derive(Default)]
pub struct Sources(HashMap<PathBuf, Vec<String>>);

impl Sources {
    /// The text of a line, without the blanks around it.
    pub fn text(&mut self, line: &Line) -> Option<String> {
        let lines = self.0.entry(line.file.clone()).or_insert_with(|| {
            let text = fs::read(&line.file).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            text.lines().map(|line| line.trim().to_owned()).collect()
        });
        let place = usize::try_from(line.line).ok()?.checked_sub(1)?;
        lines.get(place).cloned()
    }
}
