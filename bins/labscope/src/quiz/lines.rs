//! The lines that a run has printed, with the calls that wrote them.

use crate::run::transcript::{Entry, Transcript};
use crate::trace::Trace;
use crate::trace::syscall::WRITES;

/// A line as long as this can be told apart and typed into a question.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=40;

/// A line of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputLine {
    pub text: String,
    /// The place of the first call that wrote it, and the process that made the call.
    pub call: usize,
    pub pid: i32,
}

/// What came out that can be asked about, in order: where standard output is no terminal, through it.
pub fn lines(transcript: &Transcript, trace: &Trace) -> Vec<OutputLine> {
    let output = transcript.stdout.as_ref();
    let mut echoed = match output {
        Some(_) => Vec::new(),
        None => echoed(transcript),
    };
    let output = String::from_utf8_lossy(output.unwrap_or(&transcript.terminal));
    let lines = output.lines().map(str::trim_end).filter(can_be_asked);
    let own = lines.filter(|line| {
        let echo = echoed.iter().position(|one| one == line);
        echo.map(|place| echoed.remove(place)).is_none()
    });
    let writes = writes(trace);
    own.filter_map(|line| written(line, &writes)).collect()
}

/// The lines that the terminal echoed when they were typed.
fn echoed(transcript: &Transcript) -> Vec<String> {
    let mut bytes = Vec::new();
    for entry in &transcript.entries {
        if let Entry::Echoed(echo) = entry {
            bytes.extend(echo);
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    text.lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

fn can_be_asked(line: &&str) -> bool {
    let has_letters = line.chars().any(char::is_alphabetic);
    let has_controls = line.contains('^') || line.chars().any(char::is_control);
    has_letters && !has_controls && LENGTHS.contains(&line.chars().count())
}

/// Whether a reader can know it: not a port, a time or how far a loop has come. `<2>` stands for a pid.
pub fn can_be_known(line: &str) -> bool {
    let digits = line.split(|one: char| !one.is_ascii_digit());
    digits.map(str::len).max().unwrap_or(0) < 3
}

/// The calls that wrote something, by their places, and what.
fn writes(trace: &Trace) -> Vec<(usize, i32, String)> {
    let calls = trace.calls.iter().enumerate();
    let writes = calls.filter(|(_, call)| !call.setup && call.is(WRITES));
    writes
        .map(|(place, call)| {
            let text = String::from_utf8_lossy(&call.moved()).into_owned();
            (place, call.pid, text)
        })
        .collect()
}

/// The line, if the lab wrote it: what the terminal echoes is no output.
fn written(line: &str, writes: &[(usize, i32, String)]) -> Option<OutputLine> {
    let (place, pid, _) = writes.iter().find(|(.., text)| text.contains(line))?;
    Some(OutputLine {
        text: line.to_owned(),
        call: *place,
        pid: *pid,
    })
}
