//! Long texts cut short. Widths are columns of a terminal; no escape (`\n`, `\x1b`) and no wide character is cut.

use textwrap::core::display_width;

/// The text, or its beginning and `…` where it is wider than `most`.
pub fn end(text: &str, most: usize) -> String {
    end_before(text, "", most)
}

/// The text and its tail; the end of the text is left out where both are wider than `most`.
pub fn end_before(text: &str, tail: &str, most: usize) -> String {
    let room = most.saturating_sub(display_width(tail));
    if display_width(text) <= room {
        return format!("{text}{tail}");
    }
    let start = start(text, room.saturating_sub(1));
    format!("{start}…{tail}")
}

/// A text that has its middle left out: so much of its beginning and its end remains.
pub fn middle(text: &str, head: usize, tail: usize) -> String {
    if display_width(text) <= head + tail + 1 {
        return text.to_owned();
    }
    let units = units(text);
    let mut width = 0;
    let last = units.iter().rev().take_while(|unit| {
        width += display_width(unit);
        width <= tail
    });
    let length: usize = last.map(|unit| unit.len()).sum();
    format!("{}…{}", start(text, head), &text[text.len() - length..])
}

/// How wide a call may be in a table, and how much is left of a long string in it.
const CALL: usize = 160;
const STRING: (usize, usize) = (40, 16);

/// A call whose long strings have their middle left out.
pub fn call(call: &str) -> String {
    if display_width(call) <= CALL {
        return call.to_owned();
    }
    let (mut text, mut rest) = (String::new(), call);
    while let Some((before, string, after)) = next_string(rest) {
        text.push_str(before);
        text.push_str(&middle(string, STRING.0, STRING.1));
        rest = after;
    }
    text.push_str(rest);
    match display_width(&text) > CALL {
        true => middle(&text, CALL * 2 / 3, CALL / 4),
        false => text,
    }
}

/// What stands before the next string, the string with its quotation marks, and the rest.
fn next_string(text: &str) -> Option<(&str, &str, &str)> {
    let (before, behind) = text.split_once('"')?;
    let mut length = 0;
    let inside = units(behind).into_iter().take_while(|unit| *unit != "\"");
    inside.for_each(|unit| length += unit.len());
    let end = before.len() + 1 + length + 1;
    let (string, after) = (text.get(before.len()..end)?, &text[end..]);
    Some((before, string, after))
}

/// How much of one of two texts is shown that differ somewhere.
const EXCERPT: usize = 90;

/// Of two long texts, the beginning and the part around the place where they differ.
pub fn difference(one: &str, other: &str) -> (String, String) {
    let (units_of_one, units_of_other) = (units(one), units(other));
    let both = units_of_one.iter().zip(&units_of_other);
    let same = both.take_while(|(one, other)| one == other);
    let place = same.map(|(unit, _)| display_width(unit)).sum();
    (around(one, place), around(other, place))
}

/// The beginning of a long text and what stands around that column.
pub fn around(text: &str, place: usize) -> String {
    if display_width(text) <= EXCERPT {
        return text.to_owned();
    }
    let head = start(text, EXCERPT / 3);
    let from = place.saturating_sub(EXCERPT / 4).max(EXCERPT / 3);
    let rest = &text[start(text, from).len()..];
    let shown = start(rest, EXCERPT * 2 / 3);
    let before = if from > EXCERPT / 3 { " … " } else { "" };
    let after = if shown.len() < rest.len() { " …" } else { "" };
    format!("{head}{before}{shown}{after}")
}

/// A text in pieces of at most that width.
pub fn pieces(text: &str, width: usize) -> Vec<String> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let piece = match start(rest, width) {
            "" => &rest[..units(rest).first().map_or(rest.len(), |unit| unit.len())],
            piece => piece,
        };
        pieces.push(piece.to_owned());
        rest = &rest[piece.len()..];
    }
    pieces
}

