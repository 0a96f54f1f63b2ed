//! The skeleton of a lab: its C program without the lines that a student is to write.

use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::i18n::{Language, scenario_file};
use crate::project::Room;
use crate::scenario::{self, Gap};
use crate::text::file;

/// A lab's C program, or its Rust, and its gaps.
pub struct Exercise {
    lines: Vec<String>,
    is_rust: bool,
    /// In the order in which they are filled in, which need not be that of the lines.
    pub regions: Vec<Region>,
}

/// A gap, and its lines in the program, from 0.
pub struct Region {
    pub gap: Gap,
    pub lines: RangeInclusive<usize>,
}

impl Exercise {
    /// Reads the C program of a lab, and which gaps it has.
    pub fn of(root: &Path, lab: &str) -> Result<Exercise> {
        let gaps = scenario::load(root, lab)?.gaps;
        let path = Room::of(root, lab).source(lab, "c");
        let text = file::read(&path)?;
        Exercise::new(&text, gaps).with_context(|| scenario_file::gaps_of(path.display()))
    }

    fn new(text: &str, gaps: Vec<Gap>) -> Result<Exercise> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let regions = gaps.into_iter().map(|gap| {
            let lines = place(&lines, &gap).with_context(|| scenario_file::gap(&gap.name))?;
            Ok(Region { gap, lines })
        });
        let regions: Vec<Region> = regions.collect::<Result<_>>()?;
        let exercise = Exercise {
            lines,
            is_rust: false,
            regions,
        };
        exercise.check()?;
        Ok(exercise)
    }

    /// A lab in Rust, whose gaps are known to be apart.
    pub(super) fn in_rust(text: &str, regions: Vec<Region>) -> Exercise {
        Exercise {
            lines: text.lines().map(str::to_owned).collect(),
            is_rust: true,
            regions,
        }
    }

    /// A line is in one gap at most.
    fn check(&self) -> Result<()> {
        let mut regions: Vec<&Region> = self.regions.iter().collect();
        regions.sort_by_key(|region| *region.lines.start());
        for pair in regions.windows(2) {
            let [one, other] = pair else { continue };
            if one.lines.end() >= other.lines.start() {
                bail!(scenario_file::gaps_overlap(&one.gap.name, &other.gap.name));
            }
        }
        Ok(())
    }

    pub fn is_rust(&self) -> bool {
        self.is_rust
    }

    /// The program with all its gaps.
    pub fn skeleton(&self, language: Language) -> String {
        self.with_gaps(|_| true, |region| self.todo(region, language))
    }

    /// The program with some of its gaps, in whose place stands `text` of them: a line, or nothing.
    pub fn with_gaps(
        &self,
        is_open: impl Fn(&Region) -> bool,
        text: impl Fn(&Region) -> String,
    ) -> String {
        let mut written = String::new();
        for (number, line) in self.lines.iter().enumerate() {
            let gap = self.regions.iter().find(|it| it.lines.contains(&number));
            match gap.filter(|region| is_open(region)) {
                Some(region) if *region.lines.start() == number => written += &text(region),
                Some(_) => {}
                None => written += &format!("{line}\n"),
            }
        }
        written
    }

    /// The line that stands in the place of a gap.
    pub fn todo(&self, region: &Region, language: Language) -> String {
        let first = &self.lines[*region.lines.start()];
        let indent = first.len() - first.trim_start().len();
        let what = region.gap.what.get(language);
        let indent = &first[..indent];
        match self.is_rust {
            true => format!("{indent}// TODO: {what}\n"),
            false => format!("{indent}/* TODO: {what} */\n"),
        }
    }

    /// Whether nothing has been written into a gap: its line stands between the same lines as in the skeleton.
    pub fn is_untouched(&self, text: &str, region: &Region) -> bool {
        let text = full_lines(text);
        [Language::En, Language::Ko].into_iter().any(|language| {
            let skeleton = self.skeleton(language);
            let (lines, todo) = (full_lines(&skeleton), self.todo(region, language));
            let place = lines.iter().position(|line| *line == todo.trim());
            let around = place.and_then(|place| lines.get(place.saturating_sub(1)..=place + 1));
            // Beside another gap anything may stand by now.
            let is_other = |line: &str| {
                let others = self
                    .regions
                    .iter()
                    .filter(|it| it.gap.name != region.gap.name);
                let mut todos = others.map(|other| self.todo(other, language));
                todos.any(|todo| todo.trim() == line)
            };
            let stands = |lines: &[&str], around: &[&str]| {
                let mut both = lines.iter().zip(around);
                both.all(|(line, expected)| line == expected || is_other(expected))
            };
            around.is_some_and(|around| text.windows(around.len()).any(|it| stands(it, around)))
        })
    }

    /// A text whose untouched gaps are filled in, each in the line of its TODO: so every other line keeps its number. In
    /// Rust nothing can be said of a half: a `match` without its first line is none.
    pub fn completed(&self, text: &str) -> String {
        let mut completed = text.to_owned();
        for region in &self.regions {
            if !self.is_untouched(text, region) {
                continue;
            }
            for language in [Language::En, Language::Ko] {
                let todo = self.todo(region, language);
                completed = completed.replacen(todo.trim(), &self.in_a_line(region), 1);
            }
        }
        completed
    }

    /// The lines of a gap in one, without their comments.
    fn in_a_line(&self, region: &Region) -> String {
        let lines = self.lines[region.lines.clone()].iter();
        let lines = lines.map(|line| without_comment(line).trim().to_owned());
        lines.collect::<Vec<_>>().join(" ")
    }

    /// The lines of a gap, as the program has them.
    pub fn solution(&self, region: &Region) -> String {
        let lines = self.lines[region.lines.clone()].iter();
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// What stands before a gap.
    pub fn before(&self, region: &Region) -> String {
        self.lines[..*region.lines.start()].join("\n")
    }
}

