//! Machines for arm64, booted: what the labs, the probes and the tool do on a kernel of that processor. Each is a trial; what runs
//! in it, and how it is told on its console, stands in `guest/`.

mod support;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use support::{root, target, text_of};

/// How long a machine may say nothing. It is emulated, and may share this one with others.
const SILENCE: Duration = Duration::from_secs(600);

/// How much of the console is shown of a machine that failed.
const LAST_LINES: usize = 60;

/// What is fetched, built and packed for them.
const FILES: [&str; 3] = ["4k", "16k", "guest.gz"];

#[test]
fn arm64_with_pages_of_4_kib() {
    boot("4k", "4k", &["-cpu", "cortex-a57"]);
}

/// Its processor signs return addresses.
#[test]
fn arm64_with_pages_of_16_kib() {
    boot("16k", "16k", &["-cpu", "max,pauth-impdef=on"]);
}

/// An instruction takes it a nanosecond, those of the kernel too; while it has nothing to do its clock goes on to what it waits for.
#[test]
fn arm64_by_the_instruction() {
    boot(
        "counted",
        "4k",
        &["-cpu", "cortex-a57", "-icount", "shift=0,sleep=off"],
    );
}

/// What of a machine ended how, in the words of its console.
#[derive(Debug)]
struct Part {
    name: String,
    began: Instant,
    took: Option<Duration>,
    status: Option<String>,
    passed: usize,
}

/// Boots one, by a name that tells it what to run, and awaits its end.
fn boot(name: &str, kernel: &str, options: &[&str]) {
    if let Some(lacks) = lacks() {
        eprintln!("not looked at: arm64 with a kernel of its own: {lacks}");
        return;
    }
    files();
    let mut machine = Machine::start(name, kernel, options);
    let console = BufReader::new(machine.0.stdout.take().expect("a pipe"));
    let (line, lines) = channel();
    thread::spawn(move || {
        for bytes in console.split(b'\n').map_while(Result::ok) {
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if line.send(text).is_err() {
                return;
            }
        }
    });
    let (mut seen, mut parts, mut is_over) = (Vec::new(), Vec::<Part>::new(), false);
    let ended = loop {
        match lines.recv_timeout(SILENCE) {
            Ok(line) => {
                take(&line, &mut parts, &mut is_over);
                seen.push(line);
            }
            Err(why) => break why,
        }
    };
    for part in &parts {
        println!(
            "{name}: {}: {:?}, {} passed, {:.0?}",
            part.name, part.status, part.passed, part.took
        );
    }
    let from = if is_over {
        0
    } else {
        seen.len().saturating_sub(LAST_LINES)
    };
    let console = seen[from..].join("\n");
    assert!(is_over, "it did not come to its end ({ended}):\n{console}");
    let failed = parts
        .iter()
        .filter(|part| part.status.as_deref() != Some("0") || part.passed == 0);
    let failed: Vec<&str> = failed.map(|part| part.name.as_str()).collect();
    assert!(failed.is_empty(), "{failed:?} failed:\n{console}");
    let ran: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(ran, wanted(name), "{console}");
}

/// What is to run in it.
fn wanted(name: &str) -> Vec<&'static str> {
    if name == "counted" {
        return vec!["cost"];
    }
    let stacks = [
        "exec_test::",
        "wait_status::tty",
        "child_wait::tty",
        "child_wait::no-fork",
        "mysignal::tty",
    ];
    let (first, last): (&[&str], &[&str]) = match name {
        "4k" => (
            &["native", "bench"],
            &["echo_server::tty", "echo_client::tty"],
        ),
        _ => (&[], &[]),
    };
    let all = ["processes", "threads", "startup", "labs"];
    [&all[..], first, &stacks[..], last].concat()
}

fn take(line: &str, parts: &mut Vec<Part>, is_over: &mut bool) {
    if let Some(name) = line.strip_prefix("guest: begin ") {
        parts.push(Part {
            name: name.to_owned(),
            began: Instant::now(),
            took: None,
            status: None,
            passed: 0,
        });
    } else if let Some(told) = line.strip_prefix("guest: ended with ")
        && let Some(part) = parts.last_mut()
    {
        (part.status, part.took) = (Some(told.to_owned()), Some(part.began.elapsed()));
    } else if let Some(told) = line.strip_prefix("test result: ok. ")
        && let Some(part) = parts.last_mut()
    {
        let passed = told.split(' ').next().and_then(|count| count.parse().ok());
        part.passed += passed.unwrap_or(0);
    }
    *is_over |= line == "guest: over";
}

/// A machine, which is switched off with the test.
struct Machine(Child);

impl Machine {
    fn start(name: &str, kernel: &str, options: &[&str]) -> Machine {
        let files = root().join("build/boot");
        let words = format!(
            "console=ttyAMA0 quiet panic=-1 in={} programs={} machine={name}",
            root().display(),
            programs().display()
        );
        let mut qemu = Command::new("qemu-system-aarch64");
        qemu.args([
            "-M",
            "virt",
            "-m",
            "2048",
            "-nic",
            "none",
            "-nographic",
            "-no-reboot",
        ]);
        qemu.args(options).arg("-kernel").arg(files.join(kernel));
        qemu.arg("-initrd").arg(files.join("guest.gz"));
        qemu.args(["-append", &words])
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let started = qemu.spawn();
        Machine(started.unwrap_or_else(|error| panic!("qemu-system-aarch64: {error}")))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Fetches, builds and packs what they need.
fn files() {
    static MADE: OnceLock<Result<(), String>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let mut make = Command::new("make");
        make.args(["-s", "boot-files"]).current_dir(root());
        make.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
        make.env("CARGO_TARGET_DIR", target());
        let output = make.output().map_err(|error| format!("make: {error}"))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(text_of(&output)),
        }
    });
    made.as_ref()
        .unwrap_or_else(|told| panic!("make boot-files: {told}"));
    for file in FILES {
        assert!(root().join("build/boot").join(file).is_file(), "{file}");
    }
}

/// Where the programs of tests look for what they run: the folder of cargo for arm64.
fn programs() -> PathBuf {
    target().join("aarch64-unknown-linux-gnu")
}

/// What is missing here to boot one; in CI nothing may be. Elsewhere a kernel is fetched by whoever asks for it only.
fn lacks() -> Option<String> {
    if std::env::consts::ARCH != "x86_64" {
        return Some("they are built across from x86_64".to_owned());
    }
    if std::env::var("CI").is_ok_and(|ci| ci == "true") {
        return None;
    }
    let programs = ["qemu-system-aarch64", "aarch64-linux-gnu-gcc", "cpio"];
    let missing = programs.into_iter().find(|program| {
        let found = Command::new("sh")
            .args(["-c", &format!("command -v {program}")])
            .output();
        !found.is_ok_and(|found| found.status.success())
    });
    if let Some(program) = missing {
        return Some(format!(
            "there is no {program} (make doctor says how to get it)"
        ));
    }
    let is_fetched = root().join("build/boot/pinned").is_file();
    (!is_fetched).then(|| "make boot fetches kernels and boots them".to_owned())
}
