//! When a process was stopped by a signal.

use crate::facts::signals::is_signal;
use crate::trace::{Happening, Notice, Trace};

/// A stop: the signal, the place of its notice among those given, and that of the SIGCONT that ended it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    pub signal: String,
    pub from: usize,
    pub until: Option<usize>,
}

/// The stops of one process, from its signals and its end in order.
pub fn stops<'a>(notices: impl IntoIterator<Item = &'a Notice>) -> Vec<Stop> {
    let mut stops: Vec<Stop> = Vec::new();
    for (place, notice) in notices.into_iter().enumerate() {
        let open = stops.last_mut().filter(|stop| stop.until.is_none());
        match (&notice.what, open) {
            (Happening::Stopped { signal }, None) => stops.push(Stop {
                signal: signal.clone(),
                from: place,
                until: None,
            }),
            (what, Some(stop)) if is_signal(what, "SIGCONT") => stop.until = Some(place),
            _ => {}
        }
    }
    stops
}

/// Whether a signal has stopped a process, and it does not yet go on.
pub fn is_stopped(trace: &Trace, pid: i32) -> bool {
    let stops = stops(trace.notices.iter().filter(|notice| notice.pid == pid));
    stops.last().is_some_and(|stop| stop.until.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_lasts_until_sigcont_or_the_end() {
        let mut trace = Trace::default();
        trace.feed(
            b"7 --- SIGTSTP {si_signo=SIGTSTP} ---\n7 --- stopped by SIGTSTP ---\n7 --- SIGCONT {si_signo=SIGCONT} ---\n\
              7 --- stopped by SIGSTOP ---\n7 --- stopped by SIGSTOP ---\n",
        );
        let found = stops(&trace.notices);
        let places: Vec<_> = found.iter().map(|stop| (stop.from, stop.until)).collect();
        assert_eq!(places, [(1, Some(2)), (3, None)]);
        assert!(is_stopped(&trace, 7) && !is_stopped(&trace, 8));
        trace.feed(b"7 --- SIGCONT {si_signo=SIGCONT} ---\n");
        assert!(!is_stopped(&trace, 7));
    }
}
