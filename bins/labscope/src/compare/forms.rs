//! Patterns of declared differences as another program says the same: a student need not use the textbook's words.

use crate::compare::equivalents::{is_error_told, is_write_to};
use crate::compare::normalized_call::NormalizedCall;
use crate::scenario::pattern::name_of;

/// The pattern of a write without the zeros behind its text: whoever writes what came, and no more, has mended that alone.
pub fn exact(pattern: &str) -> Option<String> {
    let (text, behind) = pattern.split_once(r#" \x00>""#)?;
    let (text, times) = text.rsplit_once('<')?;
    let is_padding = pattern.starts_with("write(") && times.parse::<usize>().is_ok();
    is_padding.then(|| format!("{text}\"{behind}"))
}

/// The pattern of an error that is printed, where it is told on standard error, with its reason (perror).
pub fn told(pattern: &str) -> Option<String> {
    let error = pattern.strip_prefix("write(1, ")?;
    let error = error.strip_suffix(r#"\n") = all"#)?;
    Some(format!(r#"write(2, {error}: <any>") = all"#))
}

/// The pattern of a text that ends with an error, without this: it has just been told on standard error.
pub fn but_for_what_is_told(pattern: &str, before: &NormalizedCall) -> Option<String> {
    let told = before.words.get(1).filter(|_| is_write_to(before, "2"))?;
    let told = told.inside().to_string();
    let printed = pattern
        .strip_prefix(r#"write(1, ""#)?
        .strip_suffix(r#"") = all"#)?;
    let mut places = printed
        .char_indices()
        .map(|(place, _)| printed.split_at(place));
    let (text, _) = places.find(|(_, error)| is_error_told(&told, error))?;
    Some(format!(r#"write(1, "{text}") = all"#))
}

/// The pattern of an accept or a recvfrom by which nobody is asked who comes.
pub fn from_anybody(pattern: &str) -> Option<String> {
    if name_of(pattern) == "recvfrom" {
        let (asked, result) = pattern.rsplit_once(") = ")?;
        let place = [", {sa_family", ", ptr", ", <any>"].iter();
        let place = place.filter_map(|from| asked.rfind(from)).max()?;
        return Some(format!("{}, NULL, NULL) = {result}", &asked[..place]));
    }
    let (socket, rest) = pattern.strip_prefix("accept(")?.split_once(", ")?;
    let behind = rest.rfind([']', '…']).map(|end| rest.split_at(end).1)?;
    let behind = behind.trim_start_matches([']', '…']);
    Some(format!("accept({socket}, NULL, NULL{behind}"))
}

/// The pattern of a read or a listen with the room or the queue that this call asks for: what came, or how it ended, tells
/// whether that was enough.
pub fn with_own_size(pattern: &str, call: &NormalizedCall) -> Option<String> {
    let place = match name_of(pattern) {
        "read" => 2,
        "listen" => 1,
        _ => return None,
    };
    let size = call.argument(place).get(0).number();
    let size = size.filter(|&size| size > 0)?;
    let (asked, result) = pattern.rsplit_once(") = ")?;
    let (before, meant) = asked.rsplit_once(", ")?;
    if result != meant {
        return Some(format!("{before}, {size}) = {result}"));
    }
    // It was filled, and less of the zeros behind the text has come.
    let fewer = meant.parse::<i64>().ok()? - size;
    let (text, behind) = before.split_once(r" \x00>")?;
    let (text, times) = text.rsplit_once('<')?;
    let times = times.parse::<i64>().ok()? - fewer;
    (times > 0).then(|| format!(r"{text}<{times} \x00>{behind}, {size}) = {size}"))
}
