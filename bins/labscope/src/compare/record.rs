//! The runs behind a comparison.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::compare::aliases::{AliasedText, Aliases};
use crate::compare::mismatch::{LineOf, Side, Unrecorded};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::{self, ProcessCalls, has_ambiguous_ports, place, processes};
use crate::confinement::Means;
use crate::facts::fork_order::{ObservedOrder, Order};
use crate::i18n::{failure, run};
use crate::proc::speed;
use crate::run::limits::{Cap, Limits};
use crate::run::runner::Runner;
use crate::run::stop::Stop;
use crate::run::stop::before_the_start;
use crate::run::transcript::Transcript;
use crate::scenario::Scenario;
use crate::source::{Attribution, Frame, Library, Place, Site, is_static, unwritten};
use crate::text::encoding;
use crate::text::visible::visible;
use crate::trace::tracer::{AfterFork, Look, MakeIsOwn};
use crate::trace::{Call, Happening, Trace, quoted};

/// Which program is run.
#[derive(Clone, Debug)]
pub enum ComparedProgram {
    /// The lab of the project.
    Lab {
        root: PathBuf,
        name: String,
        /// Runs of it that serve several comparisons.
        records: Option<Arc<Records>>,
    },
    /// A C program, or a student's in Rust, called like its lab; companions come from the project at `root`.
    C {
        root: PathBuf,
        path: PathBuf,
        /// By what it is confined, if it is not trusted.
        confined: Option<Means>,
        /// What it is started with where a scenario gives no arguments.
        args: Vec<String>,
        /// Its names are in `/tmp`: where it is confined that is the run's folder, and `/tmp/x` is `x`.
        in_tmp: bool,
        /// Whether it calls the kernel through libc, which takes other calls for some; what is in Rust does not.
        has_libc: bool,
    },
}

/// One run, read.
#[derive(Debug)]
pub struct ProgramRun {
    pub transcript: Transcript,
    pub sites: Vec<Site>,
    pub processes: Vec<ProcessCalls>,
    /// What the numbers of this run stand for.
    pub names: Aliases,
    pub shown: ObservedOrder,
}

/// How long a C program is waited for where it is known to part from the lab for good.
const PATIENCE: Duration = Duration::from_secs(4);

/// A program that spins is stopped after so much processor time, long before what a scenario waits for is
/// given up: no lab needs a tenth of it. Half as much where it is known to part for good.
const SPIN: Duration = Duration::from_secs(1);

/// Twins that loop without end are stopped after so many calls.
const CALLS: usize = 4000;

/// How often a run whose ports are ambiguous is made anew.
const RUNS_ANEW: usize = 3;

/// What the numbers of the companions' processes stand for.
fn others(transcript: &Transcript) -> Aliases {
    let companions = transcript.companions.iter();
    let numbered = companions.flat_map(|(name, part)| {
        let pids = part.pids.iter().zip(1..);
        pids.map(move |(pid, number)| (pid.to_string(), format!("<{name} {number}>")))
    });
    numbered.collect()
}

