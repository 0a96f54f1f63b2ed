//! A call for programs: one JSON object a line.

use jzon::{JsonValue, object};

use crate::live::events::{Made, Mark};
use crate::source::Place;
use crate::source::libc_calls::Kind;
use crate::trace::Outcome;

/// What is told of a call. What is not known is null.
pub fn call(made: &Made) -> JsonValue {
    let (call, site) = (&made.call, &made.site);
    let line = site.line();
    let result = call.result.as_ref().map(Outcome::told);
    let artefact = made.mark.filter(|mark| mark.is_artefact());
    object! {
        // In order of appearance, from 1.
        process: made.process,
        pid: call.pid,
        // When it was entered, in seconds since the start; the calls stand in the order in which they were over.
        time: microseconds(made.entered),
        // How long it took; null if it did not return.
        seconds: made.seconds,
        call: call.name.as_str(),
        // As strace writes them.
        arguments: call.args.as_str(),
        // What it returned; null for an exit, and for a call that was cut off.
        result: result.filter(|&result| result != "?"),
        // `program`, `return-from-main`, `start-up`, `foreign` or `strace`; `cut-off` if its line is not known, as `mark` tells.
        place: name(site.place),
        // The source file, its line, the text there and the function around it.
        file: line.map(|line| line.file.display().to_string()),
        line: line.map(|line| line.line),
        source: made.source.as_deref(),
        function: site.function(),
        // The library function that the line calls: `printf`, `wait`.
        library_function: site.callee.as_deref(),
        // Why libc made the call on its own; null if the program asked for it.
        libc: made.libc.map(Kind::name),
        // What only tracing does: `strace`, `broken-off`, `goes-on`, `held-back`.
        artefact: artefact.map(Mark::name),
        // The same, or how it did not return: `killed-inside`, `still-inside`.
        mark: made.mark.map(Mark::name),
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
        Place::AroundThread => "around-thread",
        Place::CutOff => "cut-off",
        Place::Foreign => "foreign",
    }
}
