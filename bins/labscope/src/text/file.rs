//! Files read and written whole; an error names the file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::i18n::failure;

/// What a file holds.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| failure::cannot_read(path.display()))
}

/// The text that a file holds.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| failure::cannot_read(path.display()))
}

/// Writes a file anew, in a folder that is there.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, content).with_context(|| failure::cannot_write(path.display()))
}

/// A path as a text; JSON has no other.
pub fn utf8(path: &Path) -> Result<&str> {
    path.to_str()
        .with_context(|| failure::is_not_utf8(path.display()))
}

/// Makes a folder, and those that it lies in, unless they are there.
pub fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| failure::cannot_make_folder(path.display()))
}
