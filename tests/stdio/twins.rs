//! The twins: `probes/stdio.c` and `probes/stdio.rs` run with the same streams and
//! the same operations as arguments, and what they did is compared.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{PipeReader, Read, Seek, Write, pipe};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::thread;

use crate::support::proc::await_that;
use crate::support::terminal::{open_terminal, readable};
use crate::support::tracer::{Call, Process, Traced};
use crate::support::{Scratch, compile_c, probe};

/// What stands at descriptor 0, and what can be read there.
#[derive(Clone, Copy, Debug)]
pub enum In {
    /// The terminal, on which this has been typed ahead, and ^D often enough.
    Tty(&'static str),
    Pipe(&'static str),
    /// A file, which operations call INPUT.
    File(&'static str),
    /// A socket that has nothing more to give yet, and says so.
    NonBlocking(&'static str),
    Path(&'static str),
}

/// What stands at descriptor 1.
#[derive(Clone, Copy, Debug)]
pub enum Out {
    Tty,
    Pipe,
    File,
    Path(&'static str),
}

pub const NULL: Out = Out::Path("/dev/null");
pub const FULL: Out = Out::Path("/dev/full");
pub const NOTHING: In = In::Path("/dev/null");
/// Every kind of output.
pub const OUTS: [Out; 5] = [Out::Tty, Out::Pipe, Out::File, NULL, FULL];

/// What a run left behind.
#[derive(PartialEq)]
pub struct Seen {
    /// One text a process: its calls on the three descriptors and its end.
    pub processes: Vec<String>,
    pub output: String,
    pub errors: String,
    /// Where reading the input would go on, if it is a file.
    pub offset: Option<u64>,
}

/// Runs a program and looks.
pub fn run(program: &Path, stdin: In, stdout: Out, inject: &[&str], operations: &[&str]) -> Seen {
    let scratch = Scratch::new();
    let input = scratch.file("input", if let In::File(text) = stdin { text } else { "" });
    let operations = operations
        .iter()
        .map(|one| one.replace("INPUT", input.to_str().unwrap()));
    let mut traced = Traced::new(inject, program, operations);

    let (mut master, slave) = open_terminal();
    let (mut far_end, near_end) = UnixStream::pair().unwrap();
    near_end.set_nonblocking(true).unwrap();
    let mut file = File::open(&input).unwrap();
    let stdin_end: OwnedFd = match stdin {
        In::Tty(typed) => {
            write!(master, "{typed}{}", "\u{4}".repeat(9)).unwrap();
            // The terminal shows it by and by: before the program's own output, not amid it.
            if !typed.trim_matches('\u{4}').is_empty() {
                let echoed = || readable(&master).then_some(()).ok_or_else(String::new);
                await_that("what was typed on the screen", echoed);
            }
            slave.try_clone().unwrap().into()
        }
        In::Pipe(text) => filled_pipe(text).into(),
        In::File(_) => file.try_clone().unwrap().into(),
        In::NonBlocking(text) => {
            far_end.write_all(text.as_bytes()).unwrap();
            near_end.into()
        }
        In::Path(path) => File::open(path).unwrap().into(),
    };
    let output = scratch.path("output");
    let (reader, writer) = pipe().unwrap();
    let stdout_end: OwnedFd = match stdout {
        Out::Tty => slave.into(),
        Out::Pipe => writer.into(),
        Out::File => File::create(&output).unwrap().into(),
        Out::Path(path) => File::options().write(true).open(path).unwrap().into(),
    };
    let errors = scratch.path("errors");
    traced
        .command
        .stdin(stdin_end)
        .stdout(stdout_end)
        .stderr(File::create(&errors).unwrap());

    // Reading goes on while the program runs, so that nothing it prints can block it.
    let screen = master.try_clone().unwrap(); // a terminal without a master is hung up
    let output = thread::spawn(move || match stdout {
        Out::Tty => read_all(screen),
        Out::Pipe => read_all(reader),
        _ => Vec::new(),
    });
    let (_, processes) = traced.run();
    let marked = processes[0].calls.iter().any(|call| call.name == "getsid");
    assert!(
        marked && !processes[0].end.is_empty(),
        "{}",
        processes[0].text()
    );
    let output = match stdout {
        Out::File => fs::read(scratch.path("output")).unwrap(),
        _ => output.join().unwrap(),
    };
    Seen {
        processes: processes.iter().map(stdio_calls).collect(),
        output: String::from_utf8_lossy(&output).into_owned(),
        errors: String::from_utf8_lossy(&fs::read(errors).unwrap()).into_owned(),
        offset: matches!(stdin, In::File(_)).then(|| file.stream_position().unwrap()),
    }
}

fn filled_pipe(text: &str) -> PipeReader {
    let (reader, mut writer) = pipe().unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    reader
}

/// Everything up to the end; a terminal whose last user is gone ends by EIO.
fn read_all(mut source: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = source.read_to_end(&mut bytes);
    bytes
}

/// The calls behind the mark that have to do with stdio, and the end.
fn stdio_calls(process: &Process) -> String {
    let mark = process.calls.iter().position(|call| call.name == "getsid");
    let mut text = String::new();
    // A child has no mark: all it does comes after its parent's.
    for call in process.calls.iter().skip(mark.map_or(0, |mark| mark + 1)) {
        if let Some(line) = stdio_call(call) {
            writeln!(text, "{line}").unwrap();
        }
    }
    text + &process.end
}

fn stdio_call(call: &Call) -> Option<String> {
    let Call {
        name, args, result, ..
    } = call;
    if call.is_fork() {
        return Some("fork()".to_owned());
    }
    let mut words = args.split(", ");
    let fd = words.next().filter(|fd| ["0", "1", "2"].contains(fd))?;
    match name.as_str() {
        "fstat" | "newfstatat" => Some(format!("fstat({fd}) = {result}")),
        "ioctl" => Some(format!("ioctl({fd}, {}) = {result}", words.next()?)),
        // Of a read that failed only the address of the buffer is told.
        "read" if result.starts_with('-') => {
            Some(format!("read({fd}, …, {}) = {result}", words.nth(1)?))
        }
        "read" | "write" | "lseek" | "close" => Some(format!("{name}({args}) = {result}")),
        _ => None,
    }
}

/// What every test here asks: C and the library do the same.
pub fn agree(stdin: In, stdout: Out, operations: &[&str]) {
    agree_under(&[], stdin, stdout, operations);
}

/// The same with these changes of their calls.
pub fn agree_under(inject: &[&str], stdin: In, stdout: Out, operations: &[&str]) {
    let c = run(&compile_c("stdio"), stdin, stdout, inject, operations);
    let ours = run(&probe("probe_stdio"), stdin, stdout, inject, operations);
    if c != ours {
        fail(stdin, stdout, operations, &c, &ours);
    }
}

/// The same where glibc has changed: from 2.37 on its printf collects long texts
/// in pieces, so that the same bytes leave in other portions.
pub fn agree_but_for_portions(stdin: In, stdout: Out, operations: &[&str]) {
    if glibc() < (2, 37) {
        return agree(stdin, stdout, operations);
    }
    let c = run(&compile_c("stdio"), stdin, stdout, &[], operations);
    let ours = run(&probe("probe_stdio"), stdin, stdout, &[], operations);
    if (&c.output, &c.errors) != (&ours.output, &ours.errors) {
        fail(stdin, stdout, operations, &c, &ours);
    }
}

fn glibc() -> (u32, u32) {
    let output = Command::new("getconf")
        .arg("GNU_LIBC_VERSION")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let number = text
        .trim()
        .strip_prefix("glibc ")
        .and_then(|number| number.split_once('.'));
    let (major, minor) = number.unwrap_or_else(|| panic!("getconf GNU_LIBC_VERSION: {text}"));
    (major.parse().unwrap(), minor.parse().unwrap())
}

fn fail(stdin: In, stdout: Out, operations: &[&str], c: &Seen, ours: &Seen) -> ! {
    let mut text = format!("stdin {stdin:?}, stdout {stdout:?}\nprobe_stdio");
    for operation in operations {
        write!(text, " {operation:?}").unwrap();
    }
    for (name, seen) in [("C", c), ("ours", ours)] {
        writeln!(text, "\n--- {name}").unwrap();
        for line in seen.processes.join("\n").lines() {
            writeln!(text, "{}", shortened(line)).unwrap();
        }
        let (output, errors) = (shortened(&seen.output), shortened(&seen.errors));
        writeln!(
            text,
            "output {output:?}\nerrors {errors:?}\noffset {:?}",
            seen.offset
        )
        .unwrap();
    }
    panic!("{text}");
}

/// The beginning and the end of a long line.
fn shortened(line: &str) -> String {
    match (line.get(..50), line.get(line.len().saturating_sub(30)..)) {
        (Some(begin), Some(end)) if line.len() > 90 => format!("{begin} … {end}"),
        _ => line.to_owned(),
    }
}
