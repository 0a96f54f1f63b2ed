//! The shown runs step by step, as data for the script: who acts, from which lines, and what changes.
//!
//! All of it is read off the recorded run: its timeline tells the steps, their states and descriptors, the comparison
//! tells which line of the C answers.

mod buffers;
mod lines;
mod merge;
mod places;
mod screens;
mod variables;
pub mod words;

use std::collections::HashMap;

use labscope::compare::{Order, ProcessCalls};
use labscope::i18n::Language;
use labscope::text::descriptor::descriptor;
use labscope::text::shorten;
use labscope::timeline::svg::{Places as Drawn, process_class};
use labscope::timeline::{Lane, State, StepKind, Timeline};
use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use crate::pairs::LinePairs;
use crate::record::{Recorded, ShownRun};
use buffers::Buffers;
use lines::{CallLines, lines};
use merge::{Merged, merged};
pub use places::Places;
use screens::Screens;
use variables::Variables;

/// The name of a run in an address: its scenario, and the order where there are two.
pub fn id(run: &ShownRun) -> String {
    let scenario = &run.scenario.name;
    match run.order {
        Some(Order::ChildFirst) => format!("{scenario}.child"),
        Some(Order::ParentFirst) => format!("{scenario}.parent"),
        _ => scenario.clone(),
    }
}

/// What an address says of a step; steps are counted from 1 there.
pub fn address(run: &ShownRun, step: usize) -> String {
    format!("step={}.{}", id(run), step + 1)
}

/// All runs of a page, for the script.
pub fn data(recorded: &Recorded, pairs: &LinePairs, language: Language) -> Markup {
    let outcomes = recorded.outcomes_in_order().into_iter();
    let runs = outcomes.flat_map(|one| recorded.runs_of(&one.scenario.name));
    let runs: Vec<Value> = runs
        .map(|run| of_run(recorded, pairs, run, language))
        .collect();
    let data = json!({ "words": words::of_script(language), "runs": runs });
    // Nothing in it may end the element.
    let text = data.to_string().replace('<', "\\u003c");
    html! { script #steps type="application/json" { (PreEscaped(text)) } }
}

fn of_run(recorded: &Recorded, pairs: &LinePairs, run: &ShownRun, language: Language) -> Value {
    let timeline = &run.timeline;
    let places = Drawn::of(timeline, language);
    let bars = places.bars().map(f64::round);
    let lanes = timeline.lanes.iter().zip(bars);
    let lanes = lanes.zip(timeline.colours()).map(|((lane, bar), colour)| {
        json!({
            "name": number(run, lane), "program": lane.title(lane.born), "pid": lane.pid, "bar": bar,
            "class": process_class(colour), "of": lane.companion, "thread": lane.thread.is_some(),
        })
    });
    let mut writer = StepWriter {
        texts: Vec::new(),
        buffers: Buffers::default(),
        variables: Variables::default(),
        run,
        lines: lines(recorded, pairs, run),
        places: &places,
        language,
    };
    let steps = merged(timeline);
    let mut screens = Screens::of(run, &steps);
    let written: Vec<Value> = steps
        .iter()
        .enumerate()
        .map(|(place, step)| writer.step(step, screens.at(place, language)))
        .collect();
    json!({
        "id": id(run),
        "scenario": run.scenario.name,
        "title": run.scenario.title.get(language),
        "order": run.order.and_then(|order| order.say(language)),
        "left": places.left().round(),
        "bottom": places.bottom().round(),
        "lanes": lanes.collect::<Vec<_>>(),
        "screens": screens.names(language),
        "texts": writer.texts,
        "steps": written,
    })
}

/// The number of a process as the tables of calls have it: `1.2`; of a companion with its name.
fn number(run: &ShownRun, lane: &Lane) -> String {
    if let Some(companion) = &lane.companion {
        return match lane.number {
            1 => companion.clone(),
            number => format!("{companion} {number}"),
        };
    }
    let mut processes = run.run.processes.iter();
    let process = processes.find(|process| process.thread == lane.pid);
    process.map_or_else(|| lane.number.to_string(), ProcessCalls::number)
}

/// What the steps of a run are written with.
struct StepWriter<'a> {
    run: &'a ShownRun,
    lines: HashMap<usize, CallLines>,
    places: &'a Drawn,
    language: Language,
    /// Each text once: many steps make the same call.
    texts: Vec<String>,
    buffers: Buffers,
    variables: Variables,
}

