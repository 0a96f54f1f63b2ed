//! Chromium, driven over its DevTools protocol: messages of JSON, each ended by a NUL, on a pair of pipes.
//!
//! A small client of our own: the crate for this, headless_chrome, generates and compiles the whole protocol,
//! which takes minutes on two processors; the tests need some twenty of its methods.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, geteuid};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What takes longer will not come: a loaded machine needs seconds, not minutes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The names under which the program is installed.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Those that have no tab now: to start one takes longer than most tests. They end with the program of the tests, when nobody
/// can command them any more.
static IDLE: Mutex<Vec<Chromium>> = Mutex::new(Vec::new());

/// A running Chromium, which ends with this value.
pub struct Chromium {
    child: Child,
    commands: Option<ChildStdin>,
    messages: Receiver<Value>,
    sent: u64,
    /// What Chromium told meanwhile, oldest first.
    pub events: Vec<Value>,
    profile: PathBuf,
}

impl Chromium {
    /// One without a tab.
    pub fn idle() -> Option<Chromium> {
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        let known = idle.pop();
        drop(idle);
        known.or_else(Chromium::start)
    }

    /// For the next test: what this one was told is no longer of interest.
    pub fn release(mut self) {
        self.events.clear();
        IDLE.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(self);
    }

    /// Starts one, where it is installed. Where it is not, CI fails, and others are told.
    fn start() -> Option<Chromium> {
        let Some(program) = installed() else {
            assert!(
                std::env::var_os("CI").is_none(),
                "no chromium; apt-get install chromium"
            );
            // Not `eprintln!`, which is not shown when a test passes.
            let _ = writeln!(
                io::stderr(),
                "skipped: no chromium; apt-get install chromium"
            );
            return None;
        };
        let profile = TempDir::new().expect("a temporary folder").keep();
        // Chromium reads from descriptor 3 and writes to 4; the shell puts our two pipes there, and clears away after it.
        let pipes =
            r#"profile=$1; shift; "$@" 3<&0 4>&1 </dev/null >/dev/null; exec rm -rf "$profile""#;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", pipes, "sh"]).arg(&profile).arg(program);
        command.args([
            "--headless=new",
            "--remote-debugging-pipe",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-extensions",
            "--disable-sync",
            "--disable-gpu",
            "--disable-dev-shm-usage", // often too small in a container
        ]);
        if geteuid().is_root() {
            command.arg("--no-sandbox"); // root has none
        }
        let profile_flag = format!("--user-data-dir={}", profile.display());
        command
            .args([&profile_flag, "about:blank"])
            .process_group(0) // all of its processes can be ended together
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("a shell");
        let commands = child.stdin.take();
        let messages = listen(child.stdout.take().expect("a pipe"));
        Some(Chromium {
            child,
            commands,
            messages,
            sent: 0,
            events: Vec::new(),
            profile,
        })
    }

    /// Calls a method and waits for its result; `session` is that of a tab, empty for the browser itself.
    pub fn call(&mut self, session: &str, method: &str, parameters: Value) -> Value {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": parameters });
        if !session.is_empty() {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        let pipe = self.commands.as_mut().expect("it is open");
        pipe.write_all(&bytes).expect("chromium listens");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let told = self.next(deadline, method);
            if told["id"] != json!(self.sent) {
                self.events.push(told);
                continue;
            }
            assert!(told["error"].is_null(), "{method}: {}", told["error"]);
            return told["result"].clone();
        }
    }

    /// Waits until an event has come that fits, and takes it.
    pub fn wait(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(place) = self.events.iter().position(&fits) {
                return self.events.remove(place);
            }
            let told = self.next(deadline, what);
            self.events.push(told);
        }
    }

    fn next(&self, deadline: Instant, what: &str) -> Value {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.messages.recv_timeout(left) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("{what}: nothing came in time"),
            Err(RecvTimeoutError::Disconnected) => panic!("{what}: chromium has ended"),
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It ends when nobody can command it any more, and then closes its own pipe.
        drop(self.commands.take());
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if self.messages.recv_timeout(left).is_err() {
                break;
            }
        }
        // Whatever is left of it; it is still our child, so that the number is its own.
        let group = Pid::from_raw(self.child.id().cast_signed());
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut places = NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.find(|place| fs::metadata(place).is_ok_and(|file| file.is_file()))
}

fn listen(pipe: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for message in BufReader::new(pipe).split(0).map_while(Result::ok) {
            let Ok(message) = serde_json::from_slice(&message) else {
                break;
            };
            if sender.send(message).is_err() {
                break;
            }
        }
    });
    receiver
}
