//! A student's Rust file: compiled by rustc as the labs are, with the crates that lie built.
//!
//! rustc is called itself, without cargo: no build script and no procedural macro runs, for only the library and the two
//! crates of the labs are named to it, none of which has one. So what runs while it compiles is rustc and the linker.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::confinement::Means;
use crate::i18n::failure;
use crate::submission::compile_error::{CompileError, failed};
use crate::submission::compiler::Place;
use crate::submission::{Compiled, PROGRAM, absolute};
use crate::text::encoding;

/// How make has rustc compile a lab: its path, the folders that it reads, its options.
#[derive(Default)]
struct Recipe {
    rustc: OsString,
    readable: Vec<PathBuf>,
    options: Vec<OsString>,
}

impl Recipe {
    fn read(path: &Path) -> Result<Recipe, CompileError> {
        let text = fs::read_to_string(path)
            .map_err(|error| failed(&failure::cannot_read(path.display()), &error))?;
        let mut recipe = Recipe::default();
        for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
            match key {
                "rustc" => recipe.rustc = value.into(),
                "reads" => recipe.readable.push(value.into()),
                _ => recipe.options.push(value.into()),
            }
        }
        Ok(recipe)
    }
}

/// A text that is to become a lab.
pub struct RustSubmission<'a> {
    pub text: &'a str,
    pub lab: &'a str,
    /// The lab's own source: a module that it takes from elsewhere is there for the text, too.
    pub own: &'a Path,
    /// The file in which make says how rustc compiles a lab.
    pub recipe: &'a Path,
    /// By what rustc is confined, if the text is not trusted.
    pub confined: Option<Means>,
}

/// Compiles it to the program `into/<lab>`.
pub fn compile_rust(submission: &RustSubmission, into: &Path) -> Result<Compiled, CompileError> {
    let recipe = Recipe::read(submission.recipe)?;
    let lab = submission.lab;
    let room = absolute(&into.join(format!("{lab}.room")));
    let _ = fs::remove_dir_all(&room); // of a former file
    fs::create_dir_all(&room)
        .map_err(|error| failed(&failure::cannot_make_folder(room.display()), &error))?;
    let source = furnish(submission, &room)?;
    let place = Place {
        room: &room,
        confined: submission.confined,
        readable: recipe.readable,
    };
    let mut command = place.command(&[recipe.rustc])?;
    command.args(recipe.options);
    command.env("CARGO_BIN_NAME", lab); // by which a source of two programs tells which it is
    command.args(["--crate-name", lab, "-o", PROGRAM]);
    let (status, messages) = place.run(command.arg(&source))?;
    let messages = encoding::lines(&messages);
    if !status.success() {
        return Err(CompileError::Errors { messages });
    }
    let (made, program) = (room.join(PROGRAM), into.join(lab));
    fs::rename(&made, &program).map_err(|error| {
        failed(
            &failure::cannot_copy(made.display(), program.display()),
            &error,
        )
    })?;
    Ok(Compiled { program, messages })
}

/// Puts the text and the modules of the lab into the room, beside each other as in the project; the name of the text.
fn furnish(submission: &RustSubmission, room: &Path) -> Result<PathBuf, CompileError> {
    let own = submission.own;
    let folder = own.parent().unwrap_or(Path::new(""));
    let name = folder.file_name().unwrap_or_default();
    let text = fs::read_to_string(own)
        .map_err(|error| failed(&failure::cannot_read(own.display()), &error))?;
    let inside = room.join(name);
    fs::create_dir_all(&inside)
        .map_err(|error| failed(&failure::cannot_make_folder(inside.display()), &error))?;
    for module in modules(&text) {
        let copy = inside.join(module);
        let made = copy.parent().map_or(Ok(()), fs::create_dir_all);
        let copied = made.and_then(|()| fs::copy(folder.join(module), &copy));
        copied.map_err(|error| failed(&failure::cannot_write(copy.display()), &error))?;
    }
    let source = Path::new(name).join(format!("{}.rs", submission.lab));
    let written = fs::write(room.join(&source), submission.text);
    written.map_err(|error| failed(&failure::cannot_write(source.display()), &error))?;
    Ok(source)
}

/// The files of modules that stand elsewhere: `#[path = "../cal_linux_server/datagram.rs"]`.
fn modules(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim);
    lines.filter_map(|line| Some(line.strip_prefix("#[path = \"")?.split_once('"')?.0))
}
