//! Texts of a width: a Korean letter takes two columns of a terminal.

use textwrap::core::display_width;

/// The text, with blanks behind it.
pub fn left(text: &str, width: usize) -> String {
    text.to_owned() + &blanks(text, width)
}

/// The text, with blanks before it.
pub fn right(text: &str, width: usize) -> String {
    blanks(text, width) + text
}

fn blanks(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(display_width(text)))
}
