//! What stands in the table of a process, in order: its calls, libc's in between, and what is left out.

use std::collections::BTreeSet;

use labscope::compare::{AlignedRow, NormalizedCall, ProcessPair};
use labscope::scenario::Difference;

use crate::rows::{request, rows};

/// So many rows of a process are shown in any case; later ones only if they say something new.
const SHOWN: usize = 40;

/// A row of the table.
pub enum Item<'a> {
    Call(AlignedRow),
    /// A call of libc on behalf of a line of the C program.
    Libc(&'a NormalizedCall),
    /// Calls of libc that no line asked for, made before main.
    BeforeMain(Vec<&'a NormalizedCall>),
    /// So many calls like those above.
    More(usize),
}

/// The rows for a process of the C program and the same process of the lab.
pub fn items<'a>(pair: &'a ProcessPair, differences: &[Difference]) -> Vec<Item<'a>> {
    let mut gathered = Gathered::default();
    let mut libc = libc(pair).into_iter().peekable();
    for row in rows(pair, differences) {
        if let Some(index) = request(&pair.c, row.c).map(|one| one.index) {
            while let Some(call) = libc.next_if(|call| call.index < index) {
                gathered.libc(call);
            }
        }
        gathered.row(pair, row);
    }
    libc.for_each(|call| gathered.libc(call));
    gathered.leave_out();
    gathered.items
}

/// What libc did, in order of time.
fn libc(pair: &ProcessPair) -> Vec<&NormalizedCall> {
    let ledger = pair.c.iter().flat_map(|process| &process.ledger);
    let mut calls: Vec<&NormalizedCall> = ledger.map(|(_, call)| call).collect();
    calls.sort_by_key(|call| call.index);
    calls
}

#[derive(Default)]
struct Gathered<'a> {
    items: Vec<Item<'a>>,
    /// What has been said already: which lines made which calls, and how they compare.
    said: BTreeSet<String>,
    hidden: usize,
}

impl<'a> Gathered<'a> {
    fn row(&mut self, pair: &ProcessPair, row: AlignedRow) {
        let (c, lab) = (request(&pair.c, row.c), request(&pair.lab, row.lab));
        let key = format!("{:?} {:?} {:?}", row.relation, c.map(told), lab.map(told));
        self.add(key, Item::Call(row));
    }

    fn libc(&mut self, call: &'a NormalizedCall) {
        if call.line.is_some() {
            let key = format!("libc {:?}", told(call));
            return self.add(key, Item::Libc(call));
        }
        match self.items.last_mut() {
            Some(Item::BeforeMain(calls)) if self.hidden == 0 => calls.push(call),
            _ => {
                self.leave_out();
                self.items.push(Item::BeforeMain(vec![call]));
            }
        }
    }

    fn add(&mut self, key: String, item: Item<'a>) {
        let is_new = self.said.insert(key);
        if self.items.len() >= SHOWN && !is_new {
            self.hidden += 1;
            return;
        }
        self.leave_out();
        self.items.push(item);
    }

    fn leave_out(&mut self) {
        let hidden = std::mem::take(&mut self.hidden);
        if hidden > 0 {
            self.items.push(Item::More(hidden));
        }
    }
}

fn told(call: &NormalizedCall) -> (&str, Option<u32>) {
    (&call.name, call.line.as_ref().map(|line| line.line))
}
