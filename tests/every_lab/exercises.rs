//! The skeletons of `make try-<lab>`: what is left out of a lab's C program is told, and nothing else is.

use std::fs;

use labscope::Language;
use labscope::compare::ScenarioResult;
use labscope::exercise::{Exercise, Reference, Region, blamed};
use libtest_mimic::Trial;

use crate::programs::{c, compile, scenarios, source};
use crate::support::trials::{each_lab, name_of};
use crate::support::{self, Scratch, labs, root};

pub fn trials() -> Vec<Trial> {
    let shown = "make try-{lab} ONCE=1 HINT=3";
    let whole = each_lab("skeleton_filled_in_is_the_c", shown, is_whole);
    let gaps = labs().into_iter().flat_map(|lab| {
        let exercise = exercise(&lab);
        let regions = exercise.regions.iter().enumerate();
        let trial = |(number, region): (usize, &Region)| {
            let promise = format!("gap_is_told::{}", name_of(&region.gap.name));
            let shown = format!("make try-{lab}");
            let subject = support::trials::Subject::lab(&lab);
            subject.trial(&promise, shown, move |subject| {
                is_told(&subject.lab, number)
            })
        };
        regions.map(trial).collect::<Vec<_>>()
    });
    gaps.chain(whole).collect()
}

fn exercise(lab: &str) -> Exercise {
    Exercise::of(root(), lab).unwrap_or_else(|error| panic!("{lab}: {error:#}"))
}

/// The skeleton compiles, with its solutions it is the C program again, and each gap has hints to the last.
fn is_whole(lab: &str) -> Vec<String> {
    support::labscope();
    let exercise = exercise(lab);
    let mut found = Vec::new();
    if exercise.regions.is_empty() {
        found.push("it has no [[gap]]".to_owned());
    }
    let filled = exercise.with_gaps(|_| true, |region| exercise.solution(region));
    if filled != fs::read_to_string(source(lab)).unwrap() {
        found.push("its skeleton with all solutions is not the C program".to_owned());
    }
    let folder = Scratch::new();
    let name = format!("{lab}.c");
    folder.file(&name, exercise.skeleton(Language::Ko));
    let skeleton = exercise.skeleton(Language::En);
    folder.file(&name, &skeleton);
    found.extend(compile(lab, &folder.path(&name)).err());
    for region in &exercise.regions {
        let name = &region.gap.name;
        if !exercise.is_untouched(&skeleton, region) || exercise.is_untouched(&filled, region) {
            found.push(format!("gap {name}: it is not seen whether it is empty"));
        }
        let reference = Reference::of(root(), lab, &exercise, region).unwrap();
        if reference.pages.is_empty() || reference.rust.is_none() {
            found.push(format!(
                "gap {name}: its call has no man page, or no line in the lab"
            ));
        }
    }
    found
}

/// Without the lines of a gap, and without its TODO, the program parts from the C, and the gap is named.
fn is_told(lab: &str, number: usize) -> Vec<String> {
    support::labscope();
    let (exercise, folder) = (exercise(lab), Scratch::new());
    let own = |region: &Region| std::ptr::eq(region, &exercise.regions[number]);
    let name = format!("{lab}.c");
    folder.file(&name, exercise.with_gaps(own, |_| String::new()));
    let compiled = match compile(lab, &folder.path(&name)) {
        Ok(compiled) => compiled,
        Err(error) => return vec![error],
    };
    let twin = c(&support::twin(lab));
    let mut seen = Vec::new();
    for scenario in &scenarios(lab).scenarios {
        let result = ScenarioResult::of(lab, scenario, &[], &compiled.program, &twin);
        let result = result.unwrap_or_else(|error| panic!("{error:#}"));
        match blamed(&exercise, &result) {
            Some(gap) if gap == number => return Vec::new(),
            Some(gap) => seen.push(format!("{} is blamed", exercise.regions[gap].gap.name)),
            None => {}
        }
        let said = result.mismatches().map(|one| one.say(Language::En));
        seen.extend(said.map(|what| format!("{}: {what}", scenario.name)));
        if blamed(&exercise, &result).is_some() {
            break;
        }
    }
    seen.insert(0, "it is not told".to_owned());
    seen
}
