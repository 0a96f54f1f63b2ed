//! Whether two programs say the same in other words.

use crate::compare::aliases::AliasedText;
use crate::compare::normalized_call::NormalizedCall;
use crate::text::alike::{are_enough, in_common, telling};

/// Whether both calls write the same values among similar words.
///
/// Words are similar if at least two fifths of the letters are the same ones in the same order; a text without letters is
/// a prompt, a line, a blank.
pub fn differs_in_wording(
    c: &NormalizedCall,
    lab: &NormalizedCall,
    before: &[NormalizedCall],
) -> bool {
    match texts(c, lab) {
        Some([text, other]) => {
            let numbers = match part_of_a_text(text, other) {
                Some(inside) => text.numbers_of_a_part_alike(other, inside),
                None => text.numbers_alike(other),
            };
            numbers && are_similar(text, other) && holds_what_was_read(text, other, before)
        }
        None => false,
    }
}

/// Whether both calls write the same values, whatever the words around them are. Where the lab writes no number, one in
/// the C is a word too.
pub fn differs_in_words(
    c: &NormalizedCall,
    lab: &NormalizedCall,
    before: &[NormalizedCall],
) -> bool {
    texts(c, lab).is_some_and(|[text, other]| match part_of_a_text(text, other) {
        Some(inside) => text.numbers_of_a_part_alike(other, inside),
        None => are_same_values(text, other, before) || (tells(c) && !text.has_numbers()),
    })
}

/// Whether the C writes a word in whose place that line of the lab writes another one, and this one elsewhere: such a word is
/// a value.
pub fn takes_another_word(
    c: &NormalizedCall,
    lab: &NormalizedCall,
    all: &[NormalizedCall],
) -> bool {
    let Some([text, other]) = texts(c, lab) else {
        return false;
    };
    let [of_c, of_lab] = [text, other].map(|text| text.inside().to_string());
    let [of_c, of_lab] = [&of_c, &of_lab].map(|text| text.split_whitespace().collect::<Vec<_>>());
    let same_line = all
        .iter()
        .filter(|call| call.name == lab.name && call.line == lab.line);
    let elsewhere: Vec<String> = same_line
        .filter_map(|call| Some(call.words.get(1)?.inside().to_string()))
        .collect();
    let writes = |place: usize, word: &str| {
        elsewhere
            .iter()
            .any(|text| text.split_whitespace().nth(place) == Some(word))
    };
    let mut both = of_c.iter().zip(&of_lab).enumerate();
    let differ = both.find(|(place, (c, lab))| {
        c != lab && c.contains(|it: char| !it.is_ascii_digit()) && writes(*place, c)
    });
    of_c.len() == of_lab.len() && lab.line.is_some() && differ.is_some()
}

/// Whether both calls write the same words around other values.
pub fn differs_in_numbers(c: &NormalizedCall, lab: &NormalizedCall) -> bool {
    let words = |text: &AliasedText| text.to_string().replace(|c: char| c.is_ascii_digit(), "");
    texts(c, lab).is_some_and(|[text, other]| words(text) == words(other))
}

/// Whether an error is told: a number in the lab's words need be none of another's.
fn tells(call: &NormalizedCall) -> bool {
    call.words.first().is_some_and(|to| to.to_string() == "2")
}

/// Whether two texts hold the same values.
pub fn are_same_values(c: &AliasedText, lab: &AliasedText, before: &[NormalizedCall]) -> bool {
    (!lab.has_numbers() || c.numbers_alike(lab)) && holds_what_was_read(c, lab, before)
}

/// How long a full buffer is that a call writes, to where people read.
pub fn full_length(call: &NormalizedCall) -> Option<usize> {
    if !is_read_by_people(call) {
        return None;
    }
    let length = bytes(call.words.get(1)?).len();
    (length > 0 && length.is_multiple_of(BUFFER)).then_some(length)
}

fn bytes(text: &AliasedText) -> Vec<u8> {
    let text = text.typed().text();
    text.map_or(Vec::new(), |text| text.bytes)
}

/// Whether the C writes the values that the other text holds, in their order, with whatever stands between them.
pub fn begins_and_ends_alike(c: &NormalizedCall, meant: &NormalizedCall) -> bool {
    texts(c, meant).is_some_and(|[text, other]| text.has_numbers_of(other))
}

/// What two calls write to where people read, if both do, with the same result.
fn texts<'a>(c: &'a NormalizedCall, lab: &'a NormalizedCall) -> Option<[&'a AliasedText; 2]> {
    let ([to, text], [to_of_lab, text_of_lab]) = (written(c)?, written(lab)?);
    let is_same_result = c.result.as_ref()?.alike(lab.result.as_ref()?);
    let is_same_place = to.alike(to_of_lab) && is_read_by_people(lab);
    (is_same_place && is_same_result).then_some([text, text_of_lab])
}

/// Whether a call writes to standard output or standard error.
pub fn is_read_by_people(call: &NormalizedCall) -> bool {
    let to = call.words.first().map(AliasedText::to_string);
    call.name == "write" && to.is_some_and(|to| ["1", "2"].contains(&to.as_str()))
}

