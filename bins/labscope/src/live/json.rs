//! A call for programs: one JSON object a line.

use serde::Serialize;

use crate::live::events::{Made, Mark};
use crate::source::Place;
use crate::source::libc_calls::Kind;
use crate::trace::Outcome;

/// What is told of a call. What is not known is null.
#[derive(Serialize)]
pub struct OfCall<'a> {
    /// In order of appearance, from 1.
    process: usize,
    pid: i32,
    /// When it was entered, in seconds since the start; the calls stand in the order in which they were over.
    time: f64,
    /// How long it took; null if it did not return.
    seconds: Option<f64>,
    call: &'a str,
    /// As strace writes them.
    arguments: &'a str,
    /// What it returned; null for an exit, and for a call that was cut off.
    result: Option<&'a str>,
    /// `program`, `return-from-main`, `start-up`, `foreign` or `strace`; `cut-off` if its line is not known, as `mark` tells.
    place: &'static str,
    /// The source file, its line, the text there and the function around it.
    file: Option<String>,
    line: Option<u32>,
    source: Option<&'a str>,
    function: Option<&'a str>,
    /// The library function that the line calls: `printf`, `wait`.
    library_function: Option<&'a str>,
    /// Why libc made the call on its own; null if the program asked for it.
    libc: Option<Kind>,
    /// What only tracing does: `strace`, `broken-off`, `goes-on`, `held-back`.
    artefact: Option<Mark>,
    /// The same, or how it did not return: `killed-inside`, `still-inside`.
    mark: Option<Mark>,
}

impl<'a> OfCall<'a> {
    pub fn new(made: &'a Made) -> OfCall<'a> {
        let (call, site) = (&made.call, &made.site);
        let line = site.line();
        OfCall {
            process: made.process,
            pid: call.pid,
            time: microseconds(made.entered),
            seconds: made.seconds,
            call: &call.name,
            arguments: call.args.as_str(),
            result: call
                .result
                .as_ref()
                .map(Outcome::told)
                .filter(|&result| result != "?"),
            place: name(site.place),
            file: line.map(|line| line.file.display().to_string()),
            line: line.map(|line| line.line),
            source: made.source.as_deref(),
            function: site.function(),
            library_function: site.callee.as_deref(),
            libc: made.libc,
            artefact: made.mark.filter(|mark| mark.is_artefact()),
            mark: made.mark,
        }
    }
}

/// As exact as strace is.
fn microseconds(time: f64) -> f64 {
    (time * 1e6).round() / 1e6
}

fn name(place: Place) -> &'static str {
    match place {
        Place::Setup => "strace",
        Place::StartUp => "start-up",
        Place::Program => "program",
        Place::ReturnFromMain => "return-from-main",
        Place::CutOff => "cut-off",
        Place::Foreign => "foreign",
    }
}
