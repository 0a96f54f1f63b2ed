//! What programs that people use do at the point that a lab is about: each is run and traced, and its row read off that.

pub mod client;
mod installed;
mod servers;
mod shells;
mod table;

use anyhow::Result;

use crate::compare::in_parallel;
use crate::i18n::Text;
use crate::i18n::beside as words;
use crate::scenario::{Beside, Point, RealProgram};

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

/// Runs what is installed of the programs beside a lab.
pub fn run(beside: &Beside) -> Result<Table> {
    let programs = beside.programs.iter().cloned();
    let (there, missing): (Vec<_>, Vec<_>) =
        programs.partition(|program| installed::path(&program.run[0]).is_some());
    let (columns, look): (_, fn(&RealProgram) -> Result<Vec<Text>>) = match beside.point {
        Point::Shell => (words::shell_columns(), shells::look),
        Point::Server => (words::server_columns(), servers::look),
    };
    let rows = in_parallel(&there, AT_ONCE, |program| {
        Ok(Row {
            name: program.name.clone(),
            version: installed::version(&program.package),
            cells: look(program)?,
        })
    });
    Ok(Table {
        columns,
        rows: rows.into_iter().collect::<Result<_>>()?,
        missing,
        follows: beside.follows.clone(),
    })
}
