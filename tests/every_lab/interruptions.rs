//! EINTR at every call in which a lab can wait: it ends as its C program does, says what is wrong, or makes the call again.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use labscope::compare::{ComparedProgram, Member, ProcessCalls, ProcessEnd, ProgramRun};
use labscope::trace::syscall::{MAY_WAIT, WAITS, names, request};
use labscope::trace::tracer::AfterFork;
use labscope::trace::{Call, Trace};
use labscope::{Condition, Language, Scenario, Step, Stop, Time};
use libtest_mimic::Trial;
use serde::Deserialize;

use crate::programs::{c, means};
use crate::support::trials::trials_of;
use crate::support::{self, root, scenarios_of};

/// What is awaited in vain need not be awaited long: only the time counts in which all rest.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    labs: Vec<String>,
    measure: Vec<String>,
    again: Vec<Again>,
}

/// Where the lab makes a call again, and nothing comes of the interruption.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    lab: String,
    process: usize,
    call: String,
    /// What it prints once more.
    #[serde(default)]
    says: String,
    /// What comes of it in C.
    #[allow(dead_code)]
    reason: String,
}

fn file() -> File {
    let text = include_str!("interruptions.toml");
    toml::from_str(text).unwrap_or_else(|error| panic!("interruptions.toml: {error}"))
}

pub fn trials() -> Vec<Trial> {
    trials_of(
        &file().labs,
        "survives_eintr_at_every_call",
        "make compare-{lab}",
        interrupted,
    )
}

fn interrupted(name: &str) -> Vec<String> {
    let twin = c(&support::twin(name));
    // Taken as a program that may say something in other words: a text that was to come may be lost.
    let lab = ComparedProgram::C {
        root: root().to_owned(),
        path: support::traced(name),
        confined: Some(means()),
        args: Vec::new(),
        in_tmp: false,
        has_libc: false,
    };
    support::labscope();
    let file = file();
    let again: Vec<&Again> = file.again.iter().filter(|row| row.lab == name).collect();
    let (mut found, mut seen, mut used) = (Vec::new(), HashSet::new(), HashSet::new());
    let scenarios = &scenarios_of(name).scenarios;
    for scenario in scenarios {
        let steps = scenario
            .steps
            .iter()
            .filter(|step| waits_for_no_stop(step))
            .cloned();
        let scenario = Scenario {
            trace: true,
            timeout: Some(PATIENCE),
            time: match scenario.companions.is_empty() {
                true => Time::Virtual, // the same in each run
                false => scenario.time,
            },
            // Who does not wait for a key is one ahead: nobody can say whether it is still stopped when it is looked at.
            steps: steps.collect(),
            ..scenario.clone()
        };
        let undisturbed = match run(&lab, &scenario) {
            Ok(run) => run,
            Err(error) => return vec![error],
        };
        let of = |run: &ProgramRun| Outcome::of(run, file.measure.iter().any(|it| it == name));
        for target in targets(&undisturbed, &mut seen) {
            let mut disturbed = scenario.clone();
            disturbed.inject.insert(0, target.injection());
            let runs = run(&twin, &disturbed).and_then(|c| Ok((c, target.hit(&lab, &disturbed)?)));
            let (c, lab) = match runs {
                Ok((c, lab)) => (of(&c), of(&lab)),
                Err(error) => return vec![error],
            };
            let before = of(&undisturbed);
            let row = again.iter().position(|row| row.is_of(&target));
            let is_again = row.filter(|&row| lab.is(&before, &target, "", &again[row].says));
            if lab.leaves_nothing() && lab.fits(&c) {
                continue;
            }
            used.extend(is_again);
            let is_lost = target.is_text && lab.is(&before, &target, &target.text, "");
            if lab.leaves_nothing() && (is_again.is_some() || is_lost || lab.tells(&target)) {
                continue;
            }
            let shown_by = format!("inject = [{:?}]", target.injection());
            found.push(format!(
                "{}: {target}, {shown_by}\nC:\n{c}lab:\n{lab}without it:\n{before}",
                scenario.name
            ));
        }
    }
    if seen.is_empty() {
        found.push("no call was interrupted".to_owned());
    }
    let unused = (0..again.len()).filter(|row| !used.contains(row));
    found.extend(
        unused.map(|row| format!("it was not seen that {} is made again", again[row].call)),
    );
    found
}

fn waits_for_no_stop(step: &Step) -> bool {
    let Step::Await { condition, .. } = step else {
        return true;
    };
    !matches!(condition, Condition::State { state: 'T', .. })
}

fn run(program: &ComparedProgram, scenario: &Scenario) -> Result<ProgramRun, String> {
    let run = program.run(scenario, false, AfterFork::Child);
    run.map_err(|error| format!("{}: {error:#}", scenario.name))
}

impl Again {
    fn is_of(&self, target: &Target) -> bool {
        !target.is_text && self.call == target.name && self.process == target.process
    }
}

/// One call: the `count`th of that name that the process makes.
#[derive(Clone, Debug)]
struct Target {
    /// As it is counted, and as it is told.
    process: usize,
    number: String,
    name: String,
    count: usize,
    line: u32,
    /// It writes standard output or error.
    is_text: bool,
    text: String,
}

