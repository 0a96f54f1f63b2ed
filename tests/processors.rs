//! Labs for another processor than this machine's (`make test ARCH=aarch64`): how large they are, how they lie in memory, what they
//! do before `main`, and how many instructions of their own they need.

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use labscope::trace::syscall::request;
use support::elf::{Elf, PF_R, PF_W, PF_X, PT_LOAD};
use support::{Scratch, head, lab, labs, other_processor, root, traced, usual_arguments};

/// The most bytes of a lab, as a multiple of those on x86_64.
const MOST_BYTES: f64 = 1.12;

/// The most instructions of fork and wait, as a multiple of those without a library.
const MOST_INSTRUCTIONS: f64 = 1.05;

/// What exec_test may do beyond its system calls: its buffer, its messages' words, its way to `exit`.
const OWN_INSTRUCTIONS: usize = 200;

/// The processor; none if it is this machine's own.
fn processor() -> Option<String> {
    let other = other_processor();
    if other.is_none() {
        eprintln!("not looked at: with ARCH=… labs for another processor are");
    }
    other
}

/// The labs of this machine, which is an x86_64 one, beside those that are tested.
fn own(name: &str) -> PathBuf {
    root().join("build").join(name)
}

#[test]
fn no_lab_is_much_larger_than_on_x86_64() {
    if processor().is_none() {
        return;
    }
    assert_eq!(std::env::consts::ARCH, "x86_64");
    let mut make = Command::new("make");
    make.args(["-s", "all"]).current_dir(root());
    make.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    assert!(
        make.env("CARGO_TARGET_DIR", support::target())
            .status()
            .unwrap()
            .success()
    );
    let size = |path: &Path| fs::metadata(path).unwrap().len() as f64;
    let all = labs();
    let times = all
        .iter()
        .map(|name| (size(&lab(name)) / size(&own(name)), name));
    let large: Vec<_> = times.filter(|(times, _)| *times > MOST_BYTES).collect();
    assert!(large.is_empty(), "{large:?}");
}

#[test]
fn each_lab_has_the_two_segments_and_no_page_of_64_kib_is_of_both() {
    if processor().is_none() {
        return;
    }
    for name in labs() {
        let elf = Elf::read(&lab(&name));
        let loads: Vec<_> = elf.segments(PT_LOAD).collect();
        let flags: Vec<u32> = loads.iter().map(|load| load.flags).collect();
        let expected = [vec![PF_R | PF_X], vec![PF_R | PF_X, PF_R | PF_W]];
        assert!(expected.contains(&flags), "{name}: flags {flags:?}");
        if let [text, data] = loads[..] {
            let page = data.align;
            let pages = |address: usize| address / page;
            assert!(
                pages(text.address + text.size - 1) < pages(data.address),
                "{name}: {loads:?}"
            );
            let whole = Elf::read(&traced(&name));
            let parts: Vec<_> = whole.segments(PT_LOAD).collect();
            let is_behind = parts[1].offset >= parts[0].offset + parts[0].size;
            assert!(is_behind, "traced/{name}: {parts:?}"); // else who walks its stack takes the wrong one
            if other_processor().as_deref() == Some("aarch64") {
                assert_eq!(page, 0x10000, "{name}: {loads:?}");
            }
        }
    }
}

#[test]
fn nothing_is_done_before_the_labs_first_call() {
    let Some(processor) = processor() else { return };
    for name in labs() {
        // With the first process of a PID namespace all others in it are killed: nothing that a lab has made stays.
        let mut qemu = Command::new("unshare");
        qemu.args(["--pid", "--fork", "--kill-child"]);
        qemu.arg(format!("qemu-{processor}"))
            .arg("-strace")
            .arg(lab(&name))
            .args(usual_arguments(&name));
        qemu.stdin(Stdio::null()).stdout(Stdio::null());
        let mut running = qemu.stderr(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(running.stderr.take().unwrap());
        let mut line = String::new();
        told.read_line(&mut line).unwrap();
        let _ = running.kill();
        running.wait().unwrap();
        // `123 fstat(1,…`
        let call = line.split([' ', '(']).nth(1).unwrap_or_default();
        let expected = &head(&name).first_call;
        let expected = expected.split('(').next().unwrap_or_default();
        assert_eq!(request(call), request(expected), "{name}: {line}");
    }
}

/// How many instructions a program carries out, with its children, if this is its input.
fn instructions(processor: &str, program: &Path, input: &[u8]) -> usize {
    let folder = Scratch::new();
    let log = folder.path("log");
    let mut qemu = Command::new(format!("qemu-{processor}"));
    qemu.args(["-singlestep", "-d", "exec,nochain", "-D"])
        .arg(&log);
    qemu.arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut running = qemu.spawn().unwrap();
    let _ = running.stdin.take().unwrap().write_all(input); // one that does not read may have ended
    assert!(running.wait().unwrap().success(), "{}", program.display());
    let log = fs::read_to_string(&log).unwrap();
    log.lines()
        .filter(|line| line.starts_with("Trace "))
        .count()
}

/// A program that labs are held against; `make bench ARCH=…` has built it.
fn of_the_benchmark(processor: &str, name: &str) -> PathBuf {
    let programs = root().join("build").join(processor).join("bench/programs");
    programs.join(name)
}

#[test]
fn fork_and_wait_need_no_more_instructions_than_without_a_library() {
    let Some(processor) = processor() else { return };
    let [lab, floor] = ["fork-rawlabs", "fork-floor"].map(|it| {
        let program = of_the_benchmark(&processor, it);
        instructions(&processor, &program, b"x")
    });
    assert!(floor > 500, "{floor}: fifty times fork and wait");
    let times = lab as f64 / floor as f64;
    assert!(times <= MOST_INSTRUCTIONS, "{lab} / {floor} = {times:.3}");
}

/// The kernel's part, which is by far the larger, is counted where there is a kernel: `cost.rs`.
#[test]
fn from_exec_to_exit_a_lab_needs_few_instructions_of_its_own() {
    let Some(processor) = processor() else { return };
    let floor = of_the_benchmark(&processor, "exec_test-floor");
    let [lab, floor] = [lab("exec_test"), floor].map(|it| instructions(&processor, &it, b""));
    assert!(floor > 10, "{floor}");
    assert!(
        lab <= floor + OWN_INSTRUCTIONS,
        "{lab}, without a library {floor}"
    );
}
