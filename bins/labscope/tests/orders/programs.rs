//! Small C programs, explored.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use labscope::control::Settings;
use labscope::orders::{Bounds, Exploration, Followed, Outcome, Status, explore, follow};

const HEAD: &str = "#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>
static void say(const char *text) { if (write(1, text, strlen(text)) < 0) _exit(99); }
";

/// Bounds that do not depend on how busy the machine is.
pub fn unhurried() -> Bounds {
    Bounds {
        time: Duration::MAX,
        ..Bounds::default()
    }
}

/// A compiled program; its folder goes with it.
pub struct Program {
    pub folder: PathBuf,
    pub path: PathBuf,
    pub source: PathBuf,
}

impl Program {
    /// Of the body of main, with `say("text")` for one write.
    pub fn main(body: &str) -> Program {
        Program::with("", body)
    }

    /// With something before main.
    pub fn with(before: &str, body: &str) -> Program {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("labscope-orders-{}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        let (source, path) = (folder.join("program.c"), folder.join("program"));
        let text = format!("{HEAD}{before}\nint main(void) {{ {body} }}\n");
        std::fs::write(&source, text).expect("a source file");
        let mut compiler = Command::new("cc");
        compiler
            .args(["-O0", "-w", "-pthread"])
            .arg(&source)
            .arg("-o")
            .arg(&path);
        assert!(compiler.status().expect("cc").success());
        Program {
            folder,
            path,
            source,
        }
    }

    pub fn settings(&self) -> Settings {
        Settings::new(&self.path)
    }

    /// All outcomes.
    pub fn explore(&self) -> Exploration {
        self.explore_as(|_| {})
    }

    /// All outcomes, with other settings.
    pub fn explore_as(&self, change: impl FnOnce(&mut Settings)) -> Exploration {
        let mut settings = self.settings();
        change(&mut settings);
        explore(settings, unhurried(), |_| false).expect("an exploration")
    }

    /// What comes of an order.
    pub fn follow(&self, steps: &[usize]) -> Outcome {
        match follow(self.settings(), steps, 300).expect("a run") {
            Followed::To(outcome) => outcome,
            Followed::Impossible { step, number } => {
                panic!("process {number} cannot go on at step {step} of {steps:?}")
            }
        }
    }

    /// Nobody runs it any more.
    pub fn is_gone(&self) {
        let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
        let runs =
            |path: &PathBuf| std::fs::read_link(path.join("exe")).is_ok_and(|exe| exe == self.path);
        let left: Vec<_> = processes.map(|it| it.path()).filter(runs).collect();
        assert!(left.is_empty(), "{left:?} are left behind");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The different outputs.
pub fn outputs(found: &Exploration) -> BTreeSet<&str> {
    found
        .outcomes
        .iter()
        .map(|outcome| outcome.output.as_str())
        .collect()
}

/// Those and no others, and that they are all.
#[track_caller]
pub fn expect(found: &Exploration, wanted: &[&str]) {
    let wanted: BTreeSet<&str> = wanted.iter().copied().collect();
    assert_eq!(outputs(found), wanted, "{found:#?}");
    assert!(found.is_complete(), "{:?}", found.bound);
}

/// The status of the only outcome with that output.
#[track_caller]
pub fn status_of(found: &Exploration, output: &str) -> Status {
    let mut with = found
        .outcomes
        .iter()
        .filter(|outcome| outcome.output == output);
    let status = with.next().expect("that output").status;
    assert!(with.next().is_none(), "{found:#?}");
    status
}
