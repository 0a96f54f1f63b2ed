//! What a call asks of the kernel, without what differs between two runs of the same program.

use super::arguments::{plain, quoted, split};
use super::text::{Names, Text};
use crate::attribution::{Line, Site};
use crate::strace::{Call, same_request, strings};

/// A call of a process, ready to be compared.
#[derive(Clone, Debug)]
pub struct Request {
    /// The call and its result.
    pub text: Text,
    pub name: String,
    /// Whether it has come back to the program (exit never does).
    pub returned: bool,
    /// Whether it was read from a process that was being killed, so that it may have been any call.
    pub doubtful: bool,
    /// The source line that made it.
    pub line: Option<Line>,
    /// Its place in the trace.
    pub index: usize,
}

impl Request {
    pub fn new(call: &Call, site: &Site, index: usize, names: &Names) -> Request {
        let name = common_name(&call.name);
        let text = match result(call) {
            Some(result) => format!("{name}({}) = {result}", arguments(call, site)),
            None => format!("{name}({})", arguments(call, site)),
        };
        Request {
            text: Text::new(&text, names),
            name: name.to_owned(),
            returned: call.has_returned() || name == "exit",
            doubtful: false,
            line: site.line().cloned(),
            index,
        }
    }

    /// Whether both are the same request with the same result; one that was cut off may have had any.
    pub fn alike(&self, other: &Request) -> bool {
        match self.returned && other.returned {
            true => self.text.alike(&other.text),
            false => self.name == other.name,
        }
    }
}

/// One name for what is the same request.
fn common_name(name: &str) -> &str {
    ["fork", "exit", "fstat"]
        .into_iter()
        .find(|common| same_request(name, common))
        .unwrap_or(name)
}

/// The arguments that the program chose; what the kernel fills in is left out where it says nothing.
fn arguments(call: &Call, site: &Site) -> String {
    let args = split(&call.args);
    let first = |count: usize| {
        args.iter()
            .take(count)
            .map(|arg| plain(arg))
            .collect::<Vec<_>>()
    };
    let words = match common_name(&call.name) {
        "fork" => Vec::new(),
        "fstat" => first(1),
        "ioctl" => first(2),
        "execve" => first(2),
        "clock_nanosleep" => first(3),
        "write" => written(call, site),
        "rt_sigaction" => args.iter().take(2).map(|arg| action(arg)).collect(),
        _ => first(args.len()),
    };
    words.join(", ")
}

/// The text of a write; below perror it goes to standard error, through whichever descriptor.
fn written(call: &Call, site: &Site) -> Vec<String> {
    let descriptor = match site.callee.as_deref() {
        Some("perror") => "2",
        _ => call.args.split(',').next().unwrap_or_default(),
    };
    let bytes = strings(&call.args)
        .into_iter()
        .next()
        .map(|string| string.bytes);
    vec![descriptor.to_owned(), quoted(&bytes.unwrap_or_default())]
}

/// A signal's action without the restorer, which every libc brings along on x86_64.
fn action(arg: &str) -> String {
    let arg = match arg.find(", sa_restorer=") {
        Some(start) => format!("{}}}", &arg[..start]),
        None => arg.to_owned(),
    };
    plain(&arg.replace("SA_RESTORER|", "").replace("|SA_RESTORER", ""))
}

/// What it returned: a value, or the name of the error. None if it did not come back.
fn result(call: &Call) -> Option<String> {
    if !call.has_returned() {
        return None;
    }
    if let Some(errno) = call.errno() {
        return Some(format!("-1 {errno}"));
    }
    let value = call.value()?;
    let length = || {
        strings(&call.args)
            .into_iter()
            .next()
            .map(|string| string.bytes.len())
    };
    // A pid has more or fewer digits in another run; that all was written is what counts.
    match call.name == "write" && length() == usize::try_from(value).ok() {
        true => Some("all".to_owned()),
        false => Some(plain(call.result.as_deref()?.split_whitespace().next()?)),
    }
}
