//! Patterns of calls, as declared differences are written: a text with holes, each of which says what may stand there.
//!
//! | hole | what stands there |
//! |---|---|
//! | `<same>` | what it stands for in the other program's calls too, one after the other |
//! | `<1019 \x00>` | that text so many times |
//! | `<3|4>` | one of these texts |
//! | `<number>` | a number that nobody can know, with the blanks before it: a duration, a size |
//! | `<number from 8192>` | one that is not less |
//! | `<number of tables>` | one that is the same, wherever it is called so, in the calls of one program |
//! | `<descriptor>` | any descriptor: its number, or its name where the lab has none that is the same |
//! | `<pid>` | the name of a process of the run, such as `<1.1>` or `<outside>` |
//! | `<counted>` | up to the end of the string, lines with the next number each; the first and the last may be cut off |
//! | `<any>` | anything, where nobody can know: what lies behind an array, what the kernel tells of the machine |
//!
//! All else stands for itself; `<port 1>` and `<1.1>` do, too.

use std::ops::Range;

use crate::scenario::counted::counts;

/// What stands in a text for the holes of a pattern that describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// What each `<same>` stands for.
    pub same: Vec<String>,
    /// Where holes are that stand for more than one text.
    pub open: Vec<Range<usize>>,
    /// The numbers that have names, each with its name.
    pub numbers: Vec<(String, String)>,
}

/// No call is given a longer text; a larger number before a blank is a number.
const MOST_TIMES: usize = 1 << 16;

enum Part<'a> {
    Text(&'a str),
    Hole(Hole<'a>),
}

#[derive(Clone, Copy)]
enum Hole<'a> {
    Same,
    Times(usize, &'a str),
    OneOf(&'a str),
    Number,
    From(u64),
    Of(&'a str),
    Descriptor,
    Pid,
    Counted,
    Any,
}

/// What the holes of the pattern stand for, if it describes the text; each stands for as little as it can.
pub fn fill(pattern: &str, text: &str) -> Option<Filled> {
    let mut filled = Filled::default();
    put(&parts(pattern), text, 0, &mut filled).then_some(filled)
}

/// The text that a pattern describes, without what nobody can know, if it describes one: what is repeated in it, so many times.
pub fn known(pattern: &str) -> Option<String> {
    let text = |part: &Part| match part {
        Part::Text(text) => Some((*text).to_owned()),
        Part::Hole(Hole::Times(times, text)) => Some(text.repeat(*times)),
        Part::Hole(hole) => hole.is_open().then(String::new),
    };
    parts(pattern).iter().map(text).collect()
}

/// Whether something in it is what nobody can know.
pub fn is_open(pattern: &str) -> bool {
    let is_it = |part: &Part| matches!(part, Part::Hole(hole) if hole.is_open());
    parts(pattern).iter().any(is_it)
}

impl Hole<'_> {
    /// Whether it stands for what nobody can know.
    fn is_open(self) -> bool {
        !matches!(self, Hole::Same | Hole::Times(..) | Hole::OneOf(_))
    }
}

fn parts(pattern: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut begun, mut place) = (0, 0);
    while let Some(start) = pattern[place..].find('<').map(|at| place + at) {
        // The text that stands so many times may have a `>` itself.
        let mut ends = pattern[start..].match_indices('>');
        let hole =
            ends.find_map(|(at, _)| Some((start + at, hole(&pattern[start + 1..start + at])?)));
        match hole {
            Some((end, hole)) => {
                parts.push(Part::Text(&pattern[begun..start]));
                parts.push(Part::Hole(hole));
                (begun, place) = (end + 1, end + 1);
            }
            None => place = start + 1,
        }
    }
    parts.push(Part::Text(&pattern[begun..]));
    parts
}

fn hole(name: &str) -> Option<Hole<'_>> {
    match name {
        "same" => Some(Hole::Same),
        "number" => Some(Hole::Number),
        "descriptor" => Some(Hole::Descriptor),
        "pid" => Some(Hole::Pid),
        "counted" => Some(Hole::Counted),
        "any" => Some(Hole::Any),
        _ if name.starts_with("number from ") => {
            Some(Hole::From(name["number from ".len()..].parse().ok()?))
        }
        _ if name.starts_with("number of ") => Some(Hole::Of(&name["number of ".len()..])),
        _ if name.contains('|') && !name.contains(' ') => Some(Hole::OneOf(name)),
        _ => {
            let (times, text) = name.split_once(' ').filter(|(_, text)| !text.is_empty())?;
            let times = times.parse().ok().filter(|&times| times <= MOST_TIMES)?;
            Some(Hole::Times(times, text))
        }
    }
}

