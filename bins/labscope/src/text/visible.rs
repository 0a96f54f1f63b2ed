//! Control characters, shown and not obeyed by the reader's terminal.

/// What was printed, line for line.
pub fn visible(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    text.chars().map(character).collect()
}

/// One character: `^G` for a control character; nothing for a carriage return.
pub fn character(c: char) -> String {
    match c {
        '\r' => String::new(),
        '\n' => "\n".to_owned(),
        '\t' => "    ".to_owned(),
        c if c.is_ascii_control() => format!("^{}", char::from(c as u8 ^ 0x40)),
        c if c.is_control() => format!("\\x{:02x}", u32::from(c)),
        c => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn control_characters_are_shown() {
        let shown = visible("a\tb\r\n\u{3}\u{1b}[1m\u{7f}한\u{9b}\0");
        assert_eq!(shown, "a    b\n^C^[[1m^?한\\x9b^@");
    }
}
