//! The whole picture: title, axis, lanes and arrows, and the panels below them.

use crate::i18n::{Language, timeline as say};
use crate::timeline::model::{Lane, State, Timeline};
use crate::timeline::svg::canvas::Picture;
use crate::timeline::svg::cards::Cards;
use crate::timeline::svg::layout::{BAR, LaneLayout, Layout, MARGIN, ROW, SIZE, lay_out};
use crate::timeline::svg::scale::{Label, LabelRows, Scale};
use crate::timeline::svg::{
    axis, descriptor_panel, legend, memory_panel, places, shared_panel, symbols,
};

/// The panels below the lanes are no wider, however long the lanes are.
pub const PANELS: f64 = 1200.0;

/// The picture as an SVG file.
pub fn svg(timeline: &Timeline, language: Language) -> String {
    draw(timeline, language).svg()
}

/// Draws the whole picture.
pub fn draw(timeline: &Timeline, language: Language) -> Picture {
    painted(timeline, &lay_out(timeline, language), language)
}

/// Draws the same without the tables of descriptors: half of the picture of a long run.
pub fn draw_without_tables(timeline: &Timeline, language: Language) -> Picture {
    let layout = lay_out(timeline, language);
    let without = Timeline {
        moments: Vec::new(),
        ..timeline.clone()
    };
    painted(&without, &layout, language)
}

fn painted(timeline: &Timeline, layout: &Layout, language: Language) -> Picture {
    let title = format!("{} — {}", timeline.lab, timeline.title.get(language));
    let mut picture = Picture::new(language, title.clone(), description(timeline, language));
    picture.text("title", MARGIN, 26.0, 16.0, title);
    picture.text("sub", MARGIN, 44.0, 11.0, say::about_time(language));
    axis::draw(&mut picture, layout);
    axis::numbers(&mut picture, timeline, layout);
    let lanes = || timeline.lanes.iter().zip(&layout.lanes);
    for (lane, its) in lanes() {
        bar(&mut picture, layout, lane, its.bar);
        leaders(&mut picture, &layout.scale, its);
    }
    arrows(&mut picture, timeline, layout);
    for (colour, (_, its)) in timeline.colours().into_iter().zip(lanes()) {
        header(&mut picture, its, places::name_class(colour));
        labels(&mut picture, &layout.scale, its);
    }
    let texts = picture.texts();
    let rights = texts.iter().map(|text| text.left + text.width);
    let end = layout.scale.moments().last().map_or(0.0, |&(_, x)| x);
    let width = rights.fold(end, f64::max).max(900.0);
    let mut cards = Cards::new(MARGIN, layout.bottom + 6.0, width.min(PANELS));
    legend::draw(&mut picture, timeline, &mut cards);
    memory_panel::draw(&mut picture, timeline, &mut cards);
    shared_panel::draw(&mut picture, timeline, &mut cards);
    descriptor_panel::draw(&mut picture, timeline, &mut cards);
    let (right, bottom) = cards.reach();
    picture.width = width.max(right) + MARGIN;
    picture.height = bottom + MARGIN;
    picture
}

/// Every lane and what it waited for, for whoever listens.
fn description(timeline: &Timeline, language: Language) -> String {
    let lanes = timeline.lanes.iter().map(|lane| {
        let spans = lane.spans.iter();
        let states = spans.filter(|span| span.state != State::Running);
        let states: Vec<String> = states.map(|span| span.in_bar(language)).collect();
        format!(
            "{}: {}",
            lane.header(language).join(", "),
            states.join(", ")
        )
    });
    lanes.collect::<Vec<_>>().join("; ")
}

fn header(picture: &mut Picture, lane: &LaneLayout, name: &'static str) {
    let mut y = lane.bar + 13.0;
    for (row, line) in lane.header.iter().enumerate() {
        let (class, size) = match row {
            0 => (name, SIZE + 1.0),
            _ => ("faint", SIZE),
        };
        picture.text(class, MARGIN, y, size, line.as_str());
        y += ROW;
    }
}

fn bar(picture: &mut Picture, layout: &Layout, lane: &Lane, top: f64) {
    let language = picture.language;
    let middle = top + BAR / 2.0;
    let begin = (layout.scale.x(lane.born), middle);
    picture.path("unborn", &[(layout.left - 8.0, middle), begin], None);
    for span in &lane.spans {
        let (from, to) = (layout.scale.x(span.from), layout.scale.x(span.to));
        let title = Some(lane.say_span(span, language));
        let place = [from, top, (to - from).max(1.5), BAR];
        symbols::bar(picture, &span.state, place, title);
        let class = match span.state {
            State::Zombie => "in-zombie",
            _ => "in",
        };
        let text = span.in_bar(language);
        picture.centred(class, (from + to) / 2.0, middle + 3.5, SIZE, &text);
    }
    if let Some(since) = lane.in_session {
        let (from, to) = (layout.scale.x(since), layout.scale.x(lane.until));
        let title = say::sign(language, say::Sign::Session).to_owned();
        symbols::session(picture, [from, top, to - from, BAR], Some(title));
    }
}

/// A line from each label to its bar.
fn leaders(picture: &mut Picture, scale: &Scale, lane: &LaneLayout) {
    let (top, foot) = (lane.bar, lane.bar + BAR);
    let mut leader = |rows: &LabelRows, from: f64, to: f64, step: f64| {
        let line = |label: &Label| {
            let (x, end) = (scale.x(label.at), to + label.row as f64 * step);
            [(x, from), (x, end)]
        };
        let lines: Vec<_> = rows.labels.iter().map(line).collect();
        picture.lines("leader", &lines);
    };
    leader(&lane.above, top + 3.0, top - 10.0, -ROW);
    leader(&lane.below, foot - 3.0, foot + 10.0, ROW);
}

fn labels(picture: &mut Picture, scale: &Scale, lane: &LaneLayout) {
    let mut write = |rows: &LabelRows, first: f64, step: f64| {
        for label in &rows.labels {
            let x = scale.x(label.at) + 3.0;
            let y = first + label.row as f64 * step;
            picture.text_of(label.line, label.class, x, y, SIZE, label.text.as_str());
        }
    };
    write(&lane.above, lane.bar - 3.0, -ROW);
    write(&lane.below, lane.bar + BAR + 10.0, ROW);
}

fn arrows(picture: &mut Picture, timeline: &Timeline, layout: &Layout) {
    let place = |pid: Option<i32>| timeline.place(pid?);
    for arrow in &timeline.arrows {
        let Some(to) = place(arrow.to.pid) else {
            continue;
        };
        let (start, end) = (layout.scale.x(arrow.from.at), layout.scale.x(arrow.to.at));
        let arrives = &layout.lanes[to];
        // Aslant only between a lane and the next; straight past the labels of all others, which leave room for it.
        let points = match place(arrow.from.pid) {
            None => vec![(end, arrives.bar - 13.0), (end, arrives.bar + 3.0)],
            Some(from) if from < to => vec![
                (start, layout.lanes[from].bar + BAR - 3.0),
                (start, layout.lanes[from].around().1),
                (end, layout.lanes[from + 1].around().0),
                (end, arrives.bar + 2.0),
            ],
            Some(from) if from > to => vec![
                (start, layout.lanes[from].bar + 3.0),
                (start, layout.lanes[from].around().0),
                (end, layout.lanes[from - 1].around().1),
                (end, arrives.bar + BAR - 2.0),
            ],
            Some(_) => continue, // to itself: the label says it
        };
        let title = timeline.say_arrow(arrow, picture.language);
        symbols::arrow(picture, &arrow.kind, &points, Some(title));
    }
}
