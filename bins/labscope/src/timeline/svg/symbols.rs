//! What has a look of its own: a piece of a bar, an arrow, a number in a box.

use crate::timeline::model::{ArrowKind, State};
use crate::timeline::svg::canvas::Picture;

/// A piece of a bar in the look of a state.
pub fn bar(
    picture: &mut Picture,
    state: &State,
    [x, y, width, height]: [f64; 4],
    title: Option<String>,
) {
    let (class, edge) = match state {
        State::Running => ("running", 3.0),
        State::Sleeping => ("sleeping", 2.0),
        State::Blocked(_) => ("blocked", 2.0),
        State::Held(_) => ("held", 2.0),
        State::Stopped(_) => ("stopped", 2.0),
        State::Zombie => ("zombie", 2.0),
        State::Folded(_) => ("folded", 2.0),
    };
    picture.rectangle(class, [x, y + edge, width, height - 2.0 * edge], title);
    let (top, foot) = (y + 2.0, y + height - 2.0);
    if matches!(state, State::Stopped(_)) {
        for x in [x + 3.5, x + width - 3.5] {
            picture.path("stopped-bar", &[(x, top), (x, foot)], None);
        }
    }
    if *state == State::Zombie {
        let mut hatch = Vec::new();
        let mut left = x + 4.0;
        while left + 4.0 < x + width {
            hatch.push([(left, foot), (left + 4.0, foot - 4.0)]);
            hatch.push([(left - 3.0, top + 4.0), (left + 1.0, top)]);
            left += 8.0;
        }
        picture.lines("zombie-hatch", &hatch);
    }
}

/// A session without a terminal: a line along the foot of a piece of a bar.
pub fn session(picture: &mut Picture, [x, top, width, height]: [f64; 4], title: Option<String>) {
    let line = [(x, top + height - 2.0), (x + width, top + height - 2.0)];
    picture.path("session", &line, title);
}

/// An arrow from point to point, in the look of its kind.
pub fn arrow(
    picture: &mut Picture,
    kind: &ArrowKind,
    points: &[(f64, f64)],
    title: Option<String>,
) {
    let (line, head) = match kind {
        ArrowKind::Fork | ArrowKind::Thread => ("fork", "fork-head"),
        ArrowKind::Wait => ("wait", "wait-head"),
        ArrowKind::Semaphore(_) => ("semaphore", "semaphore-head"),
        ArrowKind::Signal(_) => ("signal", "signal-head"),
        ArrowKind::Connection => ("connection", "bytes-head"),
        ArrowKind::Bytes { .. } => ("bytes", "bytes-head"),
    };
    picture.path(line, points, title);
    if let [.., before, end] = *points {
        picture.head(head, before, end);
    }
}

/// A number in a box, by which the axis and a card below name the same moment.
pub fn badge(picture: &mut Picture, (x, y): (f64, f64), number: usize, title: Option<String>) {
    picture.rectangle("badge", [x - 7.5, y - 7.0, 15.0, 14.0], title);
    picture.centred("number", x, y + 3.4, 9.0, &number.to_string());
}
