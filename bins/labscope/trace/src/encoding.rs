//! Bytes as text: UTF-8, or the Korean of older systems, CP949 (EUC-KR and what Windows added).

use std::borrow::Cow;

use encoding_rs::EUC_KR;

/// The text that these bytes are; what is neither is shown as the character for that.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => match korean(bytes) {
            Some(text) => Cow::Owned(text),
            None => String::from_utf8_lossy(bytes),
        },
    }
}

/// The same for a text of several lines, each by itself: what is cut off in one does not spoil the others.
pub fn lines(bytes: &[u8]) -> String {
    bytes
        .split_inclusive(|&byte| byte == b'\n')
        .map(text)
        .collect()
}

/// The Korean that these bytes are in CP949: no UTF-8, nothing but characters, and Hangul among them. Binary data has
/// bytes that are none.
pub fn korean(bytes: &[u8]) -> Option<String> {
    if std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let text = EUC_KR.decode_without_bom_handling_and_without_replacement(bytes)?;
    let is_hangul =
        |c: char| ('\u{ac00}'..='\u{d7a3}').contains(&c) || ('\u{3131}'..='\u{318e}').contains(&c);
    let is_text = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    (text.contains(is_hangul) && text.chars().all(is_text)).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_of_older_systems_is_read() {
        let bytes = b"C : \xbe\xc8\xb3\xe7\r\n";
        assert_eq!(text(bytes), "C : \u{c548}\u{b155}\r\n");
        assert_eq!(korean(bytes).as_deref(), Some("C : \u{c548}\u{b155}\r\n"));
        assert_eq!(korean(b"\x8c\x63").as_deref(), Some("\u{b620}")); // only CP949 has it
        assert_eq!(lines(b"a\xbe\n\xbe\xc8\n"), "a\u{fffd}\n\u{c548}\n");
    }

    #[test]
    fn what_is_no_korean_is_none() {
        for bytes in [
            "\u{c548}\u{b155}".as_bytes(), // UTF-8
            b"plain",
            b"\xfd\xff\xff\xff",
            b"\xb0\xa1\x00\x00", // an int that looks like a syllable
            b"\xbe",
        ] {
            assert_eq!(korean(bytes), None, "{bytes:?}");
        }
    }
}
