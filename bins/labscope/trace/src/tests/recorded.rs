//! Traces that real straces wrote (5.10, 6.1, 6.13) of small C programs, in `tests/strace`.
//!
//! Each program was traced by each version; `PROGRAM.calls` says what every version must be read as.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::{Call, Happening, StackFrame, Trace};

const VERSIONS: [&str; 3] = ["5.10", "6.1", "6.13"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/strace")
}

/// Every recorded trace, with its name.
pub fn all() -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder()).expect("the folder of recorded traces");
    let paths = files.map(|file| file.expect("a file").path());
    let mut traces: Vec<(String, Vec<u8>)> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "trace"))
        .map(|path| {
            (
                path.display().to_string(),
                std::fs::read(&path).expect("a trace"),
            )
        })
        .collect();
    traces.sort();
    traces
}

fn read(program: &str, version: &str) -> Trace {
    let path = folder().join(format!("{program}-{version}.trace"));
    let mut trace = match program {
        "detached" => Trace::default(), // strace was attached to it when it ran
        _ => Trace::of("./lab"),
    };
    trace.feed(&std::fs::read(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display())));
    trace.end();
    assert!(
        trace.unread.is_empty(),
        "{}: {:?}",
        path.display(),
        trace.unread
    );
    trace
}

/// What each process did, and what happened to it, without what differs from run to run.
fn summary(trace: &Trace) -> String {
    let mut text = String::new();
    for (number, &pid) in trace.pids.iter().enumerate() {
        writeln!(text, "process {}", number + 1).expect("text");
        for call in trace.calls.iter().filter(|call| call.pid == pid) {
            writeln!(text, "  {}{}", call.name, facts(trace, call)).expect("text");
        }
        // When a signal arrives among the calls differs from run to run.
        for notice in trace.notices.iter().filter(|notice| notice.pid == pid) {
            let thread = ["", " (a thread)"][usize::from(notice.thread != pid)];
            let what = match &notice.what {
                Happening::Signal { name, .. } => format!("gets {name}"),
                Happening::Stopped { signal } => format!("is stopped by {signal}"),
                Happening::Exited { status } => format!("exits with {status}"),
                Happening::Killed { signal } => format!("is killed by {signal}"),
                Happening::Superseded { .. } => "is superseded by a thread".to_owned(),
                other => format!("{other:?}"),
            };
            writeln!(text, "  - {what}{thread}").expect("text");
        }
    }
    text
}

fn facts(trace: &Trace, call: &Call) -> String {
    let numbered = |pid: i64| trace.pids.iter().position(|&other| i64::from(other) == pid);
    let value = call.value().map(|value| match numbered(value) {
        Some(place) => format!("= process {}", place + 1),
        None if call.name == "getppid" && !call.is_injected() => "= parent".to_owned(),
        None if call.is_fork() => "= thread".to_owned(),
        None => format!("= {value}"),
    });
    let facts = [
        call.setup.then(|| "set-up".to_owned()),
        call.resumes.as_ref().map(|first| format!("for {first}")),
        (call.thread != call.pid).then(|| "in a thread".to_owned()),
        value,
        call.errno().map(str::to_owned),
        call.is_restarted().then(|| "to be made anew".to_owned()),
        call.is_injected().then(|| "injected".to_owned()),
        call.ended_inside.then(|| "ended inside".to_owned()),
        call.is_cut_off().then(|| "cut off".to_owned()),
        (!call.stack.is_empty()).then(|| format!("below {}", innermost(&call.stack))),
    ];
    facts
        .into_iter()
        .flatten()
        .map(|fact| format!(" {fact}"))
        .collect()
}

/// The innermost function of a stack.
fn innermost(stack: &[StackFrame]) -> &str {
    stack.first().and_then(StackFrame::name).unwrap_or_default()
}

#[test]
fn every_version_of_strace_is_read_alike() {
    for program in ["processes", "restart", "threads", "inject", "bytes"] {
        let path = folder().join(format!("{program}.calls"));
        for version in VERSIONS {
            let found = summary(&read(program, version));
            let right = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(
                found,
                right,
                "{program}-{version} is not {}:\n{found}",
                path.display()
            );
        }
    }
}

#[test]
fn a_call_has_its_stack_unless_it_was_cut_off() {
    for (program, version) in ["processes", "restart", "detached"]
        .iter()
        .flat_map(|program| VERSIONS.map(|version| (program, version)))
    {
        let trace = read(program, version);
        for call in &trace.calls {
            let cut = call.is_cut_off() && !call.is_restarted() || call.result.is_none();
            assert_eq!(call.stack.is_empty(), cut, "{program}-{version}: {call:?}");
        }
        for notice in &trace.notices {
            assert_eq!(
                notice.stack.is_empty(),
                notice.what.is_end(),
                "{program}-{version}: {notice:?}"
            );
        }
    }
}

#[test]
fn strings_are_the_bytes_the_program_wrote() {
    let up: Vec<u8> = (0..=255).collect();
    let down: Vec<u8> = up.iter().rev().copied().collect();
    let parts = "한글 <x>) = 0\n10 read(0) = 1 <unfinished ...>".as_bytes();
    let digits = b"\x001\x018\x7f9\x1b[0m\\\"\0".as_slice();
    for (program, version) in ["bytes", "descriptors"]
        .iter()
        .flat_map(|program| VERSIONS.map(|version| (program, version)))
    {
        let trace = read(program, version);
        let written: Vec<u8> = [&up, &down, digits, parts, &[b'a'; 300]].concat();
        assert_eq!(
            trace.written(trace.pids[0], 3),
            written,
            "{program}-{version}"
        );
        let calls: Vec<&Call> = trace.calls_of(trace.pids[0]).collect();
        let cut: Vec<bool> = calls
            .iter()
            .flat_map(|call| call.args.texts())
            .map(|it| it.cut)
            .collect();
        assert_eq!(
            cut.iter().filter(|&&cut| cut).count(),
            1,
            "{program}-{version}"
        );
        let masks: Vec<_> = calls
            .iter()
            .filter(|call| call.name == "umask")
            .map(|call| call.value())
            .collect();
        assert_eq!(masks, [Some(0o22), Some(0o22)], "{program}-{version}");
    }
}

#[test]
fn a_call_held_back_is_marked_from_version_6_on() {
    for (version, delayed) in [
        ("5.10", [].as_slice()),
        ("6.1", &["geteuid", "read"]),
        ("6.13", &["geteuid", "read"]),
    ] {
        let trace = read("inject", version);
        let marked = trace.calls.iter().filter(|call| call.is_delayed());
        let names: Vec<&str> = marked.map(|call| call.name.as_str()).collect();
        assert_eq!(names, delayed, "{version}");
    }
}

#[test]
fn what_strace_did_not_see_the_end_of_has_no_result() {
    for version in VERSIONS {
        let trace = read("detached", version);
        let last = trace.calls.last().expect("a call");
        let told = (
            last.name.as_str(),
            last.args.as_str(),
            &last.result,
            last.ended_inside,
        );
        assert_eq!(told, ("wait4", "-1, ", &None, false), "{version}");
        assert_eq!(trace.inside(last.pid).as_deref(), Some("wait4(-1)"));
    }
}
