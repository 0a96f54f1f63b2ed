//! What is installed on this machine, and in which version.

use std::path::PathBuf;
use std::process::Command;

/// Where a command is found.
pub fn path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut files = std::env::split_paths(&folders).map(|folder| folder.join(name));
    files.find(|file| file.is_file())
}

/// The version of a package, as its author counts: Debian's own additions are left out. Where there is no dpkg, a `?`.
pub fn version(package: &str) -> String {
    let asked = Command::new("dpkg-query")
        .args(["-W", "-f", "${Version}", package])
        .output();
    let told = asked.ok().filter(|told| told.status.success());
    let told = told.map(|told| String::from_utf8_lossy(&told.stdout).into_owned());
    told.map_or("?".to_owned(), |version| of_author(&version).to_owned())
}

/// `1:0.52.21+b4` is 0.52.21, `5.2.15-2+b8` 5.2.15, `1.0.4+dfsg-1` 1.0.4.
fn of_author(version: &str) -> &str {
    let version = version.split_once(':').map_or(version, |(_, rest)| rest);
    let version = version.rsplit_once('-').map_or(version, |(own, _)| own);
    version.split(['+', '~']).next().unwrap_or(version)
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
        ];
        for (told, own) in cases {
            assert_eq!(of_author(told), own);
        }
    }
}
