//! A drill on paper: what is going to fail, the question, and the two outcomes.

use std::fs;

use anyhow::Result;
use textwrap::core::display_width;

use crate::compare::{
    NormalizedCall, ProcessCalls, ProcessEnd, ProcessPair, ProgramRun, RunPair, ScenarioResult,
};
use crate::fault::failure::{Failure, What, deaths, failures};
use crate::i18n::{Language, compare, fault as words, process as process_words};
use crate::scenario::{Difference, Scenario};
use crate::source::Line;
use crate::text::screen::{Screen, Style, WIDTH, terminal_width};
use crate::text::shorten;
use crate::text::visible::visible;
use crate::trace::Happening;

/// From this width on the C program stands beside the lab.
const BESIDE: usize = 100;

/// How many lines of what was printed are shown: of more, the first and the last.
const FIRST: usize = 3;
const LAST: usize = 4;

/// A declared difference of so many scenarios is about what happens in them; one of more, about the program.
const FEW: usize = 3;

/// How much of the end of a line that is too long is kept: there stands the result of a call.
const TAIL: usize = 22;

/// A line of an outcome.
type Lines = Vec<(Style, String)>;

/// Writes drills to standard output.
pub struct DrillPrinter {
    screen: Screen,
    language: Language,
    /// How wide the paper is.
    width: usize,
}

/// The two programs of a run pair.
#[derive(Clone, Copy)]
enum Side {
    C,
    Lab,
}

impl Side {
    fn of(self, pair: &ProcessPair) -> Option<&ProcessCalls> {
        match self {
            Side::C => pair.c.as_ref(),
            Side::Lab => pair.lab.as_ref(),
        }
    }

    fn run(self, run_pair: &RunPair) -> &ProgramRun {
        match self {
            Side::C => &run_pair.c,
            Side::Lab => &run_pair.lab,
        }
    }

    fn processes(self, run_pair: &RunPair) -> Vec<&ProcessCalls> {
        let pairs = run_pair.pairs.iter();
        pairs.filter_map(|pair| self.of(pair)).collect()
    }

    fn failures<'a>(self, scenario: &Scenario, run_pair: &'a RunPair) -> Vec<Failure<'a>> {
        failures(scenario, self.run(run_pair), &self.processes(run_pair))
    }

    /// What goes wrong, and what that brings upon others: the answer.
    fn consequences<'a>(self, scenario: &Scenario, run_pair: &'a RunPair) -> Vec<Failure<'a>> {
        let mut failures = self.failures(scenario, run_pair);
        let processes = self.processes(run_pair);
        let deaths = deaths(self.run(run_pair), &processes, &failures);
        failures.extend(deaths);
        failures
    }
}

impl DrillPrinter {
    pub fn new(language: Language) -> DrillPrinter {
        DrillPrinter {
            screen: Screen::stdout(),
            language,
            width: terminal_width().unwrap_or(WIDTH).max(40),
        }
    }

    /// Which drill it is, while it is recorded. Its title is not told: it may say what comes of it.
    pub fn begin(
        &mut self,
        lab: &str,
        scenario: &Scenario,
        number: usize,
        of: usize,
    ) -> Result<()> {
        let heading = words::heading(self.language, lab, &scenario.name, number, of);
        self.screen.line(Style::Heading, &heading)?;
        match terminal_width() {
            Some(_) => self.screen.status(words::recording(self.language)),
            None => Ok(()),
        }
    }

    /// What is going to fail, where, and the question.
    pub fn question(&mut self, outcome: &ScenarioResult) -> Result<()> {
        self.screen.fresh()?;
        if let Some(run_pair) = outcome.shown() {
            let of = |side: Side| side.failures(&outcome.scenario, run_pair);
            let (c, lab) = (of(Side::C), of(Side::Lab));
            for place in 0..c.len().max(lab.len()) {
                self.place(c.get(place), lab.get(place))?;
            }
        }
        let question = outcome.scenario.fault.as_ref();
        let question = question.map_or("", |it| it.get(self.language));
        self.screen.paragraph(Style::Said, "? ", "  ", question)
    }

    /// A failure, with its lines in both programs; one of them may not come to it.
    fn place(&mut self, c: Option<&Failure>, lab: Option<&Failure>) -> Result<()> {
        let Some(failure) = c.or(lab) else {
            return Ok(());
        };
        let language = self.language;
        let call = shorten::call(&failure.call.to_string());
        let text = match &failure.what {
            What::MadeToFail => words::made_to_fail(language, &call),
            What::LeftOut => words::left_out(language, &call),
            What::Signal(signal) => words::signal(language, signal, &failure.process, &call),
            // What comes of it is the question.
            What::Fails => words::met_in(language, &failure.call.name),
        };
        self.screen.paragraph(Style::Plain, "  ", "    ", &text)?;
        for (whose, failure) in [("C", c), ("Rust", lab)] {
            let line = failure.and_then(|failure| failure.call.line.as_ref());
            if let Some(line) = line.map(source_line) {
                let line = shorten::end(&format!("    {whose:<4} {line}"), self.width);
                self.screen.line(Style::Dim, &line)?;
            }
        }
        Ok(())
    }

