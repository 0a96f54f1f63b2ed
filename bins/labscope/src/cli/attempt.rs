//! `labscope try`: a student fills in the skeleton of a lab, and is told what is missing next.

use std::fs;
use std::io::IsTerminal;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use crate::cli::attempt_at_task::Solution;
use crate::cli::attempt_in_rust::{self, rust_program};
use crate::cli::attempt_result::{in_turn, parts, program_of, seen, unless_unrecorded};
use crate::cli::examine::{CompareOptions, means};
use crate::compare::record::{ComparedProgram, Records};
use crate::compare::twins::{of_lab, with_lab};
use crate::compare::{Name, Names, ScenarioResult};
use crate::exercise::{Exercise, ExercisePrinter, Seen, Standing, blamed, gap_at};
use crate::i18n::{Language, exercise as words, failure};
use crate::run::io::keyboard::Keyboard;
use crate::run::observer::Quit;
use crate::run::scratch::Scratch;
use crate::scenario::{self, Difference, Scenario, Scenarios};
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

impl<'a> Attempt<'a> {
    fn new(root: &'a Path, options: &'a AttemptOptions) -> Result<Attempt<'a>> {
        let (lab, language) = (&options.lab, options.language);
        let scenarios = scenario::load(root, lab)?;
        let task = options.task.as_deref();
        let in_rust = options.in_rust;
        let solution = task.map(|task| {
            let compare = options.compare();
            Solution::of(root, &compare, &scenarios, task, in_rust)
        });
        let solution = solution.transpose()?;
        let in_c = || match &solution {
            Some(solution) => Exercise::of_task(root, lab, &solution.task, false),
            None => Exercise::of(root, lab),
        };
        let c = in_c()?;
        if c.regions.is_empty() {
            bail!("{}", words::no_gaps(language, lab));
        }
        let end = if in_rust { "rs" } else { "c" };
        let task = task.map_or_else(String::new, |task| format!("-{task}"));
        let name = format!("{lab}{task}.{end}");
        let file = match &options.c {
            Some(file) => std::path::absolute(file).context("getcwd(3)")?,
            None => root.join("build/try").join(name),
        };
        let records = Arc::default();
        let exercise = match &solution {
            Some(solution) => Exercise::of_task(root, lab, &solution.task, in_rust)?,
            None if in_rust => {
                Screen::stdout().line(Style::Dim, words::finding_lines(language))?;
                attempt_in_rust::in_rust(root, lab, &c, &scenarios, &records)?
            }
            None => in_c()?,
        };
        Ok(Attempt {
            root,
            options,
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
        let (mut compared, mut key) = (None, None);
        loop {
            let version = self.version();
            if compared != Some(version) {
                show.comparing(compared.is_some() && version.is_some())?;
                compared = Some(version);
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
                Ok(Some(b'c' | b'C')) => compared = None,
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
        let compare = self.options.compare();
        let mut regions = self.exercise.regions.iter();
        let empty = regions.position(|region| self.exercise.is_untouched(text, region));
        let scratch = Scratch::new()?;
        let made = match self.options.in_rust {
            true if empty == Some(0) && self.solution.is_none() => {
                return Ok(Standing::Missing(0, None));
            }
            true => self.made_in_rust(&compare, text, &scratch)?,
            false => program_of(self.root, &compare, &self.scenarios, bytes, &scratch)?,
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
            (Some(solution), _) => {
                solution.standing(self.root, &compare, &self.scenarios, (&program, text))
            }
            (None, Some(0)) => Ok(Standing::Missing(0, None)), // whatever comes of the others
            (None, _) => self.compared(&program, empty),
        }
    }

    /// With the gaps filled in that are still empty: a program with holes is none, and what was written is to be judged.
    fn made_in_rust(
        &self,
        compare: &CompareOptions,
        text: &str,
        scratch: &Scratch,
    ) -> Result<Result<ComparedProgram, CompileError>> {
        let text = match self.solution {
            Some(_) => text.to_owned(),
            None => self.exercise.completed(text),
        };
        let into = scratch.path("programs");
        rust_program(self.root, &self.options.lab, &text, means(compare)?, &into)
    }

    /// Where a program stands whose first empty gap is that one.
    fn compared(&self, program: &ComparedProgram, empty: Option<usize>) -> Result<Standing> {
        let results = self.results(program)?;
        let differing = results.iter().filter(|result| parts(result));
        let differing: Vec<&ScenarioResult> = differing.collect();
        let Some(first) = differing.first() else {
            let same = match empty {
                Some(empty) => Standing::Missing(empty, None),
                None => Standing::Same(results.len()),
            };
            return Ok(unless_unrecorded(
                &results,
                same,
                self.options.language,
                self.names(),
            ));
        };
        for result in &differing {
            if let Some(gap) = self.blamed(program, result)? {
                return Ok(match self.earlier(empty, gap) {
                    Some(empty) => Standing::Missing(empty, None),
                    None => Standing::Missing(gap, Some(self.seen(result))),
                });
            }
        }
        Ok(match empty {
            Some(empty) => Standing::Missing(empty, self.options.in_rust.then(|| self.seen(first))),
            None => Standing::Differs(self.seen(first)),
        })
    }

    /// The gap that makes the program part from the lab. What is in Rust is held against the lab's own lines.
    fn blamed(&self, program: &ComparedProgram, result: &ScenarioResult) -> Result<Option<usize>> {
        if self.options.in_rust {
            let lab = ComparedProgram::Lab {
                root: self.root.to_owned(),
                name: self.options.lab.clone(),
                records: Some(Arc::clone(&self.records)),
            };
            let beside = ScenarioResult::of(&result.lab, &result.scenario, &[], program, &lab)?;
            return Ok(blamed(&self.exercise, &beside));
        }
        let beside_c = self.beside_c(program, &result.scenario)?;
        Ok(blamed(&self.c, &beside_c))
    }

    /// The first empty gap, if it stands before that one: then it comes first. In Rust what is empty has been filled in,
    /// and so explains nothing.
    fn earlier(&self, empty: Option<usize>, gap: usize) -> Option<usize> {
        empty.filter(|&empty| empty <= gap && !self.options.in_rust)
    }

    /// The program beside the lab: in the first scenario, and if it is the same there, in all.
    fn results(&self, program: &ComparedProgram) -> Result<Vec<ScenarioResult>> {
        let one = |scenario: &&Scenario| match self.options.in_rust {
            true => self.in_the_place_of_the_lab(program, scenario),
            false => {
                let records = Some(&self.records);
                let (file, lab) = (&self.scenarios, &self.options.lab);
                with_lab(self.root, lab, file, scenario, program, true, records)
            }
        };
        let all: Vec<&Scenario> = self.scenarios.scenarios.iter().collect();
        if all.is_empty() {
            bail!(failure::has_no_scenarios(&self.options.lab));
        }
        in_turn(&all, one)
    }

    /// A program in Rust beside the C program: it may differ from that as the lab does.
    fn in_the_place_of_the_lab(
        &self,
        program: &ComparedProgram,
        scenario: &Scenario,
    ) -> Result<ScenarioResult> {
        let lab = &self.options.lab;
        let known = self.scenarios.differences.iter();
        let known: Vec<Difference> = known.filter(|one| !one.variant).cloned().collect();
        ScenarioResult::of(lab, scenario, &known, &of_lab(self.root, lab)?, program)
    }

    /// The program beside the lab's C program, whose lines are those of the gaps.
    fn beside_c(&self, program: &ComparedProgram, scenario: &Scenario) -> Result<ScenarioResult> {
        let twin = of_lab(self.root, &self.options.lab)?;
        ScenarioResult::of(&self.options.lab, scenario, &[], program, &twin)
    }

    fn seen(&self, result: &ScenarioResult) -> Seen {
        seen(result, self.options.language, self.names())
    }

    /// Who stands on either side of a comparison.
    fn names(&self) -> Names {
        let (c, lab) = match self.options.in_rust {
            true => (Name::TheC, Name::Yours),
            false => (Name::Yours, Name::TheLab),
        };
        Names { c, lab }
    }
}

impl AttemptOptions {
    pub(super) fn compare(&self) -> CompareOptions {
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
