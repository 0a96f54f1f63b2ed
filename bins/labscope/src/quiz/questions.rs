//! The questions of a run, each from one fact about it.

use std::collections::BTreeMap;

use crate::facts::process_tree::ProcessTree;
use crate::i18n::Language;
use crate::i18n::quiz as words;
use crate::quiz::{Answer, Question};
use crate::run::transcript::{Status, Transcript};
use crate::source::Site;
use crate::trace::syscall::WRITES;
use crate::trace::{Call, Trace};

/// A printed line as long as this can be told apart and typed into a question.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=40;

/// How many calls are named in an answer.
const MOST: usize = 4;

/// What is known of a run.
struct Run<'a> {
    transcript: &'a Transcript,
    trace: &'a Trace,
    sites: &'a [Site],
    tree: ProcessTree,
    language: Language,
}

/// The questions of a run of a lab; `sites` are those of its calls.
pub fn questions(transcript: &Transcript, sites: &[Site], language: Language) -> Vec<Question> {
    let Some(trace) = &transcript.trace else {
        return Vec::new();
    };
    let run = Run {
        transcript,
        trace,
        sites,
        tree: ProcessTree::of(trace),
        language,
    };
    let one = [run.processes(), run.repeated_line()].into_iter().flatten();
    let children = (1..run.tree.processes().len()).filter_map(|who| run.zombie(who));
    one.chain(children.take(1)).chain(run.end()).collect()
}

