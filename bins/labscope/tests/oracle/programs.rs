//! Small C programs that use what the labs do not: threads, poll, mmap, signals, exec chains, job control.

use std::path::Path;

use labscope::{Scenario, Step};
use libtest_mimic::Trial;

use crate::folder;
use crate::runs;
use crate::same::Differs::{Altogether, InWords};
use crate::same::Known;

/// What time decides.
const KNOWN: &[Known] = &[
    Known {
        programs: &["thread_join", "thread_signal"],
        call: "futex",
        what: Altogether,
        reason: "who finds a lock free, or a thread ended, does not wait for it, and nobody has to wake it",
    },
    Known {
        programs: &["signal_file"],
        call: "read",
        what: InWords,
        reason: "what it reads holds the number of a process in binary",
    },
];

/// One test a program: `tests/oracle/*.c`.
pub fn trials() -> Vec<Trial> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let files = here.read_dir().expect("a folder");
    let files = files.map(|file| file.expect("a file").path());
    let is_program = |file: &std::path::PathBuf| file.extension().is_some_and(|it| it == "c");
    let mut sources: Vec<_> = files.filter(is_program).collect();
    sources.sort();
    let trials = sources.into_iter().map(|source| {
        let name = source.file_stem().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        Trial::test(format!("program::{name}"), move || {
            let program = folder::own("programs").join(&name);
            folder::compile(&source, &program);
            let folder = folder::own(&name);
            folder::add(&folder, &program, &name);
            let known = KNOWN
                .iter()
                .filter(|known| known.programs.contains(&name.as_str()));
            runs::compare(&folder, &name, &alone(), &known.collect::<Vec<_>>(), false)
        })
    });
    trials.collect()
}

/// A program and a line for it on the terminal.
fn alone() -> Scenario {
    let line = Step::Type {
        bytes: b"line\n".to_vec(),
        to: None,
    };
    Scenario {
        steps: vec![line],
        ..Scenario::named("alone")
    }
}
