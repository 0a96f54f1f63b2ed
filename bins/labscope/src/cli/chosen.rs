//! The scenario that a command names.

use anyhow::{Result, bail};

use crate::scenario::{Scenario, Scenarios};

/// The scenario of that name, or the first one.
pub fn chosen<'a>(file: &'a Scenarios, lab: &str, name: Option<&str>) -> Result<&'a Scenario> {
    let found = match name {
        Some(name) => file.get(name),
        None => file.scenarios.first(),
    };
    let Some(found) = found else {
        let names: Vec<&str> = file.scenarios.iter().map(|one| one.name.as_str()).collect();
        let names = names.join(", ");
        bail!("{lab} has no such scenario; there are: {names}");
    };
    Ok(found)
}
