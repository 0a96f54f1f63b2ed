//! The traces of a run, the companions' included, on one clock.

use std::collections::{HashMap, HashSet};

use anyhow::{Result, bail};

use crate::facts::process_tree::ProcessTree;
use crate::facts::times::{met_by_kill, times};
use crate::i18n::run;
use crate::run::transcript::Transcript;
use crate::timeline::fold;
use crate::trace::{Call, Notice, Trace};

/// Everything traced in a run.
pub struct History<'a> {
    /// The lab's part, then the companions'.
    pub parts: Vec<Part<'a>>,
    pub end: f64,
}

/// One trace, its times counted from the beginning of the run.
pub struct Part<'a> {
    pub companion: Option<&'a str>,
    pub transcript: &'a Transcript,
    pub trace: &'a Trace,
    /// When each call was entered, and when it had returned (none: it never did).
    pub calls: Vec<(f64, Option<f64>)>,
    pub notices: Vec<f64>,
    /// Who is whose child, and what became of each.
    pub tree: ProcessTree,
    /// Whether it is told how long each call took; else it had returned at the latest when given.
    pub is_exact: bool,
    /// Calls whose result is not to be believed, without it.
    cut_off: HashMap<usize, Call>,
    /// Of each call, whether it is counted and not drawn.
    is_folded: Vec<bool>,
}

impl<'a> History<'a> {
    /// Reads the traces of a run; times are needed.
    pub fn of(transcript: &'a Transcript) -> Result<History<'a>> {
        let mut parts: Vec<Part<'a>> = transcript
            .parts()
            .filter_map(|(companion, transcript)| Part::of(companion, transcript))
            .collect();
        let starts = parts.iter().filter_map(Part::start);
        let Some(zero) = starts.min_by(f64::total_cmp) else {
            bail!(run::has_no_times());
        };
        let mut end: f64 = 0.0;
        for part in &mut parts {
            for (from, to) in &mut part.calls {
                *from = (*from - zero).max(0.0);
                *to = to.map(|to| (to - zero).max(0.0));
                end = end.max(*from).max(to.unwrap_or(0.0));
            }
            for at in &mut part.notices {
                *at = (*at - zero).max(0.0);
                end = end.max(*at);
            }
        }
        Ok(History { parts, end })
    }
}

impl<'a> Part<'a> {
    fn of(companion: Option<&'a str>, transcript: &'a Transcript) -> Option<Part<'a>> {
        let trace = transcript.trace.as_ref()?;
        let notices = trace.notices.iter().map(|notice| notice.time);
        let notices = notices.collect::<Option<Vec<f64>>>()?;
        let met_by_kill = met_by_kill(trace);
        let tree = ProcessTree::of(trace);
        Some(Part {
            companion,
            transcript,
            trace,
            calls: times(trace, &met_by_kill)?,
            cut_off: without_results(trace, met_by_kill),
            is_folded: fold::folded(trace, &tree, companion.is_some()),
            tree,
            notices,
            is_exact: trace.calls.iter().any(|call| call.seconds().is_some()),
        })
    }

    /// When its program began: the return of the execve that ends the set-up.
    fn start(&self) -> Option<f64> {
        let setup = self.trace.calls.iter().rposition(|call| call.setup);
        let (from, to) = *self.calls.get(setup.unwrap_or(0))?;
        Some(to.unwrap_or(from))
    }

    /// The same, when the clock has been set.
    pub fn began(&self) -> f64 {
        self.start().unwrap_or(0.0)
    }

    /// The calls of a thread (a pid means the first one) with their places and times, without strace's own.
    pub fn calls_of(&self, pid: i32) -> impl Iterator<Item = Timed<'_>> {
        let calls = self.trace.calls.iter().enumerate();
        let own = calls.filter(move |(_, call)| call.thread == pid && !call.setup);
        own.map(|(index, _)| self.timed(index))
    }

    /// The call at that place of the trace, with its times.
    pub fn timed(&self, index: usize) -> Timed<'_> {
        let (from, to) = self.calls[index];
        let call = self.cut_off.get(&index);
        Timed {
            index,
            call: call.unwrap_or(&self.trace.calls[index]),
            from,
            to,
            is_folded: self.is_folded[index],
        }
    }

    /// The place of the call that made a thread.
    pub fn maker(&self, thread: i32) -> Option<usize> {
        let mut processes = self.trace.pids.iter();
        let made = processes.find_map(|&pid| {
            let mut made = self.trace.threads_made(pid);
            made.find(|(_, made)| *made == thread)
        });
        let (clone, _) = made?;
        self.trace
            .calls
            .iter()
            .position(|call| std::ptr::eq(call, clone))
    }

    /// Signals and ends of a thread with their times.
    pub fn notices_of(&self, pid: i32) -> impl Iterator<Item = (f64, &'a Notice)> + '_ {
        let notices = self.trace.notices.iter().zip(&self.notices);
        notices
            .filter(move |(notice, _)| notice.thread == pid)
            .map(|(notice, at)| (*at, notice))
    }
}