    /// What can be done now.
    pub fn keys(&mut self, keys: &str) -> Result<()> {
        self.screen.line(Style::Dim, keys)
    }

    /// What became of both, and whether that is the same.
    pub fn outcome(&mut self, outcome: &ScenarioResult) -> Result<()> {
        let language = self.language;
        if let Some(run_pair) = outcome.shown() {
            let sections = |side| self.sections(&outcome.scenario, run_pair, side);
            let (c, lab) = (sections(Side::C), sections(Side::Lab));
            match self.width < BESIDE {
                true => self.one_above_the_other(&c, &lab)?,
                false => self.beside(&c, &lab)?,
            }
        }
        for reason in outcome.reasons(language) {
            self.screen.paragraph(Style::Marked, "! ", "  ", &reason)?;
        }
        self.declared(outcome)?;
        let verdict = words::verdict(language, outcome.verdict().say(language));
        self.screen.line(Style::Marked, &verdict)?;
        let all = format!(
            "make compare-{} SCENARIO={} ALL=1",
            outcome.lab, outcome.scenario.name
        );
        let all = words::every_call(language, &all);
        self.screen.line(Style::Dim, &all)
    }

    /// The declared differences: those of this scenario and few others in words, those of most by name.
    fn declared(&mut self, outcome: &ScenarioResult) -> Result<()> {
        let language = self.language;
        let is_own = |one: &&Difference| (1..=FEW).contains(&one.scenarios.len());
        let (own, everywhere): (Vec<_>, Vec<_>) = outcome.declared().into_iter().partition(is_own);
        for difference in own {
            let reason = difference.reason.get(language);
            let text = compare::declared(language, &difference.name, reason);
            self.screen.paragraph(Style::Said, "~ ", "  ", &text)?;
        }
        if everywhere.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = everywhere.iter().map(|one| one.name.as_str()).collect();
        let text = words::declared_everywhere(language, &names.join(", "));
        self.screen.paragraph(Style::Dim, "~ ", "  ", &text)
    }

    /// Of one program: what it printed, its processes, and what its companions show.
    fn sections(&self, scenario: &Scenario, run_pair: &RunPair, side: Side) -> Vec<Lines> {
        let failures = side.consequences(scenario, run_pair);
        let mut sections = vec![self.output(side.run(run_pair))];
        for pair in &run_pair.pairs {
            let process = side.of(pair);
            let lines = process.map(|process| self.process(side.run(run_pair), process, &failures));
            sections.push(lines.unwrap_or_default());
        }
        sections.extend(self.companions(side.run(run_pair)));
        sections
    }

    /// The lines of an output; of many, the first and the last.
    fn printed(&self, output: &str) -> Lines {
        let all: Vec<&str> = output.lines().collect();
        let plain = |text: &&str| (Style::Plain, format!("  {text}").trim_end().to_owned());
        if all.len() <= FIRST + LAST + 1 {
            return all.iter().map(plain).collect();
        }
        let (first, rest) = all.split_at(FIRST);
        let (left, last) = rest.split_at(rest.len() - LAST);
        let left = format!("  {}", words::lines_more(self.language, left.len()));
        let lines = first.iter().map(plain).chain([(Style::Dim, left)]);
        lines.chain(last.iter().map(plain)).collect()
    }

    fn output(&self, run: &ProgramRun) -> Lines {
        let output = run.output();
        let head = match output.is_empty() {
            true => words::printed_nothing(self.language),
            false => words::printed(self.language),
        };
        let head = (Style::Dim, head.to_owned());
        std::iter::once(head).chain(self.printed(&output)).collect()
    }

    /// What stands on the terminal of each companion: there a client learns what has become of its server.
    fn companions(&self, run: &ProgramRun) -> Vec<Lines> {
        let companions = run.transcript.companions.iter();
        let lines = companions.map(|(name, part)| {
            let head = (Style::Dim, words::shows(self.language, name));
            let text = visible(&run.text(&part.terminal).to_string());
            std::iter::once(head).chain(self.printed(&text)).collect()
        });
        lines.collect()
    }

