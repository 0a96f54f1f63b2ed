//! The picture of a run between two steps: a column a process, below them what was printed.

use textwrap::core::display_width;

use crate::control::End;
use crate::i18n::{Language, step as words, timeline};
use crate::step::view::{Doing, ProcessView, View};
use crate::text::{shorten, visible};
use crate::trace::decode;

/// No column is narrower, and how many lines it has at most.
const NARROWEST: usize = 25;
const COLUMN_LINES: usize = 10;

/// How many lines of a call, and of the descriptors, a column shows.
const CALL_LINES: usize = 2;
const DESCRIPTOR_LINES: usize = 4;

/// The lines of the picture, none wider than `width`, no more than `height`.
pub fn draw(view: &View, (width, height): (usize, usize), language: Language) -> Vec<String> {
    let most = (width / NARROWEST).max(1);
    let shown = chosen(&view.processes, most);
    let mut lines = vec![shorten::end(&head(view, language), width)];
    lines.extend(columns(&shown, width, language));
    if shown.len() < view.processes.len() {
        lines.push(shorten::end(&others(view, &shown, language), width));
    }
    let waiting = view.processes.iter().filter(|it| !it.unwritten.is_empty());
    let mut below: Vec<String> = waiting
        .map(|it| words::unwritten(language, &it.path, &quoted(&it.unwritten)))
        .collect();
    if let Some((number, call)) = &view.last {
        below.push(words::last(language, *number, &visible::visible(call)));
    }
    below
        .iter_mut()
        .for_each(|line| *line = shorten::end(line, width));
    lines.push(rule(words::output(language), width));
    let room = height.saturating_sub(lines.len() + below.len());
    let output = visible::visible(&view.output);
    let printed: Vec<&str> = output.lines().collect();
    let printed = &printed[printed.len().saturating_sub(room)..];
    lines.extend(printed.iter().map(|line| shorten::end(line, width)));
    let empty = room.saturating_sub(printed.len());
    lines.extend(std::iter::repeat_n(
        String::new(),
        if height == usize::MAX { 0 } else { empty },
    ));
    lines.extend(below);
    lines.truncate(height);
    lines
}

/// The whole picture for whoever has no terminal.
pub fn printed(view: &View, language: Language) -> String {
    let lines = draw(view, (80, usize::MAX), language);
    let lines = lines.iter().map(|line| format!("{}\n", line.trim_end()));
    lines.collect()
}

/// Those that can go on first, then the others, as many as there is room for; in order of appearance.
fn chosen(processes: &[ProcessView], most: usize) -> Vec<&ProcessView> {
    let mut chosen: Vec<&ProcessView> = processes.iter().collect();
    chosen.sort_by_key(|it| match it.doing {
        Doing::Ready => 0,
        Doing::Zombie => 2,
        _ => 1,
    });
    chosen.truncate(most);
    chosen.sort_by_key(|it| it.number);
    chosen
}

fn head(view: &View, language: Language) -> String {
    let mut head = words::step(language, view.steps.len());
    if !view.time.is_zero() {
        head += &format!(" · {}", words::time(language, view.time.as_secs_f64()));
    }
    if let Some(end) = view.end {
        head += " · ";
        head += &match end {
            End::Exited(status) => words::exited(language, status),
            End::Killed(signal) => words::killed(language, &decode::signal_name(signal)),
        };
    }
    head
}

fn others(view: &View, shown: &[&ProcessView], language: Language) -> String {
    let is_shown = |it: &&ProcessView| shown.iter().any(|other| other.number == it.number);
    let others = view.processes.iter().filter(|it| !is_shown(it));
    let others = others.map(|it| format!("{} {}", it.number, doing(it.doing, language)));
    words::also(language, &others.collect::<Vec<_>>().join(", "))
}

fn columns(processes: &[&ProcessView], width: usize, language: Language) -> Vec<String> {
    let Some(own) = (width + 1).checked_div(processes.len()) else {
        return vec![words::nobody(language).to_owned()];
    };
    let room = own - 1;
    let columns: Vec<Vec<String>> = processes
        .iter()
        .map(|process| column(process, room, language))
        .collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let line = |place: usize| {
        let cells = columns
            .iter()
            .map(|column| column.get(place).map_or("", String::as_str));
        let cells: Vec<String> = cells.map(|cell| padded(cell, room)).collect();
        cells.join("│")
    };
    (0..height).map(line).collect()
}

fn column(process: &ProcessView, room: usize, language: Language) -> Vec<String> {
    let state = doing(process.doing, language);
    let mut lines = vec![format!("{} <{}> {state}", process.number, process.path)];
    if let Some(call) = &process.call {
        lines.extend(wrapped(&visible::visible(call), room, CALL_LINES));
    }
    if let Some(line) = &process.line {
        lines.push(format!("{}:{}", line.file, line.line));
        lines.push(format!("  {}", line.text));
    }
    let (shown, left) = match process.descriptors.split_at_checked(DESCRIPTOR_LINES - 1) {
        Some((shown, left)) if left.len() > 1 => (shown, left.len()),
        _ => (&process.descriptors[..], 0),
    };
    lines.extend(shown.iter().map(|line| format!("fd {line}")));
    lines.extend((left > 0).then(|| words::more_descriptors(language, left)));
    lines.truncate(COLUMN_LINES);
    lines.iter().map(|line| shorten::end(line, room)).collect()
}

fn doing(doing: Doing, language: Language) -> String {
    match doing {
        Doing::Ready => words::ready(language).to_owned(),
        Doing::Asleep => words::asleep(language).to_owned(),
        Doing::SleepsUntil(until) => words::sleeps_until(language, until.as_secs_f64()),
        Doing::InVfork => words::in_vfork(language).to_owned(),
        Doing::Stopped => timeline::sign(language, timeline::Sign::Stopped).to_owned(),
        Doing::Zombie => words::zombie(language).to_owned(),
    }
}

/// A text in lines of that width; what is left of it behind the last one is cut.
fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = textwrap::wrap(text, width)
        .iter()
        .map(|line| line.to_string())
        .collect();
    if lines.len() > most {
        let rest = lines.split_off(most - 1).join(" ");
        lines.push(shorten::end(&rest, width));
    }
    lines
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_debug())
}

fn rule(title: &str, width: usize) -> String {
    let rest = width.saturating_sub(display_width(title) + 4);
    format!("── {title} {}", "─".repeat(rest))
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(display_width(text));
    format!("{text}{}", " ".repeat(missing))
}
