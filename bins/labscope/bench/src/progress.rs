//! One line on stderr that says what is being measured: rewritten on a terminal, a line a step elsewhere.

use labscope::text::screen::obeys_escapes;
use std::io::{IsTerminal, Write, stderr};
use std::time::Instant;

use crate::proc;

pub struct Progress {
    begun: Instant,
    is_terminal: bool,
    step: String,
    /// Between measurements: how many others had or wanted a processor.
    others: Vec<u64>,
}

impl Progress {
    pub fn new() -> Progress {
        Progress {
            begun: Instant::now(),
            is_terminal: stderr().is_terminal() && obeys_escapes(),
            step: String::new(),
            others: Vec::new(),
        }
    }

    /// A step begins.
    pub fn step(&mut self, name: &str) {
        self.step = name.to_owned();
        self.others.extend(proc::others());
        self.show("");
        if !self.is_terminal {
            let _ = writeln!(stderr());
        }
    }

    /// How far the step has come; shown on a terminal only.
    pub fn at(&self, done: usize, all: usize) {
        if self.is_terminal {
            self.show(&format!(": {done} of {all}"));
        }
    }

    /// How many others had or wanted a processor between measurements, in the mean.
    pub fn others(&self) -> f64 {
        self.others.iter().sum::<u64>() as f64 / self.others.len().max(1) as f64
    }

    fn show(&self, detail: &str) {
        let back = if self.is_terminal { "\r\x1b[K" } else { "" };
        let (seconds, step) = (self.begun.elapsed().as_secs(), &self.step);
        let _ = write!(stderr(), "{back}[{seconds:3} s] {step}{detail}");
    }
}

impl Default for Progress {
    fn default() -> Progress {
        Progress::new()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_terminal {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}