impl Run<'_> {
    /// How many processes are there?
    fn processes(&self) -> Option<Question> {
        let count = i64::try_from(self.transcript.pids.len()).ok()?;
        let calls = self.calls(|call| call.child().is_some());
        let why = match calls.is_empty() {
            true => vec![words::no_fork(self.language).to_owned()],
            false => calls,
        };
        Some(Question {
            text: words::how_many_processes(self.language).to_owned(),
            answer: Answer::Number(count),
            why,
        })
    }

    /// How often does the line stand there that stands there most often?
    fn repeated_line(&self) -> Option<Question> {
        let output = self.transcript.stdout.as_ref();
        let output = String::from_utf8_lossy(output.unwrap_or(&self.transcript.terminal));
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let can_be_asked = |line: &&str| {
            let has_letters = line.chars().any(char::is_alphabetic);
            has_letters && LENGTHS.contains(&line.chars().count()) && !line.contains('^')
        };
        for line in output.lines().map(str::trim_end).filter(can_be_asked) {
            *counts.entry(line).or_default() += 1;
        }
        let (line, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        let writes =
            |call: &Call| call.is(WRITES) && String::from_utf8_lossy(&call.moved()).contains(line);
        (count > 1).then(|| Question {
            text: words::how_often(self.language, line),
            answer: Answer::Number(i64::try_from(count).unwrap_or(i64::MAX)),
            why: self.calls(writes),
        })
    }

    /// What becomes of a child when it ends?
    fn zombie(&self, who: usize) -> Option<Question> {
        let child = &self.tree.processes()[who];
        let end = child.end.as_ref()?;
        let reaped = child.reaped.map(|(_, place)| &self.trace.calls[place]);
        let last = self.trace.calls.iter().rev();
        let last = last
            .filter(|call| call.pid == child.pid)
            .map(|call| call.entered_at);
        let waited = reaped.is_some_and(|reap| last.max().is_some_and(|end| reap.entered_at < end));
        let right = match (self.tree.zombie_of(who), reaped) {
            (_, Some(_)) if waited => 0,
            (_, Some(_)) => 1,
            (Some(_), None) => 2,
            (None, None) if self.tree.is_orphan(who) => 3,
            (None, None) => return None, // it ended with its parent
        };
        let number = self.number(child.pid)?;
        let why = match (reaped, &end.signal) {
            (Some(_), _) => self.calls(|call| call.reaps(child.pid)),
            (None, _) => vec![words::nobody_waited(self.language, number)],
        };
        Some(Question {
            text: words::what_becomes(self.language, number),
            answer: Answer::Choice {
                options: words::ends_of_a_child(self.language),
                right,
            },
            why,
        })
    }

    /// How does process 1 end?
    fn end(&self) -> Option<Question> {
        let first = *self.transcript.pids.first()?;
        match self.transcript.status? {
            Status::Exited(status) => Some(Question {
                text: words::which_status(self.language).to_owned(),
                answer: Answer::Number(status.into()),
                why: self.calls(|call| call.pid == first && call.name.starts_with("exit")),
            }),
            Status::Killed(_) => None,
        }
    }

    /// Calls of a kind, each with its process and its line; the first few.
    fn calls(&self, is_meant: impl Fn(&Call) -> bool) -> Vec<String> {
        let all = self.trace.calls.iter().zip(self.sites);
        let meant: Vec<_> = all
            .filter(|(call, _)| !call.setup && is_meant(call))
            .collect();
        let mut told: Vec<String> = meant
            .iter()
            .take(MOST)
            .filter_map(|(call, site)| Some(self.call(call, site, self.number(call.pid)?)))
            .collect();
        if meant.len() > MOST {
            told.push(words::more(self.language, meant.len() - MOST));
        }
        told
    }

    fn call(&self, call: &Call, site: &Site, process: usize) -> String {
        let line = site.line().map(|line| {
            let file = line.file.file_name().unwrap_or_default();
            format!("  {}:{}", file.display(), line.line)
        });
        let text = crate::text::shorten::call(&format!("{}({})", call.name, call.args));
        let text = self.numbered(&text);
        words::call(self.language, process, &text) + &line.unwrap_or_default()
    }

    fn number(&self, pid: i32) -> Option<usize> {
        let mut pids = self.transcript.pids.iter();
        Some(pids.position(|&known| known == pid)? + 1)
    }

    /// With `<n>` for each pid of the run.
    fn numbered(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (place, pid) in self.transcript.pids.iter().enumerate() {
            text = text.replace(&pid.to_string(), &format!("<{}>", place + 1));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers about a run of which strace would write these lines.
    fn answers(lines: &str, status: Option<Status>) -> Vec<(String, String)> {
        let mut trace = Trace::of("./lab");
        trace.feed(b"7 execve(\"./lab\", [\"./lab\"], 0x7ffe /* 1 var */) = 0\n");
        trace.feed(lines.as_bytes());
        trace.end();
        let transcript = Transcript {
            pids: trace.pids.clone(),
            trace: Some(trace),
            status,
            terminal: b"same line\r\nsame line\r\nother\r\n".to_vec(),
            ..Transcript::default()
        };
        let all = questions(&transcript, &[], Language::En);
        all.into_iter()
            .map(|question| (question.text, question.answer.told()))
            .collect()
    }

    fn becomes(lines: &str) -> Option<String> {
        let all = answers(lines, None);
        let about = all
            .into_iter()
            .find(|(text, _)| text.starts_with("Process 2 ends"));
        about.map(|(_, answer)| answer)
    }

    #[test]
    fn what_becomes_of_a_child_is_read_off_the_calls() {
        let waits_before = "7 fork() = 8\n7 wait4(-1, <unfinished ...>\n8 exit_group(3) = ?\n8 +++ exited with 3 +++\n\
             7 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 8\n";
        let waits_after = "7 fork() = 8\n8 exit_group(3) = ?\n8 +++ exited with 3 +++\n\
             7 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 8\n7 exit_group(1) = ?\n";
        let nobody = "7 fork() = 8\n8 exit_group(3) = ?\n8 +++ exited with 3 +++\n7 getpid() = 7\n";
        let orphan = "7 fork() = 8\n7 exit_group(0) = ?\n7 +++ exited with 0 +++\n8 getppid() = 1\n\
             8 exit_group(3) = ?\n8 +++ exited with 3 +++\n";
        let options = words::ends_of_a_child(Language::En);
        for (lines, right) in [
            (waits_before, 0),
            (waits_after, 1),
            (nobody, 2),
            (orphan, 3),
        ] {
            assert_eq!(becomes(lines).as_ref(), Some(&options[right]), "{lines}");
        }
    }

    #[test]
    fn numbers_are_counted() {
        let all = answers(
            "7 fork() = 8\n8 getpid() = 8\n7 exit_group(4) = ?\n",
            Some(Status::Exited(4)),
        );
        let numbers: Vec<&str> = all.iter().map(|(_, answer)| answer.as_str()).collect();
        assert_eq!(numbers, ["2", "2", "4"], "{all:?}");
    }
}
