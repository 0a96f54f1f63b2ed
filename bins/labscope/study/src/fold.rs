//! Repetition in what was printed made short: lines that differ in their numbers only are counted.

use labscope::i18n::Language;

use crate::words;

/// So many lines of one form in a row are printed as they are.
const MOST: usize = 12;
/// Of more, so many stay at the beginning and at the end.
const FIRST: usize = 4;
const LAST: usize = 2;
/// Lines of several forms that take turns, as two processes print them.
const TURNS: usize = 4;

/// The text with repetition counted.
pub fn folded(text: &str, language: Language) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let forms: Vec<String> = lines.iter().map(|line| form(line)).collect();
    let (mut folded, mut place) = (String::new(), 0);
    while place < lines.len() {
        let length = (1..=TURNS)
            .map(|turns| repeated(&forms[place..], turns))
            .max();
        let length = length.unwrap_or(1);
        if length <= MOST {
            folded.push_str(lines[place]);
            place += 1;
            continue;
        }
        let (from, to) = (place + FIRST, place + length - LAST);
        folded.extend(lines[place..from].iter().copied());
        folded.push_str(&words::lines_more(language, to - from));
        folded.push('\n');
        folded.extend(lines[to..place + length].iter().copied());
        place += length;
    }
    folded
}

/// How many lines repeat the first ones, which are so many.
fn repeated(forms: &[String], turns: usize) -> usize {
    let alike = forms.iter().zip(forms.iter().skip(turns));
    turns + alike.take_while(|(one, other)| one == other).count()
}

/// A line with a sign for each number.
fn form(line: &str) -> String {
    let mut form = String::new();
    for character in line.chars() {
        match character.is_ascii_digit() {
            true if form.ends_with('0') => {}
            true => form.push('0'),
            false => form.push(character),
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_in_numbers_only_are_counted() {
        let lines: Vec<String> = (0..1000).map(|number| format!("P : {number}\n")).collect();
        let text = format!("begin\n{}end", lines.concat());
        let expected =
            "begin\nP : 0\nP : 1\nP : 2\nP : 3\n… 994 lines like these\nP : 998\nP : 999\nend";
        assert_eq!(folded(&text, Language::En), expected);
    }

    #[test]
    fn so_are_lines_that_take_turns() {
        let lines: Vec<String> = (0..50)
            .map(|number| format!("P : {number}\nC : {number}\n"))
            .collect();
        let shown = folded(&lines.concat(), Language::En);
        assert_eq!(shown.lines().count(), FIRST + 1 + LAST, "{shown}");
        assert!(shown.contains("… 94 lines like these"), "{shown}");
    }

    #[test]
    fn a_short_text_stays_as_it_is() {
        for text in ["", "a\n\n\n\nb", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n"] {
            assert_eq!(folded(text, Language::En), text);
        }
    }
}
