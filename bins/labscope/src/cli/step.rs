//! `labscope step`: a lab, or a C program, call by call.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use jzon::{JsonValue, object};

use crate::cli::program::{ProgramOptions, settings, steps_of};
use crate::control::{End, stay_on_one_processor};
use crate::i18n::{Language, failure, orders, step as words};
use crate::run::io::keyboard::Keyboard;
use crate::run::observer::Quit;
use crate::run::scratch::Scratch;
use crate::step::{Doing, Observer, ProcessView, Session, Taken, View, draw, printed};
use crate::text::file;
use crate::text::screen::{obeys_escapes, terminal_size, wants_colours};
use crate::text::shorten;
use crate::timeline::svg;
use crate::trace::decode;

/// How many steps `r` makes at once.
const MOST_STEPS: usize = 500;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct StepOptions {
    pub program: ProgramOptions,
    /// The steps that are made first.
    pub steps: Option<String>,
    pub json: bool,
    pub language: Language,
}

/// A run, and the reader who steers it.
struct Hand<'a> {
    root: &'a Path,
    options: &'a StepOptions,
    session: Session,
    observer: Observer,
    /// What the last key has come to.
    told: String,
    /// A number that is being typed.
    number: String,
}

/// Makes the steps asked for; then, on a terminal, those that the keys say.
pub fn run(root: &Path, options: &StepOptions) -> Result<()> {
    let scratch = Scratch::new()?;
    let language = options.language;
    let settings = settings(root, &options.program, &scratch, language)?;
    let steps = options
        .steps
        .as_deref()
        .map(|text| steps_of(text, language));
    let steps = steps.transpose()?;
    stay_on_one_processor();
    let programs: Vec<_> = settings.programs().cloned().collect();
    let mut hand = Hand {
        root,
        options,
        session: Session::new(settings)?,
        observer: Observer::new(&programs, language),
        told: String::new(),
        number: String::new(),
    };
    if let Some(steps) = &steps
        && let Some(step) = hand.session.repeat(steps)?
    {
        bail!("{}", orders::impossible(language, step, steps[step - 1]));
    }
    let is_on_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if options.json {
        say(&json(&hand.observer.look(&hand.session)).dump())
    } else if is_on_terminal && obeys_escapes() {
        hand.steer()
    } else {
        say(printed(&hand.observer.look(&hand.session), language).trim_end())
    }
}

