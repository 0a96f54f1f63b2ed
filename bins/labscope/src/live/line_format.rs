//! One event as one line: process, time, call, and where it was made.

use textwrap::core::display_width;

use crate::i18n::{Language, live};
use crate::live::events::{Blocked, Event, Made, What};
use crate::live::say;
use crate::source::{Line, Place};
use crate::text::colours;
use crate::trace::{Outcome, readable};

/// How lines look in one place.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// None in a file: nothing is shortened there.
    pub width: Option<usize>,
    pub colours: bool,
    /// What tells a line from those of the lab, where they share a terminal.
    pub gutter: &'static str,
    pub language: Language,
    /// The longest call in a file; the end of a longer one is left out.
    pub longest: Option<usize>,
    /// The lab, whose own file needs no name where there is little room.
    pub lab: String,
}

/// A terminal of fewer columns has little room.
const NARROW: usize = 100;

impl Look {
    /// A place in a source file: `fork_test.rs:22`, on a narrow terminal `:22` if the file is the lab's.
    fn place(&self, line: &Line) -> String {
        let name = line.file.file_name().unwrap_or_default().to_string_lossy();
        let is_own = line
            .file
            .file_stem()
            .is_some_and(|stem| stem == self.lab.as_str());
        match is_own && self.width.is_some_and(|width| width < NARROW) {
            true => format!(":{}", line.line),
            false => format!("{name}:{}", line.line),
        }
    }
}

/// As exactly as times are shown.
const MILLISECOND: f64 = 0.001;

/// How wide the column of calls is in a file.
const CALLS: usize = 60;

/// The parts of a line.
struct Row {
    process: usize,
    time: f64,
    /// Since when it is so, where that may be told late.
    since: Option<f64>,
    /// The call, or what happened; it may be shortened.
    text: String,
    /// What follows it whole: `) = 3`.
    tail: String,
    /// `fork_test.rs:22`
    line: String,
    remark: String,
    tone: Tone,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tone {
    Call,
    /// Not the program's own: libc's, tracing's, another program's.
    Dim,
    Note,
    /// A process begins or ends.
    Life,
}

/// The line of an event, without its newline; `latest` is the time of the line above.
///
/// A line tells what has happened by its time: a call is over, a signal has come, a process has ended.
pub fn line(event: &Event, latest: &mut f64, look: &Look) -> String {
    let row = match event {
        Event::Blocked(blocked) => blocked_row(blocked, look),
        Event::Made(made) => made_row(made, look),
        Event::Note(note) => {
            let is_life = matches!(note.what, What::Born { .. } | What::Ended { .. });
            let is_birth = matches!(note.what, What::Born { .. });
            Row {
                since: is_birth.then_some(note.time),
                tone: if is_life { Tone::Life } else { Tone::Note },
                ..Row::of(
                    note.process,
                    note.time,
                    say::note(&note.what, look.language),
                )
            }
        }
    };
    row.not_before(latest, look.language).laid_out(look)
}

/// The line that stands for calls not listed, which were made between these times.
pub fn folded(
    process: usize,
    (since, over): (f64, f64),
    text: String,
    latest: &mut f64,
    look: &Look,
) -> String {
    let row = Row {
        since: Some(since),
        tone: Tone::Dim,
        ..Row::of(process, over, text)
    };
    row.not_before(latest, look.language).laid_out(look)
}

fn blocked_row(blocked: &Blocked, look: &Look) -> Row {
    let text = readable(blocked.text.trim_end_matches([' ', ',']));
    Row {
        since: Some(blocked.time),
        tail: " …".to_owned(),
        line: blocked
            .site
            .line()
            .map_or_else(String::new, |it| look.place(it)),
        remark: told(blocked.source.as_deref()),
        ..Row::of(blocked.process, blocked.time, text)
    }
}

fn made_row(made: &Made, look: &Look) -> Row {
    let call = &made.call;
    let is_exit = call.ended_inside && !call.is_cut_off();
    let result = match call.result.as_ref().map(Outcome::unexplained) {
        _ if is_exit => String::new(),
        None | Some("?") => " = ?".to_owned(),
        Some(result) => format!(" = {result}"),
    };
    let again = if made.was_told { "… " } else { "" };
    let args = readable(call.args.as_str().trim_end_matches([',', ' ']));
    let (line, remark) = origin(made, look);
    let is_own = made.libc.is_none() && made.mark.is_none_or(|mark| !mark.is_artefact());
    let is_foreign = matches!(made.site.place, Place::Foreign | Place::StartUp);
    Row {
        tail: format!("){result}"),
        line,
        remark,
        tone: if is_own && !is_foreign {
            Tone::Call
        } else {
            Tone::Dim
        },
        ..Row::of(
            made.process,
            made.over,
            format!("{again}{}({args}", call.name),
        )
    }
}

/// The line and what is said of it.
fn origin(made: &Made, look: &Look) -> (String, String) {
    let language = look.language;
    let line = made
        .site
        .line()
        .map_or_else(String::new, |it| look.place(it));
    let source = told(made.source.as_deref());
    let marked = made
        .mark
        .map(|mark| format!("[{}]", say::mark(mark, language)));
    let said = if let Some(kind) = made.libc {
        format!("[{}]", say::libc(kind, language))
    } else if made.site.place == Place::ReturnFromMain {
        format!("{source} [{}]", live::return_from_main(language))
    } else if line.is_empty() && marked.is_none() {
        let program = made.site.program.as_deref();
        format!("[{}]", say::place(made.site.place, program, language))
    } else {
        source
    };
    // What tracing does comes first: on a narrow terminal the end is cut off.
    let parts: Vec<String> = marked.into_iter().chain([said]).collect();
    (line, parts.join(" ").trim_end().to_owned())
}

/// A line of source as it may be shown.
fn told(source: Option<&str>) -> String {
    let source = source.unwrap_or_default().chars();
    source.filter(|it| !it.is_control()).collect()
}

impl Row {
    fn of(process: usize, time: f64, text: String) -> Row {
        Row {
            process,
            time,
            since: None,
            text,
            tail: String::new(),
            line: String::new(),
            remark: String::new(),
            tone: Tone::Call,
        }
    }

