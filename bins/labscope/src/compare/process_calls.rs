//! What each process of a run did, in the order of a family tree.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::compare::aliases::{AliasedText, Aliases};
use crate::compare::descriptors::{Held, descriptors};
use crate::compare::masks::left_blocked;
use crate::compare::normalized_call::NormalizedCall;
use crate::facts::process_tree::ProcessTree;
use crate::i18n::mismatch::LineOf;
use crate::i18n::{Language, process as words};
use crate::source::libc_calls;
use crate::source::libc_calls::Kind;
use crate::source::{Line, Place, Site};
use crate::trace::syscall::{ASKS, EXITS, Syscall};
use crate::trace::{Call, Happening, Notice, Trace};

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessEnd {
    Exited(i32),
    /// By a signal that it brought upon itself: SIGSEGV, SIGFPE, SIGPIPE …
    Killed(String),
    /// By a signal from outside, or with the run: it might have gone on.
    Cut,
}

impl ProcessEnd {
    /// In one language.
    pub fn say(&self, language: Language) -> String {
        match self {
            ProcessEnd::Exited(status) => words::exit(language, *status),
            ProcessEnd::Killed(signal) => words::kill(language, signal),
            ProcessEnd::Cut => words::ended_from_outside(language).to_owned(),
        }
    }
}

/// A step on the way from the first process to another process, or to a thread of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    Child(usize),
    /// In order of creation; the process itself stands for its first.
    Thread(usize),
}

/// One process, as far as its first thread goes; or another thread.
#[derive(Clone, Debug)]
pub struct ProcessCalls {
    /// Which child of which: 1 is the first process, 1.2 its second child; 1/2 is the second thread of the first process.
    pub path: Vec<Member>,
    pub pid: i32,
    /// The pid itself, if it is the first one.
    pub thread: i32,
    /// What the program asked for; without the calls of another program after exec.
    pub calls: Vec<NormalizedCall>,
    /// What libc did for it, and why.
    pub ledger: Vec<(Kind, NormalizedCall)>,
    /// The signals that reached it, each with the place in the trace of what it called next.
    pub signals: Vec<(String, usize)>,
    /// The one of them that killed it.
    pub died_of: Option<String>,
    pub end: ProcessEnd,
    /// Whether another thread has ended it, in whatever call it was.
    pub is_ended_by_another: bool,
    /// The program's own functions in which a signal killed it, or in which it went on without a call when the run was
    /// ended, the innermost first: each with its line.
    pub halt: Vec<(String, LineOf)>,
    /// The file of the program that the run begins with.
    pub source: Option<PathBuf>,
    /// What those that it descends from had written out when it was made, where that counts.
    pub inherited: Option<AliasedText>,
    /// What it had printed and not written when it was ended from outside, where that was read.
    pub unwritten: Option<Unwritten>,
}

/// What lay in stdout's buffer at the last call of a process.
#[derive(Clone, Debug)]
pub struct Unwritten {
    /// With its quotes.
    pub text: AliasedText,
    /// Several threads have printed it.
    pub is_shared: bool,
}

impl ProcessCalls {
    /// The line of a call.
    pub fn place(&self, call: &NormalizedCall) -> Option<LineOf> {
        Some(place(call.line.as_ref()?, self.source.as_deref()))
    }

    /// `process 1.2`'s number as it is printed, or `process 1/2`'s, which is a thread.
    pub fn number(&self) -> String {
        let parts = self.path.iter().map(|member| match member {
            Member::Child(number) => format!(".{number}"),
            Member::Thread(number) => format!("/{number}"),
        });
        parts.collect::<String>().split_off(1)
    }

    /// Whether the process might have gone on, had nobody ended it.
    pub fn is_open(&self) -> bool {
        self.end == ProcessEnd::Cut || self.is_ended_by_another
    }

