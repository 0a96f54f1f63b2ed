//! A run that is over, told piece by piece: what happened, up to a sentence and the picture that belongs to it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use crate::i18n::tour as words;
use crate::run::transcript::{Entry, Transcript};
use crate::scenario::Channel;
use crate::source::{Attribution, Line, Place, Site, Sources};
use crate::text::screen::{Screen, Style};
use crate::text::shorten;
use crate::tour::calls;
use crate::tour::part::{Part, RunShown};
use crate::tour::printed::Printed;
use crate::tour::sheet::{Row, Sheet, groups};
use crate::tour::show::{margin, typed};
use crate::trace::{Call, Trace};

/// How long a reader rests at the end of a piece.
const REST: Duration = Duration::from_secs(1);

/// What is shown before the reader goes on.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    pub rows: Vec<Row>,
    /// The calls, where they do not stand beside what they print.
    pub calls: Vec<Row>,
    pub column: usize,
}

impl Piece {
    /// How long reading it takes.
    pub fn time(&self) -> Duration {
        self.rows.iter().map(|row| row.time).sum::<Duration>() + REST
    }
}

/// What makes two calls the same for whoever has seen one: the line, the name, how it ended, and whether the first
/// process of its program made it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Seen {
    place: Option<(PathBuf, u32)>,
    name: String,
    errno: Option<String>,
    is_first: bool,
    has_returned: bool,
}

/// How a run is laid out.
pub struct Layout<'a> {
    pub screen: &'a Screen,
    pub width: usize,
    /// So many rows are a piece at most.
    pub rows: usize,
    /// Calls stand by themselves, each below its line.
    pub calls_apart: bool,
}

/// Tells a run.
pub struct Teller<'a> {
    run: &'a RunShown,
    layout: &'a Layout<'a>,
    transcript: &'a Transcript,
    seen: &'a mut HashSet<Seen>,
    /// Where each call comes from, by the companion that made it.
    sites: HashMap<Option<&'a str>, Vec<Site>>,
    printed: Printed<'a>,
    /// The calls that are to be told once more when they come back.
    inside: HashSet<(Option<&'a str>, usize)>,
    sources: Sources,
    sheet: Sheet,
    calls: Sheet,
    pieces: Vec<Piece>,
    /// How many calls were left out that the reader has seen, and how many of programs that are no labs.
    left_out: (usize, usize),
    /// The line below which calls stand now, where they stand by themselves.
    last_line: Option<String>,
    /// A sentence, or the picture that belongs to it, came last.
    is_said: bool,
}

