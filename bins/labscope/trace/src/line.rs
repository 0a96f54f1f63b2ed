//! One line of strace's output.

use crate::args::Args;

/// A line: who, when, what.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub pid: i32,
    /// Seconds, if strace was asked for them (`-ttt`, `-r`).
    pub time: Option<f64>,
    pub what: Happening,
}

/// What a line tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A call, entered and returned (or cut off with `?`) on one line.
    Call {
        name: String,
        args: String,
        result: String,
    },
    /// `name(args <unfinished ...>`
    Begun { name: String, args: String },
    /// `<... name resumed>rest`
    Resumed { name: String, rest: String },
    /// `--- SIGCHLD {...} ---`
    Signal { name: String, details: Args },
    /// `--- stopped by SIGSTOP ---`
    Stopped { signal: String },
    /// `+++ exited with 3 +++`
    Exited { status: i32 },
    /// `+++ killed by SIGKILL +++`
    Killed { signal: String },
    /// `+++ superseded by execve in pid 7 +++`: that thread takes over the process and its number.
    Superseded { by: i32 },
    /// Nobody goes on any more, and the thread was in no call: only our tracer tells it.
    Halted,
}

impl Happening {
    /// The process that a signal came from.
    pub fn sender(&self) -> Option<i32> {
        let Happening::Signal { details, .. } = self else {
            return None;
        };
        i32::try_from(details.field("si_pid")?.number()?).ok()
    }

    /// Whether the kernel itself sent it: the terminal's ^C, an alarm.
    pub fn is_from_kernel(&self) -> bool {
        self.code() == Some("SI_KERNEL")
    }

    /// Whether somebody sent it by a call: kill, tgkill, sigqueue.
    pub fn is_sent(&self) -> bool {
        matches!(self.code(), Some("SI_USER" | "SI_TKILL" | "SI_QUEUE"))
    }

    fn code(&self) -> Option<&str> {
        match self {
            Happening::Signal { details, .. } => Some(details.field("si_code")?.as_str()),
            _ => None,
        }
    }

    /// Whether it is a signal that tells of a child: it has ended, stopped, or goes on.
    pub fn is_about_child(&self) -> bool {
        self.code().is_some_and(|code| code.starts_with("CLD_"))
    }

    /// Whether the process is no more.
    pub fn is_end(&self) -> bool {
        matches!(self, Happening::Exited { .. } | Happening::Killed { .. })
    }
}

/// Reads one line without its newline; none if it is not strace's.
///
/// The pid stands first, as `-f -o` writes it, or as `[pid 7]`, as `-f` writes it to a terminal.
pub fn parse(text: &str) -> Option<Line> {
    let text = text.trim_end_matches(['\r', '\n']);
    let (pid, rest) = match text.strip_prefix("[pid") {
        Some(inner) => inner.split_once(']')?,
        None => text.split_once(' ')?,
    };
    let pid: i32 = pid.trim().parse().ok().filter(|&pid| pid > 0)?;
    let (time, rest) = time(rest.trim_start());
    Some(Line {
        pid,
        time,
        what: happening(rest)?,
    })
}

fn time(text: &str) -> (Option<f64>, &str) {
    match text.split_once(' ') {
        Some((word, rest))
            if word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.') =>
        {
            match word.parse() {
                Ok(seconds) => (Some(seconds), rest.trim_start()),
                Err(_) => (None, text),
            }
        }
        _ => (None, text),
    }
}

fn happening(text: &str) -> Option<Happening> {
    if let Some(inner) = between(text, "--- ", " ---") {
        if let Some(signal) = inner.strip_prefix("stopped by ") {
            return Some(Happening::Stopped {
                signal: signal.to_owned(),
            });
        }
        let (name, details) = inner.split_once(' ').unwrap_or((inner, ""));
        return Some(Happening::Signal {
            name: name.to_owned(),
            details: details.to_owned().into(),
        });
    }
    if let Some(inner) = between(text, "+++ ", " +++") {
        return end(inner);
    }
    if let Some(resumed) = text.strip_prefix("<... ") {
        let (name, rest) = resumed.split_once(" resumed>")?;
        // Old versions put a space before what follows; one before `=>` is part of the arguments.
        let rest = rest
            .strip_prefix(' ')
            .filter(|rest| !rest.starts_with('='))
            .unwrap_or(rest);
        return Some(Happening::Resumed {
            name: name.to_owned(),
            rest: rest.to_owned(),
        });
    }
    call(text)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.strip_prefix(before)?.strip_suffix(after)
}