impl StepWriter<'_> {
    fn timeline(&self) -> &Timeline {
        &self.run.timeline
    }

    /// A step; what is not there has not changed.
    fn step(&mut self, step: &Merged, printed: Vec<Value>) -> Value {
        let lane = self.timeline().place(step.pid).unwrap_or(0);
        let is_own = self.timeline().lanes[lane].companion.is_none();
        let call = step.call.filter(|_| is_own);
        let lines = call.and_then(|call| self.lines.get(&call));
        let (kind, label) = self.kind(&step.kind);
        let buffers = self.buffers.after(self.run, step);
        let lines = lines.map(|lines| (lines.c, lines.rust, lines.say(&step.kind)));
        let (c, rust, told) = lines.unwrap_or_default();
        let text = told.map_or(label, |told| shorten::call(&told));
        let text = self.text(text);
        let (states, tables) = (self.states(step), self.tables(step));
        let memory = self.memory(step);
        let x = self.places.x(step.at).round() as i64;
        let mut value = json!({ "p": lane, "k": kind, "t": text, "x": x });
        let mut put = |name: &str, it: Option<Value>| {
            if let Some(it) = it {
                value[name] = it;
            }
        };
        put("c", c.map(Value::from));
        put("r", rust.map(Value::from));
        put("n", (step.count > 1).then(|| json!(step.count)));
        put("o", some(printed));
        put("s", some(states));
        put("f", some(tables));
        put("m", memory);
        put("w", some(buffers));
        value
    }

    fn kind(&self, kind: &StepKind) -> (&'static str, String) {
        match kind {
            StepKind::Call(label) => ("call", label.clone()),
            StepKind::Enters(label) => ("enter", label.clone()),
            StepKind::Returns(label) => ("return", label.clone()),
            StepKind::Signal(name) => ("signal", name.clone()),
            StepKind::Stopped(name) => ("stop", name.clone()),
            StepKind::Ended(status) => ("end", words::ended(self.language, *status)),
        }
    }

    /// Lane, class and words of each state that is another now.
    fn states(&mut self, step: &Merged) -> Vec<Value> {
        let mut states = Vec::new();
        for (pid, state) in &step.states {
            let Some(lane) = self.timeline().place(*pid) else {
                continue;
            };
            let (class, text) = match state {
                Some(State::Blocked(call)) => ("blocked", words::asleep_in(self.language, call)),
                Some(state) => (class(state), state.say(self.language)),
                None => ("gone", words::gone(self.language).to_owned()),
            };
            states.push(json!([lane, class, self.text(text)]));
        }
        states
    }

    /// Lane and rows of each table of descriptors that is another now.
    fn tables(&mut self, step: &Merged) -> Vec<Value> {
        let mut tables = Vec::new();
        for (pid, rows) in &step.tables {
            let Some(lane) = self.timeline().place(*pid) else {
                continue;
            };
            let rows = rows.iter().map(|(number, target)| {
                let target = descriptor(*number, target, self.language);
                json!([number, self.text(target)])
            });
            let rows: Vec<Value> = rows.collect();
            tables.push(json!([lane, rows]));
        }
        tables
    }

    /// The place of a text among those of the run.
    fn text(&mut self, text: String) -> usize {
        let known = self.texts.iter().position(|known| *known == text);
        known.unwrap_or_else(|| {
            self.texts.push(text);
            self.texts.len() - 1
        })
    }

    /// Shared memory and semaphores, and variables behind a fork, where they change with this step.
    fn memory(&mut self, step: &Merged) -> Option<Value> {
        let within = |at: f64| step.from < at && at <= step.at;
        let timeline = self.timeline();
        let shared = timeline.shared.iter().rfind(|one| within(one.at));
        let shared = shared.map(|one| timeline.say_shared(&one.objects, self.language));
        let variables = self.variables.after(self.run, step, self.language);
        if shared.is_none() && variables.is_empty() {
            return None;
        }
        Some(json!({ "shared": shared, "variables": variables }))
    }
}

fn some(list: Vec<Value>) -> Option<Value> {
    (!list.is_empty()).then(|| Value::from(list))
}

fn class(state: &State) -> &'static str {
    match state {
        State::Running => "running",
        State::Sleeping => "sleeping",
        State::Blocked(_) => "blocked",
        State::Held(_) => "held",
        State::Stopped(_) => "stopped",
        State::Zombie => "zombie",
        State::Folded(_) => "folded",
    }
}