    /// Where in its trace it went on after the signal that the other one died of: it has caught that signal.
    pub fn went_on_after(&self, other: &ProcessCalls) -> Option<usize> {
        let deadly = other.died_of.as_ref()?;
        let is_deadly = |(name, _): &&(String, usize)| name == deadly;
        let before = other
            .signals
            .iter()
            .filter(is_deadly)
            .count()
            .checked_sub(1)?;
        let own: Vec<_> = self.signals.iter().filter(is_deadly).collect();
        // The last is the one that it has died of itself, though another of its threads may have gone a little further.
        let survived =
            own.len() - usize::from(self.died_of.as_ref() == Some(deadly)).min(own.len());
        own[..survived].get(before).map(|(_, place)| *place)
    }
}

/// How a line is told in a run that begins with the program of this source.
pub fn place(line: &Line, source: Option<&Path>) -> LineOf {
    let name = line.file.file_name().unwrap_or_default();
    let is_own = source == Some(&line.file);
    LineOf {
        file: (!is_own).then(|| name.to_string_lossy().into_owned()),
        number: line.line,
    }
}

/// The processes of a run, parents before children, and what the numbers in their texts stand for.
///
/// `others`: what the numbers of processes stand for that are not the program's.
pub fn processes(trace: &Trace, sites: &[Site], others: Aliases) -> (Vec<ProcessCalls>, Aliases) {
    let tree = ProcessTree::of(trace);
    let paths = paths(trace, &tree);
    let names = names(trace, &paths, others);
    let held = descriptors(trace, &tree, &names);
    let source = sites
        .iter()
        .find_map(|site| Some(site.line()?.file.clone()));
    let members = paths.into_iter().flat_map(|(pid, path)| {
        let path: Vec<Member> = path.into_iter().map(Member::Child).collect();
        let threads = trace.threads_made(pid).map(|(_, thread)| thread).zip(2..);
        let others = threads.map({
            let path = path.clone();
            move |(thread, number)| {
                let path = path.iter().copied().chain([Member::Thread(number)]);
                (thread, path.collect())
            }
        });
        let members: Vec<(i32, Vec<Member>)> = [(pid, path)].into_iter().chain(others).collect();
        members
            .into_iter()
            .map(move |(thread, path)| (pid, thread, path))
    });
    let mut processes: Vec<ProcessCalls> = members
        .map(|(pid, thread, path)| {
            let (requests, ledger) = requests(trace, sites, thread, (&names, &held));
            ProcessCalls {
                path,
                pid,
                thread,
                calls: requests,
                ledger,
                signals: signals(trace, pid),
                died_of: died_of(trace, pid),
                end: end(trace, thread),
                is_ended_by_another: is_ended_by_another(trace, thread),
                halt: Vec::new(),
                source: source.clone(),
                inherited: None,
                unwritten: None,
            }
        })
        .collect();
    processes.sort_by(|one, other| one.path.cmp(&other.path));
    let mut left = left_blocked(trace, &tree);
    for call in processes.iter_mut().flat_map(|process| &mut process.calls) {
        call.leaves_blocked = left.remove(&call.index);
    }
    tell_used_stacks(trace, &mut processes);
    (processes, names)
}

/// Of a thread that stands where another one of its process has stood, that is told: who is neither joined nor detached
/// leaves its stack to nobody.
fn tell_used_stacks(trace: &Trace, processes: &mut [ProcessCalls]) {
    let calls = processes.iter_mut().flat_map(|process| {
        let pid = process.pid;
        process.calls.iter_mut().map(move |call| (pid, call))
    });
    let mut made: Vec<_> = calls.filter(|(_, call)| call.name == "clone").collect();
    made.sort_by_key(|(_, call)| call.index);
    let mut used = HashSet::new();
    for (pid, call) in made {
        let stack = handle(&trace.calls[call.index]).filter(|_| !call.has_failed());
        if stack.is_some_and(|stack| !used.insert((pid, stack))) {
            call.words
                .push(AliasedText::new("on a used stack", &Aliases::new()));
        }
    }
}

/// Who is whose child.
fn paths(trace: &Trace, tree: &ProcessTree) -> Vec<(i32, Vec<usize>)> {
    let path = |&pid: &i32| Some((pid, tree.path(tree.place(pid)?)));
    trace.pids.iter().filter_map(path).collect()
}

