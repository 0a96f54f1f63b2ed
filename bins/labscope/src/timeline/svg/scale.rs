//! Where moments lie on the page. Each event has room; time passes in between, and long idle times are cut short.

/// A gap of at least so many seconds is cut short, and the axis shows it.
pub const BREAK: f64 = 0.1;

/// Events closer than this are one moment.
const SAME: f64 = 0.000_000_5;

/// Sleeps whose lengths have a smaller ratio look alike.
const NOTICED: f64 = 1.2;

/// What is made wider may make another one wider that overlaps it: so often that is looked at again.
const ROUNDS: usize = 12;

/// A text that needs room at a moment.
#[derive(Clone, Debug, Default)]
pub struct Label {
    pub at: f64,
    pub width: f64,
    pub class: &'static str,
    pub text: String,
    /// The line of the lab's source that it is about.
    pub line: Option<u32>,
    /// Once laid out; 0 is next to the bar.
    pub row: usize,
}

/// Labels that share the rows above or below a bar, in order of time.
#[derive(Clone, Debug, Default)]
pub struct LabelRows {
    /// How many rows there may be.
    pub most: usize,
    pub labels: Vec<Label>,
    /// When an arrow crosses the rows: labels from before end to the left of it.
    pub crossings: Vec<f64>,
}

/// The places of moments.
#[derive(Clone, Debug, Default)]
pub struct Scale {
    moments: Vec<(f64, f64)>,
}

