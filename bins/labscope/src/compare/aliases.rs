//! Texts of two runs, compared without what differs from run to run.

use std::collections::HashMap;
use std::fmt;

/// What the numbers of one run stand for: a pid for its process, a port for its connection.
pub type Aliases = HashMap<String, String>;

/// A text in which each number may have a name.
///
/// Both forms are kept: a counter may happen to be some process's pid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasedText(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    name: Option<String>,
}

impl AliasedText {
    /// A text of a run whose numbers have these names.
    pub fn new(text: &str, names: &Aliases) -> AliasedText {
        let mut pieces: Vec<Piece> = Vec::new();
        for c in text.chars() {
            let is_number = c.is_ascii_digit();
            match pieces.last_mut() {
                Some(piece)
                    if piece.text.starts_with(|c: char| c.is_ascii_digit()) == is_number =>
                {
                    piece.text.push(c);
                }
                _ => pieces.push(Piece {
                    text: c.to_string(),
                    name: None,
                }),
            }
        }
        for piece in &mut pieces {
            piece.name = names.get(&piece.text).cloned();
        }
        AliasedText(pieces)
    }

    /// The text as the run wrote it.
    pub fn raw(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Whether both say the same: each number is the same number, or has the same name.
    pub fn alike(&self, other: &AliasedText) -> bool {
        let same = |(one, other): (&Piece, &Piece)| {
            one.text == other.text || (one.name.is_some() && one.name == other.name)
        };
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(same)
    }
}

impl AliasedText {
    /// Whether both hold the same numbers, one after the other.
    pub fn numbers_alike(&self, other: &AliasedText) -> bool {
        let is_number = |piece: &&Piece| piece.text.starts_with(|c: char| c.is_ascii_digit());
        let numbers =
            |text: &AliasedText| AliasedText(text.0.iter().filter(is_number).cloned().collect());
        numbers(self).alike(&numbers(other))
    }

    /// Its letters, in order: without numbers, blanks and signs.
    pub fn letters(&self) -> String {
        let pieces = self.0.iter().flat_map(|piece| piece.text.chars());
        let letters = pieces.filter(|c| c.is_alphabetic());
        letters.flat_map(char::to_lowercase).collect()
    }
}

impl fmt::Display for AliasedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |piece: &Piece| piece.name.clone().unwrap_or_else(|| piece.text.clone());
        f.pad(&self.0.iter().map(text).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, names: &[(&str, &str)]) -> AliasedText {
        let names = names
            .iter()
            .map(|&(number, name)| (number.to_owned(), name.to_owned()));
        AliasedText::new(text, &names.collect())
    }

    #[test]
    fn numbers_are_alike_by_value_or_by_name() {
        let one = text("P : 102, pid 300", &[("300", "<1>"), ("102", "<2>")]);
        let other = text("P : 102, pid 401", &[("401", "<1>")]);
        assert!(one.alike(&other));
        assert_eq!(other.to_string(), "P : 102, pid <1>");
        assert!(!one.alike(&text("P : 103, pid 401", &[("401", "<1>")])));
        assert!(!one.alike(&text("P : 102, pid 402", &[("401", "<1>")])));
        assert!(!one.alike(&text("P : 102, pid 300 ", &[])));
        assert!(!text("0300", &[("300", "<1>")]).alike(&text("0401", &[("401", "<1>")])));
    }
}
