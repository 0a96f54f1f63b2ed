//! What came of comparing a program with the lab in one scenario.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::compare::align::{Pairing, Relation, Row, pair};
use crate::compare::mismatch::{Departure, Instead, Told};
use crate::compare::process_calls::Story;
use crate::compare::record::{Program, Run, Runs};
use crate::facts::fork_order::Order;
use crate::scenario::{Difference, Scenario};
use crate::source::libc_calls::Kind;
use crate::submission::Refused;

/// A scenario, compared in every order after fork.
pub struct Outcome {
    pub lab: String,
    pub scenario: Scenario,
    /// The differences that may occur in it.
    pub differences: Vec<Difference>,
    pub trials: Vec<Trial>,
    /// Orders after fork that never came about.
    unseen: Vec<Departure>,
}

/// One run of each, in the same order after fork.
pub struct Trial {
    pub order: Order,
    pub c: Run,
    pub lab: Run,
    pub pairs: Vec<Pair>,
    /// Where the two part without its being declared.
    pub departures: Vec<Departure>,
}

/// A process of the C program and the same process of the lab.
pub struct Pair {
    pub c: Option<Story>,
    pub lab: Option<Story>,
    /// None where one of them has no counterpart.
    pub pairing: Option<Pairing>,
}

/// What came of a student's file.
pub enum Examined {
    /// It does not compile.
    Refused(Refused),
    Compared {
        /// What the compiler said.
        messages: String,
        outcomes: Vec<Outcome>,
    },
}

impl Examined {
    pub fn outcomes(&self) -> &[Outcome] {
        match self {
            Examined::Refused(_) => &[],
            Examined::Compared { outcomes, .. } => outcomes,
        }
    }

    /// What the compiler said.
    pub fn messages(&self) -> &str {
        match self {
            Examined::Refused(refused) => refused.messages(),
            Examined::Compared { messages, .. } => messages,
        }
    }

    /// Whether it compiles and departs from the lab nowhere. A textbook's mistake that it has mended is no fault.
    pub fn passes(&self) -> bool {
        let faithful = |outcome: &Outcome| outcome.departures().next().is_none();
        matches!(self, Examined::Compared { .. }) && self.outcomes().iter().all(faithful)
    }
}

impl Outcome {
    /// Runs both and compares. `differences` are those of the whole file.
    pub fn of(
        lab_name: &str,
        scenario: &Scenario,
        differences: &[Difference],
        c: &Program,
        lab: &Program,
    ) -> Result<Outcome> {
        let concerned = differences
            .iter()
            .filter(|one| one.concerns(&scenario.name));
        let differences: Vec<Difference> = concerned.cloned().collect();
        let hopeless = differences.iter().any(|one| one.rest);
        let (of_c, of_lab) = runs(scenario, hopeless, c, lab)?;
        let mut outcome = Outcome {
            lab: lab_name.to_owned(),
            scenario: scenario.clone(),
            differences,
            trials: Vec::new(),
            unseen: Vec::new(),
        };
        outcome
            .unseen
            .extend(of_c.missing.iter().map(|&order| Departure::CNever(order)));
        outcome.unseen.extend(
            of_lab
                .missing
                .iter()
                .map(|&order| Departure::LabNever(order)),
        );
        let of_c_stopped = of_c.unstarted.into_iter().map(Departure::Stopped);
        let of_lab_stopped = of_lab.unstarted.into_iter().map(Departure::LabStopped);
        outcome.unseen.extend(of_c_stopped.chain(of_lab_stopped));
        // A program that forks where the other does not is compared in its first order.
        let any = of_c.done.len() == 1 || of_lab.done.len() == 1;
        let mut of_lab: Vec<_> = of_lab.done.into_iter().map(Some).collect();
        for (order, run) in of_c.done {
            let fits = |other: &Option<(Order, Run)>| {
                other
                    .as_ref()
                    .is_some_and(|(other, _)| *other == order || any)
            };
            let place = of_lab.iter().position(fits);
            if let Some((_, other)) = place.and_then(|place| of_lab[place].take()) {
                outcome
                    .trials
                    .push(Trial::of(order, run, other, &outcome.differences));
            }
        }
        Ok(outcome)
    }

    /// The declared differences that occurred, in the order of the file.
    pub fn declared(&self) -> Vec<&Difference> {
        let occurs = |place: usize| self.trials.iter().any(|trial| trial.declares(place));
        let all = self.differences.iter().enumerate();
        all.filter(|&(place, _)| occurs(place))
            .map(|(_, one)| one)
            .collect()
    }

