//! What every part of a scenario file is read with: words that stand for something, seconds, and refusals.
//!
//! toml-span takes the keys of a table one by one, by hand: derived code would be shorter here, and takes longer to
//! compile than all of this tool.

use std::fmt::Display;
use std::time::Duration;

use anyhow::anyhow;
use toml_span::value::ValueInner;
use toml_span::{DeserError, Deserialize, Error, ErrorKind, Span, Value};

use crate::i18n::{Text, scenario_file};

/// Reads a struct from a table with keys of the same names: `a!` must be there; what `a?` and `a*` say may be left
/// out, and is none or empty then.
macro_rules! keys {
    ($type:ident: $($key:ident $kind:tt)*) => {
        impl<'de> toml_span::Deserialize<'de> for $type {
            fn deserialize(value: &mut toml_span::Value<'de>) -> Result<$type, toml_span::DeserError> {
                let mut table = toml_span::de_helpers::TableHelper::new(value)?;
                let read = $type { $($key: keys!(table $key $kind)),* };
                table.finalize(None).map(|()| read)
            }
        }
    };
    ($table:ident $key:ident !) => { $table.required(stringify!($key)).unwrap_or_default() };
    ($table:ident $key:ident ?) => { $table.optional(stringify!($key)) };
    ($table:ident $key:ident *) => { $table.optional(stringify!($key)).unwrap_or_default() };
}

pub(super) use keys;

keys!(Text: en! ko!);

/// A refusal, with the reason, of what stands there.
pub(super) fn refused(span: Span, reason: impl Display) -> DeserError {
    let kind = ErrorKind::Custom(format!("{reason:#}").into());
    Error::from((kind, span)).into()
}

/// What a word stands for.
pub(super) fn one_of<T: Copy>(value: &mut Value, words: &[(&str, T)]) -> Result<T, DeserError> {
    let (span, word) = (value.span, value.take_string(None)?);
    match words.iter().find(|(known, _)| *known == word) {
        Some((_, meaning)) => Ok(*meaning),
        None => {
            let words: Vec<String> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
            let reason = scenario_file::unknown_word(&word, &words.join(", "));
            let (expected, value) = (&[][..], Some(reason));
            let kind = ErrorKind::UnexpectedValue { expected, value };
            Err(Error::from((kind, span)).into())
        }
    }
}

/// The value of `timeout`: more than none.
pub(super) struct Seconds(pub Duration);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize(value: &mut Value<'de>) -> Result<Seconds, DeserError> {
        let seconds = match value.take() {
            ValueInner::Float(seconds) => seconds,
            ValueInner::Integer(seconds) => seconds as f64,
            other => {
                return Err(refused(
                    value.span,
                    scenario_file::timeout(other.type_str()),
                ));
            }
        };
        match Duration::try_from_secs_f64(seconds) {
            Ok(timeout) if !timeout.is_zero() => Ok(Seconds(timeout)),
            _ => Err(refused(value.span, scenario_file::timeout(seconds))),
        }
    }
}

/// The first of some errors in a file, with its line, the key and what stands there.
pub(super) fn told(text: &str, errors: &DeserError) -> anyhow::Error {
    let Some(error) = errors.errors.first() else {
        return anyhow!(scenario_file::is_not_understood());
    };
    let (key, span) = (key_before(text, error.span), error.span);
    let quoted = |name: &str| format!("`{name}`");
    let (place, reason) = match &error.kind {
        ErrorKind::UnexpectedKeys { keys, expected } => {
            let place = keys.first().map_or(span, |(_, span)| *span);
            let names: Vec<String> = keys.iter().map(|(name, _)| quoted(name)).collect();
            let known: Vec<String> = expected.iter().map(|name| quoted(name)).collect();
            let (names, known) = (names.join(", "), known.join(", "));
            (place, scenario_file::unknown_keys(&names, &known))
        }
        ErrorKind::MissingField(name) => (span, scenario_file::missing_key(name)),
        ErrorKind::Wanted { expected, found } => {
            let wanted = scenario_file::is_wanted(expected, found);
            (span, format!("{key}{wanted} ({})", line_at(text, span)))
        }
        ErrorKind::OutOfRange(_) => (span, format!("{key}{error} ({})", line_at(text, span))),
        // From `one_of`.
        ErrorKind::UnexpectedValue { value, .. } => (
            span,
            format!("{key}{}", value.as_deref().unwrap_or_default()),
        ),
        _ => (span, error.to_string()),
    };
    anyhow!(scenario_file::line(line_of(text, place), &reason))
}

/// What stands there, up to the end of its first line.
fn line_at(text: &str, place: Span) -> &str {
    let value = text.get(place.start..place.end).unwrap_or_default();
    value.lines().next().unwrap_or_default()
}

/// The key of the value that stands there: `args: `; nothing in a list.
fn key_before(text: &str, value: Span) -> String {
    let before = text.get(..value.start).unwrap_or_default();
    let before = before.trim_end_matches(['"', '\'']).trim_end();
    let key = before
        .strip_suffix('=')
        .map(str::trim_end)
        .unwrap_or_default();
    let is_end = |c: char| c.is_whitespace() || "{,[".contains(c);
    match key.rsplit(is_end).next() {
        None | Some("") => String::new(),
        Some(key) => format!("`{key}`: "),
    }
}

fn line_of(text: &str, place: Span) -> usize {
    let before = text.bytes().take(place.start);
    before.filter(|&byte| byte == b'\n').count() + 1
}
