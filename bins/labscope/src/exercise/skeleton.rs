//! The skeleton of a lab: its C program without the lines that a student is to write.

use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::i18n::{Language, scenario_file};
use crate::project::Room;
use crate::scenario::{self, Gap};
use crate::text::file;

/// A lab's C program, and its gaps.
pub struct Exercise {
    lines: Vec<String>,
    /// In the order in which they are filled in, which need not be that of the lines.
    pub regions: Vec<Region>,
}

/// A gap, and its lines in the C program, from 0.
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
        let exercise = Exercise { lines, regions };
        exercise.check()?;
        Ok(exercise)
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
        format!("{}/* TODO: {what} */\n", &first[..indent])
    }

    /// Whether nothing has been written into a gap: its line stands between the same lines as in the skeleton.
    pub fn is_untouched(&self, text: &str, region: &Region) -> bool {
        let text = full_lines(text);
        [Language::En, Language::Ko].into_iter().any(|language| {
            let skeleton = self.skeleton(language);
            let (lines, todo) = (full_lines(&skeleton), self.todo(region, language));
            let place = lines.iter().position(|line| *line == todo.trim());
            let around = place.and_then(|place| lines.get(place.saturating_sub(1)..=place + 1));
            around.is_some_and(|around| text.windows(around.len()).any(|lines| lines == around))
        })
    }

    /// The lines of a gap, as the C program has them.
    pub fn solution(&self, region: &Region) -> String {
        let lines = self.lines[region.lines.clone()].iter();
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// What stands before a gap.
    pub fn before(&self, region: &Region) -> String {
        self.lines[..*region.lines.start()].join("\n")
    }
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