/// Puts the parts onto the text from that place on, to its end.
fn put(parts: &[Part], text: &str, from: usize, filled: &mut Filled) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return from == text.len();
    };
    let left = &text[from..];
    match first {
        Part::Text(own) => left.starts_with(own) && put(rest, text, from + own.len(), filled),
        Part::Hole(Hole::Times(times, own)) => {
            let own = own.repeat(*times);
            left.starts_with(&own) && put(rest, text, from + own.len(), filled)
        }
        Part::Hole(Hole::OneOf(all)) => all
            .split('|')
            .any(|one| left.starts_with(one) && put(rest, text, from + one.len(), filled)),
        Part::Hole(hole) => {
            let known = (filled.same.len(), filled.open.len(), filled.numbers.len());
            for length in lengths(*hole, text, from) {
                match hole {
                    Hole::Same => filled.same.push(left[..length].to_owned()),
                    _ => filled.open.push(from..from + length),
                }
                if let Hole::Of(name) = hole {
                    let number = left[..length].trim_start().to_owned();
                    filled.numbers.push(((*name).to_owned(), number));
                }
                if put(rest, text, from + length, filled) {
                    return true;
                }
                filled.same.truncate(known.0);
                filled.open.truncate(known.1);
                filled.numbers.truncate(known.2);
            }
            false
        }
    }
}

/// How long what stands for a hole may be in a text from that place on, the shortest first.
fn lengths(hole: Hole, text: &str, from: usize) -> Vec<usize> {
    let (before, text) = text.split_at(from);
    let all = || {
        text.char_indices()
            .map(|(place, _)| place)
            .chain([text.len()])
    };
    match hole {
        Hole::Number | Hole::Of(_) | Hole::From(_) => {
            let start = text.len() - text.trim_start_matches(' ').len();
            let is_part = |c: char| c.is_ascii_digit() || c == '.';
            let end = text[start..]
                .find(|c| !is_part(c))
                .map_or(text.len(), |end| start + end);
            let is_enough = |end: &usize| match hole {
                Hole::From(least) => text[start..*end].parse().is_ok_and(|it: u64| it >= least),
                _ => true,
            };
            (start + 1..=end).rev().filter(is_enough).collect()
        }
        Hole::Descriptor if text.starts_with('<') => {
            let ends = text.match_indices('>');
            ends.map(|(end, _)| end + 1).collect()
        }
        Hole::Descriptor => {
            let digits = text.find(|c: char| !c.is_ascii_digit());
            (1..=digits.unwrap_or(text.len())).rev().collect()
        }
        Hole::Pid => {
            let end = text.find('>').filter(|_| text.starts_with('<'));
            end.map(|end| end + 1).into_iter().collect()
        }
        Hole::Counted => {
            let end = text.find('"').unwrap_or(text.len());
            let string = before.rsplit('"').next().unwrap_or(before);
            let counts = counts(&text[..end], string);
            counts.then_some(end).into_iter().collect()
        }
        Hole::Same | Hole::Any | Hole::OneOf(_) | Hole::Times(..) => all().collect(),
    }
}