impl Scale {
    /// Places all moments so that labels fit into their rows, each stretch (from, to, width) is long enough, and of two
    /// sleeps (from, to) the longer one is not drawn shorter.
    pub fn lay_out<'a>(
        mut moments: Vec<f64>,
        left: f64,
        rows: impl IntoIterator<Item = &'a mut LabelRows>,
        stretches: &[(f64, f64, f64)],
        sleeps: &[(f64, f64)],
    ) -> Scale {
        moments.sort_by(f64::total_cmp);
        moments.dedup_by(|one, other| *one - *other < SAME);
        let mut scale = Scale {
            moments: moments.into_iter().map(|at| (at, 0.0)).collect(),
        };
        let mut least: Vec<(f64, f64, f64)> = stretches.to_vec();
        scale.place(left, &least);
        for rows in rows {
            least.extend(rows.arrange(&scale));
        }
        scale.place(left, &least);
        for _ in 0..ROUNDS {
            let longer = scale.drawn_too_short(sleeps);
            if longer.is_empty() {
                break;
            }
            least.extend(longer);
            scale.place(left, &least);
        }
        scale
    }

    /// Of sleeps that are drawn shorter than one that lasts noticeably less: how wide they are to be.
    fn drawn_too_short(&self, sleeps: &[(f64, f64)]) -> Vec<(f64, f64, f64)> {
        let mut sleeps = sleeps.to_vec();
        sleeps.sort_by(|one, other| (one.1 - one.0).total_cmp(&(other.1 - other.0)));
        let width = |&(from, to): &(f64, f64)| self.x(to) - self.x(from);
        let mut longer = Vec::new();
        for sleep in &sleeps {
            let seconds = sleep.1 - sleep.0;
            let shorter = sleeps
                .iter()
                .filter(|one| (one.1 - one.0) * NOTICED < seconds);
            let widest = shorter.map(width).fold(0.0, f64::max);
            if width(sleep) < widest - 0.5 {
                longer.push((sleep.0, sleep.1, widest));
            }
        }
        longer
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

impl LabelRows {
    /// Gives each label a row, and tells which moments have to lie further apart for it.
    ///
    /// Labels that would overlap form stairs, the first one furthest from the bar: so no line from
    /// a label to the bar crosses another label. When the rows are used up, or an arrow
    /// crosses, new stairs begin further right.
    fn arrange(&mut self, scale: &Scale) -> Vec<(f64, f64, f64)> {
        let right = |label: &Label| scale.x(label.at) + label.width;
        let mut least = Vec::new();
        let mut start = 0;
        while start < self.labels.len() {
            let mut end = start + 1;
            let mut furthest = right(&self.labels[start]);
            let crossing = self.crossing_after(self.labels[start].at);
            let is_before = |at: f64| crossing.is_none_or(|crossing| at < crossing - SAME);
            while end < self.labels.len()
                && end - start < self.most
                && is_before(self.labels[end].at)
                && scale.x(self.labels[end].at) < furthest
            {
                furthest = furthest.max(right(&self.labels[end]));
                end += 1;
            }
            end = self.whole(start, end);
            for (row, label) in self.labels[start..end].iter_mut().rev().enumerate() {
                label.row = row;
            }
            let next = self.labels.get(end).map(|next| next.at).into_iter();
            if let Some(free) = next.chain(crossing).min_by(f64::total_cmp) {
                let stairs = &self.labels[start..end];
                least.extend(stairs.iter().map(|label| (label.at, free, label.width)));
            }
            start = end;
        }
        least
    }

    fn crossing_after(&self, at: f64) -> Option<f64> {
        let later = self
            .crossings
            .iter()
            .filter(|crossing| **crossing > at + SAME);
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
        self.labels
            .iter()
            .map(|label| label.row + 1)
            .max()
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(at: f64, width: f64) -> Label {
        Label {
            at,
            width,
            ..Label::default()
        }
    }

    fn rows(most: usize, labels: Vec<Label>) -> LabelRows {
        LabelRows {
            most,
            labels,
            ..LabelRows::default()
        }
    }

    fn places(rows: &LabelRows) -> Vec<usize> {
        rows.labels.iter().map(|label| label.row).collect()
    }

    #[test]
    fn labels_never_overlap_however_close_their_moments_are() {
        let moments: Vec<f64> = (0..60).map(|place| f64::from(place) * 0.000_1).collect();
        let label = |&at: &f64| label(at, 70.0 + (at * 1e6) % 90.0);
        let mut rows = rows(5, moments.iter().map(label).collect());
        let scale = Scale::lay_out(moments, 0.0, [&mut rows], &[], &[]);
        assert!(rows.height() <= 5);
        let placed = |label: &Label| {
            let x = scale.x(label.at);
            (x, x + label.width, label.row)
        };
        let placed: Vec<(f64, f64, usize)> = rows.labels.iter().map(placed).collect();
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
        let mut rows = rows(2, times.map(|at| label(at, 90.0)).to_vec());
        Scale::lay_out(times.to_vec(), 0.0, [&mut rows], &[], &[]);
        assert_eq!(places(&rows), [0, 2, 1, 0, 1, 0]);
    }

    #[test]
    fn labels_from_before_an_arrow_end_to_the_left_of_it() {
        let times = [0.0, 0.001, 0.002, 0.003];
        let mut rows = rows(6, times.map(|at| label(at, 90.0)).to_vec());
        rows.crossings = vec![0.002];
        let scale = Scale::lay_out(times.to_vec(), 0.0, [&mut rows], &[], &[]);
        assert_eq!(places(&rows), [1, 0, 1, 0]);
        assert!(scale.x(0.001) + 90.0 <= scale.x(0.002), "{scale:?}");
    }

    #[test]
    fn of_two_sleeps_the_longer_is_not_drawn_shorter() {
        // A sleep of 1 s in which nothing else happens, and one of 0.3 s in which much does.
        let short: Vec<f64> = (0..=10)
            .map(|place| 2.0 + f64::from(place) * 0.03)
            .collect();
        let moments = [0.0, 1.0].into_iter().chain(short).collect();
        let sleeps = [(0.0, 1.0), (2.0, 2.3)];
        let scale = Scale::lay_out(moments, 0.0, [], &[], &sleeps);
        let [long, short] = sleeps.map(|(from, to)| scale.x(to) - scale.x(from));
        assert!(long >= short && short > 200.0, "{long} {short}");
    }

    #[test]
    fn time_runs_to_the_right_and_idle_time_takes_little_room() {
        let stretch = (0.001, 3.001, 120.0);
        let scale = Scale::lay_out(vec![0.0, 0.001, 3.001, 3.002], 10.0, [], &[stretch], &[]);
        let x: Vec<f64> = scale.moments().iter().map(|(_, x)| *x).collect();
        assert!(
            x.is_sorted() && x[0] == 10.0 && x[2] - x[1] == 120.0,
            "{x:?}"
        );
        assert!(scale.x(1.5) > x[1] && scale.x(1.5) < x[2]);
    }
}
