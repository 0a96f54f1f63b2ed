//! Memory strips: code and stack of both processes after a fork.

use super::axis::badge;
use super::panels::{Flow, PADDING};
use super::picture::{Picture, width_of};
use super::plan::{ROW, SIZE};
use super::{Cause, Fork, Timeline, Variable};
use crate::tour::Words;

/// A card as on the slides: the memory before fork, and the two memories after it.
pub fn strip(
    picture: &mut Picture,
    timeline: &Timeline,
    fork: &Fork,
    flow: &mut Flow,
    words: Words,
) {
    let code: Vec<String> = fork
        .code
        .iter()
        .map(|(number, text, _)| format!("{number:>3} {text}"))
        .collect();
    let widest = code
        .iter()
        .map(|line| width_of(line, SIZE))
        .fold(130.0, f64::max)
        + 2.0 * PADDING;
    let variables = fork.of_parent.len().max(fork.of_child.len());
    let height = 30.0 + (code.len() + 1) as f64 * ROW + variables as f64 * (ROW + 3.0) + 36.0;
    let number = timeline
        .moments
        .iter()
        .position(|moment| moment.cause == Cause::Fork { child: fork.child });
    let title = format!("{:.3} s  fork", fork.at);
    let width = 2.0 * widest + 3.0 * PADDING + 30.0;
    let (x, y) = flow.take(width, height);
    picture.rectangle("card", [x, y, width, height], Some(title.clone()));
    if let Some(number) = number {
        badge(picture, (x + 15.0, y + 13.0), number + 1, None);
    }
    picture.text("plain", x + 28.0, y + 17.0, SIZE, title);
    let sides = [
        (
            words.pick("parent", "부모 프로세스"),
            fork.parent,
            &fork.of_parent,
        ),
        (
            words.pick("child", "자식 프로세스"),
            fork.child,
            &fork.of_child,
        ),
    ];
    for (place, (role, pid, variables)) in sides.into_iter().enumerate() {
        let left = x + PADDING + place as f64 * (widest + PADDING + 30.0);
        let name = format!("{role} (pid {pid})");
        memory(
            picture,
            (left, y + 26.0, widest),
            &name,
            &code,
            fork,
            variables,
            words,
        );
    }
    let (middle, level) = (x + PADDING + widest, y + height / 2.0);
    let (from, to) = ((middle + 4.0, level), (middle + 34.0, level));
    picture.path("fork", &[from, to], None);
    picture.head("fork-head", from, to);
}

/// One memory: code section, stack section.
fn memory(
    picture: &mut Picture,
    (x, y, width): (f64, f64, f64),
    name: &str,
    code: &[String],
    fork: &Fork,
    variables: &[Variable],
    words: Words,
) {
    picture.text("strong", x, y + 10.0, SIZE, name);
    picture.text("faint", x, y + 10.0 + ROW, SIZE, words.pick("code", "코드"));
    let top = y + 13.0 + ROW;
    picture.rectangle("box", [x, top, width, code.len() as f64 * ROW + 5.0], None);
    for (row, (line, (_, _, is_fork))) in code.iter().zip(&fork.code).enumerate() {
        let base = top + 11.0 + row as f64 * ROW;
        if *is_fork {
            picture.rectangle("changed", [x + 2.0, base - 9.5, width - 4.0, ROW], None);
        }
        picture.text("plain", x + PADDING, base, SIZE, line.clone());
    }
    let top = top + code.len() as f64 * ROW + 5.0 + ROW;
    picture.text("faint", x, top, SIZE, words.pick("stack", "스택"));
    for (row, variable) in variables.iter().enumerate() {
        let top = top + 4.0 + row as f64 * (ROW + 3.0);
        picture.rectangle("box", [x, top, 44.0, ROW + 3.0], None);
        picture.rectangle("box", [x + 44.0, top, width - 44.0, ROW + 3.0], None);
        picture.text("plain", x + 6.0, top + 11.5, SIZE, variable.name.clone());
        let value = match variable.first == variable.last {
            true => variable.first.clone(),
            false => format!("{} … {}", variable.first, variable.last),
        };
        picture.text("strong", x + 50.0, top + 11.5, SIZE, value);
    }
}
