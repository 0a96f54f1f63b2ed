//! The skeleton of a lab: its C program without the lines that a student is to write; or that program as it stands, where
//! a task asks for a change of it.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::i18n::{Language, scenario_file};
use crate::project::Room;
use crate::scenario::{self, Change, Gap, Task};
use crate::text::file;

/// A lab's C program, or its Rust, and its gaps; or the solution of a task, and its changes.
#[derive(Clone)]
pub struct Exercise {
    lines: Vec<String>,
    is_rust: bool,
    /// In the order in which they are filled in, which need not be that of the lines.
    pub regions: Vec<Region>,
    /// Changes that others need besides, of which nothing is said.
    needed: Vec<Region>,
}

/// A gap, and its lines in the program, from 0.
#[derive(Clone)]
pub struct Region {
    pub gap: Gap,
    pub lines: Range<usize>,
    /// Of a change: what stands there in the program as it was.
    pub unchanged: Option<Unchanged>,
}

/// The lines of the program that a change takes away, and where they stand; or the place where its lines are put in.
#[derive(Clone)]
pub struct Unchanged {
    pub text: Vec<String>,
    pub lines: Range<usize>,
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
            let place = place(&lines, &gap.from, gap.to.as_deref());
            let lines = place.with_context(|| scenario_file::gap(&gap.name))?;
            Ok(Region {
                gap,
                lines,
                unchanged: None,
            })
        });
        let regions: Vec<Region> = regions.collect::<Result<_>>()?;
        let exercise = Exercise {
            lines,
            is_rust: false,
            regions,
            needed: Vec::new(),
        };
        exercise.check()?;
        Ok(exercise)
    }

    /// The solution of a task, made of the C program of its lab, or of its Rust. Its skeleton is that program.
    pub fn of_task(root: &Path, lab: &str, task: &Task, in_rust: bool) -> Result<Exercise> {
        let path = Room::of(root, lab).source(lab, if in_rust { "rs" } else { "c" });
        let text = file::read(&path)?;
        let changed = Exercise::changed(&text, &task.changes_of(in_rust));
        let mut solution = changed.with_context(|| scenario_file::task(&task.name))?;
        solution.is_rust = in_rust;
        Ok(solution)
    }

    fn changed(text: &str, changes: &[Change]) -> Result<Exercise> {
        let old: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut places: Vec<(usize, Range<usize>)> = Vec::new();
        for (number, change) in changes.iter().enumerate() {
            let lines = match (&change.from, &change.behind) {
                (Some(from), _) => place(&old, from, change.to.as_deref())?,
                (None, behind) => {
                    let lines = place(&old, behind.as_deref().unwrap_or_default(), None)?;
                    lines.end..lines.end
                }
            };
            places.push((number, lines));
        }
        places.sort_by_key(|(number, lines)| (lines.start, *number));
        let (mut lines, mut regions, mut at) = (Vec::new(), Vec::new(), 0);
        for (number, gone) in places {
            let change = &changes[number];
            if gone.start < at {
                bail!(scenario_file::gaps_overlap(&old[at - 1], &old[gone.start]));
            }
            lines.extend_from_slice(&old[at..gone.start]);
            let begin = lines.len();
            lines.extend(change.c.lines().map(str::to_owned));
            let told = changes[..=number].iter().filter(|it| it.what.is_some());
            let gap = Gap {
                name: told.count().to_string(),
                what: change.what.clone().unwrap_or_default(),
                hint: change.hint.clone().unwrap_or_default(),
                ..Gap::default()
            };
            at = gone.end;
            let unchanged = Some(Unchanged {
                text: old[gone.clone()].to_vec(),
                lines: gone,
            });
            regions.push((
                number,
                Region {
                    gap,
                    lines: begin..lines.len(),
                    unchanged,
                },
            ));
        }
        lines.extend_from_slice(&old[at..]);
        regions.sort_by_key(|(number, _)| *number);
        let is_told = |(number, _): &(usize, Region)| changes[*number].what.is_some();
        let (told, needed): (Vec<_>, Vec<_>) = regions.into_iter().partition(is_told);
        let regions_of = |all: Vec<(usize, Region)>| all.into_iter().map(|(_, region)| region);
        Ok(Exercise {
            lines,
            is_rust: false,
            regions: regions_of(told).collect(),
            needed: regions_of(needed).collect(),
        })
    }

    /// A lab in Rust, whose gaps are known to be apart.
    pub(super) fn in_rust(text: &str, regions: Vec<Region>) -> Exercise {
        Exercise {
            lines: text.lines().map(str::to_owned).collect(),
            is_rust: true,
            regions,
            needed: Vec::new(),
        }
    }

    /// A line is in one gap at most.
    fn check(&self) -> Result<()> {
        let mut regions: Vec<&Region> = self.regions.iter().collect();
        regions.sort_by_key(|region| region.lines.start);
        for pair in regions.windows(2) {
            let [one, other] = pair else { continue };
            if one.lines.end > other.lines.start {
                bail!(scenario_file::gaps_overlap(&one.gap.name, &other.gap.name));
            }
        }
        Ok(())
    }

    /// How many lines the program has.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The full lines before that one which are in no gap.
    pub(super) fn outside(&self, end: usize) -> Vec<&str> {
        let is_in_gap = |number| self.all().any(|region| region.lines.contains(&number));
        let lines = (0..end).filter(|&number| !is_in_gap(number));
        let lines = lines.map(|number| self.lines[number].trim());
        lines.filter(|line| !line.is_empty()).collect()
    }

    fn all(&self) -> impl Iterator<Item = &Region> + Clone {
        self.regions.iter().chain(&self.needed)
    }

    pub fn is_rust(&self) -> bool {
        self.is_rust
    }

    /// What a student begins with: the program with all its gaps, or without the changes.
    pub fn skeleton(&self, language: Language) -> String {
        self.with_gaps(|_| true, |region| self.beginning(region, language))
    }

    /// The program without gaps; of a task its solution.
    pub fn solved(&self) -> String {
        self.with_gaps(|_| false, |_| String::new())
    }

    /// The program with some of its gaps, in whose place stands `text` of them: lines, or nothing.
    pub fn with_gaps(
        &self,
        is_open: impl Fn(&Region) -> bool,
        text: impl Fn(&Region) -> String,
    ) -> String {
        let mut written = String::new();
        for number in 0..=self.lines.len() {
            let mut open = self.all().filter(|region| is_open(region));
            let begin = open.clone().filter(|region| region.lines.start == number);
            begin.for_each(|region| written += &text(region));
            if !open.any(|region| region.lines.contains(&number))
                && let Some(line) = self.lines.get(number)
            {
                written += &format!("{line}\n");
            }
        }
        written
    }

    /// What stands in the place of a gap at first.
    pub fn beginning(&self, region: &Region, language: Language) -> String {
        match &region.unchanged {
            Some(unchanged) => unchanged
                .text
                .iter()
                .map(|line| format!("{line}\n"))
                .collect(),
            None => self.todo(region, language),
        }
    }

    /// The line that stands in the place of a gap.
    fn todo(&self, region: &Region, language: Language) -> String {
        let first = &self.lines[region.lines.start];
        let indent = first.len() - first.trim_start().len();
        let what = region.gap.what.get(language);
        let indent = &first[..indent];
        match self.is_rust {
            true => format!("{indent}// TODO: {what}\n"),
            false => format!("{indent}/* TODO: {what} */\n"),
        }
    }

    /// Whether nothing has been written into a gap: what stood there at first stands between the same lines. Beside another gap
    /// anything may stand by now; what is put in there is then known by its own lines.
    pub fn is_untouched(&self, text: &str, region: &Region) -> bool {
        let text = full_lines(text);
        let has = |lines: &[&str]| text.windows(lines.len()).any(|window| window == lines);
        let solution = self.solution(region);
        let solution = full_lines(&solution);
        if region.unchanged.is_some() && !solution.is_empty() && has(&solution) {
            return false;
        }
        [Language::En, Language::Ko].into_iter().any(|language| {
            let around = self.around(region, language);
            let around: Vec<&str> = around.iter().map(String::as_str).collect();
            around.is_empty() || has(&around)
        })
    }

    /// The lines of a gap at first, with the line above and the one below where no other gap is.
    fn around(&self, region: &Region, language: Language) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let (mut own, mut others) = (0..0, Vec::new());
        for number in 0..=self.lines.len() {
            for other in self.all().filter(|other| other.lines.start == number) {
                let begin = lines.len();
                let text = self.beginning(other, language);
                lines.extend(full_lines(&text).into_iter().map(str::to_owned));
                match std::ptr::eq(other, region) {
                    true => own = begin..lines.len(),
                    false => others.push(begin..lines.len()),
                }
            }
            let is_in_gap = self.all().any(|region| region.lines.contains(&number));
            let line = self.lines.get(number).map(|line| line.trim());
            let line = line.filter(|line| !line.is_empty() && !is_in_gap);
            lines.extend(line.map(str::to_owned));
        }
        let ends_at = |place: usize| others.iter().any(|other| other.end == place);
        let begins_at = |place: usize| others.iter().any(|other| other.start == place);
        let is_free = |place| !ends_at(place) && !begins_at(place);
        let begin = own.start - usize::from(own.start > 0 && is_free(own.start));
        let end = own.end + usize::from(own.end < lines.len() && is_free(own.end));
        lines[begin..end].to_vec()
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
        self.lines[..region.lines.start].join("\n")
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

