//! What the tests share: where the programs are, and how one is run.
//!
//! The programs are built by the test run itself, so that plain `cargo test` is
//! enough: the labs by `make`, hence the very files that are shipped, and the
//! probes (`tests/probes/`) by `cargo build --profile lab`, hence as the labs are.
#![allow(dead_code)] // each test program uses its part

pub mod documents;
pub mod elf;
pub mod excuses;
pub mod hand;
pub mod proc;
pub mod server;
pub mod stepper;
pub mod terminal;
pub mod tracer;
pub mod trials;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use labscope::Room;
use labscope::proc::speed::slowness;
use labscope::scenario::{self, Head, Scenarios, pid};

/// The folder of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder that cargo builds this test in: the programs are built there too.
pub fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

/// The names of the labs, in the order of the lecture.
pub fn labs() -> Vec<String> {
    labscope::labs(root()).unwrap_or_else(|error| panic!("{error:#}"))
}

/// The scenarios and the declared differences of a lab. A file is read once: thousands of tests ask.
pub fn scenarios_of(lab: &str) -> &'static Scenarios {
    static FILES: Mutex<BTreeMap<String, &'static Scenarios>> = Mutex::new(BTreeMap::new());
    let read = || scenario::load(root(), lab).unwrap_or_else(|error| panic!("{error:#}"));
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let file = files.entry(lab.to_owned());
    file.or_insert_with(|| Box::leak(Box::new(read())))
}

/// What a lab says of itself.
pub fn head(lab: &str) -> &'static Head {
    let head = scenarios_of(lab).lab.as_ref();
    head.unwrap_or_else(|| panic!("the scenario file of {lab} has no [lab]"))
}

/// What a lab is usually started with: the arguments of its scenario `tty`, the pid of a companion being one that
/// nobody has, the first above the largest.
pub fn usual_arguments(lab: &str) -> Vec<String> {
    let args = scenarios_of(lab)
        .get("tty")
        .map_or_else(Vec::new, |usual| usual.args.clone());
    let nobody = |arg: &String| pid::fill_in(arg, |_, _| Some(4_194_304)).expect("an argument");
    args.iter().map(nobody).collect()
}

/// A lab's source, in its room: `rs` or `c`.
pub fn source(lab: &str, extension: &str) -> PathBuf {
    Room::of(root(), lab).source(lab, extension)
}

/// The processor whose programs are tested, if it is another than this machine's: `make test ARCH=aarch64`.
pub fn other_processor() -> Option<String> {
    let arch = std::env::var("ARCH").ok();
    arch.filter(|arch| !arch.is_empty() && arch != std::env::consts::ARCH)
}

/// Where the labs are that are tested.
fn build() -> PathBuf {
    let build = root().join("build");
    other_processor().map_or(build.clone(), |arch| build.join(arch))
}

/// make, for the processor that is tested.
fn make(target: &str) -> Command {
    let mut make = Command::new("make");
    make.args(["-s", target]);
    make.args(other_processor().map(|arch| format!("ARCH={arch}")));
    make
}

/// A lab as it is shipped, `build/<lab>`.
pub fn lab(name: &str) -> PathBuf {
    build_labs();
    existing(build().join(name))
}

/// The same lab with all that tracing needs, `build/traced/<lab>`.
pub fn traced(name: &str) -> PathBuf {
    build_labs();
    existing(build().join("traced").join(name))
}

/// Its unoptimised copy, `build/debug/<lab>`.
pub fn unoptimised(name: &str) -> PathBuf {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    once(&BUILT, &mut make("debug"));
    existing(build().join("debug").join(name))
}

/// A lab's C program, `build/c/<lab>`.
pub fn twin(name: &str) -> PathBuf {
    build_twins();
    // A dynamic one would need the other processor's libraries.
    existing(
        build()
            .join(other_processor().map_or("c", |_| "c-static"))
            .join(name),
    )
}

/// The same, linked statically: `build/c-static/<lab>`.
pub fn static_twin(name: &str) -> PathBuf {
    build_twins();
    existing(build().join("c-static").join(name))
}

/// A program of `tests/probes/`, by the name of its `[[bin]]`: `probe_stdio`.
pub fn probe(name: &str) -> PathBuf {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    once(&BUILT, &mut make("probes"));
    let triple = match other_processor().as_deref() {
        None => String::new(),
        Some("riscv64") => "riscv64gc-unknown-linux-gnu".to_owned(),
        Some(arch) => format!("{arch}-unknown-linux-gnu"),
    };
    existing(target().join(triple).join("lab").join(name))
}

