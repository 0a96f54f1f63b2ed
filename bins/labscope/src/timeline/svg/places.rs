//! Where moments and lanes lie in a picture, for a page that points into it.

use crate::i18n::Language;
use crate::timeline::model::Timeline;
use crate::timeline::svg::layout::{self, BAR, Layout};

/// The places of moments and lanes in the picture of a timeline.
pub struct Places(Layout);

impl Places {
    /// Those of the picture in one language.
    pub fn of(timeline: &Timeline, language: Language) -> Places {
        Places(layout::lay_out(timeline, language))
    }

    /// Where that moment lies, from the left.
    pub fn x(&self, at: f64) -> f64 {
        self.0.scale.x(at)
    }

    /// The width of what stands before the lanes.
    pub fn left(&self) -> f64 {
        self.0.left
    }

    /// Where the lanes end, and the panels begin.
    pub fn bottom(&self) -> f64 {
        self.0.bottom
    }

    /// The middle of each lane's bar, from the top.
    pub fn bars(&self) -> impl Iterator<Item = f64> {
        self.0.lanes.iter().map(|lane| lane.bar + BAR / 2.0)
    }
}

/// The classes of the colours by which processes are told apart.
const CLASSES: [&str; 6] = [
    "strong process-1",
    "strong process-2",
    "strong process-3",
    "strong process-4",
    "strong process-5",
    "strong process-6",
];

/// The class of a lane's name, by its place: after six the colours come again.
pub(super) fn name_class(place: usize) -> &'static str {
    CLASSES[place % CLASSES.len()]
}

/// The class of the colour of the process in that lane.
pub fn process_class(place: usize) -> &'static str {
    name_class(place).trim_start_matches("strong ")
}

#[cfg(test)]
mod tests {
    use super::CLASSES;
    use crate::text::colours::of_process;
    use crate::timeline::svg::style;

    /// Where a colour lies on the wheel, in degrees.
    fn hue([red, green, blue]: [f64; 3]) -> f64 {
        let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
        let part = |one: f64, other: f64| (one - other) / (most - least);
        let sixth = match most {
            most if most == red => part(green, blue),
            most if most == green => 2.0 + part(blue, red),
            _ => 4.0 + part(red, green),
        };
        (60.0 * sixth).rem_euclid(360.0)
    }

    /// Of the cube in a terminal's palette of 256: 16 + 36 red + 6 green + blue, each of six levels.
    fn of_palette(place: u32) -> [f64; 3] {
        let level = |step: u32| {
            if step == 0 {
                0.0
            } else {
                f64::from(55 + 40 * step)
            }
        };
        let place = place - 16;
        [level(place / 36), level(place / 6 % 6), level(place % 6)]
    }

    #[test]
    fn on_a_terminal_processes_have_the_hues_of_the_pictures() {
        let style = style();
        for (place, class) in CLASSES.iter().enumerate() {
            let class = class.trim_start_matches("strong ");
            let (_, rest) = style
                .split_once(&format!(".{class} {{ --process: #"))
                .expect("its colour");
            let part = |at: usize| u8::from_str_radix(&rest[at..at + 2], 16).map(f64::from);
            let drawn = [part(0), part(2), part(4)].map(|it| it.expect("a number"));
            let code = of_process(place + 1).rsplit(';').next();
            let shown = code
                .and_then(|it| it.parse().ok())
                .expect("a place of the palette");
            let apart = (hue(drawn) - hue(of_palette(shown))).abs();
            assert!(apart.min(360.0 - apart) < 25.0, "{class}: {apart}");
        }
        assert_eq!(of_process(7), of_process(1));
    }
}
