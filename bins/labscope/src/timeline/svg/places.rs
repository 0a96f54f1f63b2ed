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
