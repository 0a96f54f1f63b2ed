//! The picture of a timeline: lanes and arrows; what stands below them is in `panels`.

use crate::i18n::Language;
use crate::timeline::svg::axis::{numbers, time};
use crate::timeline::svg::canvas::Picture;
use crate::timeline::svg::layout::{BAR, MARGIN, Plan, ROW, SIZE, above, below, header, plan};
use crate::timeline::svg::panels;
use crate::timeline::{Kind, Lane, Mark, State, Timeline, words as say};

/// Draws the whole picture.
pub fn draw(timeline: &Timeline, words: Language) -> Picture {
    let plan = plan(timeline, words);
    let mut picture = Picture {
        language: words,
        ..Picture::default()
    };
    head(&mut picture, timeline, words);
    time(&mut picture, &plan);
    numbers(&mut picture, timeline, &plan, words);
    for (place, lane) in timeline.lanes.iter().enumerate() {
        bars(&mut picture, &plan, place, lane, words);
        leaders(&mut picture, &plan, place, lane);
    }
    arrows(&mut picture, timeline, &plan, words);
    for (place, lane) in timeline.lanes.iter().enumerate() {
        names(&mut picture, &plan, place, lane, words);
        labels(&mut picture, &plan, place, lane, words);
    }
    let boxes = picture
        .texts()
        .into_iter()
        .map(|text| text.left + text.width);
    let end = plan.axis.moments().last().map_or(0.0, |&(_, x)| x);
    let width = boxes.fold(end, f64::max).max(900.0);
    let (right, bottom) = panels::draw(&mut picture, timeline, plan.bottom, MARGIN, width, words);
    picture.width = width.max(right) + MARGIN;
    picture.height = bottom + MARGIN;
    picture
}

fn head(picture: &mut Picture, timeline: &Timeline, words: Language) {
    let title = format!("{} — {}", timeline.lab, timeline.title.get(words));
    picture.text("title", MARGIN, 26.0, 16.0, title.clone());
    let note = words.pick(
        "Time runs to the right, but not to scale: every event has room, and ≈ cuts long waits short. Times are in seconds, as strace saw them.",
        "시간은 오른쪽으로 흐르지만 축척은 일정하지 않다. 사건마다 자리를 두고, 긴 기다림은 ≈에서 줄였다. 단위는 초, strace가 본 시각이다.",
    );
    picture.text("sub", MARGIN, 44.0, 11.0, note);
    let lanes = timeline.lanes.iter().map(|lane| {
        let states = lane
            .spans
            .iter()
            .filter(|span| span.state != State::Running);
        let states: Vec<String> = states.map(|span| say::in_bar(span, words)).collect();
        format!("{}: {}", header(lane, words).join(", "), states.join(", "))
    });
    picture.description = lanes.collect::<Vec<_>>().join("; ");
    picture.title = title;
}

fn names(picture: &mut Picture, plan: &Plan, place: usize, lane: &Lane, words: Language) {
    for (row, line) in header(lane, words).into_iter().enumerate() {
        let (class, size) = if row == 0 {
            ("strong", SIZE + 1.0)
        } else {
            ("faint", SIZE)
        };
        picture.text(
            class,
            MARGIN,
            plan.bars[place] + 13.0 + row as f64 * ROW,
            size,
            line,
        );
    }
}

fn bars(picture: &mut Picture, plan: &Plan, place: usize, lane: &Lane, words: Language) {
    let top = plan.bars[place];
    let middle = top + BAR / 2.0;
    picture.path(
        "unborn",
        &[(plan.left - 8.0, middle), (plan.axis.x(lane.born), middle)],
        None,
    );
    for span in &lane.spans {
        let (from, to) = (plan.axis.x(span.from), plan.axis.x(span.to));
        let title = Some(say::span(lane, span, words));
        swatch(
            picture,
            &span.state,
            [from, top, (to - from).max(1.5), BAR],
            title,
        );
        let text = say::in_bar(span, words);
        let class = if span.state == State::Zombie {
            "in-zombie"
        } else {
            "in"
        };
        picture.centred(class, (from + to) / 2.0, middle + 3.5, SIZE, &text);
    }
}