/// Calls whose result is not to be believed, without it.
fn without_results(trace: &Trace, calls: HashSet<usize>) -> HashMap<usize, Call> {
    let without = |index: usize| Call {
        result: None,
        ..trace.calls[index].clone()
    };
    calls
        .into_iter()
        .map(|index| (index, without(index)))
        .collect()
}

/// A call and its times.
#[derive(Clone, Copy)]
pub struct Timed<'a> {
    pub index: usize,
    pub call: &'a Call,
    pub from: f64,
    pub to: Option<f64>,
    /// Whether it is counted and not drawn.
    pub is_folded: bool,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::run::transcript::Transcript;
    use crate::scenario::Scenario;
    use crate::timeline::{ArrowKind, Cause, MarkKind, State, Timeline, of};
    use crate::trace::Trace;

    fn part(program: &str, text: &str) -> Transcript {
        let mut trace = Trace::of(program);
        trace.feed(text.as_bytes());
        trace.end();
        Transcript {
            pids: trace.pids.clone(),
            trace: Some(trace),
            ..Transcript::default()
        }
    }

    /// The model of a run of `./lab`, process 10, beside a companion.
    fn model(lab: &str, companion: Option<(&str, &str)>) -> Timeline {
        let start = "10 100.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0 <0.000000>\n";
        let mut transcript = part("./lab", &format!("{start}{lab}"));
        let beside = companion.map(|(program, text)| ("other".to_owned(), part(program, text)));
        transcript.companions.extend(beside);
        let scenario = Scenario::named("made-up");
        of(Path::new("/nowhere"), "lab", &scenario, &transcript).expect("a model")
    }

    fn marks(timeline: &Timeline, lane: usize) -> Vec<String> {
        let marks = timeline.lanes[lane].marks.iter().map(|mark| &mark.kind);
        let told = marks.filter_map(|what| match what {
            MarkKind::Call { text, .. } => Some(text.clone()),
            MarkKind::Folded(calls) => Some(format!("({calls})")),
            MarkKind::Exec(name) => Some(format!("=> {name}")),
            _ => None,
        });
        told.collect()
    }

    #[test]
    fn a_thread_has_a_lane_behind_that_of_its_process_and_an_end_of_its_own() {
        let clone = "clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD, parent_tid=[11], child_tidptr=0x7f)";
        let run = model(
            &format!(
                "10 101.0 {clone} = 11 <0.0001>\n11 101.1 write(1, \"x\\n\", 2) = 2 <0.0001>\n\
                 10 101.2 futex(0x7f, FUTEX_WAIT, 11, NULL <unfinished ...>\n11 102.0 exit(0) = ?\n\
                 11 102.0 +++ exited with 0 +++\n10 102.1 <... futex resumed>) = 0 <0.9>\n\
                 10 103.0 exit_group(0) = ?\n10 103.0 +++ exited with 0 +++\n"
            ),
            None,
        );
        let pids: Vec<i32> = run.lanes.iter().map(|lane| lane.pid).collect();
        assert_eq!(pids, [10, 11]);
        let thread = run.lanes[1].thread.expect("a thread");
        assert_eq!((thread.process, thread.number), (10, 2));
        assert!(marks(&run, 1).iter().any(|mark| mark.starts_with("write")));
        let end = |place: usize| run.lanes[place].ended.map(|(at, _)| at);
        assert!(end(1) < end(0));
        let blocked = run.lanes[0].spans.iter().map(|span| &span.state);
        assert!(
            blocked
                .clone()
                .any(|state| *state == State::Blocked("join".to_owned())),
            "{:?}",
            run.lanes[0]
        );
        let kinds: Vec<&ArrowKind> = run.arrows.iter().map(|arrow| &arrow.kind).collect();
        assert_eq!(kinds, [&ArrowKind::Thread]);
        assert_eq!(
            (run.arrows[0].from.pid, run.arrows[0].to.pid),
            (Some(10), Some(11))
        );
    }

    #[test]
    fn wait_comes_back_after_the_child_has_ended() {
        let run = model(
            "10 101.0 fork() = 11 <0.0001>\n10 101.1 wait4(-1,  <unfinished ...>\n11 101.2 exit_group(0) = ?\n\
             11 102.0 +++ exited with 0 +++\n10 102.1 <... wait4 resumed>NULL, 0, NULL) = 11 <0.8>\n",
            None,
        );
        let wait = run
            .arrows
            .iter()
            .find(|arrow| arrow.kind == ArrowKind::Wait);
        let (from, to) = wait.map(|wait| (wait.from.at, wait.to.at)).expect("it");
        assert!((from, to) > (1.99, 2.09) && to < 2.11, "{from} {to}");
        let mark = run.lanes[0].marks.last().expect("the wait");
        assert_eq!(mark.at, to, "{:#?}", run.lanes[0]);
    }

    #[test]
    fn what_is_read_of_a_process_that_is_being_killed_is_no_result() {
        let run = |waited: &str| {
            let text = format!(
                "10 100.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3 <0.1>\n10 100.7 listen(3, 5) = 0 <0.1>\n\
                 10 101.0 accept(3, {{sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr(\"127.0.0.1\")}}, [16]) = 231 <{waited}>\n\
                 10 103.0001 +++ killed by SIGKILL +++\n"
            );
            let run = model(&text, None);
            let is_blocked =
                |state: &State| matches!(state, State::Blocked(call) if call == "accept");
            let blocked = run.lanes[0]
                .spans
                .iter()
                .find(|span| is_blocked(&span.state));
            let lasting = blocked.map(|span| (span.to - span.from).round());
            (marks(&run, 0).pop(), run.moments.len(), lasting)
        };
        let (broken, back) = ("accept(3)".to_owned(), "accept(3) → 231".to_owned());
        assert_eq!(run("2.0"), (Some(broken), 0, Some(2.0)));
        assert_eq!(run("1.0"), (Some(back), 1, Some(1.0)));
    }

    #[test]
    fn of_a_companion_that_is_no_lab_only_the_sockets_are_drawn() {
        let server = "20 100.0 execve(\"./perl\", [\"perl\"], 0x1) = 0 <0.000000>\n20 100.05 arch_prctl(ARCH_SET_FS, 0x1) = 0 <0.0001>\n\
             20 100.1 openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY) = 3 <0.0001>\n20 100.2 close(3) = 0 <0.0001>\n\
             20 100.3 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3 <0.0001>\n\
             20 100.4 connect(3, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0 <0.0001>\n\
             20 100.5 fork() = 21 <0.0001>\n21 100.6 open(\"m\", O_RDONLY) = 4 <0.0001>\n21 100.7 write(3, \"a\", 1) = 1 <0.0001>\n\
             21 100.8 execve(\"./lab\", [\"lab\"], 0x1) = 0 <0.0001>\n21 100.9 close(4) = 0 <0.0001>\n20 101.0 close(3) = 0 <5.0>\n";
        let run = model("", Some(("./perl", server)));
        let expected = ["(5)", "connect(3) :9", "close(3)"];
        assert_eq!(marks(&run, 1), expected);
        assert_eq!(
            marks(&run, 2),
            ["(1)", "write(3) \"a\"", "=> lab", "close(4)"]
        );
        let causes: Vec<(f64, Cause)> = run
            .moments
            .iter()
            .map(|moment| (moment.at, moment.cause.clone()))
            .collect();
        // at its entry, however long it takes to come back
        let at = run.lanes[1].marks.last().map(|mark| mark.at);
        assert!(
            matches!(causes.as_slice(), [(_, Cause::Close(lab)), (closed, Cause::Close(socket))]
                if lab == &[4] && socket == &[3] && Some(*closed) == at && *closed < 1.1),
            "{causes:?}"
        );
    }
}
