//! Long lives made short: what is left out is counted.

use super::{Lane, Mark, Span, State, What};

/// So many marks are drawn in a lane; of more, the first and the last ones.
const MOST: usize = 44;
const FIRST: usize = 28;
const LAST: usize = 8;

/// So many equal calls in a row are drawn as one and a number.
const ALIKE: usize = 4;

/// Leaves out repetitions, and the middle of a lane that still has too many marks.
pub fn shorten(lane: &mut Lane) {
    let alike = |one: &Mark, other: &Mark| {
        let is_call = matches!(one.what, What::Call { .. });
        is_call && (&one.what, one.line) == (&other.what, other.line)
    };
    let runs = lane.marks.chunk_by(alike);
    let runs = runs.flat_map(|run| match run {
        [first, second, ..] if run.len() >= ALIKE => {
            let more = Mark {
                at: second.at,
                call: second.call,
                line: second.line,
                what: What::Folded(run.len() - 1),
            };
            vec![first.clone(), more]
        }
        _ => run.to_vec(),
    });
    lane.marks = runs.collect();
    if lane.marks.len() <= MOST {
        return;
    }
    let hidden = FIRST..lane.marks.len() - LAST;
    let (from, to) = (lane.marks[hidden.start].at, lane.marks[hidden.end].at);
    let is_call = |mark: &Mark| matches!(mark.what, What::Call { .. });
    let middle: Vec<Mark> = lane.marks.splice(hidden, []).collect();
    let (calls, others): (Vec<Mark>, Vec<Mark>) = middle.into_iter().partition(is_call);
    let others = others
        .into_iter()
        .filter(|mark| !matches!(mark.what, What::Signal(_)));
    lane.marks.extend(others);
    lane.marks.sort_by(|one, other| one.at.total_cmp(&other.at));
    let folded = Span {
        state: State::Folded(calls.len()),
        from,
        to,
    };
    let mut spans = Vec::new();
    for span in lane.spans.drain(..) {
        let before = Span {
            to: span.to.min(from),
            ..span.clone()
        };
        let after = Span {
            from: span.from.max(to),
            ..span
        };
        spans.extend(
            [before, after]
                .into_iter()
                .filter(|span| span.from < span.to),
        );
    }
    spans.push(folded);
    spans.sort_by(|one, other| one.from.total_cmp(&other.from));
    lane.spans = spans;
}
