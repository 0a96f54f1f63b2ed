//! `labscope try`: a student fills in the skeleton of a lab, and is told what is missing next.

use std::fs;
use std::io::IsTerminal;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use crate::cli::attempt_at_lab::Goal;
use crate::cli::attempt_at_task::Solution;
use crate::cli::attempt_in_rust::{self, rust_program};
use crate::cli::attempt_result::program_of;
use crate::cli::examine::{CompareOptions, means};
use crate::compare::record::{ComparedProgram, Records};
use crate::exercise::{Exercise, ExercisePrinter, Standing, gap_at};
use crate::i18n::{Language, exercise as words};
use crate::run::io::keyboard::Keyboard;
use crate::run::observer::Quit;
use crate::run::scratch::Scratch;
use crate::scenario::{self, Scenarios};
use crate::submission::{self, CompileError};
use crate::text::screen::{Screen, Style};
use crate::text::{encoding, file};

/// What is asked for.
pub struct AttemptOptions {
    pub lab: String,
    /// The file, if not that of the lab in `build/try/`.
    pub c: Option<PathBuf>,
    pub in_rust: bool,
    /// A task of the guide, in the place of the lab itself.
    pub task: Option<String>,
    /// Compare it once, also on a terminal.
    pub once: bool,
    /// With which hint it begins, from 1 to [`crate::exercise::LAST_HINT`].
    pub hint: usize,
    pub trust: bool,
    pub language: Language,
}

/// A student's file and the lab that it is to become.
struct Attempt<'a> {
    root: &'a Path,
    options: &'a AttemptOptions,
    compare: CompareOptions,
    file: PathBuf,
    /// The lab with its gaps, in C and in the language of the file.
    c: Exercise,
    exercise: Exercise,
    scenarios: Scenarios,
    solution: Option<Solution>,
    /// The lab's runs, which serve each comparison.
    records: Arc<Records>,
}

/// Writes the skeleton if there is no file yet; compares the file now, and on a terminal whenever it is saved.
/// The result is whether it is the same as the lab, or was left.
pub fn run(root: &Path, options: &AttemptOptions) -> Result<bool> {
    let language = options.language;
    let attempt = Attempt::new(root, options)?;
    let (file, exercise) = (&attempt.file, &attempt.exercise);
    let shown = file.strip_prefix(root).unwrap_or(file);
    let exercises = (&attempt.c, exercise);
    let said = attempt.solution.as_ref().map(|it| it.said.as_str());
    let mut show = ExercisePrinter::new(root, &options.lab, language, exercises, said, shown);
    show.begin(begin(file, exercise, language)?)?;
    let is_on_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if is_on_terminal && !options.once {
        return attempt.watch(&mut show);
    }
    let (standing, text) = attempt.judged()?;
    show.standing(&standing, &text)?;
    for _ in 1..options.hint {
        show.hint()?;
    }
    Ok(matches!(standing, Standing::Same(_)))
}

/// Writes the skeleton, but never over a file that is there; whether it is new.
fn begin(file: &Path, exercise: &Exercise, language: Language) -> Result<bool> {
    if file.exists() {
        return Ok(false);
    }
    file::make_folder(file.parent().unwrap_or(Path::new(".")))?;
    file::write(file, exercise.skeleton(language))?;
    Ok(true)
}

/// What tells one version of a file from another: a save in place changes its time, one by a rename its number.
type Version = (i64, i64, u64, u64);

/// What has been seen of a file while it is watched; no version: it is not there.
#[derive(Default)]
struct Saves {
    seen: Option<Option<Version>>,
    compared: Option<Option<Version>>,
}

impl Saves {
    /// Whether this version is to be compared: it is another one, and was there at the last look, too. Who saves in place
    /// empties the file first.
    fn is_due(&mut self, version: Option<Version>) -> bool {
        let is_settled = self.seen.is_none_or(|seen| seen == version);
        let is_due = is_settled && self.compared != Some(version);
        self.seen = Some(version);
        if is_due {
            self.compared = Some(version);
        }
        is_due
    }
}

