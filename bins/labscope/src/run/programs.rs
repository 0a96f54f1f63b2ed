//! The room of a run: the working directory of the lab, with links to all programs that it needs.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use crate::run::runner::Runner;
use crate::scenario::Played;

/// Puts links to the programs into the room; returns how the lab, then its companions are called there.
pub fn furnish(room: &Path, runner: &Runner<'_>) -> Result<Vec<String>> {
    let program = runner.program.path(runner.traced);
    let folder = program.parent().unwrap_or(Path::new("."));
    let labs = runner.companions.as_deref().unwrap_or(folder);
    for name in &runner.scenario.needs {
        place(&folder.join(name), room)?;
    }
    let mut names = vec![place(&program, room)?];
    for companion in &runner.scenario.companions {
        let path = match &companion.played {
            // A second one of the program itself is the same file.
            Played::Lab(name) if program.file_name().is_some_and(|own| own == name.as_str()) => {
                program.clone()
            }
            Played::Lab(name) => labs.join(name),
            Played::Program(path) => PathBuf::from(path),
        };
        names.push(place(&path, room)?);
    }
    Ok(names)
}

/// Puts a link to one program into the room; returns how it is called there.
fn place(path: &Path, room: &Path) -> Result<String> {
    let target = path.canonicalize().map_err(|error| {
        anyhow!(
            "there is no program {} ({error}): build it with `make` first",
            path.display()
        )
    })?;
    let name = path
        .file_name()
        .ok_or_else(|| anyhow!("{} is no program", path.display()))?;
    let link = room.join(name);
    match std::fs::read_link(&link) {
        Ok(there) if there == target => {}
        Ok(there) => bail!(
            "{} and {} cannot lie in one room under the same name",
            there.display(),
            target.display()
        ),
        Err(_) => symlink(&target, &link)
            .with_context(|| format!("cannot link to {}", target.display()))?,
    }
    let name = name.to_str();
    Ok(format!(
        "./{}",
        name.context("the name of the program is not UTF-8")?
    ))
}