/// The number that pthread_self(3) tells: where the thread's own block lies, glibc's or the lab's.
fn handle(call: &Call) -> Option<String> {
    let block = call.args.field("tls").or(call.args.field("child_stack"))?;
    Some((block.number()? as u64).to_string())
}

/// What the numbers of this run stand for.
fn names(trace: &Trace, paths: &[(i32, Vec<usize>)], mut names: Aliases) -> Aliases {
    let calls = trace.calls.iter().filter(|call| !call.setup);
    let adopters = calls.clone().filter(|call| call.name == "getppid");
    for adopter in adopters.filter_map(Call::value) {
        names.insert(adopter.to_string(), "<outside>".to_owned());
    }
    for (pid, path) in paths {
        let number: Vec<String> = path.iter().map(usize::to_string).collect();
        let number = number.join(".");
        names.insert(pid.to_string(), format!("<{number}>"));
        for ((clone, tid), place) in trace.threads_made(*pid).zip(2..) {
            let name = format!("<{number}/{place}>");
            let numbers = [tid.to_string()].into_iter().chain(handle(clone));
            names.extend(numbers.map(|it| (it, name.clone())));
        }
    }
    for (number, name) in names_of_ports(trace) {
        names.entry(number).or_insert(name);
    }
    names
}

/// The names of the ports that the kernel chose, and of what they are with their bytes swapped.
fn names_of_ports(trace: &Trace) -> impl Iterator<Item = (String, String)> {
    let ports = chosen_ports(trace).into_iter().zip(1..);
    ports.flat_map(|(port, count)| {
        [
            (port.to_string(), format!("<port {count}>")),
            (
                port.swap_bytes().to_string(),
                format!("<port {count}, bytes swapped>"),
            ),
        ]
    })
}

/// The ports that the kernel chose: those below 32768 programs choose themselves.
fn chosen_ports(trace: &Trace) -> Vec<u16> {
    let calls = trace.calls.iter().filter(|call| !call.setup);
    let chosen = calls.filter_map(|call| call.args.port().filter(|&port| port >= 32768));
    let mut ports = Vec::new();
    for port in chosen {
        if !ports.contains(&port) {
            ports.push(port);
        }
    }
    ports
}

/// Whether a port of a run has no name of its own: its two bytes are alike, so that nobody can tell whether they were
/// swapped, or it is also a pid.
pub fn has_ambiguous_ports(trace: &Trace, names: &Aliases) -> bool {
    names_of_ports(trace).any(|(number, name)| names.get(&number) != Some(&name))
}

fn requests(
    trace: &Trace,
    sites: &[Site],
    thread: i32,
    (names, held): (&Aliases, &[Held]),
) -> (Vec<NormalizedCall>, Vec<(Kind, NormalizedCall)>) {
    let (mut requests, mut ledger) = (Vec::new(), Vec::new());
    let new = |call: &Call, index: usize| {
        NormalizedCall::new(call, &sites[index], index, names, &held[index])
    };
    let mut broken_off: Option<(usize, &Call)> = None;
    let calls = trace.calls.iter().zip(sites).enumerate();
    for (index, (call, site)) in calls.filter(|(_, (call, _))| call.thread == thread) {
        if matches!(site.place, Place::Setup | Place::Foreign) {
            continue;
        }
        if let Some((begun, earlier)) = broken_off.take() {
            match call.name.as_str() {
                // The sleep goes on, perhaps to be broken off again: one call of the program, and its result.
                "restart_syscall" if call.is_restarted() => {
                    broken_off = Some((begun, earlier));
                    continue;
                }
                "restart_syscall" => {
                    let whole = Call {
                        result: call.result.clone(),
                        ..earlier.clone()
                    };
                    requests.push(new(&whole, begun));
                    continue;
                }
                // Begun anew after a signal that nobody handles: seen only under a tracer.
                name if name == earlier.name => {}
                _ => requests.push(new(earlier, begun)),
            }
        }
        if call.is_restarted() {
            broken_off = Some((index, call));
            continue;
        }
        let request = new(call, index);
        let is_error = site.callee.as_deref() == Some("perror");
        if let Some(before) = requests.last_mut().filter(|_| is_error)
            && goes_on(before, &request)
        {
            continue;
        }
        let kind = libc_calls::kind(&call.name, site)
            .or_else(|| waits_in_stdio(call, site))
            .or_else(|| around_join(&request, requests.last(), site))
            .or_else(|| wakes_unseen(&request, site))
            .or_else(|| gives_back_again(&request, requests.last()));
        match kind {
            Some(kind) => ledger.push((kind, request)),
            None => requests.push(request),
        }
    }
    if let Some((index, call)) = broken_off {
        requests.push(new(call, index));
    }
    for run in requests.chunk_by_mut(|one, other| is_pure(one) && is_pure(other)) {
        run.sort_by(|one, other| one.name.cmp(&other.name));
    }
    (requests, ledger)
}

