//! Memory strips: code and stack of both processes after a fork.

use crate::i18n::Language;
use crate::timeline::fork_memory::bound;
use crate::timeline::svg::axis::badge;
use crate::timeline::svg::canvas::{Picture, width_of};
use crate::timeline::svg::layout::{ROW, SIZE};
use crate::timeline::svg::panels::{Flow, PADDING};
use crate::timeline::{Cause, Fork, Timeline, Variable};

/// A card as on the slides: the memory before fork, and the two memories after it.
pub fn strip(
    picture: &mut Picture,
    timeline: &Timeline,
    fork: &Fork,
    flow: &mut Flow,
    words: Language,
) {
    let code: Vec<String> = fork
        .code
        .iter()
        .map(|(number, text, _)| format!("{number:>3} {text}"))
        .collect();
    let sides = [
        Side {
            role: words.pick("parent", "부모 프로세스"),
            pid: fork.parent,
            returned: fork.child,
            variables: &fork.of_parent,
        },
        Side {
            role: words.pick("child", "자식 프로세스"),
            pid: fork.child,
            returned: 0,
            variables: &fork.of_child,
        },
    ];
    let lines = code.iter().map(|line| width_of(line, SIZE));
    let cells = sides.iter().flat_map(|side| side.widths(fork, words));
    let widest = lines.chain(cells).fold(130.0, f64::max) + 2.0 * PADDING;
    let rows = sides.iter().map(|side| side.height(fork));
    let height = 58.0 + (code.len() + 1) as f64 * ROW + rows.fold(0.0, f64::max);
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
    for (place, side) in sides.iter().enumerate() {
        let left = x + PADDING + place as f64 * (widest + PADDING + 30.0);
        memory(picture, (left, y + 26.0, widest), &code, fork, side, words);
    }
    let (middle, level) = (x + PADDING + widest, y + height / 2.0);
    let (from, to) = ((middle + 4.0, level), (middle + 34.0, level));
    picture.path("fork", &[from, to], None);
    picture.head("fork-head", from, to);
}

/// One process after the fork.
struct Side<'a> {
    role: &'static str,
    pid: i32,
    returned: i32,
    variables: &'a [Variable],
}

impl Side<'_> {
    /// The widths of its variables, name and value.
    fn widths(&self, fork: &Fork, words: Language) -> Vec<f64> {
        let cells = self.variables.iter().map(|variable| {
            let (note, value) = value(fork, variable, words);
            NAME + width_of(&note, SIZE) + width_of(&value, SIZE)
        });
        cells.collect()
    }

    /// What its values take below the code.
    fn height(&self, fork: &Fork) -> f64 {
        let returned = if bound(&fork.code).is_none() {
            ROW
        } else {
            0.0
        };
        let stack = match self.variables.len() {
            0 => 0.0,
            variables => ROW + variables as f64 * CELL,
        };
        returned + stack
    }
}

/// The room of a variable's name, and the height of its cell.
const NAME: f64 = 44.0;
const CELL: f64 = ROW + 3.0;

/// What is known of a variable: what fork returned into it, or what was printed of it.
///
/// What was printed last may be older than what the variable holds by then.
fn value(fork: &Fork, variable: &Variable, words: Language) -> (String, String) {
    let Variable { name, first, last } = variable;
    if bound(&fork.code) == Some(name) {
        return (String::new(), first.clone());
    }
    let note = words.pick("printed ", "출력한 값 ").to_owned();
    match first == last {
        true => (note, first.clone()),
        false => (note, format!("{first} … {last}")),
    }
}

/// One memory: code section, stack section; what fork returned, if no variable of both has it.
fn memory(
    picture: &mut Picture,
    (x, y, width): (f64, f64, f64),
    code: &[String],
    fork: &Fork,
    side: &Side<'_>,
    words: Language,
) {
    let name = format!("{} (pid {})", side.role, side.pid);
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
    let mut base = top + code.len() as f64 * ROW + 5.0 + ROW;
    if bound(&fork.code).is_none() {
        let text = words.pick("fork returned ", "fork의 리턴값 ");
        picture.text("faint", x, base, SIZE, text);
        let returned = side.returned.to_string();
        picture.text("strong", x + width_of(text, SIZE), base, SIZE, returned);
        base += ROW;
    }
    if !side.variables.is_empty() {
        picture.text("faint", x, base, SIZE, words.pick("stack", "스택"));
    }
    for (row, variable) in side.variables.iter().enumerate() {
        let top = base + 4.0 + row as f64 * CELL;
        picture.rectangle("box", [x, top, NAME, CELL], None);
        picture.rectangle("box", [x + NAME, top, width - NAME, CELL], None);
        picture.text("plain", x + 6.0, top + 11.5, SIZE, variable.name.clone());
        let (note, value) = value(fork, variable, words);
        let left = x + NAME + 6.0;
        picture.text("plain", left, top + 11.5, SIZE, note.clone());
        picture.text(
            "strong",
            left + width_of(&note, SIZE),
            top + 11.5,
            SIZE,
            value,
        );
    }
}
