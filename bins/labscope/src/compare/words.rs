//! What stands in the next calls of two processes, word for word.

use crate::compare::aliases::AliasedText;
use crate::compare::normalized_call::NormalizedCall;

/// The next call of each, if both have the given names.
pub fn both<'a>(
    c: &'a [NormalizedCall],
    lab: &'a [NormalizedCall],
    names: (&str, &str),
) -> Option<(&'a NormalizedCall, &'a NormalizedCall)> {
    let (one, other) = (c.first()?, lab.first()?);
    (one.name == names.0 && other.name == names.1).then_some((one, other))
}

/// Whether these arguments are alike.
pub fn alike(c: &NormalizedCall, lab: &NormalizedCall, words: &[usize]) -> bool {
    words
        .iter()
        .all(|&place| match (c.words.get(place), lab.words.get(place)) {
            (Some(one), Some(other)) => one.alike(other),
            _ => false,
        })
}

pub fn word(request: &NormalizedCall, place: usize) -> String {
    request
        .words
        .get(place)
        .map(AliasedText::to_string)
        .unwrap_or_default()
}

/// What the call returned, as it is told.
pub fn result(request: &NormalizedCall) -> Option<String> {
    request.result.as_ref().map(AliasedText::to_string)
}