impl ComparedProgram {
    fn runner(&self, scenario: &Scenario, hopeless: bool) -> Runner<'static> {
        match self {
            // Limited too: both have the same environment then.
            ComparedProgram::Lab { root, name, .. } => {
                Runner::new(root, name, scenario).limits(Limits::default())
            }
            ComparedProgram::C {
                root,
                path,
                confined,
                in_tmp,
                ..
            } => {
                let runner = Runner::for_program(path, scenario).companions(root.join("build"));
                let runner = match confined {
                    Some(means) => runner.confined(*means),
                    None => runner,
                };
                let runner = match in_tmp {
                    true => runner.folder_is_tmp(),
                    false => runner,
                };
                let limits = |spin| Limits {
                    calls: CALLS,
                    processor: speed::here(spin),
                    ..Limits::default()
                };
                match hopeless {
                    true => runner
                        .limits(limits(SPIN / 2))
                        .patience(PATIENCE)
                        .take_other_words_at_first(),
                    false => runner.limits(limits(SPIN)).take_other_words(),
                }
            }
        }
    }

    /// The C library whose habits it has, if they are not glibc's.
    pub fn library(&self) -> Option<Library> {
        match self {
            ComparedProgram::C {
                path,
                has_libc: true,
                ..
            } => Library::of(path),
            _ => None,
        }
    }

    /// Whether its own calls are known by their names where no stack can be read: a static program of glibc reads no
    /// libraries, and its stdio is the lab's.
    fn is_known_by_names(&self) -> bool {
        match self {
            ComparedProgram::C { path, .. } => Library::of(path).is_none() && is_static(path),
            ComparedProgram::Lab { .. } => false,
        }
    }

    /// Where this program and those that it may become lie.
    fn folder(&self) -> Result<PathBuf> {
        match self {
            ComparedProgram::Lab { root, .. } => Ok(root.join("build").join("traced")),
            ComparedProgram::C { path, .. } => {
                let folder = path.parent().map(Path::to_owned);
                folder.with_context(|| failure::lies_in_no_folder(path.display()))
            }
        }
    }

    /// One run. `hopeless`: some of the scenario's events are known not to come about.
    ///
    /// Of some 200 ports that the kernel chooses one is the same with its bytes swapped. What such a run tells is
    /// ambiguous, so there is another one.
    pub fn run(&self, scenario: &Scenario, hopeless: bool, first: AfterFork) -> Result<ProgramRun> {
        let mut run = self.run_once(scenario, hopeless, first)?;
        for _ in 0..RUNS_ANEW {
            if !run.is_ambiguous() {
                break;
            }
            run = self.run_once(scenario, hopeless, first)?;
        }
        Ok(run)
    }

    fn run_once(
        &self,
        scenario: &Scenario,
        hopeless: bool,
        first: AfterFork,
    ) -> Result<ProgramRun> {
        let mut scenario = scenario.clone();
        if let ComparedProgram::C {
            path,
            args,
            has_libc,
            ..
        } = self
        {
            if scenario.args.is_empty() {
                scenario.args.clone_from(args);
            }
            let own = path.file_name().map(|name| name.to_string_lossy());
            for other in &mut scenario.companions {
                if other.args.is_empty() && other.lab() == own.as_deref() {
                    other.args.clone_from(args);
                }
            }
            if *has_libc {
                scenario.inject = scenario.inject.into_iter().map(for_libc).collect();
            }
        }
        let folder = self.folder()?;
        let attribution = Attribution::new(&folder)?;
        let mut runner = self.runner(&scenario, hopeless).lenient();
        let waiting = Waiting::default();
        if matches!(self, ComparedProgram::Lab { .. }) || self.library().is_some() {
            runner = runner.look(reader_of(&waiting));
        }
        let mut transcript = runner.after_fork(first, Some(own_calls(folder))).run()?;
        if let (true, Some(trace)) = (self.finds_its_folder_in_tmp(), &mut transcript.trace) {
            let is_given = !scenario.args.is_empty();
            let calls = trace.calls.iter_mut();
            calls.for_each(|call| name_in_folder(call, is_given));
        }
        let mut run = ProgramRun::of(transcript, &attribution)?;
        run.read_unwritten(&waiting.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(run)
    }

    fn finds_its_folder_in_tmp(&self) -> bool {
        match self {
            ComparedProgram::Lab { .. } => false,
            ComparedProgram::C {
                confined, in_tmp, ..
            } => *in_tmp && confined.is_some_and(|means| means.namespaces),
        }
    }

    /// Its runs: those that are there from another comparison, if they fit, or new ones.
    pub fn recorded(
        &self,
        scenario: &Scenario,
        fits: impl Fn(&ProgramRuns) -> bool,
    ) -> Result<ProgramRuns> {
        match self {
            ComparedProgram::Lab {
                records: Some(records),
                ..
            } => records.of(&scenario.name, fits, || self.runs(scenario, false)),
            _ => self.runs(scenario, false),
        }
    }

    /// Runs in both orders after fork; one run if nobody forks, or if it led nowhere.
    pub fn runs(&self, scenario: &Scenario, hopeless: bool) -> Result<ProgramRuns> {
        let mut runs = ProgramRuns::default();
        let first = match self.run(scenario, hopeless, AfterFork::Child) {
            Ok(first) => first,
            Err(error) => {
                runs.unstarted = Some(before_the_start(&error).ok_or(error)?);
                return Ok(runs);
            }
        };
        if first.transcript.stopped == Some(Stop::NoTime) {
            runs.had_no_time = true;
            return Ok(runs);
        }
        // One in Rust is compiled with its lines: without any it makes no call, and its main is nothing but a number.
        let is_compiled_here = matches!(self, ComparedProgram::C { has_libc, .. } if !has_libc);
        if !is_compiled_here && !first.knows_its_own() && !self.is_known_by_names() {
            runs.is_unread = true;
            return Ok(runs);
        }
        let spins = first.transcript.stopped == Some(Stop::Cap(Cap::Processor));
        let has_met_a_cap =
            matches!(first.transcript.stopped, Some(Stop::Cap(_) | Stop::Shell)) && !spins;
        let is_lost = first.transcript.stopped.is_some() && !hopeless;
        if first.shown == ObservedOrder::NoFork || has_met_a_cap || is_lost {
            let orders = [Order::NoFork, Order::ChildFirst, Order::ParentFirst];
            let order = orders.into_iter().find(|&order| first.shown.fits(order));
            runs.done
                .push((order.unwrap_or(Order::NoFork), Arc::new(first)));
            return Ok(runs);
        }
        let second = self.run(scenario, hopeless, AfterFork::Parent)?;
        for (order, run) in [(Order::ChildFirst, first), (Order::ParentFirst, second)] {
            if run.transcript.stopped == Some(Stop::NoTime) {
                runs.had_no_time = true;
            } else if run.shown.fits(order) {
                runs.done.push((order, Arc::new(run)));
            } else {
                runs.missing.push(order);
            }
        }
        Ok(runs)
    }
}

