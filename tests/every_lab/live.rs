//! `labscope strace` on every lab as it is built, in a terminal: each line it tells
//! names the call, or the library function that made it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::process::{Command, Stdio};

use labscope::trace::syscall::{Syscall, WAITS};
use libtest_mimic::Trial;
use nix::sched::{CloneFlags, unshare};

use crate::support::proc::await_that;
use crate::support::terminal::{open_terminal, readable};
use crate::support::trials::each_lab;
use crate::support::{self, Scratch, root, scenarios_of, usual_arguments};

/// What is typed into a lab, each when it sleeps in such a call once more; other labs get [`END`].
const KEYS: [(&str, &[(&str, &str)]); 10] = [
    ("fork_test", &[("read", "\n"), ("clock_nanosleep", "\x03")]),
    ("command", &[("read", "\n"), ("read", "\n")]),
    ("exec_test", &[("read", "abc\n")]),
    (
        "myshell",
        &[("read", "./exec_test\n"), ("read", "x\n"), ("read", "\x04")],
    ),
    ("daemon", &[("pause", "\x03")]),
    (
        "daemonOSNW",
        &[
            ("clock_nanosleep", ""),
            ("clock_nanosleep", ""),
            ("clock_nanosleep", "\x03"),
        ],
    ),
    ("child_wait", &[("read", "\n")]),
    ("wait_status", &[]),
    ("orphan", &[("read", "\n")]),
    ("signal_control", &[("read", "\n"); 8]),
];

/// ^C, and ^\\ where the lab lives on: each when it sleeps once more.
const END: &[(&str, &str)] = &[("", "\x03"), ("", "\x1c")];

/// Which functions make a call that is not called like it.
const MAKERS: [(&str, &[&str]); 26] = [
    ("rt_sigtimedwait", &["sigtimedwait"]),
    ("mmap", &["pthread_create", "mmap_array"]),
    ("mprotect", &["pthread_create"]),
    ("clone", &["pthread_create"]),
    (
        "futex",
        &[
            "printf",
            "pthread_join",
            "pthread_mutex_lock",
            "pthread_mutex_unlock",
        ],
    ),
    ("mknodat", &["mkfifo"]),
    (
        "write",
        &[
            "printf",
            "printf_string",
            "fprintf",
            "fwrite",
            "dprintf",
            "fflush",
            "perror",
            "getchar",
            "getc",
            "fgets",
            "exit",
            "write_all",
            "complain",
        ],
    ),
    (
        "fstat",
        &["printf", "fprintf", "fwrite", "getchar", "getc", "fgets"],
    ),
    (
        "ioctl",
        &["printf", "fprintf", "fwrite", "getchar", "getc", "fgets"],
    ),
    ("read", &["getchar", "getc", "fgets"]),
    ("lseek", &["exit"]),
    ("exit_group", &["exit", "_exit", "vfork_exit"]),
    ("vfork", &["vfork_exit"]),
    ("execve", &["execl"]),
    ("wait4", &["wait", "waitpid"]),
    ("openat", &["open", "opendir"]),
    ("pselect6", &["select"]),
    ("getdents64", &["readdir"]),
    ("newfstatat", &["stat"]),
    ("close", &["closedir"]),
    ("rt_sigprocmask", &["sigprocmask"]),
    ("rt_sigsuspend", &["sigsuspend"]),
    ("clock_nanosleep", &["sleep", "usleep"]),
    ("restart_syscall", &["sleep", "usleep"]),
    ("rt_sigaction", &["signal"]),
    ("fork", &[]),
];

/// Runs a lab to its end, or until ^C; what the terminal showed, and the trace.
fn traced(lab: &str, arguments: &[String]) -> (String, String) {
    let scratch = Scratch::new();
    let trace = scratch.path("trace");
    let (mut screen, slave) = open_terminal();
    let side = || Stdio::from(slave.try_clone().unwrap());
    // The shell outlives ^C, as an interactive one does, and stays until all has been read:
    // with the leader of its session a terminal loses what nobody has read yet.
    let script = "trap : INT QUIT; \"$@\"; echo \"[status $?]\"; read enter";
    let mut command = Command::new("setsid");
    command.args(["-c", "sh", "-c", script, "sh"]);
    command.arg(support::labscope()).args(["--lang", "en"]);
    command
        .arg("--root")
        .arg(root())
        .args(["strace", lab, "--to"]);
    command.arg(&trace).arg("--").args(arguments);
    command.stdin(side()).stdout(side()).stderr(side());
    if scenarios_of(lab)
        .scenarios
        .iter()
        .any(|scenario| scenario.ipc)
    {
        // Of this thread and what it starts; an ordinary user shares those of the machine, and the lab removes its own.
        let _ = unshare(CloneFlags::CLONE_NEWIPC);
    }
    let mut shell = command.spawn().unwrap();
    drop(slave);
    let keys = KEYS.iter().find(|(name, _)| *name == lab);
    let keys = keys.map_or(END, |(_, keys)| keys);
    let (mut typed, mut shown) = (0, Vec::new());
    await_that(&format!("the end of {lab}"), || {
        read_into(&mut screen, &mut shown);
        let seen = String::from_utf8_lossy(&shown).into_owned();
        let text = fs::read_to_string(&trace).unwrap_or_default();
        if let Some((_, key)) = keys.get(typed)
            && sleeps(&text, &keys[..=typed])
            // ^C throws away what has not been read, and for a daemon it means the tracing.
            && (!lab.starts_with("daemon") || seen.contains("^C here ends the tracing]"))
        {
            screen.write_all(key.as_bytes()).unwrap();
            typed += 1;
        }
        match seen.contains("[status ") {
            true => Ok(()),
            false => Err(format!("{seen}\n{text}")),
        }
    });
    screen.write_all(b"\n").unwrap();
    shell.wait().unwrap();
    let text = fs::read_to_string(&trace).unwrap();
    (String::from_utf8_lossy(&shown).into_owned(), text)
}

