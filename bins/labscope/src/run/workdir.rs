//! The working directory of a run, with links to all programs that it needs.

use std::env::temp_dir;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::{AccessFlags, access};

use crate::i18n::failure;
use crate::run::plan::Plan;
use crate::scenario::Played;

/// Makes the directory; returns how the lab, then its companions are called there.
pub fn make(workdir: &Path, plan: &Plan) -> Result<Vec<String>> {
    std::fs::create_dir(workdir).with_context(|| failure::cannot_make_folder(workdir.display()))?;
    let program = plan.path();
    let folder = program.parent().unwrap_or(Path::new("."));
    let labs = plan.companions.as_deref().unwrap_or(folder);
    for name in &plan.scenario.needs {
        link(&folder.join(name), workdir)?;
    }
    let mut names = vec![link(&program, workdir)?];
    for companion in &plan.scenario.companions {
        let path = match &companion.played {
            // A second one of the program itself is the same file.
            Played::Lab(name) if program.file_name().is_some_and(|own| own == name.as_str()) => {
                program.clone()
            }
            Played::Lab(name) => labs.join(name),
            Played::Program(path) => PathBuf::from(path),
        };
        names.push(link(&path, workdir)?);
    }
    Ok(names)
}

/// Puts a link to one program into the directory; returns how it is called there.
fn link(path: &Path, workdir: &Path) -> Result<String> {
    let target = path.canonicalize();
    let target = target.with_context(|| failure::is_not_built(path.display()))?;
    check_executable(&target)?;
    let name = path
        .file_name()
        .ok_or_else(|| anyhow!(failure::is_no_program(path.display())))?;
    let link = workdir.join(name);
    match std::fs::read_link(&link) {
        Ok(there) if there == target => {}
        Ok(there) => bail!(failure::lie_under_one_name(
            there.display(),
            target.display()
        )),
        Err(_) => {
            symlink(&target, &link).with_context(|| failure::cannot_link(target.display()))?
        }
    }
    let name = name.to_str();
    let name = name.with_context(|| failure::is_not_utf8(path.display()))?;
    Ok(format!("./{name}"))
}

/// An error if the kernel would refuse to execute a program, execve(2): EACCES.
fn check_executable(program: &Path) -> Result<()> {
    if access(program, AccessFlags::X_OK).is_ok() {
        return Ok(());
    }
    let shown = program.display();
    let mount = statvfs(program).with_context(|| failure::cannot_look_at(&shown))?;
    if !mount.flags().contains(FsFlags::ST_NOEXEC) {
        bail!(failure::is_not_executable(&shown));
    }
    match program.starts_with(temp_dir()) {
        true => {
            bail!(failure::scratch_is_noexec(&shown))
        }
        false => {
            bail!(failure::lies_on_noexec(&shown))
        }
    }
}
