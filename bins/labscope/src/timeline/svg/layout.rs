//! Where the parts of a picture lie.

use std::cmp::Ordering;

use crate::i18n::Language;
use crate::timeline::svg::canvas::width_of;
use crate::timeline::svg::scale::{Axis, Need, Shelf};
use crate::timeline::{Kind, Lane, Mark, Timeline, What, words as say};

/// The size of most texts, and of a row of them.
pub const SIZE: f64 = 10.0;
pub const ROW: f64 = 13.0;
pub const BAR: f64 = 18.0;
pub const MARGIN: f64 = 16.0;
/// Between a lane and the next.
pub const SPACE: f64 = 12.0;
/// Rows of labels above and below a bar.
pub const ABOVE: usize = 3;
pub const BELOW: usize = 6;
pub const AXIS: f64 = 78.0;

/// Where everything lies.
pub struct Plan {
    pub axis: Axis,
    pub left: f64,
    /// The numbers of moments, then above and below of each lane.
    pub shelves: Vec<Shelf>,
    /// The top of each bar.
    pub bars: Vec<f64>,
    pub bottom: f64,
}

impl Plan {
    /// Where the labels above a bar begin, and where those below it end.
    pub fn around(&self, place: usize) -> (f64, f64) {
        let room = |shelf: usize| self.shelves[shelf].height() as f64 * ROW;
        let top = self.bars[place];
        (top - room(1 + 2 * place), top + BAR + room(2 + 2 * place))
    }
}

/// The texts below a bar.
pub fn below(_: &Lane, mark: &Mark, words: Language) -> Option<(&'static str, String)> {
    match &mark.what {
        What::Call { text, failed } => Some((
            if *failed { "failed" } else { "call" },
            say::note(text, words),
        )),
        What::Folded(0) => None,
        What::Folded(calls) => Some(("faint", say::folded(*calls, words))),
        _ => None,
    }
}

/// The texts above a bar.
pub fn above(lane: &Lane, mark: &Mark, words: Language) -> Option<(&'static str, String)> {
    say::above(&mark.what, lane.leaves_no_zombie, words)
}

/// Lays everything out.
pub fn plan(timeline: &Timeline, words: Language) -> Plan {
    let lines = timeline.lanes.iter().flat_map(|lane| header(lane, words));
    let widest = lines
        .map(|line| width_of(&line, SIZE + 1.0))
        .fold(80.0, f64::max);
    let left = MARGIN + widest + 18.0;
    let mut shelves = vec![Shelf::of(1)];
    shelves[0].labels = timeline
        .moments
        .iter()
        .map(|moment| Need {
            at: moment.at,
            width: 17.0,
        })
        .collect();
    let passes = passes(timeline);
    let mut moments: Vec<f64> = vec![0.0];
    let mut stretches = Vec::new();
    for lane in &timeline.lanes {
        let need = |mark: &Mark, text: Option<(&str, String)>| {
            text.map(|(_, text)| Need {
                at: mark.at,
                width: width_of(&text, SIZE) + 9.0,
            })
        };
        let mut up = Shelf::of(ABOVE);
        up.labels = lane
            .marks
            .iter()
            .filter_map(|mark| need(mark, above(lane, mark, words)))
            .collect();
        let mut down = Shelf::of(BELOW);
        down.labels = lane
            .marks
            .iter()
            .filter_map(|mark| need(mark, below(lane, mark, words)))
            .collect();
        for (shelf, side) in [(&mut up, Side::Above), (&mut down, Side::Below)] {
            let own = passes
                .iter()
                .filter(|pass| (pass.0, pass.1) == (lane.pid, side));
            shelf.passes = own.map(|pass| pass.2).collect();
        }
        shelves.extend([up, down]);
        moments.extend(lane.spans.iter().flat_map(|span| [span.from, span.to]));
        moments.extend(lane.marks.iter().map(|mark| mark.at));
        let named = lane
            .spans
            .iter()
            .map(|span| (span, say::in_bar(span, words)));
        let named = named.filter(|(_, text)| !text.is_empty());
        stretches
            .extend(named.map(|(span, text)| (span.from, span.to, width_of(&text, SIZE) + 12.0)));
    }
    moments.extend(
        timeline
            .arrows
            .iter()
            .flat_map(|arrow| [arrow.from.at, arrow.to.at]),
    );
    moments.extend(timeline.moments.iter().map(|moment| moment.at));
    let axis = Axis::lay_out(moments, left, &mut shelves, &stretches);
    let mut y = AXIS + 34.0;
    let mut bars = Vec::new();
    for (place, lane) in timeline.lanes.iter().enumerate() {
        y += shelves[1 + 2 * place].height() as f64 * ROW + 4.0;
        bars.push(y);
        let below = shelves[2 + 2 * place].height() as f64 * ROW + 6.0;
        let names = header(lane, words).len() as f64 * ROW - 4.0;
        y += BAR + below.max(names - BAR) + SPACE;
    }
    Plan {
        axis,
        left,
        shelves,
        bars,
        bottom: y,
    }
}

/// A side of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Above,
    Below,
}

/// At which side of whose bar, and when, arrows leave and arrive; the thin ones of signals may cross a label.
fn passes(timeline: &Timeline) -> Vec<(i32, Side, f64)> {
    let place = |pid: Option<i32>| timeline.lanes.iter().position(|lane| Some(lane.pid) == pid);
    let arrows = timeline.arrows.iter();
    let thick = arrows.filter(|arrow| !matches!(arrow.kind, Kind::Signal(_)));
    let ends = thick.filter_map(|arrow| {
        let (from, to) = (place(arrow.from.pid)?, place(arrow.to.pid)?);
        let (leaves, arrives) = match from.cmp(&to) {
            Ordering::Less => (Side::Below, Side::Above),
            Ordering::Greater => (Side::Above, Side::Below),
            Ordering::Equal => return None,
        };
        Some([
            (arrow.from.pid?, leaves, arrow.from.at),
            (arrow.to.pid?, arrives, arrow.to.at),
        ])
    });
    ends.flatten().collect()
}

/// What stands to the left of a lane.
pub fn header(lane: &Lane, words: Language) -> Vec<String> {
    let first = lane.names.first().map_or(0.0, |(at, _)| *at);
    let parent = lane.parent.map(|parent| match words {
        crate::i18n::Language::En => format!("child of {parent}"),
        crate::i18n::Language::Ko => format!("{parent}의 자식"),
    });
    let lines = [
        Some(say::name(lane, first)),
        Some(format!("pid {}", lane.pid)),
        parent,
        lane.companion.clone(),
    ];
    lines.into_iter().flatten().collect()
}
