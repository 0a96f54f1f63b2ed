//! The fault drills of `make fault-<lab>`: each lab has one, whatever fails in a scenario is one, and each asks its question and
//! then shows what compare sees.

use labscope::Language;
use labscope::compare::{ProcessCalls, ProcessEnd, ScenarioResult};
use labscope::fault::{What, failures};
use labscope::scenario::{Scenario, Step, Wiring};
use labscope::trace::tracer::Injection;
use libtest_mimic::Trial;
use nix::sys::signal::Signal;

use crate::programs::{c, compare, lab};
use crate::support::trials::{Subject, each_lab, scenarios};
use crate::support::{self, bounded, labscope, output, root, scenarios_of, text_of};

pub fn trials() -> Vec<Trial> {
    let drills = scenarios().into_iter().filter_map(|(subject, scenario)| {
        scenario.fault.as_ref()?;
        let shown = format!("make fault-{} FAULT={}", subject.lab, scenario.name);
        let trial = move |subject: &Subject| shows_both(&subject.lab, &scenario);
        Some(subject.trial("fault_drill_shows_both_outcomes", shown, trial))
    });
    let drills: Vec<Trial> = drills.collect();
    let has_one = each_lab("has_a_fault_drill", "{room}", has_one);
    let all = each_lab("each_fault_has_its_question", "make fault-{lab}", all_ask);
    drills.into_iter().chain(has_one).chain(all).collect()
}

fn has_one(lab: &str) -> Vec<String> {
    let file = scenarios_of(lab);
    match file.scenarios.iter().any(|one| one.fault.is_some()) {
        true => Vec::new(),
        false => vec!["no scenario has `fault`".to_owned()],
    }
}

fn all_ask(lab: &str) -> Vec<String> {
    let file = scenarios_of(lab);
    let silent = file.scenarios.iter().filter(|one| one.fault.is_none());
    let failing = silent.filter(|one| something_fails(one));
    failing
        .map(|one| format!("something fails in `{}`, which has no `fault`", one.name))
        .collect()
}

/// Whether a call is made to fail or left out, a signal or an output without room is put in its way, or somebody is killed while
/// it goes on. A sleep may be shortened, and the three ways of wiring a lab may end by a kill.
fn something_fails(scenario: &Scenario) -> bool {
    let fails = |text: &String| {
        let injection: Injection = text.parse().expect("an injection");
        let shortens = injection.concerns("clock_nanosleep") && injection.change.result == Some(0);
        let change = injection.change;
        change.signal.is_some() || change.result.is_some() && !shortens
    };
    let no_room = Wiring::Path("/dev/full".to_owned());
    let unusable = |wiring: &Wiring| *wiring == Wiring::Closed || *wiring == no_room;
    let is_kill = |step: &Step| {
        let kill = Signal::SIGKILL;
        matches!(step, Step::Signal { signal, .. } if *signal == kill)
    };
    let kills = |step: &Step| match step {
        Step::With { step, .. } => is_kill(step),
        step => is_kill(step),
    };
    let goes_on = match scenario.steps.as_slice() {
        [meanwhile @ .., _] => meanwhile,
        [] => &[],
    };
    let is_wiring = ["tty", "pipe", "file"].contains(&scenario.name.as_str());
    scenario.inject.iter().any(fails)
        || unusable(&scenario.stdin)
        || unusable(&scenario.stdout)
        || !is_wiring && goes_on.iter().any(kills)
}

/// The question, then of both programs the call in which it goes wrong, and how each process ends.
fn shows_both(name: &str, scenario: &Scenario) -> Vec<String> {
    let fault = scenario.fault.as_ref().expect("a fault");
    let mut found = Vec::new();
    if !fault.en.ends_with('?') || !fault.ko.ends_with('?') {
        found.push("`fault` is a question".to_owned());
    }
    support::traced(name);
    let twin = c(&support::twin(name));
    let text = match drill(name, scenario) {
        Ok(text) => text,
        Err(text) => return vec![text],
    };
    let outcome = match compare(name, &scenario.name, &twin, &lab(root(), name)) {
        Ok(outcome) => outcome,
        Err(error) => return vec![error],
    };
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !words(&text).contains(&words(&fault.en)) {
        found.push(format!("the question is not asked:\n{text}"));
    }
    let both = text.split_once("\nthe C program\n");
    let both = both.and_then(|(_, behind)| behind.split_once("\nthe lab\n"));
    let Some((of_c, of_lab)) = both else {
        found.push(format!("there are no two outcomes:\n{text}"));
        return found;
    };
    for says in expected(&outcome) {
        let (part, says) = match says {
            Says::C(says) => (of_c, says),
            Says::Lab(says) => (of_lab, says),
        };
        if !part.contains(&says) {
            found.push(format!("{says:?} does not stand there:\n{part}"));
        }
    }
    let verdict = format!("C and Rust: {}", outcome.verdict().say(Language::En));
    if !text.contains(&verdict) {
        found.push(format!("{verdict:?} does not stand there:\n{text}"));
    }
    found
}

fn drill(lab: &str, scenario: &Scenario) -> Result<String, String> {
    let mut command = bounded(labscope());
    command.arg("--root").arg(root()).args(["--lang", "en"]);
    command.args(["fault", lab, "--fault", &scenario.name]);
    let told = output(&mut command);
    match told.status.success() {
        true => Ok(text_of(&told)),
        false => Err(text_of(&told)),
    }
}

/// What stands in the part of one of the two.
enum Says {
    C(String),
    Lab(String),
}

/// The names of the calls in which it goes wrong or the signals that come, and the ends that no clock decides.
fn expected(outcome: &ScenarioResult) -> Vec<Says> {
    let run_pair = outcome.shown().expect("a run");
    let c: Vec<&ProcessCalls> = run_pair.pairs.iter().flat_map(|it| &it.c).collect();
    let lab: Vec<&ProcessCalls> = run_pair.pairs.iter().flat_map(|it| &it.lab).collect();
    let ends = |process: &&ProcessCalls| match &process.end {
        ProcessEnd::Cut => None,
        end => Some(end.say(Language::En)),
    };
    let of = |run, processes: &[&ProcessCalls]| {
        let failures = failures(&outcome.scenario, run, processes);
        let wrong = failures.iter().map(|one| match &one.what {
            // The process may have gone a call further in another run.
            What::Signal(signal) => format!("{signal} comes"),
            _ => format!("  {}(", one.call.name),
        });
        wrong.chain(processes.iter().filter_map(ends)).collect()
    };
    let of_c: Vec<String> = of(&run_pair.c, &c);
    let of_lab: Vec<String> = of(&run_pair.lab, &lab);
    let is_wrong = |says: &&String| says.ends_with('(') || says.ends_with(" comes");
    let wrong = of_c.iter().chain(&of_lab).filter(is_wrong);
    assert!(wrong.count() > 0, "nothing goes wrong in it");
    let of_c = of_c.into_iter().map(Says::C);
    of_c.chain(of_lab.into_iter().map(Says::Lab)).collect()
}
