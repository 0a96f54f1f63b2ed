//! The report as plain text, at most a hundred columns wide.

use std::fmt::Write;

use labscope::Language;

use crate::columns::{COLUMNS, Column, Figure, Group};
use crate::creation_table;
use crate::growth::Level;
use crate::ladder;
use crate::listing::{self, Listing};
use crate::report::{Hold, Report, Row};

const NAME: usize = 10;

/// Everything, section by section.
pub fn of(report: &Report, language: Language) -> String {
    let mut text = heading(report);
    if !report.rows.is_empty() {
        let sections = Group::ALL.map(|group| section(report, group));
        text += &sections.concat();
        text += &growth(report);
    }
    text += &creation_table::of(&report.creation, language);
    text += &ladder::table::of(&report.ladder, language);
    text += &listing(&report.listing);
    text += &holds(report);
    for note in &report.notes {
        for line in note.lines() {
            let _ = writeln!(text, "note: {}", shorten(line));
        }
    }
    text
}

fn heading(report: &Report) -> String {
    let machine = &report.machine;
    let mut text = format!(
        "{}, {} cores, {} MB, Linux {}, {}\n{}, {}\n",
        machine.cpu,
        machine.cores,
        machine.memory_mb,
        machine.kernel,
        machine.libc,
        machine.rustc,
        machine.cc
    );
    let length = if report.quick {
        "a short run"
    } else {
        "a full run"
    };
    let _ = writeln!(
        text,
        "{length} of {:.0} s; one CPU is number {}; medians, ± half the distance of the quartiles,\n\
         and × how many times the lab's (the median over the rounds)",
        report.seconds, report.pinned_to
    );
    text
}

/// How wide a column is: its value, its spread where it can have one, its ratio.
fn width(column: &Column) -> usize {
    let (value, ratio) = widths(column);
    let titles = column
        .title
        .iter()
        .map(|title| title.chars().count())
        .max()
        .unwrap_or(0);
    (value + ratio).max(titles) + 2
}

fn widths(column: &Column) -> (usize, usize) {
    match column.key {
        "size" | "echo_size" => (6, 7),
        "segments" | "mappings" | "calls_before_main" => (5, 0),
        "page_faults" => (3, 7),
        _ if column.group == Group::Memory => (8, 7),
        _ if column.digits > 0 => (10, 7),
        _ => (12, 7),
    }
}

fn section(report: &Report, group: Group) -> String {
    let columns: Vec<&Column> = COLUMNS
        .iter()
        .filter(|column| column.group == group)
        .collect();
    let mut text = format!("\n{}\n", group.title());
    for line in 0..2 {
        let titles = columns
            .iter()
            .map(|column| format!("{:>1$}", column.title[line], width(column)));
        let titles = format!("{:NAME$}{}", "", titles.collect::<String>());
        if !titles.trim().is_empty() {
            let _ = writeln!(text, "{}", titles.trim_end());
        }
    }
    let mut noise = Vec::new();
    for row in &report.rows {
        let noisy = columns
            .iter()
            .filter(|column| row.figure(column.key).is_some_and(is_noise));
        noise.extend(noisy.map(|column| {
            let title = column.title.join(" ");
            format!("{} {}", row.variant.name(), title.trim())
        }));
        let cells = columns.iter().map(|column| cell(row, column));
        let line = format!("{:NAME$}{}", row.variant.name(), cells.collect::<String>());
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for figure in noise {
        let _ = writeln!(
            text,
            "{}",
            shorten(&format!("± above the value, so no figure: {figure}"))
        );
    }
    text
}

/// Whether a figure varies by more than itself.
fn is_noise(figure: &Figure) -> bool {
    (figure.high - figure.low) / 2.0 > figure.median.abs()
}

fn cell(row: &Row, column: &Column) -> String {
    let (room, ratio_width) = widths(column);
    let Some(figure) = row.figure(column.key) else {
        return format!("{:>1$}", "-", width(column));
    };
    let ratio = match figure.ratio {
        Some(ratio) if ratio_width > 0 => format!("{:>ratio_width$}", times(ratio)),
        _ => " ".repeat(ratio_width),
    };
    let value = match column.key {
        "page_faults" => format!("{:.0}", figure.median),
        _ => value(figure, column.digits),
    };
    // On a slow machine the spread may find no room.
    let value = match value.split_once(" ±") {
        Some((median, _)) if value.chars().count() > room => median.to_owned(),
        _ => value,
    };
    format!("{:>1$}", format!("{value}{ratio}"), width(column))
}

fn times(ratio: f64) -> String {
    if ratio < 100.0 {
        format!("×{ratio:.2}")
    } else {
        format!("×{ratio:.0}")
    }
}

pub fn value(figure: &Figure, digits: usize) -> String {
    let spread = (figure.high - figure.low) / 2.0;
    let digits = if figure.median.max(spread) < 99.9 {
        digits
    } else {
        0
    };
    let median = format!("{:.digits$}", figure.median);
    let spread = format!("{spread:.digits$}");
    match spread.contains(|digit: char| ('1'..='9').contains(&digit)) {
        true => format!("{median} ±{spread}"),
        false => median,
    }
}

fn growth(report: &Report) -> String {
    let mut text = String::from(
        "\nConnections held at once, on one CPU: time from connect to the first echo (median and 99th\n\
         percentile), memory of a connection's process, time until all have ended and been reaped\n",
    );
    let mut asked: Vec<usize> = report
        .rows
        .iter()
        .flat_map(|row| &row.growth)
        .map(|level| level.asked)
        .collect();
    asked.sort_unstable();
    asked.dedup();
    let titles = [
        "held",
        "50 %, µs",
        "99 %, µs",
        "Pss, kB",
        "page tables, kB",
        "reap, ms",
    ];
    let _ = writeln!(text, "{:NAME$}{}", "", line(titles.map(str::to_owned)));
    for asked in asked {
        for row in &report.rows {
            let Some(level) = row.growth.iter().find(|level| level.asked == asked) else {
                continue;
            };
            let _ = writeln!(text, "{:NAME$}{}", row.variant.name(), of_level(level));
            if let Some(limit) = &level.stopped_by {
                let _ = writeln!(
                    text,
                    "{:NAME$}  {}",
                    "",
                    shorten(&format!("stopped before {asked} by {limit}"))
                );
            }
        }
    }
    text
}

fn line(cells: [String; 6]) -> String {
    let widths = [8, 12, 12, 11, 18, 12];
    cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:>width$}"))
        .collect()
}

