//! Strings as strace quotes them: C escapes, octal or hexadecimal.

/// A string found in the arguments of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    pub bytes: Vec<u8>,
    /// Whether strace cut it off (`"abc"...`).
    pub cut: bool,
}

/// The first string in `args`.
pub fn first_string(args: &str) -> Option<Quoted> {
    next_string(args).map(|(string, _)| string)
}

/// Every string in `args`, in order.
pub fn strings(mut args: &str) -> Vec<Quoted> {
    let mut found = Vec::new();
    while let Some((string, rest)) = next_string(args) {
        found.push(string);
        args = rest;
    }
    found
}

/// The arguments with every string that is UTF-8 written as such, not in octal; comments left out.
pub fn readable(args: &str) -> String {
    let mut text = String::new();
    let mut rest = args;
    while let Some((string, after)) = next_string(rest) {
        let start = quotation_mark(rest).unwrap_or(0);
        let quoted = &rest[start..rest.len() - after.len()];
        text.push_str(&rest[..start]);
        match std::str::from_utf8(&string.bytes) {
            Ok(utf8) if !utf8.is_ascii() => text.push_str(&format!("{utf8:?}")),
            _ => text.push_str(quoted),
        }
        rest = after;
    }
    text.push_str(rest);
    match (text.find(" /* "), text.rfind(" */")) {
        (Some(start), Some(end)) if start < end && !text[start..end].contains('"') => {
            text.replace_range(start..end + 3, "");
        }
        _ => {}
    }
    text
}

/// The place of the quotation mark that begins the next string; one in a file's name has a backslash.
fn quotation_mark(args: &str) -> Option<usize> {
    let text = args.as_bytes();
    let mut place = 0;
    loop {
        match *text.get(place)? {
            b'"' => return Some(place),
            b'\\' => place += 2,
            _ => place += 1,
        }
    }
}

fn next_string(args: &str) -> Option<(Quoted, &str)> {
    let start = quotation_mark(args)? + 1;
    let text = args.as_bytes();
    let mut bytes = Vec::new();
    let mut place = start;
    loop {
        match *text.get(place)? {
            b'"' => break,
            b'\\' => place += unescape(text.get(place + 1..)?, &mut bytes)?,
            byte => bytes.push(byte),
        }
        place += 1;
    }
    let rest = args.get(place + 1..)?;
    Some((
        Quoted {
            bytes,
            cut: rest.starts_with("..."),
        },
        rest,
    ))
}

/// Decodes the escape after a backslash; returns how many characters it took.
fn unescape(text: &[u8], bytes: &mut Vec<u8>) -> Option<usize> {
    let simple = match *text.first()? {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'v' => 0x0b,
        b'f' => 0x0c,
        b'a' => 0x07,
        b'b' => 0x08,
        b'x' => return number(&text[1..], 16, 2, bytes).map(|taken| taken + 1),
        b'0'..=b'7' => return number(text, 8, 3, bytes),
        other => other,
    };
    bytes.push(simple);
    Some(1)
}

fn number(text: &[u8], radix: u32, most: usize, bytes: &mut Vec<u8>) -> Option<usize> {
    let digits = text
        .iter()
        .take(most)
        .map_while(|&byte| (byte as char).to_digit(radix));
    let (value, taken) = digits.fold((0, 0), |(value, taken), digit| {
        (value * radix + digit, taken + 1)
    });
    bytes.push(u8::try_from(value).ok().filter(|_| taken > 0)?);
    Some(taken)
}
