//! How a process of the C program stands beside the lab's.

use std::collections::BTreeMap;

/// What stands on one line of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Same,
    /// Declared, by the difference of that place in the list.
    Declared(usize),
    /// Not declared, but only said in other words.
    Wording,
    /// Not declared: this is where they part.
    Mismatch,
    /// One of the two was ended from outside before it came to this.
    Beyond,
    /// Of a process that the other program has not.
    Uncompared,
}

/// One line: a call of the C program, of the lab, or of both, by their places in the processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlignedRow {
    pub c: Option<usize>,
    pub lab: Option<usize>,
    pub relation: Relation,
}

/// How one process of the C program compares to the lab's.
#[derive(Clone, Debug)]
pub struct Alignment {
    pub rows: Vec<AlignedRow>,
    /// What a call of the C says in other words that stands beside no call of the lab, by its place.
    pub meant: BTreeMap<usize, Meant>,
    /// They end with a declared difference, so that one of them may not get through the scenario.
    pub free: bool,
    /// The ends differ, and no declared difference explains it.
    pub ends_differ: bool,
}

/// What is said in other words.
#[derive(Clone, Debug)]
pub enum Meant {
    /// That call of the lab.
    Call(usize),
    /// What a declared difference says of the C.
    Declared(String),
}

/// Rows for the next calls of both, side by side as far as there are pairs.
pub fn beside(
    i: usize,
    of_c: usize,
    j: usize,
    of_lab: usize,
    relation: Relation,
) -> impl Iterator<Item = AlignedRow> {
    (0..of_c.max(of_lab)).map(move |step| AlignedRow {
        c: (step < of_c).then_some(i + step),
        lab: (step < of_lab).then_some(j + step),
        relation,
    })
}