    /// The declared differences that did not occur, although they should.
    pub fn missing(&self) -> Vec<&Difference> {
        let occurred = self.declared();
        let all = self.differences.iter().filter(|one| !one.variant);
        all.filter(|one| occurred.iter().all(|other| other.name != one.name))
            .collect()
    }

    /// Where the two part without its being declared.
    pub fn departures(&self) -> impl Iterator<Item = &Departure> {
        let parted = self.trials.iter().flat_map(|trial| &trial.departures);
        parted.chain(&self.unseen)
    }

    /// Whether the lab is its C program here, but for what is declared; and that all does occur.
    pub fn is_faithful(&self) -> bool {
        self.departures().next().is_none() && self.missing().is_empty()
    }

    /// What libc did in the C program's first run, by purpose and call.
    pub fn ledger(&self) -> BTreeMap<Kind, BTreeMap<&str, usize>> {
        let mut ledger: BTreeMap<Kind, BTreeMap<&str, usize>> = BTreeMap::new();
        let Some(Trial { c, .. }) = self.trials.first() else {
            return ledger;
        };
        for (kind, request) in c.stories.iter().flat_map(|story| &story.ledger) {
            let calls = ledger.entry(*kind).or_default();
            *calls.entry(c.call(request)).or_default() += 1;
        }
        ledger
    }
}

/// The runs of both, with pids of as many digits: a longer pid moves what fits into a buffer.
fn runs(scenario: &Scenario, hopeless: bool, c: &Program, lab: &Program) -> Result<(Runs, Runs)> {
    let of_c = || {
        c.runs(scenario, hopeless)
            .context("the C program cannot be run")
    };
    let (mut done, mut again) = (of_c()?, 0);
    loop {
        let of_lab = lab.runs(scenario, false).context("the lab cannot be run")?;
        if !done.differ_in_digits(&of_lab) || again == 5 {
            return Ok((done, of_lab));
        }
        (done, again) = (of_c()?, again + 1);
    }
}

impl Trial {
    fn of(order: Order, c: Run, lab: Run, differences: &[Difference]) -> Trial {
        let pairs = pairs(&c.stories, &lab.stories, differences);
        let mut trial = Trial {
            order,
            c,
            lab,
            pairs,
            departures: Vec::new(),
        };
        trial.departures = trial.find_departures();
        trial
    }

    /// All rows of all processes.
    fn rows(&self) -> impl Iterator<Item = &Row> {
        let pairings = self.pairs.iter().filter_map(|pair| pair.pairing.as_ref());
        pairings.flat_map(|pairing| &pairing.rows)
    }

    fn declares(&self, place: usize) -> bool {
        self.rows()
            .any(|row| row.relation == Relation::Declared(place))
    }

    /// Whether some process is not compared to its end.
    fn goes_own_way(&self) -> bool {
        self.pairs.iter().any(|pair| pair.goes_own_way())
    }

    fn find_departures(&self) -> Vec<Departure> {
        let mut found: Vec<Departure> = self
            .pairs
            .iter()
            .filter_map(|pair| pair.departure(self))
            .collect();
        if !self.goes_own_way() {
            found.extend(self.c.transcript.stopped.clone().map(Departure::Stopped));
            if found.is_empty() {
                found.extend(self.outputs());
            }
        }
        found.extend(
            self.lab
                .transcript
                .stopped
                .clone()
                .map(Departure::LabStopped),
        );
        found.sort_by_key(Departure::rank);
        found
    }

    /// Where one process writes alone, what came out is compared as a whole too.
    fn outputs(&self) -> Vec<Departure> {
        let (c, lab) = (&self.c, &self.lab);
        let alone = |run: &Run| matches!(run.stories.as_slice(), [story] if !story.is_open());
        if !alone(c) || !alone(lab) || self.has_declared() {
            return Vec::new();
        }
        let mut found = Vec::new();
        let (left, right) = (
            c.text(&c.transcript.terminal),
            lab.text(&lab.transcript.terminal),
        );
        if !left.alike(&right) {
            found.push(Departure::Terminal {
                c: left.to_string(),
                lab: right.to_string(),
            });
        }
        let stdout = |run: &Run| {
            run.transcript
                .stdout
                .as_deref()
                .map(|bytes| run.text(bytes))
        };
        if let (Some(left), Some(right)) = (stdout(c), stdout(lab))
            && !left.alike(&right)
        {
            found.push(Departure::Stdout {
                c: left.to_string(),
                lab: right.to_string(),
            });
        }
        let offset = |run: &Run| run.transcript.stdin_offset.unwrap_or(0);
        if offset(c) != offset(lab) {
            found.push(Departure::Offset {
                c: offset(c),
                lab: offset(lab),
            });
        }
        found
    }