/// A line of Rust up to its comment; what stands in a string is none.
fn without_comment(line: &str) -> &str {
    let (mut is_string, mut is_escaped) = (false, false);
    for (place, c) in line.char_indices() {
        match c {
            '/' if !is_string && line[place..].starts_with("//") => return &line[..place],
            '"' if !is_escaped => is_string = !is_string,
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    line
}

/// The lines in which something stands, without the blanks around it.
fn full_lines(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).collect()
}

/// The lines of a gap.
fn place(lines: &[String], gap: &Gap) -> Result<RangeInclusive<usize>> {
    let mut found = (0..lines.len()).filter(|&number| lines[number].contains(&gap.from));
    let (Some(first), None) = (found.next(), found.next()) else {
        bail!(scenario_file::gap_from());
    };
    let Some(to) = &gap.to else {
        return Ok(first..=first);
    };
    let last = (first + 1..lines.len()).find(|&number| lines[number].contains(to));
    last.map(|last| first..=last)
        .with_context(scenario_file::gap_to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(name: &str, from: &str, to: Option<&str>) -> Gap {
        let mut gap = Gap::default();
        (gap.name, gap.from) = (name.to_owned(), from.to_owned());
        gap.to = to.map(str::to_owned);
        gap.what.en = format!("Do {name}.");
        gap.what.ko = format!("{name} 하기");
        gap
    }

    const PROGRAM: &str = "int main(void)\n{\n    one();\n\n    two();\n    if (three())\n    {\n        four();\n    }\n}\n";

    #[test]
    fn a_gap_is_a_line_with_what_is_to_be_done() {
        let gaps = vec![gap("one", "one(", None), gap("three", "three(", Some("}"))];
        let exercise = Exercise::new(PROGRAM, gaps).expect("an exercise");
        assert_eq!(
            exercise.skeleton(Language::En),
            "int main(void)\n{\n    /* TODO: Do one. */\n\n    two();\n    /* TODO: Do three. */\n}\n"
        );
        let filled = exercise.with_gaps(|_| true, |region| exercise.solution(region));
        assert_eq!(filled, PROGRAM);
    }

    #[test]
    fn a_gap_is_untouched_until_something_stands_beside_its_line() {
        let exercise = Exercise::new(PROGRAM, vec![gap("one", "one(", None)]).expect("it");
        let region = &exercise.regions[0];
        for language in [Language::En, Language::Ko] {
            let skeleton = exercise.skeleton(language);
            assert!(exercise.is_untouched(&skeleton, region));
            let todo = exercise.todo(region, language);
            let begun = skeleton.replace(&todo, &format!("{todo}    on();\n"));
            assert!(!exercise.is_untouched(&begun, region), "{begun}");
            assert!(!exercise.is_untouched(PROGRAM, region));
        }
    }

    #[test]
    fn what_is_untouched_is_filled_in_without_moving_a_line() {
        let text = "fn main() {\n    match one() { // a\n        two(\"//\"); // b\n    }\n    three();\n}\n";
        let region = |lines| Region {
            gap: gap("it", "", None),
            lines,
        };
        let exercise = Exercise::in_rust(text, vec![region(1..=3), region(4..=4)]);
        let skeleton = exercise.skeleton(Language::Ko);
        assert_eq!(skeleton.lines().count(), 4);
        let filled = exercise.completed(&skeleton);
        let expected = "fn main() {\n    match one() { two(\"//\"); }\n    three();\n}\n";
        assert_eq!(filled, expected);
        assert_eq!(exercise.completed(text), text);
    }

    #[test]
    fn a_gap_beside_another_one_stays_untouched_when_that_is_filled_in() {
        let gaps = vec![gap("one", "one(", None), gap("two", "two(", None)];
        let exercise = Exercise::new(PROGRAM, gaps).expect("it");
        let [one, two] = &exercise.regions[..] else {
            panic!()
        };
        let text = exercise.skeleton(Language::En);
        let text = text.replace(&exercise.todo(one, Language::En), "    eins();\n");
        assert!(!exercise.is_untouched(&text, one) && exercise.is_untouched(&text, two));
    }

    #[test]
    fn a_gap_that_is_nowhere_or_at_several_places_or_at_anothers_is_refused() {
        for (gaps, says) in [
            (vec![gap("a", "five(", None)], "in no other"),
            (vec![gap("a", "()", None)], "in no other"),
            (vec![gap("a", "two()", Some("one()"))], "behind"),
            (
                vec![gap("a", "two()", None), gap("b", "one()", Some("four"))],
                "reaches into",
            ),
        ] {
            let error = Exercise::new(PROGRAM, gaps).err().expect("a refusal");
            assert!(format!("{error:#}").contains(says), "{error:#}");
        }
    }
}
