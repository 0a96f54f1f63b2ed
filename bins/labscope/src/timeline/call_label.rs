//! What a system call is called in a picture: its name, what matters of its arguments, its outcome.

use crate::facts::readiness::ReadyDescriptor;
use crate::text::encoding;
use crate::timeline::model::Note;
use crate::trace::Call;
use crate::trace::syscall::{
    EXECS, FIRST, FORKS, KEYED, KILLS, PATH, QUIET, READS, REAPS, VALUE, WRITES, request,
};

/// How much of a text is shown.
const PREVIEW: usize = 18;

/// Whether a call has a mark.
pub fn is_telling(call: &Call) -> bool {
    let is_there = !call.is_sleep() || call.is_injected();
    !call.is(QUIET) && is_there && call.is_known()
}

/// A call in short, and which descriptors it found ready, if it tells: `poll → {3, 5 hup}`.
pub fn with_ready(call: &Call, ready: Option<&[ReadyDescriptor]>) -> String {
    let ready = ready.map_or_else(String::new, |ready| {
        let ready: Vec<String> = ready.iter().map(descriptor).collect();
        format!(" → {{{}}}", ready.join(", "))
    });
    of(call) + &ready
}

/// To be read, where nothing else is said.
fn descriptor(ready: &ReadyDescriptor) -> String {
    match ready.events.join(" ").as_str() {
        "in" => ready.descriptor.to_string(),
        events => format!("{} {events}", ready.descriptor),
    }
}

/// A call in short.
pub fn of(call: &Call) -> String {
    let name = call.name.as_str();
    let args = &call.args;
    let first = args.get(0).as_str();
    let path = |most| {
        call.path()
            .map_or_else(String::new, |path| preview(&path, most))
    };
    let text = match name {
        _ if call.is(READS | WRITES) => {
            let content = content(call);
            let space = if content.is_empty() { "" } else { " " };
            format!("{name}({first}){space}{content}")
        }
        _ if call.makes_process() => "fork".to_owned(),
        _ if call.is(FORKS) => "thread".to_owned(),
        _ if call.is(EXECS) => format!("exec {}", path(28)),
        "socket" if first == "AF_UNIX" => "socket Unix".to_owned(),
        "socket" if args.get(1).has("SOCK_DGRAM") => "socket UDP".to_owned(),
        "socket" => "socket TCP".to_owned(),
        "bind" | "connect" => match (args.address(), args.unix_name()) {
            (Some(address), _) => format!("{name}({first}) :{}", address.port()),
            (None, Some(path)) => format!("{name}({first}) {}", preview(path.as_bytes(), PREVIEW)),
            (None, None) => format!("{name}({first})"),
        },
        _ if request(name) == "semop" => format!("semop {}", operations(call)),
        _ if call.is(KEYED) => {
            // A key in decimal, as a program has it; or the name of IPC_PRIVATE.
            let key = args.get(0).number().map(|key| (key as i32).to_string());
            format!("{name} {}", key.as_deref().unwrap_or(first))
        }
        "semctl" if args.get(2).as_str() == "SETVAL" => {
            let value = args.get(3).number().unwrap_or(0); // NULL: 0
            format!("semctl SETVAL {}", value as i32)
        }
        "semctl" => format!("semctl {}", args.get(2).as_str()),
        "shmctl" => format!("shmctl {}", args.get(1).as_str()),
        _ if call.is(PATH) => format!("{name} {}", path(PREVIEW)),
        "rt_sigaction" => match args.get(1).field("sa_handler") {
            Some(handler) if !handler.as_str().starts_with("0x") => {
                format!("sigaction {first} {}", handler.as_str())
            }
            Some(_) => format!("sigaction {first} handler"),
            None => format!("sigaction {first}"),
        },
        "epoll_ctl" => {
            let what = args.get(1).as_str().trim_start_matches("EPOLL_CTL_");
            format!("epoll_ctl({first}) {what} {}", args.get(2).as_str())
        }
        _ if call.is(KILLS) => format!("{name}({args})"),
        _ if call.is(FIRST) => format!("{name}({first})"),
        _ => name.to_owned(),
    };
    text + &outcome(call)
}

/// By how much semaphores are raised or lowered: `-1`, `+1 -2`.
fn operations(call: &Call) -> String {
    let operations = call.args.get(1).parts();
    let by = operations
        .iter()
        .filter_map(|it| it.field("sem_op")?.number());
    let by: Vec<String> = by.map(|by| format!("{by:+}")).collect();
    by.join(" ")
}