    /// Whether a declared difference occurs: then the whole may differ too.
    fn has_declared(&self) -> bool {
        self.rows()
            .any(|row| matches!(row.relation, Relation::Declared(_)))
    }
}

fn pairs(c: &[Story], lab: &[Story], differences: &[Difference]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for story in c {
        let counterpart = lab.iter().find(|other| other.path == story.path);
        let pairing = counterpart.map(|other| pair(story, other, differences));
        pairs.push(Pair {
            c: Some(story.clone()),
            lab: counterpart.cloned(),
            pairing,
        });
    }
    for story in lab {
        if c.iter().all(|other| other.path != story.path) {
            pairs.push(Pair {
                c: None,
                lab: Some(story.clone()),
                pairing: None,
            });
        }
    }
    pairs.sort_by(|one, other| one.path().cmp(other.path()));
    pairs
}

impl Pair {
    /// Line by line; a process without a counterpart stands alone, and is not compared.
    pub fn rows(&self) -> Vec<Row> {
        if let Some(pairing) = &self.pairing {
            return pairing.rows.clone();
        }
        let count = |story: &Option<Story>| story.as_ref().map_or(0, |story| story.requests.len());
        let of_c = (0..count(&self.c)).map(|index| (Some(index), None));
        let of_lab = (0..count(&self.lab)).map(|index| (None, Some(index)));
        let row = |(c, lab)| Row {
            c,
            lab,
            relation: Relation::Uncompared,
        };
        of_c.chain(of_lab).map(row).collect()
    }

    pub fn path(&self) -> &[usize] {
        let story = self.c.as_ref().or(self.lab.as_ref());
        story.map(|story| story.path.as_slice()).unwrap_or_default()
    }

    fn goes_own_way(&self) -> bool {
        self.pairing.as_ref().is_some_and(|pairing| pairing.free)
    }

    /// Where the two processes part.
    fn departure(&self, trial: &Trial) -> Option<Departure> {
        let process = self.c.as_ref().or(self.lab.as_ref())?.number();
        let (Some(c), Some(lab), Some(pairing)) = (&self.c, &self.lab, &self.pairing) else {
            // A child of a parent that is not compared to its end has no counterpart to look for.
            let parent = self.path().split_last().map(|(_, parent)| parent);
            let excuses =
                |pair: &Pair| pair.goes_own_way() || pair.departs() || pair.pairing.is_none();
            let excused = trial
                .pairs
                .iter()
                .any(|pair| Some(pair.path()) == parent && excuses(pair));
            let only = match self.c {
                Some(_) => Departure::OnlyTheC { process },
                None => Departure::OnlyTheLab { process },
            };
            return (!excused).then_some(only);
        };
        let told = |story: &Story, index: usize| Told {
            call: story.requests[index].text.to_string(),
            line: story.requests[index].line.as_ref().map(|line| line.line),
        };
        let mut rows = pairing.rows.iter().enumerate();
        if let Some((place, row)) = rows.find(|(_, row)| row.relation == Relation::Departure) {
            let number = row.c.or(row.lab).unwrap_or_default() + 1;
            let next = || {
                let mut of_c = pairing.rows.iter().skip(place).filter_map(|row| row.c);
                match of_c.next() {
                    Some(index) => Instead::GoesOn(told(c, index)),
                    None => Instead::Ends(c.end.clone()),
                }
            };
            return Some(Departure::Calls {
                process,
                number,
                instead: row.c.is_none().then(next),
                c: row.c.map(|index| told(c, index)),
                lab: row.lab.map(|index| told(lab, index)),
            });
        }
        pairing.ends_differ.then(|| Departure::Ends {
            process,
            c: c.end.clone(),
            lab: lab.end.clone(),
        })
    }

    fn departs(&self) -> bool {
        let rows = self.pairing.iter().flat_map(|pairing| &pairing.rows);
        rows.into_iter()
            .any(|row| row.relation == Relation::Departure)
    }
}
