//! The series of `fork_cost` as a picture: µs by memory, small pages on the left, huge ones on the right; a line a way.

use labscope::Language;
use labscope::i18n::creation as words;
use labscope::timeline::svg::Picture;

use crate::creation::{Creation, WAYS};
use crate::picture::{STYLE, names_at_ends};

const WIDTH: f64 = 960.0;
const PANEL: f64 = WIDTH / 2.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 90.0;
const BOTTOM: f64 = 350.0;
/// From one amount of memory to the next.
const STEP: f64 = 95.0;

/// The whole picture; a note in it if nothing was measured.
pub fn draw(creations: &[Creation], language: Language) -> Picture {
    let title = words::title(language);
    let axes = words::axes(language);
    let mut picture = Picture::new(language, title.to_owned(), axes.to_owned());
    picture.own_style = STYLE;
    (picture.width, picture.height) = (WIDTH, HEIGHT);
    picture.text("title", 16.0, 24.0, 13.0, title);
    picture.text("sub", 16.0, 44.0, 12.0, axes);
    for (x, huge) in [(0.0, false), (PANEL, true)] {
        let title = match huge {
            false => words::small_pages(language),
            true => words::huge_pages(language),
        };
        picture.text("title", x + 16.0, 72.0, 13.0, title);
        let shown = creations
            .iter()
            .filter(|one| one.memory.mib == 0 || one.memory.huge == huge);
        let shown: Vec<&Creation> = shown.collect();
        scale(&mut picture, x + LEFT, &shown);
        lines(&mut picture, x + LEFT, &shown, language);
    }
    picture
}

/// Where a time lies: 1 µs at the bottom, a second at the top.
fn height(time: f64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * time.clamp(1.0, 1e6).log10() / 6.0
}

fn scale(picture: &mut Picture, x: f64, shown: &[&Creation]) {
    for power in 0..=6 {
        let y = height(10f64.powi(power));
        picture.path("rule", &[(x, y), (x + 3.0 * STEP, y)], None);
        let text = 10u32.pow(power as u32).to_string();
        picture.text(
            "faint",
            x - 8.0 - 7.4 * text.len() as f64,
            y + 4.0,
            12.0,
            text,
        );
    }
    for (place, creation) in shown.iter().enumerate() {
        let x = x + STEP * place as f64 - 12.0;
        let memory = creation.memory.mib.to_string();
        picture.text("plain", x, BOTTOM + 20.0, 12.0, memory);
        let tables = format!("{:.0} kB", creation.page_tables);
        picture.text("faint", x, BOTTOM + 36.0, 12.0, tables);
    }
}

fn lines(picture: &mut Picture, x: f64, shown: &[&Creation], language: Language) {
    let mut ends = Vec::new();
    for name in WAYS {
        let places = shown.iter().enumerate();
        let points = places.filter_map(|(place, creation)| {
            Some((x + STEP * place as f64, height(creation.median(name)?)))
        });
        let points: Vec<(f64, f64)> = points.collect();
        let is_fork = name == "fork";
        let class = if is_fork { "lab-line" } else { "other-line" };
        let name = words::way(language, name);
        if let Some(&(_, end)) = points.last() {
            picture.path(class, &points, Some(name.to_owned()));
            ends.push((end, name, is_fork));
        }
    }
    names_at_ends(picture, x + 3.0 * STEP + 8.0, ends);
}
