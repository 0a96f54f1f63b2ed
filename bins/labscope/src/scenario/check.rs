//! What may stand together in a scenario.

use anyhow::{Result, bail};

use crate::i18n::scenario_file;
use crate::scenario::condition::Condition;
use crate::scenario::step::Step;
use crate::scenario::wiring::Wiring;

/// A name is one word.
pub(super) fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.contains(char::is_whitespace) {
        bail!(scenario_file::name_is_one_word());
    }
    Ok(())
}

/// `input` needs somewhere to go.
pub(super) fn check_input(stdin: &Wiring, has_input: bool) -> Result<()> {
    if has_input && !matches!(stdin, Wiring::File | Wiring::Pipe) {
        bail!(scenario_file::input_is_for());
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
        bail!(scenario_file::close_is_for());
    }
    if awaits_stream(step) && !matches!(stdout, Wiring::File | Wiring::Pipe) {
        bail!(scenario_file::stream_is_for());
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
