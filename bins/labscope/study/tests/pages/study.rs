//! The pages under test: two labs, recorded once by each run of this program.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::built;

/// One that forks on a terminal, and one that serves clients.
pub const LABS: [&str; 2] = ["fork_test", "echo_server_fork"];

/// Every page of the study.
pub fn pages() -> Vec<String> {
    let names = ["index"].into_iter().chain(LABS);
    names
        .flat_map(|name| [format!("{name}.html"), format!("{name}.ko.html")])
        .collect()
}

/// Where the pages are.
pub fn folder() -> &'static Path {
    static WRITTEN: OnceLock<(PathBuf, File)> = OnceLock::new();
    let (folder, _) = WRITTEN.get_or_init(|| {
        let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
        // Held until this program ends: another one waits before it writes the folder anew.
        let lock = File::create(temporary.join("study.lock")).expect("a file");
        lock.lock().expect("a lock");
        let folder = temporary.join("study");
        let _ = fs::remove_dir_all(&folder);
        write(&folder);
        (folder, lock)
    });
    folder
}

fn write(folder: &Path) {
    let root = built::root();
    let labs = LABS.map(String::from);
    let recorded = labscope_study::record(&root, &labs, |_| {});
    let recorded = recorded.unwrap_or_else(|error| panic!("{error:?}"));
    labscope_study::write(&root, &recorded, folder).unwrap_or_else(|error| panic!("{error:?}"));
}
