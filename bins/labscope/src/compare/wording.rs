//! Whether two programs say the same in other words.

use crate::compare::aliases::AliasedText;
use crate::compare::normalized_call::NormalizedCall;
use crate::trace::Args;

/// Whether both calls write, to where people read, the same numbers among similar words, with the same result.
///
/// Words are similar if at least two fifths of the letters are the same ones in the same order; a text without letters is
/// a prompt, a line, a blank.
pub fn differs_in_wording(c: &NormalizedCall, lab: &NormalizedCall) -> bool {
    let (Some([to, text]), Some([to_of_lab, text_of_lab])) = (written(c), written(lab)) else {
        return false;
    };
    let is_read_by_people = ["1", "2"].contains(&to.to_string().as_str());
    let is_same_result = c.result.as_ref().zip(lab.result.as_ref());
    let is_same_result = is_same_result.is_some_and(|(one, other)| one.alike(other));
    let is_same_place = to.alike(to_of_lab) && is_read_by_people && is_same_result;
    let numbers = match part_of_a_text(text, text_of_lab) {
        Some(inside) => text.numbers_of_a_part_alike(text_of_lab, inside),
        None => text.numbers_alike(text_of_lab),
    };
    is_same_place && numbers && are_similar(text, text_of_lab)
}

/// The smallest buffer of stdio.
const BUFFER: usize = 1024;

/// Whether both are a buffer full of what was printed: where it is cut off depends on the words before. If so, whether one
/// of them begins inside a line.
fn part_of_a_text(one: &AliasedText, other: &AliasedText) -> Option<bool> {
    let [one, other] = [one, other].map(|text| {
        let [_, text] = text.as_declared();
        Args::from(text)
            .text()
            .map_or(Vec::new(), |text| text.bytes)
    });
    let is_full = !one.is_empty() && one.len() % BUFFER == 0 && one.len() == other.len();
    let begins_inside = |text: &[u8]| !text[0].is_ascii_alphabetic();
    is_full.then(|| begins_inside(&one) || begins_inside(&other))
}

/// Where a call has written all of a text, or nothing of it, and which.
fn written(call: &NormalizedCall) -> Option<[&AliasedText; 2]> {
    let result = call.result.as_ref()?.to_string();
    let whole = call.name == "write" && (result == "all" || result.starts_with("-1 "));
    let [to, text] = call.words.as_slice() else {
        return None;
    };
    whole.then_some([to, text])
}

fn are_similar(one: &AliasedText, other: &AliasedText) -> bool {
    let (one, other) = (one.letters(), other.letters());
    let longest = one.chars().count().max(other.chars().count());
    5 * in_common(&one, &other) >= 2 * longest
}

/// How many letters of two texts are the same in the same order.
fn in_common(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row = vec![0; other.len() + 1];
    for c in one.chars() {
        let mut diagonal = 0;
        for (place, d) in other.iter().enumerate() {
            let above = row[place + 1];
            row[place + 1] = match c == *d {
                true => diagonal + 1,
                false => above.max(row[place]),
            };
            diagonal = above;
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(to: &str, text: &str) -> NormalizedCall {
        NormalizedCall::written("write", &[to, text], Some("all"))
    }

    #[test]
    fn a_blank_a_prompt_a_missing_sign_and_another_word_are_wording() {
        for (c, lab) in [
            (r#""> ""#, r#""$ ""#),
            (r#""=====\n""#, r#""=========================\n""#),
            (
                r#""return value from child  : 100\n""#,
                r#""return value from child : 100\n""#,
            ),
            (
                r#""parent process pid(7)\n""#,
                r#""parent process id(7)\n""#,
            ),
            (r#""Child exit\n""#, r#""child exited\n""#),
        ] {
            assert!(
                differs_in_wording(&write("1", c), &write("1", lab)),
                "{c} {lab}"
            );
        }
    }

    #[test]
    fn another_number_another_message_and_another_place_are_no_wording() {
        let value = write("1", r#""return value from child : 100\n""#);
        for other in [
            write("1", r#""return value from child : 25600\n""#),
            write("1", r#""hit a key""#),
            write("2", r#""return value from the child : 100\n""#),
        ] {
            assert!(!differs_in_wording(&other, &value), "{other}");
        }
        let full = |text: &str| write("1", &format!("\"{text:B<1024}\""));
        let filled = [full("P : 1 P : 2 P : 10"), full("p: 1 p: 2 p: 10 p: 11")];
        assert!(differs_in_wording(&filled[0], &filled[1]));
        assert!(!differs_in_wording(&full("p: 1 p: 3 p: 10"), &filled[0]));
        let later = [
            full("1103 P : 1104 P : 1105"),
            full("03 P : 1104 P : 1105 P"),
        ];
        assert!(differs_in_wording(&later[0], &later[1]));
        let later = [full("103 P : 1104 P : 1105"), full(" P : 1104 P : 1105 P")];
        assert!(differs_in_wording(&later[0], &later[1]));
        let first = [full("P : 3 P : 4 P : 5"), full("P : 2 P : 4 P : 5")];
        assert!(!differs_in_wording(&first[0], &first[1]));
        let later = [
            full("103 P : 1104 P : 1106 P : 1107"),
            full("103 P : 1104 P : 1105 P : 1107"),
        ];
        assert!(!differs_in_wording(&later[0], &later[1]));
        let sent = [write("4", r#""hong\n""#), write("4", r#""hong""#)];
        assert!(!differs_in_wording(&sent[0], &sent[1]));
    }
}
