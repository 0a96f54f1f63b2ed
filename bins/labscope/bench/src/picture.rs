//! The report as a picture: a panel of bars for each of the figures that matter, two panels of lines for the growth.
//!
//! Readable without colours: the lab is told by its solid bar and thick line, each line by the name at its end.

use labscope::Language;
use labscope::timeline::svg::Picture;

use crate::growth::Level;
use crate::report::{Report, Row};
use crate::variant::Variant;

const TITLE: &str =
    "What the labs cost, beside the same programs (one CPU, medians; × is the ratio to rawlabs)";

const WIDTH: f64 = 960.0;
const PANEL: f64 = WIDTH / 2.0;
const MARGIN: f64 = 16.0;
const TOP: f64 = 60.0;
const BAR: f64 = 20.0;
/// Where the bars of a panel begin, behind the names of their rows.
const BARS: f64 = 100.0;
/// The height of a panel of lines.
const LINES: f64 = 260.0;

/// The lab among the others. Viewers without variables take the colour before each.
pub(crate) const STYLE: &str = "
svg.timeline .tl-lab { fill: #d55e00; fill: var(--stop); }
svg.timeline .tl-other { fill: #ececec; fill: var(--held); stroke: #6b6b6b; stroke: var(--faint); }
svg.timeline .tl-lab-line { stroke: #d55e00; stroke: var(--stop); stroke-width: 3; }
svg.timeline .tl-other-line { stroke: #6b6b6b; stroke: var(--faint); stroke-width: 1.2; }
";

/// A panel of bars: its column and its title.
const BAR_PANELS: [(&str, &str); 6] = [
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

/// A panel of lines: what of each level, and its title.
type LinePanel = (fn(&Level) -> f64, &'static str);
const LINE_PANELS: [LinePanel; 2] = [
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
pub fn draw(report: &Report) -> Picture {
    let bars_height = BAR * report.rows.len() as f64 + 50.0;
    let lines_top = TOP + bars_height * (BAR_PANELS.len() / 2) as f64;
    let has_growth = report.rows.iter().any(|row| !row.growth.is_empty());
    let machine = &report.machine;
    let machine = format!(
        "{}, {} cores, Linux {}, {}, {}",
        machine.cpu, machine.cores, machine.kernel, machine.libc, machine.rustc
    );
    let mut picture = Picture::new(Language::En, TITLE.to_owned(), machine.clone());
    picture.own_style = STYLE;
    picture.width = WIDTH;
    picture.height = lines_top + if has_growth { LINES } else { 0.0 } + 10.0;
    picture.text("title", MARGIN, 24.0, 13.0, TITLE);
    picture.text("sub", MARGIN, 42.0, 12.0, machine);
    for (index, (key, title)) in BAR_PANELS.into_iter().enumerate() {
        let y = TOP + bars_height * (index / 2) as f64;
        bars(&mut picture, column(index % 2), y, title, report, key);
    }
    if has_growth {
        for (index, (value, title)) in LINE_PANELS.into_iter().enumerate() {
            lines(&mut picture, column(index), lines_top, title, report, value);
        }
    }
    picture
}

fn column(place: usize) -> f64 {
    PANEL * place as f64 + MARGIN
}

fn is_lab(row: &Row) -> bool {
    row.variant == Variant::Rawlabs
}

fn bars(picture: &mut Picture, x: f64, y: f64, title: &str, report: &Report, key: &str) {
    picture.text("title", x, y + 16.0, 13.0, title);
    let figures = report.rows.iter().filter_map(|row| row.figure(key));
    let largest = figures.map(|figure| figure.median).fold(1e-9, f64::max);
    let mut top = y + 26.0;
    for row in &report.rows {
        let base = top + 13.0;
        picture.text("plain", x, base, 12.0, row.variant.name());
        match row.figure(key) {
            None => picture.text("faint", x + BARS, base, 12.0, "not measured"),
            Some(figure) => {
                let length = 220.0 * figure.median / largest;
                let class = if is_lab(row) { "lab" } else { "other" };
                picture.rectangle(class, [x + BARS, top + 2.0, length, BAR - 6.0], None);
                let ratio = figure.ratio.map(|ratio| format!("  ×{ratio:.2}"));
                let digits = usize::from(figure.median < 1000.0 && figure.median.fract() != 0.0);
                let text = format!("{:.digits$}{}", figure.median, ratio.unwrap_or_default());
                picture.text("faint", x + BARS + 6.0 + length, base, 12.0, text);
            }
        }
        top += BAR;
    }
}

/// Two logarithmic axes.
pub(crate) struct Axes {
    pub left: f64,
    pub bottom: f64,
    most: f64,
    low: f64,
    high: f64,
}

impl Axes {
    pub const WIDTH: f64 = 320.0;
    const HEIGHT: f64 = 180.0;

    /// Wide enough for all points: how many are held, and a value.
    pub fn of(points: impl Iterator<Item = (f64, f64)>, left: f64, bottom: f64) -> Axes {
        let (mut most, mut low, mut high) = (10f64, 1e9f64, 0f64);
        for (held, value) in points.filter(|&(_, value)| value > 0.0) {
            (most, low, high) = (most.max(held), low.min(value), high.max(value));
        }
        low *= 0.8;
        Axes {
            left,
            bottom,
            most,
            low,
            high: high.max(low * 2.0),
        }
    }

    pub fn point(&self, held: f64, value: f64) -> (f64, f64) {
        let right = held.max(1.0).log10() / self.most.log10();
        let up = (value.max(self.low) / self.low).log10() / (self.high / self.low).log10();
        (
            self.left + Axes::WIDTH * right,
            self.bottom - Axes::HEIGHT * up,
        )
    }

    pub fn draw(&self, picture: &mut Picture) {
        let powers = (0..5).map(|power| 10f64.powi(power));
        for held in powers.filter(|&held| held <= self.most) {
            let (x, _) = self.point(held, self.low);
            picture.text("faint", x - 6.0, self.bottom + 18.0, 12.0, held.to_string());
        }
        let steps: &[f64] = match self.high / self.low < 100.0 {
            true => &[1.0, 2.0, 5.0],
            false => &[1.0],
        };
        let marks =
            (-4..12).flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
        for mark in marks.filter(|&mark| mark >= self.low && mark <= self.high) {
            let (x, y) = self.point(1.0, mark);
            picture.path("rule", &[(x, y), (x + Axes::WIDTH, y)], None);
            let text = ((mark * 1e4).round() / 1e4).to_string();
            picture.text("faint", x - 44.0, y + 4.0, 12.0, text);
        }
    }
}

fn lines(
    picture: &mut Picture,
    x: f64,
    y: f64,
    title: &str,
    report: &Report,
    value: fn(&Level) -> f64,
) {
    picture.text("title", x, y + 16.0, 13.0, title);
    let levels = report.rows.iter().flat_map(|row| &row.growth);
    let points = levels.map(|level| (level.held as f64, value(level)));
    let axes = Axes::of(points, x + 44.0, y + 220.0);
    axes.draw(picture);
    let mut ends: Vec<(f64, &str, bool)> = Vec::new();
    for row in &report.rows {
        let levels = row.growth.iter();
        let points = levels.map(|level| axes.point(level.held as f64, value(level)));
        let points: Vec<(f64, f64)> = points.collect();
        if let Some(&(_, end)) = points.last() {
            let class = if is_lab(row) {
                "lab-line"
            } else {
                "other-line"
            };
            picture.path(class, &points, None);
            ends.push((end, row.variant.name(), is_lab(row)));
        }
    }
    names_at_ends(picture, axes.left + Axes::WIDTH + 8.0, ends);
}

/// The name of each line at its end, one of them strong, moved down where two would overlap.
pub(crate) fn names_at_ends(picture: &mut Picture, x: f64, mut ends: Vec<(f64, &str, bool)>) {
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut free = f64::MIN;
    for (y, name, is_strong) in ends {
        let y = y.max(free);
        let class = if is_strong { "strong" } else { "faint" };
        picture.text(class, x, y + 4.0, 12.0, name);
        free = y + 13.0;
    }
}
