//! `beside.toml` in a lab's room: programs that people use, at the point that the lab is about.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use toml_span::{DeserError, Deserialize, Value};

use crate::i18n::{Text, scenario_file};
use crate::project::Room;
use crate::scenario::toml::{keys, one_of, told};
use crate::text::file;

/// What the programs are looked at for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Point {
    /// How a shell makes a program's process.
    #[default]
    Shell,
    /// What becomes of a program that is started as a daemon.
    Daemon,
    /// What stdio of a C library does across fork and exec.
    Library,
    /// What a server does with a connection.
    Server,
    /// What an init does for its child and for orphans.
    Init,
}

/// Every point, by its name: in a `beside.toml`, and in the marks round its table in a guide.
const POINTS: &[(&str, Point)] = &[
    ("shell", Point::Shell),
    ("daemon", Point::Daemon),
    ("library", Point::Library),
    ("server", Point::Server),
    ("init", Point::Init),
];

impl Point {
    pub fn name(self) -> &'static str {
        let named = POINTS.iter().find(|(_, point)| *point == self);
        named.map_or("", |(name, _)| name)
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize(value: &mut Value<'de>) -> Result<Point, DeserError> {
        one_of(value, POINTS)
    }
}

/// The programs beside a lab at one point: what a table is of.
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
    /// Debian does not install it beside another one of the table: whoever wants both only unpacks it.
    pub unpack: bool,
    /// The words that make it tell its version, which dpkg does not know then.
    pub version: Vec<String>,
    /// What stands in the file that it is told by: `{file}` among its words, `{user}` in the text for whoever runs it.
    pub configuration: Option<String>,
}

/// A whole file.
struct File {
    table: Vec<Entry>,
}

/// A table, or the name of another lab whose table it is.
struct Entry {
    point: Point,
    like: Option<String>,
    follows: Text,
    programs: Vec<RealProgram>,
}

keys!(File: table!);
keys!(Entry: point! like? follows* programs*);
keys!(RealProgram: name! package! run! file* unpack* version* configuration?);

/// Reads the file in the room of a lab, a table each; none if it has no such file.
pub fn beside(root: &Path, lab: &str) -> Result<Vec<Beside>> {
    let entries = entries(root, lab)?.into_iter();
    entries.map(|entry| table(root, lab, entry)).collect()
}

fn entries(root: &Path, lab: &str) -> Result<Vec<Entry>> {
    let path = path(root, lab);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = file::read(&path)?;
    let read = toml_span::parse(&text).map_err(|error| anyhow!("{error}"));
    let read = read
        .and_then(|mut value| File::deserialize(&mut value).map_err(|error| told(&text, &error)));
    Ok(read.with_context(|| path.display().to_string())?.table)
}

fn path(root: &Path, lab: &str) -> PathBuf {
    Room::of(root, lab).folder.join("beside.toml")
}

fn table(root: &Path, lab: &str, entry: Entry) -> Result<Beside> {
    let Some(like) = &entry.like else {
        return own(entry).with_context(|| path(root, lab).display().to_string());
    };
    // The one with the programs: tables that are like each other have none.
    let mut entries = entries(root, like)?.into_iter();
    let found = entries.find(|other| other.point == entry.point && other.like.is_none());
    let found = found.with_context(|| scenario_file::has_no_table(like, entry.point.name()))?;
    own(found).with_context(|| path(root, like).display().to_string())
}

/// A table with programs of its own.
fn own(entry: Entry) -> Result<Beside> {
    let Entry {
        point,
        follows,
        programs,
        ..
    } = entry;
    let lacks = |key| scenario_file::lacks(point.name(), key);
    ensure!(!programs.is_empty(), lacks("programs"));
    ensure!(!follows.en.is_empty(), lacks("follows"));
    for program in &programs {
        let lacks = |key| scenario_file::lacks(&program.name, key);
        ensure!(!program.run.is_empty(), lacks("run"));
        ensure!(
            point != Point::Shell || !program.file.is_empty(),
            lacks("file")
        );
    }
    Ok(Beside {
        point,
        follows,
        programs,
    })
}
