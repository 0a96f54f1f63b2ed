//! The questions of a run, each from one fact about it.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::process_tree::ProcessTree;
use crate::i18n::Language;
use crate::i18n::quiz as words;
use crate::quiz::lines::{OutputLine, can_be_known, lines};
use crate::quiz::{Answer, Question, Reason, RecordedRun};
use crate::run::transcript::{Status, Transcript};
use crate::source::Site;
use crate::trace::syscall::{EXITS, WRITES};
use crate::trace::{Call, Trace};

/// How many calls are named in an answer.
const MOST: usize = 4;

/// How many lines are put in order.
const IN_ORDER: std::ops::RangeInclusive<usize> = 3..=4;

/// So many writes can still be counted.
const WRITTEN: std::ops::RangeInclusive<usize> = 1..=12;

/// What is known of a run.
struct Run<'a> {
    transcript: &'a Transcript,
    trace: &'a Trace,
    sites: &'a [Site],
    tree: ProcessTree,
    lines: Vec<OutputLine>,
    language: Language,
}

/// The questions of one run of a lab.
pub fn of_run(run: &RecordedRun<'_>, language: Language) -> Vec<Question> {
    let Some(trace) = &run.transcript.trace else {
        return Vec::new();
    };
    let run = Run {
        transcript: run.transcript,
        trace,
        sites: run.sites,
        tree: ProcessTree::of(trace),
        lines: lines(run.transcript, trace),
        language,
    };
    let of_output = [run.order_of_lines(), run.last_line(), run.writes()];
    let one = [run.processes(), run.repeated_line()].into_iter().flatten();
    let children = (1..run.tree.processes().len()).filter_map(|who| run.zombie(who));
    one.chain(of_output.into_iter().flatten())
        .chain(children.take(1))
        .chain(run.end())
        .collect()
}