    /// The calls of a process from its failure on, and how it ended.
    fn process(&self, run: &ProgramRun, process: &ProcessCalls, failures: &[Failure]) -> Lines {
        let language = self.language;
        let number = process.number();
        let mut lines = vec![(Style::Dim, process_words::process(language, &number))];
        let call = |style, call: &NormalizedCall| {
            let line = process
                .place(call)
                .map_or_else(String::new, |line| line.to_string());
            let text = shorten::call(&call.to_string());
            (style, format!("{line:>5}  {text}"))
        };
        for failure in failures.iter().filter(|one| one.process == number) {
            lines.push(call(Style::Marked, failure.call));
            if let What::Signal(signal) = &failure.what {
                lines.push((
                    Style::Marked,
                    format!("       {}", words::comes(language, signal)),
                ));
            }
            lines.extend(failure.next.iter().map(|next| call(Style::Plain, next)));
            if failure.more > 0 {
                let more = compare::calls_more(language, failure.more);
                lines.push((Style::Dim, format!("       {more}")));
            }
        }
        lines.push((Style::Plain, format!("  {}", self.end(run, process))));
        lines
    }

    /// How a process ended; of one that did not, what it was doing at the end of the run.
    fn end(&self, run: &ProgramRun, process: &ProcessCalls) -> String {
        let last = process.calls.last().filter(|last| !last.returned);
        match (&process.end, killed_by(run, process), last) {
            (ProcessEnd::Cut, Some(signal), _) => process_words::kill(self.language, signal),
            (ProcessEnd::Cut, None, Some(last)) => {
                let call = shorten::call(&last.to_string());
                words::still_in(self.language, &call)
            }
            (ProcessEnd::Cut, None, None) => words::still_there(self.language).to_owned(),
            (end, ..) => end.say(self.language),
        }
    }

    fn one_above_the_other(&mut self, c: &[Lines], lab: &[Lines]) -> Result<()> {
        let heads = [
            compare::c_program(self.language),
            compare::lab(self.language),
        ];
        for (head, sections) in heads.into_iter().zip([c, lab]) {
            self.screen.line(Style::Heading, head)?;
            for (style, line) in sections.iter().flatten() {
                let line = fitted(&format!("  {line}"), self.width);
                self.screen.line(*style, line.trim_end())?;
            }
        }
        Ok(())
    }

    /// Section beside section: what belongs together begins in one row.
    fn beside(&mut self, c: &[Lines], lab: &[Lines]) -> Result<()> {
        let head = |text: &str| vec![(Style::Heading, text.to_owned())];
        let heads = (
            head(compare::c_program(self.language)),
            head(compare::lab(self.language)),
        );
        let column = self.width / 2 - 1;
        let sections = c.iter().zip(lab);
        for (left, right) in std::iter::once((&heads.0, &heads.1)).chain(sections) {
            for row in 0..left.len().max(right.len()) {
                let half = |lines: &Lines| match lines.get(row) {
                    Some((style, line)) => (*style, fitted(line, column)),
                    None => (Style::Plain, String::new()),
                };
                let ((style, left), (other, right)) = (half(left), half(right));
                let blanks = " ".repeat(column - display_width(&left) + 2);
                let right = self.screen.styled(other, &right);
                let line = self.screen.styled(style, &left) + &blanks + &right;
                self.screen.line(Style::Plain, line.trim_end())?;
            }
        }
        Ok(())
    }
}

/// The signal that killed a process before the run was over.
fn killed_by<'a>(run: &'a ProgramRun, process: &ProcessCalls) -> Option<&'a str> {
    let trace = run.transcript.trace.as_ref()?;
    let watched = trace.watched.map_or(usize::MAX, |(_, notices)| notices);
    let mut notices = trace.notices.iter().take(watched);
    notices.find_map(|notice| match &notice.what {
        Happening::Killed { signal } if notice.thread == process.thread => Some(signal.as_str()),
        _ => None,
    })
}

/// A line that is no wider; what is left out is its middle.
fn fitted(line: &str, width: usize) -> String {
    match display_width(line) > width {
        true => shorten::middle(line, width - TAIL - 1, TAIL),
        false => line.to_owned(),
    }
}

/// `child_wait.c:17  pid = fork();`
fn source_line(line: &Line) -> String {
    let name = line.file.file_name().unwrap_or_default().to_string_lossy();
    let text = fs::read_to_string(&line.file).unwrap_or_default();
    let number = usize::try_from(line.line).unwrap_or(usize::MAX);
    let text = text
        .lines()
        .nth(number.saturating_sub(1))
        .unwrap_or_default();
    format!("{name}:{number}  {}", text.trim())
}
