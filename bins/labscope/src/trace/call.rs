//! One system call, as a trace tells it.

use crate::trace::quoted::strings;

/// The value that stands in a trace where a call has not returned.
const NO_RESULT: &str = "?";

/// One system call of one process.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub pid: i32,
    /// The thread that made it; the pid itself, in a process with one thread.
    pub thread: i32,
    pub name: String,
    /// The arguments as strace wrote them.
    pub args: String,
    /// What stands after `=`: `3`, `-1 ENOENT (…)`, `?`; none while the call has not returned.
    pub result: Option<String>,
    /// When it was entered, in seconds, if strace was asked for times.
    pub time: Option<f64>,
    /// When it was seen to have come back, if a line of its own tells that (`<... read resumed>`).
    pub resumed: Option<f64>,
    /// The place of the line on which it was entered, among all lines.
    pub entered_at: usize,
    /// The place of the line on which it returned; calls themselves lie in order of entry.
    pub returned_at: Option<usize>,
    /// True up to and with the first execve, which is strace's own.
    pub setup: bool,
    /// The stack below the call, as strace -k wrote it, innermost frame first.
    pub stack: Vec<String>,
    /// The call that a `restart_syscall` goes on with after a signal.
    pub resumes: Option<String>,
    /// Whether its thread ended before the call came back to it: an exit, or the last call of one that was killed.
    pub ended_inside: bool,
}

impl Call {
    /// The value that the call returned.
    pub fn value(&self) -> Option<i64> {
        let word = self.result.as_deref()?.split_whitespace().next()?;
        match word.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16).ok().map(|value| value as i64),
            None => number(word.split('<').next()?),
        }
    }

    /// The errno of a failed call, by name: `ENOENT`.
    pub fn errno(&self) -> Option<&str> {
        let mut words = self.result.as_deref()?.split_whitespace();
        let value = words.next()?;
        let name = words.next()?;
        ((value == "-1" || value == NO_RESULT) && name.starts_with('E')).then_some(name)
    }

    /// Whether it waits by nature: for input, a client, a child, a signal, or the time.
    pub fn waits(&self) -> bool {
        WAITS.contains(&self.request())
    }

    /// Whether it is sleep(3).
    pub fn is_sleep(&self) -> bool {
        matches!(self.request(), "clock_nanosleep" | "nanosleep")
    }

    /// Whether strace itself made up the result, or the arguments.
    pub fn is_injected(&self) -> bool {
        self.is_marked("INJECTED")
    }

    /// Whether strace held it back.
    pub fn is_delayed(&self) -> bool {
        self.is_marked("DELAYED")
    }

    /// Strace's marks stand last, in parentheses, at most followed by the time spent (`<0.000012>`).
    fn is_marked(&self, mark: &str) -> bool {
        let mut rest = self.result.as_deref().unwrap_or_default();
        if let Some((before, time)) = rest.rsplit_once(" <")
            && time.ends_with('>')
        {
            rest = before;
        }
        while let Some((before, note)) = rest.strip_suffix(')').and_then(|it| it.rsplit_once(" ("))
        {
            if note.starts_with(mark) {
                return true;
            }
            if !note.starts_with("INJECTED") && note != "DELAYED" {
                return false;
            }
            rest = before;
        }
        false
    }

    /// Whether the kernel broke the call off, to begin it anew when a signal had been dealt with.
    pub fn is_restarted(&self) -> bool {
        self.errno()
            .is_some_and(|errno| errno.starts_with("ERESTART"))
    }

    /// Whether it has come back to the program.
    ///
    /// Read from a process that was being killed, a result may be an error that has no name.
    pub fn has_returned(&self) -> bool {
        let result = self.result.as_deref().unwrap_or(NO_RESULT);
        result.split(' ').next() != Some(NO_RESULT) && !result.starts_with("-1 (errno 18446744")
    }

    /// Whether its thread was killed inside it, so that nobody knows its end; it has a stack only if a signal broke it off first.
    pub fn is_cut_off(&self) -> bool {
        self.ended_inside && !same_request(&self.name, "exit")
    }

    /// What it asks for: its name, or that of the call that a `restart_syscall` goes on with.
    pub fn request(&self) -> &str {
        self.resumes.as_deref().unwrap_or(&self.name)
    }

    /// Whether it starts a process (or a thread).
    pub fn is_fork(&self) -> bool {
        same_request(&self.name, "fork")
    }

    /// Whether it starts a process, not a thread.
    pub fn makes_process(&self) -> bool {
        self.is_fork() && !self.args.contains("CLONE_THREAD")
    }

    /// The process that it has made.
    pub fn child(&self) -> Option<i32> {
        let child = self.value().filter(|_| self.makes_process())?;
        i32::try_from(child).ok().filter(|&child| child > 0)
    }
}

/// A decimal number, or an octal one, as umask(2) returns it.
fn number(word: &str) -> Option<i64> {
    match word.strip_prefix('0') {
        Some(octal) if !octal.is_empty() => i64::from_str_radix(octal, 8).ok(),
        _ => word.parse().ok(),
    }
}

/// The calls in which a process may stay.
const WAITS: [&str; 13] = [
    "accept",
    "accept4",
    "clock_nanosleep",
    "nanosleep",
    "pause",
    "poll",
    "read",
    "recv",
    "recvfrom",
    "rt_sigsuspend",
    "select",
    "wait4",
    "waitid",
];

/// The calls that make a process.
pub const FORKS: [&str; 4] = ["fork", "vfork", "clone", "clone3"];

/// Whether two names stand for the same request: what fork(2) and exit(2) become differs by library and machine.
pub fn same_request(one: &str, other: &str) -> bool {
    const SAME: [&[&str]; 3] = [&FORKS, &["exit", "exit_group"], &["fstat", "newfstatat"]];
    one == other
        || SAME
            .iter()
            .any(|names| names.contains(&one) && names.contains(&other))
}

/// What one write or writev delivered to `descriptor`.
pub(super) fn written_by(call: &Call, descriptor: i32) -> Vec<u8> {
    let to = call
        .args
        .split([',', '<'])
        .next()
        .and_then(|word| word.trim().parse::<i32>().ok());
    let written = call.value().and_then(|value| usize::try_from(value).ok());
    match (to == Some(descriptor), written) {
        (true, Some(written)) => {
            let mut bytes: Vec<u8> = strings(&call.args)
                .into_iter()
                .flat_map(|string| string.bytes)
                .collect();
            bytes.truncate(written);
            bytes
        }
        _ => Vec::new(),
    }
}
