//! Where a trace is written: the lab's own terminal, another one, a file.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, Result};

use crate::i18n::{Language, failure};
use crate::live::events::{Event, Made};
use crate::live::json;
use crate::live::line_format;
use crate::live::line_format::Look;
use crate::live::say;
use crate::live::terminal::{fresh_line, width};
use crate::source::Place;
use crate::text::screen::wants_colours;

/// How a trace is told.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    pub json: bool,
    /// Every call, and each of them whole.
    pub all: bool,
    pub language: Language,
    /// Whose trace it is.
    pub lab: String,
}

/// The longest call in a file that is to be read: strings may be thousands of bytes long.
const LONGEST: usize = 160;

/// One place.
pub struct Outlet {
    name: String,
    file: File,
    look: Look,
    manner: Manner,
    /// Whether the lab writes there too.
    is_shared: bool,
    /// Per process: calls that are not listed.
    folds: HashMap<usize, Fold>,
    /// The time of the last line, which no later one goes behind.
    latest: f64,
    /// Whole lines that are not written yet.
    buffer: String,
    is_broken: bool,
}

struct Fold {
    /// When the first of them was entered, and the last one over.
    since: f64,
    over: f64,
    count: usize,
    /// The program that is no lab; none for start-up.
    program: Option<String>,
}

impl Outlet {
    /// Standard error, where strace writes too. If it is a terminal, it is the lab's.
    pub fn shared(manner: Manner) -> Result<Outlet> {
        let file = io::stderr().as_fd().try_clone_to_owned();
        let file = File::from(file.context("dup(2)")?);
        let is_shared = file.is_terminal();
        let mut outlet = Outlet::new("standard error".to_owned(), file, manner);
        outlet.is_shared = is_shared;
        if is_shared {
            outlet.look.gutter = "│ ";
        }
        Ok(outlet)
    }

    /// A file, which begins anew, or another terminal.
    pub fn open(path: &Path, manner: Manner) -> Result<Outlet> {
        const O_NOCTTY: i32 = nix::fcntl::OFlag::O_NOCTTY.bits();
        let is_device = path
            .metadata()
            .is_ok_and(|it| it.file_type().is_char_device());
        let mut options = OpenOptions::new();
        options.write(true).custom_flags(O_NOCTTY);
        let file = options
            .create(!is_device)
            .truncate(!is_device)
            .open(path)
            .with_context(|| failure::cannot_write(path.display()))?;
        Ok(Outlet::new(path.display().to_string(), file, manner))
    }

    fn new(name: String, file: File, manner: Manner) -> Outlet {
        let is_terminal = file.is_terminal();
        let look = Look {
            width: is_terminal.then(|| width(&file).unwrap_or(80)),
            colours: is_terminal && wants_colours(),
            gutter: "",
            language: manner.language,
            longest: (!manner.all).then_some(LONGEST),
            lab: manner.lab.clone(),
        };
        Outlet {
            name,
            file,
            look,
            manner,
            is_shared: false,
            folds: HashMap::new(),
            latest: 0.0,
            buffer: String::new(),
            is_broken: false,
        }
    }

    /// The terminal may have another size now.
    pub fn resize(&mut self) {
        if self.look.width.is_some() {
            self.look.width = width(&self.file).or(self.look.width);
        }
    }

    pub fn tell(&mut self, event: &Event) {
        if self.manner.json {
            if let Event::Made(made) = event {
                self.put(&json::call(made).dump());
            }
        } else if !self.manner.all && self.fold(event) {
            // Told later, in one line with others.
        } else {
            let line = line_format::line(event, &mut self.latest, &self.look);
            self.put(&line);
        }
    }

    /// Whether an event belongs to calls that are not listed; if not, those before it are told.
    fn fold(&mut self, event: &Event) -> bool {
        let process = match event {
            Event::Made(made) => {
                if let Some(program) = self.folded(made) {
                    self.fold_one(made, program);
                    return true;
                }
                made.process
            }
            // One of the other program's; start-up does not block.
            Event::Blocked(blocked) if self.is_foreign(blocked.process) => return true,
            Event::Blocked(blocked) => blocked.process,
            Event::Note(note) => note.process,
        };
        self.unfold(process);
        false
    }

    /// Whether a call is one of many that nobody asked about: of which program, or of start-up, for which a file has room.
    fn folded(&self, made: &Made) -> Option<Option<String>> {
        match made.site.place {
            Place::StartUp if self.look.width.is_some() => Some(None),
            Place::Foreign => Some(Some(made.site.program.clone().unwrap_or_default())),
            _ => None,
        }
    }

    fn is_foreign(&self, process: usize) -> bool {
        let fold = self.folds.get(&process);
        fold.is_some_and(|fold| fold.program.is_some())
    }

    fn fold_one(&mut self, made: &Made, program: Option<String>) {
        let other = self.folds.get(&made.process);
        if other.is_some_and(|fold| fold.program != program) {
            self.unfold(made.process);
        }
        let fold = self.folds.entry(made.process).or_insert(Fold {
            since: made.entered,
            over: made.over,
            count: 0,
            program,
        });
        fold.count += 1;
        fold.over = made.over;
    }

    fn unfold(&mut self, process: usize) {
        if let Some(fold) = self.folds.remove(&process) {
            let text = say::folded(fold.count, fold.program.as_deref(), self.look.language);
            let times = (fold.since, fold.over);
            let line = line_format::folded(process, times, text, &mut self.latest, &self.look);
            self.put(&line);
        }
    }

    fn put(&mut self, line: &str) {
        self.buffer.push_str(line);
        self.buffer.push('\n');
    }

    /// Writes what has been told; the first time that this fails, why.
    pub fn flush(&mut self) -> Option<String> {
        if self.buffer.is_empty() {
            return None;
        }
        let mut text = std::mem::take(&mut self.buffer);
        if self.is_broken {
            return None;
        }
        if self.is_shared {
            text.insert_str(0, &fresh_line(self.look.width));
        }
        let error = self.file.write_all(text.as_bytes()).err()?;
        self.is_broken = true;
        Some(format!("{}: {error}", self.name))
    }

    /// Tells what is folded, and writes all.
    pub fn end(&mut self) -> Option<String> {
        let mut processes: Vec<usize> = self.folds.keys().copied().collect();
        processes.sort_unstable();
        for process in processes {
            self.unfold(process);
        }
        self.flush()
    }
}
