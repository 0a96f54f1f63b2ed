//! The tasks of the guides that `make try-<lab> TASK=…` checks: the solution is done, and what is left out of it is told.

use std::process::Command;

use labscope::Language;
use labscope::exercise::{Exercise, Region, command};
use labscope::scenario::Task;
use libtest_mimic::Trial;

use crate::programs::{scenarios, source};
use crate::support::documents::read;
use crate::support::trials::{Subject, name_of};
use crate::support::{self, Scratch, labs, output, root, text_of};

pub fn trials() -> Vec<Trial> {
    let of_lab = |lab: String| {
        let tasks = scenarios(&lab).tasks.into_iter();
        tasks.map(move |task| {
            let promise = format!("task_is_checked::{}", name_of(&task.name));
            let shown = command(&lab, &task.name);
            Subject::lab(&lab).trial(&promise, shown, move |subject| {
                is_checked(&subject.lab, &task)
            })
        })
    };
    labs().into_iter().flat_map(of_lab).collect()
}

/// A student begins with the C program as it stands, and is told the first change. The solution is done. With one change left
/// out it is not, and that one is told, unless the compiler complains.
fn is_checked(lab: &str, task: &Task) -> Vec<String> {
    support::traced(lab);
    support::twin(lab);
    let solution = Exercise::of_task(root(), lab, task).unwrap_or_else(|error| panic!("{error:#}"));
    let beginning = solution.skeleton(Language::En);
    assert_eq!(beginning, read(&source(lab)), "what a student begins with");
    let all = |_: &Region| true;
    let beginning_of = |region: &Region| solution.beginning(region, Language::En);
    let mut found = Vec::new();
    let solved = solution.solved();
    for region in &solution.regions {
        if solution.is_untouched(&solved, region) {
            let what = region.gap.what.get(Language::En);
            found.push(format!("it is not seen that this has been done: {what}"));
        }
    }
    match attempt(lab, task, &solved) {
        (Some(0), text) if text.contains("Done: ") => {}
        (status, text) => found.push(format!("its solution: {status:?}\n{text}")),
    }
    found.extend(told(
        lab,
        task,
        &solution.with_gaps(all, beginning_of),
        &solution.regions[0],
    ));
    for region in solution
        .regions
        .iter()
        .filter(|_| solution.regions.len() > 1)
    {
        let own = |other: &Region| std::ptr::eq(other, region);
        found.extend(told(
            lab,
            task,
            &solution.with_gaps(own, beginning_of),
            region,
        ));
    }
    found
}

/// What is wrong if a text is not told that this change is missing.
fn told(lab: &str, task: &Task, text: &str, missing: &Region) -> Option<String> {
    let (status, said) = attempt(lab, task, text);
    let what = missing.gap.what.get(Language::En);
    let is_told = said.contains(&in_words(what)) || said.contains("error: ");
    let is_as_promised = status == Some(1) && is_told && !said.contains("Done: ");
    (!is_as_promised).then(|| format!("without {what:?}: {status:?}\n{said}"))
}

/// The status of the command with this text in the file, and what it says, in words with one blank between.
fn attempt(lab: &str, task: &Task, text: &str) -> (Option<i32>, String) {
    let scratch = Scratch::new();
    let file = scratch.file("solved.c", text);
    // Who does not come to what is awaited is waited for, in each order after fork.
    let mut command = Command::new("timeout");
    command
        .args(["--kill-after=1", "300"])
        .arg(support::labscope());
    command
        .arg("--root")
        .arg(root())
        .args(["--lang", "en", "try", lab]);
    command
        .args(["--task", &task.name, "--once", "--c"])
        .arg(file);
    let told = output(&mut command);
    (told.status.code(), in_words(&text_of(&told)))
}

fn in_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