/// The lines from the only one in which `from` stands to the next in which `to` stands; that one alone without `to`.
fn place(lines: &[String], from: &str, to: Option<&str>) -> Result<Range<usize>> {
    let mut found = (0..lines.len()).filter(|&number| lines[number].contains(from));
    let (Some(first), None) = (found.next(), found.next()) else {
        bail!(scenario_file::gap_from());
    };
    let Some(to) = to else {
        return Ok(first..first + 1);
    };
    let last = (first + 1..lines.len()).find(|&number| lines[number].contains(to));
    last.map(|last| first..last + 1)
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
            unchanged: None,
        };
        let exercise = Exercise::in_rust(text, vec![region(1..4), region(4..5)]);
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

    fn change(from: Option<&str>, behind: Option<&str>, c: &str) -> Change {
        Change {
            from: from.map(str::to_owned),
            behind: behind.map(str::to_owned),
            c: c.to_owned(),
            what: Some(crate::i18n::Text::default()),
            ..Change::default()
        }
    }

    #[test]
    fn a_task_begins_with_the_program_and_ends_with_its_changes() {
        let changes = [
            change(Some("two("), None, "    zwei();\n"),
            change(None, Some("one("), "    half();\n"),
            change(Some("four("), None, ""),
        ];
        let task = Exercise::changed(PROGRAM, &changes).expect("a task");
        assert_eq!(task.skeleton(Language::En), PROGRAM);
        let solved = task.with_gaps(|_| false, |_| String::new());
        assert_eq!(
            solved,
            "int main(void)\n{\n    one();\n    half();\n\n    zwei();\n    if (three())\n    {\n    }\n}\n"
        );
        for (number, region) in task.regions.iter().enumerate() {
            assert!(task.is_untouched(PROGRAM, region), "{number}");
            assert!(!task.is_untouched(&solved, region), "{number}");
            let own = |other: &Region| std::ptr::eq(other, region);
            let without = task.with_gaps(own, |region| task.beginning(region, Language::En));
            let untouched = task
                .regions
                .iter()
                .map(|it| task.is_untouched(&without, it));
            let untouched: Vec<bool> = untouched.collect();
            let expected: Vec<bool> = (0..3).map(|other| other == number).collect();
            assert_eq!(untouched, expected);
        }
    }

    #[test]
    fn changes_of_the_same_line_are_refused() {
        let changes = [
            change(Some("two("), None, "    zwei();\n"),
            change(Some("one("), None, "    eins();\n"),
            change(Some("two("), None, "    drei();\n"),
        ];
        assert!(Exercise::changed(PROGRAM, &changes).is_err());
    }
}
