//! The lines as strace prints them: one open line at a time, left unfinished when another thread has something to say.

use crate::tests::random::Random;

/// How a version of strace writes, with the options it was given.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub version: (u32, u32),
    /// `<... read resumed> "x"`: the space of early versions.
    pub space_after_resumed: bool,
    /// Where the result stands (`-a`).
    pub column: usize,
    /// `[pid 7]`, not `7`.
    pub brackets: bool,
    /// `-ttt`
    pub times: bool,
    /// `-T`
    pub spent: bool,
    /// `-k`
    pub stacks: bool,
    /// `-kk`
    pub sources: bool,
    /// `-y`
    pub descriptors: bool,
    /// `-x` or `-xx`
    pub hexadecimal: bool,
}

impl Style {
    pub fn any(random: &mut Random) -> Style {
        let version = random.pick(&[(5, 0), (5, 10), (5, 16), (6, 1), (6, 13)]);
        let stacks = random.percent(50);
        Style {
            version,
            space_after_resumed: version < (5, 10),
            column: random.pick(&[40, 40, 0, 80]),
            brackets: random.percent(20),
            times: random.percent(50),
            spent: random.percent(20),
            stacks,
            sources: stacks && version >= (6, 7) && random.percent(50),
            descriptors: random.percent(20),
            hexadecimal: random.percent(20),
        }
    }
}

/// What strace has printed so far.
pub struct Paper {
    pub text: String,
    /// How many lines have begun.
    pub lines: usize,
    pub style: Style,
    printing: Option<i32>,
    /// How much stands in the open line.
    width: usize,
    clock: u64,
}

impl Paper {
    pub fn new(style: Style) -> Paper {
        Paper {
            text: String::new(),
            lines: 0,
            style,
            printing: None,
            width: 0,
            clock: 0,
        }
    }

    pub fn put(&mut self, text: &str) {
        self.text.push_str(text);
        self.width += text.len();
    }

    pub fn end_line(&mut self, text: &str) {
        self.put(text);
        self.text.push('\n');
        self.width = 0;
        self.printing = None;
    }

    /// Begins a line: whose it is, and when.
    pub fn leader(&mut self, thread: i32) -> Option<f64> {
        if self.width > 0 {
            self.end_line(" <unfinished ...>");
        }
        self.lines += 1;
        self.printing = Some(thread);
        self.put(&match self.style.brackets {
            true => format!("[pid {thread:5}] "),
            false => format!("{thread:<5} "),
        });
        self.clock += 7919;
        let time = format!("1795359053.{:06}", self.clock % 1_000_000);
        self.style.times.then(|| {
            self.put(&format!("{time} "));
            time.parse().expect("a number")
        })
    }

    /// A whole line that is no call.
    pub fn notice(&mut self, thread: i32, text: &str) -> Option<f64> {
        let time = self.leader(thread);
        self.end_line(text);
        time
    }

    /// Goes on with a call of `thread`, on its open line or on a new one.
    pub fn resume(&mut self, thread: i32, name: &str) -> Option<f64> {
        let mut time = None;
        if self.printing != Some(thread) {
            time = self.leader(thread);
            let space = [">", "> "][usize::from(self.style.space_after_resumed)];
            self.put(&format!("<... {name} resumed{space}"));
        }
        self.printing = Some(thread);
        time
    }

    /// Closes the arguments and writes the result.
    pub fn result(&mut self, result: &str) {
        self.put(") ");
        let padding = self.style.column.saturating_sub(self.width);
        self.put(&" ".repeat(padding));
        self.end_line(&format!("= {result}"));
    }

    pub fn frames(&mut self, frames: &[String]) {
        for frame in frames {
            self.lines += 1;
            self.end_line(&format!(" > {frame}"));
        }
    }

    /// `thread` was in execve, and goes on as `first`.
    pub fn change_pid(&mut self, thread: i32, first: i32) {
        if self.printing == Some(thread) {
            self.end_line(&format!(" <pid changed to {first} ...>"));
        }
    }

    /// Strace leaves: it says so, or was killed and cannot.
    pub fn leave(&mut self, in_peace: bool) {
        if self.width > 0 && in_peace {
            self.end_line(" <detached ...>");
        }
    }
}
