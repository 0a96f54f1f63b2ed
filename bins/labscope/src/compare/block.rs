//! Calls that do not agree, laid beside each other so that each stands beside the one that it should have been.

use crate::compare::normalized_call::NormalizedCall;

/// One line: a call of the C, of the lab, or of both, counted from the beginning of the block.
pub type Line = (Option<usize>, Option<usize>);

/// Of longer blocks the rest stands side by side as it comes.
const MOST: usize = 200;

/// What it is worth that two calls stand beside each other.
fn worth(c: &NormalizedCall, lab: &NormalizedCall) -> usize {
    match (c.alike(lab), c.name == lab.name) {
        (true, _) => 4,
        (false, true) => 1,
        (false, false) => 0,
    }
}

/// As many calls as possible beside one that is alike, or at least of the same name.
pub fn lay_out(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Vec<Line> {
    let (left, right) = (&c[..c.len().min(MOST)], &lab[..lab.len().min(MOST)]);
    let best = best(left, right);
    let (mut lines, mut i, mut j) = (Vec::new(), 0, 0);
    while i < left.len() || j < right.len() {
        let both = i < left.len() && j < right.len();
        let worth = if both { worth(&left[i], &right[j]) } else { 0 };
        if worth > 0 && best[i][j] == worth + best[i + 1][j + 1] {
            lines.push((Some(i), Some(j)));
            (i, j) = (i + 1, j + 1);
        } else if i < left.len() && best[i][j] == best[i + 1][j] {
            lines.push((Some(i), None));
            i += 1;
        } else {
            lines.push((None, Some(j)));
            j += 1;
        }
    }
    let further = (c.len() - i).max(lab.len() - j);
    let rest = (0..further).map(|step| {
        let of = |from: usize, end: usize| Some(from + step).filter(|place| *place < end);
        (of(i, c.len()), of(j, lab.len()))
    });
    beside(lines).into_iter().chain(rest).collect()
}

/// The most that can be had from each place on.
fn best(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Vec<Vec<usize>> {
    let mut best = vec![vec![0; lab.len() + 1]; c.len() + 1];
    for i in (0..c.len()).rev() {
        for j in (0..lab.len()).rev() {
            let together = match worth(&c[i], &lab[j]) {
                0 => 0,
                worth => worth + best[i + 1][j + 1],
            };
            best[i][j] = together.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    best
}

/// Calls that stand alone on both sides, one after the other, share lines: the one is made in the place of the other.
fn beside(lines: Vec<Line>) -> Vec<Line> {
    let is_alone = |line: &Line| line.0.is_none() || line.1.is_none();
    let runs = lines.chunk_by(|one, other| is_alone(one) && is_alone(other));
    let shared = runs.flat_map(|run| {
        if !run.iter().all(is_alone) {
            return run.to_vec();
        }
        let of_c: Vec<usize> = run.iter().filter_map(|line| line.0).collect();
        let of_lab: Vec<usize> = run.iter().filter_map(|line| line.1).collect();
        let length = of_c.len().max(of_lab.len());
        let line = |step| (of_c.get(step).copied(), of_lab.get(step).copied());
        (0..length).map(line).collect()
    });
    shared.collect()
}