/// A piece of a bar in the look of a state.
pub fn swatch(
    picture: &mut Picture,
    state: &State,
    [x, y, width, height]: [f64; 4],
    title: Option<String>,
) {
    let thin = [x, y + 2.0, width, height - 4.0];
    match state {
        State::Running => picture.rectangle("running", [x, y + 3.0, width, height - 6.0], title),
        State::Sleeping => picture.rectangle("sleeping", thin, title),
        State::Blocked(_) => picture.rectangle("blocked", thin, title),
        State::Held(_) => picture.rectangle("held", thin, title),
        State::Folded(_) => picture.rectangle("folded", thin, title),
        State::Stopped(_) => {
            picture.rectangle("stopped", thin, title);
            for x in [x + 3.5, x + width - 3.5] {
                picture.path("stopped-bar", &[(x, y + 2.0), (x, y + height - 2.0)], None);
            }
        }
        State::Zombie => {
            picture.rectangle("zombie", thin, title);
            let mut foot = x + 4.0;
            while foot + 4.0 < x + width {
                picture.path(
                    "zombie-hatch",
                    &[(foot, y + height - 2.0), (foot + 4.0, y + height - 6.0)],
                    None,
                );
                picture.path(
                    "zombie-hatch",
                    &[(foot - 3.0, y + 6.0), (foot + 1.0, y + 2.0)],
                    None,
                );
                foot += 8.0;
            }
        }
    }
}

/// The text of a mark.
struct Label<'a> {
    mark: &'a Mark,
    class: &'static str,
    text: String,
    x: f64,
    row: usize,
}

type Text = fn(&Lane, &Mark, Language) -> Option<(&'static str, String)>;

/// The texts of a lane that stand on a shelf, in their places.
fn shelved<'a>(
    plan: &Plan,
    shelf: usize,
    lane: &'a Lane,
    text: Text,
    words: Language,
) -> Vec<Label<'a>> {
    let marks = lane.marks.iter();
    let texts = marks.filter_map(|mark| Some((mark, text(lane, mark, words)?)));
    let labels = texts.zip(&plan.shelves[shelf].rows);
    labels
        .map(|((mark, (class, text)), &row)| Label {
            mark,
            class,
            text,
            x: plan.axis.x(mark.at),
            row,
        })
        .collect()
}

/// A line from each label to its bar.
fn leaders(picture: &mut Picture, plan: &Plan, place: usize, lane: &Lane) {
    let words = Language::default();
    let (top, foot) = (plan.bars[place], plan.bars[place] + BAR);
    for Label { x, row, .. } in shelved(plan, 1 + 2 * place, lane, above, words) {
        picture.path(
            "leader",
            &[(x, top + 3.0), (x, top - 10.0 - row as f64 * ROW)],
            None,
        );
    }
    for Label { x, row, .. } in shelved(plan, 2 + 2 * place, lane, below, words) {
        picture.path(
            "leader",
            &[(x, foot - 3.0), (x, foot + 10.0 + row as f64 * ROW)],
            None,
        );
    }
}

fn labels(picture: &mut Picture, plan: &Plan, place: usize, lane: &Lane, words: Language) {
    let (top, foot) = (plan.bars[place], plan.bars[place] + BAR);
    let mut write = |label: Label<'_>, y: f64| {
        let Label { class, text, x, .. } = label;
        picture.text_of(label.mark.line, class, x + 3.0, y, SIZE, text);
    };
    for label in shelved(plan, 1 + 2 * place, lane, above, words) {
        let y = top - 3.0 - label.row as f64 * ROW;
        write(label, y);
    }
    for label in shelved(plan, 2 + 2 * place, lane, below, words) {
        let y = foot + 10.0 + label.row as f64 * ROW;
        write(label, y);
    }
}

fn arrows(picture: &mut Picture, timeline: &Timeline, plan: &Plan, words: Language) {
    let place = |pid: Option<i32>| timeline.lanes.iter().position(|lane| Some(lane.pid) == pid);
    for arrow in &timeline.arrows {
        let Some(to) = place(arrow.to.pid) else {
            continue;
        };
        let (x, title) = (plan.axis.x(arrow.to.at), say::arrow(timeline, arrow, words));
        // Straight past the labels of both lanes, which leave room for it; aslant only in between.
        let start = plan.axis.x(arrow.from.at);
        let points = match place(arrow.from.pid) {
            None => vec![(x, plan.bars[to] - 13.0), (x, plan.bars[to] + 3.0)],
            Some(from) if from < to => vec![
                (start, plan.bars[from] + BAR - 3.0),
                (start, plan.around(from).1),
                (x, plan.around(to).0),
                (x, plan.bars[to] + 2.0),
            ],
            Some(from) if from > to => vec![
                (start, plan.bars[from] + 3.0),
                (start, plan.around(from).0),
                (x, plan.around(to).1),
                (x, plan.bars[to] + BAR - 2.0),
            ],
            Some(_) => continue, // to itself: the label says it
        };
        let (line, tip) = match arrow.kind {
            Kind::Fork => ("fork", "fork-head"),
            Kind::Wait => ("wait", "wait-head"),
            Kind::Signal(_) => ("signal", "signal-head"),
            Kind::Bytes { .. } => ("bytes", "bytes-head"),
        };
        picture.path(line, &points, Some(title));
        if let [.., before, end] = points[..] {
            picture.head(tip, before, end);
        }
    }
}
