//! The pages under test: those of all labs, recorded once by each run of this program.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use labscope_study::{Recorded, record, write};

use crate::built;

/// The project's folder.
pub fn root() -> &'static PathBuf {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(built::root)
}

/// The labs of the project.
pub fn labs() -> &'static [String] {
    static LABS: OnceLock<Vec<String>> = OnceLock::new();
    LABS.get_or_init(|| labscope::labs(root()).expect("labs"))
}

/// What was recorded of them.
pub fn recorded() -> MutexGuard<'static, Vec<Recorded>> {
    static RECORDED: OnceLock<Mutex<Vec<Recorded>>> = OnceLock::new();
    let recorded = RECORDED.get_or_init(|| {
        let recorded = record(root(), labs(), |_| {});
        Mutex::new(recorded.unwrap_or_else(|error| panic!("{error:?}")))
    });
    // A test that fails with it in its hands changes nothing.
    recorded.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The files that are written for a recording, by their names.
pub fn written(recorded: &[Recorded]) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    write(root(), recorded, folder.path()).unwrap_or_else(|error| panic!("{error:?}"));
    files_in(folder.path())
}

fn files_in(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let text = fs::read_to_string(&path).expect("text");
        files.insert(name.into_owned(), text);
    }
    files
}

/// The files that belong to the study: those that a browser opens.
pub fn files() -> &'static BTreeMap<String, String> {
    static FILES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    FILES.get_or_init(|| files_in(folder()))
}

/// Those that are pages.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let pages = files().iter().filter(|(name, _)| name.ends_with(".html"));
    pages.map(|(name, text)| (name.as_str(), text.as_str()))
}

/// The pages of the labs.
pub fn pages_of_labs() -> impl Iterator<Item = (&'static str, &'static str)> {
    pages().filter(|(name, _)| !name.starts_with("index.") && !name.starts_with("glossary."))
}

/// One page.
pub fn page(name: &str) -> &'static str {
    files()
        .get(name)
        .unwrap_or_else(|| panic!("no page {name}"))
}

/// Where the pages lie for a browser.
pub fn folder() -> &'static Path {
    static WRITTEN: OnceLock<(PathBuf, File)> = OnceLock::new();
    let (folder, _) = WRITTEN.get_or_init(|| {
        let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
        // Held until this program ends: another one waits before it writes the folder anew.
        let lock = File::create(temporary.join("study.lock")).expect("a file");
        lock.lock().expect("a lock");
        let folder = temporary.join("study");
        let _ = fs::remove_dir_all(&folder);
        write(root(), &recorded(), &folder).unwrap_or_else(|error| panic!("{error:?}"));
        (folder, lock)
    });
    folder
}
