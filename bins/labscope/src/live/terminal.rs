//! What has to be known of a terminal.

use std::os::fd::AsFd;

use crate::text::screen::{obeys_escapes, size_of};

/// Goes to the beginning of a line, whatever stands on this one: as many blanks as lead into the
/// next line from anywhere but the first column, and back to the beginning of the line reached.
pub fn fresh_line(width: Option<usize>) -> String {
    let erase = if obeys_escapes() { "\x1b[K" } else { "" };
    match width {
        Some(width) if width > 1 => format!("{:1$}\r{erase}", "", width - 1),
        _ => String::new(),
    }
}

/// The number of columns of a terminal.
pub fn width(terminal: impl AsFd) -> Option<usize> {
    let (columns, _) = size_of(terminal)?;
    (columns >= 40).then_some(columns)
}