impl<'a> Attempt<'a> {
    fn new(root: &'a Path, options: &'a AttemptOptions) -> Result<Attempt<'a>> {
        let (lab, language, in_rust) = (&options.lab, options.language, options.in_rust);
        let (scenarios, compare) = (scenario::load(root, lab)?, options.compare());
        let task = options.task.as_deref();
        let solution = task.map(|task| Solution::of(root, &compare, &scenarios, task, in_rust));
        let solution = solution.transpose()?;
        let c = match &solution {
            Some(solution) => Exercise::of_task(root, lab, &solution.task, false)?,
            None => Exercise::of(root, lab)?,
        };
        if c.regions.is_empty() {
            bail!("{}", words::no_gaps(language, lab));
        }
        let file = match &options.c {
            Some(file) => std::path::absolute(file).context("getcwd(3)")?,
            None => {
                let task = task.map_or_else(String::new, |task| format!("-{task}"));
                let end = if in_rust { "rs" } else { "c" };
                root.join("build/try").join(format!("{lab}{task}.{end}"))
            }
        };
        let records = Arc::default();
        let exercise = match &solution {
            Some(solution) => solution.exercise.clone(),
            None if in_rust => {
                let text = words::finding_lines(language);
                Screen::stdout().paragraph(Style::Dim, "", "", text)?;
                attempt_in_rust::in_rust(root, lab, &c, &scenarios, &records)?
            }
            None => c.clone(),
        };
        Ok(Attempt {
            root,
            options,
            compare,
            file,
            c,
            exercise,
            scenarios,
            solution,
            records,
        })
    }

    /// Compares the file whenever it is saved, and obeys keys, until it is the same or the reader leaves.
    fn watch(&self, show: &mut ExercisePrinter) -> Result<bool> {
        let mut keyboard = Keyboard::until_left()?;
        show.keys()?;
        let (mut saves, mut key) = (Saves::default(), None);
        loop {
            let (version, is_first) = (self.version(), saves.compared.is_none());
            if saves.is_due(version) {
                show.comparing(!is_first && version.is_some())?;
                let (standing, text) = self.judged_under(&mut keyboard, &mut key, show)?;
                show.standing(&standing, &text)?;
                if matches!(standing, Standing::Same(_)) {
                    return Ok(true);
                }
            }
            match key
                .take()
                .map_or_else(|| keyboard.key(100), |key| Ok(Some(key)))
            {
                Ok(Some(b'h' | b'H')) => show.hint()?,
                Ok(Some(b'c' | b'C')) => saves.compared = None,
                Ok(_) => {}
                Err(error) if error.is::<Quit>() => return Ok(true),
                Err(error) => return Err(error),
            }
        }
    }

    /// Compares the file while the keyboard is looked after: who leaves does not wait for a program that spins. What runs then
    /// ends with this process. The last other key is kept.
    fn judged_under(
        &self,
        keyboard: &mut Keyboard,
        last: &mut Option<u8>,
        show: &mut ExercisePrinter,
    ) -> Result<(Standing, String)> {
        std::thread::scope(|scope| {
            let judged = scope.spawn(|| self.judged());
            while !judged.is_finished() {
                match keyboard.key(20) {
                    Ok(key) => *last = key.or(*last),
                    Err(_) => {
                        keyboard.hand_back();
                        let _ = show.left(); // the terminal may have gone
                        std::process::exit(0);
                    }
                }
            }
            let judged = judged.join();
            judged.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn version(&self) -> Option<Version> {
        let about = fs::metadata(&self.file).ok()?;
        Some((about.mtime(), about.mtime_nsec(), about.ino(), about.len()))
    }

    /// What comes of comparing the file, and its text.
    fn judged(&self) -> Result<(Standing, String)> {
        Ok(match submission::read(&self.file) {
            Ok(bytes) => {
                let text = encoding::lines(&bytes);
                (self.standing(&bytes, &text)?, text)
            }
            Err(refused) => (Standing::Refused(refused, None), String::new()),
        })
    }

    /// Compiles and compares what the file holds. What is said is about the first gap that is empty, or whose calls are
    /// missing.
    fn standing(&self, bytes: &[u8], text: &str) -> Result<Standing> {
        let (root, compare, scenarios) = (self.root, &self.compare, &self.scenarios);
        let mut regions = self.exercise.regions.iter();
        let empty = regions.position(|region| self.exercise.is_untouched(text, region));
        let scratch = Scratch::new()?;
        let made = match self.options.in_rust {
            true if empty == Some(0) && self.solution.is_none() => {
                return Ok(Standing::Missing(0, None));
            }
            true => self.made_in_rust(text, &scratch)?,
            false => program_of(root, compare, scenarios, bytes, &scratch)?,
        };
        let program = match made {
            Ok(program) => program,
            Err(refused) => {
                let line = refused.line();
                let gap = line.and_then(|line| gap_at(&self.exercise, text, line));
                return Ok(Standing::Refused(refused, gap));
            }
        };
        match (&self.solution, empty) {
            (Some(solution), _) => solution.standing(root, compare, scenarios, (&program, text)),
            (None, Some(0)) => Ok(Standing::Missing(0, None)), // whatever comes of the others
            (None, _) => {
                let goal = Goal {
                    root,
                    lab: &self.options.lab,
                    language: self.options.language,
                    scenarios,
                    exercise: &self.exercise,
                    records: &self.records,
                };
                goal.standing(&program, empty)
            }
        }
    }

    /// With the gaps filled in that are still empty: a program with holes is none, and what was written is to be judged.
    fn made_in_rust(
        &self,
        text: &str,
        scratch: &Scratch,
    ) -> Result<Result<ComparedProgram, CompileError>> {
        let text = match self.solution {
            Some(_) => text.to_owned(),
            None => self.exercise.completed(text),
        };
        let into = scratch.path("programs");
        let confined = means(&self.compare)?;
        rust_program(self.root, &self.options.lab, &text, confined, &into)
    }
}

impl AttemptOptions {
    fn compare(&self) -> CompareOptions {
        CompareOptions {
            lab: self.lab.clone(),
            scenario: None,
            json: false,
            trust: self.trust,
            rubric: None,
            all: false,
            language: self.language,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Saves;

    #[test]
    fn a_file_that_is_emptied_and_then_written_is_compared_once_and_whole() {
        let mut saves = Saves::default();
        let (before, emptied, written) =
            (Some((1, 0, 7, 90)), Some((2, 0, 7, 0)), Some((3, 0, 7, 95)));
        let looks = [before, before, emptied, written, written, written];
        let due = looks.map(|version| saves.is_due(version));
        assert_eq!(due, [true, false, false, false, true, false]);
        // One that stays empty, or away, is told, too.
        let due = [emptied, emptied, None, None].map(|version| saves.is_due(version));
        assert_eq!(due, [false, true, false, true]);
    }
}