/// So many calls back a text that was read may be printed.
const LONG_AGO: usize = 16;

/// Whether what the lab has read, and prints, is printed by the C too: that is no word of its own.
fn holds_what_was_read(c: &AliasedText, lab: &AliasedText, before: &[NormalizedCall]) -> bool {
    let (c, lab) = (c.to_string(), lab.to_string());
    let reads = before.iter().rev().take(LONG_AGO);
    let reads = reads.filter(|call| ["read", "recvfrom"].contains(&call.name.as_str()));
    let mut texts = reads.filter_map(|call| {
        let line = call.words.get(1)?.inside().lines().first()?.to_string();
        (line.len() > 1).then_some(line)
    });
    texts.all(|text| c.contains(&text) || !lab.contains(&text))
        && adds_nothing_read(&c, &lab, before)
}

/// Whether the C prints no word of what was read that the lab does not print: what a buffer still holds is no wording.
fn adds_nothing_read(c: &str, lab: &str, before: &[NormalizedCall]) -> bool {
    let own: Vec<&str> = words(c)
        .filter(|word| !words(lab).any(|other| other == *word))
        .collect();
    let reads = before.iter().rev().take(LONG_AGO);
    let mut reads = reads.filter(|call| ["read", "recvfrom"].contains(&call.name.as_str()));
    !reads.any(|call| {
        let text = call.words.get(1).map(|text| text.inside().to_string());
        let text = text.unwrap_or_default();
        words(&text).any(|word| own.contains(&word))
    })
}

/// The words of a text as a call shows it, but for the shortest.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text
        .split("\\n")
        .flat_map(|line| line.split(|c: char| !c.is_alphabetic()));
    pieces.filter(|word| word.chars().count() > 2)
}

/// The smallest buffer of stdio.
const BUFFER: usize = 1024;

/// Whether both are a buffer full of what was printed: where it is cut off depends on the words before. If so, whether one
/// of them begins inside a line.
fn part_of_a_text(one: &AliasedText, other: &AliasedText) -> Option<bool> {
    let [one, other] = [one, other].map(bytes);
    let is_full = !one.is_empty() && one.len().is_multiple_of(BUFFER) && one.len() == other.len();
    let begins_inside = |text: &[u8]| !text[0].is_ascii_alphabetic();
    is_full.then(|| begins_inside(&one) || begins_inside(&other))
}

/// Where a call has written all of a text, or nothing of it, and which.
fn written(call: &NormalizedCall) -> Option<[&AliasedText; 2]> {
    let whole = call.name == "write" && (call.came_back_with("all") || call.has_failed());
    let [to, text] = call.words.as_slice() else {
        return None;
    };
    whole.then_some([to, text])
}

/// How many letters of the texts of two calls are the same in the same order.
pub fn letters_in_common(one: &NormalizedCall, other: &NormalizedCall) -> usize {
    let letters = |call: &NormalizedCall| call.words.get(1).map_or(String::new(), letters);
    in_common(&letters(one), &letters(other))
}

/// Whether the texts of two calls are in similar words.
pub fn are_alike(one: &NormalizedCall, other: &NormalizedCall) -> bool {
    let texts = one.words.get(1).zip(other.words.get(1));
    texts.is_some_and(|(one, other)| are_similar(one, other))
}

fn letters(text: &AliasedText) -> String {
    telling(text.letters().chars())
}

fn are_similar(one: &AliasedText, other: &AliasedText) -> bool {
    let (one, other) = (letters(one), letters(other));
    let longest = one.chars().count().max(other.chars().count());
    are_enough(in_common(&one, &other), longest)
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
                differs_in_wording(&write("1", c), &write("1", lab), &[]),
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
            assert!(!differs_in_wording(&other, &value, &[]), "{other}");
        }
        let full = |text: &str| write("1", &format!("\"{text:B<1024}\""));
        let filled = [full("P : 1 P : 2 P : 10"), full("p: 1 p: 2 p: 10 p: 11")];
        assert!(differs_in_wording(&filled[0], &filled[1], &[]));
        assert!(!differs_in_wording(
            &full("p: 1 p: 3 p: 10"),
            &filled[0],
            &[]
        ));
        let later = [
            full("1103 P : 1104 P : 1105"),
            full("03 P : 1104 P : 1105 P"),
        ];
        assert!(differs_in_wording(&later[0], &later[1], &[]));
        let later = [full("103 P : 1104 P : 1105"), full(" P : 1104 P : 1105 P")];
        assert!(differs_in_wording(&later[0], &later[1], &[]));
        let first = [full("P : 3 P : 4 P : 5"), full("P : 2 P : 4 P : 5")];
        assert!(!differs_in_wording(&first[0], &first[1], &[]));
        let later = [
            full("103 P : 1104 P : 1106 P : 1107"),
            full("103 P : 1104 P : 1105 P : 1107"),
        ];
        assert!(!differs_in_wording(&later[0], &later[1], &[]));
        let sent = [write("4", r#""hong\n""#), write("4", r#""hong""#)];
        assert!(!differs_in_wording(&sent[0], &sent[1], &[]));
    }
}
