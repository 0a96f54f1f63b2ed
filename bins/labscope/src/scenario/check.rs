//! What may stand together in a scenario.

use anyhow::{Result, bail};

use crate::scenario::condition::Condition;
use crate::scenario::step::Step;
use crate::scenario::wiring::Wiring;

/// A name is one word.
pub(super) fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.contains(char::is_whitespace) {
        bail!("`name` is one word");
    }
    Ok(())
}

/// `input` needs somewhere to go.
pub(super) fn check_input(stdin: &Wiring, has_input: bool) -> Result<()> {
    if has_input && !matches!(stdin, Wiring::File | Wiring::Pipe) {
        bail!("`input` is for stdin = \"file\" or \"pipe\"");
    }
    Ok(())
}

/// Whether the streams that a step speaks of are there.
pub(super) fn check_streams(
    step: &Step,
    stdin: &Wiring,
    stdout: &Wiring,
    has_input: bool,
) -> Result<()> {
    if *step == Step::CloseStdin && (has_input || *stdin != Wiring::Pipe) {
        bail!("`close = \"stdin\"` is for stdin = \"pipe\" without `input`");
    }
    if awaits_stream(step) && !matches!(stdout, Wiring::File | Wiring::Pipe) {
        bail!("`stream` is for stdout = \"pipe\" or \"file\"");
    }
    Ok(())
}

fn awaits_stream(step: &Step) -> bool {
    matches!(
        step,
        Step::Await {
            condition: Condition::Stream(_),
            ..
        }
    )
}
