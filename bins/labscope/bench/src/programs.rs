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

/// What a lab is shipped without: only tracers and disassemblers read it.
const UNREAD: [&str; 4] = [
    ".eh_frame",
    ".eh_frame_hdr",
    ".gcc_except_table",
    ".riscv.attributes",
];

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

/// Where programs are built, and for which processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Here, for this machine.
    Here,
    /// Here, for another processor, which is to measure them.
    Across(String),
    /// On another machine: they are there already.
    Brought,
}

/// Where the sources are, where cargo builds, where the programs go.
pub struct Folders {
    pub root: PathBuf,
    pub target: PathBuf,
    pub out: PathBuf,
    pub origin: Origin,
}

impl Folders {
    pub fn sources(&self) -> PathBuf {
        self.root.join("bins/labscope/bench/programs")
    }

    pub fn program(&self, variant: &str, name: &str) -> PathBuf {
        self.out.join("programs").join(format!("{name}-{variant}"))
    }

    /// A lab, as it is shipped.
    pub fn lab(&self, name: &str) -> PathBuf {
        self.root.join("build").join(self.other()).join(name)
    }

    /// What cargo has built of the programs in Rust.
    pub fn rust(&self, name: &str) -> PathBuf {
        let triple = self.triple().unwrap_or_default();
        self.target.join(triple).join("lab").join(name)
    }

    /// The processor that programs are built for, if it is another than this machine's.
    fn other(&self) -> &str {
        match &self.origin {
            Origin::Across(processor) => processor,
            Origin::Here | Origin::Brought => "",
        }
    }

    /// How cargo names that processor.
    fn triple(&self) -> Option<String> {
        match self.other() {
            "" => None,
            "riscv64" => Some("riscv64gc-unknown-linux-gnu".to_owned()),
            other => Some(format!("{other}-unknown-linux-gnu")),
        }
    }

    /// A compiler, or another tool that makes programs.
    fn tool(&self, name: &str) -> String {
        match self.other() {
            "" => name.to_owned(),
            other if name == "cc" => format!("{other}-linux-gnu-gcc"),
            other => format!("{other}-linux-gnu-{name}"),
        }
    }

    /// The processor of the programs.
    fn processor(&self) -> &str {
        match self.other() {
            "" => std::env::consts::ARCH,
            other => other,
        }
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
    folders.compile(
        "cc",
        &["-O2", "-Wall", "-Wextra"],
        &folders.sources().join("launch.c"),
        &launch,
    )?;
    let floor = folders.program("floor", "myps");
    build_one(folders, Variant::Floor, "myps", &floor)?;
    let creation = folders.program("creation", "measure");
    let compiled = folders.compile(
        "cc",
        &["-O2", "-Wall", "-Wextra", "-static"],
        &folders.sources().join("creation.c"),
        &creation,
    );
    Ok(Built {
        rows,
        missing,
        launch,
        listers: [folders.lab("myps"), floor],
        creation: compiled
            .map(|()| creation)
            .map_err(|error| format!("{error:#}")),
    })
}

/// The programs in Rust, by cargo: on rawlabs as the labs are built, and on std.
fn build_rust(folders: &Folders) -> Result<()> {
    if folders.origin == Origin::Brought {
        return Ok(());
    }
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
    if let Some(triple) = folders.triple() {
        cargo.args(["--target", &triple]);
    }
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
    let c = match name {
        "fork" | "thread" | "signal" => folders.sources().join(format!("{name}.c")),
        lab => folders.root.join(format!("bins/{lab}/{lab}.c")),
    };
    let is_static = [&C_FLAGS[..], &["-static"]].concat();
    match variant {
        Variant::Rawlabs if matches!(name, "fork" | "thread" | "signal") => {
            folders.strip(&folders.rust(&format!("bench_{name}")), program)
        }
        Variant::Rawlabs => folders.strip(&folders.lab(name), program),
        Variant::Std => folders.strip(&folders.rust(&format!("examples/std_{name}")), program),
        Variant::Dynamic => folders.compile("cc", &C_FLAGS, &c, program),
        Variant::Static => folders.compile("cc", &is_static, &c, program),
        Variant::Musl => folders.compile("musl-gcc", &is_static, &c, program),
        Variant::Floor => {
            let source = if name == "exec_test" {
                "exec_test.S".into()
            } else {
                format!("{name}.c")
            };
            let own: &[&str] = match folders.processor() {
                "x86_64" => &FLOOR_ON_X86_64,
                _ => &[],
            };
            folders.compile(
                "cc",
                &[&FLOOR[..], own].concat(),
                &folders.sources().join("floor").join(source),
                program,
            )
        }
    }
}

impl Folders {
    pub fn compile(&self, cc: &str, flags: &[&str], source: &Path, program: &Path) -> Result<()> {
        self.compile_with(cc, flags, source, &[], program)
    }

    /// The same with libraries, which stand behind the source.
    pub fn compile_with(
        &self,
        cc: &str,
        flags: &[&str],
        source: &Path,
        libraries: &[&str],
        program: &Path,
    ) -> Result<()> {
        if self.origin == Origin::Brought {
            return is_there(program);
        }
        let whole = new(program);
        let compiled = run(Command::new(self.tool(cc))
            .args(flags)
            .arg("-o")
            .arg(&whole)
            .arg(source)
            .args(libraries));
        let stripped = compiled.and_then(|()| self.strip(&whole, program));
        let _ = fs::remove_file(whole);
        stripped
    }

    /// Copies a program without what only debuggers and tracers read, as `make` does for the labs.
    pub fn strip(&self, whole: &Path, program: &Path) -> Result<()> {
        if self.origin == Origin::Brought {
            return is_there(program);
        }
        if !whole.is_file() {
            bail!("{} has not been built: run `make`", whole.display());
        }
        let mut objcopy = Command::new(self.tool("objcopy"));
        objcopy.arg("--strip-all");
        let name = whole.file_name().unwrap_or_default();
        if name.to_string_lossy().starts_with("bench_") {
            objcopy.args(UNREAD.iter().flat_map(|section| ["-R", section]));
        }
        let stripped = new(program).with_extension("stripped");
        run(objcopy.arg(whole).arg(&stripped))?;
        fs::rename(stripped, program)
            .with_context(|| format!("cannot replace {}", program.display()))
    }
}

/// Of a program that was built elsewhere.
fn is_there(program: &Path) -> Result<()> {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    match program.is_file() {
        true => Ok(()),
        false => bail!("{name} has not been brought"),
    }
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
