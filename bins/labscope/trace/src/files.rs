//! What has been read of files: once a file, however many runs of it there are.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A file by its path, and by what changes when another one takes its place.
type Key = (PathBuf, u64, u64, i64, i64);

/// What there is of each file; none where it could not be read.
pub struct Files<T>(Mutex<BTreeMap<Key, Option<Arc<T>>>>);

impl<T> Files<T> {
    pub const fn empty() -> Files<T> {
        Files(Mutex::new(BTreeMap::new()))
    }

    /// What `read` makes of a file, which is asked when the file is new; none if there is no such file.
    pub fn get(&self, path: &Path, read: impl FnOnce(&Path) -> Option<T>) -> Option<Arc<T>> {
        let meta = fs::metadata(path).ok()?;
        let key = (
            path.to_owned(),
            meta.dev(),
            meta.ino(),
            meta.mtime(),
            meta.mtime_nsec(),
        );
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || read(path).map(Arc::new);
        files.entry(key).or_insert_with(read).clone()
    }
}
