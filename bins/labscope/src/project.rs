//! Where things are: the project's root, its labs, and labscope itself.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use toml_span::Value;

use crate::i18n::{Language, failure};
use crate::text::file;

struct Bin {
    name: String,
    /// Its source, from the root.
    path: Option<PathBuf>,
}

impl Bin {
    /// The folder that its source lies in, from the root.
    fn folder(&self) -> PathBuf {
        let folder = self.path.as_deref().and_then(Path::parent);
        folder.map_or_else(|| Path::new("bins").join(&self.name), Path::to_owned)
    }
}

fn bins(root: &Path) -> Result<Vec<Bin>> {
    let path = root.join("Cargo.toml");
    let text = file::read(&path)?;
    let manifest =
        toml_span::parse(&text).with_context(|| failure::cannot_understand(path.display()))?;
    let bins = manifest.pointer("/bin").and_then(Value::as_array);
    let bin = |table: &Value| {
        let text = |key| table.pointer(key).and_then(Value::as_str);
        let name = text("/name")
            .with_context(failure::bin_has_no_name)?
            .to_owned();
        let path = text("/path").map(PathBuf::from);
        Ok(Bin { name, path })
    };
    bins.into_iter().flatten().map(bin).collect()
}

/// The labs in the order of the deck: the `[[bin]]` list of the root's Cargo.toml.
pub fn labs(root: &Path) -> Result<Vec<String>> {
    Ok(bins(root)?.into_iter().map(|bin| bin.name).collect())
}

/// A lab's room: the folder with its sources, its guide and its scenarios, which several programs may share.
pub struct Room {
    pub folder: PathBuf,
    /// In the order of the deck.
    pub programs: Vec<String>,
}

impl Room {
    /// The room of a lab: where the path of its `[[bin]]` leads, `bins/<lab>/` for a program that has none.
    pub fn of(root: &Path, lab: &str) -> Room {
        let bins = bins(root).unwrap_or_default();
        let Some(own) = bins.iter().find(|bin| bin.name == lab).map(Bin::folder) else {
            return Room {
                folder: root.join("bins").join(lab),
                programs: vec![lab.to_owned()],
            };
        };
        let here = bins.iter().filter(|bin| bin.folder() == own);
        Room {
            folder: root.join(&own),
            programs: here.map(|bin| bin.name.clone()).collect(),
        }
    }

    /// The source of one of its programs: `rs` or `c`.
    pub fn source(&self, lab: &str, extension: &str) -> PathBuf {
        self.folder.join(format!("{lab}.{extension}"))
    }

    /// The guide in that language.
    pub fn guide(&self, language: Language) -> PathBuf {
        self.folder.join(language.pick("README.md", "README.ko.md"))
    }

    /// The scenario file of one of its programs: `scenarios.toml`, or `<lab>.toml` where there are several programs.
    pub fn scenarios(&self, lab: &str) -> PathBuf {
        match self.programs.len() {
            0 | 1 => self.folder.join("scenarios.toml"),
            _ => self.folder.join(format!("{lab}.toml")),
        }
    }
}

/// The root of the project: the nearest folder from `start` upwards with a Cargo.toml and a folder `bins`.
pub fn root_above(start: &Path) -> Result<PathBuf> {
    let is_root =
        |folder: &&Path| folder.join("Cargo.toml").is_file() && folder.join("bins").is_dir();
    match start.ancestors().find(is_root) {
        Some(root) => Ok(root.to_owned()),
        None => bail!(failure::no_project(start.display())),
    }
}

/// The labscope binary, which plays the shell: `$LABSCOPE`, or this program, or one beside or above it.
pub fn program_of_labscope() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("LABSCOPE") {
        let path = PathBuf::from(path);
        if path.is_file() {
            return Ok(path);
        }
        bail!(failure::labscope_is_not_there(path.display()));
    }
    let myself = std::env::current_exe().context("/proc/self/exe")?;
    let is_it = |name: &OsStr| name == "labscope" || name == "labscope-tour";
    if myself.file_name().is_some_and(is_it) {
        return Ok(myself);
    }
    let folders = myself.ancestors().skip(1).take(2);
    match folders
        .map(|folder| folder.join("labscope"))
        .find(|path| path.is_file())
    {
        Some(path) => Ok(path),
        None => bail!(failure::no_labscope(myself.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_share_the_room_that_their_paths_lead_to() {
        let root = std::env::temp_dir().join(format!("labscope-rooms-{}", std::process::id()));
        std::fs::create_dir_all(&root).expect("a folder");
        let bin = |name: &str, folder: &str| {
            format!("[[bin]]\nname = {name:?}\npath = \"{folder}/{name}.rs\"\n")
        };
        let manifest =
            bin("ping", "bins/pair") + &bin("one", "bins/one") + &bin("pong", "bins/pair");
        std::fs::write(root.join("Cargo.toml"), manifest).expect("a manifest");
        let [one, ping, other] = ["one", "ping", "other"].map(|lab| Room::of(&root, lab));
        std::fs::remove_dir_all(&root).expect("an end");
        let pair = root.join("bins/pair");
        assert_eq!((&ping.folder, ping.programs.len()), (&pair, 2));
        assert_eq!(ping.source("ping", "c"), pair.join("ping.c"));
        assert_eq!(ping.scenarios("ping"), pair.join("ping.toml"));
        assert_eq!(one.scenarios("one"), root.join("bins/one/scenarios.toml"));
        assert_eq!(other.folder, root.join("bins/other"));
    }
}
