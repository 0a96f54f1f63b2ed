//! What is run, and with what around it.

use std::path::PathBuf;

use crate::confinement::Means;
use crate::run::Limits;

/// Standard output of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Out {
    #[default]
    Terminal,
    Pipe,
    File,
}

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// A newline whenever somebody would wait for one.
    #[default]
    Newlines,
    /// These bytes, a line at a time, then the end of input.
    Bytes(Vec<u8>),
}

/// When a sleep ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sleeps {
    /// In virtual time: when nobody else can go on, the earliest first.
    #[default]
    InTime,
    /// At any moment.
    Any,
}

/// A program and its surroundings.
#[derive(Clone, Debug)]
pub struct Settings {
    pub program: PathBuf,
    /// Started after it in every run: process 2, 3 … from the beginning, each with its arguments.
    pub with: Vec<(PathBuf, Vec<String>)>,
    /// What must lie beside it.
    pub beside: Vec<PathBuf>,
    pub args: Vec<String>,
    pub input: Input,
    pub out: Out,
    pub sleeps: Sleeps,
    pub limits: Limits,
    /// Whether calls are told with their arguments: that takes as long as making them.
    pub tells_arguments: bool,
    /// Whether each run has System V objects of its own, at first none.
    pub own_ipc: bool,
    /// By what it is confined, if it is not trusted.
    pub confined: Option<Means>,
}

impl Settings {
    /// All programs that a run may meet.
    pub fn programs(&self) -> impl Iterator<Item = &PathBuf> {
        let with = self.with.iter().map(|(program, _)| program);
        std::iter::once(&self.program)
            .chain(with)
            .chain(&self.beside)
    }

    /// A program with everything as usual.
    pub fn new(program: impl Into<PathBuf>) -> Settings {
        Settings {
            program: program.into(),
            with: Vec::new(),
            beside: Vec::new(),
            args: Vec::new(),
            input: Input::default(),
            out: Out::default(),
            sleeps: Sleeps::default(),
            limits: Limits::default(),
            tells_arguments: false,
            own_ipc: false,
            confined: None,
        }
    }
}
