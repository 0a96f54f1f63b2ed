//! What is to be seen on each terminal, step by step: what was printed, and what was typed.

use std::collections::BTreeMap;

use labscope::Entry;
use labscope::i18n::Language;
use labscope::scenario::Channel;
use labscope::text::visible::visible;
use labscope::timeline::{Screen, StepKind};
use labscope::tour::keys;
use serde_json::{Value, json};

use crate::fold::folded;
use crate::record::ShownRun;
use crate::steps::merge::Merged;
use crate::steps::words;

/// A screen: the companion whose it is, if it is not the lab's, and which.
type Name = (Option<String>, bool);

/// The screens of a run, and what each step adds to them.
pub struct Screens {
    names: Vec<Name>,
    /// By the place of the step: screen, lane, text; no lane: it was typed.
    added: BTreeMap<usize, Vec<(usize, Option<usize>, String)>>,
}

impl Screens {
    /// Follows a run.
    pub fn of(run: &ShownRun, steps: &[Merged]) -> Screens {
        let mut screens = Screens {
            names: vec![(None, false)],
            added: BTreeMap::new(),
        };
        screens.take_typed(run, steps);
        for (place, step) in steps.iter().enumerate() {
            for (pid, screen, bytes) in &step.printed {
                let Some(lane) = run.timeline.place(*pid) else {
                    continue;
                };
                let companion = run.timeline.lanes[lane].companion.clone();
                let screen = screens.place((companion, *screen == Screen::Output));
                let text = visible(&String::from_utf8_lossy(bytes));
                screens.add(place, screen, Some(lane), text);
            }
        }
        screens
    }

    /// The keys, each before the step that follows the calls which had been entered by then.
    fn take_typed(&mut self, run: &ShownRun, steps: &[Merged]) {
        let mut entered: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        for entry in &run.run.transcript.entries {
            let (who, entry) = match entry {
                Entry::With { companion, entry } => (Some(companion.as_str()), &**entry),
                entry => (None, entry),
            };
            match entry {
                Entry::Call(index) => drop(entered.insert(who, *index)),
                Entry::Typed { bytes, to } if *to == Channel::Terminal => {
                    let place = follows(run, steps, who, entered.get(&who).copied());
                    let screen = self.place((who.map(str::to_owned), false));
                    let text = keys(bytes);
                    let end = if text.ends_with('⏎') { "\n" } else { "" };
                    self.add(place, screen, None, text + end);
                }
                _ => {}
            }
        }
    }

    fn place(&mut self, name: Name) -> usize {
        let place = self.names.iter().position(|known| *known == name);
        place.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }

    fn add(&mut self, step: usize, screen: usize, lane: Option<usize>, text: String) {
        let added = self.added.entry(step).or_default();
        match added.last_mut() {
            Some((known, who, before)) if (*known, *who) == (screen, lane) => {
                before.push_str(&text)
            }
            _ => added.push((screen, lane, text)),
        }
    }

    /// What a step adds.
    pub fn at(&mut self, step: usize, language: Language) -> Vec<Value> {
        let added = self.added.remove(&step).unwrap_or_default().into_iter();
        added
            .map(|(screen, lane, text)| json!([screen, lane, folded(&text, language)]))
            .collect()
    }

    /// The names of the screens.
    pub fn names(&self, language: Language) -> Vec<String> {
        let name = |(companion, is_output): &Name| {
            let what = match is_output {
                true => words::standard_output(language),
                false => words::terminal(language),
            };
            match companion {
                Some(companion) => format!("{companion}: {what}"),
                None => what.to_owned(),
            }
        };
        self.names.iter().map(name).collect()
    }
}

/// The first step of a program after all of its calls up to that one have been entered.
fn follows(run: &ShownRun, steps: &[Merged], who: Option<&str>, call: Option<usize>) -> usize {
    let own = |step: &Merged| {
        let lane = run.timeline.lane(step.pid);
        lane.is_some_and(|lane| lane.companion.as_deref() == who)
    };
    let is_entered = |step: &Merged| {
        let known = step.call.zip(call).is_some_and(|(one, last)| one <= last);
        known && !matches!(step.kind, StepKind::Returns(_))
    };
    let last = steps.iter().rposition(|step| own(step) && is_entered(step));
    let from = last.map_or(0, |last| last + 1);
    let next = steps.iter().skip(from).position(own);
    next.map_or(steps.len().saturating_sub(1), |next| from + next)
}
