//! Calls as text, short enough for a table.

/// The longest text of one call.
const LONGEST: usize = 160;

/// How much of a long string is left: its beginning and its end.
const HEAD: usize = 40;
const TAIL: usize = 16;

/// A call whose long strings lack their middle.
pub fn shortened(call: &str) -> String {
    if call.chars().count() <= LONGEST {
        return call.to_owned();
    }
    let mut text = String::new();
    let mut rest = call;
    while let Some((before, string, after)) = next_string(rest) {
        text.push_str(before);
        text.push_str(&middle(string, HEAD, TAIL));
        rest = after;
    }
    text.push_str(rest);
    match text.chars().count() > LONGEST {
        true => middle(&text, LONGEST * 2 / 3, LONGEST / 4),
        false => text,
    }
}

/// What stands before the next string, the string with its quotation marks, and the rest.
fn next_string(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find('"')?;
    let mut escaped = false;
    for (place, c) in text[start + 1..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => {
                let end = start + 1 + place + 1;
                return Some((&text[..start], &text[start..end], &text[end..]));
            }
            _ => {}
        }
    }
    None
}

/// Beginning and end of a long text. No escape is cut in two.
fn middle(text: &str, head: usize, tail: usize) -> String {
    let units = units(text);
    let length = |units: &[&str]| units.iter().map(|unit| unit.chars().count()).sum::<usize>();
    if length(&units) <= head + tail + 1 {
        return text.to_owned();
    }
    let mut from = 0;
    while length(&units[..from + 1]) <= head {
        from += 1;
    }
    let mut to = units.len();
    while length(&units[to - 1..]) <= tail {
        to -= 1;
    }
    format!("{}…{}", units[..from].concat(), units[to..].concat())
}

/// The characters, each escape as one.
fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        if first == '\\' {
            let hex = rest[1..].starts_with('x') && rest.is_char_boundary(4.min(rest.len()));
            let more = rest[1..].chars().next().map_or(0, char::len_utf8);
            length += if hex { 3.min(rest.len() - 1) } else { more };
        }
        let (unit, after) = rest.split_at(length);
        units.push(unit);
        rest = after;
    }
    units
}

/// `brk`, `brk × 2`
pub fn times(name: &str, count: usize) -> String {
    match count {
        1 => name.to_owned(),
        _ => format!("{name} × {count}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_string_loses_its_middle() {
        let call = format!("write(1, \"{}\\n\", 4096) = all", "P : 100\\n".repeat(400));
        let short = shortened(&call);
        assert!(
            short.starts_with("write(1, \"P : 100\\nP : 100\\n"),
            "{short}"
        );
        assert!(
            short.contains('…') && short.ends_with("\\n\", 4096) = all"),
            "{short}"
        );
        assert!(short.chars().count() <= LONGEST, "{short}");
    }

    #[test]
    fn no_escape_is_cut_in_two() {
        for before in 0..8 {
            let padding = "a".repeat(before);
            let call = format!("write(1, \"{padding}{}\")", "\\x00\\n".repeat(60));
            let short = shortened(&call);
            let (head, tail) = short.split_once('…').expect("two parts");
            assert!(head.ends_with("\\x00") || head.ends_with("\\n"), "{short}");
            assert!(tail.starts_with('\\'), "{short}");
        }
    }

    #[test]
    fn a_short_call_stays() {
        let call = "write(1, \"a\\\"b\", 3) = all";
        assert_eq!(shortened(call), call);
    }

    #[test]
    fn a_long_call_without_a_string_is_cut_too() {
        let short = shortened(&format!("poll({}) = 1", "{fd=0}, ".repeat(80)));
        assert!(
            short.chars().count() <= LONGEST && short.ends_with(") = 1"),
            "{short}"
        );
        let strange = shortened(&format!("write(1, \"{}", "한\\x0".repeat(200)));
        assert!(strange.contains('…'));
    }
}
