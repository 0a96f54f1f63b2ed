//! What is told of an attempt: what is missing next, and its hints.

use std::path::Path;

use anyhow::Result;

use crate::exercise::reference::Reference;
use crate::exercise::skeleton::{Exercise, Region, Unchanged};
use crate::exercise::standing::{Seen, Standing};
use crate::i18n::{Language, exercise as words};
use crate::text::screen::{Screen, Style};

/// What is missing; how it is done; where it stands.
pub const LAST_HINT: usize = 3;

/// Tells it, and remembers which hint comes next.
pub struct ExercisePrinter<'a> {
    root: &'a Path,
    lab: &'a str,
    language: Language,
    c: &'a Exercise,
    /// In the language of the file; of a task its solution.
    exercise: &'a Exercise,
    /// What the guide says of the task.
    task: Option<&'a str>,
    /// As it is shown.
    file: String,
    screen: Screen,
    /// The gap that was told last, and how many of its hints.
    told: Option<(usize, usize)>,
}

impl<'a> ExercisePrinter<'a> {
    pub fn new(
        root: &'a Path,
        lab: &'a str,
        language: Language,
        (c, exercise): (&'a Exercise, &'a Exercise),
        task: Option<&'a str>,
        file: &Path,
    ) -> ExercisePrinter<'a> {
        ExercisePrinter {
            root,
            lab,
            language,
            c,
            exercise,
            task,
            file: file.display().to_string(),
            screen: Screen::stdout(),
            told: None,
        }
    }

    /// What lies there.
    pub fn begin(&mut self, is_new: bool) -> Result<()> {
        let language = self.language;
        if let Some(task) = self.task {
            self.screen.paragraph(Style::Said, "", "  ", task)?;
        }
        let text = match is_new {
            true if self.task.is_some() => words::is_copied(language, &self.file, &self.source()),
            true => words::is_new(language, &self.file, self.exercise.regions.len()),
            false => words::is_there(language, &self.file),
        };
        self.screen.paragraph(Style::Plain, "", "", &text)
    }

    /// What to do, and the keys.
    pub fn keys(&mut self) -> Result<()> {
        let language = self.language;
        let how = match self.task {
            Some(_) => words::how_of_task(language),
            None => words::how(language),
        };
        self.screen.paragraph(Style::Plain, "", "", how)?;
        if self.exercise.is_rust() {
            let how = match self.task {
                Some(_) => words::how_of_task_in_rust(language),
                None => words::how_in_rust(language),
            };
            self.screen.paragraph(Style::Plain, "", "", how)?;
        }
        self.screen.line(Style::Dim, words::keys(language))
    }

    /// That it takes a moment.
    pub fn comparing(&mut self, is_saved: bool) -> Result<()> {
        let language = self.language;
        self.screen.line(Style::Plain, "")?;
        if is_saved {
            self.screen.line(Style::Dim, words::saved(language))?;
        }
        self.screen.status(match self.task {
            Some(_) => words::comparing_with_solution(language),
            None => words::comparing(language),
        })
    }

    /// The reader leaves while it is compared.
    pub fn left(&mut self) -> Result<()> {
        self.screen.fresh()
    }

    /// What came of comparing. `written`: what stands in the file.
    pub fn standing(&mut self, standing: &Standing, written: &str) -> Result<()> {
        let language = self.language;
        match standing {
            Standing::Same(scenarios) => {
                let text = match self.task {
                    Some(_) => words::done(language, *scenarios),
                    None => words::same(language, self.lab, *scenarios),
                };
                self.screen.line(Style::Heading, &text)
            }
            Standing::Refused(refused, gap) => {
                let text = refused.in_a_line(language);
                self.screen.paragraph(Style::Marked, "", "  ", &text)?;
                if let Some(message) = refused.use_of_undefined() {
                    self.screen.paragraph(Style::Plain, "  ", "    ", message)?;
                }
                let gap = gap.or(self.told.map(|(gap, _)| gap));
                gap.map_or(Ok(()), |gap| self.missing(gap, None, written))
            }
            Standing::Missing(gap, seen) => self.missing(*gap, seen.as_ref(), written),
            Standing::Differs(seen) => {
                self.told = None;
                let what = match self.task {
                    Some(_) => words::differs_from_solution(language),
                    None => words::differs(language),
                };
                self.screen.paragraph(Style::Said, "", "  ", what)?;
                self.seen(seen)?;
                if self.exercise.is_rust() || self.task.is_some() {
                    return Ok(()); // what compares files takes C, and holds it against the lab
                }
                let command = format!("make compare-{} C={} ALL=1", self.lab, self.file);
                let text = words::is_told_by(language, &command);
                self.screen.line(Style::Dim, &text)
            }
            Standing::NotRecorded(why) => {
                let text = words::not_recorded(language, why);
                self.screen.paragraph(Style::Marked, "", "  ", &text)
            }
        }
    }

    fn missing(&mut self, gap: usize, seen: Option<&Seen>, text: &str) -> Result<()> {
        let language = self.language;
        self.told = Some((gap, 1));
        let region = &self.exercise.regions[gap];
        let place = self.place(region, text);
        let (number, of) = (gap + 1, self.exercise.regions.len());
        let number = match self.task {
            Some(_) => words::change(language, number, of),
            None => words::gap(language, number, of, place.as_deref()),
        };
        self.screen.line(Style::Dim, &number)?;
        let what = region.gap.what.get(language);
        self.screen.paragraph(Style::Said, "  ", "  ", what)?;
        seen.map_or(Ok(()), |seen| self.seen(seen))
    }

    /// The line of the file in which the gap's TODO stands, if it does.
    fn place(&self, region: &Region, text: &str) -> Option<String> {
        let line = [Language::En, Language::Ko]
            .into_iter()
            .find_map(|language| {
                let todo = self.exercise.beginning(region, language);
                text.lines().position(|line| line.trim() == todo.trim())
            })?;
        Some(format!("{}:{}", self.file, line + 1))
    }

    fn seen(&mut self, seen: &Seen) -> Result<()> {
        let text = words::seen(self.language, &seen.scenario, &seen.what);
        self.screen.paragraph(Style::Plain, "  ", "    ", &text)
    }

    /// The next hint for the gap that was told.
    pub fn hint(&mut self) -> Result<()> {
        let language = self.language;
        let Some((gap, hints)) = self.told else {
            return self.screen.line(Style::Dim, words::no_hint(language));
        };
        let region = &self.exercise.regions[gap];
        if hints == LAST_HINT {
            return self.screen.line(Style::Dim, words::no_more_hints(language));
        }
        self.told = Some((gap, hints + 1));
        if hints == 1 {
            let text = words::hint(language, region.gap.hint.get(language));
            return self.screen.paragraph(Style::Said, "  ", "    ", &text);
        }
        self.reference(region)
    }

    /// Man pages, and the lines of C and Rust.
    fn reference(&mut self, region: &Region) -> Result<()> {
        let of_c = self.c.regions.iter();
        let of_c = of_c.into_iter().find(|it| it.gap.name == region.gap.name);
        let mut reference = Reference::of(self.root, self.lab, self.c, of_c.unwrap_or(region))?;
        if self.exercise.is_rust() {
            let place = format!("{}.rs:{}", self.lab, region.lines.start + 1);
            reference.rust = Some((place, self.exercise.solution(region)));
        }
        if let Some(unchanged) = &region.unchanged {
            (reference.c, reference.rust) = (self.change(region, unchanged), None);
        }
        for page in &reference.pages {
            let prototype = page.prototype.as_deref().unwrap_or_default();
            let line = format!("  {:<20} {prototype}", page.command());
            self.screen.line(Style::Plain, line.trim_end())?;
        }
        let c = Some(&reference.c);
        for (place, lines) in c.into_iter().chain(&reference.rust) {
            self.screen.line(Style::Dim, &format!("  {place}"))?;
            for line in lines.lines() {
                self.screen.line(Style::Plain, &format!("  {line}"))?;
            }
        }
        Ok(())
    }

    /// The lab's own file, in the language of the student's.
    fn source(&self) -> String {
        let end = if self.exercise.is_rust() { "rs" } else { "c" };
        format!("{}.{end}", self.lab)
    }

    /// What becomes of which lines of that file.
    fn change(&self, region: &Region, unchanged: &Unchanged) -> (String, String) {
        let (language, lines) = (self.language, self.exercise.solution(region));
        let source = self.source();
        let last = format!("{source}:{}", unchanged.lines.end);
        let first = format!("{source}:{}", unchanged.lines.start + 1);
        let place = match unchanged.lines.len() {
            0 => return (words::behind(language, &last), lines),
            1 => first,
            _ => format!("{first}-{}", unchanged.lines.end),
        };
        match lines.is_empty() {
            true => (
                words::is_left_out(language, &place),
                self.exercise.beginning(region, language),
            ),
            false => (words::in_its_place(language, &place), lines),
        }
    }
}
