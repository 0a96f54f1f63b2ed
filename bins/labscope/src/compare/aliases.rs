//! Texts of two runs, compared without what differs from run to run.

use std::collections::HashMap;
use std::fmt;

use crate::i18n::{Language, Text};
use crate::trace::Args;

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
    descriptor: Option<Descriptor>,
}

/// What a number stands for that is a descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    what: Text,
    pub origin: Origin,
    /// Whether several threads or processes do more with it than to close it.
    pub is_shared: bool,
    /// Since which line of the trace it is there, and in which line it stands.
    lines: [usize; 2],
    /// So much above it the number is, where that may be any: what it says may be the number itself.
    loose: Option<i64>,
    /// As declared differences write it.
    declared: Option<String>,
}

/// How a descriptor has come to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Accepted,
    Opened,
    Other,
}

impl Descriptor {
    pub fn new(what: Text, origin: Origin, is_shared: bool, lines: [usize; 2]) -> Descriptor {
        Descriptor {
            what,
            origin,
            is_shared,
            lines,
            loose: None,
            declared: None,
        }
    }

    /// Where it only may be meant, by a number so much above it.
    pub fn loosely(&self, above: i64) -> Descriptor {
        Descriptor {
            loose: Some(above),
            ..self.clone()
        }
    }

    /// What it is, as declared differences say it.
    pub fn what(&self) -> &str {
        &self.what.en
    }

    pub fn since(&self) -> usize {
        self.lines[0]
    }

    pub fn at(&self) -> usize {
        self.lines[1]
    }
}

impl AliasedText {
    /// A text of a run whose numbers have these names.
    pub fn new(text: &str, names: &Aliases) -> AliasedText {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.bytes().next() {
            let ends = |byte: u8| byte.is_ascii_digit() != first.is_ascii_digit();
            let (text, behind) = rest.split_at(rest.bytes().position(ends).unwrap_or(rest.len()));
            let name = first.is_ascii_digit().then(|| names.get(text).cloned());
            pieces.push(Piece {
                text: text.to_owned(),
                name: name.flatten(),
                descriptor: None,
            });
            rest = behind;
        }
        AliasedText(pieces)
    }

    /// What stands between its first and its last character: the quotes of a string.
    pub fn inside(&self) -> AliasedText {
        let mut pieces = self.0.clone();
        if let Some(first) = pieces.first_mut().filter(|first| !first.text.is_empty()) {
            first.text.remove(0);
        }
        if let Some(last) = pieces.last_mut() {
            last.text.pop();
        }
        pieces.retain(|piece| !piece.text.is_empty());
        AliasedText(pieces)
    }

    /// As an argument, or arguments, of a call.
    pub fn typed(&self) -> Args {
        let pieces = self.0.iter().map(|piece| piece.text.as_str());
        Args::from(pieces.collect::<String>())
    }

