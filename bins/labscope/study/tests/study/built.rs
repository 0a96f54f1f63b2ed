//! The labs, their C programs, and the tool that runs them: built by the tests, so that plain `cargo test` is enough.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's folder, with everything in `build/`.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let root = root.canonicalize().expect("the project");
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // The lock of the other tests that build.
    let lock = File::create(temporary.join("lock")).expect("a file");
    lock.lock().expect("a lock");
    let made = Command::new("make")
        .args(["-s", "all", "c", "debug", "labscope"])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", temporary.parent().expect("a target"))
        .env_remove("MAKEFLAGS") // this is no part of the make that may have called us
        .env_remove("MAKELEVEL")
        .output()
        .expect("make");
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "make: {said}");
    root
}
