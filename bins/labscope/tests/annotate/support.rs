//! What the tests ask of texts and processes.

use std::process::Output;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Far more than anything here needs on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(40);

/// The text with every run of blanks made one.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

pub fn exists(pid: i32) -> bool {
    labscope::proc::process::Stat::read(pid).is_some_and(|stat| stat.state != 'Z')
}

pub fn tracer(pid: i32) -> Option<i32> {
    Some(labscope::proc::process::Process::read(pid)?.tracer)
}

/// A process that ends with the test, however that ends.
pub struct Leftover(pub i32);

impl Drop for Leftover {
    fn drop(&mut self) {
        let _ = kill(Pid::from_raw(self.0), Signal::SIGKILL);
    }
}

pub fn await_that(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < DEADLINE, "{what}: in vain");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The number behind the last `(pid `.
pub fn pid_in(text: &str) -> i32 {
    let rest = text.rsplit("(pid ").next().expect("a pid");
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits
        .parse()
        .unwrap_or_else(|_| panic!("no pid in:\n{text}"))
}