impl Hand<'_> {
    /// Obeys keys until `q`.
    fn steer(&mut self) -> Result<()> {
        let resized = Arc::new(AtomicBool::new(true));
        signal_hook::flag::register(signal_hook::consts::SIGWINCH, Arc::clone(&resized))
            .context("sigaction(2)")?;
        let mut keyboard = Keyboard::until_left()?;
        let screen = OtherScreen::enter()?;
        let mut size = (80, 24);
        loop {
            if resized.swap(false, Ordering::Relaxed) {
                size = terminal_size();
                self.show(size)?;
            }
            match keyboard.key(100) {
                Ok(Some(key)) => {
                    self.obey(key)?;
                    self.show(size)?;
                }
                Ok(None) => {}
                Err(error) if error.is::<Quit>() => break,
                Err(error) => return Err(error),
            }
        }
        drop(screen);
        say(&self.order())
    }

    fn obey(&mut self, key: u8) -> Result<()> {
        let language = self.options.language;
        self.told.clear();
        let is_long = self.session.processes() > 9;
        match key {
            b'0'..=b'9' if is_long => self.number.push(char::from(key)),
            b'0'..=b'9' => self.take(usize::from(key - b'0'))?,
            b'\n' | b'\r' if !self.number.is_empty() => {
                let number = std::mem::take(&mut self.number).parse();
                self.take(number.unwrap_or(0))?;
            }
            0x7f | 8 => drop(self.number.pop()),
            b'b' => {
                if !self.session.back()? {
                    self.told = words::at_the_beginning(language).to_owned();
                }
            }
            b'r' => {
                self.told = match self.session.run_on(MOST_STEPS)? {
                    true => words::is_over(language).to_owned(),
                    false => words::goes_on(language, MOST_STEPS),
                }
            }
            b'o' => self.told = self.order(),
            b't' => self.told = words::written(language, &self.draw_timeline()?),
            _ => self.told = words::no_key(language).to_owned(),
        }
        Ok(())
    }

    fn take(&mut self, number: usize) -> Result<()> {
        let language = self.options.language;
        self.told = match self.session.take(number)? {
            Taken::Made => String::new(),
            Taken::Waits => words::waits(language, number),
            Taken::AfterOthers { until, other } => {
                words::after_others(language, until.as_secs_f64(), other)
            }
            Taken::Cannot => words::does_not_go(language, number),
            Taken::Unknown => words::unknown(language, number),
        };
        Ok(())
    }

    /// The command that repeats the order so far.
    fn order(&self) -> String {
        let steps = self.session.steps();
        let steps: Vec<String> = steps.iter().map(usize::to_string).collect();
        let program = &self.options.program;
        let mut command = format!("make step-{}", program.lab);
        let c = program.c.as_ref().map(|path| path.display().to_string());
        for (name, value) in [
            ("C", c.as_ref()),
            ("WITH", program.with.as_ref()),
            ("INPUT", program.input.as_ref()),
            ("SLEEP", program.sleep.as_ref()),
            ("OUT", program.out.as_ref()),
        ] {
            if let Some(value) = value {
                command += &format!(" {name}='{}'", value.replace('\'', "'\\''"));
            }
        }
        if !program.args.is_empty() {
            command += &format!(" ARGS='{}'", program.args.join(" ").replace('\'', "'\\''"));
        }
        match steps.is_empty() {
            true => command,
            false => format!("{command} STEPS={}", steps.join(",")),
        }
    }

    /// Writes the run so far as a timeline, and tells where.
    fn draw_timeline(&self) -> Result<String> {
        let lab = &self.options.program.lab;
        let mut timeline = self.session.timeline(self.root, lab)?;
        if self.options.program.c.is_some() {
            timeline.forks.clear(); // they show the lab's source
        }
        let folder = self.root.join("build").join("timeline");
        file::make_folder(&folder)?;
        let path = folder.join(format!("{lab}-steps.svg"));
        file::write(&path, svg::svg(&timeline, self.options.language))?;
        Ok(path.display().to_string())
    }

    fn show(&mut self, (width, height): (usize, usize)) -> Result<()> {
        let language = self.options.language;
        let view = self.observer.look(&self.session);
        let mut lines = draw(&view, (width, height.saturating_sub(2)), language);
        lines.push(shorten::end(
            &format!("{}{}", self.told, self.number),
            width,
        ));
        let keys = match self.session.processes() > 9 {
            true => words::keys_of_many(language),
            false => words::keys(language),
        };
        let keys = shorten::end(keys, width);
        lines.push(match wants_colours() {
            true => format!("\x1b[7m{keys}\x1b[0m"),
            false => keys,
        });
        let mut out = std::io::stdout().lock();
        let text = lines.join("\x1b[K\r\n");
        write!(out, "\x1b[H{text}\x1b[K\x1b[J").with_context(failure::cannot_write_terminal)?;
        out.flush().with_context(failure::cannot_write_terminal)
    }
}

/// The terminal's other screen; the former one comes back with drop.
struct OtherScreen;

impl OtherScreen {
    fn enter() -> Result<OtherScreen> {
        let mut out = std::io::stdout();
        let shown = OtherScreen;
        write!(out, "\x1b[?1049h\x1b[?25l").with_context(failure::cannot_write_terminal)?;
        out.flush().with_context(failure::cannot_write_terminal)?;
        Ok(shown)
    }
}

impl Drop for OtherScreen {
    fn drop(&mut self) {
        let mut out = std::io::stdout();
        let _ = write!(out, "\x1b[?25h\x1b[?1049l"); // nobody is left to be told
        let _ = out.flush();
    }
}

fn say(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").with_context(failure::cannot_write_output)
}

fn json(view: &View) -> JsonValue {
    let steps: Vec<String> = view.steps.iter().map(usize::to_string).collect();
    let processes: Vec<JsonValue> = view.processes.iter().map(json_of_process).collect();
    object! {
        "steps": steps.join(","),
        "last": view.last.as_ref().map(|(_, call)| call.clone()),
        "processes": processes,
        "output": view.output.clone(),
        "time": view.time.as_secs_f64(),
        "status": view.end.map(|end| match end {
            End::Exited(status) => JsonValue::from(status),
            End::Killed(signal) => decode::signal_name(signal).into(),
        }),
    }
}

fn json_of_process(process: &ProcessView) -> JsonValue {
    let state = match process.doing {
        Doing::Ready => "ready",
        Doing::Asleep => "waits",
        Doing::SleepsUntil(_) => "sleeps",
        Doing::InVfork => "vfork",
        Doing::Stopped => "stopped",
        Doing::Zombie => "zombie",
    };
    let line = process.line.as_ref();
    object! {
        "number": process.number,
        "process": format!("<{}>", process.path),
        "state": state,
        "call": process.call.clone(),
        "line": line.map(|line| format!("{}:{}", line.file, line.line)),
        "source": line.map(|line| line.text.clone()),
        "descriptors": process.descriptors.clone(),
        "unwritten": process.unwritten.clone(),
    }
}
