//! The tasks of the guides that `make try-<lab> TASK=…` checks: the solution is done, and what is left out of it is told.

use std::process::Command;

use labscope::Language;
use labscope::exercise::{Exercise, Region, command};
use labscope::scenario::Task;
use libtest_mimic::Trial;

use crate::programs::source;
use crate::support::documents::read;
use crate::support::trials::{Subject, name_of};
use crate::support::{self, Scratch, labs, output, root, scenarios_of, text_of};

pub fn trials() -> Vec<Trial> {
    let of_lab = |lab: String| {
        let tasks = scenarios_of(&lab).tasks.iter();
        let languages = |task: &Task| {
            let in_rust = task.is_in_rust().then(|| (task.clone(), true));
            std::iter::once((task.clone(), false)).chain(in_rust)
        };
        tasks.flat_map(languages).map(move |(task, in_rust)| {
            let (kind, argument) = match in_rust {
                true => ("task_is_checked_in_rust", " IN=rust"),
                false => ("task_is_checked", ""),
            };
            let promise = format!("{kind}::{}", name_of(&task.name));
            let shown = format!("{}{argument}", command(&lab, &task.name));
            Subject::lab(&lab).trial(&promise, shown, move |subject| {
                let attempt = Attempt {
                    lab: &subject.lab,
                    task: &task,
                    in_rust,
                };
                attempt.is_checked()
            })
        })
    };
    labs().into_iter().flat_map(of_lab).collect()
}

/// A task of a lab, in C or in Rust.
struct Attempt<'a> {
    lab: &'a str,
    task: &'a Task,
    in_rust: bool,
}

impl Attempt<'_> {
    /// A student begins with the program as it stands, and is told the first change. The solution is done. With one change left
    /// out it is not, and that one is told, unless the compiler complains.
    fn is_checked(&self) -> Vec<String> {
        support::traced(self.lab);
        support::twin(self.lab);
        let mut own = source(self.lab);
        if self.in_rust {
            support::rust_recipe();
            own = support::source(self.lab, "rs");
        }
        let solution = Exercise::of_task(root(), self.lab, self.task, self.in_rust);
        let solution = solution.unwrap_or_else(|error| panic!("{error:#}"));
        let beginning = solution.skeleton(Language::En);
        assert_eq!(beginning, read(&own), "what a student begins with");
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
        match self.compared(&solved) {
            (Some(0), text) if text.contains("Done: ") => {}
            (status, text) => found.push(format!("its solution: {status:?}\n{text}")),
        }
        let unsolved = solution.with_gaps(all, beginning_of);
        found.extend(self.told(&unsolved, &solution.regions[0]));
        let several = solution
            .regions
            .iter()
            .filter(|_| solution.regions.len() > 1);
        for region in several {
            let own = |other: &Region| std::ptr::eq(other, region);
            found.extend(self.told(&solution.with_gaps(own, beginning_of), region));
        }
        found
    }

    /// What is wrong if a text is not told that this change is missing.
    fn told(&self, text: &str, missing: &Region) -> Option<String> {
        let (status, said) = self.compared(text);
        let what = missing.gap.what.get(Language::En);
        let is_told =
            said.contains(&in_words(what)) || said.contains("error: ") || said.contains("error[");
        let is_as_promised = status == Some(1) && is_told && !said.contains("Done: ");
        (!is_as_promised).then(|| format!("without {what:?}: {status:?}\n{said}"))
    }

    /// The status of the command with this text in the file, and what it says, in words with one blank between.
    fn compared(&self, text: &str) -> (Option<i32>, String) {
        let scratch = Scratch::new();
        let file = scratch.file("solved", text);
        // Who does not come to what is awaited is waited for, in each order after fork.
        let mut command = Command::new("timeout");
        command
            .args(["--kill-after=1", "300"])
            .arg(support::labscope());
        command
            .arg("--root")
            .arg(root())
            .args(["--lang", "en", "try", self.lab]);
        command
            .args(["--task", &self.task.name, "--once", "--c"])
            .arg(file);
        command.args(["--in", if self.in_rust { "rust" } else { "c" }]);
        let told = output(&mut command);
        (told.status.code(), in_words(&text_of(&told)))
    }
}

fn in_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
