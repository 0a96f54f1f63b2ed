//! `labscope orders`: every outcome that a lab, or a C program, can have.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use jzon::{JsonValue, object};

use crate::cli::program::{ProgramOptions, settings, steps_of, unescaped};
use crate::control::Settings;
use crate::i18n::{Language, failure, orders as words};
use crate::orders::{Bound, Bounds, Exploration, Followed, Outcome, Status, explore, follow};
use crate::run::scratch::Scratch;
use crate::text::visible;
use crate::trace::decode;

/// How many outcomes are shown in full.
const MOST_SHOWN: usize = 20;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct OrdersOptions {
    pub program: ProgramOptions,
    /// Whether this output is possible.
    pub is: Option<String>,
    /// This order only.
    pub steps: Option<String>,
    pub json: bool,
    pub language: Language,
}

/// Explores, and tells; false if what was asked about is not possible.
pub fn run(root: &Path, options: &OrdersOptions) -> Result<bool> {
    let scratch = Scratch::new()?;
    let settings = settings(root, &options.program, &scratch, options.language)?;
    match (&options.steps, &options.is) {
        (Some(steps), _) => follow_steps(options, settings, steps),
        (None, Some(text)) => is_possible(options, settings, text),
        (None, None) => {
            let mut found = explore(settings.clone(), Bounds::default(), |_| false)?;
            if !options.json {
                tell_calls(settings, &mut found)?;
            }
            tell(options, &found)?;
            Ok(true)
        }
    }
}

fn follow_steps(options: &OrdersOptions, settings: Settings, text: &str) -> Result<bool> {
    let steps = steps_of(text, options.language)?;
    match follow(settings, &steps, Bounds::default().steps)? {
        Followed::Impossible { step, number } => {
            bail!("{}", words::impossible(options.language, step, number))
        }
        Followed::To(outcome) if options.json => {
            let is_complete = outcome.status != Status::Unfinished;
            let found = Exploration {
                bound: (!is_complete).then_some(Bound::Steps(outcome.steps.len())),
                runs: 1,
                outcomes: vec![outcome],
            };
            print_json(&found)?;
            Ok(true)
        }
        Followed::To(outcome) => {
            let mut out = std::io::stdout();
            write!(out, "{}", outcome.output).with_context(failure::cannot_write_output)?;
            out.flush().with_context(failure::cannot_write_output)?;
            eprintln!("[{}]", end(options.language, &outcome));
            Ok(true)
        }
    }
}

/// Whether an output is possible: `text` with `\n` for a newline, what is white at its end aside.
fn is_possible(options: &OrdersOptions, settings: Settings, text: &str) -> Result<bool> {
    let wanted = unescaped(text);
    let is_wanted = |outcome: &Outcome| outcome.output.trim_end() == wanted.trim_end();
    let found = explore(settings, Bounds::default(), is_wanted)?;
    let shown = found.outcomes.iter().find(|outcome| is_wanted(outcome));
    let language = options.language;
    if options.json {
        print_json(&found)?;
    } else if let Some(outcome) = shown {
        say(&format!(
            "{}: {}",
            words::is_possible(language),
            steps(outcome)
        ))?;
    } else {
        let (orders, all) = (found.orders(), found.is_complete());
        say(&words::is_impossible(language, orders, all))?;
    }
    Ok(shown.is_some())
}

/// Follows the orders that are shown, to tell their calls with arguments.
fn tell_calls(settings: Settings, found: &mut Exploration) -> Result<()> {
    for outcome in found.outcomes.iter_mut().take(MOST_SHOWN) {
        let settings = Settings {
            tells_arguments: true,
            ..settings.clone()
        };
        if let Followed::To(told) = follow(settings, &outcome.steps, outcome.steps.len())? {
            outcome.calls = told.calls;
        }
    }
    Ok(())
}