/// Where the signal hit that killed a process, or where it was in no call when the run was ended.
fn halt(
    process: &ProcessCalls,
    trace: &Trace,
    sites: &[Site],
    attribution: &Attribution,
) -> Vec<(String, LineOf)> {
    let deadly = process.died_of.as_deref();
    let mut notices = trace.notices.iter().rev();
    let hit = notices.find(|notice| match &notice.what {
        _ if notice.thread != process.thread => false,
        Happening::Signal { name, .. } => Some(name.as_str()) == deadly,
        Happening::Halted => true,
        _ => false,
    });
    let calls = trace.calls.iter().zip(sites);
    let mut own = calls.filter(|(call, _)| call.pid == process.pid);
    let program = own.next_back().and_then(|(_, site)| site.program.clone());
    let (Some(hit), Some(program)) = (hit, program) else {
        return Vec::new();
    };
    let frames = attribution
        .frames(Path::new(&program), &hit.stack)
        .into_iter();
    let told = |frame: Frame| {
        let line = place(&frame.line, process.source.as_deref());
        (frame.function, line)
    };
    frames.map(told).collect()
}

/// Has a call name a file of the run's folder as the lab does, where that is `/tmp` too; and the folder itself, where the
/// lab is given it and does not take `/tmp` of its own accord.
fn name_in_folder(call: &mut Call, is_given: bool) {
    let Some(path) = call.path() else {
        return;
    };
    let name = match path.strip_prefix(b"/tmp") {
        Some(b"" | b"/") if is_given => b".",
        Some([b'/', name @ ..]) if !name.is_empty() => name,
        _ => return,
    };
    let args = call.args.as_str();
    call.args = args.replacen(&quoted(&path), &quoted(name), 1).into();
}

/// What lay in stdout's buffer when each thread made its latest call, and the place of that among all calls.
type Waiting = Arc<Mutex<BTreeMap<i32, (usize, Vec<u8>)>>>;

/// Reads it before each call.
fn reader_of(waiting: &Waiting) -> Look {
    let waiting = Arc::clone(waiting);
    Box::new(move |place, thread| {
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        match unwritten(thread) {
            Some(bytes) => waiting.insert(thread, (place, bytes)),
            None if has_program(thread) => waiting.remove(&thread),
            None => None, // it is killed at this moment: what it had before is what it leaves
        };
    })
}

