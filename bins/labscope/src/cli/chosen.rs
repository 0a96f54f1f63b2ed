//! The scenario that a command names.

use anyhow::{Result, bail};

use crate::scenario::{Scenario, Scenarios};
use crate::text::nearest::nearest;

/// The scenario of that name, or the first one.
pub fn chosen<'a>(file: &'a Scenarios, lab: &str, name: Option<&str>) -> Result<&'a Scenario> {
    let found = match name {
        Some(name) => file.get(name),
        None => file.scenarios.first(),
    };
    let Some(found) = found else {
        let names: Vec<&str> = file.scenarios.iter().map(|one| one.name.as_str()).collect();
        let name = name.unwrap_or_default();
        let near = nearest(name, names.iter().copied()).unwrap_or_default();
        let names = names.join(", ");
        bail!("{lab} has no scenario {name}: is it {near}? There are: {names}");
    };
    Ok(found)
}
