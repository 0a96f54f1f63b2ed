//! One row: a call of the C program, of the lab, or of both, with the lines that made them.

use std::collections::BTreeMap;

use labscope::compare::{
    AlignedRow, NormalizedCall, ProcessPair, ProgramRun, Relation, RunPair, ScenarioResult,
};
use labscope::i18n::compare;
use labscope::i18n::libc::times;
use labscope::text::shorten;
use maud::{Markup, html};

use super::items::Item;
use crate::edition::Edition;
use crate::pairs::{LineId, line_of};
use crate::rows::request;
use crate::words;

/// What the rows of a process are written with.
pub struct RowWriter<'a> {
    pub edition: &'a Edition<'a>,
    pub outcome: &'a ScenarioResult,
    pub run_pair: &'a RunPair,
    pub pair: &'a ProcessPair,
}

/// One program's half of a row.
struct Half {
    /// The number of the line, as a link to it.
    line: Markup,
    call: String,
    /// The line, if it is one of this page.
    own: Option<LineId>,
}

impl RowWriter<'_> {
    /// The row of an item.
    pub fn html(&self, item: &Item) -> Markup {
        match item {
            Item::Call(row) => self.call(*row),
            Item::Libc(call) => {
                let half = self.half(&self.run_pair.c, call, LineId::C);
                html! {
                    tr.libc data-of=[half.own] {
                        td { (half.line) } td { code { (half.call) } } td {} td {}
                    }
                }
            }
            Item::BeforeMain(calls) => self.before_main(calls),
            Item::More(count) => {
                let text = compare::calls_more(self.edition.language, *count);
                html! { tr.more { td {} td colspan="2" { (text) } td {} } }
            }
        }
    }

    fn call(&self, row: AlignedRow) -> Markup {
        let (c, lab) = (&self.pair.c, &self.pair.lab);
        let (of_c, of_lab) = (request(c, row.c), request(lab, row.lab));
        let left = of_c.map(|one| self.half(&self.run_pair.c, one, LineId::C));
        let right = of_lab.map(|one| self.half(&self.run_pair.lab, one, LineId::Rust));
        let (class, difference) = match row.relation {
            Relation::Same => ("", None),
            Relation::Declared(place) => ("declared", self.outcome.differences.get(place)),
            Relation::Wording | Relation::Mismatch => ("departure", None),
            Relation::Beyond => ("beyond", None),
            Relation::Uncompared => ("uncompared", None),
        };
        let own = [&left, &right].map(|half| half.as_ref().and_then(|half| half.own));
        let own: Vec<String> = own.iter().flatten().map(LineId::to_string).collect();
        let own = (!own.is_empty()).then(|| own.join(" "));
        let why = difference.map(|one| one.name.as_str());
        // The reason stands on the right, unless nothing else does.
        let (why_left, why_right) = match right {
            Some(_) => (None, why),
            None => (why, None),
        };
        let calls = [&left, &right].map(|half| half.as_ref().map(|half| &half.call));
        let is_told = row.relation == Relation::Same && calls[0] == calls[1];
        html! {
            tr class=[(!class.is_empty()).then_some(class)] data-of=[own] {
                td { @if let Some(half) = &left { (half.line) } }
                (cell(&left, why_left))
                @if is_told { td { "=" } } @else { (cell(&right, why_right)) }
                td { @if let Some(half) = &right { (half.line) } }
            }
        }
    }

    fn before_main(&self, calls: &[&NormalizedCall]) -> Markup {
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for call in calls {
            *names.entry(self.run_pair.c.call(call)).or_default() += 1;
        }
        let names = names.into_iter().map(|(name, count)| times(name, count));
        let names: Vec<String> = names.collect();
        let text = words::before_main(self.edition.language, calls.len());
        html! {
            tr.libc { td {} td { (text) a href="#ledger" { (names.join(", ")) } } td {} td {} }
        }
    }

    fn half(&self, run: &ProgramRun, request: &NormalizedCall, side: fn(u32) -> LineId) -> Half {
        let (program, number) = line_of(run, request);
        let line = number.map(side);
        Half {
            line: program
                .zip(number)
                .zip(line)
                .map_or_else(Markup::default, |((program, number), line)| {
                    self.line(program, number, line)
                }),
            call: shorten::call(&request.to_string()),
            own: line.filter(|_| program == Some(self.outcome.lab.as_str())),
        }
    }

    /// After exec a line is another lab's.
    fn line(&self, program: &str, number: u32, line: LineId) -> Markup {
        if program == self.outcome.lab {
            return html! { a href={ "#" (line) } { (number) } };
        }
        match self.edition.links.page(program, self.edition.language) {
            Some(page) => html! { a href={ (page) "#" (line) } { (program) " " (number) } },
            None => html! { (program) " " (number) },
        }
    }
}

fn cell(half: &Option<Half>, why: Option<&str>) -> Markup {
    html! {
        td {
            @if let Some(half) = half { code { (half.call) } }
            @if let Some(name) = why { " " a.why href={ "#difference-" (name) } { (name) } }
        }
    }
}