/// What is known latest of the one buffer that all threads of a process have; none if the one that called last is in a program
/// of which nothing is known. Its own may be older, for it was killed when it was to be looked at.
fn latest<'a>(
    waiting: &'a BTreeMap<i32, (usize, Vec<u8>)>,
    last: i32,
    threads: &BTreeSet<i32>,
) -> Option<&'a Vec<u8>> {
    waiting.get(&last)?;
    let known = threads.iter().filter_map(|thread| waiting.get(thread));
    let (_, bytes) = known.max_by_key(|(place, _)| *place)?;
    Some(bytes)
}

fn has_program(thread: i32) -> bool {
    fs::read_link(format!("/proc/{thread}/exe")).is_ok()
}

/// Tells which calls a program of this folder asks for itself.
fn own_calls(folder: PathBuf) -> MakeIsOwn {
    Box::new(move || match Attribution::new(&folder) {
        Ok(attribution) => {
            Box::new(move |program, name, stack| attribution.is_own(program, name, stack))
        }
        Err(_) => Box::new(|_, _, _| true),
    })
}

/// The runs of a lab by scenario. Whoever asks while one is made waits for it.
#[derive(Debug, Default)]
pub struct Records(Mutex<HashMap<String, Arc<Mutex<Option<ProgramRuns>>>>>);

impl Records {
    fn of(
        &self,
        name: &str,
        fits: impl Fn(&ProgramRuns) -> bool,
        make: impl FnOnce() -> Result<ProgramRuns>,
    ) -> Result<ProgramRuns> {
        let place = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(name.to_owned()).or_default())
        };
        let mut there = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runs) = there.as_ref().filter(|runs| fits(runs)) {
            return Ok(runs.clone());
        }
        let runs = make()?;
        if !runs.had_no_time && runs.missing.is_empty() {
            *there = Some(runs.clone());
        }
        Ok(runs)
    }
}

/// The runs of a program in one scenario.
#[derive(Clone, Debug, Default)]
pub struct ProgramRuns {
    pub done: Vec<(Order, Arc<ProgramRun>)>,
    /// Orders in which it was to run, and did not.
    missing: Vec<Order>,
    /// The machine had no time for one of them.
    had_no_time: bool,
    /// Nobody knows which of its calls are its own.
    is_unread: bool,
    /// Why there is none: in some scenarios the program runs twice, and the first has to listen already.
    pub unstarted: Option<Stop>,
}

impl ProgramRuns {
    /// What of it could not be recorded.
    pub fn unrecorded(&self, side: Side) -> Vec<Unrecorded> {
        let orders = self
            .missing
            .iter()
            .map(|&order| Unrecorded::Order(side, order));
        let no_time = self.had_no_time.then_some(Unrecorded::NoTime(side));
        let unread = self.is_unread.then_some(Unrecorded::Unread(side));
        orders.chain(no_time).chain(unread).collect()
    }

    /// Whether the pid of a process, or of who adopts it, has more digits in one run than in the other.
    pub fn differ_in_digits(&self, other: &ProgramRuns) -> bool {
        let mut pairs = self.done.iter().zip(&other.done);
        pairs.any(|((_, one), (_, other))| {
            let (one, other) = (digits(&one.names), digits(&other.names));
            one.iter()
                .any(|(name, count)| other.get(name).is_some_and(|other| other != count))
        })
    }
}

/// How many digits the pid has that a name stands for; what a port or a thread has is not looked at.
fn digits(names: &Aliases) -> HashMap<&str, usize> {
    let is_pid = |name: &str| !name.starts_with("<port ") && !name.contains('/');
    let pids = names.iter().filter(|(_, name)| is_pid(name));
    pids.map(|(pid, name)| (name.as_str(), pid.len())).collect()
}

impl ProgramRun {
    /// A traced run, read with the sources of its programs.
    pub fn of(transcript: Transcript, attribution: &Attribution) -> Result<ProgramRun> {
        let Some(trace) = &transcript.trace else {
            bail!(run::is_not_traced())
        };
        let sites = attribution.sites(trace);
        let (mut processes, names) = processes(trace, &sites, others(&transcript));
        for process in &mut processes {
            process.halt = halt(process, trace, &sites, attribution);
        }
        let requests = processes.iter().flat_map(|process| &process.calls);
        let own: HashSet<usize> = requests.map(|request| request.index).collect();
        let shown = ObservedOrder::of(trace, |index| own.contains(&index));
        Ok(ProgramRun {
            sites,
            processes,
            names,
            shown,
            transcript,
        })
    }

