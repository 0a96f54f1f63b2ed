//! A lab traced in the user's own terminal: each call with its process, time, result and source line.
//!
//! The lab reads the keyboard and owns the terminal as without a tracer. What strace writes is read while it
//! is written (`reader`), and told where the user wants it (`sink`).

mod detach;
mod event_loop;
mod events;
mod json;
mod line_format;
mod order;
mod pending;
mod reader;
mod say;
mod sink;
mod source_lines;
mod spawn;
mod tell;
mod terminal;
#[cfg(test)]
mod tests;
mod together;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

pub use crate::facts::fork_order::Order;

use crate::i18n::{Language, failure};
use crate::project::labs;
use crate::scenario::check_lab;
use event_loop::Watch;
use order::Forks;
use pending::Asked;
use reader::Live;
use sink::{Manner, Outlet};
use spawn::Launch;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Annotate {
    pub lab: String,
    pub args: Vec<String>,
    /// The C twin instead of the lab.
    pub twin: bool,
    /// Who is to run first after fork.
    pub first: Option<Order>,
    /// A file or a terminal instead of standard error.
    pub to: Option<PathBuf>,
    /// A file that gets every call as well.
    pub save: Option<PathBuf>,
    /// One JSON object a call instead of text.
    pub json: bool,
    /// Also what libc does before main, and what other programs do; and the longest strings whole.
    pub all: bool,
    pub language: Language,
}

/// Runs the lab, and tells how it ended.
pub fn run(root: &Path, annotate: &Annotate) -> Result<()> {
    let launch = Launch {
        folder: folder(root, annotate)?,
        lab: annotate.lab.clone(),
        args: annotate.args.clone(),
        first: annotate.first,
    };
    spawn::check()?;
    let outlets = outlets(annotate)?;
    let live = Live::new(&launch.program(), &launch.folder)?;
    let asked = Asked::listen()?;
    let watch = Watch {
        lab: annotate.lab.clone(),
        running: launch.start()?,
        live,
        outlets,
        forks: annotate.first.map(Forks::new),
        asked,
        language: annotate.language,
        ended: None,
        is_told: false,
        waiting: None,
    };
    watch.run()
}

/// The folder with the program.
fn folder(root: &Path, annotate: &Annotate) -> Result<PathBuf> {
    let lab = &annotate.lab;
    let labs = labs(root)?;
    check_lab(lab, &labs)?;
    let (folder, target) = match annotate.twin {
        true => (root.join("build/c"), "c"),
        false => (root.join("build/traced"), lab.as_str()),
    };
    if !folder.join(lab).is_file() {
        let path = folder.join(lab);
        bail!(failure::is_built_by(path.display(), target));
    }
    Ok(folder)
}

/// All are opened before the lab runs.
fn outlets(annotate: &Annotate) -> Result<Vec<Outlet>> {
    let manner = Manner {
        json: annotate.json,
        all: annotate.all,
        language: annotate.language,
        lab: annotate.lab.clone(),
    };
    let kept = Manner {
        all: true,
        ..manner.clone()
    };
    let first = match &annotate.to {
        Some(path) => Outlet::open(path, manner)?,
        None => Outlet::shared(manner)?,
    };
    let save = annotate.save.as_deref();
    let save = save.map(|path| Outlet::open(path, kept)).transpose()?;
    Ok([Some(first), save].into_iter().flatten().collect())
}
