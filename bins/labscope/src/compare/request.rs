//! What a call asks for, whichever library or kernel makes it: its name, its arguments and its result without what differs
//! between two machines.

use crate::compare::aliases::Aliases;
use crate::source::Site;
use crate::trace::syscall::{READS, WRITES, request};
use crate::trace::{Arg, Args, Call, Outcome, quoted};

/// The call in whose place a library makes this one: musl's stdio writes what it has and what comes in two pieces, its sleep
/// knows one clock, its alarm sets a timer, and for a mutex or a thread it waits at words of its own. A program may call them itself;
/// that is another request.
pub fn plain_form(call: &Call, site: &Site, names: &Aliases) -> Option<Call> {
    let callee = site.callee.as_deref();
    if callee == Some(call.name.as_str()) {
        return None;
    }
    let seconds = |place: usize, part: &str| {
        let time = call.args.get(place).field("it_value")?.field(part)?;
        time.number()
    };
    let mut result = call.result.clone();
    let args = call.args.all();
    let (name, args) = match call.name.as_str() {
        "writev" => {
            let texts = call.args.texts().into_iter();
            let bytes: Vec<u8> = texts.flat_map(|text| text.bytes).collect();
            let args = format!(
                "{}, {}, {}",
                args.first()?.plain(),
                quoted(&bytes),
                bytes.len()
            );
            ("write", args)
        }
        "nanosleep" => {
            let words: Vec<String> = args.iter().map(|arg| arg.plain()).collect();
            (
                "clock_nanosleep",
                format!("CLOCK_REALTIME, 0, {}", words.join(", ")),
            )
        }
        "setitimer" if callee == Some("alarm") => {
            let left = seconds(2, "tv_sec")? + i64::from(seconds(2, "tv_usec")? > 0);
            result = Some(Outcome::from(left.to_string()));
            ("alarm", seconds(1, "tv_sec")?.to_string())
        }
        "futex" if callee == Some("pthread_mutex_lock") => {
            let words: Vec<String> = args.iter().map(|arg| arg.plain()).collect();
            ("futex", words.join(", ").replace(AWAITED_IN_MUSL, AWAITED))
        }
        "futex" if callee == Some("pthread_join") => {
            let block = block_of(call.args.get(0), names)?;
            ("futex", format!("word, FUTEX_WAIT, {block}, NULL"))
        }
        _ => return None,
    };
    Some(Call {
        name: name.to_owned(),
        args: args.into(),
        result,
        ..call.clone()
    })
}

/// What a mutex holds that somebody waits for, in glibc and in musl: EBUSY and its highest bit.
const AWAITED: &str = "2";
const AWAITED_IN_MUSL: &str = "-2147483632";

/// How large the block of a thread may be that its number tells.
const BLOCK: u64 = 1 << 12;

/// Where the block of that thread begins in which an address lies, if it is known of one.
fn block_of(address: Arg<'_>, names: &Aliases) -> Option<u64> {
    let address = address.number()? as u64;
    let threads = names.iter().filter(|(_, name)| name.contains('/'));
    let blocks = threads.filter_map(|(number, _)| number.parse().ok());
    let own = blocks.filter(|&block: &u64| block <= address && address - block < BLOCK);
    own.max()
}

/// The arguments that the program chose; what the kernel fills in is left out where it says nothing.
pub fn arguments(call: &Call, site: &Site) -> Vec<String> {
    let args = call.args.all();
    let first = |count: usize| {
        let first = args.iter().take(count);
        first.map(|arg| arg.plain()).collect::<Vec<_>>()
    };
    match name(call) {
        "clone" => vec![thread(&call.args)],
        "fork" => way_of_forking(call, site),
        "futex" => way_of_waiting(call),
        "fstat" if ["stat", "lstat"].contains(&call.name.as_str()) => here(first(1)),
        "fstat" if names_a_file(call) => first(2),
        "fstat" => first(1),
        "ioctl" => asked(first(2)),
        "execve" => executed(&args),
        "openat" => opened(call, first(args.len())),
        "read" => unfilled(first(args.len())),
        "clock_nanosleep" => first(3),
        "access" | "mknod" | "pipe" | "unlink" => newer_form(call, first(args.len())),
        "write" => written(call, site),
        "epoll_create1" if call.name == "epoll_create" => vec!["0".to_owned()],
        "select" | "poll" | "epoll_wait" => awaited(call, first(args.len())),
        "pause" => Vec::new(),
        "accept" => accepted(call, first(3)),
        "semop" if call.args.get(3).as_str() == "NULL" => first(3),
        "semctl" if call.args.get(2).as_str() == "SETVAL" => value_of_semaphore(call, first(3)),
        "rt_sigaction" => args.iter().take(2).map(|arg| action(*arg)).collect(),
        _ => first(args.len()),
    }
}

/// Whether the call has a path, and is about no descriptor alone.
fn names_a_file(call: &Call) -> bool {
    let path = call.args.get(1).string();
    path.is_some_and(|path| !path.bytes.is_empty())
}

