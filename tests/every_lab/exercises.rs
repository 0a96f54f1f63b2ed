//! The skeletons of `make try-<lab>`: what is left out of a lab's C program is told, and nothing else is.

use std::fs;

use labscope::Language;
use labscope::cli::attempt_in_rust::{exercise_in_rust, rust_program};
use labscope::compare::{ComparedProgram, ScenarioResult};
use labscope::exercise::{Exercise, Reference, Region, blamed};
use libtest_mimic::Trial;

use crate::programs::{c as c_program, compare, compile, lab as lab_program, means, source};
use crate::support::trials::{each_lab, name_of};
use crate::support::{self, Scratch, labs, root, scenarios_of};

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
    let shown = "make try-{lab} IN=rust ONCE=1";
    let in_rust = each_lab(
        "rust_skeleton_filled_in_is_the_lab",
        shown,
        is_whole_in_rust,
    );
    gaps.chain(whole).chain(in_rust).collect()
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
    let twin = c_program(&support::twin(lab));
    let mut seen = Vec::new();
    for scenario in &scenarios_of(lab).scenarios {
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

/// In Rust: filled in it is the lab, and does what the lab does; each gap is seen as long as it is empty; and one that is left
/// out of a program that compiles without it is named.
fn is_whole_in_rust(lab: &str) -> Vec<String> {
    support::labscope();
    support::traced(lab);
    support::twin(lab);
    support::rust_recipe();
    let c = exercise(lab);
    let rust = exercise_in_rust(root(), lab).unwrap_or_else(|error| panic!("{lab}: {error:#}"));
    let mut found = Vec::new();
    let filled = rust.with_gaps(|_| true, |region| rust.solution(region));
    if filled != fs::read_to_string(support::source(lab, "rs")).unwrap() {
        found.push("its skeleton with all solutions is not the lab".to_owned());
    }
    let skeleton = rust.skeleton(Language::Ko);
    for region in &rust.regions {
        let name = &region.gap.name;
        if !rust.is_untouched(&skeleton, region) || rust.is_untouched(&filled, region) {
            found.push(format!("gap {name}: it is not seen whether it is empty"));
        }
    }
    let scratch = Scratch::new();
    match program(lab, &rust.completed(&skeleton), &scratch) {
        Ok(program) => found.extend(parts_from_the_c(lab, &program)),
        Err(error) => found.push(error),
    }
    let missing = c.regions.len() - rust.regions.len();
    if rust.regions.is_empty() || missing > 2 {
        found.push(format!("{missing} of its gaps have no lines in Rust"));
    }
    found.extend(one_is_told_in_rust(lab, &rust));
    found
}

/// Where a program parts from the C as the lab does not, in its first scenarios.
fn parts_from_the_c(lab: &str, program: &ComparedProgram) -> Vec<String> {
    let twin = c_program(&support::twin(lab));
    let scenarios = &scenarios_of(lab).scenarios;
    let found = scenarios.iter().take(2).flat_map(|scenario| {
        match compare(lab, &scenario.name, &twin, program) {
            Ok(result) => result.reasons(Language::En),
            Err(error) => vec![error],
        }
    });
    found.collect()
}

/// A student's program in Rust, confined.
fn program(lab: &str, text: &str, scratch: &Scratch) -> Result<ComparedProgram, String> {
    let made = rust_program(root(), lab, text, Some(means()), &scratch.path("programs"));
    let made = made.unwrap_or_else(|error| panic!("{error:#}"));
    made.map_err(|refused| refused.in_a_line(Language::En))
}

/// Of the gaps without which it compiles, the first: it is named. Of the others rustc tells.
fn one_is_told_in_rust(lab: &str, rust: &Exercise) -> Vec<String> {
    let scratch = Scratch::new();
    for region in &rust.regions {
        let own = |other: &Region| std::ptr::eq(other, region);
        let Ok(program) = program(lab, &rust.with_gaps(own, |_| String::new()), &scratch) else {
            continue;
        };
        let mut seen = vec![format!("gap {} is not told in Rust", region.gap.name)];
        let mut is_recorded = false;
        for scenario in &scenarios_of(lab).scenarios {
            let own = lab_program(root(), lab);
            let result = ScenarioResult::of(lab, scenario, &[], &program, &own);
            let result = result.unwrap_or_else(|error| panic!("{error:#}"));
            is_recorded |= result.is_recorded();
            match blamed(rust, &result).map(|gap| &rust.regions[gap].gap.name) {
                Some(name) if *name == region.gap.name => return Vec::new(),
                Some(name) => seen.push(format!("{}: {name} is blamed", scenario.name)),
                None => {}
            }
        }
        // Of a program that makes no call nothing is said.
        return if is_recorded { seen } else { Vec::new() };
    }
    Vec::new()
}
