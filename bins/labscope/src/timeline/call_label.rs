//! What a system call is called in a picture: its name, what matters of its arguments, its outcome.

use std::net::{Ipv4Addr, SocketAddr};

use crate::timeline::model::Note;
use crate::trace::{Call, first_string, strings};

/// Calls that only ask or keep house: no mark of their own.
const QUIET: [&str; 29] = [
    "access",
    "arch_prctl",
    "brk",
    "exit",
    "exit_group",
    "fstat",
    "futex",
    "getegid",
    "geteuid",
    "getgid",
    "getpid",
    "getppid",
    "getrandom",
    "getuid",
    "ioctl",
    "lseek",
    "madvise",
    "mmap",
    "mprotect",
    "munmap",
    "newfstatat",
    "pread64",
    "prlimit64",
    "restart_syscall",
    "rseq",
    "rt_sigprocmask",
    "set_robust_list",
    "set_tid_address",
    "uname",
];

/// How much of a text is shown.
const PREVIEW: usize = 18;

/// Whether a call has a mark.
pub fn is_telling(call: &Call) -> bool {
    let is_there = !call.is_sleep() || call.is_injected();
    !QUIET.contains(&call.name.as_str()) && is_there && !call.name.starts_with("syscall_0x")
}

/// Whether an execve is that of a program that is no lab: labs are executed by a relative path.
pub fn is_foreign(call: &Call) -> bool {
    first_string(&call.args).is_some_and(|path| path.bytes.starts_with(b"/"))
}

/// A call in short.
pub fn of(call: &Call) -> String {
    let name = call.name.as_str();
    let first = first_argument(call);
    let text = match name {
        "read" | "write" | "send" | "recv" | "sendto" | "recvfrom" | "writev" | "readv" => {
            let content = content(call);
            let space = if content.is_empty() { "" } else { " " };
            format!("{name}({first}){space}{content}")
        }
        "fork" | "vfork" | "clone" | "clone3" => "fork".to_owned(),
        "execve" => format!(
            "exec {}",
            first_string(&call.args).map_or_else(String::new, |path| preview(&path.bytes, 28))
        ),
        "socket" => {
            let kind = if call.args.contains("SOCK_DGRAM") {
                "UDP"
            } else {
                "TCP"
            };
            format!("socket {kind}")
        }
        "bind" | "connect" => match address(&call.args) {
            Some(address) => format!("{name}({first}) :{}", address.port()),
            None => format!("{name}({first})"),
        },
        "open" | "openat" | "creat" | "chdir" => {
            format!(
                "{name} {}",
                first_string(&call.args).map_or_else(String::new, |path| preview(&path.bytes, 18))
            )
        }
        "rt_sigaction" => action(call),
        "kill" => format!("kill({})", call.args),
        "umask" | "close" | "listen" | "accept" | "accept4" | "dup" | "setsockopt" | "shutdown" => {
            format!("{name}({first})")
        }
        _ => name.to_owned(),
    };
    text + &outcome(call)
}

fn outcome(call: &Call) -> String {
    let name = call.name.as_str();
    let is_made_up = call.is_injected();
    match (call.errno(), call.value()) {
        (Some(errno), _) if is_made_up || !call.is_restarted() => format!(" {errno}"),
        _ if is_made_up && call.is_sleep() => String::new(),
        (_, Some(value)) if is_made_up => format!(" → {value}"),
        (None, Some(value)) if name == "wait4" => match exit_value(call) {
            Some(how) => format!(" → {value} ({how})"),
            None => format!(" → {value}"),
        },
        (None, Some(value))
            if call.is_fork()
                || matches!(
                    name,
                    "accept" | "accept4" | "socket" | "open" | "openat" | "dup" | "dup2" | "setsid"
                ) =>
        {
            format!(" → {value}")
        }
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

/// `3` or `SIGKILL`, as wait4 decodes the status.
fn exit_value(call: &Call) -> Option<&str> {
    let after = |mark: &str| call.args.split_once(mark).map(|(_, rest)| rest);
    if let Some(rest) = after("WEXITSTATUS(s) == ") {
        return rest.split(|c: char| !c.is_ascii_digit()).next();
    }
    after("WTERMSIG(s) == ")?.split(['}', ' ', ')']).next()
}

/// What a process does with a signal from now on.
fn action(call: &Call) -> String {
    let signal = first_argument(call);
    let handler = call.args.split_once("sa_handler=");
    let handler = handler.and_then(|(_, rest)| rest.split(',').next());
    match handler {
        Some(handler) => format!("sigaction {signal} {handler}"),
        None => format!("sigaction {signal}"),
    }
}

/// The first argument as it stands.
pub fn first_argument(call: &Call) -> &str {
    call.args.split(',').next().unwrap_or_default().trim()
}

/// The descriptor that a call is about.
pub fn descriptor(call: &Call) -> Option<i32> {
    first_argument(call).parse().ok()
}

/// The bytes that a call moved.
pub fn moved(call: &Call) -> Vec<u8> {
    let count = call.value().and_then(|count| usize::try_from(count).ok());
    let pieces = strings(&call.args).into_iter();
    let mut bytes: Vec<u8> = match call.name.as_str() {
        "readv" | "writev" => pieces.flat_map(|piece| piece.bytes).collect(),
        _ => pieces.take(1).flat_map(|piece| piece.bytes).collect(),
    };
    bytes.truncate(count.unwrap_or(0));
    bytes
}

fn content(call: &Call) -> String {
    match call.value() {
        Some(0) if call.name.starts_with("re") => "EOF".to_owned(),
        Some(1..) => preview(&moved(call), PREVIEW),
        // what it wanted to write; nothing has come to be read
        _ if call.name.starts_with("re") => String::new(),
        _ => {
            first_string(&call.args).map_or_else(String::new, |text| preview(&text.bytes, PREVIEW))
        }
    }
}

/// A text in quotation marks, cut off where it becomes long; binary data by its size.
pub fn preview(bytes: &[u8], most: usize) -> String {
    let Ok(text) = std::str::from_utf8(bytes) else {
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

/// The Internet address in the arguments of a call.
pub fn address(args: &str) -> Option<SocketAddr> {
    let (_, rest) = args.split_once("sin_port=htons(")?;
    let (port, rest) = rest.split_once(')')?;
    let (_, rest) = rest.split_once("sin_addr=inet_addr(\"")?;
    let (ip, _) = rest.split_once('"')?;
    let ip: Ipv4Addr = ip.parse().ok()?;
    Some(SocketAddr::from((ip, port.parse().ok()?)))
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