    /// Whether it has a process of that number.
    pub fn has(&self, process: &str) -> bool {
        self.processes.iter().any(|one| one.number() == process)
    }

    fn is_ambiguous(&self) -> bool {
        let trace = self.transcript.trace.as_ref();
        trace.is_some_and(|trace| has_ambiguous_ports(trace, &self.names))
    }

    /// Gives each process what it had not written when it made its last call.
    fn read_unwritten(&mut self, waiting: &BTreeMap<i32, (usize, Vec<u8>)>) {
        let Some(trace) = &self.transcript.trace else {
            return;
        };
        let pids: Vec<i32> = self.processes.iter().map(|process| process.pid).collect();
        for process in &mut self.processes {
            let mut calls = trace.calls.iter();
            let last = calls.rfind(|call| call.pid == process.pid);
            // While it is written it still lies there, and who ends by itself has written it, or does not want to.
            let rests =
                last.filter(|call| call.name != "exit_group" && call.written_to(1).is_none());
            let threads = trace.calls.iter().filter(|call| call.pid == process.pid);
            let threads = threads.map(|call| call.thread).collect();
            let bytes = rests.and_then(|call| latest(waiting, call.thread, &threads));
            process.unwritten = bytes.map(|bytes| process_calls::Unwritten {
                text: AliasedText::new(&quoted(bytes), &self.names),
                is_shared: pids.iter().filter(|&&pid| pid == process.pid).count() > 1,
            });
        }
    }

    /// Whether it is known which of its calls the program asks for: without tables of its stacks, of none.
    fn knows_its_own(&self) -> bool {
        let mut places = self.sites.iter().map(|site| site.place);
        if places.all(|place| matches!(place, Place::Setup | Place::Foreign)) {
            let begun = self.sites.iter().any(|site| site.place == Place::Foreign);
            return self.transcript.stopped.is_some() && !begun;
        }
        let is_read = self.sites.iter().any(|site| site.place == Place::Program);
        let is_unread = |call: &NormalizedCall| {
            let site = self.sites.get(call.index);
            site.is_some_and(|site| matches!(site.place, Place::StartUp | Place::CutOff))
        };
        is_read || !self.returned().any(is_unread)
    }

    /// Whether its calls have lines: without debug information none has.
    pub fn has_lines(&self) -> bool {
        let has_line = |call: &NormalizedCall| call.line.is_some();
        self.returned().next().is_none() || self.returned().any(has_line)
    }

    /// The calls of its first process that have returned: its threads, and what it executes, may be libc's or the system's
    /// from end to end.
    fn returned(&self) -> impl Iterator<Item = &NormalizedCall> {
        let own = self.processes.first().into_iter();
        let calls = own.flat_map(|process| &process.calls);
        calls.filter(|call| call.returned)
    }

    /// What came out, with names for its numbers.
    pub fn text(&self, bytes: &[u8]) -> AliasedText {
        let text = encoding::text(bytes).replace("\r\n", "\n");
        AliasedText::new(&text, &self.names)
    }

    /// What it printed, into a pipe or file and on the terminal, with control characters made visible.
    pub fn output(&self) -> String {
        let (terminal, stdout) = (&self.transcript.terminal, &self.transcript.stdout);
        let stdout = stdout.as_deref().map(|bytes| self.text(bytes).to_string());
        visible(&(stdout.unwrap_or_default() + &self.text(terminal).to_string()))
    }

    /// What the kernel calls a request.
    pub fn call<'a>(&'a self, request: &'a NormalizedCall) -> &'a str {
        let trace = self.transcript.trace.as_ref();
        let call = trace.and_then(|trace| trace.calls.get(request.index));
        call.map_or(&request.name, |call| &call.name)
    }

    /// The file name of the program that made a request: another one after exec.
    pub fn program(&self, request: &NormalizedCall) -> Option<&str> {
        self.sites.get(request.index)?.program.as_deref()
    }
}