    /// Texts one after the other.
    pub fn join<'a>(texts: impl IntoIterator<Item = &'a AliasedText>) -> AliasedText {
        let mut pieces: Vec<Piece> = Vec::new();
        for piece in texts.into_iter().flat_map(|text| &text.0) {
            match pieces.last_mut() {
                Some(last) if !last.is_number() && !piece.is_number() => {
                    last.text.push_str(&piece.text);
                }
                _ => pieces.push(piece.clone()),
            }
        }
        AliasedText(pieces)
    }

    /// With the descriptors among its numbers, of which each is told with the text before it.
    pub fn with_descriptors(
        mut self,
        held: impl Fn(i64, &str) -> Option<Descriptor>,
    ) -> AliasedText {
        let mut before = String::new();
        for piece in &mut self.0 {
            if let (true, Ok(number)) = (piece.is_number(), piece.text.parse()) {
                piece.descriptor = held(number, &before);
            }
            before.push_str(&piece.text);
        }
        self
    }

    /// A number in it, as a text of its own.
    pub fn number(&self, number: &str) -> Option<AliasedText> {
        let piece = self.0.iter().find(|piece| piece.text == number)?;
        Some(AliasedText(vec![piece.clone()]))
    }

    /// Where its descriptors only may be meant, by their numbers.
    pub fn loosely(&self) -> AliasedText {
        let mut text = self.clone();
        let descriptors = text.0.iter_mut().map(|piece| &mut piece.descriptor);
        for descriptor in descriptors {
            *descriptor = descriptor.as_ref().map(|it| it.loosely(0));
        }
        text
    }

    /// The descriptors in it, with their numbers.
    pub fn descriptors(&self) -> impl Iterator<Item = (&str, &Descriptor)> {
        let surely = |piece: &&Piece| {
            piece
                .descriptor
                .as_ref()
                .is_some_and(|it| it.loose.is_none())
        };
        let pieces = self.0.iter().filter(surely);
        pieces.filter_map(|piece| Some((piece.text.as_str(), piece.descriptor.as_ref()?)))
    }

    /// Gives each descriptor the number that declared differences know it by.
    pub fn number_descriptors(&mut self, number: impl Fn(&Descriptor, &str) -> String) {
        for piece in &mut self.0 {
            if let Some(descriptor) = &mut piece.descriptor {
                let own = descriptor.loose.map_or(piece.text.clone(), |above| {
                    let number = piece.text.parse::<i64>().unwrap_or_default();
                    (number - above).to_string()
                });
                let known = number(descriptor, &own);
                let above = descriptor.loose.unwrap_or_default();
                let known = match known.parse::<i64>() {
                    Ok(number) => (number + above).to_string(),
                    Err(_) => known,
                };
                descriptor.declared = Some(known);
            }
        }
    }

    /// How many bytes both begin with that say the same: a number may have the same name, and as many digits.
    pub fn common(&self, other: &AliasedText) -> usize {
        let mut length = 0;
        for (one, other) in self.0.iter().zip(&other.0) {
            let is_named = one.name.is_some() && one.name == other.name;
            if one.text == other.text || (is_named && one.text.len() == other.text.len()) {
                length += one.text.len();
                continue;
            }
            let bytes = one.text.bytes().zip(other.text.bytes());
            length += bytes.take_while(|(one, other)| one == other).count();
            break;
        }
        length
    }

    /// Whether both say the same: each number is the same number, or has the same name; a descriptor is the same one.
    pub fn alike(&self, other: &AliasedText) -> bool {
        let same = |(place, (one, of_other)): (usize, (&Piece, &Piece))| {
            let by_text = one.text == of_other.text
                || (one.name.is_some() && one.name == of_other.name)
                || self.is_as_wide(other, place);
            match (&one.descriptor, &of_other.descriptor) {
                (None, None) => by_text,
                (Some(one), Some(other)) if one.what == other.what => true,
                (one, other) => {
                    let is_loose =
                        |it: &Option<Descriptor>| it.as_ref().is_none_or(|it| it.loose.is_some());
                    by_text && is_loose(one) && is_loose(other)
                }
            }
        };
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).enumerate().all(same)
    }

    /// Whether a text fills a column together with the named number beside it, of one width in both: the more digits the
    /// number has, the fewer the blanks.
    fn is_as_wide(&self, other: &AliasedText, place: usize) -> bool {
        let [one, of_other] = [self, other].map(|it| it.0[place].text.as_str());
        let digits = |at: Option<usize>| {
            let (one, other) = (self.0.get(at?)?, other.0.get(at?)?);
            let is_one = one.name.is_some() && one.name == other.name;
            is_one.then_some([one.text.len(), other.text.len()])
        };
        let is_column = |trim: fn(&str) -> &str, digits: Option<[usize; 2]>| {
            let blanks = [one, of_other].map(|text| text.len() - trim(text).len());
            let is_there = blanks.iter().all(|&blanks| blanks > 0) && trim(one) == trim(of_other);
            let width = |[digits, of_other]: [usize; 2]| blanks[0] + digits == blanks[1] + of_other;
            is_there && digits.is_some_and(width)
        };
        is_column(|text| text.trim_end_matches(' '), digits(Some(place + 1)))
            || is_column(
                |text| text.trim_start_matches(' '),
                digits(place.checked_sub(1)),
            )
    }

    /// As declared differences write it: with the names of its numbers, and with the numbers.
    pub fn as_declared(&self) -> [String; 2] {
        let mut texts = [String::new(), String::new()];
        self.write_declared(&mut texts);
        texts
    }

    /// The same, behind what stands there.
    pub fn write_declared(&self, [named, raw]: &mut [String; 2]) {
        for piece in &self.0 {
            let descriptor = piece.descriptor.as_ref();
            let declared = descriptor.and_then(|it| it.declared.as_deref());
            *named += declared.unwrap_or(piece.told());
            *raw += declared.unwrap_or(&piece.text);
        }
    }

    /// Where in it the numbers are that have names.
    pub fn named(&self) -> impl Iterator<Item = usize> {
        let pieces = self.0.iter().enumerate();
        pieces.filter_map(|(place, piece)| piece.name.as_ref().map(|_| place))
    }

    /// Takes the number there for nothing but a number.
    pub fn forget_name(&mut self, place: usize) {
        self.0[place].name = None;
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With what each descriptor is behind it.
    pub fn explained(&self, language: Language) -> String {
        let text = |piece: &Piece| match &piece.descriptor {
            Some(it) if it.loose.is_none() => {
                format!("{}<{}>", piece.text, it.what.get(language))
            }
            _ => piece.told().to_owned(),
        };
        self.0.iter().map(text).collect()
    }
}

