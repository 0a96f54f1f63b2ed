//! The numbers the project has promised, and whether this run saw them.

use serde::{Deserialize, Serialize};

use crate::report::Report;
use crate::variant::Variant;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    pub what: String,
    /// `<=` or `>=`
    pub relation: String,
    pub limit: f64,
    /// None where it could not be measured.
    pub measured: Option<f64>,
    pub held: Option<bool>,
    /// What the floor would measure in the lab's place, where that is compared with another row:
    /// no program does better.
    pub floor: Option<f64>,
}

/// A figure of the lab itself, or its ratio to another row's.
struct Promise {
    what: &'static str,
    key: &'static str,
    to: Option<Variant>,
    at_least: bool,
    limit: f64,
}

const fn at_most(
    what: &'static str,
    key: &'static str,
    to: Option<Variant>,
    limit: f64,
) -> Promise {
    Promise {
        what,
        key,
        to,
        at_least: false,
        limit,
    }
}

const fn at_least(what: &'static str, key: &'static str, to: Variant, limit: f64) -> Promise {
    Promise {
        what,
        key,
        to: Some(to),
        at_least: true,
        limit,
    }
}

const PROMISES: [Promise; 12] = [
    at_most("size of exec_test, bytes", "size", None, 1536.0),
    at_most(
        "size of echo_server_fork, bytes",
        "echo_size",
        None,
        12288.0,
    ),
    at_most("segments", "segments", None, 2.0),
    at_most(
        "system calls before the lab's first",
        "calls_before_main",
        None,
        0.0,
    ),
    at_most(
        "exec → exit / floor",
        "exec_exit_pinned",
        Some(Variant::Floor),
        1.05,
    ),
    at_most(
        "exec → exit / C musl",
        "exec_exit_pinned",
        Some(Variant::Musl),
        0.9,
    ),
    at_most(
        "fork + wait / floor",
        "fork_wait_pinned",
        Some(Variant::Floor),
        1.05,
    ),
    at_most(
        "fork + wait / C dynamic",
        "fork_wait_pinned",
        Some(Variant::Dynamic),
        0.5,
    ),
    at_least(
        "connections/s / C dynamic",
        "connections_1_pinned",
        Variant::Dynamic,
        1.7,
    ),
    at_least(
        "connections/s / C musl",
        "connections_1_pinned",
        Variant::Musl,
        1.05,
    ),
    at_most(
        "process of an idle connection, Pss, kB",
        "pss_idle",
        None,
        12.0,
    ),
    at_most(
        "process of an idle connection, page tables, kB",
        "page_tables_idle",
        None,
        24.0,
    ),
];

/// Every promise against a report.
pub fn check(report: &Report) -> Vec<Hold> {
    PROMISES
        .iter()
        .map(|promise| judge(report, promise))
        .collect()
}

fn judge(report: &Report, promise: &Promise) -> Hold {
    let measured = match promise.to {
        None => report
            .figure(Variant::Rawlabs, promise.key)
            .map(|figure| figure.median),
        Some(other) => report.ratio(Variant::Rawlabs, other, promise.key),
    };
    let floor = promise
        .to
        .filter(|&other| other != Variant::Floor)
        .and_then(|other| report.ratio(Variant::Floor, other, promise.key));
    let holds = |value: f64| {
        if promise.at_least {
            value >= promise.limit
        } else {
            value <= promise.limit
        }
    };
    Hold {
        what: promise.what.to_owned(),
        relation: if promise.at_least { ">=" } else { "<=" }.to_owned(),
        limit: promise.limit,
        measured,
        held: measured.map(holds),
        floor,
    }
}