impl<'a> Teller<'a> {
    pub fn new(
        run: &'a RunShown,
        transcript: &'a Transcript,
        layout: &'a Layout<'a>,
        seen: &'a mut HashSet<Seen>,
    ) -> Teller<'a> {
        Teller {
            run,
            layout,
            transcript,
            seen,
            sites: HashMap::new(),
            printed: Printed::of(transcript),
            inside: HashSet::new(),
            sources: Sources::default(),
            sheet: Sheet::new(layout.width),
            calls: Sheet::new(layout.width),
            pieces: Vec::new(),
            left_out: (0, 0),
            last_line: None,
            is_said: false,
        }
    }

    /// The pieces of the run; `programs` is the folder of the programs in it.
    pub fn tell(mut self, programs: &Path) -> Result<Vec<Piece>> {
        let attribution = Attribution::new(programs)?;
        for (who, part) in self.transcript.parts() {
            if let Some(trace) = &part.trace {
                self.sites.insert(who, attribution.sites(trace));
            }
        }
        for (place, entry) in self.transcript.entries.iter().enumerate() {
            let (who, what) = entry.whose();
            match what {
                Entry::Call(index) => self.call(who, *index, place),
                Entry::Returned(index) => self.returned(who, *index),
                Entry::Notice(index) => self.notice(who, *index),
                Entry::Printed { bytes, on } => self.print(who, *on, bytes),
                _ => {
                    if let Some((who, part)) = self.run.part(entry) {
                        self.part(who, part);
                    }
                }
            }
        }
        for part in self.run.end(self.transcript) {
            self.part(None, part);
        }
        self.end_piece();
        Ok(self.pieces)
    }

    /// Before something that is no picture: the sentence before it is read first.
    fn begin(&mut self) {
        if self.is_said {
            self.end_piece();
        }
    }

    fn end_piece(&mut self) {
        self.tell_left_out();
        self.is_said = false;
        let most = self.layout.rows;
        let mut rows = groups(self.sheet.take(), most).into_iter();
        let mut calls = groups(self.calls.take(), most).into_iter();
        while rows.len() + calls.len() > 0 {
            self.pieces.push(Piece {
                rows: rows.next().unwrap_or_default(),
                calls: calls.next().unwrap_or_default(),
                column: self.sheet.column(),
            });
        }
        self.last_line = None;
    }

    /// Where calls stand by themselves, a piece ends before either half is full: what belongs together is seen at once.
    fn keep_together(&mut self) {
        let fullest = self.sheet.len().max(self.calls.len());
        if self.layout.calls_apart && fullest + 2 > self.layout.rows {
            self.end_piece();
        }
    }

    fn part(&mut self, who: Option<&str>, part: Part) {
        if !matches!(part, Part::Drawn(_) | Part::EchoedLineEnd) {
            self.begin();
            self.tell_left_out();
        }
        let (screen, language) = (self.layout.screen, self.run.language);
        let sheet = &mut self.sheet;
        match part {
            Part::Said(text) => {
                if self.layout.calls_apart && sheet.len() > 0 {
                    sheet.line(Style::Plain, "");
                }
                sheet.paragraph(Style::Said, "  ▸ ", "    ", &text);
                self.is_said = true;
            }
            Part::Drawn(lines) => {
                if let Some(who) = who {
                    sheet.line(Style::Dim, &format!("    {who}:"));
                }
                sheet.drawing(&lines);
                self.is_said = true;
            }
            Part::Remark(text) => sheet.paragraph(Style::Dim, "    ", "    ", text),
            Part::Started {
                line,
                wiring,
                input,
            } => {
                let line = format!("{}{line}  {wiring}", margin(who, '$'));
                sheet.line(Style::Plain, line.trim_end());
                if let Some(text) = input {
                    sheet.paragraph(Style::Dim, "    ", "    ", &text);
                }
            }
            Part::Typed(keys) => {
                let keys = typed(screen, keys, language);
                sheet.printed(&margin(who, '│'), Style::Typed, &keys);
            }
            Part::EchoedLineEnd => sheet.end_line(&margin(who, '│')),
            Part::Printed { .. } => {}
            Part::Piped { text, keys } => {
                let keys = match keys.is_empty() {
                    true => keys,
                    false => typed(screen, keys, language),
                };
                let line = format!("{}{text} {keys}", margin(who, '»'));
                sheet.line(Style::Typed, line.trim_end());
            }
            Part::Signalled { process, command } => {
                sheet.line(Style::Typed, &format!("  $ {command}  ({process})"));
            }
            Part::Ended(text) => sheet.paragraph(Style::Marked, "  └ ", "    ", &text),
            Part::Left(text) => sheet.paragraph(Style::Dim, "    ", "    ", &text),
        }
    }

    /// What came out and does not stand beside its call by now.
    fn print(&mut self, who: Option<&'a str>, on: Channel, bytes: &[u8]) {
        let text = self.printed.comes(who, on, bytes);
        if !text.is_empty() {
            self.begin();
            self.tell_left_out();
            let margin = margin(who, sign(on));
            self.sheet.printed(&margin, Style::Plain, &text);
        }
    }

    /// What a call has printed, if that comes next there; the row in which it begins.
    fn print_of(&mut self, who: Option<&'a str>, call: &Call) -> Option<usize> {
        let (on, text) = self.printed.by_call(who, call)?;
        self.begin();
        self.tell_left_out();
        let margin = margin(who, sign(on));
        let place = self.sheet.begins_at(&margin);
        self.sheet.printed(&margin, Style::Plain, &text);
        Some(place)
    }

    /// A call was entered: it is told with its result, unless something else happens before it comes back.
    fn call(&mut self, who: Option<&'a str>, index: usize, place: usize) {
        let Some(call) = self.trace(who).map(|trace| &trace.calls[index]) else {
            return;
        };
        if self.is_foreign(who, index) {
            self.left_out.1 += 1;
            return;
        }
        self.keep_together();
        let next = self.transcript.entries.get(place + 1).map(Entry::whose);
        let is_back =
            matches!(next, Some((other, Entry::Returned(one))) if (other, *one) == (who, index));
        let beside = self.print_of(who, call);
        if !call.waits() || is_back {
            return self.tell_call(who, index, beside);
        }
        self.inside.insert((who, index));
        if self.is_new(who, index, false) {
            let text = calls::entered(call, self.room(who, index));
            self.tell_cell(who, index, beside, (Style::Dim, text));
        }
    }

    fn returned(&mut self, who: Option<&'a str>, index: usize) {
        if self.inside.remove(&(who, index)) {
            self.keep_together();
            self.tell_call(who, index, None);
        }
    }

    /// A call with its result.
    fn tell_call(&mut self, who: Option<&'a str>, index: usize, beside: Option<usize>) {
        if !self.is_new(who, index, true) {
            self.left_out.0 += 1;
            return;
        }
        let room = self.room(who, index);
        let Some(trace) = self.trace(who) else { return };
        let line = calls::call(trace, index, self.run.language, room);
        self.tell_cell(who, index, beside, (Style::Plain, line.text));
        if let Some(remark) = line.remark {
            let remark = shorten::end(&format!("      ← {remark}"), self.right_room());
            self.cell(None, vec![(Style::Marked, remark)]);
        }
    }

    /// A signal, a stop or an end; that of a first process is told by itself.
    fn notice(&mut self, who: Option<&'a str>, index: usize) {
        let Some((trace, pids)) = self.trace(who).zip(self.pids(who)) else {
            return;
        };
        let notice = &trace.notices[index];
        let number = number(pids, notice.pid);
        if number == 1 && notice.what.is_end() {
            return;
        }
        let text = calls::notice(&notice.what, pids, self.run.language);
        let text = shorten::end(&format!("{} {text}", name(who, number)), self.right_room());
        self.cell(None, vec![(Style::Dim, text)]);
    }

    fn trace(&self, who: Option<&str>) -> Option<&'a Trace> {
        self.part_of(who)?.trace.as_ref()
    }

    fn pids(&self, who: Option<&str>) -> Option<&'a [i32]> {
        Some(&self.part_of(who)?.pids)
    }

    fn part_of(&self, who: Option<&str>) -> Option<&'a Transcript> {
        match who {
            None => Some(self.transcript),
            Some(name) => self.transcript.companion(name),
        }
    }

    fn site(&self, who: Option<&'a str>, index: usize) -> Option<&Site> {
        self.sites.get(&who)?.get(index)
    }

    fn is_foreign(&self, who: Option<&'a str>, index: usize) -> bool {
        let site = self.site(who, index);
        site.is_some_and(|site| matches!(site.place, Place::Foreign | Place::StartUp))
    }

    /// Whether no such call has been told; it counts as told from now on.
    fn is_new(&mut self, who: Option<&'a str>, index: usize, has_returned: bool) -> bool {
        let Some((trace, pids)) = self.trace(who).zip(self.pids(who)) else {
            return false;
        };
        let call = &trace.calls[index];
        let line = self.site(who, index).and_then(Site::line);
        let errno = call.errno().filter(|_| has_returned);
        self.seen.insert(Seen {
            place: line.map(|line| (line.file.clone(), line.line)),
            name: call.name.clone(),
            errno: errno.map(str::to_owned),
            is_first: number(pids, call.pid) == 1,
            has_returned,
        })
    }

    /// Whose call it is, and its line.
    fn head(&self, who: Option<&'a str>, index: usize) -> String {
        let pid = self.trace(who).map_or(0, |trace| trace.calls[index].pid);
        let name = name(who, number(self.pids(who).unwrap_or_default(), pid));
        let line = self.site(who, index).and_then(Site::line);
        match line {
            Some(line) => format!("{name} {:>3} ", line.line),
            None => format!("{name}     "),
        }
    }

    fn right_room(&self) -> usize {
        match self.layout.calls_apart {
            true => self.layout.width,
            false => self.sheet.room(),
        }
    }

    /// How wide a call may be behind its head.
    fn room(&self, who: Option<&'a str>, index: usize) -> usize {
        let head = match self.layout.calls_apart {
            true => 4,
            false => self.head(who, index).len(),
        };
        self.right_room().saturating_sub(head)
    }

    fn tell_cell(
        &mut self,
        who: Option<&'a str>,
        index: usize,
        beside: Option<usize>,
        (style, text): (Style, String),
    ) {
        let head = self.head(who, index);
        if !self.layout.calls_apart {
            return self.cell(beside, vec![(Style::Dim, head), (style, text)]);
        }
        let line = self.site(who, index).and_then(Site::line).cloned();
        let source = line.map(|line| self.source(&line)).unwrap_or_default();
        let source = shorten::end(&format!("{head}{source}"), self.layout.width);
        self.begin();
        self.tell_left_out();
        if self.last_line.as_ref() != Some(&source) {
            self.cell(None, vec![(Style::Dim, source.clone())]);
            self.last_line = Some(source);
        }
        self.calls.bound(vec![(style, format!("    {text}"))]);
    }

    /// The text of a source line.
    fn source(&mut self, line: &Line) -> String {
        self.sources.text(line).unwrap_or_default()
    }

    fn cell(&mut self, beside: Option<usize>, cell: Vec<(Style, String)>) {
        if beside.is_none() {
            self.begin();
        }
        self.tell_left_out();
        match self.layout.calls_apart {
            true => self.calls.call(None, cell),
            false => self.sheet.call(beside, cell),
        }
    }

    /// How many calls have been left out since the last row.
    fn tell_left_out(&mut self) {
        let (seen, foreign) = std::mem::take(&mut self.left_out);
        let language = self.run.language;
        let seen = (seen > 0).then(|| words::seen_before(language, seen));
        let foreign = (foreign > 0).then(|| words::calls_of_no_lab(language, foreign));
        for text in seen.into_iter().chain(foreign) {
            let text = shorten::end(&format!("  {text}"), self.right_room());
            let sheet = match self.layout.calls_apart {
                true => &mut self.calls,
                false => &mut self.sheet,
            };
            self.last_line = None;
            sheet.call(None, vec![(Style::Dim, text)]);
        }
    }
}

/// Which process of its program it is.
fn number(pids: &[i32], pid: i32) -> usize {
    pids.iter()
        .position(|&one| one == pid)
        .map_or(1, |place| place + 1)
}

fn name(who: Option<&str>, number: usize) -> String {
    match (who, number) {
        (None, number) => number.to_string(),
        (Some(who), 1) => who.to_owned(),
        (Some(who), number) => format!("{who} {number}"),
    }
}

/// What stands before output: on a terminal, or through a pipe.
fn sign(on: Channel) -> char {
    match on {
        Channel::Terminal => '│',
        Channel::Pipe => '┆',
    }
}
