//! The memory of parent and child after a fork: code and variables, as on the slides, and what waits in stdout's buffer.

use crate::i18n::{Language, timeline as say};
use crate::text::encoding;
use crate::timeline::model::{ArrowKind, Cause, Fork, Memory, Timeline, Variable};
use crate::timeline::svg::canvas::{Picture, width_of};
use crate::timeline::svg::cards::{Cards, PADDING};
use crate::timeline::svg::layout::{ROW, SIZE};
use crate::timeline::svg::symbols;

/// So many forks have a card.
const FORKS: usize = 2;

/// So many variables of a process are shown, and so many characters of a buffer.
const VARIABLES: usize = 8;
const BUFFER: usize = 44;

/// The least room of a variable's name, and the height of its cell.
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
    let has_values = |fork: &Fork| {
        let both = [&fork.of_parent, &fork.of_child];
        both.iter().any(|memory| !memory.variables.is_empty())
    };
    let title = say::memory_at_fork(picture.language, shown.iter().any(has_values));
    cards.heading(picture, title, more.len(), say::Card::Fork);
    for fork in shown {
        card(picture, timeline, fork, cards);
    }
}

fn card(picture: &mut Picture, timeline: &Timeline, fork: &Fork, cards: &mut Cards) {
    let memories = memories(fork, picture.language);
    let widths = memories.iter().map(Drawn::width);
    let width = widths.fold(130.0, f64::max) + 2.0 * PADDING;
    let heights = memories.iter().map(Drawn::height);
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

/// The memory of one process after the fork, as it is drawn.
struct Drawn {
    title: String,
    /// The lines of source, and whether one is that of the fork.
    code: Vec<(String, bool)>,
    returned: String,
    /// The title above its variables, and their names with their values.
    variables: (&'static str, Vec<(String, String)>),
    /// How many variables have no room.
    more: usize,
    /// What lies in stdout's buffer.
    buffer: Option<String>,
}

/// Those of parent and child.
fn memories(fork: &Fork, language: Language) -> [Drawn; 2] {
    let line =
        |(number, text, is_fork): &(usize, String, bool)| (format!("{number:>3} {text}"), *is_fork);
    let title = match fork.is_rust {
        true => say::variables_of_copy(language),
        false => say::variables(language),
    };
    let memory = |role: &str, pid: i32, returned: i32, of: &Memory| {
        let shown = of.variables.len().min(VARIABLES);
        let cells = of.variables[..shown].iter();
        let cells = cells.map(|one| (one.name.clone(), value(one, language)));
        Drawn {
            title: format!("{role} (pid {pid})"),
            code: fork.code.iter().map(line).collect(),
            returned: returned.to_string(),
            variables: (title, cells.collect()),
            more: of.variables.len() - shown,
            buffer: of.unwritten.as_ref().map(|it| buffer(it, language)),
        }
    };
    let (parent, child) = (say::parent(language), say::child(language));
    [
        memory(parent, fork.parent, fork.child, &fork.of_parent),
        memory(child, fork.child, 0, &fork.of_child),
    ]
}

/// The value of a variable, or the first and the last one.
fn value(variable: &Variable, language: Language) -> String {
    let told = |value: &Option<String>| match value {
        Some(value) => value.clone(),
        None => say::optimised_out(language).to_owned(),
    };
    match variable.first == variable.last {
        true => told(&variable.first),
        false => format!("{} … {}", told(&variable.first), told(&variable.last)),
    }
}

/// The bytes of a buffer, the first of many.
fn buffer(bytes: &[u8], language: Language) -> String {
    if bytes.is_empty() {
        return say::nothing(language).to_owned();
    }
    let text = encoding::text(bytes);
    let text = text.escape_debug().to_string();
    match text.chars().count() > BUFFER {
        true => {
            let shown: String = text.chars().take(BUFFER).collect();
            format!("\"{shown}… {}", say::of_bytes(language, bytes.len()))
        }
        false => format!("\"{text}\""),
    }
}

impl Drawn {
    /// The room of the names.
    fn name_width(&self) -> f64 {
        let (_, variables) = &self.variables;
        let names = variables
            .iter()
            .map(|(name, _)| width_of(name, SIZE) + 12.0);
        names.fold(NAME, f64::max)
    }

    fn width(&self) -> f64 {
        let (title, variables) = &self.variables;
        let code = self.code.iter().map(|(line, _)| width_of(line, SIZE));
        let values = variables.iter().map(|(_, value)| width_of(value, SIZE));
        let values = values.map(|width| self.name_width() + width);
        let buffer = self.buffer.iter().map(|text| width_of(text, SIZE));
        let title = (!variables.is_empty()).then(|| width_of(title, SIZE));
        let all = code.chain(values).chain(buffer).chain(title);
        all.fold(0.0, f64::max)
    }

    fn height(&self) -> f64 {
        let (_, variables) = &self.variables;
        let titles = usize::from(!variables.is_empty()) + usize::from(self.buffer.is_some());
        let cells = variables.len() + usize::from(self.buffer.is_some());
        let rows = self.code.len() + 3 + titles + usize::from(self.more > 0);
        let gap = if variables.is_empty() { 0.0 } else { 5.0 };
        rows as f64 * ROW + cells as f64 * CELL + gap
    }

    /// The code section; what fork returned; the variables; the buffer.
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
        let base = top + height + ROW;
        let text = say::fork_returned(language);
        picture.text("faint", x, base, SIZE, text);
        let after = x + width_of(text, SIZE);
        picture.text("strong", after, base, SIZE, self.returned.as_str());
        let base = self.draw_variables(picture, (x, base + ROW), width);
        if let Some(buffer) = &self.buffer {
            picture.text("faint", x, base, SIZE, say::buffer_at_fork(language));
            picture.rectangle("box", [x, base + 4.0, width, CELL], None);
            picture.text("strong", x + 6.0, base + 15.5, SIZE, buffer.as_str());
        }
    }

    /// Returns where the next row begins.
    fn draw_variables(&self, picture: &mut Picture, (x, base): (f64, f64), width: f64) -> f64 {
        let (title, variables) = &self.variables;
        if variables.is_empty() {
            return base;
        }
        let name_width = self.name_width();
        picture.text("faint", x, base, SIZE, *title);
        for (row, (name, value)) in variables.iter().enumerate() {
            let top = base + 4.0 + row as f64 * CELL;
            picture.rectangle("box", [x, top, name_width, CELL], None);
            picture.rectangle("box", [x + name_width, top, width - name_width, CELL], None);
            picture.text("plain", x + 6.0, top + 11.5, SIZE, name.as_str());
            let left = x + name_width + 6.0;
            picture.text("strong", left, top + 11.5, SIZE, value.as_str());
        }
        let mut next = base + variables.len() as f64 * CELL + ROW + 5.0;
        if self.more > 0 {
            let text = say::more_variables(picture.language, self.more);
            picture.text("faint", x, next, SIZE, text);
            next += ROW;
        }
        next
    }
}
