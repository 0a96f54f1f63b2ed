//! The legend: the states, arrows and signs that occur, and what they mean.

use crate::i18n::timeline::{self as say, Sign};
use crate::timeline::model::{AdoptedBy, ArrowKind, Cause, MarkKind, State, Timeline};
use crate::timeline::svg::canvas::{Picture, width_of};
use crate::timeline::svg::cards::Cards;
use crate::timeline::svg::descriptor_panel::shown;
use crate::timeline::svg::layout::SIZE;
use crate::timeline::svg::symbols;

/// Draws the whole legend.
pub fn draw(picture: &mut Picture, timeline: &Timeline, cards: &mut Cards) {
    states(picture, timeline, cards);
    sessions(picture, timeline, cards);
    arrows(picture, timeline, cards);
    marks(picture, timeline, cards);
    descriptors(picture, timeline, cards);
}

/// Writes what a sign means, and returns where the sign itself goes, which takes that much room.
fn entry(picture: &mut Picture, cards: &mut Cards, sign: Sign, room: f64) -> (f64, f64) {
    let text = say::sign(picture.language, sign);
    let (x, y) = cards.take(room + 2.0 + width_of(text, SIZE), 18.0);
    picture.text("plain", x + room, y + 13.0, SIZE, text);
    (x, y)
}

/// An entry whose sign is a text.
fn written(picture: &mut Picture, cards: &mut Cards, sign: Sign, class: &'static str, text: &str) {
    let room = width_of(text, SIZE) + 6.0;
    let (x, y) = entry(picture, cards, sign, room);
    picture.text(class, x, y + 13.0, SIZE, text);
}

fn states(picture: &mut Picture, timeline: &Timeline, cards: &mut Cards) {
    let mut states: Vec<&State> = Vec::new();
    for span in timeline.lanes.iter().flat_map(|lane| &lane.spans) {
        if !states.iter().any(|known| known.sign() == span.state.sign()) {
            states.push(&span.state);
        }
    }
    for state in states {
        let (x, y) = entry(picture, cards, state.sign(), 32.0);
        symbols::bar(picture, state, [x, y, 26.0, 18.0], None);
    }
}

fn arrows(picture: &mut Picture, timeline: &Timeline, cards: &mut Cards) {
    let mut kinds: Vec<&ArrowKind> = Vec::new();
    for arrow in &timeline.arrows {
        if !kinds.iter().any(|known| known.sign() == arrow.kind.sign()) {
            kinds.push(&arrow.kind);
        }
    }
    for kind in kinds {
        let (x, y) = entry(picture, cards, kind.sign(), 36.0);
        symbols::arrow(picture, kind, &[(x, y + 9.0), (x + 30.0, y + 9.0)], None);
    }
}

/// What texts in colour and signs at the bars mean.
fn marks(picture: &mut Picture, timeline: &Timeline, cards: &mut Cards) {
    let occurs = |is_it: fn(&MarkKind) -> bool| {
        let mut marks = timeline.lanes.iter().flat_map(|lane| &lane.marks);
        marks.any(|mark| is_it(&mark.kind))
    };
    if occurs(|kind| matches!(kind, MarkKind::Call { failed: true, .. })) {
        written(picture, cards, Sign::Failed, "failed", "E…");
    }
    if occurs(|kind| {
        matches!(
            kind,
            MarkKind::Call {
                tells_ready: true,
                ..
            }
        )
    }) {
        written(picture, cards, Sign::Ready, "call", "{3}");
    }
    if occurs(|kind| matches!(kind, MarkKind::Exec(_))) {
        written(picture, cards, Sign::Exec, "exec", "⇒");
    }
    let is_by_reaper = |kind: &MarkKind| {
        let MarkKind::Orphaned { adopter } = kind else {
            return false;
        };
        adopter
            .as_ref()
            .is_some_and(|it| it.who == AdoptedBy::Reaper)
    };
    if occurs(is_by_reaper) {
        written(picture, cards, Sign::Reaper, "event", "labscope");
    }
    if occurs(|kind| matches!(kind, MarkKind::Ended(_))) {
        written(picture, cards, Sign::End, "end", "■");
    }
}

fn sessions(picture: &mut Picture, timeline: &Timeline, cards: &mut Cards) {
    if timeline.lanes.iter().any(|lane| lane.in_session.is_some()) {
        let (x, y) = entry(picture, cards, Sign::Session, 32.0);
        symbols::session(picture, [x, y, 26.0, 11.0], None);
    }
}

fn descriptors(picture: &mut Picture, timeline: &Timeline, cards: &mut Cards) {
    if !timeline.moments.is_empty() {
        let (x, y) = entry(picture, cards, Sign::DescriptorsChange, 20.0);
        symbols::badge(picture, (x + 8.0, y + 9.0), 1, None);
    }
    let is_close = |cause: &Cause| matches!(cause, Cause::Close(_));
    let causes = || shown(timeline).iter().map(|moment| &moment.cause);
    if causes().any(|cause| !is_close(cause)) {
        let (x, y) = entry(picture, cards, Sign::NewDescriptor, 32.0);
        picture.rectangle("changed", [x, y + 3.0, 26.0, 13.0], None);
    }
    if causes().any(is_close) {
        written(picture, cards, Sign::ClosedDescriptor, "gone", "3");
    }
}