/// With the folder in which the process works before them: there an older form of a call looks.
fn here(words: Vec<String>) -> Vec<String> {
    [vec!["AT_FDCWD".to_owned()], words].concat()
}

/// The folder in which the process works is where open looks, too; and where files have 64 bits, O_LARGEFILE says nothing.
fn opened(call: &Call, mut words: Vec<String>) -> Vec<String> {
    if call.name == "open" {
        words = here(words);
    }
    if let Some(flags) = words.get_mut(2) {
        *flags = flags.replace("|O_LARGEFILE", "");
    }
    words
}

/// What the newer form of a call adds is left out where it says nothing: the folder in which the process works, no flags.
fn newer_form(call: &Call, mut words: Vec<String>) -> Vec<String> {
    let has_flags = match call.name.as_str() {
        "pipe2" | "unlinkat" | "faccessat2" => words.last().is_some_and(|flags| flags == "0"),
        _ => false,
    };
    if has_flags {
        words.pop();
    }
    if words.first().is_some_and(|folder| folder == "AT_FDCWD") {
        words.remove(0);
    }
    words
}

/// A thread is made by clone or clone3; and in one that is not the first, exit does not end the process.
pub fn name(call: &Call) -> &str {
    let is_thread = call.thread != call.pid;
    match request(&call.name) {
        "fork" if call.args.has("CLONE_THREAD") => "clone",
        "exit" if is_thread => &call.name,
        "poll" if is_pause(call) => "pause",
        "accept4" if call.args.get(3).as_str() == "0" => "accept",
        name => name,
    }
}

/// Who has connected: of a connection that was made up, nobody, and what lies where the address would be says nothing.
fn accepted(call: &Call, mut words: Vec<String>) -> Vec<String> {
    let is_made_up = call.is_injected() && !call.is_delayed();
    if let Some(address) = words.get_mut(1).filter(|it| is_made_up && *it != "NULL") {
        *address = "ptr".to_owned();
    }
    words
}

/// Whether it waits for nothing, without an end, as pause(2) where the processor has no such call.
fn is_pause(call: &Call) -> bool {
    let mut nothing = ["NULL", "0", "NULL", "NULL"].into_iter().enumerate();
    call.name == "ppoll" && nothing.all(|(place, word)| call.args.get(place).as_str() == word)
}

/// A wait without an end and for any wake, whichever way that is said.
fn way_of_waiting(call: &Call) -> Vec<String> {
    let args = call.args.all();
    let mut words: Vec<String> = args.iter().map(|arg| arg.plain()).collect();
    if let Some(word) = words.first_mut() {
        *word = "word".to_owned(); // wherever it lies
    }
    let is_endless = words.get(3).is_some_and(|timeout| timeout == "NULL");
    let by_any = words
        .get(4)
        .is_none_or(|bits| bits == "FUTEX_BITSET_MATCH_ANY");
    if let (Some(command), true, true) = (words.get_mut(1), is_endless, by_any) {
        let plain = command.replace("FUTEX_WAIT_BITSET", "FUTEX_WAIT");
        *command = plain.replace("|FUTEX_CLOCK_REALTIME", "");
        words.truncate(3);
    }
    words
}

/// What is waited for: the form without a mask of signals, if there is none, and with the time in that form's unit.
fn awaited(call: &Call, mut words: Vec<String>) -> Vec<String> {
    let (time, mask) = match call.name.as_str() {
        "pselect6" => (4, 5),
        "ppoll" => (2, 3),
        "epoll_pwait" => (3, 4),
        _ => return words,
    };
    if call.args.get(mask).as_str() != "NULL" {
        return words;
    }
    words.truncate(mask);
    let part = |name: &str| call.args.get(time).field(name)?.number();
    let (seconds, nanoseconds) = (part("tv_sec"), part("tv_nsec"));
    let is_none = call.args.get(time).as_str() == "NULL";
    if let Some(word) = words.get_mut(time) {
        match (call.name.as_str(), seconds, nanoseconds) {
            ("pselect6", Some(seconds), Some(nanoseconds)) => {
                *word = format!("{{tv_sec={seconds}, tv_usec={}}}", nanoseconds / 1000);
            }
            ("ppoll", Some(seconds), Some(nanoseconds)) => {
                *word = (seconds * 1000 + nanoseconds / 1_000_000).to_string();
            }
            ("ppoll", ..) if is_none => *word = "-1".to_owned(),
            _ => {}
        }
    }
    words
}

/// Where a read that failed would have put what it reads says nothing: a lab's buffers have short addresses.
fn unfilled(mut words: Vec<String>) -> Vec<String> {
    if let Some(word) = words.get_mut(1).filter(|word| word.starts_with("0x")) {
        *word = "ptr".to_owned();
    }
    words
}

/// What is asked of a device: of a terminal, newer libraries ask the same by a newer number.
fn asked(mut words: Vec<String>) -> Vec<String> {
    if let Some(word) = words.get_mut(1).filter(|word| *word == "TCGETS2") {
        *word = "TCGETS".to_owned();
    }
    words
}