impl Target {
    /// The injection, under all names that libraries have for the call.
    fn injection(&self) -> String {
        let is_it = |name: &&str| request(name) == request(&self.name);
        let all: Vec<&str> = names(WAITS | MAY_WAIT).filter(is_it).collect();
        let (names, count, process) = (all.join(","), self.count, self.process);
        format!("{names}:error=EINTR:when={count}:process={process}")
    }

    /// A run in which it is interrupted: where the scenario is over at about the same time, the next one may be.
    fn hit(&self, program: &ComparedProgram, scenario: &Scenario) -> Result<ProgramRun, String> {
        for _ in 0..3 {
            let run = run(program, scenario)?;
            if self.is_hit(&run) {
                return Ok(run);
            }
        }
        Err(format!("{}: {self} was not interrupted", scenario.name))
    }

    fn is_hit(&self, run: &ProgramRun) -> bool {
        let mut calls = run.transcript.trace.iter().flat_map(|it| &it.calls);
        let is_it = |call: &Call| request(&call.name) == request(&self.name);
        calls.any(|call| is_it(call) && call.is_injected() && call.errno() == Some("EINTR"))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, line) = (&self.name, self.line);
        write!(f, "{name} of process {}, line {line}", self.number)
    }
}

/// The calls in which the processes of a run wait or may wait: of each line of each process the first one, in all
/// scenarios together.
fn targets(run: &ProgramRun, seen: &mut HashSet<(usize, String, u32)>) -> Vec<Target> {
    let trace = run.transcript.trace.as_ref().expect("a trace");
    let is_process = |it: &&ProcessCalls| !matches!(it.path.last(), Some(Member::Thread(_)));
    let mut targets = Vec::new();
    for process in run.processes.iter().filter(is_process) {
        let mut pids = run.transcript.pids.iter();
        let place = pids.position(|pid| *pid == process.pid).expect("a process") + 1;
        let mut counts = HashMap::<&str, usize>::new();
        for own in &process.calls {
            let call = &trace.calls[own.index];
            let count = counts.entry(call.request()).or_default();
            *count += 1;
            let line = own.line.as_ref().map_or(0, |line| line.line);
            let is_met = call.can_wait() && !call.is_injected();
            if !is_met || !seen.insert((place, call.name.clone(), line)) {
                continue;
            }
            targets.push(Target {
                process: place,
                number: process.number(),
                name: call.name.clone(),
                count: *count,
                line,
                is_text: call.name == "write" && matches!(call.descriptor(), Some(1 | 2)),
                text: run.text(&call.moved()).to_string(),
            });
        }
    }
    targets
}

/// What came of a run.
#[derive(Debug)]
struct Outcome {
    processes: Vec<Ended>,
    /// What each companion showed.
    companions: Vec<(String, String)>,
    /// The cap that the run met.
    cap: Option<String>,
    /// How many processes were left alive.
    left: usize,
    /// What process 1 made with a name or a key, and has not removed.
    kept: Vec<String>,
}

#[derive(Debug)]
struct Ended {
    number: String,
    printed: [String; 2],
    end: ProcessEnd,
}

impl Ended {
    /// Whether it was ended from outside, and might have gone on.
    fn is_cut(&self) -> bool {
        self.end == ProcessEnd::Cut
    }
}

impl Outcome {
    fn of(run: &ProgramRun, measures: bool) -> Outcome {
        let trace = run.transcript.trace.as_ref().expect("a trace");
        // What is measured may happen to be a pid of the run, and has no name then.
        let printed = |bytes: &[u8]| match measures {
            true => without_numbers(&lossy(bytes)),
            false => run.text(bytes).to_string(),
        };
        let ended = |process: &ProcessCalls| Ended {
            number: process.number(),
            printed: [1, 2].map(|fd| printed(&trace.written(process.pid, fd))),
            end: process.end.clone(),
        };
        let shown = run.transcript.companions.iter();
        let shown = shown.map(|(name, part)| {
            let text = match measures {
                true => without_numbers(&lossy(&part.terminal)),
                false => part.normalised().terminal,
            };
            (name.clone(), text)
        });
        let cap = match &run.transcript.stopped {
            Some(stop @ Stop::Cap(_)) => Some(stop.say(Language::En)),
            _ => None,
        };
        Outcome {
            processes: run.processes.iter().map(ended).collect(),
            companions: shown.collect(),
            cap,
            left: run.transcript.left.len(),
            kept: kept(trace),
        }
    }

    /// Whether it is what the C program comes to. Who was ended from outside may have gone a little further, and process 1
    /// may have made another child then.
    fn fits(&self, other: &Outcome) -> bool {
        let are_cut = self.processes[0].is_cut() && other.processes[0].is_cut();
        let mut pairs = self.processes.iter().zip(&other.processes);
        (are_cut || self.processes.len() == other.processes.len())
            && self.cap == other.cap
            && self.left <= other.left
            && self.show_the_same(other)
            && pairs.all(|(one, other)| {
                let mut texts = one.printed.iter().zip(&other.printed);
                one.number == other.number
                    && (one.end == other.end || are_cut && (one.is_cut() || other.is_cut()))
                    && texts
                        .all(|(text, others)| is_one(text, others, one.is_cut() || other.is_cut()))
            })
    }

