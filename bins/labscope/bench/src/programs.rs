//! The programs of each row: built, stripped, and put into one folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use labscope::submission::C_FLAGS;

use crate::variant::Variant;

/// No library, no start files, one segment, code as small as it is quick.
const FLOOR: [&str; 11] = [
    "-O2",
    "-Wall",
    "-Wextra",
    "-ffreestanding",
    "-fno-stack-protector",
    "-fno-asynchronous-unwind-tables",
    "-nostdlib",
    "-static",
    "-no-pie",
    "-Wl,--build-id=none",
    "-Wl,-z,noseparate-code",
];

/// What else x86_64 needs for that: no landing pads of branches, and pages that are no larger than they are.
const FLOOR_ON_X86_64: [&str; 2] = ["-fcf-protection=none", "-Wl,-z,max-page-size=4096"];

/// The programs of a row.
#[derive(Clone, Debug)]
pub struct Programs {
    pub exec_test: PathBuf,
    pub fork: PathBuf,
    pub thread: PathBuf,
    pub signal: PathBuf,
    pub server: PathBuf,
}

/// Everything that is measured or measures.
pub struct Built {
    pub rows: BTreeMap<Variant, Programs>,
    /// Rows that cannot be had here, and why.
    pub missing: BTreeMap<Variant, String>,
    /// Measures exec → exit.
    pub launch: PathBuf,
    /// Makes processes and threads beside much memory; or why it cannot be had here.
    pub creation: Result<PathBuf, String>,
    /// The lab myps, and its calls with nothing around them.
    pub listers: [PathBuf; 2],
}

/// Where the sources are, where cargo builds, where the programs go.
pub struct Folders {
    pub root: PathBuf,
    pub target: PathBuf,
    pub out: PathBuf,
}

impl Folders {
    pub fn sources(&self) -> PathBuf {
        self.root.join("bins/labscope/bench/programs")
    }

    pub fn program(&self, variant: &str, name: &str) -> PathBuf {
        self.out.join("programs").join(format!("{name}-{variant}"))
    }
}

/// Builds the programs of every row that this machine can build.
pub fn build(folders: &Folders) -> Result<Built> {
    let programs = folders.out.join("programs");
    fs::create_dir_all(&programs).with_context(|| format!("cannot make {}", programs.display()))?;
    build_rust(folders)?;
    let (mut rows, mut missing) = (BTreeMap::new(), BTreeMap::new());
    for variant in Variant::ALL {
        match build_row(folders, variant) {
            Ok(programs) => drop(rows.insert(variant, programs)),
            Err(error) if variant == Variant::Rawlabs => return Err(error),
            Err(error) => drop(missing.insert(variant, format!("{error:#}"))),
        }
    }
    let launch = folders.program("launch", "measure");
    compile(
        "cc",
        &["-O2", "-Wall", "-Wextra"],
        &folders.sources().join("launch.c"),
        &launch,
    )?;
    let floor = folders.program("floor", "myps");
    build_one(folders, Variant::Floor, "myps", &floor)?;
    let creation = folders.program("creation", "measure");
    let compiled = compile(
        "cc",
        &["-O2", "-Wall", "-Wextra", "-static"],
        &folders.sources().join("creation.c"),
        &creation,
    );
    Ok(Built {
        rows,
        missing,
        launch,
        listers: [folders.root.join("build/myps"), floor],
        creation: compiled
            .map(|()| creation)
            .map_err(|error| format!("{error:#}")),
    })
}

/// The programs in Rust, by cargo: on rawlabs as the labs are built, and on std.
fn build_rust(folders: &Folders) -> Result<()> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args([
        "build",
        "--quiet",
        "--profile",
        "lab",
        "--package",
        "bench-programs",
        "--bins",
        "--examples",
    ]);
    run(cargo
        .arg("--target-dir")
        .arg(&folders.target)
        .current_dir(&folders.root))
}

fn build_row(folders: &Folders, variant: Variant) -> Result<Programs> {
    let built = |name| {
        let program = folders.program(variant.key(), name);
        build_one(folders, variant, name, &program).map(|()| program)
    };
    Ok(Programs {
        exec_test: built("exec_test")?,
        fork: built("fork")?,
        thread: built("thread")?,
        signal: built("signal")?,
        server: built("echo_server_fork")?,
    })
}

pub fn build_one(folders: &Folders, variant: Variant, name: &str, program: &Path) -> Result<()> {
    let built = folders.target.join("lab");
    let c = match name {
        "fork" | "thread" | "signal" => folders.sources().join(format!("{name}.c")),
        lab => folders.root.join(format!("bins/{lab}/{lab}.c")),
    };
    match variant {
        Variant::Rawlabs if matches!(name, "fork" | "thread" | "signal") => {
            strip(&built.join(format!("bench_{name}")), program)
        }
        Variant::Rawlabs => strip(&folders.root.join("build").join(name), program),
        Variant::Std => strip(&built.join(format!("examples/std_{name}")), program),
        Variant::Dynamic => compile("cc", &C_FLAGS, &c, program),
        Variant::Static => compile("cc", &[&C_FLAGS[..], &["-static"]].concat(), &c, program),
        Variant::Musl => compile(
            "musl-gcc",
            &[&C_FLAGS[..], &["-static"]].concat(),
            &c,
            program,
        ),
        Variant::Floor => {
            let source = if name == "exec_test" {
                "exec_test.S".into()
            } else {
                format!("{name}.c")
            };
            let own: &[&str] = match cfg!(target_arch = "x86_64") {
                true => &FLOOR_ON_X86_64,
                false => &[],
            };
            compile(
                "cc",
                &[&FLOOR[..], own].concat(),
                &folders.sources().join("floor").join(source),
                program,
            )
        }
    }
}

pub fn compile(cc: &str, flags: &[&str], source: &Path, program: &Path) -> Result<()> {
    compile_with(cc, flags, source, &[], program)
}

/// The same with libraries, which stand behind the source.
pub fn compile_with(
    cc: &str,
    flags: &[&str],
    source: &Path,
    libraries: &[&str],
    program: &Path,
) -> Result<()> {
    let whole = new(program);
    let compiled = run(Command::new(cc)
        .args(flags)
        .arg("-o")
        .arg(&whole)
        .arg(source)
        .args(libraries));
    let stripped = compiled.and_then(|()| strip(&whole, program));
    let _ = fs::remove_file(whole);
    stripped
}

/// Copies a program without what only debuggers and tracers read, as `make` does for the labs.
fn strip(whole: &Path, program: &Path) -> Result<()> {
    if !whole.is_file() {
        bail!("{} has not been built: run `make`", whole.display());
    }
    let mut objcopy = Command::new("objcopy");
    objcopy.arg("--strip-all");
    let name = whole.file_name().unwrap_or_default();
    if name.to_string_lossy().starts_with("bench_") {
        objcopy.args([
            "-R",
            ".eh_frame",
            "-R",
            ".eh_frame_hdr",
            "-R",
            ".gcc_except_table",
        ]);
    }
    let stripped = new(program).with_extension("stripped");
    run(objcopy.arg(whole).arg(&stripped))?;
    fs::rename(stripped, program).with_context(|| format!("cannot replace {}", program.display()))
}

/// A name of this process's own: another run may be building, too.
fn new(program: &Path) -> PathBuf {
    program.with_extension(std::process::id().to_string())
}

fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("{name} is not installed")
        }
        output => output.with_context(|| format!("cannot start {name}"))?,
    };
    if !output.status.success() {
        bail!(
            "{name} failed:\n{}",
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    Ok(())
}
