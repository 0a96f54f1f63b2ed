//! `labscope gdb`: becomes gdb on the unoptimised copy of a lab, on its C twin, or on a C file in its place.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cli::examine::compile;
use crate::confinement::{self, Confinement, Means};
use crate::i18n::{Language, failure, run};
use crate::scenario;
use crate::submission::Submission;
use crate::text::file;

/// What is asked for.
pub struct GdbOptions {
    pub lab: String,
    /// A C file in the place of the lab.
    pub c: Option<PathBuf>,
    /// The C twin instead of the lab.
    pub twin: bool,
    /// That file may do what the caller may.
    pub trust: bool,
    pub args: Vec<String>,
    pub language: Language,
}

/// A stack is told down to `_start`; what a library brings later can be named before; nothing is fetched from a network; `kill` and
/// `quit` ask nothing.
const SETTINGS: [&str; 4] = [
    "set backtrace past-main on",
    "set breakpoint pending on",
    "set debuginfod enabled off",
    "set confirm off",
];

/// Becomes gdb: its keys, its signals and its end are the terminal's own.
pub fn run(root: &Path, options: &GdbOptions) -> Result<()> {
    let build = root.join("build");
    let mut gdb = match &options.c {
        Some(source) => with_file(root, options, source)?,
        None => {
            let folder = build.join(if options.twin { "c" } else { "debug" });
            let mut gdb = Command::new("gdb");
            gdb.current_dir(&folder).args(arguments(options, &folder));
            gdb
        }
    };
    Err(gdb.exec()).with_context(run::no_gdb)
}

fn arguments(options: &GdbOptions, folder: &Path) -> Vec<OsString> {
    let settings = SETTINGS.iter().flat_map(|setting| ["-iex", setting]);
    let before = std::iter::once("-q").chain(settings).chain(["--args"]);
    let mut words: Vec<OsString> = before.map(OsString::from).collect();
    words.push(folder.join(&options.lab).into());
    words.extend(options.args.iter().map(OsString::from));
    words
}

/// gdb on the program of a file that is handed in, confined with it: gdb has commands that run programs, and reads
/// what the file brings.
fn with_file(root: &Path, options: &GdbOptions, source: &PathBuf) -> Result<Command> {
    let (lab, language) = (options.lab.as_str(), options.language);
    let confined = (!options.trust)
        .then(|| Means::found(language))
        .transpose()?;
    let folder = root.join("build/gdb").join(lab);
    let file = scenario::load(root, lab)?;
    let head = file.lab.clone().unwrap_or_default();
    let given = Submission {
        sources: std::slice::from_ref(source),
        lab,
        flags: &head.c_flags,
        confined,
        language,
    };
    match compile(root, &file, &given, &folder)? {
        Ok(compiled) => eprint!("{}", compiled.messages),
        Err(refused) => bail!("{}\n{}", refused.say(language), refused.messages()),
    }
    let mut gdb = match confined {
        None => Command::new("gdb"),
        Some(means) => confined_gdb(root, lab, &folder, means)?,
    };
    gdb.current_dir(&folder).args(arguments(options, &folder));
    Ok(gdb)
}

fn confined_gdb(root: &Path, lab: &str, folder: &Path, means: Means) -> Result<Command> {
    let beside = |kind: &str| root.join("build/gdb").join(format!("{lab}.{kind}"));
    let base = beside("root");
    file::make_folder(&base)?;
    let terminal = nix::unistd::ttyname(std::io::stdin()).ok();
    let confinement = Confinement {
        means,
        base,
        readable: Vec::new(),
        writable: std::iter::once(folder.to_owned()).chain(terminal).collect(),
        tmp: None,
        renews_ipc: false,
    };
    let term = std::env::var("TERM").unwrap_or_else(|_| "dumb".into());
    let home = folder
        .to_str()
        .with_context(|| failure::is_not_utf8(folder.display()))?;
    let environment = [
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("LC_ALL", "C.UTF-8"),
        ("SHELL", "/bin/sh"),
        ("HOME", home),
        ("TERM", &term),
    ];
    let program = Path::new("/usr/bin/gdb");
    confinement::command(&confinement, &beside("confinement"), program, &environment)
}
