//! The pages under test: two labs, recorded once.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use labscope_study::{Recorded, record, write};

use crate::built;

/// One that forks on a terminal, and one that serves clients.
pub const LABS: [&str; 2] = ["fork_test", "echo_server_fork"];

/// The project's folder.
pub fn root() -> &'static PathBuf {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(built::root)
}

/// What was recorded of both labs.
pub fn recorded() -> MutexGuard<'static, Vec<Recorded>> {
    static RECORDED: OnceLock<Mutex<Vec<Recorded>>> = OnceLock::new();
    let recorded = RECORDED.get_or_init(|| {
        let labs = LABS.map(String::from);
        let recorded = record(root(), &labs, |_| {});
        Mutex::new(recorded.unwrap_or_else(|error| panic!("{error:?}")))
    });
    // A test that fails with it in its hands changes nothing.
    recorded.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The files that are written for a recording, by their names.
pub fn written(recorded: &[Recorded]) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    write(root(), recorded, folder.path()).unwrap_or_else(|error| panic!("{error:?}"));
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder.path()).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let text = fs::read_to_string(&path).expect("text");
        files.insert(name.into_owned(), text);
    }
    files
}

/// The files of both labs.
pub fn files() -> &'static BTreeMap<String, String> {
    static FILES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    FILES.get_or_init(|| written(&recorded()))
}

/// Those that are pages.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let pages = files().iter().filter(|(name, _)| name.ends_with(".html"));
    pages.map(|(name, text)| (name.as_str(), text.as_str()))
}

/// One page.
pub fn page(name: &str) -> &'static str {
    files()
        .get(name)
        .unwrap_or_else(|| panic!("no page {name}"))
}
