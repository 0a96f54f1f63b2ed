//! The traces of a run, the companions' included, on one clock.

use std::collections::HashMap;

use anyhow::{Result, bail};

use crate::Transcript;
use crate::strace::{Call, Notice, Trace};

/// Everything traced in a run.
pub struct History<'a> {
    /// The lab's part, then the companions'.
    pub parts: Vec<Part<'a>>,
    pub end: f64,
}

/// One trace, its times counted from the beginning of the run.
pub struct Part<'a> {
    pub companion: Option<&'a str>,
    pub transcript: &'a Transcript,
    pub trace: &'a Trace,
    /// When each call was entered, and when it had returned (none: it never did).
    pub calls: Vec<(f64, Option<f64>)>,
    pub notices: Vec<f64>,
    /// Whether it is told how long each call took; else it had returned at the latest when given.
    pub is_exact: bool,
}

impl<'a> History<'a> {
    /// Reads the traces of a run; times are needed.
    pub fn of(transcript: &'a Transcript) -> Result<History<'a>> {
        let lab = std::iter::once((None, transcript));
        let companions = transcript.companions.iter();
        let companions = companions.map(|(name, part)| (Some(name.as_str()), part));
        let mut parts: Vec<Part<'a>> = lab
            .chain(companions)
            .filter_map(|(companion, transcript)| Part::of(companion, transcript))
            .collect();
        let starts = parts.iter().filter_map(Part::start);
        let Some(zero) = starts.min_by(f64::total_cmp) else {
            bail!("the run was not traced with times (strace -ttt)");
        };
        let mut end: f64 = 0.0;
        for part in &mut parts {
            for (from, to) in &mut part.calls {
                *from = (*from - zero).max(0.0);
                *to = to.map(|to| (to - zero).max(0.0));
                end = end.max(*from).max(to.unwrap_or(0.0));
            }
            for at in &mut part.notices {
                *at = (*at - zero).max(0.0);
                end = end.max(*at);
            }
        }
        Ok(History { parts, end })
    }
}

impl<'a> Part<'a> {
    fn of(companion: Option<&'a str>, transcript: &'a Transcript) -> Option<Part<'a>> {
        let trace = transcript.trace.as_ref()?;
        let notices = trace.notices.iter().map(|notice| notice.time);
        let notices = notices.collect::<Option<Vec<f64>>>()?;
        Some(Part {
            companion,
            transcript,
            trace,
            calls: times(trace)?,
            notices,
            is_exact: trace.calls.iter().any(|call| spent(call).is_some()),
        })
    }

    /// When its program began: the return of the execve that ends the set-up.
    fn start(&self) -> Option<f64> {
        let setup = self.trace.calls.iter().rposition(|call| call.setup);
        let (from, to) = *self.calls.get(setup.unwrap_or(0))?;
        Some(to.unwrap_or(from))
    }

    /// The same, when the clock has been set.
    pub fn began(&self) -> f64 {
        self.start().unwrap_or(0.0)
    }

    /// The calls of a process with their places and times, without strace's own.
    pub fn calls_of(&self, pid: i32) -> impl Iterator<Item = Timed<'a>> + '_ {
        let calls = self.trace.calls.iter().enumerate();
        let own = calls.filter(move |(_, call)| call.pid == pid && !call.setup);
        own.map(|(index, call)| Timed {
            index,
            call,
            from: self.calls[index].0,
            to: self.calls[index].1,
        })
    }

    /// Signals and ends of a process with their times.
    pub fn notices_of(&self, pid: i32) -> impl Iterator<Item = (f64, &'a Notice)> + '_ {
        let notices = self.trace.notices.iter().zip(&self.notices);
        notices
            .filter(move |(notice, _)| notice.pid == pid)
            .map(|(notice, at)| (*at, notice))
    }
}

/// A call and its times.
#[derive(Clone, Copy)]
pub struct Timed<'a> {
    pub index: usize,
    pub call: &'a Call,
    pub from: f64,
    pub to: Option<f64>,
}

/// Entry and return of each call, in the clock of the trace.
///
/// `-T` tells how long a call took. Without it a call had returned when its thread was next heard of, if not before.
fn times(trace: &Trace) -> Option<Vec<(f64, Option<f64>)>> {
    let mut next: HashMap<i32, f64> = HashMap::new();
    let mut notices = trace.notices.iter().rev().peekable();
    let mut times = Vec::with_capacity(trace.calls.len());
    for (index, call) in trace.calls.iter().enumerate().rev() {
        while let Some(notice) = notices.next_if(|notice| notice.after > index) {
            next.insert(notice.thread, notice.time?);
        }
        let from = call.time?;
        let spent = || spent(call).map(|spent| from + spent);
        let at_latest = || next.get(&call.thread).copied();
        // One broken off by a signal has come to an end too.
        let came_back = call.has_returned() || call.is_restarted() || call.errno().is_some();
        let to = came_back.then(|| spent().or_else(at_latest)).flatten();
        times.push((from, to.map(|to| to.max(from))));
        next.insert(call.thread, from);
    }
    times.reverse();
    Some(times)
}

/// The seconds that strace -T wrote after the result.
fn spent(call: &Call) -> Option<f64> {
    let (_, time) = call.result.as_deref()?.rsplit_once(" <")?;
    time.strip_suffix('>')?.parse().ok()
}
