//! What stands below the lanes: the legend, the memory strips, the tables of descriptors.

use super::axis::badge;
use super::draw::swatch;
use super::picture::{Picture, width_of};
use super::plan::SIZE;
use super::strips::strip;
use super::tables::tables;
use super::{Kind, Span, State, Timeline, words as say};
use crate::scenario::Language;
use crate::tour::Words;

/// So many tables and strips are drawn.
const TABLES: usize = 12;
const STRIPS: usize = 2;

/// Between cards.
const SPACE: f64 = 14.0;
pub const PADDING: f64 = 8.0;

/// Cards one beside the other, in lines like text.
pub struct Flow {
    left: f64,
    width: f64,
    x: f64,
    y: f64,
    tallest: f64,
    right: f64,
}

impl Flow {
    /// The place of the next card.
    pub fn take(&mut self, width: f64, height: f64) -> (f64, f64) {
        if self.x > self.left && self.x + width > self.width {
            (self.x, self.y, self.tallest) = (self.left, self.y + self.tallest + SPACE, 0.0);
        }
        let place = (self.x, self.y);
        self.x += width + SPACE;
        self.tallest = self.tallest.max(height);
        self.right = self.right.max(place.0 + width);
        place
    }
}

/// Draws all panels; tells how far they reach to the right and to the bottom.
pub fn draw(
    picture: &mut Picture,
    timeline: &Timeline,
    top: f64,
    left: f64,
    width: f64,
    words: Words,
) -> (f64, f64) {
    let mut flow = Flow {
        left,
        width,
        x: left,
        y: top + 6.0,
        tallest: 0.0,
        right: 0.0,
    };
    legend(picture, timeline, &mut flow, words);
    let forks = &timeline.forks[..timeline.forks.len().min(STRIPS)];
    if !forks.is_empty() {
        let more = timeline.forks.len() - forks.len();
        let title = words.pick(
            "Memory at fork: code and stack twice, each process with values of its own",
            "fork 때의 메모리: 코드와 스택이 둘로, 값은 저마다",
        );
        heading(picture, &mut flow, title, more, words);
        forks
            .iter()
            .for_each(|fork| strip(picture, timeline, fork, &mut flow, words));
    }
    let moments = &timeline.moments[..timeline.moments.len().min(TABLES)];
    if !moments.is_empty() {
        let more = timeline.moments.len() - moments.len();
        let title = words.pick("Open descriptors", "열린 파일 지정번호");
        heading(picture, &mut flow, title, more, words);
        for (place, moment) in moments.iter().enumerate() {
            tables(picture, timeline, moment, place + 1, &mut flow, words);
        }
    }
    (flow.right, flow.y + flow.tallest)
}

fn heading(picture: &mut Picture, flow: &mut Flow, title: &str, more: usize, words: Words) {
    flow.y += flow.tallest + 34.0;
    let more = match (more, words.0) {
        (0, _) => String::new(),
        (more, Language::En) => format!(" (and {more} more)"),
        (more, Language::Ko) => format!(" (그 밖에 {more}개)"),
    };
    picture.text("title", flow.left, flow.y, 13.0, format!("{title}{more}"));
    (flow.x, flow.y, flow.tallest) = (flow.left, flow.y + 10.0, 0.0);
}

/// The states and arrows that occur, and what they look like.
fn legend(picture: &mut Picture, timeline: &Timeline, flow: &mut Flow, words: Words) {
    let mut entries: Vec<(&'static str, &State)> = Vec::new();
    let spans = timeline.lanes.iter().flat_map(|lane| &lane.spans);
    for Span { state, .. } in spans {
        let text = say::state(state, words);
        if !entries.iter().any(|(known, _)| *known == text) {
            entries.push((text, state));
        }
    }
    for (text, state) in entries {
        let (x, y) = flow.take(34.0 + width_of(text, SIZE), 18.0);
        swatch(picture, state, [x, y, 26.0, 18.0], None);
        picture.text("plain", x + 32.0, y + 13.0, SIZE, text);
    }
    let mut kinds: Vec<(&str, &str, &Kind)> = Vec::new();
    for arrow in &timeline.arrows {
        let (class, text) = say::kind(&arrow.kind, words);
        if !kinds.iter().any(|(known, ..)| *known == class) {
            kinds.push((class, text, &arrow.kind));
        }
    }
    for (_, text, kind) in kinds {
        let (line, tip) = match kind {
            Kind::Fork => ("fork", "fork-head"),
            Kind::Wait => ("wait", "wait-head"),
            Kind::Signal(_) => ("signal", "signal-head"),
            Kind::Bytes { .. } => ("bytes", "bytes-head"),
        };
        let (x, y) = flow.take(40.0 + width_of(text, SIZE), 18.0);
        let (from, to) = ((x, y + 9.0), (x + 30.0, y + 9.0));
        picture.path(line, &[from, to], None);
        picture.head(tip, from, to);
        picture.text("plain", x + 36.0, y + 13.0, SIZE, text);
    }
    if !timeline.moments.is_empty() {
        let text = words.pick(
            "descriptors change: see below",
            "파일 지정번호가 바뀜: 아래 그림",
        );
        let (x, y) = flow.take(24.0 + width_of(text, SIZE), 18.0);
        badge(picture, (x + 8.0, y + 9.0), 1, None);
        picture.text("plain", x + 20.0, y + 13.0, SIZE, text);
    }
}