fn end(text: &str) -> Option<Happening> {
    if let Some(status) = text.strip_prefix("exited with ") {
        return Some(Happening::Exited {
            status: status.parse().ok()?,
        });
    }
    if let Some(signal) = text.strip_prefix("killed by ") {
        let signal = signal.split(' ').next().unwrap_or(signal);
        return Some(Happening::Killed {
            signal: signal.to_owned(),
        });
    }
    let by = text.strip_prefix("superseded by execve in pid ")?;
    Some(Happening::Superseded {
        by: by.parse().ok()?,
    })
}

fn call(text: &str) -> Option<Happening> {
    let (name, inside) = text.split_once('(')?;
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '?';
    if name.is_empty() || !name.chars().all(in_name) {
        return None;
    }
    let name = name.to_owned();
    Some(match split_call(inside) {
        Some((args, result)) => Happening::Call { name, args, result },
        None => Happening::Begun {
            name,
            args: without_marks(inside).to_owned(),
        },
    })
}

/// Without what strace writes in the place of the rest of a call that it has to leave.
pub(super) fn without_marks(args: &str) -> &str {
    let text = args.trim_end();
    let Some((before, mark)) = text
        .strip_suffix(" ...>")
        .and_then(|text| text.rsplit_once('<'))
    else {
        return args;
    };
    let is_mark = matches!(mark, "unfinished" | "detached") || mark.starts_with("pid changed to ");
    match is_mark {
        true => before.strip_suffix(' ').unwrap_or(before),
        false => args,
    }
}

/// Splits what follows `name(` into the arguments and the result; none when the call has not returned.
pub(super) fn split_call(text: &str) -> Option<(String, String)> {
    let end = end_of_arguments(text)?;
    let result = text[end + 1..].trim_start().strip_prefix('=')?.trim();
    let args = without_marks(&text[..end]).trim_end();
    (!result.is_empty()).then(|| (args.to_owned(), result.to_owned()))
}

/// The place of the parenthesis that closes the arguments: not one in a string, a file's name or an inner pair.
pub(super) fn end_of_arguments(text: &str) -> Option<usize> {
    let text = text.as_bytes();
    let mut depth = 0usize;
    let mut in_string = false;
    let mut place = 0;
    while let Some(&byte) = text.get(place) {
        match byte {
            b'\\' if in_string => place += 1,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'<' => place = end_of_description(text, place).unwrap_or(place),
            b'(' | b'[' | b'{' => depth += 1,
            b')' if depth == 0 => return Some(place),
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        place += 1;
    }
    None
}

/// The place of the `>` after what `-y` tells of a descriptor: `3</a)b>`, `1</dev/pts/1<char 136:1>>`, `3<TCP:[1->2]>`.
///
/// Strace writes `<` and `>` in file names in octal.
fn end_of_description(text: &[u8], start: usize) -> Option<usize> {
    let follows_descriptor =
        start > 0 && (text[start - 1].is_ascii_digit() || text[..start].ends_with(b"AT_FDCWD"));
    let first = text.get(start + 1).copied()?;
    if !follows_descriptor || first == b'<' {
        return None;
    }
    let mut depth = 0usize;
    for (place, &byte) in text.iter().enumerate().skip(start) {
        match byte {
            b'<' => depth += 1,
            b'>' if first != b'/' && text[place - 1] == b'-' => {} // an arrow between addresses
            b'>' if depth == 1 => return Some(place),
            b'>' => depth -= 1,
            _ => {}
        }
    }
    None
}