/// How rustc compiles a student's lab in Rust: the file that make writes for the tool.
pub fn rust_recipe() -> PathBuf {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    once(&BUILT, &mut make("rust-recipe"));
    existing(build().join("tools/rustc"))
}

/// A C program, `tests/probes/<name>.c`, compiled as a student would.
///
/// Linked statically: the same code of libc runs, and the calls of the dynamic
/// linker are out of the way, which would count where errors are injected.
pub fn compile_c(name: &str) -> PathBuf {
    static BUILT: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let kind = other_processor().unwrap_or("c".into());
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{kind}"));
    let source = root().join("tests/probes").join(format!("{name}.c"));
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if !is_guest() && !built.iter().any(|one| one == name) {
        let new = program.with_extension(std::process::id().to_string());
        let cc = other_processor().map_or("cc".into(), |arch| format!("{arch}-linux-gnu-gcc"));
        let mut cc = Command::new(cc);
        cc.args(["-O0", "-Wall", "-Wextra", "-Werror", "-static", "-o"]);
        build_step(cc.arg(&new).arg(source)).unwrap_or_else(|message| panic!("{message}"));
        fs::rename(&new, &program).unwrap();
        built.push(name.to_owned());
    }
    existing(program)
}

/// The program `labscope`, which the library of that name starts as its shell.
pub fn labscope() -> PathBuf {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    built_by_cargo("labscope", &BUILT)
}

/// The program `labscope-study`, which makes the pages.
pub fn study() -> PathBuf {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    built_by_cargo("labscope-study", &BUILT)
}

/// The program `labscope-bench`, which measures.
pub fn bench() -> PathBuf {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    built_by_cargo("labscope-bench", &BUILT)
}

/// The program of a package that is called like it.
fn built_by_cargo(package: &str, built: &OnceLock<Result<(), String>>) -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", package]);
    let release = !cfg!(debug_assertions);
    once(built, cargo.args(release.then_some("--release")));
    existing(
        target()
            .join(if release { "release" } else { "debug" })
            .join(package),
    )
}

/// Builds the tool that make runs, `build/tools/labscope`.
pub fn build_tool() {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    once(&BUILT, &mut make("labscope"));
}

/// Whether this is a machine that a test has booted (`boot.rs`): what is tested there was brought along, and nothing can be built.
pub fn is_guest() -> bool {
    std::env::var_os("RAWLABS_GUEST").is_some()
}

fn build_labs() {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    once(&BUILT, &mut make("all"));
}

fn build_twins() {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    once(&BUILT, &mut make("c"));
}

/// Runs a build step once in this process. Whoever needs its result fails with its output if it failed.
fn once(built: &OnceLock<Result<(), String>>, step: &mut Command) {
    if let Err(message) = built.get_or_init(|| build_step(step)) {
        panic!("{message}");
    }
}

/// Runs a build step, not at the same time as another test process.
fn build_step(step: &mut Command) -> Result<(), String> {
    if is_guest() {
        return Ok(());
    }
    let lock = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("lock")).unwrap();
    lock.lock().unwrap();
    // It is not a part of the make that may have called us.
    let step = step.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    let step = step.env("CARGO_TARGET_DIR", target()).current_dir(root());
    let output = step
        .output()
        .map_err(|error| format!("{step:?}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{step:?}: {}\n{}", output.status, text_of(&output))),
    }
}

fn existing(program: PathBuf) -> PathBuf {
    assert!(
        program.is_file(),
        "{} has not been built",
        program.display()
    );
    program
}

/// A command that runs a program with a deadline of a minute, more on a slow machine: more than any
/// program here needs on a busy one, so whoever reaches it hangs.
pub fn bounded(program: impl AsRef<Path>) -> Command {
    let mut timeout = Command::new("timeout");
    let deadline = (60 * slowness()).to_string();
    timeout.args(["-k", "1", &deadline]).arg(program.as_ref());
    timeout
}

/// Runs a command to its end. A deadline that has passed fails the test.
pub fn output(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let late = output.status.code() == Some(124);
    assert!(!late, "{command:?} did not end\n{}", text_of(&output));
    output
}

/// What a program wrote, to show it to a person.
pub fn text_of(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// A folder of its own for one test, removed when dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder.
    pub fn new() -> Scratch {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("scratch-{}-{count}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir(&folder).unwrap();
        Scratch(folder)
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A file in the folder, with this content.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