impl Run<'_> {
    /// How many processes are there?
    fn processes(&self) -> Option<Question> {
        let count = i64::try_from(self.transcript.pids.len()).ok()?;
        let calls = self.calls(|call| call.child().is_some());
        let why = match calls.is_empty() {
            true => vec![Reason::of_none(words::no_fork(self.language))],
            false => calls,
        };
        let text = words::how_many_processes(self.language).to_owned();
        Some(question("processes", text, Answer::Number(count), why))
    }

    /// How often does the line stand there that stands there most often?
    fn repeated_line(&self) -> Option<Question> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for line in &self.lines {
            *counts.entry(&line.text).or_default() += 1;
        }
        counts.retain(|line, _| can_be_known(&self.numbered(line)));
        let (line, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        let writes =
            |call: &Call| call.is(WRITES) && String::from_utf8_lossy(&call.moved()).contains(line);
        let text = words::how_often(self.language, &self.numbered(line));
        let answer = Answer::Number(i64::try_from(count).ok()?);
        (count > 1).then(|| question("repeated", text, answer, self.calls(writes)))
    }

    /// In which order do lines of several processes come out?
    fn order_of_lines(&self) -> Option<Question> {
        let is_alone = |line: &&OutputLine| {
            let alike = self.lines.iter().filter(|other| other.text == line.text);
            alike.count() == 1 && can_be_known(&self.numbered(&line.text))
        };
        let alone: Vec<&OutputLine> = self.lines.iter().filter(is_alone).collect();
        let chain = self.chain(&alone);
        if chain.len() < 2 || chain.iter().all(|line| line.pid == chain[0].pid) {
            return None;
        }
        // Where another process goes on, and then the others from the beginning.
        let mut picked: Vec<usize> = (1..chain.len())
            .filter(|&place| chain[place].pid != chain[place - 1].pid)
            .flat_map(|place| [place - 1, place])
            .chain(0..chain.len())
            .collect();
        let mut seen = BTreeSet::new();
        picked.retain(|place| seen.insert(*place));
        picked.truncate(*IN_ORDER.end());
        picked.sort_unstable();
        let picked: Vec<&OutputLine> = picked.into_iter().map(|place| chain[place]).collect();
        let right: Vec<String> = picked
            .iter()
            .map(|line| self.numbered(&line.text))
            .collect();
        let mut options = right.clone();
        options.sort();
        if options == right {
            options.reverse();
        }
        let places = right
            .iter()
            .map(|line| options.iter().position(|one| one == line));
        let right: Vec<usize> = places.collect::<Option<_>>()?;
        let mut calls: Vec<usize> = picked.iter().map(|line| line.call).collect();
        calls.dedup();
        let why = calls.into_iter().filter_map(|call| self.reason(call));
        IN_ORDER.contains(&right.len()).then(|| {
            let text = words::in_which_order(self.language).to_owned();
            question(
                "order",
                text,
                Answer::Order { options, right },
                why.collect(),
            )
        })
    }

    /// Lines of which each can only come before the next: of such rows that with the most changes of the process.
    fn chain<'l>(&self, lines: &[&'l OutputLine]) -> Vec<&'l OutputLine> {
        // By the line that is last in it: its changes, its length, and the line before.
        let mut best: Vec<((usize, usize), Option<usize>)> = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            let longer = (0..place).filter(|&before| self.precedes(lines[before], line));
            let longer = longer.map(|before| {
                let ((changes, length), _) = best[before];
                let change = usize::from(lines[before].pid != line.pid);
                ((changes + change, length + 1), Some(before))
            });
            best.push(longer.max().unwrap_or(((0, 1), None)));
        }
        let mut place = (0..lines.len()).max_by_key(|&place| best[place].0);
        let mut chain = Vec::new();
        while let Some(last) = place {
            chain.push(lines[last]);
            place = best[last].1;
        }
        chain.reverse();
        chain
    }

    /// Whether a line cannot come out after the other: one process wrote both, it was written before a fork that made
    /// the writer of the other, or the other only after a wait for the writer of the one.
    fn precedes(&self, one: &OutputLine, other: &OutputLine) -> bool {
        let processes = self.tree.processes();
        let get = |pid: i32| processes.iter().find(|process| process.pid == pid);
        let mut younger = other.pid;
        while let (Some(parent), Some(process)) = (self.tree.parent(younger), get(younger)) {
            if parent == one.pid {
                return process.fork.is_some_and(|fork| one.call < fork);
            }
            younger = parent;
        }
        let reaped = get(one.pid).and_then(|process| process.reaped);
        let waited =
            |(by, call): (usize, usize)| processes[by].pid == other.pid && call < other.call;
        one.pid == other.pid || reaped.is_some_and(waited)
    }

    /// What is the last line of all?
    fn last_line(&self) -> Option<Question> {
        let ended = matches!(self.transcript.status, Some(Status::Exited(_)));
        let output = self.transcript.stdout.as_ref();
        let output = String::from_utf8_lossy(output.unwrap_or(&self.transcript.terminal));
        let last = output.lines().rfind(|line| !line.trim().is_empty())?;
        let line = self
            .lines
            .iter()
            .rfind(|line| line.text == last.trim_end())?;
        // A reader cannot know a pid, nor a port or an address.
        let is_known = ended
            && !line.text.contains(|one: char| one.is_ascii_digit())
            && self.lines.iter().all(|other| self.precedes(other, line));
        let why = self.reason(line.call);
        is_known.then(|| {
            let text = words::last_line(self.language).to_owned();
            let answer = Answer::Line(line.text.clone());
            question("last", text, answer, why.into_iter().collect())
        })
    }

    /// How often does process 1 write to its standard output?
    fn writes(&self) -> Option<Question> {
        let first = *self.transcript.pids.first()?;
        let is_it = |call: &Call| call.pid == first && call.written_to(1).is_some();
        let own = self
            .trace
            .calls
            .iter()
            .filter(|call| !call.setup && is_it(call));
        let count = own.count();
        let ended = matches!(self.transcript.status, Some(Status::Exited(_)));
        let answer = Answer::Number(i64::try_from(count).ok()?);
        let text = words::how_many_writes(self.language).to_owned();
        (ended && WRITTEN.contains(&count))
            .then(|| question("writes", text, answer, self.calls(is_it)))
    }

    /// What becomes of a child when it ends?
    fn zombie(&self, who: usize) -> Option<Question> {
        let child = &self.tree.processes()[who];
        child.end.as_ref()?;
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
        let why = match reaped {
            Some(_) => self.calls(|call| call.reaps(child.pid)),
            None => vec![Reason::of_none(&words::nobody_waited(
                self.language,
                number,
            ))],
        };
        let options = words::ends_of_a_child(self.language);
        let text = words::what_becomes(self.language, number);
        Some(question(
            "child",
            text,
            Answer::Choice { options, right },
            why,
        ))
    }

    /// How does process 1 end?
    fn end(&self) -> Option<Question> {
        let first = *self.transcript.pids.first()?;
        let Status::Exited(status) = self.transcript.status? else {
            return None;
        };
        let why = self.calls(|call| call.pid == first && call.is(EXITS));
        let text = words::which_status(self.language).to_owned();
        Some(question("status", text, Answer::Number(status.into()), why))
    }

    /// Calls of a kind, each with its process and its line; the first few.
    fn calls(&self, is_meant: impl Fn(&Call) -> bool) -> Vec<Reason> {
        let all = self.trace.calls.iter().enumerate();
        let meant = all.filter(|(_, call)| !call.setup && is_meant(call));
        let meant: Vec<usize> = meant.map(|(place, _)| place).collect();
        let first = meant.iter().take(MOST);
        let mut told: Vec<Reason> = first.filter_map(|&place| self.reason(place)).collect();
        if meant.len() > MOST {
            told.push(Reason::of_none(&words::more(
                self.language,
                meant.len() - MOST,
            )));
        }
        told
    }

    /// The call at that place, with its process and its line.
    fn reason(&self, place: usize) -> Option<Reason> {
        let call = self.trace.calls.get(place)?;
        let line = self.sites.get(place).and_then(Site::line).map(|line| {
            let file = line.file.file_name().unwrap_or_default();
            format!("  {}:{}", file.display(), line.line)
        });
        let text = crate::text::shorten::call(&format!("{}({})", call.name, call.args));
        let process = self.number(call.pid)?;
        let text = words::call(self.language, process, &self.numbered(&text));
        Some(Reason {
            text: text + &line.unwrap_or_default(),
            call: Some(place),
        })
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

/// A question that any order after fork may answer.
fn question(kind: &str, text: String, answer: Answer, why: Vec<Reason>) -> Question {
    Question {
        kind: kind.to_owned(),
        text,
        answer,
        why,
        order: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The questions about a run of which strace would write these lines.
    fn asked(lines: &str, status: Option<Status>, terminal: &[u8]) -> Vec<Question> {
        let mut trace = Trace::of("./lab");
        trace.feed(b"7 execve(\"./lab\", [\"./lab\"], 0x7ffe /* 1 var */) = 0\n");
        trace.feed(lines.as_bytes());
        trace.end();
        let transcript = Transcript {
            pids: trace.pids.clone(),
            trace: Some(trace),
            status,
            terminal: terminal.to_vec(),
            ..Transcript::default()
        };
        let run = RecordedRun {
            order: None,
            transcript: &transcript,
            sites: &[],
        };
        of_run(&run, Language::En)
    }

    fn answer(questions: &[Question], kind: &str) -> Option<String> {
        let one = questions.iter().find(|question| question.kind == kind);
        one.map(|question| question.answer.told())
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
            let questions = asked(lines, None, b"");
            assert_eq!(
                answer(&questions, "child").as_ref(),
                Some(&options[right]),
                "{lines}"
            );
        }
    }

    #[test]
    fn numbers_are_counted() {
        let lines = "7 write(1, \"same line\\n\", 10) = 10\n7 fork() = 8\n8 write(1, \"same line\\n\", 10) = 10\n\
             8 getpid() = 8\n7 exit_group(4) = ?\n";
        let questions = asked(
            lines,
            Some(Status::Exited(4)),
            b"same line\r\nsame line\r\n",
        );
        let told = |kind| answer(&questions, kind);
        assert_eq!(told("processes").as_deref(), Some("2"));
        assert_eq!(told("repeated").as_deref(), Some("2"));
        assert_eq!(told("writes").as_deref(), Some("1"));
        assert_eq!(told("last").as_deref(), Some("same line"));
        assert_eq!(told("status").as_deref(), Some("4"));
        // The call that decides.
        let forks = questions.iter().find(|one| one.kind == "processes");
        let decides = forks.and_then(|one| one.why.first()?.call);
        assert_eq!(decides, Some(2), "{questions:?}");
    }

    #[test]
    fn lines_are_in_the_order_in_which_they_came_out() {
        let lines = "7 write(1, \"begin\\n\", 6) = 6\n7 fork() = 8\n8 write(1, \"I am 8\\n\", 7) = 7\n\
             8 exit_group(0) = ?\n8 +++ exited with 0 +++\n\
             7 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 8\n7 write(1, \"after\\n\", 6) = 6\n7 exit_group(0) = ?\n";
        let questions = asked(
            lines,
            Some(Status::Exited(0)),
            b"begin\r\nI am 8\r\nafter\r\n",
        );
        assert_eq!(
            answer(&questions, "order").as_deref(),
            Some("begin · I am <2> · after")
        );
        // The options do not stand in that order.
        let order = questions.iter().find(|one| one.kind == "order");
        assert_ne!(
            order.map(|one| one.answer.typed()),
            Some("1 2 3".to_owned())
        );
    }

    #[test]
    fn an_order_that_only_chance_has_made_is_not_asked_for() {
        let lines = "7 write(1, \"begin\\n\", 6) = 6\n7 fork() = 8\n8 write(1, \"child\\n\", 6) = 6\n\
             8 exit_group(0) = ?\n7 write(1, \"parent\\n\", 7) = 7\n7 write(1, \"after\\n\", 6) = 6\n7 exit_group(0) = ?\n";
        let terminal = b"begin\r\nchild\r\nparent\r\nafter\r\n";
        let questions = asked(lines, Some(Status::Exited(0)), terminal);
        assert_eq!(answer(&questions, "order"), None, "{questions:?}");
        assert_eq!(answer(&questions, "last"), None, "{questions:?}");
    }

    #[test]
    fn what_the_terminal_echoes_is_no_output_of_the_lab() {
        let lines = "7 read(0, \"typed\\n\", 1024) = 6\n7 exit_group(0) = ?\n";
        let questions = asked(lines, Some(Status::Exited(0)), b"typed\r\ntyped\r\n");
        assert_eq!(answer(&questions, "repeated"), None);
        assert_eq!(answer(&questions, "last"), None);
    }
}