/// Adds the next piece of an error's line to those before; musl's perror writes it piece by piece.
fn goes_on(before: &mut NormalizedCall, piece: &NormalizedCall) -> bool {
    let is_piece = |call: &NormalizedCall| call.name == "write" && call.came_back_with("all");
    let is_begun = is_piece(before) && before.line == piece.line && before.by_stdio;
    let text = before.words.get(1).map(|text| text.inside().to_string());
    let is_begun = is_begun && text.is_some_and(|text| !text.ends_with("\\n"));
    if !is_begun || !is_piece(piece) {
        return false;
    }
    let quote = AliasedText::new("\"", &Aliases::new());
    let [one, other] = [&before.words[1], &piece.words[1]].map(AliasedText::inside);
    before.words[1] = AliasedText::join([&quote, &one, &other, &quote]);
    true
}

/// Whether one thread had to wait for another one's printf is decided by time alone, in libc and in a lab.
fn waits_in_stdio(call: &Call, site: &Site) -> Option<Kind> {
    let prints = ["printf", "printf_string"]
        .map(Some)
        .contains(&site.callee.as_deref());
    let waits = call.name == "futex" && prints;
    waits.then_some(Kind::Locks)
}

/// musl's pthread_join waits once for the thread to say that it ends, and perhaps once more until it has; then it wakes
/// who waits for that, too.
fn around_join(
    request: &NormalizedCall,
    before: Option<&NormalizedCall>,
    site: &Site,
) -> Option<Kind> {
    let is_join = request.name == "futex" && site.callee.as_deref() == Some("pthread_join");
    let wakes = request.argument(1).has("FUTEX_WAKE");
    let again = before.is_some_and(|before| before.alike(request) && before.line == request.line);
    (is_join && (wakes || again)).then_some(Kind::Locks)
}

/// Without a stack that reaches the program nobody is woken by it: pthread_exit of glibc does so, when it has unwound the stack.
fn wakes_unseen(request: &NormalizedCall, site: &Site) -> Option<Kind> {
    let wakes = request.name == "futex" && request.argument(1).has("FUTEX_WAKE_PRIVATE");
    (wakes && site.place == Place::CutOff).then_some(Kind::Locks)
}

/// From glibc 2.42 on, exit tries twice to give input back that nobody has read; where that cannot be, it fails twice.
fn gives_back_again(request: &NormalizedCall, before: Option<&NormalizedCall>) -> Option<Kind> {
    let is_it = request.name == "lseek" && request.came_back_with("-1 ESPIPE");
    let again = before.is_some_and(|before| before.alike(request) && before.line == request.line);
    (is_it && again).then_some(Kind::Files)
}

fn is_pure(request: &NormalizedCall) -> bool {
    Syscall::named(&request.name).is(ASKS)
}

fn signals(trace: &Trace, pid: i32) -> Vec<(String, usize)> {
    let notices = trace.notices.iter().filter(|notice| notice.pid == pid);
    let signal = |notice: &Notice| match &notice.what {
        Happening::Signal { name, .. } => Some((name.clone(), notice.after)),
        _ => None,
    };
    notices.filter_map(signal).collect()
}