/// What threads of one process share: everything.
const SHARED: &str = "CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM";

/// A thread as pthread_create(3) makes it, or the flags of another one.
fn thread(args: &Args) -> String {
    let flags = flags(args);
    match flags == SHARED {
        true => "a thread".to_owned(),
        false => flags,
    }
}

/// Nothing for a plain fork: glibc's is a clone with SIGCHLD, and two words for the thread that the child will be.
fn way_of_forking(call: &Call, site: &Site) -> Vec<String> {
    let args = &call.args;
    let is = |name: &str, value: &str| args.field(name).is_some_and(|it| it.as_str() == value);
    let plain = call.name == "fork"
        || (call.name == "clone" && is("child_stack", "NULL") && flags(args) == "SIGCHLD")
        || (call.name == "clone3" && flags(args).is_empty() && is("exit_signal", "SIGCHLD"));
    let vfork = call.args.has("CLONE_VFORK");
    match (plain, site.callee.as_deref()) {
        (true, _) => Vec::new(),
        (false, Some(callee)) if vfork => vec![format!("by {callee}")],
        (false, _) => vec![call.name.clone(), flags(args)],
    }
}

/// The flags of a clone but for those that only tell the thread's number, or where its local memory is.
fn flags(args: &Args) -> String {
    let known = [
        "0x400000", // CLONE_DETACHED, which says nothing any more
        "CLONE_CHILD_CLEARTID",
        "CLONE_CHILD_SETTID",
        "CLONE_PARENT_SETTID",
        "CLONE_SETTLS",
    ];
    let flags = args.field("flags").into_iter().flat_map(Arg::flags);
    let rest: Vec<&str> = flags.filter(|flag| !known.contains(flag)).collect();
    rest.join("|")
}

/// The file, the arguments and how many variables there are.
fn executed(args: &[Arg<'_>]) -> Vec<String> {
    let environment = args
        .get(2)
        .and_then(|arg| arg.as_str().split("/* ").nth(1)?.split(' ').next());
    let mut words: Vec<String> = args.iter().take(2).map(|arg| arg.plain()).collect();
    words.extend(environment.map(|count| format!("{count} variables")));
    words
}

/// C passes a union of eight bytes, of which the value is the first four; the others may hold anything.
fn value_of_semaphore(call: &Call, mut words: Vec<String>) -> Vec<String> {
    let value = call.args.get(3).number().unwrap_or(0) as i32; // NULL: 0
    words.push(value.to_string());
    words
}

/// The text of a write; below perror it goes to standard error, through whichever descriptor.
fn written(call: &Call, site: &Site) -> Vec<String> {
    let descriptor = match site.callee.as_deref() {
        Some("perror") => "2",
        _ => call.args.get(0).as_str(),
    };
    let text = match call.args.text() {
        // It was killed before it could be read.
        None if !call.has_returned() => "ptr".to_owned(),
        text => quoted(&text.map(|text| text.bytes).unwrap_or_default()),
    };
    vec![descriptor.to_owned(), text]
}

/// A signal's action without the restorer, which every libc brings along on x86_64, and without the handler's address.
fn action(arg: Arg<'_>) -> String {
    let parts = arg.parts();
    if parts.is_empty() {
        return arg.plain();
    }
    let part = |part: &Arg<'_>| match part.field("sa_flags") {
        Some(flags) => {
            let flags = flags.flags().filter(|flag| *flag != "SA_RESTORER");
            let flags: Vec<&str> = flags.collect();
            match flags.is_empty() {
                true => "sa_flags=0".to_owned(),
                false => format!("sa_flags={}", flags.join("|")),
            }
        }
        None if part.field("sa_handler").is_some_and(is_address) => {
            "sa_handler=function".to_owned()
        }
        None => part.plain(),
    };
    let parts = parts
        .iter()
        .filter(|part| part.field("sa_restorer").is_none());
    format!("{{{}}}", parts.map(part).collect::<Vec<_>>().join(", "))
}

/// Whether it is a number, and no name such as SIG_IGN.
fn is_address(arg: Arg<'_>) -> bool {
    arg.as_str().starts_with("0x")
}

/// What it returned: a value, or the name of the error. None if it did not come back; nor has a handler's return a
/// result of its own: it puts that of the interrupted call back, or whatever the register held.
pub fn result(call: &Call) -> Option<String> {
    if !call.has_returned() || call.name == "rt_sigreturn" {
        return None;
    }
    if let Some(errno) = call.errno() {
        return Some(format!("-1 {errno}"));
    }
    let value = call.value()?;
    let length = || call.args.text().map(|text| text.bytes.len());
    // A pid has more or fewer digits in another run; that all was written is what counts.
    match call.name == "write" && length() == usize::try_from(value).ok() {
        true => Some("all".to_owned()),
        false => Some(call.result.as_ref()?.plain()?),
    }
}

/// Whether it is a number of bytes, which may happen to be that of a process, but never stands for it.
pub fn is_count(call: &Call, text: &str) -> bool {
    call.is(READS | WRITES) && text.parse::<i64>().is_ok()
}