/// The name of the call that a pattern is about.
pub fn name_of(pattern: &str) -> &str {
    pattern.split_once('(').map_or(pattern, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::fill;

    fn same(pattern: &str, text: &str) -> Option<Vec<String>> {
        fill(pattern, text).map(|filled| filled.same)
    }

    #[test]
    fn a_text_without_holes_stands_for_itself() {
        assert!(fill("fork() = <1.1>", "fork() = <1.1>").is_some());
        assert!(fill("htons(<port 1>)", "htons(<port 1>)").is_some());
        for other in ["fork() = <1.2>", "fork() = <1.1> ", "fork()", "*"] {
            assert_eq!(fill("fork() = <1.1>", other), None);
        }
    }

    #[test]
    fn what_is_the_same_is_told() {
        let line = same(
            "write(<same>, \"<same>\\n\") = <same>",
            r#"write(3, "a b\n") = 5"#,
        );
        assert_eq!(
            line.as_deref(),
            Some(&["3", "a b", "5"].map(str::to_owned)[..])
        );
        assert_eq!(same("<same>", ""), Some(vec![String::new()]));
        assert_eq!(same("exit(<same>)", "exit(1) "), None);
    }

    #[test]
    fn a_hole_holds_what_it_says_and_no_more() {
        let fits = |pattern, text| fill(pattern, text).is_some();
        assert!(fits(r#""hong\n<3 \x00>""#, r#""hong\n\x00\x00\x00""#));
        assert!(!fits(r#""hong\n<3 \x00>""#, r#""hong\n\x00\x00""#));
        assert!(fits(r#""<2 > 3\n>""#, r#""> 3\n> 3\n""#) && !fits(r#""<2 > 3\n>""#, r#""> 3\n""#));
        assert!(!fits(r#""hong\n<3 \x00>""#, r#""hong\n\x00a\x00""#));
        assert!(!fits("[<2139062143 => 2>]", "[2]") && fits("<2139062143 a>", "<2139062143 a>"));
        assert!(fits("close(<3|4>)", "close(4)") && !fits("close(<3|4>)", "close(34)"));
        assert!(fits("took <number> us", "took 12.5 us") && !fits("took <number> us", "took  us"));
        assert!(fits("took<number> us", "took   7 us") && !fits("took<number>us", "took us"));
        assert!(!fits("took <number> us", "took x us") && fits("<number>0", "100"));
        assert!(fits("ppid(<pid>)", "ppid(<outside>)") && fits("ppid(<pid>)", "ppid(<1.1>)"));
        assert!(!fits("ppid(<pid>)", "ppid(1)") && !fits("ppid(<pid>)", "ppid()"));
        assert!(
            fits("close(<descriptor>)", "close(14)") && !fits("close(<descriptor>)", "close()")
        );
        assert!(fits("close(<descriptor>)", "close(<connection 1 of 1>)"));
        let lines = r#"write(1, "a 9\n<counted>") = all"#;
        assert!(fits(lines, r#"write(1, "a 9\na 10\na 1") = all"#));
        assert!(!fits(lines, r#"write(1, "a 9\na 11\na 1") = all"#));
        assert!(fits("a<any>b", "ab") && fits("a<any>b", "axbyb") && !fits("a<any>b", "axc"));
    }

    #[test]
    fn a_number_may_have_a_least_value_and_a_name() {
        let fits = |pattern, text| fill(pattern, text).is_some();
        assert!(fits("has <number from 10> kB", "has   10 kB"));
        assert!(!fits("has <number from 10> kB", "has 9 kB") && !fits("<number from 10>", "x"));
        let filled = fill("<number of x> kB<number of y>", "4 kB   12").expect("it fits");
        let numbers = [("x", "4"), ("y", "12")].map(|(name, it)| (name.into(), it.into()));
        assert_eq!(
            (filled.numbers, filled.open),
            (numbers.to_vec(), vec![0..1, 4..9])
        );
    }

    #[test]
    fn what_nobody_can_know_is_left_out_of_a_text() {
        let known = |pattern| super::known(pattern);
        assert_eq!(known("a<number of x>b<2 c><any>"), Some("abcc".into()));
        assert_eq!((known("a<same>"), known("a<3|4>")), (None, None));
        assert!(super::is_open("a<number from 3>b") && !super::is_open("a<2 c><same><1.1>"));
    }

    #[test]
    fn holes_of_many_texts_say_where_they_are() {
        let filled = fill("x <number> <same> <pid>", "x 12 y <1.1>").expect("it fits");
        assert_eq!(filled.open, [2..4, 7..12]);
    }
}