/// Reads what has come by now.
fn read_into(screen: &mut File, shown: &mut Vec<u8>) {
    let mut bytes = [0; 4096];
    while readable(&*screen) {
        match screen.read(&mut bytes) {
            Ok(count @ 1..) => shown.extend_from_slice(&bytes[..count]),
            _ => break,
        }
    }
}

/// Whether the trace has as many calls that were told while they blocked as there are keys for them.
fn sleeps(trace: &str, keys: &[(&str, &str)]) -> bool {
    let (call, _) = keys[keys.len() - 1];
    let wanted = keys.iter().filter(|(name, _)| *name == call).count();
    let blocked = trace.lines().filter(|line| is_blocked(line));
    let same = blocked.filter(|line| match call {
        "" => waits_by_nature(line),
        _ => line.contains(&format!("  {call}(")),
    });
    same.count() >= wanted
}

/// Whether the call of a line is one that waits for somebody: on a busy machine any other may seem to block.
fn waits_by_nature(line: &str) -> bool {
    let mut words = line
        .split_whitespace()
        .filter_map(|word| word.split_once('('));
    words
        .next()
        .is_some_and(|(name, _)| Syscall::named(name).is(WAITS))
}

/// Whether a line tells of a call that blocks: it ends with `…` in the place of a result, and does not begin with it.
fn is_blocked(line: &str) -> bool {
    let call = line
        .split_once(" …")
        .filter(|(_, after)| after.is_empty() || after.starts_with(' '));
    call.is_some_and(|(call, _)| call.contains('('))
}

/// What is wrong with a line of a trace.
fn objection(line: &str) -> Option<String> {
    let mut words = line.split_whitespace().skip(2).filter(|word| *word != "…");
    let call = words.next()?.split_once('(')?.0;
    // One that came back meanwhile is told with its line then.
    let has_gone_on = is_blocked(line) && !line.contains(".rs:");
    let is_told_elsewhere = has_gone_on || line.contains("[tracing: strace starts");
    // A handler's end is at the line that the signal interrupted.
    let is_told_elsewhere = is_told_elsewhere || call == "rt_sigreturn";
    // A thread's end stands at no line, unless the call before it, of whichever thread, was its own.
    let is_told_elsewhere = is_told_elsewhere || call == "exit";
    if is_told_elsewhere || line.contains("[killed in this call") || line.contains("[still in") {
        return None;
    }
    let Some((before, source)) = line.rsplit_once(".rs:") else {
        return (!line.ends_with(": not ours, no source]")).then(|| "no source line".to_owned());
    };
    let file = before.rsplit(' ').next().unwrap_or_default();
    let (number, told) = source.split_once(' ')?;
    let path = support::source(file, "rs");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let place = number.parse::<usize>().unwrap_or(0).wrapping_sub(1);
    let text = text.lines().nth(place).unwrap_or_default().trim();
    let makers = MAKERS.iter().find(|(name, _)| *name == call);
    let makers = makers.map_or(&[][..], |(_, makers)| makers);
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut named = text.split(|c| !in_word(c));
    let is_named = named.any(|word| word == call || makers.contains(&word));
    let is_end = text == "}" && told.contains("[return from main]");
    let is_shown = told.contains(text);
    (!is_shown || !(is_named || is_end)).then(|| format!("{}:{number}: {text}", path.display()))
}

/// Ends what a lab has left behind: the terminal told how.
fn end_the_rest(shown: &str) {
    let told = shown.split_once("To end what is left: kill ");
    if let Some((pids, _)) = told.and_then(|(_, rest)| rest.split_once(']')) {
        let kill = Command::new("kill").args(pids.split(' ')).status();
        assert!(kill.unwrap().success(), "{shown}");
    }
}

pub fn trials() -> Vec<Trial> {
    each_lab(
        "each_line_is_told_while_it_runs",
        "make strace-{lab}",
        wrong_lines,
    )
}

fn wrong_lines(lab: &str) -> Vec<String> {
    support::traced(lab);
    let (shown, trace) = traced(lab, &usual_arguments(lab));
    end_the_rest(&shown);
    assert!(shown.contains("[status 0]"), "{lab}: {shown}");
    assert!(shown.contains(&format!("[{lab} ")), "{lab}: {shown}");
    assert!(trace.contains(".rs:"), "{lab}: {trace}");
    // A thread that acts before its clone is back is not known yet: nobody can say what its number stands for.
    let has_threads = trace.contains("CLONE_THREAD");
    let is_early = |line: &&str| has_threads && line.ends_with("[line not known]");
    let objections = trace
        .lines()
        .filter(|line| !is_early(line))
        .filter_map(|line| Some(format!("{line}\n    {}", objection(line)?)));
    objections.collect()
}
