//! `labscope fault`: what does the lab do when something fails? The question, then the C program and the lab beside each other.

use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Result, bail};

use crate::compare::twins::{of_lab, with_lab};
use crate::fault::DrillPrinter;
use crate::i18n::{Language, fault as words};
use crate::project::labs;
use crate::run::io::keyboard::Keyboard;
use crate::run::observer::Quit;
use crate::scenario::{self, Scenario, Scenarios};
use crate::text::nearest::nearest;

/// What is asked for.
pub struct FaultOptions {
    pub lab: String,
    /// This fault only.
    pub fault: Option<String>,
    /// Waits for no key, on a terminal either.
    pub fast: bool,
    pub language: Language,
}

/// Shows each drill of a lab, or one; whether C and lab are the same in those that were shown.
pub fn run(root: &Path, options: &FaultOptions) -> Result<bool> {
    let file = scenario::load(root, &options.lab)?;
    let drills = chosen(root, options, &file)?;
    let is_on_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let mut keyboard = match is_on_terminal && !options.fast {
        true => Some(Keyboard::until_left()?),
        false => None,
    };
    let mut show = DrillPrinter::new(options.language);
    let c = of_lab(root, &options.lab)?;
    let mut all_same = true;
    for (place, &drill) in drills.iter().enumerate() {
        if place > 0
            && !goes_on(
                &mut keyboard,
                &mut show,
                words::key_for_next(options.language),
            )?
        {
            break;
        }
        show.begin(&options.lab, drill, place + 1, drills.len())?;
        let outcome = with_lab(root, &options.lab, &file, drill, &c, false, None)?;
        show.question(&outcome)?;
        if !goes_on(
            &mut keyboard,
            &mut show,
            words::key_for_outcome(options.language),
        )? {
            break;
        }
        show.outcome(&outcome)?;
        all_same &= outcome.is_faithful();
    }
    Ok(all_same)
}

/// Waits for a key, if there is a keyboard; false if the reader leaves.
fn goes_on(keyboard: &mut Option<Keyboard>, show: &mut DrillPrinter, keys: &str) -> Result<bool> {
    let Some(keyboard) = keyboard else {
        return show.keys("").map(|()| true);
    };
    // Before a key is asked for: one that is hit at the sight of the question counts.
    let hit = keyboard.forget().and_then(|()| {
        show.keys(keys)?;
        while keyboard.key(100)?.is_none() {}
        Ok(())
    });
    match hit {
        Ok(()) => Ok(true),
        Err(error) if error.is::<Quit>() => Ok(false),
        Err(error) => Err(error),
    }
}

/// The drill that is asked for, or all of the lab.
fn chosen<'a>(
    root: &Path,
    options: &FaultOptions,
    file: &'a Scenarios,
) -> Result<Vec<&'a Scenario>> {
    let (lab, language) = (&options.lab, options.language);
    let all: Vec<&Scenario> = drills(file).collect();
    if all.is_empty() {
        let has_one = |lab: &String| {
            let file = scenario::load(root, lab);
            file.is_ok_and(|file| drills(&file).next().is_some())
        };
        let others: Vec<String> = labs(root)?.into_iter().filter(has_one).collect();
        bail!("{}", words::none(language, lab, &others.join(", ")));
    }
    let Some(name) = &options.fault else {
        return Ok(all);
    };
    if let Some(found) = all.iter().find(|one| one.name == *name) {
        return Ok(vec![found]);
    }
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    let near = nearest(name, names.iter().copied()).unwrap_or_default();
    let names = names.join(", ");
    bail!("{}", words::no_such(language, lab, name, near, &names));
}

fn drills(file: &Scenarios) -> impl Iterator<Item = &Scenario> {
    file.scenarios.iter().filter(|one| one.fault.is_some())
}
