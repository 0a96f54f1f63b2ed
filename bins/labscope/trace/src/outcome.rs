//! What a call came back with, decoded from the text behind its `=`.

use std::fmt;

use crate::args::{number, plain};

/// The value that stands in a trace where a call has not returned.
const NO_RESULT: &str = "?";

/// What stands after `=`: `3`, `-1 ENOENT (…)`, `? ERESTARTSYS (…)`, `0 (INJECTED) <0.000012>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome(String);

impl Outcome {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the time spent.
    pub fn told(&self) -> &str {
        self.split().0
    }

    /// Without the time spent and what explains an error or a set: the name is enough.
    pub fn unexplained(&self) -> &str {
        self.told().split(" (").next().unwrap_or_default()
    }

    /// The value as it was written, an address without its digits.
    pub fn plain(&self) -> Option<String> {
        Some(plain(self.word()?))
    }

    fn word(&self) -> Option<&str> {
        self.0.split_whitespace().next()
    }

    /// The value.
    pub fn value(&self) -> Option<i64> {
        number(self.word()?)
    }

    /// The errno of a failed call, by name: `ENOENT`.
    pub fn errno(&self) -> Option<&str> {
        let mut words = self.0.split_whitespace();
        let value = words.next()?;
        let name = words.next()?;
        ((value == "-1" || value == NO_RESULT) && name.starts_with('E')).then_some(name)
    }

    /// The seconds that it took, if the tracer was asked for them.
    pub fn seconds(&self) -> Option<f64> {
        self.split().1
    }

    /// Whether it came back to the program.
    ///
    /// Read from a process that was being killed, a result may be an error that has no name.
    pub fn is_return(&self) -> bool {
        self.0.split(' ').next() != Some(NO_RESULT) && !self.0.starts_with("-1 (errno 18446744")
    }

    /// Whether the tracer put such a mark on it. Marks stand last, in parentheses.
    pub fn is_marked(&self, mark: &str) -> bool {
        let mut rest = self.told();
        while let Some((before, note)) = rest.strip_suffix(')').and_then(|it| it.rsplit_once(" ("))
        {
            if note.starts_with(mark) {
                return true;
            }
            if !note.starts_with("INJECTED") && note != "DELAYED" {
                return false;
            }
            rest = before;
        }
        false
    }

    fn split(&self) -> (&str, Option<f64>) {
        let time = self.0.strip_suffix('>');
        let split = time.and_then(|text| text.rsplit_once(" <"));
        match split.and_then(|(told, time)| Some((told, time.parse().ok()?))) {
            Some((told, seconds)) => (told, Some(seconds)),
            None => (&self.0, None),
        }
    }
}

impl From<String> for Outcome {
    fn from(text: String) -> Outcome {
        Outcome(text)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
