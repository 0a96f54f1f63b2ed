//! What programs that people use do at the point that a lab is about: each is run and traced, and its row read off that.

mod cells;
pub mod client;
mod daemons;
mod fifo;
mod inits;
mod installed;
mod libraries;
mod servers;
mod serving;
mod shells;
mod table;

use std::path::Path;

use anyhow::{Error, Result};

use crate::compare::in_parallel;
use crate::i18n::Text;
use crate::i18n::beside as words;
use crate::i18n::{init, server};
use crate::run::stop::Unreached;
use crate::scenario::{Beside, Point, RealProgram, Scenario};

pub use table::{markdown, paragraphs};

/// How many runs go on at once.
const AT_ONCE: usize = 4;

/// What was seen of a program: a cell a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    pub version: String,
    pub cells: Vec<Text>,
}

/// What was seen of all.
#[derive(Clone, Debug)]
pub struct Table {
    /// The names of the columns behind program and version.
    pub columns: Vec<Text>,
    pub rows: Vec<Row>,
    /// The programs that are not on this machine.
    pub missing: Vec<RealProgram>,
    /// What follows for the reader.
    pub follows: Text,
}

/// Runs what is installed of the programs beside a lab of the project at `root`.
pub fn run(root: &Path, beside: &Beside) -> Result<Table> {
    let programs = beside.programs.iter().cloned();
    let (there, missing): (Vec<_>, Vec<_>) =
        programs.partition(|program| installed::path(&program.run[0]).is_some());
    let columns = columns(beside.point);
    let rows = in_parallel(&there, AT_ONCE, |program| {
        Ok(Row {
            name: program.name.clone(),
            version: installed::version(program),
            cells: match look(root, beside.point, program) {
                Err(error) if error.is::<Unreached>() => came_to_nothing(&error, columns.len()),
                cells => cells?,
            },
        })
    });
    Ok(Table {
        rows: rows.into_iter().collect::<Result<_>>()?,
        columns,
        missing,
        follows: beside.follows.clone(),
    })
}

fn columns(point: Point) -> Vec<Text> {
    match point {
        Point::Shell => words::shell_columns(),
        Point::Daemon => words::daemon_columns(),
        Point::Library => words::library_columns(),
        Point::Server => server::columns(),
        Point::Init => init::columns(),
    }
}

/// The cells of one program.
fn look(root: &Path, point: Point, program: &RealProgram) -> Result<Vec<Text>> {
    match point {
        Point::Shell => shells::look(program),
        Point::Daemon => daemons::look(program),
        Point::Library => libraries::look(root, program),
        Point::Server => servers::look(program),
        Point::Init => inits::look(program),
    }
}

/// The cells of a program whose run was ended, since what was waited for did not come.
fn came_to_nothing(error: &Error, columns: usize) -> Vec<Text> {
    let has_ended = error
        .downcast_ref()
        .is_some_and(|it: &Unreached| it.standstill);
    let seconds = Scenario::default().deadline().as_secs();
    let mut cells = vec![words::dash(); columns];
    cells[0] = match has_ended {
        true => words::ends_before(),
        false => words::hangs(seconds),
    };
    cells
}
