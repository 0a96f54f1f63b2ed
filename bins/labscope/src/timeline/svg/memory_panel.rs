//! The memory of parent and child after a fork: code and stack, as on the slides.

use crate::i18n::{Language, timeline as say};
use crate::timeline::model::{ArrowKind, Cause, Fork, Timeline, Variable};
use crate::timeline::svg::canvas::{Picture, width_of};
use crate::timeline::svg::cards::{Cards, PADDING};
use crate::timeline::svg::layout::{ROW, SIZE};
use crate::timeline::svg::symbols;

/// So many forks have a card.
const FORKS: usize = 2;

/// The room of a variable's name, and the height of its cell.
const NAME: f64 = 44.0;
const CELL: f64 = ROW + 3.0;

/// Between the two memories, where the arrow is.
const ARROW: f64 = 30.0;

/// Draws a card for each of the first forks.
pub fn draw(picture: &mut Picture, timeline: &Timeline, cards: &mut Cards) {
    let (shown, more) = timeline.forks.split_at(timeline.forks.len().min(FORKS));
    if shown.is_empty() {
        return;
    }
    let has_values = |fork: &Fork| !fork.of_parent.is_empty() || !fork.of_child.is_empty();
    let title = say::memory_at_fork(picture.language, shown.iter().any(has_values));
    cards.heading(picture, title, more.len());
    for fork in shown {
        card(picture, timeline, fork, cards);
    }
}

fn card(picture: &mut Picture, timeline: &Timeline, fork: &Fork, cards: &mut Cards) {
    let memories = memories(fork, picture.language);
    let widths = memories.iter().map(Memory::width);
    let width = widths.fold(130.0, f64::max) + 2.0 * PADDING;
    let heights = memories.iter().map(Memory::height);
    let height = 45.0 + heights.fold(0.0, f64::max);
    let of_fork = Cause::Fork { child: fork.child };
    let mut moments = timeline.moments.iter();
    let number = moments.position(|moment| moment.cause == of_fork);
    let title = format!("{:.3} s  fork", fork.at);
    let room = [2.0 * width + 3.0 * PADDING + ARROW, height];
    let (x, y) = cards.card(picture, room, title, number.map(|place| place + 1));
    let mut left = x + PADDING;
    for memory in &memories {
        memory.draw(picture, left, y + 26.0, width);
        left += width + PADDING + ARROW;
    }
    let (middle, level) = (x + PADDING + width, y + height / 2.0);
    let arrow = [(middle + 4.0, level), (middle + 34.0, level)];
    symbols::arrow(picture, &ArrowKind::Fork, &arrow, None);
}

/// The memory of one process after the fork.
struct Memory {
    title: String,
    /// The lines of source, and whether one is that of the fork.
    code: Vec<(String, bool)>,
    /// What fork returned, if no variable of both processes has it.
    returned: Option<i32>,
    variables: Vec<Cell>,
}

/// A variable: its name, how its value is known, the value.
struct Cell {
    name: String,
    note: &'static str,
    value: String,
}

/// Those of parent and child.
fn memories(fork: &Fork, language: Language) -> [Memory; 2] {
    let line =
        |(number, text, is_fork): &(usize, String, bool)| (format!("{number:>3} {text}"), *is_fork);
    let memory = |role: &str, pid: i32, returned: i32, variables: &[Variable]| Memory {
        title: format!("{role} (pid {pid})"),
        code: fork.code.iter().map(line).collect(),
        returned: fork.bound.is_none().then_some(returned),
        variables: variables
            .iter()
            .map(|one| cell(fork, one, language))
            .collect(),
    };
    [
        memory(
            say::parent(language),
            fork.parent,
            fork.child,
            &fork.of_parent,
        ),
        memory(say::child(language), fork.child, 0, &fork.of_child),
    ]
}

/// What is known of a variable: what fork returned into it, or what was printed of it.
///
/// What was printed last may be older than what the variable holds by then.
fn cell(fork: &Fork, variable: &Variable, language: Language) -> Cell {
    let Variable { name, first, last } = variable;
    let is_bound = fork.bound.as_ref() == Some(name);
    Cell {
        name: name.clone(),
        note: if is_bound { "" } else { say::printed(language) },
        value: match is_bound || first == last {
            true => first.clone(),
            false => format!("{first} … {last}"),
        },
    }
}

impl Memory {
    fn width(&self) -> f64 {
        let code = self.code.iter().map(|(line, _)| width_of(line, SIZE));
        let cells = self.variables.iter();
        let cells =
            cells.map(|cell| NAME + width_of(cell.note, SIZE) + width_of(&cell.value, SIZE));
        code.chain(cells).fold(0.0, f64::max)
    }

    fn height(&self) -> f64 {
        let rows = self.code.len() + 2 + usize::from(self.returned.is_some());
        let stack = match self.variables.len() {
            0 => 0.0,
            variables => ROW + variables as f64 * CELL,
        };
        rows as f64 * ROW + stack
    }

    /// The code section; what fork returned; the stack section.
    fn draw(&self, picture: &mut Picture, x: f64, y: f64, width: f64) {
        let language = picture.language;
        picture.text("strong", x, y + 10.0, SIZE, self.title.as_str());
        picture.text("faint", x, y + 10.0 + ROW, SIZE, say::code(language));
        let top = y + 13.0 + ROW;
        let height = self.code.len() as f64 * ROW + 5.0;
        picture.rectangle("box", [x, top, width, height], None);
        for (row, (line, is_fork)) in self.code.iter().enumerate() {
            let base = top + 11.0 + row as f64 * ROW;
            if *is_fork {
                picture.rectangle("changed", [x + 2.0, base - 9.5, width - 4.0, ROW], None);
            }
            picture.text("plain", x + PADDING, base, SIZE, line.as_str());
        }
        let mut base = top + height + ROW;
        if let Some(returned) = self.returned {
            let text = say::fork_returned(language);
            picture.text("faint", x, base, SIZE, text);
            let after = x + width_of(text, SIZE);
            picture.text("strong", after, base, SIZE, returned.to_string());
            base += ROW;
        }
        if !self.variables.is_empty() {
            picture.text("faint", x, base, SIZE, say::stack(language));
        }
        for (row, cell) in self.variables.iter().enumerate() {
            cell.draw(picture, x, base + 4.0 + row as f64 * CELL, width);
        }
    }
}

impl Cell {
    fn draw(&self, picture: &mut Picture, x: f64, top: f64, width: f64) {
        picture.rectangle("box", [x, top, NAME, CELL], None);
        picture.rectangle("box", [x + NAME, top, width - NAME, CELL], None);
        let base = top + 11.5;
        picture.text("plain", x + 6.0, base, SIZE, self.name.as_str());
        let left = x + NAME + 6.0;
        picture.text("plain", left, base, SIZE, self.note);
        let after = left + width_of(self.note, SIZE);
        picture.text("strong", after, base, SIZE, self.value.as_str());
    }
}
