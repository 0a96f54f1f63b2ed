//! Lines that count: alike but for a number, which is one more in each.

/// How a line ends in the words of strace.
const NEWLINE: &str = "\\n";

/// A line around its last number.
struct Line<'a> {
    before: &'a str,
    number: u64,
    behind: &'a str,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Option<Line<'a>> {
        let end = line.rfind(|c: char| c.is_ascii_digit())? + 1;
        let digits = line[..end].trim_end_matches(|c: char| c.is_ascii_digit());
        let number = line[digits.len()..end].parse().ok()?;
        Some(Line {
            before: digits,
            number,
            behind: &line[end..],
        })
    }

    /// Whether that is the line, or (`is_cut`) its beginning. A number may by chance be some process's pid, and have its name.
    fn is(&self, line: &str, is_cut: bool) -> bool {
        let whole = format!("{}{}{}", self.before, self.number, self.behind);
        let named = line.strip_prefix(self.before);
        let named = named.is_some_and(|rest| {
            rest.starts_with('<') && (is_cut || rest.ends_with(&format!(">{}", self.behind)))
        });
        line == whole || named || (is_cut && whole.starts_with(line))
    }
}

/// Whether the lines of a piece of text count, and go on counting from what stands before it, if lines do. What begins
/// inside a line, and what is cut off at the end, is a part of one.
pub fn counts(piece: &str, before: &str) -> bool {
    let former = before.strip_suffix(NEWLINE);
    let former = former.map(|text| text.rsplit(NEWLINE).next().unwrap_or(text));
    let mut next = former.and_then(Line::of);
    if let Some(line) = &mut next {
        line.number += 1;
    }
    let mut lines = piece.split(NEWLINE).enumerate().peekable();
    while let Some((place, line)) = lines.next() {
        let is_cut = lines.peek().is_none();
        match &mut next {
            Some(expected) if expected.is(line, is_cut) => expected.number += 1,
            Some(_) => return false,
            None if place == 0 || is_cut => {}
            None => {
                next = Line::of(line);
                let Some(line) = &mut next else {
                    return false;
                };
                line.number += 1;
            }
        }
    }
    true
}

/// How many lines a text has.
pub fn lines(text: &str) -> usize {
    text.matches(NEWLINE).count()
}

/// What stands behind so many lines of a text, and those lines.
pub fn behind(text: &str, lines: usize) -> Option<(&str, &str)> {
    if lines == 0 {
        return Some(("", text));
    }
    let (place, _) = text.match_indices(NEWLINE).nth(lines - 1)?;
    Some(text.split_at(place + NEWLINE.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_count_are_told_from_others() {
        let before = r"I'm daemon\nchild : 1000\n";
        for piece in [
            "",
            r"child : 1001\nchild : 10",
            r"child : 1001\nchild : <1.1>\nchild : 1003\nch",
        ] {
            assert!(counts(piece, before), "{piece}");
        }
        for piece in [
            r"child : 1002\nchild",
            r"child : 1001\nchild : 1003\n",
            r"child : 1001\nfoo\n",
            r"child : 1001\nfoo",
            r"kid : 1001\n",
        ] {
            assert!(!counts(piece, before), "{piece}");
        }
        assert!(counts(r"d : 1299\nchild : 1300\nchild : 1301\nchi", ""));
        assert!(!counts(r"d : 1299\nchild : 1300\nchild : 1302\nchi", ""));
        assert!(!counts(r"d : 1299\nfoo\nfoo\n", ""));
    }

    #[test]
    fn a_text_is_cut_behind_its_lines() {
        assert_eq!(behind(r"a\nb\nc", 2), Some((r"a\nb\n", "c")));
        assert_eq!(behind(r"a\nb", 2), None);
        assert_eq!(lines(r"a\nb\nc"), 2);
    }
}
