//! Every system call of a lab has its source line, in every scenario, and the
//! line is the right one: it names the call, or the library function that made it.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use labscope::compare::ProgramRun;
use labscope::source::{Place, Site};
use labscope::trace::{Call, Happening, Trace};

/// Which system calls a library function makes, where they are not one of its own name.
const CALLS: [(&str, &[&str]); 48] = [
    // And waits until another thread has left the stream.
    ("printf", &["fstat", "ioctl", "write", "futex"]),
    ("printf_string", &["fstat", "ioctl", "write", "futex"]),
    ("fprintf", &["fstat", "ioctl", "write"]),
    ("fwrite", &["fstat", "ioctl", "write"]),
    ("dprintf", &["write"]),
    ("fflush", &["write"]),
    ("perror", &["write"]),
    // Input on a terminal writes out what waits for that terminal.
    ("getchar", &["fstat", "ioctl", "read", "write"]),
    ("getc", &["fstat", "ioctl", "read", "write"]),
    ("fgets", &["fstat", "ioctl", "read", "write"]),
    // Writes out what waits and gives back what was read ahead; main's return does the same.
    ("exit", &["write", "lseek", "exit_group"]),
    ("_exit", &["exit_group"]),
    ("vfork_exit", &["vfork", "clone", "exit_group"]),
    ("execl", &["execve"]),
    // Newer processors have the wider call alone.
    ("fork", &["fork", "clone"]),
    ("pause", &["pause", "ppoll"]),
    ("pipe", &["pipe", "pipe2"]),
    ("dup2", &["dup2", "dup3", "fcntl"]),
    ("poll", &["poll", "ppoll"]),
    ("epoll_wait", &["epoll_wait", "epoll_pwait"]),
    ("unlink", &["unlink", "unlinkat"]),
    ("getpgrp", &["getpgrp", "getpgid"]),
    ("wait", &["wait4"]),
    ("waitpid", &["wait4"]),
    ("sigprocmask", &["rt_sigprocmask"]),
    ("sigsuspend", &["rt_sigsuspend"]),
    ("sigtimedwait", &["rt_sigtimedwait"]),
    ("sleep", &["clock_nanosleep", "restart_syscall"]),
    ("usleep", &["clock_nanosleep", "restart_syscall"]),
    ("signal", &["rt_sigaction"]),
    ("open", &["openat"]),
    ("select", &["pselect6"]),
    ("opendir", &["openat"]),
    ("readdir", &["getdents64"]),
    ("closedir", &["close"]),
    ("stat", &["newfstatat"]),
    ("pthread_create", &["mmap", "mprotect", "clone"]),
    ("pthread_join", &["futex"]),
    ("pthread_mutex_lock", &["futex"]),
    ("pthread_mutex_unlock", &["futex"]),
    ("mkfifo", &["mknodat"]),
    // The helpers of the labs.
    ("complain", &["write"]),
    ("write_all", &["write"]),
    ("address_and_port", &["write"]),
    ("port_and_address", &["write"]),
    ("address_port_and_workers", &["write"]),
    ("options_address_and_port", &["write"]),
    ("mmap_array", &["mmap"]),
];

fn may_make(function: &str, call: &str) -> bool {
    match CALLS.iter().find(|(name, _)| *name == function) {
        Some((_, calls)) => calls.contains(&call),
        None => function == call,
    }
}

/// The source lines of the labs, each file read once.
#[derive(Default)]
struct Sources(HashMap<PathBuf, Vec<String>>);

impl Sources {
    fn line(&mut self, file: &PathBuf, line: u32) -> String {
        let lines = self.0.entry(file.clone()).or_insert_with(|| {
            let text = fs::read_to_string(file)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            text.lines().map(str::to_owned).collect()
        });
        lines.get(line as usize - 1).cloned().unwrap_or_default()
    }
}

/// What is wrong with the attribution of one call.
fn objection(call: &Call, site: &Site, trace: &Trace, sources: &mut Sources) -> Option<String> {
    let is_first = call.thread == call.pid;
    if !matches!(site.place, Place::Program | Place::ReturnFromMain) {
        return match site.place {
            Place::Setup | Place::Foreign => None,
            Place::AroundThread => return_from_thread(call, site, sources),
            Place::CutOff if was_cut_off(call, trace) => None,
            place => Some(format!("{place:?}")),
        };
    }
    let Some(line) = site.line() else {
        return Some(format!("{:?} calls it from several lines", site.callee));
    };
    let text = sources.line(&line.file, line.line);
    let told = format!("{}:{}: {text}", line.file.display(), line.line);
    if site.place == Place::ReturnFromMain {
        let right = text == "}" && may_make("exit", &call.name);
        return (!right).then(|| format!("not main's end: {told}"));
    }
    let outermost = site.frames.last();
    if outermost.is_none_or(|frame| is_first && frame.function != "main") {
        return Some(format!("does not lead to main: {:?}", site.frames));
    }
    // A handler's end is at the line that the signal interrupted, to which it goes back.
    if call.name == "rt_sigreturn" {
        return None;
    }
    let Some(callee) = &site.callee else {
        return Some(format!("no library function: {told}"));
    };
    if !may_make(callee, &call.name) {
        return Some(format!("{callee} does not make this call: {told}"));
    }
    let named = has_word(&text, callee) || has_word(&text, &call.name);
    (!named).then(|| format!("neither the call nor {callee} is in this line: {told}"))
}

/// A thread ends at the closing brace of its function; which that is, is known if it has made a call there.
fn return_from_thread(call: &Call, site: &Site, sources: &mut Sources) -> Option<String> {
    if call.name != "exit" {
        return Some("a call of a thread outside of its function".to_owned());
    }
    let line = site.line()?;
    let text = sources.line(&line.file, line.line);
    (text != "}").then(|| format!("not the end of the thread's function: {text}"))
}

/// Whether a text has this word, alone.
fn has_word(text: &str, word: &str) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !in_word(c)).any(|part| part == word)
}

/// Whether the process was in this call when it or the run was ended: it never returned.
fn was_cut_off(call: &Call, trace: &Trace) -> bool {
    let last = trace.calls_of(call.pid);
    let last = last.filter(|other| other.thread == call.thread).last();
    let exited = trace.notices.iter().any(|notice| {
        notice.thread == call.thread && matches!(notice.what, Happening::Exited { .. })
    });
    !exited && call.value().is_none() && last.is_some_and(|last| std::ptr::eq(last, call))
}

/// Whether the stack of each call was asked for.
pub fn has_stacks(run: &ProgramRun) -> bool {
    let trace = run.transcript.trace.as_ref();
    trace.is_some_and(|trace| trace.calls.iter().any(|call| !call.stack.is_empty()))
}

/// The calls of a run with stacks that have no line or a wrong one.
pub fn lineless(run: &ProgramRun) -> Vec<String> {
    let (Some(trace), true) = (&run.transcript.trace, has_stacks(run)) else {
        return Vec::new();
    };
    let mut sources = Sources::default();
    let mut found = Vec::new();
    for (call, site) in trace.calls.iter().zip(&run.sites) {
        if let Some(objection) = objection(call, site, trace, &mut sources) {
            let Call {
                pid,
                name,
                result,
                stack,
                ..
            } = call;
            found.push(format!(
                "{pid} {name} = {result:?}: {objection}\n    {stack:?}"
            ));
        }
    }
    let of_program = |site: &&Site| site.place == Place::Program;
    if run.sites.len() != trace.calls.len() || run.sites.iter().find(of_program).is_none() {
        found.push("no call is the program's own".to_owned());
    }
    found
}
