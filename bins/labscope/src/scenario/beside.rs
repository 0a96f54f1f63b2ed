//! `beside.toml` in a lab's room: programs that people use, at the point that the lab is about.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use toml_span::{DeserError, Deserialize, Value};

use crate::i18n::Text;
use crate::project::Room;
use crate::scenario::toml::{keys, one_of, told};

/// What the programs are looked at for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Point {
    /// How a shell makes a program's process.
    #[default]
    Shell,
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize(value: &mut Value<'de>) -> Result<Point, DeserError> {
        one_of(value, &[("shell", Point::Shell)])
    }
}

/// The programs beside a lab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    pub point: Point,
    /// What follows for the reader.
    pub follows: Text,
    pub programs: Vec<RealProgram>,
}

/// A program that people use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RealProgram {
    pub name: String,
    /// Debian's package of it.
    pub package: String,
    /// The words before what it is given to do: `["bash", "-c"]`.
    pub run: Vec<String>,
    /// The words before a file with that, where it takes one.
    pub file: Vec<String>,
}

keys!(Beside: point! follows! programs!);
keys!(RealProgram: name! package! run! file*);

/// Reads the file in the room of a lab, or of the lab that it is `like`; none if it has none.
pub fn beside(root: &Path, lab: &str) -> Result<Option<Beside>> {
    let path = Room::of(root, lab).folder.join("beside.toml");
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path);
    let text = text.with_context(|| format!("cannot read {}", path.display()))?;
    let read = toml_span::parse(&text).map_err(|error| anyhow!("{error}"));
    if let Ok(value) = &read
        && let Some(like) = value.pointer("/like").and_then(Value::as_str)
    {
        return beside(root, like);
    }
    let read = read
        .and_then(|mut value| Beside::deserialize(&mut value).map_err(|error| told(&text, &error)));
    read.map(Some).with_context(|| path.display().to_string())
}
