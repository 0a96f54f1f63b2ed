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
    let target = temporary.parent().expect("a target");
    let run = |program: &str, args: &[&str]| {
        let made = Command::new(program)
            .args(args)
            .current_dir(&root)
            .env("CARGO_TARGET_DIR", target)
            .env_remove("MAKEFLAGS") // this is no part of the make that may have called us
            .env_remove("MAKELEVEL")
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "{program}: {said}");
    };
    run("make", &["-s", "all", "c", "debug", "labscope"]);
    // The shell of a run, beside this program: alone, a test of this package does not build it.
    run(
        env!("CARGO"),
        &["build", "--quiet", "--package", "labscope"],
    );
    root
}