fn of_level(level: &Level) -> String {
    line([
        level.held.to_string(),
        format!("{:.0}", level.accept_p50),
        format!("{:.0}", level.accept_p99),
        format!("{:.1}", level.pss),
        format!("{:.1}", level.page_tables),
        format!("{:.1}", level.reap),
    ])
}

fn listing(listing: &Listing) -> String {
    if listing.times.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\nListing all processes, {} more than usual (×: times of ps -ef / it, paired)\n{:NAME$}{:>20}{:>8}{:>20}{:>8}{:>10}\n",
        listing::PROCESSES,
        "",
        "µs",
        "×",
        "µs on one CPU",
        "×",
        "calls"
    );
    for (name, figure) in &listing.times {
        let calls = listing.calls.get(name);
        let calls = calls.map_or("-".to_owned(), |calls| calls.to_string());
        let pinned = listing.pinned.get(name);
        let pinned = pinned.map_or("-".to_owned(), |figure| value(figure, 0));
        let [free, on_one] = [&listing.times, &listing.pinned].map(|times| {
            Listing::speed(times, name).map_or("-".to_owned(), |ratio| format!("{ratio:.2}"))
        });
        let time = value(figure, 0);
        let _ = writeln!(
            text,
            "{name:NAME$}{time:>20}{free:>8}{pinned:>20}{on_one:>8}{calls:>10}"
        );
    }
    text
}

fn holds(report: &Report) -> String {
    let mut text = String::from(
        "\nNumbers to hold: the lab's, or lab / other (floor: the floor in the lab's place)\n",
    );
    for hold in &report.holds {
        // One more than the limit has: it may be missed by little.
        let is_whole = hold.measured.is_none_or(|value| value.fract() == 0.0);
        let digits = if is_whole { 0 } else { 3 };
        let measured = hold
            .measured
            .map_or("-".to_owned(), |value| format!("{value:.digits$}"));
        let verdict = match hold.held {
            Some(true) => "held",
            Some(false) => "missed",
            None => "not measured",
        };
        let relation = if hold.relation == "<=" { "≤" } else { "≥" };
        let floor = hold
            .floor
            .map_or(String::new(), |value| format!("(floor: {value:.digits$})"));
        let line = format!(
            "  {:46}{measured:>7} {relation} {:<6}{verdict:12} {floor}",
            hold.what, hold.limit
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let is_missed = |hold: &Hold| hold.held == Some(false);
    if report.is_busy() && report.holds.iter().any(is_missed) {
        let _ = writeln!(
            text,
            "  The machine was busy: between measurements {:.1} other processes had or wanted a processor (mean).\n  \
             A time that is missed then says little: run it again when nothing else runs.",
            report.others
        );
    }
    text
}

/// A line that may come from elsewhere, fit for the width.
fn shorten(line: &str) -> String {
    const ROOM: usize = 80;
    if line.chars().count() <= ROOM {
        return line.to_owned();
    }
    line.chars().take(ROOM - 1).chain(['…']).collect()
}
