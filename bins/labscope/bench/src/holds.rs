//! The numbers the project has promised, and whether this run saw them.

use crate::report::{Bound, Hold, Report};
use crate::variant::Variant;

/// What is measured, the key of its column, the row that it is compared with, and the bound.
type Promise = (&'static str, &'static str, Option<Variant>, Bound);

use Bound::{AtLeast, AtMost};
use Variant::{Dynamic, Floor, Musl};

#[rustfmt::skip]
const PROMISES: [Promise; 14] = [
    ("size of exec_test, bytes", "size", None, AtMost(1536.0)),
    ("size of echo_server_fork, bytes", "echo_size", None, AtMost(12288.0)),
    ("segments", "segments", None, AtMost(2.0)),
    ("system calls before the lab's first", "calls_before_main", None, AtMost(0.0)),
    ("exec → exit / floor", "exec_exit_pinned", Some(Floor), AtMost(1.05)),
    ("exec → exit / C musl", "exec_exit_pinned", Some(Musl), AtMost(0.9)),
    ("fork + wait / floor", "fork_wait_pinned", Some(Floor), AtMost(1.05)),
    ("fork + wait / C dynamic", "fork_wait_pinned", Some(Dynamic), AtMost(0.5)),
    ("a thread created and joined / C dynamic", "thread_join_pinned", Some(Dynamic), AtMost(0.6)),
    ("a signal handled / floor", "signal_pinned", Some(Floor), AtMost(1.1)),
    ("connections/s / C dynamic", "connections_1_pinned", Some(Dynamic), AtLeast(1.7)),
    ("connections/s / C musl", "connections_1_pinned", Some(Musl), AtLeast(1.05)),
    ("process of an idle connection, Pss, kB", "pss_idle", None, AtMost(12.0)),
    ("process of an idle connection, page tables, kB", "page_tables_idle", None, AtMost(24.0)),
];

/// Every promise against a report.
pub fn check(report: &Report) -> Vec<Hold> {
    PROMISES
        .iter()
        .map(|promise| judge(report, promise))
        .collect()
}

fn judge(report: &Report, (what, key, to, bound): &Promise) -> Hold {
    let measured = match to {
        None => report
            .figure(Variant::Rawlabs, key)
            .map(|figure| figure.median),
        Some(other) => report.ratio(Variant::Rawlabs, *other, key),
    };
    let floor = to
        .filter(|&other| other != Floor)
        .and_then(|other| report.ratio(Floor, other, key));
    Hold::of(what, *bound, measured, floor)
}