impl Piece {
    fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    fn told(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.text)
    }
}

impl AliasedText {
    /// Whether both hold the same numbers, one after the other.
    pub fn numbers_alike(&self, other: &AliasedText) -> bool {
        self.numbers().alike(&other.numbers())
    }

    /// Whether they do as far as both go: the last number of a part of a text may be cut off, and `inside` a text the first
    /// one, too, or stand in the part before.
    pub fn numbers_of_a_part_alike(&self, other: &AliasedText, inside: bool) -> bool {
        let (one, other) = (self.numbers().0, other.numbers().0);
        let most = usize::from(inside);
        let cuts = (0..=most).flat_map(|cut| (0..=most).map(move |of_other| (cut, of_other)));
        cuts.into_iter().any(|(cut, of_other)| {
            let one = one.get(cut..).unwrap_or_default();
            let other = other.get(of_other..).unwrap_or_default();
            let whole = one.len().min(other.len()).saturating_sub(1);
            let part = |numbers: &[Piece]| AliasedText(numbers[..whole].to_vec());
            part(one).alike(&part(other))
        })
    }

    /// Whether it holds the other one's numbers in their order, perhaps with others between them.
    pub fn has_numbers_of(&self, other: &AliasedText) -> bool {
        let mut own = self.numbers().0.into_iter();
        let mut others = other.numbers().0.into_iter();
        let is_it = |one: Piece, other: &Piece| {
            AliasedText(vec![one]).alike(&AliasedText(vec![other.clone()]))
        };
        others.all(|other| own.any(|one| is_it(one, &other)))
    }

    pub fn has_numbers(&self) -> bool {
        self.0.iter().any(Piece::is_number)
    }

    fn numbers(&self) -> AliasedText {
        let numbers = self.0.iter().filter(|piece| piece.is_number());
        AliasedText(numbers.cloned().collect())
    }

    /// Its numbers that have a name, with that.
    pub fn names(&self) -> impl Iterator<Item = (String, String)> {
        let named = self
            .0
            .iter()
            .filter_map(|piece| Some((piece, piece.name.clone()?)));
        named.map(|(piece, name)| (piece.text.clone(), name))
    }

    /// Its lines, as a quoted text writes their ends.
    pub fn lines(&self) -> Vec<AliasedText> {
        let (mut lines, mut line) = (Vec::new(), Vec::new());
        for piece in &self.0 {
            let mut parts = piece.text.split("\\n").peekable();
            while let Some(text) = parts.next() {
                let text = text.to_owned();
                line.extend((!text.is_empty()).then(|| Piece {
                    text,
                    ..piece.clone()
                }));
                if parts.peek().is_some() {
                    lines.push(AliasedText(std::mem::take(&mut line)));
                }
            }
        }
        lines.push(AliasedText(line));
        lines
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
        f.pad(&self.0.iter().map(Piece::told).collect::<String>())
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
        // A column of seven: the longer pid has a blank less before it.
        let column =
            |blanks: &str, pid: &str| text(&format!("ps {blanks}{pid} S"), &[(pid, "<1>")]);
        assert!(column("   ", "9998").alike(&column("  ", "10002")));
        assert!(!column("    ", "9998").alike(&column("  ", "10002")));
        assert!(!column("   ", "300").alike(&column("  ", "401")));
        assert!(!text("0300", &[("300", "<1>")]).alike(&text("0401", &[("401", "<1>")])));
    }
}
