//! Folders with programs, each beside the wrapper that strace is attached to.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Stands before the name of a program whose wrapper it is.
const PREFIX: &str = "strace-";

/// Waits until strace is there, then becomes the program whose name follows `strace-` in its own. The calls before
/// are none of the program's; files, environment and arguments are.
const WRAPPER: &str = r#"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char program[256];
    (void)argc;
    snprintf(program, sizeof program, "./%s", strrchr(argv[0], '/') + sizeof "strace-");
    while (unlink("go") == -1) /* strace tells of it again and again */
        usleep(1000);
    argv[0] = program;
    execv(program, argv);
    return 127;
}
"#;

/// A folder below that of the tests, made anew by each test program.
pub fn own(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracle");
    let folder = folder.join(std::process::id().to_string()).join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Compiles a C program.
pub fn compile(source: &Path, program: &Path) {
    let mut cc = Command::new("cc");
    cc.args(["-O0", "-g", "-w", "-pthread", "-o"]).arg(program);
    let output = cc.arg(source).arg("-lrt").output().expect("cc runs");
    assert!(
        output.status.success(),
        "{}: {}",
        source.display(),
        text(&output)
    );
}

/// Puts links to a program and to its wrapper into a folder.
pub fn add(folder: &Path, program: &Path, name: &str) {
    static WRAPPERS: OnceLock<PathBuf> = OnceLock::new();
    let wrapper = WRAPPERS.get_or_init(|| {
        let folder = own("wrapper");
        let (source, program) = (folder.join("wrapper.c"), folder.join("wrapper"));
        fs::write(&source, WRAPPER).expect("a file");
        compile(&source, &program);
        program
    });
    for (target, link) in [(program, name.to_owned()), (wrapper, wrapper_of(name))] {
        symlink(target, folder.join(link)).expect("a link");
    }
}

/// How the wrapper of a program is called.
pub fn wrapper_of(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// What a command wrote.
pub fn text(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}