/// The longest beginning that is no wider.
fn start(text: &str, width: usize) -> &str {
    let mut left = width;
    let mut length = 0;
    for unit in units(text) {
        match left.checked_sub(display_width(unit)) {
            Some(rest) => left = rest,
            None => break,
        }
        length += unit.len();
    }
    &text[..length]
}

/// The characters, each escape as one.
fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let more = match rest.as_bytes() {
            [b'\\', b'x', a, b, ..] if a.is_ascii() && b.is_ascii() => 3,
            [b'\\', ..] => rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => 0,
        };
        let (unit, after) = rest.split_at(first.len_utf8() + more);
        units.push(unit);
        rest = after;
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays() {
        assert_eq!(end("read(0)", 7), "read(0)");
        assert_eq!(end_before("read(0)", " = 1", 11), "read(0) = 1");
        assert_eq!(middle("abcdef", 3, 2), "abcdef");
        assert_eq!(
            call("write(1, \"a\\\"b\", 3) = all"),
            "write(1, \"a\\\"b\", 3) = all"
        );
        assert_eq!(difference("ab", "ac"), ("ab".to_owned(), "ac".to_owned()));
    }

    #[test]
    fn the_end_is_left_out_before_a_tail_that_stays() {
        assert_eq!(
            end_before("write(1, \"xxxxxxxx\", 8)", " = 8", 16),
            "write(1, \"x… = 8"
        );
        assert_eq!(end("한글 이름", 6), "한글 …");
        assert_eq!(end("한글 이름", 5), "한글…");
        assert_eq!(end("한글 이름", 4), "한…");
    }

    #[test]
    fn no_escape_is_cut_in_two() {
        let pieces = ["a", "\\n", "\\x00", "\\n", "\\\\", "\\x01", "\\\"", "b"];
        let whole: Vec<String> = (0..pieces.len())
            .map(|count| pieces[..count].concat())
            .collect();
        for room in 1..16 {
            let text = end(&pieces.concat(), room);
            let shown = text.strip_suffix('…').expect("the end is left out");
            assert!(whole.iter().any(|one| one == shown), "{text}");
        }
        for before in 0..8 {
            let padding = "a".repeat(before);
            let short = call(&format!("write(1, \"{padding}{}\")", "\\x00\\n".repeat(60)));
            let (head, tail) = short.split_once('…').expect("two parts");
            assert!(head.ends_with("\\x00") || head.ends_with("\\n"), "{short}");
            assert!(tail.starts_with('\\'), "{short}");
        }
    }

    #[test]
    fn a_long_string_of_a_call_loses_its_middle() {
        let short = call(&format!(
            "write(1, \"{}\\n\", 4096) = all",
            "P : 100\\n".repeat(400)
        ));
        assert!(
            short.starts_with("write(1, \"P : 100\\nP : 100\\n"),
            "{short}"
        );
        assert!(
            short.contains('…') && short.ends_with("\\n\", 4096) = all"),
            "{short}"
        );
        assert!(display_width(&short) <= CALL, "{short}");
    }

    #[test]
    fn a_long_call_without_a_string_is_cut_too() {
        let short = call(&format!("poll({}) = 1", "{fd=0}, ".repeat(80)));
        assert!(
            display_width(&short) <= CALL && short.ends_with(") = 1"),
            "{short}"
        );
        assert!(call(&format!("write(1, \"{}", "한\\x0".repeat(200))).contains('…'));
    }

    #[test]
    fn long_texts_are_cut_around_the_difference() {
        let line = |number: u32| {
            format!(
                "write(1, \"{}{number} end of it\")",
                "P : 100\\n".repeat(400)
            )
        };
        let (one, other) = difference(&line(1), &line(2));
        assert!(
            one.starts_with("write(1, ") && one.contains("1 end"),
            "{one}"
        );
        assert!(
            display_width(&one) < 110 && other.contains("2 end"),
            "{one} {other}"
        );
        assert!(around(&"한".repeat(300), 0).contains('…'));
    }
}