/// What glibc or musl calls in the place of what a lab calls, or a student in other words.
const OF_LIBC: [(&str, &str); 14] = [
    ("fork:", "clone,fork:"),
    ("clone:", "clone3,clone:"),
    ("pipe:", "pipe2,pipe:"),
    ("mknodat:", "mknodat,mknod:"),
    ("openat:", "openat,open:"),
    ("pselect6:", "pselect6,select:"),
    ("epoll_wait:", "epoll_wait,epoll_pwait:"),
    ("poll:", "poll,ppoll:"),
    ("wait4:", "wait4,waitid:"),
    ("read:", "read,recvfrom,readv:"),
    ("write:", "write,sendto,writev:"),
    ("clock_nanosleep:", "clock_nanosleep,nanosleep:"),
    ("accept:", "accept,accept4:"),
    ("epoll_create1:", "epoll_create1,epoll_create:"),
];

/// The same injection into the call that libc makes instead, or that says the same.
pub(crate) fn for_libc(inject: String) -> String {
    let renamed =
        |(ours, libcs): &(&str, &str)| Some(format!("{libcs}{}", inject.strip_prefix(ours)?));
    OF_LIBC.iter().find_map(renamed).unwrap_or(inject)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only who has become another program, of whose stdout nothing is known, has nothing in the buffer any more.
    #[test]
    fn who_is_killed_while_it_is_looked_at_leaves_what_it_had() {
        let mut killed = std::process::Command::new("true").spawn().unwrap();
        killed.wait().unwrap();
        let mut other = std::process::Command::new("sleep")
            .arg("1000")
            .spawn()
            .unwrap();
        let ids = [&killed, &other].map(|it| it.id().cast_signed());
        let waiting = Waiting::default();
        let had = ids.map(|id| (id, (7, b"had".to_vec())));
        waiting.lock().unwrap().extend(had);
        let mut look = reader_of(&waiting);
        ids.iter().for_each(|&id| look(0, id));
        other.kill().unwrap();
        other.wait().unwrap();
        let waiting = waiting.lock().unwrap();
        let had = (7, b"had".to_vec());
        assert_eq!(waiting.get(&ids[0]), Some(&had));
        assert_ne!(waiting.get(&ids[1]), Some(&had));
    }

    #[test]
    fn of_threads_that_share_a_buffer_what_is_known_latest_counts() {
        let first = (3, b"Main\n".to_vec());
        let both = (9, b"Main\nThread\n".to_vec());
        let waiting = BTreeMap::from([(10, first.clone()), (11, both.clone())]);
        // 10 called last, and was killed before it was looked at again.
        let of = |threads: &[i32]| latest(&waiting, 10, &threads.iter().copied().collect());
        assert_eq!(of(&[10, 11, 12]), Some(&both.1));
        assert_eq!(of(&[10]), Some(&first.1));
        assert_eq!(latest(&waiting, 12, &BTreeSet::from([10, 11, 12])), None);
    }

    #[test]
    fn of_all_who_have_a_pid_its_digits_are_counted() {
        let names = [
            ("9998", "<outside>"),
            ("10003", "<1>"),
            ("10004", "<1/2>"),
            ("40001", "<port 1>"),
        ];
        let names = names.map(|(number, name)| (number.to_owned(), name.to_owned()));
        let expected = HashMap::from([("<outside>", 4), ("<1>", 5)]);
        assert_eq!(digits(&names.into_iter().collect()), expected);
    }

    #[test]
    fn runs_that_fit_no_more_are_made_anew_once_for_all() {
        let records = Records::default();
        let of = |is_unread: bool| {
            let fits = |runs: &ProgramRuns| runs.is_unread == is_unread;
            let mut is_made = false;
            let runs = records.of("tty", fits, || {
                is_made = true;
                Ok(ProgramRuns {
                    is_unread,
                    ..ProgramRuns::default()
                })
            });
            assert_eq!(runs.expect("runs").is_unread, is_unread);
            is_made
        };
        assert_eq!(
            [of(false), of(false), of(true), of(true)],
            [true, false, true, false]
        );
    }
}
