//! The numbers that the project has promised of the ladder.

use crate::columns::Figure;
use crate::ladder::results::{Ladder, Level};
use crate::ladder::rungs::Made;
use crate::report::{Bound, Hold};

/// Each as a ratio of two figures of this run.
pub fn check(ladder: &Ladder) -> Vec<Hold> {
    use Made::{C, Elsewhere, Floor, Lab};
    let cpu = |name, made| ladder.server(name, made)?.connection_cpu.as_ref();
    let of_a_connection = |what, limit, name| {
        let measured = ratio(cpu(name, Lab), cpu(name, C));
        let floor = ratio(cpu(name, Floor), cpu(name, C));
        Hold::of(what, Bound::AtMost(limit), measured, floor)
    };
    let level = |name, made, asked| ladder.server(name, made)?.level(asked);
    let of_level =
        |name, made, asked, of: fn(&Level) -> Option<&Figure>| of(level(name, made, asked)?);
    let requests = |name, made| of_level(name, made, 1, |it| it.requests.as_ref());
    let epoll = |asked| {
        of_level("echo_server_epoll", Lab, asked, |it| {
            it.request_cpu.as_ref()
        })
    };
    let threads = |made, of| of_level("echo_server_thread", made, 1000, of);
    let alone = |name, made| ladder.server(name, made)?.alone.as_ref();
    let robust = "echo_server_robust";
    vec![
        of_a_connection(
            "CPU of a short connection, thread lab / C",
            0.85,
            "echo_server_thread",
        ),
        of_a_connection(
            "CPU of a short connection, fork lab / C",
            0.45,
            "echo_server_fork",
        ),
        at_most(
            "CPU of a request, epoll, 5000 held / 1",
            1.3,
            epoll(5000),
            epoll(1),
        ),
        at_most(
            "Pss of 1000 threads, lab / C",
            0.5,
            threads(Lab, |it| it.pss.as_ref()),
            threads(C, |it| it.pss.as_ref()),
        ),
        at_most(
            "page tables of 1000 threads, lab / C",
            0.1,
            threads(Lab, |it| it.page_tables.as_ref()),
            threads(C, |it| it.page_tables.as_ref()),
        ),
        at_least(
            "requests/s, robust / epoll",
            0.9,
            requests(robust, Lab),
            requests("echo_server_epoll", Lab),
        ),
        at_least(
            "requests/s, robust / tokio",
            1.0,
            requests(robust, Lab),
            requests("tokio", Elsewhere),
        ),
        at_most(
            "Pss without a connection, robust / tokio",
            0.2,
            alone(robust, Lab),
            alone("tokio", Elsewhere),
        ),
    ]
}

fn at_most(what: &str, limit: f64, one: Option<&Figure>, other: Option<&Figure>) -> Hold {
    Hold::of(what, Bound::AtMost(limit), ratio(one, other), None)
}

fn at_least(what: &str, limit: f64, one: Option<&Figure>, other: Option<&Figure>) -> Hold {
    Hold::of(what, Bound::AtLeast(limit), ratio(one, other), None)
}

fn ratio(one: Option<&Figure>, other: Option<&Figure>) -> Option<f64> {
    one?.times(other?)
}
