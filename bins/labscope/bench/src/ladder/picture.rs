//! How the cost of the servers grows with what they hold: four panels of lines.

use labscope::Language;
use labscope::i18n::ladder as words;
use labscope::timeline::svg::Picture;

use crate::ladder::results::{Ladder, Level, Results};
use crate::ladder::rungs::Made;
use crate::picture::{Axes, names_at_ends};

const WIDTH: f64 = 1120.0;
const PANEL: f64 = WIDTH / 2.0;
const HEIGHT: f64 = 270.0;
const TOP: f64 = 56.0;
const MARGIN: f64 = 16.0;

/// Viewers without variables take the colour before each.
const STYLE: &str = "
svg.timeline .tl-by-lab { stroke: #0072b2; stroke: var(--run); stroke-width: 2.6; }
svg.timeline .tl-by-c { stroke: #6b6b6b; stroke: var(--faint); stroke-width: 1; }
svg.timeline .tl-by-others { stroke: #d55e00; stroke: var(--stop); stroke-width: 1.6; stroke-dasharray: 6 3; }
";

type Value = fn(&Level) -> Option<f64>;

/// The whole picture.
pub fn draw(ladder: &Ladder, language: Language) -> Picture {
    let panels: [(&str, Value); 4] = [
        (words::how_cost_grows(language), |level| {
            Some(level.request_cpu.as_ref()?.median)
        }),
        (words::how_latency_grows(language), |level| {
            Some(level.p99.as_ref()?.median)
        }),
        (words::what_each_takes(language), |level| {
            Some(level.memory()?.max(0.1))
        }),
        (words::how_long_back(language), |level| {
            Some(level.given_back.as_ref()?.median)
        }),
    ];
    let (title, axes) = (words::title(language), words::axes(language));
    let mut picture = Picture::new(language, title.to_owned(), axes.to_owned());
    picture.own_style = STYLE;
    (picture.width, picture.height) = (WIDTH, TOP + 2.0 * HEIGHT);
    picture.text("title", MARGIN, 24.0, 13.0, title);
    picture.text("sub", MARGIN, 44.0, 12.0, axes);
    for (place, (title, value)) in panels.into_iter().enumerate() {
        let (x, y) = (
            (place % 2) as f64 * PANEL + MARGIN,
            TOP + (place / 2) as f64 * HEIGHT,
        );
        panel(&mut picture, x, y, title, ladder, value);
    }
    picture
}

fn panel(picture: &mut Picture, x: f64, y: f64, title: &str, ladder: &Ladder, value: Value) {
    picture.text("title", x, y + 16.0, 13.0, title);
    let points = |server: &Results| -> Vec<(f64, f64)> {
        let levels = server.levels.iter();
        levels
            .filter_map(|level| Some((level.held as f64, value(level)?)))
            .collect()
    };
    let axes = Axes::of(ladder.servers.iter().flat_map(points), x + 44.0, y + 226.0);
    axes.draw(picture);
    let mut ends = Vec::new();
    for server in &ladder.servers {
        let points: Vec<(f64, f64)> = points(server)
            .into_iter()
            .map(|(held, value)| axes.point(held, value))
            .collect();
        let Some(&(_, end)) = points.last() else {
            continue;
        };
        let class = match server.made {
            Made::Lab => "by-lab",
            Made::C | Made::Floor => "by-c",
            Made::Elsewhere => "by-others",
        };
        // A server with one level has no line, but a name where it lies.
        picture.path(class, &points, Some(server.name.clone()));
        if server.made != Made::C && points.len() > 1 {
            ends.push((end, server.name.as_str(), server.made == Made::Lab));
        }
    }
    names_at_ends(picture, axes.left + Axes::WIDTH + 8.0, ends);
}