fn tell(options: &OrdersOptions, found: &Exploration) -> Result<()> {
    if options.json {
        return print_json(found);
    }
    let language = options.language;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (count, orders) = (found.outcomes.len(), found.orders());
    let (name, all) = (name(options), found.is_complete());
    writeln!(out, "{}", words::found(language, &name, count, orders, all))?;
    if let Some(bound) = found.bound {
        writeln!(out, "{}", why(language, bound))?;
    }
    if found.outcomes.iter().any(|outcome| outcome.shares_memory) {
        writeln!(out, "{}", words::about_memory(language))?;
    }
    for (place, outcome) in found.outcomes.iter().enumerate().take(MOST_SHOWN) {
        writeln!(out)?;
        tell_outcome(&mut out, language, found, place, outcome)?;
    }
    if count > MOST_SHOWN {
        writeln!(out, "\n{}", words::more(language, count - MOST_SHOWN))?;
    }
    out.flush().with_context(failure::cannot_write_output)
}

/// One line on standard output; a reader that has gone away is an error, not a panic.
fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").with_context(failure::cannot_write_output)
}

fn name(options: &OrdersOptions) -> String {
    let file = options.program.c.as_ref().and_then(|path| path.file_name());
    file.map_or_else(
        || options.program.lab.clone(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn tell_outcome(
    out: &mut impl Write,
    language: Language,
    found: &Exploration,
    place: usize,
    outcome: &Outcome,
) -> Result<()> {
    let end = end(language, outcome);
    writeln!(
        out,
        "{}",
        words::outcome(language, place + 1, &end, outcome.orders)
    )?;
    match outcome.output.is_empty() {
        true => writeln!(out, "   {}", words::nothing_printed(language))?,
        false => {
            for line in outcome.output.lines() {
                writeln!(out, "   | {}", visible::visible(line))?;
            }
        }
    }
    if !outcome.waiting.is_empty() {
        writeln!(
            out,
            "   {}",
            words::waiting(language, &outcome.waiting.join(", "))
        )?;
    }
    writeln!(out, "   {}", steps(outcome))?;
    // From the first of those with which it has most in common.
    let before = found.outcomes[..place].iter().enumerate().rev();
    let Some((other, from)) = before.max_by_key(|(_, other)| outcome.parts_from(other)) else {
        return Ok(());
    };
    let step = outcome.parts_from(from);
    let call = |of: &Outcome| match of.calls.get(step) {
        Some((who, call)) => format!("{who} {call}"),
        None => words::end_of_steps(language).to_owned(),
    };
    let parts = words::parts(language, other + 1, step + 1, &call(outcome), &call(from));
    writeln!(out, "   {parts}")?;
    Ok(())
}

fn steps(outcome: &Outcome) -> String {
    format!("STEPS={}", numbers(outcome))
}

fn numbers(outcome: &Outcome) -> String {
    let numbers: Vec<String> = outcome.steps.iter().map(usize::to_string).collect();
    numbers.join(",")
}

fn end(language: Language, outcome: &Outcome) -> String {
    match outcome.status {
        Status::Exited(status) => words::exited(language, status),
        Status::Killed(signal) => words::killed(language, &decode::signal_name(signal)),
        Status::Waits => words::waits(language).to_owned(),
        Status::Unfinished => words::unfinished(language).to_owned(),
    }
}

fn why(language: Language, bound: Bound) -> String {
    match bound {
        Bound::Runs(runs) => words::bound_of_runs(language, runs),
        Bound::Steps(steps) => words::bound_of_steps(language, steps),
        Bound::Time(time) => words::bound_of_time(language, time.as_secs()),
        Bound::Cap(cap) => crate::i18n::limit::stopped(language, cap.say(language)),
        Bound::Differs => words::differs(language).to_owned(),
    }
}

fn print_json(found: &Exploration) -> Result<()> {
    let outcomes = found.outcomes.iter().map(|outcome| {
        let status: JsonValue = match outcome.status {
            Status::Exited(status) => status.into(),
            Status::Killed(signal) => decode::signal_name(signal).into(),
            Status::Waits => "waits".into(),
            Status::Unfinished => "unfinished".into(),
        };
        let mut outcome = object! {
            output: outcome.output.as_str(),
            status: status,
            orders: outcome.orders,
            steps: numbers(outcome),
            waiting: outcome.waiting.as_slice(),
        };
        if outcome["waiting"].is_empty() {
            outcome.remove("waiting");
        }
        outcome
    });
    let outcomes: Vec<JsonValue> = outcomes.collect();
    let found = object! {
        complete: found.is_complete(),
        runs: found.runs,
        outcomes: outcomes,
    };
    let text = found.dump();
    say(&text)
}
