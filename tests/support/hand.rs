//! A program on a terminal of its own, and a hand at its keyboard.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

use nix::sys::termios::{Termios, tcgetattr};
use nix::unistd::Pid;

use super::terminal::{comes, open_terminal, readable};

/// The program, and what it has shown that has not been read.
pub struct Hand {
    master: File,
    slave: File,
    /// Those of the terminal before it was started.
    modes: Termios,
    child: Child,
    seen: String,
}

impl Hand {
    pub fn begin(mut command: Command) -> Hand {
        let (master, slave) = open_terminal();
        let modes = tcgetattr(&slave).expect("modes");
        let stream = || Stdio::from(slave.try_clone().expect("a descriptor"));
        command.env("TERM", "xterm");
        command.stdin(stream()).stdout(stream()).stderr(stream());
        Hand {
            child: command.spawn().expect("a process"),
            master,
            slave,
            modes,
            seen: String::new(),
        }
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id() as i32)
    }

    pub fn key(&mut self, key: &str) {
        self.master.write_all(key.as_bytes()).expect("a key");
    }

    /// Waits until a text has been shown since the last time, and gives what came before it, and it.
    pub fn read(&mut self, wanted: &str) -> String {
        while !self.seen.contains(wanted) {
            self.more(wanted);
        }
        let end = self.seen.find(wanted).unwrap_or(0) + wanted.len();
        self.seen.drain(..end).collect()
    }

    /// What has been shown since the last time.
    pub fn seen(&mut self) -> &mut String {
        &mut self.seen
    }

    /// Waits until something more is shown; false if the program has ended instead.
    pub fn more_or_end(&mut self) -> bool {
        while !readable(&self.master) {
            if self.child.try_wait().expect("its state").is_some() && !readable(&self.master) {
                return false;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        self.more("");
        true
    }

    /// Who holds the terminal.
    pub fn foreground(&self) -> Pid {
        nix::unistd::tcgetpgrp(&self.master).expect("a foreground process group")
    }

    /// Waits until something more is shown; a text is awaited.
    pub fn more(&mut self, wanted: &str) {
        let seen = &self.seen;
        assert!(comes(&self.master), "{wanted:?} did not come: {seen}");
        let mut bytes = [0; 4096];
        let count = self.master.read(&mut bytes).unwrap_or(0);
        assert!(count > 0, "{wanted:?} did not come: {seen}");
        self.seen += &String::from_utf8_lossy(&bytes[..count]);
    }

    /// Whether the terminal is as it was before.
    pub fn has_its_modes(&self) -> bool {
        tcgetattr(&self.slave).expect("modes") == self.modes
    }

    /// What it shows until it ends, and its status; the terminal is as it was before.
    pub fn end(mut self) -> (String, Option<i32>) {
        let status = self.child.wait().expect("an end");
        while readable(&self.master) {
            let mut bytes = [0; 4096];
            match self.master.read(&mut bytes) {
                Ok(count @ 1..) => self.seen += &String::from_utf8_lossy(&bytes[..count]),
                _ => break,
            }
        }
        assert!(self.has_its_modes());
        (self.seen, status.code())
    }
}
