//! What a behaviour is worth: the points of a class.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use toml_span::de_helpers::TableHelper;
use toml_span::{DeserError, Deserialize, Value};

use crate::i18n::{Text, failure, scenario_file};
use crate::scenario::toml::keys;
use crate::text::file;

/// A behaviour with its points. It is shown where a program parts from the lab in none of these calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criterion {
    /// What the student has to do.
    pub what: Text,
    pub points: u32,
    /// The calls that it is about; all if there are none.
    pub calls: Vec<String>,
    /// The scenarios that show it; all if there are none.
    pub scenarios: Vec<String>,
    /// It is about the words that are printed, and not about calls.
    pub wording: bool,
}

keys!(Criterion: what! points! calls* scenarios* wording*);

/// A file of its own: `rubric = [ … ]`.
struct Rubric(Vec<Criterion>);

impl<'de> Deserialize<'de> for Rubric {
    fn deserialize(value: &mut Value<'de>) -> Result<Rubric, DeserError> {
        let mut table = TableHelper::new(value)?;
        let rubric = Rubric(table.required("rubric").unwrap_or_default());
        table.finalize(None).map(|()| rubric)
    }
}

/// Reads the criteria that a file holds.
pub fn read(path: &Path) -> Result<Vec<Criterion>> {
    let shown = path.display();
    let text = file::read(path)?;
    let read = toml_span::parse(&text).map_err(|error| anyhow!("{error}"));
    let read = read
        .and_then(|mut value| Rubric::deserialize(&mut value).map_err(|error| anyhow!("{error}")));
    let Rubric(criteria) = read.with_context(|| failure::cannot_understand(&shown))?;
    match criteria.is_empty() {
        true => bail!(scenario_file::empty_rubric(&shown)),
        false => Ok(criteria),
    }
}

/// One point for each scenario: what is taken where nobody has said more.
pub fn usual(scenarios: impl Iterator<Item = (String, Text)>) -> Vec<Criterion> {
    let one = |(name, title)| Criterion {
        what: title,
        points: 1,
        scenarios: vec![name],
        ..Criterion::default()
    };
    scenarios.map(one).collect()
}
