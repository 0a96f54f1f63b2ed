//! The arguments of a call as a trace writes them, taken apart.

use crate::trace::strings;

/// The arguments, split at the commas between them.
pub fn split(args: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut in_string) = (0, 0usize, false);
    let mut bytes = args.bytes().enumerate();
    while let Some((place, byte)) = bytes.next() {
        match byte {
            b'\\' if in_string => {
                bytes.next();
            }
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                found.push(args[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    let last = args[start..].trim();
    if !last.is_empty() || !found.is_empty() {
        found.push(last);
    }
    found
}

/// One argument without addresses, and with its string in one spelling.
pub fn plain(arg: &str) -> String {
    if let Some(string) = arg.strip_prefix('"') {
        let cut = if string.ends_with("...") { "..." } else { "" };
        let bytes = strings(arg).into_iter().next().map(|string| string.bytes);
        return format!("{}{cut}", quoted(&bytes.unwrap_or_default()));
    }
    let mut words = String::new();
    let mut rest = arg;
    while let Some(start) = rest.find("0x") {
        let digits = rest[start + 2..].find(|c: char| !c.is_ascii_hexdigit());
        let end = digits.map_or(rest.len(), |digits| start + 2 + digits);
        words.push_str(&rest[..start]);
        // An address has more digits than any flag.
        words.push_str(if end - start > 8 {
            "ptr"
        } else {
            &rest[start..end]
        });
        rest = &rest[end..];
    }
    words + rest
}

/// Bytes as C would write them, but with every character that is one left as it is.
pub fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                '\r' => text.push_str("\\r"),
                '"' => text.push_str("\\\""),
                '\\' => text.push_str("\\\\"),
                c if c.is_control() => text.push_str(&format!("\\x{:02x}", u32::from(c))),
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_split_between_and_not_within() {
        assert_eq!(
            split(r#"1, "a, b\"", {x=1, y=[2, 3]}, NULL"#),
            ["1", r#""a, b\"""#, "{x=1, y=[2, 3]}", "NULL"]
        );
        assert!(split("").is_empty());
        assert_eq!(split("0, "), ["0", ""]);
    }

    #[test]
    fn addresses_go_and_flags_stay() {
        assert_eq!(plain("0x7ffd1234abcd"), "ptr");
        assert_eq!(plain("0x8001 /* flags */"), "0x8001 /* flags */");
        assert_eq!(plain(r#""\355\225\234\n\0""#), "\"한\\n\\x00\"");
        assert_eq!(plain(r#""ab"..."#), "\"ab\"...");
    }
}