    /// Times do not run backwards: what is told late has the time of the line above, and says since when it is so.
    fn not_before(mut self, latest: &mut f64, language: Language) -> Row {
        let is_late = *latest - self.time > MILLISECOND;
        if let Some(since) = self.since.filter(|_| is_late) {
            let since = live::since(language, since);
            self.remark = format!("{since} {}", self.remark).trim_end().to_owned();
        }
        self.time = self.time.max(*latest);
        *latest = self.time;
        self
    }

    fn laid_out(&self, look: &Look) -> String {
        let (number, time) = (
            format!("{:>2}", self.process),
            format!(" {:>8.3}  ", self.time),
        );
        let head = [number.as_str(), time.as_str()];
        let taken = display_width(look.gutter) + head.map(display_width).iter().sum::<usize>();
        let room = look
            .width
            .map(|width| width.saturating_sub(taken + 1).max(40));
        let origin = match self.remark.is_empty() {
            true => self.line.clone(),
            false => format!("{}  {}", self.line, self.remark),
        };
        let origin = origin.trim();
        let column = match room {
            _ if origin.is_empty() => room.unwrap_or(usize::MAX),
            // The line's number is worth more than the end of a string.
            Some(room) => (room / 2).max(28),
            None => CALLS,
        };
        let most = match room {
            Some(_) => column,
            None => look.longest.unwrap_or(usize::MAX),
        };
        let call = shortened(&self.text, &self.tail, most);
        let gap = column.saturating_sub(display_width(&call)).min(CALLS * 3);
        let left = room.map_or(usize::MAX, |room| {
            room.saturating_sub(display_width(&call).max(column) + 2)
        });
        let origin = shortened(origin, "", left);
        self.painted(look, head, &call, gap, &origin)
    }

    fn painted(
        &self,
        look: &Look,
        [number, time]: [&str; 2],
        call: &str,
        gap: usize,
        origin: &str,
    ) -> String {
        let paint = |code: &str, text: &str| match look.colours && !text.is_empty() {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_owned(),
        };
        let call = match self.tone {
            Tone::Call => call.to_owned(),
            Tone::Dim => paint("2", call),
            Tone::Note => paint("33", call),
            Tone::Life => paint("1;35", call),
        };
        let gutter = paint("2", look.gutter);
        let head = paint(colours::of_process(self.process), number) + &paint("2", time);
        if origin.is_empty() {
            return format!("{gutter}{head}{call}");
        }
        let (line, remark) = origin.split_at(self.line.len().min(origin.len()));
        let (line, remark) = match self.tone {
            Tone::Dim => (paint("2", line), paint("2", remark)),
            _ => (paint("36", line), remark.to_owned()),
        };
        format!("{gutter}{head}{call}{:gap$}  {line}{remark}", "")
    }
}

/// A text and its tail in so many columns: the end of the text is left out, the tail is not.
fn shortened(text: &str, tail: &str, most: usize) -> String {
    if display_width(text).saturating_add(display_width(tail)) <= most {
        return format!("{text}{tail}");
    }
    let room = most.saturating_sub(display_width(tail) + 1);
    let mut cut = String::new();
    let mut width = 0;
    for character in text.chars() {
        width += display_width(character.encode_utf8(&mut [0; 4]));
        if width > room {
            break;
        }
        cut.push(character);
    }
    format!("{cut}…{tail}")
}
