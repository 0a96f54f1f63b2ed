//! What descriptors and paths of a task lead to.

use std::ops::RangeInclusive;
use std::path::{Component, Path, PathBuf};

use crate::control::event::{How, Touch};
use crate::control::machine::Machine;
use crate::control::table::State;
use crate::proc::descriptors::may_write;
use crate::trace::decode::Memory;
use crate::trace::tracer::memory::ProcessMemory;

/// What a descriptor leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Terminal,
    /// The pipe in the place of the terminal's output.
    Output,
    Pipe(u64),
    Socket,
    File(String),
    /// Nothing that anybody sees: /dev/null, the files of the system.
    Nothing,
}

/// Folders in which programs only read what is always the same.
const SYSTEM: [&str; 8] = [
    "/lib", "/usr", "/etc", "/proc", "/sys", "/dev", "/bin", "/run",
];

impl Machine {
    pub(super) fn target(&self, task: usize, descriptor: u64) -> Target {
        let tid = self.tasks[task].tid;
        let link = std::fs::read_link(format!("/proc/{tid}/fd/{}", descriptor as i32));
        match link {
            Ok(link) => self.target_of(&link),
            Err(_) => Target::Nothing,
        }
    }

    fn target_of(&self, link: &Path) -> Target {
        let text = link.to_string_lossy();
        if link == self.terminal.name || text == "/dev/tty" {
            return Target::Terminal;
        }
        if text.starts_with("pipe:") {
            return match self.names.get(&*text) {
                Some(name) => Target::Pipe(crate::control::event::thing("pipe", name)),
                None => Target::Output,
            };
        }
        match () {
            () if text.starts_with("socket:") => Target::Socket,
            () if !text.starts_with('/') || is_of_system(link) => Target::Nothing,
            () => Target::File(text.into_owned()),
        }
    }

    /// The ends of pipes, and the sockets, that a task would close by ending.
    pub(super) fn ends(&self, task: usize) -> Vec<Touch> {
        self.ends_among(task, 0..=u64::MAX)
    }

    /// Of those descriptors alone.
    pub(super) fn ends_among(&self, task: usize, wanted: RangeInclusive<u64>) -> Vec<Touch> {
        let tid = self.tasks[task].tid;
        let listing = std::fs::read_dir(format!("/proc/{tid}/fd"));
        let descriptors = listing.into_iter().flatten().flatten();
        let numbers = descriptors.filter_map(|it| it.file_name().to_str()?.parse().ok());
        numbers
            .filter(|number| wanted.contains(number))
            .flat_map(|number| self.closed_end(task, number))
            .collect()
    }

    /// What closing a descriptor does to the others.
    pub(super) fn closed_end(&self, task: usize, descriptor: u64) -> Option<Touch> {
        match self.target(task, descriptor) {
            Target::Pipe(thing) => {
                let how = match self.is_writer(task, descriptor) {
                    true => How::CloseWriter,
                    false => How::CloseReader,
                };
                Some(Touch { thing, how })
            }
            Target::Socket => Some(Touch::new("network", 0, How::Change)),
            _ => None,
        }
    }

    /// Whether somebody could still write into a pipe.
    pub(super) fn has_writer(&self, pipe: u64) -> bool {
        let is_writer = |touch: &Touch| touch.thing == pipe && touch.how == How::CloseWriter;
        let alive =
            (0..self.tasks.len()).filter(|&task| !matches!(self.tasks[task].state, State::Ended));
        alive
            .into_iter()
            .any(|task| self.ends(task).iter().any(is_writer))
    }

    fn is_writer(&self, task: usize, descriptor: u64) -> bool {
        may_write(self.tasks[task].tid, descriptor as i32)
    }

    /// The name that a call is given at that address; none if it is one of the system.
    pub(super) fn path_at(
        &self,
        task: usize,
        folder: Option<u64>,
        address: u64,
    ) -> Option<PathBuf> {
        let text = self.text(task, address)?;
        let tid = self.tasks[task].tid;
        let base = match folder.map(|folder| folder as i32) {
            Some(descriptor) if descriptor >= 0 => format!("/proc/{tid}/fd/{descriptor}"),
            _ => format!("/proc/{tid}/cwd"),
        };
        let path = match text.starts_with('/') {
            true => PathBuf::from(text),
            false => std::fs::read_link(base).ok()?.join(text),
        };
        let path = normal(&path);
        (!is_of_system(&path)).then_some(path)
    }

    /// A text in the memory of a task, up to its NUL.
    pub(super) fn text(&self, task: usize, address: u64) -> Option<String> {
        let mut bytes = [0; 4096];
        let count = self.memory(task).read(address, &mut bytes);
        let end = bytes[..count].iter().position(|&byte| byte == 0)?;
        Some(String::from_utf8_lossy(&bytes[..end]).into_owned())
    }

    /// A 64-bit word in the memory of a task.
    pub(super) fn word(&self, task: usize, address: u64) -> Option<u64> {
        self.memory(task).word(address)
    }

    /// A 32-bit word in the memory of a task.
    pub(super) fn half(&self, task: usize, address: u64) -> Option<i32> {
        let mut bytes = [0; 4];
        (self.memory(task).read(address, &mut bytes) == 4).then(|| i32::from_ne_bytes(bytes))
    }

    pub(super) fn memory(&self, task: usize) -> ProcessMemory {
        ProcessMemory {
            thread: self.tasks[task].tid,
        }
    }
}

fn is_of_system(path: &Path) -> bool {
    SYSTEM.iter().any(|folder| path.starts_with(folder)) || path.starts_with("/lib64")
}

/// Without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}