    fn show_the_same(&self, other: &Outcome) -> bool {
        let mut pairs = self.companions.iter().zip(&other.companions);
        pairs.all(|(one, other)| is_one(&one.1, &other.1, true))
    }

    /// Whether it is the run that was not interrupted, but for a text that is lost in that process, or one that is
    /// printed once more.
    fn is(&self, before: &Outcome, target: &Target, lost: &str, more: &str) -> bool {
        let mut pairs = self.processes.iter().zip(&before.processes);
        self.processes.len() == before.processes.len()
            && self.cap.is_none()
            && self.left <= before.left
            && self.show_the_same(before)
            && pairs.all(|(own, before)| {
                let is_cut = own.is_cut();
                let is_it = own.number == target.number;
                let (lost, more) = if is_it { (lost, more) } else { ("", "") };
                let mut texts = own.printed.iter().zip(&before.printed);
                own.end == before.end
                    && texts.all(|(own, before)| {
                        is_one(own, before, is_cut)
                            || is_without(before, own, lost, is_cut)
                            || is_without(own, before, more, is_cut)
                    })
            })
    }

    /// Whether the process that was interrupted says so, and ends.
    fn tells(&self, target: &Target) -> bool {
        let mut all = self.processes.iter();
        let own = all.find(|process| process.number == target.number);
        own.is_some_and(|own| {
            let is_error =
                matches!(own.end, ProcessEnd::Exited(status) if status != 0 && status != 101);
            is_error && own.printed[1].contains("Interrupted system call\n")
        })
    }

    /// Who ends by itself removes what it has made, and nothing of it runs on and on.
    fn leaves_nothing(&self) -> bool {
        let has_ended = matches!(self.processes[0].end, ProcessEnd::Exited(_));
        self.cap.is_none() && (!has_ended || self.kept.is_empty())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Ended {
            number,
            printed: [out, err],
            end,
        } in &self.processes
        {
            writeln!(f, "  {number}: {out:?} {err:?}, {}", end.say(Language::En))?;
        }
        for (name, shown) in &self.companions {
            writeln!(f, "  {name}: {shown:?}")?;
        }
        let cap = self.cap.as_deref().unwrap_or_default();
        writeln!(f, "  {} left, kept {:?} {cap}", self.left, self.kept)
    }
}

/// Whether two texts are one; of processes that were ended from outside, as far as both have come.
fn is_one(one: &str, other: &str, is_cut: bool) -> bool {
    one == other || is_cut && (one.starts_with(other) || other.starts_with(one))
}

/// Whether `one` without one occurrence of `lost` is `other`.
fn is_without(one: &str, other: &str, lost: &str, is_cut: bool) -> bool {
    let places = one.match_indices(lost).map(|(place, _)| place);
    let mut rests = places.map(|place| one[..place].to_owned() + &one[place + lost.len()..]);
    !lost.is_empty() && rests.any(|rest| is_one(&rest, other, is_cut))
}

/// A text with each number as `0`, and blanks as one.
fn without_numbers(text: &str) -> String {
    let words = text.split(' ').filter(|word| !word.is_empty());
    let words = words.map(|word| {
        let zeros = word.replace(|c: char| c.is_ascii_digit(), "0");
        let mut short = String::new();
        for c in zeros.chars() {
            if !(c == '0' && short.ends_with('0')) {
                short.push(c);
            }
        }
        short
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What a run has made that outlives its processes, and has not removed: FIFOs, socket files, segments, semaphores.
fn kept(trace: &Trace) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let done = |call: &&Call| call.value().is_some_and(|value| value >= 0) && !call.is_injected();
    for call in trace.calls.iter().filter(done) {
        let args = call.args.as_str();
        let named = |place: usize| call.args.get(place).as_str().trim_matches('"').to_owned();
        match request(&call.name) {
            "mknod" => kept.push(call.path().map_or_else(String::new, |it| lossy(&it))),
            "bind" if args.contains("AF_UNIX") => {
                let name = call.args.get(1).field("sun_path");
                kept.push(
                    name.map_or_else(String::new, |it| it.as_str().trim_matches('"').to_owned()),
                );
            }
            "unlink" => {
                let name = call.path().map_or_else(String::new, |it| lossy(&it));
                kept.retain(|one| *one != name);
            }
            "shmget" | "semget" if args.contains("IPC_CREAT") => {
                let object = format!("{} {}", call.name, call.value().unwrap_or_default());
                if !kept.contains(&object) {
                    kept.push(object);
                }
            }
            "shmctl" | "semctl" if args.contains("IPC_RMID") => {
                let object = format!("{}get {}", &call.name[..3], named(0));
                kept.retain(|one| *one != object);
            }
            _ => {}
        }
    }
    kept
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
