//! Where the parts of a picture lie.

use std::cmp::Ordering;
use std::iter::once;

use crate::i18n::Language;
use crate::timeline::model::{Lane, Mark, MarkKind, State, Timeline};
use crate::timeline::svg::canvas::width_of;
use crate::timeline::svg::scale::{BREAK, Label, LabelRows, Scale};

/// The size of most texts, and of a row of them.
pub const SIZE: f64 = 10.0;
pub const ROW: f64 = 13.0;
pub const BAR: f64 = 18.0;
pub const MARGIN: f64 = 16.0;
pub const AXIS: f64 = 78.0;
/// Between a lane and the next.
const SPACE: f64 = 12.0;
/// Rows of labels above and below a bar.
const ABOVE: usize = 3;
const BELOW: usize = 6;

/// Where everything above the panels lies.
pub struct Layout {
    pub scale: Scale,
    pub left: f64,
    /// In the order of the model's lanes.
    pub lanes: Vec<LaneLayout>,
    pub bottom: f64,
}

/// Where the parts of a lane lie.
pub struct LaneLayout {
    pub header: Vec<String>,
    /// The top of the bar.
    pub bar: f64,
    pub above: LabelRows,
    pub below: LabelRows,
}

impl LaneLayout {
    /// Where the labels above the bar begin, and where those below it end.
    pub fn around(&self) -> (f64, f64) {
        let room = |rows: &LabelRows| rows.height() as f64 * ROW;
        (
            self.bar - room(&self.above),
            self.bar + BAR + room(&self.below),
        )
    }
}

/// Lays everything out.
pub fn lay_out(timeline: &Timeline, language: Language) -> Layout {
    let lanes = timeline.lanes.iter();
    let mut lanes: Vec<LaneLayout> = lanes.map(|lane| unplaced(lane, language)).collect();
    for (place, side, at) in crossings(timeline) {
        let rows = match side {
            Side::Above => &mut lanes[place].above,
            Side::Below => &mut lanes[place].below,
        };
        rows.crossings.push(at);
    }
    let headers = lanes.iter().flat_map(|lane| &lane.header);
    let widths = headers.map(|line| width_of(line, SIZE + 1.0));
    let left = MARGIN + widths.fold(80.0, f64::max) + 18.0;
    let number = |at| Label {
        at,
        width: 17.0,
        ..Label::default()
    };
    let mut numbers = LabelRows {
        most: 1,
        labels: timeline.moments.iter().map(|one| number(one.at)).collect(),
        ..LabelRows::default()
    };
    let of_lanes = lanes.iter_mut();
    let rows = of_lanes.flat_map(|lane| [&mut lane.above, &mut lane.below]);
    let rows = once(&mut numbers).chain(rows);
    let stretches = stretches(timeline, language);
    let scale = Scale::lay_out(moments(timeline), left, rows, &stretches, &sleeps(timeline));
    let mut y = AXIS + 34.0;
    for lane in &mut lanes {
        lane.bar = y + lane.above.height() as f64 * ROW + 4.0;
        let below = lane.below.height() as f64 * ROW + 6.0;
        let header = lane.header.len() as f64 * ROW - 4.0;
        y = lane.bar + BAR + below.max(header - BAR) + SPACE;
    }
    Layout {
        scale,
        left,
        lanes,
        bottom: y,
    }
}

/// The texts of a lane, which have no places yet.
fn unplaced(lane: &Lane, language: Language) -> LaneLayout {
    let rows = |most: usize, side: Side| LabelRows {
        most,
        labels: labels(lane, side, language),
        ..LabelRows::default()
    };
    LaneLayout {
        header: lane.header(language),
        bar: 0.0,
        above: rows(ABOVE, Side::Above),
        below: rows(BELOW, Side::Below),
    }
}

/// A side of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Above,
    Below,
}

fn labels(lane: &Lane, side: Side, language: Language) -> Vec<Label> {
    let label = |mark: &Mark| {
        let (its_side, class) = look(&mark.kind)?;
        if its_side != side {
            return None;
        }
        let text = lane.say_mark(mark, language);
        Some(Label {
            at: mark.at,
            width: width_of(&text, SIZE) + 9.0,
            class,
            text,
            line: mark.line,
            row: 0,
        })
    };
    lane.marks.iter().filter_map(label).collect()
}

/// Where the text of a mark stands, and its class; none for a mark that counts no calls.
fn look(kind: &MarkKind) -> Option<(Side, &'static str)> {
    Some(match kind {
        MarkKind::Call { failed: true, .. } => (Side::Below, "failed"),
        MarkKind::Call { .. } => (Side::Below, "call"),
        MarkKind::Folded(0) => return None,
        MarkKind::Folded(_) => (Side::Below, "faint"),
        MarkKind::Exec(_) => (Side::Above, "exec"),
        MarkKind::Ended(_) => (Side::Above, "end"),
        MarkKind::Signal { .. } | MarkKind::Orphaned { .. } => (Side::Above, "event"),
    })
}

/// At which side of whose bar, and when, arrows leave, pass by and arrive.
fn crossings(timeline: &Timeline) -> Vec<(usize, Side, f64)> {
    let ends = timeline.arrows.iter().filter_map(|arrow| {
        let from = timeline.place(arrow.from.pid?)?;
        let to = timeline.place(arrow.to.pid?)?;
        let (leaves, arrives) = match from.cmp(&to) {
            Ordering::Less => (Side::Below, Side::Above),
            Ordering::Greater => (Side::Above, Side::Below),
            Ordering::Equal => return None,
        };
        let between = from.min(to) + 1..from.max(to);
        let past = between.flat_map(|lane| [(lane, Side::Above), (lane, Side::Below)]);
        let past = past.map(|(lane, side)| (lane, side, arrow.to.at));
        let ends = [(from, leaves, arrow.from.at), (to, arrives, arrow.to.at)];
        Some(past.chain(ends).collect::<Vec<_>>())
    });
    ends.flatten().collect()
}

/// Every moment at which something is drawn.
fn moments(timeline: &Timeline) -> Vec<f64> {
    let lanes = timeline.lanes.iter();
    let of_lanes = lanes.flat_map(|lane| {
        let spans = lane.spans.iter().flat_map(|span| [span.from, span.to]);
        spans.chain(lane.marks.iter().map(|mark| mark.at))
    });
    let arrows = timeline.arrows.iter();
    let of_arrows = arrows.flat_map(|arrow| [arrow.from.at, arrow.to.at]);
    let of_tables = timeline.moments.iter().map(|moment| moment.at);
    let all = once(0.0).chain(of_lanes).chain(of_arrows);
    all.chain(of_tables).collect()
}

/// From when to when processes sleep, for so long that the eye compares it.
fn sleeps(timeline: &Timeline) -> Vec<(f64, f64)> {
    let spans = timeline.lanes.iter().flat_map(|lane| &lane.spans);
    let sleeps = spans.filter(|span| span.state == State::Sleeping);
    let spans = sleeps.map(|span| (span.from, span.to));
    spans.filter(|(from, to)| to - from >= BREAK).collect()
}

/// How much room the texts in bars need, and between which moments.
fn stretches(timeline: &Timeline, language: Language) -> Vec<(f64, f64, f64)> {
    let spans = timeline.lanes.iter().flat_map(|lane| &lane.spans);
    let named = spans.map(|span| (span, span.in_bar(language)));
    let named = named.filter(|(_, text)| !text.is_empty());
    let stretch = |(span, text): (_, String)| {
        let span: &crate::timeline::model::Span = span;
        (span.from, span.to, width_of(&text, SIZE) + 12.0)
    };
    named.map(stretch).collect()
}
