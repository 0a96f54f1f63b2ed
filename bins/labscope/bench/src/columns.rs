//! The columns, and the figure that stands where a row and a column meet.

use serde::{Deserialize, Serialize};

/// The table a column stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Start,
    Fork,
    Thread,
    Signal,
    Echo,
    EchoFree,
    Memory,
}

impl Group {
    pub const ALL: [Group; 7] = [
        Group::Start,
        Group::Fork,
        Group::Thread,
        Group::Signal,
        Group::Echo,
        Group::EchoFree,
        Group::Memory,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Group::Start => "Starting and ending: exec_test, whose input is /dev/null",
            Group::Fork => "fork + _exit + wait, 50 times in a row",
            Group::Thread => "A thread created and joined, 50 times in a row",
            Group::Signal => "A signal to itself, and the handler's return, 5,000 times in a row",
            Group::Echo => {
                "echo_server_fork, on one CPU together with its clients (at most 5 in the queue: C's backlog)"
            }
            Group::EchoFree => "echo_server_fork, not pinned",
            Group::Memory => "Memory of the process behind a connection, one of ten, kB",
        }
    }
}

/// One column.
pub struct Column {
    /// Its name in JSON.
    pub key: &'static str,
    /// Its two lines in a table.
    pub title: [&'static str; 2],
    pub group: Group,
    /// Digits behind the point.
    pub digits: usize,
}

const fn column(
    key: &'static str,
    title: [&'static str; 2],
    group: Group,
    digits: usize,
) -> Column {
    Column {
        key,
        title,
        group,
        digits,
    }
}

/// All columns, in the order of the tables. Times are microseconds, sizes bytes, memory is kB.
pub const COLUMNS: [Column; 23] = [
    column("size", ["stripped", "bytes"], Group::Start, 0),
    column("segments", ["seg-", "ments"], Group::Start, 0),
    column("mappings", ["map-", "pings"], Group::Start, 0),
    column(
        "calls_before_main",
        ["calls be-", "fore main"],
        Group::Start,
        0,
    ),
    column("page_faults", ["page", "faults"], Group::Start, 0),
    column(
        "exec_exit_pinned",
        ["exec → exit", "µs, one CPU"],
        Group::Start,
        1,
    ),
    column("exec_exit_free", ["", "µs, not pinned"], Group::Start, 1),
    column("fork_wait_pinned", ["", "µs, one CPU"], Group::Fork, 1),
    column("fork_wait_free", ["", "µs, not pinned"], Group::Fork, 1),
    column("thread_join_pinned", ["", "µs, one CPU"], Group::Thread, 1),
    column("thread_join_free", ["", "µs, not pinned"], Group::Thread, 1),
    column("signal_pinned", ["", "µs, one CPU"], Group::Signal, 2),
    column("signal_free", ["", "µs, not pinned"], Group::Signal, 2),
    column("echo_size", ["stripped", "bytes"], Group::Echo, 0),
    column(
        "connections_1_pinned",
        ["connections/s", "1 client"],
        Group::Echo,
        0,
    ),
    column(
        "connections_8_pinned",
        ["connections/s", "8 clients"],
        Group::Echo,
        0,
    ),
    column(
        "requests_pinned",
        ["requests/s on", "8 connections"],
        Group::Echo,
        0,
    ),
    column(
        "connections_1_free",
        ["connections/s", "1 client"],
        Group::EchoFree,
        0,
    ),
    column(
        "connections_8_free",
        ["connections/s", "8 clients"],
        Group::EchoFree,
        0,
    ),
    column(
        "requests_free",
        ["requests/s on", "8 connections"],
        Group::EchoFree,
        0,
    ),
    column("pss_idle", ["Pss", "idle"], Group::Memory, 0),
    column("pss_echoed", ["Pss after", "one echo"], Group::Memory, 0),
    column(
        "page_tables_idle",
        ["page tables", "idle"],
        Group::Memory,
        0,
    ),
];

/// A median with the quartiles around it, and how many times the lab's it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub median: f64,
    pub low: f64,
    pub high: f64,
    pub samples: usize,
    pub ratio: Option<f64>,
    /// In the order in which they were taken, one a round.
    #[serde(skip)]
    rounds: Vec<f64>,
}

impl Figure {
    /// A figure that does not vary.
    pub fn exact(value: f64) -> Figure {
        Figure {
            median: value,
            low: value,
            high: value,
            samples: 1,
            ratio: None,
            rounds: vec![value],
        }
    }

    /// What many measurements come to; none when there is none.
    pub fn of(rounds: Vec<f64>) -> Option<Figure> {
        let samples = sorted(rounds.clone());
        Some(Figure {
            median: percentile(&samples, 50.0)?,
            low: percentile(&samples, 25.0)?,
            high: percentile(&samples, 75.0)?,
            samples: samples.len(),
            ratio: None,
            rounds,
        })
    }

    /// How many times another figure this one is: the median over the rounds, since what disturbs one row of a
    /// round disturbs its neighbours, too.
    pub fn times(&self, other: &Figure) -> Option<f64> {
        let pairs = self
            .rounds
            .iter()
            .zip(&other.rounds)
            .map(|(one, other)| one / other);
        let ratios = match self.rounds.len() == other.rounds.len() {
            true => sorted(pairs.collect()),
            false => vec![self.median / other.median],
        };
        percentile(&ratios, 50.0).filter(|ratio| ratio.is_finite())
    }
}

fn sorted(mut samples: Vec<f64>) -> Vec<f64> {
    samples.sort_by(f64::total_cmp);
    samples
}

/// The value below which that many of a hundred lie (nearest rank).
pub fn percentile(sorted: &[f64], percent: f64) -> Option<f64> {
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let sorted: Vec<f64> = (1..=100).map(f64::from).collect();
        let found = [0.0, 25.0, 50.0, 99.0, 100.0].map(|percent| percentile(&sorted, percent));
        assert_eq!(found, [1.0, 25.0, 50.0, 99.0, 100.0].map(Some));
        assert_eq!(percentile(&[7.0], 99.0), Some(7.0));
        assert_eq!(percentile(&[], 50.0), None);
        assert_eq!(Figure::of(vec![]), None);
    }

    #[test]
    fn a_ratio_is_taken_round_by_round() {
        let [lab, other] =
            [[1.0, 10.0, 3.0], [2.0, 20.0, 6.0]].map(|rounds| Figure::of(rounds.to_vec()).unwrap());
        assert_eq!(other.times(&lab), Some(2.0));
        assert_eq!(other.median, 6.0);
        assert_eq!(Figure::exact(0.0).times(&Figure::exact(0.0)), None);
    }

    #[test]
    fn no_two_columns_have_one_name() {
        for (index, column) in COLUMNS.iter().enumerate() {
            assert!(
                COLUMNS[..index].iter().all(|other| other.key != column.key),
                "{}",
                column.key
            );
        }
    }
}
