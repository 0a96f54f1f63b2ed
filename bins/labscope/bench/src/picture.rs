//! The report as an SVG: a panel of bars for each of the figures that matter, two panels of lines for the growth.
//!
//! Readable in print, without colours, and on a dark screen: the lab is told by its solid bar and thick line, each
//! line by the name at its end.

use std::fmt::Write;

use crate::growth::Level;
use crate::report::{Report, Row};

const WIDTH: f64 = 960.0;
const PANEL: f64 = WIDTH / 2.0;
const BAR: f64 = 20.0;

const STYLE: &str = "
  svg { color-scheme: light dark; font: 13px sans-serif }
  .paper { fill: #fff } text { fill: #222 } .faint { fill: #555; font-size: 12px } .title { font-weight: bold }
  rect.other { fill: #bbb; stroke: #777 } rect.lab { fill: #b34700; stroke: #b34700 }
  polyline { fill: none; stroke: #777; stroke-width: 1.2 } polyline.lab { stroke: #b34700; stroke-width: 3 }
  .axis { stroke: #999; stroke-width: 1 }
  @media screen and (prefers-color-scheme: dark) {
    .paper { fill: #161616 } text { fill: #eee } .faint { fill: #aaa }
    rect.other { fill: #555; stroke: #888 } rect.lab { fill: #ff9650; stroke: #ff9650 }
    polyline { stroke: #999 } polyline.lab { stroke: #ff9650 }
  }
";

/// A panel of bars: its column and what its title says.
const BARS: [(&str, &str); 6] = [
    ("exec_exit_pinned", "exec → exit, µs (less is better)"),
    ("fork_wait_pinned", "fork + wait, µs (less is better)"),
    (
        "connections_1_pinned",
        "echo, connections/s, 1 client (more is better)",
    ),
    (
        "connections_8_pinned",
        "echo, connections/s, 8 clients (more is better)",
    ),
    ("pss_idle", "Pss of an idle connection's process, kB"),
    ("page_tables_idle", "its page tables, kB"),
];

/// A panel of lines: what of each level, and what its title says.
type Lines = (fn(&Level) -> f64, &'static str);
const LINES: [Lines; 2] = [
    (
        |level| level.accept_p50,
        "Connections held: median µs from connect to echo",
    ),
    (
        |level| level.reap,
        "Connections held: ms until all are reaped",
    ),
];

/// The whole picture.
pub fn draw(report: &Report) -> String {
    let bars_height = BAR * report.rows.len() as f64 + 50.0;
    let lines_height = 260.0;
    let lines_top = 60.0 + bars_height * (BARS.len() / 2) as f64;
    let has_growth = report.rows.iter().any(|row| !row.growth.is_empty());
    let height = lines_top + if has_growth { lines_height } else { 0.0 } + 10.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
         <title>What the labs cost</title>\n<style>{STYLE}</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"
    );
    text(
        &mut svg,
        16.0,
        24.0,
        "title",
        "What the labs cost, beside the same programs (one CPU, medians; × is the ratio to rawlabs)",
    );
    let machine = &report.machine;
    let about = format!(
        "{}, {} cores, Linux {}, {}, {}",
        machine.cpu, machine.cores, machine.kernel, machine.libc, machine.rustc
    );
    text(&mut svg, 16.0, 42.0, "faint", &about);
    for (index, (key, title)) in BARS.into_iter().enumerate() {
        let (x, y) = (
            PANEL * (index % 2) as f64,
            60.0 + bars_height * (index / 2) as f64,
        );
        bars(&mut svg, x, y, title, report, key);
    }
    if has_growth {
        for (index, (value, title)) in LINES.into_iter().enumerate() {
            lines(
                &mut svg,
                PANEL * index as f64,
                lines_top,
                title,
                report,
                value,
            );
        }
    }
    svg + "</svg>\n"
}

fn text(svg: &mut String, x: f64, y: f64, class: &str, words: &str) {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\">{words}</text>"
    );
}

/// What marks the lab among the others.
fn class(row: &Row) -> &'static str {
    if row.variant == crate::Variant::Rawlabs {
        "lab"
    } else {
        "other"
    }
}

fn bars(svg: &mut String, x: f64, y: f64, title: &str, report: &Report, key: &str) {
    text(svg, x + 16.0, y + 16.0, "title", title);
    let largest = report
        .rows
        .iter()
        .filter_map(|row| row.figure(key))
        .map(|figure| figure.median)
        .fold(1e-9, f64::max);
    for (index, row) in report.rows.iter().enumerate() {
        let top = y + 26.0 + BAR * index as f64;
        text(svg, x + 16.0, top + 13.0, "", row.variant.name());
        let Some(figure) = row.figure(key) else {
            text(svg, x + 100.0, top + 13.0, "faint", "not measured");
            continue;
        };
        let length = 240.0 * figure.median / largest;
        let _ = writeln!(
            svg,
            "<rect class=\"{}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"{}\"/>",
            class(row),
            x + 100.0,
            top + 2.0,
            BAR - 6.0
        );
        let ratio = figure
            .ratio
            .map_or(String::new(), |ratio| format!("  ×{ratio:.2}"));
        let digits = usize::from(figure.median < 1000.0 && figure.median.fract() != 0.0);
        text(
            svg,
            x + 106.0 + length,
            top + 13.0,
            "faint",
            &format!("{:.digits$}{ratio}", figure.median),
        );
    }
}

/// Both axes are logarithmic.
fn lines(svg: &mut String, x: f64, y: f64, title: &str, report: &Report, value: fn(&Level) -> f64) {
    let (left, bottom, width, height) = (x + 60.0, y + 220.0, 320.0, 180.0);
    text(svg, x + 16.0, y + 16.0, "title", title);
    let levels = || report.rows.iter().flat_map(|row| &row.growth);
    let most = levels().map(|level| level.held).max().unwrap_or(1).max(10) as f64;
    let values = || levels().map(value).filter(|&value| value > 0.0);
    let low = values().fold(f64::MAX, f64::min).min(1e9) * 0.8;
    let high = values().fold(low * 2.0, f64::max);
    let at = |held: f64, value: f64| {
        let right = held.max(1.0).log10() / most.log10();
        let up = (value.max(low) / low).log10() / (high / low).log10();
        (left + width * right, bottom - height * up)
    };
    for held in [1.0, 10.0, 100.0, 1000.0, 10000.0]
        .into_iter()
        .filter(|&held| held <= most)
    {
        text(
            svg,
            at(held, low).0 - 6.0,
            bottom + 18.0,
            "faint",
            &format!("{held}"),
        );
    }
    let steps: &[f64] = if high / low < 100.0 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    let marks = (-4..12).flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
    for mark in marks.filter(|&mark| mark >= low && mark <= high) {
        let (_, level) = at(1.0, mark);
        let _ = writeln!(
            svg,
            "<line class=\"axis\" x1=\"{left}\" x2=\"{}\" y1=\"{level:.1}\" y2=\"{level:.1}\"/>",
            left + width
        );
        text(
            svg,
            x + 16.0,
            level + 4.0,
            "faint",
            &format!("{}", (mark * 1e4).round() / 1e4),
        );
    }
    let mut ends: Vec<(f64, &Row)> = Vec::new();
    for row in report.rows.iter().filter(|row| !row.growth.is_empty()) {
        let points: Vec<(f64, f64)> = row
            .growth
            .iter()
            .map(|level| at(level.held as f64, value(level)))
            .collect();
        let drawn: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        let _ = writeln!(
            svg,
            "<polyline class=\"{}\" points=\"{}\"/>",
            class(row),
            drawn.join(" ")
        );
        ends.extend(points.last().map(|&(_, y)| (y, row)));
    }
    names_at_ends(svg, left + width + 8.0, ends);
}

/// The name of each line at its end, moved down where two would overlap.
fn names_at_ends(svg: &mut String, x: f64, mut ends: Vec<(f64, &Row)>) {
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut free = f64::MIN;
    for (y, row) in ends {
        let y = y.max(free);
        text(
            svg,
            x,
            y + 4.0,
            if class(row) == "lab" {
                "title"
            } else {
                "faint"
            },
            row.variant.name(),
        );
        free = y + 13.0;
    }
}
