//! The whole result: what the tables, the picture and `--json` show.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::columns::{COLUMNS, Figure};
use crate::creation::Creation;
use crate::growth::Level;
use crate::ladder::Ladder;
use crate::listing::Listing;
use crate::machine::Machine;
use crate::variant::Variant;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    pub variant: Variant,
    /// By the key of the column.
    pub figures: BTreeMap<String, Figure>,
    pub growth: Vec<Level>,
}

impl Row {
    pub fn new(variant: Variant) -> Row {
        Row {
            variant,
            figures: BTreeMap::new(),
            growth: Vec::new(),
        }
    }

    /// The figure in a column, if it could be measured.
    pub fn figure(&self, key: &str) -> Option<&Figure> {
        self.figures.get(key)
    }

    pub fn put(&mut self, key: &str, figure: Option<Figure>) {
        debug_assert!(COLUMNS.iter().any(|column| column.key == key), "{key}");
        if let Some(figure) = figure {
            self.figures.insert(key.to_owned(), figure);
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    pub machine: Machine,
    pub quick: bool,
    /// The CPU that the pinned part ran on.
    pub pinned_to: usize,
    /// How long it all took, in seconds.
    pub seconds: f64,
    /// How many other processes had or wanted a processor between measurements, in the mean.
    #[serde(default)]
    pub others: f64,
    pub rows: Vec<Row>,
    /// What a process or a thread costs, by memory.
    pub creation: Vec<Creation>,
    /// `myps` beside `ps -ef`.
    pub listing: Listing,
    /// The ways to serve many clients.
    pub ladder: Ladder,
    pub holds: Vec<Hold>,
    /// What could not be had here, and why.
    pub notes: Vec<String>,
}

/// A number that the project has promised, and what this run saw of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    pub what: String,
    /// `<=` or `>=`
    pub relation: String,
    pub limit: f64,
    /// None where it could not be measured.
    pub measured: Option<f64>,
    pub held: Option<bool>,
    /// What the floor would measure in the lab's place, where that is compared with another row:
    /// no program does better.
    pub floor: Option<f64>,
}

/// What is promised of a number.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Hold {
    /// What a run saw of a promise.
    pub fn of(what: &str, bound: Bound, measured: Option<f64>, floor: Option<f64>) -> Hold {
        let (relation, limit) = match bound {
            Bound::AtMost(limit) => ("<=", limit),
            Bound::AtLeast(limit) => (">=", limit),
        };
        let is_held = |value: f64| match bound {
            Bound::AtMost(limit) => value <= limit,
            Bound::AtLeast(limit) => value >= limit,
        };
        Hold {
            what: what.to_owned(),
            relation: relation.to_owned(),
            limit,
            measured,
            held: measured.map(is_held),
            floor,
        }
    }
}

/// From so many others on a machine is busy: then times tell of it, too.
const BUSY: f64 = 0.5;

impl Report {
    /// Whether others took so much of the machine that times are no verdict.
    pub fn is_busy(&self) -> bool {
        self.others >= BUSY
    }

    pub fn row(&self, variant: Variant) -> Option<&Row> {
        self.rows.iter().find(|row| row.variant == variant)
    }

    /// A figure by row and column.
    pub fn figure(&self, variant: Variant, key: &str) -> Option<&Figure> {
        self.row(variant)?.figure(key)
    }

    /// How many times another row's figure a row's figure is.
    pub fn ratio(&self, row: Variant, other: Variant, key: &str) -> Option<f64> {
        self.figure(row, key)?.times(self.figure(other, key)?)
    }

    /// Fills in how many times the lab's figure each figure is.
    pub fn relate(&mut self) {
        let Some(labs) = self.row(Variant::Rawlabs).map(|row| row.figures.clone()) else {
            return;
        };
        for (key, figure) in self.rows.iter_mut().flat_map(|row| &mut row.figures) {
            figure.ratio = labs.get(key).and_then(|lab| figure.times(lab));
        }
    }

    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).context("cannot write the report as JSON")
    }

    pub fn from_json(text: &str) -> Result<Report> {
        serde_json::from_str(text).context("this is not a report")
    }
}