fn died_of(trace: &Trace, pid: i32) -> Option<String> {
    let mut notices = trace.notices.iter().filter(|notice| notice.pid == pid);
    notices.find_map(|notice| match &notice.what {
        Happening::Killed { signal } => Some(signal.clone()),
        _ => None,
    })
}

/// Whether a thread has come to the end of its process without having called exit itself.
fn is_ended_by_another(trace: &Trace, thread: i32) -> bool {
    let last = trace.calls.iter().rfind(|call| call.thread == thread);
    let mut notices = trace.notices.iter();
    let is_exit = |notice: &Notice| {
        notice.thread == thread && matches!(notice.what, Happening::Exited { .. })
    };
    !last.is_some_and(|call| call.is(EXITS)) && notices.any(is_exit)
}

fn end(trace: &Trace, thread: i32) -> ProcessEnd {
    const FAULTS: [&str; 12] = [
        "SIGABRT",
        "SIGALRM",
        "SIGBUS",
        "SIGFPE",
        "SIGILL",
        "SIGPIPE",
        "SIGSEGV",
        "SIGSYS",
        "SIGTRAP",
        "SIGXCPU",
        "SIGXFSZ",
        "SIGSTKFLT",
    ];
    // Who had called exit when all were ended, had ended by itself.
    let last = trace.calls.iter().rfind(|call| call.thread == thread);
    let by_itself = last.filter(|call| call.is(EXITS));
    if let Some(status) = by_itself.and_then(|call| call.args.get(0).number()) {
        return ProcessEnd::Exited(status as i32 & 0xff);
    }
    let mut notices = trace
        .notices
        .iter()
        .rev()
        .filter(|notice| notice.thread == thread);
    let end = notices.find(|notice| notice.what.is_end());
    match end.map(|notice| &notice.what) {
        Some(Happening::Exited { status }) => ProcessEnd::Exited(*status),
        Some(Happening::Killed { signal }) if FAULTS.contains(&signal.as_str()) => {
            ProcessEnd::Killed(signal.clone())
        }
        _ => ProcessEnd::Cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, places: &[(Place, Option<&str>)]) -> (Vec<ProcessCalls>, Trace) {
        let mut trace = Trace::of("./lab");
        trace.feed(b"10 1.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0\n");
        trace.feed(text.as_bytes());
        trace.end();
        let site = |place: usize| {
            let (place, callee) = places
                .get(place)
                .copied()
                .unwrap_or((Place::Program, Some("any")));
            let callee = callee.map(str::to_owned);
            Site {
                place,
                frames: Vec::new(),
                callee,
                libc_frames: Vec::new(),
                program: None,
            }
        };
        let program = (0..trace.calls.len() - 1).map(site);
        let sites: Vec<Site> = [Site {
            place: Place::Setup,
            ..site(0)
        }]
        .into_iter()
        .chain(program)
        .collect();
        (processes(&trace, &sites, Aliases::new()).0, trace)
    }

    fn texts(process: &ProcessCalls) -> Vec<String> {
        process
            .calls
            .iter()
            .map(NormalizedCall::to_string)
            .collect()
    }

    #[test]
    fn each_process_has_its_own_story_and_pids_have_names() {
        let (processes, _) = read(
            "10 1.1 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f12345678) = 11\n\
             11 1.2 getpid() = 11\n\
             10 1.3 write(1, \"child 11\\n\", 9) = 9\n\
             11 1.4 exit_group(3) = ?\n11 1.4 +++ exited with 3 +++\n\
             10 1.5 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 11\n\
             10 1.6 pause() = ? ERESTARTNOHAND (To be restarted if no handler)\n10 1.7 +++ killed by SIGKILL +++\n",
            &[],
        );
        assert_eq!(
            processes
                .iter()
                .map(ProcessCalls::number)
                .collect::<Vec<_>>(),
            ["1", "1.1"]
        );
        assert_eq!(
            texts(&processes[0])[..2],
            ["fork() = <1.1>", "write(1, \"child <1.1>\\n\") = all"]
        );
        assert_eq!(texts(&processes[0])[3], "pause()");
        assert_eq!(texts(&processes[1]), ["getpid() = <1.1>", "exit(3)"]);
        assert_eq!(
            (processes[0].end.clone(), processes[1].end.clone()),
            (ProcessEnd::Cut, ProcessEnd::Exited(3))
        );
    }

    #[test]
    fn who_is_killed_in_exit_had_ended_by_itself() {
        for (call, end) in [
            ("exit_group(259) = ?", ProcessEnd::Exited(3)),
            ("pause()", ProcessEnd::Cut),
        ] {
            let killed = format!("10 1.1 {call}\n10 1.2 +++ killed by SIGKILL +++\n");
            assert_eq!(read(&killed, &[]).0[0].end, end, "{call}");
        }
    }

    #[test]
    fn a_text_that_could_not_be_read_any_more_is_no_empty_one() {
        for (written, told) in [
            ("0x7ffe12345678, 11 <unfinished ...>", "write(1, ptr)"),
            ("\"\", 0 <unfinished ...>", "write(1, \"\")"),
        ] {
            let killed = format!("10 1.1 write(1, {written}\n10 1.2 +++ killed by SIGKILL +++\n");
            assert_eq!(texts(&read(&killed, &[]).0[0]), [told]);
        }
    }

    #[test]
    fn a_thread_has_its_own_story_and_its_numbers_have_names() {
        let flags = "CLONE_VM|CLONE_THREAD|CLONE_SETTLS";
        let (processes, _) = read(
            &format!(
                "10 1.1 clone3({{flags={flags}, stack=0x7f00, stack_size=0x100, tls=0x7f40}} => {{parent_tid=[11]}}, 88) = 11\n\
                 11 1.2 write(1, \"32576 1\\n\", 8) = 8\n\
                 11 1.3 exit(0) = ?\n11 1.3 +++ exited with 0 +++\n\
                 10 1.4 futex(0x7f50, FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME, 11, NULL, FUTEX_BITSET_MATCH_ANY) = 0\n\
                 10 1.5 exit_group(0) = ?\n10 1.5 +++ exited with 0 +++\n"
            ),
            &[
                (Place::Program, Some("pthread_create")),
                (Place::Program, Some("printf")),
                (Place::AroundThread, None),
                (Place::Program, Some("pthread_join")),
            ],
        );
        let numbers: Vec<String> = processes.iter().map(ProcessCalls::number).collect();
        assert_eq!(numbers, ["1", "1/2"]);
        let first = [
            "clone(CLONE_VM|CLONE_THREAD) = <1/2>",
            "futex(word, FUTEX_WAIT, <1/2>) = 0",
            "exit(0)",
        ];
        assert_eq!(texts(&processes[0]), first);
        assert_eq!(
            texts(&processes[1]),
            ["write(1, \"<1/2> 1\\n\") = all", "exit(0)"]
        );
        assert_eq!(processes[1].end, ProcessEnd::Exited(0));
    }

    #[test]
    fn what_only_a_tracer_sees_is_left_out() {
        let sleep = "clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=2, tv_nsec=0}, 0x7ffc12345678)";
        let again = "restart_syscall(<... resuming interrupted clock_nanosleep ...>)";
        let (processes, _) = read(
            &format!(
                "10 1.1 read(0, 0x7ffc12345678, 1024) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)\n\
                 10 1.2 read(0, \"\\n\", 1024) = 1\n\
                 10 1.3 {sleep} = ? ERESTART_RESTARTBLOCK (Interrupted by signal)\n\
                 10 1.4 {again} = ? ERESTART_RESTARTBLOCK (Interrupted by signal)\n\
                 10 1.5 {again} = 0\n10 1.6 +++ killed by SIGKILL +++\n"
            ),
            &[],
        );
        let expected = [
            "read(0, \"\\n\", 1024) = 1",
            "clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=2, tv_nsec=0}) = 0",
        ];
        assert_eq!(texts(&processes[0]), expected);
    }

    #[test]
    fn input_that_is_given_back_twice_in_vain_is_given_back_once() {
        let once = "10 1.1 lseek(0, -1, SEEK_CUR) = -1 ESPIPE (Illegal seek)\n";
        let (processes, _) = read(&format!("{once}{once}10 1.3 exit_group(0) = ?\n"), &[]);
        assert_eq!(
            texts(&processes[0]),
            ["lseek(0, -1, SEEK_CUR) = -1 ESPIPE", "exit(0)"]
        );
        let (processes, _) = read(
            &once.replace("-1 ESPIPE (Illegal seek)", "3").repeat(2),
            &[],
        );
        assert_eq!(processes[0].calls.len(), 2);
    }

    #[test]
    fn arguments_of_one_call_may_come_in_either_order() {
        let text = |one: &str, other: &str| {
            format!("10 1.1 {one}() = 10\n10 1.2 {other}() = 9\n10 1.3 close(1) = 0\n")
        };
        let names = |processes: &[ProcessCalls]| {
            processes[0]
                .calls
                .iter()
                .map(|one| one.name.clone())
                .collect::<Vec<_>>()
        };
        let (one, _) = read(&text("getpid", "getppid"), &[]);
        let (other, _) = read(&text("getppid", "getpid"), &[]);
        assert_eq!(names(&one), names(&other));
        let (swapped, _) = read("10 1.1 close(1) = 0\n10 1.2 getpid() = 10\n", &[]);
        assert_eq!(names(&swapped), ["close", "getpid"]);
    }

    #[test]
    fn ports_that_the_kernel_chose_have_names_also_with_their_bytes_swapped() {
        let (processes, _) = read(
            "10 1.1 accept(3, {sa_family=AF_INET, sin_port=htons(40400), sin_addr=inet_addr(\"127.0.0.1\")}, [16]) = 4\n\
             10 1.2 write(1, \"53405 40400 3600\", 16) = 16\n",
            &[],
        );
        assert_eq!(
            texts(&processes[0])[1],
            "write(1, \"<port 1, bytes swapped> <port 1> 3600\") = all"
        );
    }

    #[test]
    fn a_port_whose_bytes_are_alike_and_one_that_is_a_pid_are_ambiguous() {
        let is_ambiguous = |port: u16| {
            let (_, trace) = read(
                &format!(
                    "10 1.1 accept(3, {{sa_family=AF_INET, sin_port=htons({port})}}, [16]) = 4\n\
                     10 1.2 getpeername(4, {{sa_family=AF_INET, sin_port=htons({port})}}, [16]) = 0\n\
                     10 1.3 clone(child_stack=NULL, flags=SIGCHLD) = 53661\n53661 1.4 close(4) = 0\n"
                ),
                &[],
            );
            let paths = paths(&trace, &ProcessTree::of(&trace));
            has_ambiguous_ports(&trace, &super::names(&trace, &paths, Aliases::new()))
        };
        assert!(!is_ambiguous(40400) && is_ambiguous(0x9e9e));
        assert!(is_ambiguous(53661) && is_ambiguous(53661_u16.swap_bytes()));
    }

    #[test]
    fn what_libc_did_is_kept_apart_by_its_stack() {
        let (processes, _) = read(
            "10 1.1 brk(NULL) = 0x1\n10 1.2 brk(NULL) = 0x1\n10 1.3 dup(2) = 3\n10 1.4 dup(2) = 3\n",
            &[
                (Place::StartUp, None),
                (Place::Program, Some("sbrk")),
                (Place::Program, Some("perror")),
                (Place::Program, Some("dup")),
            ],
        );
        assert_eq!(texts(&processes[0]), ["brk(NULL) = 0x1", "dup(2) = 3"]);
        let ledger = processes[0].ledger.iter();
        let ledger: Vec<(Kind, usize, String)> = ledger
            .map(|(kind, request)| (*kind, request.index, request.to_string()))
            .collect();
        let expected = [
            (Kind::Mapping, 1, "brk(NULL) = 0x1".to_owned()),
            (Kind::Perror, 3, "dup(2) = 3".to_owned()),
        ];
        assert_eq!(ledger, expected);
    }
}
