//! What is installed on this machine, and in which version.

use std::path::PathBuf;
use std::process::Command;

use crate::scenario::RealProgram;

/// Where a command is found; that of an administrator too, which is not on everybody's path.
pub fn path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&folders);
    let folders = folders.chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    folders
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The version of a program, as its author counts: Debian's own additions are left out, and of Debian's own programs
/// what an update of the same release changes. Where nobody tells it, a `?`.
pub fn version(program: &RealProgram) -> String {
    let asked = Command::new("dpkg-query")
        .args(["-W", "-f", "${Version}", &program.package])
        .output();
    let told = asked.ok().filter(|told| told.status.success());
    let told = told.map(|told| String::from_utf8_lossy(&told.stdout).into_owned());
    let version = told.map(|version| of_author(&version).to_owned());
    let version = version.or_else(|| told_by(&program.version));
    version.unwrap_or("?".to_owned())
}

/// The first word that is a number, of what a program says of itself.
fn told_by(words: &[String]) -> Option<String> {
    let (name, args) = words.split_first()?;
    let told = Command::new(path(name)?).args(args).output().ok()?;
    let told = [told.stdout, told.stderr].concat();
    let told = String::from_utf8_lossy(&told).into_owned();
    let is_number = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
    told.split_whitespace().find(is_number).map(str::to_owned)
}

/// `1:0.52.21+b4` is 0.52, `5.2.15-2+b8` 5.2.15, `1.0.4+dfsg-1` 1.0.4, `1.21.22` 1.21.
fn of_author(version: &str) -> &str {
    let version = version.split_once(':').map_or(version, |(_, rest)| rest);
    let (version, is_debians) = match version.rsplit_once('-') {
        Some((own, _)) => (own, false),
        None => (version, true),
    };
    let version = version.split(['+', '~']).next().unwrap_or(version);
    let mut dots = version.match_indices('.').map(|(place, _)| place);
    match dots.nth(1) {
        Some(second) if is_debians => &version[..second],
        _ => version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_that_of_the_author() {
        let cases = [
            ("5.2.15-2+b8", "5.2.15"),
            ("1:1.35.0-4+deb12u1", "1.35.0"),
            ("1.0.4+dfsg-1", "1.0.4"),
            ("2.52", "2.52"),
            ("1.7.4.4-2", "1.7.4.4"),
            ("0.34~cvs20160606-14", "0.34"),
            ("1.21.22", "1.21"),
            ("2.5+b1", "2.5"),
        ];
        for (told, own) in cases {
            assert_eq!(of_author(told), own);
        }
    }
}