fn outcome(call: &Call) -> String {
    let is_made_up = call.is_injected();
    match (call.errno(), call.value()) {
        (Some(errno), _) if is_made_up || !call.is_restarted() => format!(" {errno}"),
        _ if is_made_up && call.is_sleep() => String::new(),
        (_, Some(value)) if is_made_up => format!(" → {value}"),
        (None, Some(value)) if call.is(REAPS) => match call.wait_status() {
            Some(how) => format!(" → {value} ({how})"),
            None => format!(" → {value}"),
        },
        (None, Some(value)) if call.is(VALUE) => format!(" → {value}"),
        _ => String::new(),
    }
}

/// What the scenario did to a call, if anything.
pub fn note(call: &Call) -> Option<Note> {
    let short = call.is_sleep() && call.errno().is_none();
    let note = if short {
        Note::MadeShort
    } else {
        Note::Injected
    };
    call.is_injected().then_some(note)
}

/// What it has moved, or wanted to write; nothing has come to be read.
fn content(call: &Call) -> String {
    match call.value() {
        Some(0) if call.is(READS) => "EOF".to_owned(),
        Some(1..) => preview(&call.moved(), PREVIEW),
        _ if call.is(READS) => String::new(),
        _ => {
            let text = call.args.text();
            text.map_or_else(String::new, |text| preview(&text.bytes, PREVIEW))
        }
    }
}

/// A text in quotation marks, cut off where it becomes long; binary data by its size.
pub fn preview(bytes: &[u8], most: usize) -> String {
    let korean = encoding::korean(bytes);
    let Some(text) = korean.as_deref().or(std::str::from_utf8(bytes).ok()) else {
        return format!("{} bytes", bytes.len());
    };
    let is_binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(is_binary) {
        return format!("{} bytes", bytes.len());
    }
    let escaped = |character: char| match character {
        '\'' => "'".to_owned(),
        other => other.escape_debug().to_string(),
    };
    let quoted: String = text.chars().map(escaped).collect();
    let width = textwrap::core::display_width;
    if width(&quoted) <= most {
        return format!("\"{quoted}\"");
    }
    let mut cut = String::new();
    for piece in text.chars().map(escaped) {
        if width(&cut) + width(&piece) + 1 > most {
            break;
        }
        cut.push_str(&piece);
    }
    format!("\"{cut}…\"")
}

#[cfg(test)]
mod tests {
    use super::{note, of, preview};
    use crate::timeline::model::Note;
    use crate::trace::Trace;

    fn label(line: &str) -> (String, Option<Note>) {
        let mut trace = Trace::default();
        trace.feed(format!("10 {line}\n").as_bytes());
        (of(&trace.calls[0]), note(&trace.calls[0]))
    }

    #[test]
    fn the_error_of_a_call_is_told_also_when_strace_made_it() {
        let cases = [
            (
                "accept(3, 0x1, [16]) = -1 EMFILE (Too many open files) (INJECTED) <0.1>",
                "accept(3) EMFILE",
                Some(Note::Injected),
            ),
            (
                "fork() = -1 EAGAIN (Resource temporarily unavailable) (INJECTED)",
                "fork EAGAIN",
                Some(Note::Injected),
            ),
            (
                "clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=5}, NULL) = 0 (INJECTED)",
                "clock_nanosleep",
                Some(Note::MadeShort),
            ),
            ("dup(1) = 7 (INJECTED)", "dup(1) → 7", Some(Note::Injected)),
            (
                "accept(3, 0x1, [16]) = -1 EMFILE (Too many open files)",
                "accept(3) EMFILE",
                None,
            ),
            (
                "recvfrom(3, 0x1, 1023, 0, 0x2, [16]) = -1 ECONNREFUSED (Connection refused)",
                "recvfrom(3) ECONNREFUSED",
                None,
            ),
            ("read(0, <unfinished ...>", "read(0)", None),
            (
                "write(1, \"ab\", 2) = -1 EPIPE (Broken pipe)",
                "write(1) \"ab\" EPIPE",
                None,
            ),
        ];
        for (line, text, note) in cases {
            assert_eq!(label(line), (text.to_owned(), note), "{line}");
        }
    }

    #[test]
    fn a_text_is_not_cut_inside_an_escape() {
        let cut = |text: &str| preview(text.as_bytes(), 18);
        assert_eq!(cut("My Shell Ver 1.0\n\n"), "\"My Shell Ver 1.0…\"");
        assert_eq!(cut("it's a \"word\"\n"), r#""it's a \"word\"\n""#);
        assert_eq!(cut("0123456789abcde\n\n"), r#""0123456789abcde\n…""#);
        assert_eq!(cut("0123456789abcdef\n"), r#""0123456789abcdef\n""#);
    }
}
