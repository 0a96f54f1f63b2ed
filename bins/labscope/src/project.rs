//! Where things are: the project's root, its labs, and labscope itself.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    bin: Vec<Bin>,
}

#[derive(Deserialize)]
struct Bin {
    name: String,
}

/// The labs in the order of the deck: the `[[bin]]` list of the root's Cargo.toml.
pub fn labs(root: &Path) -> Result<Vec<String>> {
    let path = root.join("Cargo.toml");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: Manifest =
        toml::from_str(&text).with_context(|| format!("cannot understand {}", path.display()))?;
    Ok(manifest.bin.into_iter().map(|bin| bin.name).collect())
}

/// The root of the project: the nearest folder from `start` upwards with a Cargo.toml and a folder `bins`.
pub fn root_above(start: &Path) -> Result<PathBuf> {
    let is_root =
        |folder: &&Path| folder.join("Cargo.toml").is_file() && folder.join("bins").is_dir();
    match start.ancestors().find(is_root) {
        Some(root) => Ok(root.to_owned()),
        None => bail!(
            "no project at or above {}: name its folder with --root",
            start.display()
        ),
    }
}

/// The labscope binary, which plays the shell: `$LABSCOPE`, or this program, or one beside or above it.
pub fn program_of_labscope() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("LABSCOPE") {
        let path = PathBuf::from(path);
        if path.is_file() {
            return Ok(path);
        }
        bail!(
            "LABSCOPE names {}, where there is no program: build it or unset LABSCOPE",
            path.display()
        );
    }
    let myself = std::env::current_exe().context("cannot tell which program this is")?;
    if myself.file_name().is_some_and(|name| name == "labscope") {
        return Ok(myself);
    }
    let folders = myself.ancestors().skip(1).take(2);
    match folders
        .map(|folder| folder.join("labscope"))
        .find(|path| path.is_file())
    {
        Some(path) => Ok(path),
        None => bail!(
            "the labscope program is neither beside nor above {}: \
             build it with `cargo build -p labscope`, or name it in LABSCOPE",
            myself.display()
        ),
    }
}
