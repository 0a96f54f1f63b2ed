//! C and Rust without what the compiler does not read as code.

/// A source without its comments and texts. Lines stay lines.
pub fn code(source: &str) -> String {
    let (mut code, mut rest) = (String::new(), source);
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest[2..].find("*/").map_or(rest.len(), |end| end + 4),
            '"' => text_length(rest, c),
            '\'' if is_character(rest) => text_length(rest, c),
            _ => 0,
        };
        match skipped {
            0 => code.push(c),
            _ => code.push(' '),
        }
        code.extend(rest[..skipped].chars().filter(|&c| c == '\n'));
        rest = &rest[skipped.max(c.len_utf8())..];
    }
    code
}

/// Whether a character begins here, not the name of a lifetime.
fn is_character(text: &str) -> bool {
    let mut behind = text.chars().skip(1);
    behind.next() == Some('\\') || behind.next() == Some('\'')
}

/// How many bytes a text takes, with its quotation marks.
fn text_length(text: &str, mark: char) -> usize {
    let mut is_escaped = false;
    for (place, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' => return place, // unfinished
            c if c == mark => return place + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_are_no_code() {
        let text = "a /* main() */ b // main()\nc \"main(\\\" /*\" d 'x' '\\'' e";
        let words: Vec<String> = code(text).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words, ["a", "b", "c", "d", "e"]);
        assert_eq!(code("a /* open").trim(), "a");
        assert_eq!(code("f(x: &'a u8, y: &'a u8)"), "f(x: &'a u8, y: &'a u8)");
        assert_eq!(code("a /*\n\n*/ b").lines().count(), 3);
    }
}
