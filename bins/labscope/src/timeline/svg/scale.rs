//! Where moments lie on the page. Each event has room; time passes in between, and long idle times are cut short.

/// A gap of at least so many seconds is cut short, and the axis shows it.
pub const BREAK: f64 = 0.1;

/// Events closer than this are one moment.
const SAME: f64 = 0.000_000_5;

/// Something that needs room at a moment.
#[derive(Clone, Debug)]
pub struct Need {
    pub at: f64,
    pub width: f64,
}

/// Labels that share the rows above or below a bar, in order of time.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// How many rows there may be.
    pub most: usize,
    pub labels: Vec<Need>,
    /// When an arrow passes the shelf: labels from before end to the left of it.
    pub passes: Vec<f64>,
    /// The row of each label, once laid out: 0 is next to the bar.
    pub rows: Vec<usize>,
}

/// The places of moments.
#[derive(Clone, Debug, Default)]
pub struct Axis {
    moments: Vec<(f64, f64)>,
}

impl Axis {
    /// Places all moments so that labels fit on their shelves and each stretch (from, to, width) is long enough.
    pub fn lay_out(
        mut moments: Vec<f64>,
        left: f64,
        shelves: &mut [Shelf],
        stretches: &[(f64, f64, f64)],
    ) -> Axis {
        moments.sort_by(f64::total_cmp);
        moments.dedup_by(|one, other| *one - *other < SAME);
        let mut axis = Axis {
            moments: moments.into_iter().map(|at| (at, 0.0)).collect(),
        };
        let mut least: Vec<(f64, f64, f64)> = stretches.to_vec();
        axis.place(left, &least);
        for shelf in shelves {
            least.extend(shelf.arrange(&axis));
        }
        axis.place(left, &least);
        axis
    }

    /// The place of a moment; one that is not an event lies between its neighbours.
    pub fn x(&self, at: f64) -> f64 {
        let after = self.moments.partition_point(|(time, _)| *time < at - SAME);
        let Some(&(later, x)) = self.moments.get(after) else {
            return self.moments.last().map_or(0.0, |&(_, x)| x);
        };
        match after.checked_sub(1).map(|before| self.moments[before]) {
            Some((earlier, from)) if later - at > SAME => {
                from + (x - from) * (at - earlier) / (later - earlier)
            }
            _ => x,
        }
    }

    /// All moments and their places.
    pub fn moments(&self) -> &[(f64, f64)] {
        &self.moments
    }

    fn index(&self, at: f64) -> usize {
        let place = self.moments.partition_point(|(time, _)| *time < at - SAME);
        place.min(self.moments.len().saturating_sub(1))
    }

    /// From left to right; `least` says how far apart two moments have to be.
    fn place(&mut self, left: f64, least: &[(f64, f64, f64)]) {
        let mut ends: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.moments.len()];
        for &(from, to, width) in least {
            let (from, to) = (self.index(from), self.index(to));
            if from < to {
                ends[to].push((from, width));
            }
        }
        let mut x = left;
        for (place, ends) in ends.iter().enumerate() {
            if let Some(before) = place.checked_sub(1) {
                x += gap(self.moments[place].0 - self.moments[before].0);
            }
            for &(from, width) in ends {
                x = x.max(self.moments[from].1 + width);
            }
            self.moments[place].1 = x;
        }
    }
}

/// How much room time itself takes.
fn gap(seconds: f64) -> f64 {
    match seconds {
        s if s < 0.000_2 => 9.0,
        s if s < 0.001 => 11.0,
        s if s < 0.01 => 14.0,
        s if s < BREAK => 22.0,
        _ => 66.0,
    }
}

impl Shelf {
    /// A shelf of so many rows.
    pub fn of(most: usize) -> Shelf {
        Shelf {
            most,
            ..Shelf::default()
        }
    }

    /// Gives each label a row, and tells which moments have to lie further apart for it.
    ///
    /// Labels that would overlap form stairs, the first one furthest from the bar: so no line from
    /// a label to the bar crosses another label. When the rows are used up, or an arrow
    /// passes, new stairs begin further right.
    fn arrange(&mut self, axis: &Axis) -> Vec<(f64, f64, f64)> {
        let right = |label: &Need| axis.x(label.at) + label.width;
        let mut least = Vec::new();
        let mut start = 0;
        while start < self.labels.len() {
            let mut end = start + 1;
            let mut furthest = right(&self.labels[start]);
            let pass = self.pass_after(self.labels[start].at);
            let is_before = |at: f64| pass.is_none_or(|pass| at < pass - SAME);
            while end < self.labels.len()
                && end - start < self.most
                && is_before(self.labels[end].at)
                && axis.x(self.labels[end].at) < furthest
            {
                furthest = furthest.max(right(&self.labels[end]));
                end += 1;
            }
            end = self.whole(start, end);
            self.rows.extend((0..end - start).rev());
            let next = self.labels.get(end).map(|next| next.at).into_iter();
            if let Some(free) = next.chain(pass).min_by(f64::total_cmp) {
                let stairs = &self.labels[start..end];
                least.extend(stairs.iter().map(|label| (label.at, free, label.width)));
            }
            start = end;
        }
        least
    }

    fn pass_after(&self, at: f64) -> Option<f64> {
        let later = self.passes.iter().filter(|pass| **pass > at + SAME);
        later.copied().min_by(f64::total_cmp)
    }

    /// Labels of one moment cannot be drawn apart, so they stay on the same stairs.
    fn whole(&self, start: usize, end: usize) -> usize {
        let parts = |place: &usize| match self.labels.get(*place) {
            Some(next) => next.at - self.labels[place - 1].at >= SAME,
            None => true,
        };
        let before = (start + 1..=end).rev().find(parts);
        let after = || (end..=self.labels.len()).find(parts);
        before.or_else(after).unwrap_or(end)
    }

    /// How many rows are in use.
    pub fn height(&self) -> usize {
        self.rows.iter().map(|row| row + 1).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_overlap_however_close_their_moments_are() {
        let moments: Vec<f64> = (0..60).map(|place| f64::from(place) * 0.000_1).collect();
        let label = |&at: &f64| Need {
            at,
            width: 70.0 + (at * 1e6) % 90.0,
        };
        let mut shelves = [Shelf {
            labels: moments.iter().map(label).collect(),
            ..Shelf::of(5)
        }];
        let axis = Axis::lay_out(moments, 0.0, &mut shelves, &[]);
        let [shelf] = &shelves;
        assert!(shelf.height() <= 5);
        let placed: Vec<(f64, f64, usize)> = shelf
            .labels
            .iter()
            .zip(&shelf.rows)
            .map(|(label, row)| (axis.x(label.at), axis.x(label.at) + label.width, *row))
            .collect();
        for (place, one) in placed.iter().enumerate() {
            for other in &placed[place + 1..] {
                assert!(
                    one.2 != other.2 || one.1 <= other.0,
                    "{one:?} overlaps {other:?}"
                );
                // the line of the later label, from the bar to its row
                assert!(
                    other.2 < one.2 || other.0 >= one.1,
                    "{other:?} crosses {one:?}"
                );
            }
        }
    }

    #[test]
    fn labels_of_one_moment_stay_together() {
        let times = [0.0, 0.001, 0.001, 0.001, 0.002, 0.002];
        let label = |at| Need { at, width: 90.0 };
        let mut shelves = [Shelf {
            labels: times.map(label).to_vec(),
            ..Shelf::of(2)
        }];
        Axis::lay_out(times.to_vec(), 0.0, &mut shelves, &[]);
        assert_eq!(shelves[0].rows, [0, 2, 1, 0, 1, 0]);
    }

    #[test]
    fn labels_from_before_an_arrow_end_to_the_left_of_it() {
        let times = [0.0, 0.001, 0.002, 0.003];
        let label = |at| Need { at, width: 90.0 };
        let mut shelves = [Shelf {
            labels: times.map(label).to_vec(),
            passes: vec![0.002],
            ..Shelf::of(6)
        }];
        let axis = Axis::lay_out(times.to_vec(), 0.0, &mut shelves, &[]);
        assert_eq!(shelves[0].rows, [1, 0, 1, 0]);
        assert!(axis.x(0.001) + 90.0 <= axis.x(0.002), "{axis:?}");
    }

    #[test]
    fn time_runs_to_the_right_and_idle_time_takes_little_room() {
        let axis = Axis::lay_out(
            vec![0.0, 0.001, 3.001, 3.002],
            10.0,
            &mut [],
            &[(0.001, 3.001, 120.0)],
        );
        let x: Vec<f64> = axis.moments().iter().map(|(_, x)| *x).collect();
        assert!(
            x.is_sorted() && x[0] == 10.0 && x[2] - x[1] == 120.0,
            "{x:?}"
        );
        assert!(axis.x(1.5) > x[1] && axis.x(1.5) < x[2]);
    }
}
