//! The tracing thread: takes each stop, tells of it, and lets the thread go on or holds it.

mod holds;
mod lives;
mod sleeps;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::Options as PtraceOptions;
use nix::unistd::Pid;

use crate::decode::restart::ERESTART_RESTARTBLOCK;
use crate::decode::{self, Entered, Request};
use crate::line::Happening;
use crate::proc::process::Stat;
use crate::stack::StackFrame;
use crate::tracer::clock::{Clock, Sleep};
use crate::tracer::confined;
use crate::tracer::inject::{Change, Injection};
use crate::tracer::main_entry::MainEntry;
use crate::tracer::memory::ProcessMemory;
use crate::tracer::order::{AfterFork, Hold, IsOwn, Threads, Until};
use crate::tracer::output::{Look, Options, Output};
use crate::tracer::ptrace::{self, SyscallStop};
use crate::tracer::reading::{Moment, ReadMemory, Stop};
use crate::tracer::record::{Event, Record};
use crate::tracer::registers;
use crate::tracer::stops::stops_process;
use crate::tracer::unwind::AddressSpace;

/// How long to wait before somebody is looked at again who does not stop by itself.
const NAP: Duration = Duration::from_micros(200);

/// All that are traced.
pub struct Engine {
    threads: BTreeMap<i32, Thread>,
    /// How many processes there have been.
    processes: usize,
    /// New threads that have stopped before their parent's fork was heard of.
    early: Vec<i32>,
    /// Threads that are stopped and kept so, with the signal that they go on with.
    parked: BTreeMap<i32, i32>,
    holds: Vec<Hold>,
    order_of_threads: Threads,
    clock: Clock,
    /// Who goes on at a moment in time.
    delayed: Vec<(Duration, i32)>,
    /// Nobody could go on when they were looked at last.
    rests: bool,
    injections: Vec<Injection>,
    /// The last thread of each process that has several, in order of creation.
    members: BTreeMap<usize, usize>,
    keeps_signals: bool,
    after_fork: AfterFork,
    is_own: Option<IsOwn>,
    read_memory: Option<ReadMemory>,
    look: Option<Look>,
    /// How many calls have been entered.
    entered: usize,
    /// The program's own execve has been met; what the shell does before it is not told.
    has_begun: bool,
    output: Output,
}

/// One thread.
struct Thread {
    /// Which process it is of, in order of creation.
    process: usize,
    /// Which thread of it, likewise.
    member: usize,
    space: Rc<RefCell<AddressSpace>>,
    /// The file of its program.
    program: Rc<Path>,
    /// It has not come to `main` yet, and is stopped there.
    main: Option<MainEntry>,
    /// It has a stack of its own, on which nothing of it lies.
    has_new_stack: bool,
    call: Option<OpenCall>,
    /// How many calls each injection has concerned.
    counts: Vec<usize>,
    /// The call that a signal broke off and `restart_syscall` goes on with.
    interrupted: Option<Cow<'static, str>>,
    /// Whether it is stopped by a signal.
    is_stopped: bool,
    /// The sleep that it is in, in virtual time.
    sleep: Option<Sleep>,
    family: Family,
}

/// What fork has to do with a thread, until it calls exec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// Nothing.
    Single,
    /// It is the child of a fork, and has not begun.
    Unborn,
    /// It is in a fork that has made a child.
    Forks,
    /// There is a parent or a child.
    Related,
}

/// A call that has been entered and is not back.
struct OpenCall {
    request: Request,
    name: Cow<'static, str>,
    entered: Entered,
    change: Change,
    number: usize,
    /// Somebody waits for its thread, and it is one that counts.
    is_own: bool,
    /// A futex call that is going to wake this thread.
    woken: Option<i32>,
}

impl Engine {
    /// Seizes a process; it goes on to its next call.
    pub fn seize(pid: i32, options: Options, output: Output) -> Result<Engine> {
        let events = PtraceOptions::PTRACE_O_TRACESYSGOOD
            | PtraceOptions::PTRACE_O_TRACEFORK
            | PtraceOptions::PTRACE_O_TRACEVFORK
            | PtraceOptions::PTRACE_O_TRACECLONE
            | PtraceOptions::PTRACE_O_TRACEEXEC
            | PtraceOptions::PTRACE_O_EXITKILL;
        let process = Pid::from_raw(pid);
        nix::sys::ptrace::seize(process, events).context("ptrace(2)")?;
        nix::sys::ptrace::interrupt(process).context("ptrace(2)")?;
        let mut engine = Engine {
            threads: BTreeMap::new(),
            processes: 1,
            early: Vec::new(),
            parked: BTreeMap::new(),
            holds: Vec::new(),
            order_of_threads: Threads::default(),
            clock: Clock::new(options.has_virtual_time),
            delayed: Vec::new(),
            rests: false,
            injections: options.injections,
            members: BTreeMap::new(),
            keeps_signals: options.keeps_signals,
            after_fork: options.after_fork,
            is_own: options.is_own.map(|make| make()),
            read_memory: options.read_memory.map(|make| make()),
            look: options.look,
            entered: 0,
            has_begun: false,
            output,
        };
        let first = engine.new_thread(pid, 1);
        engine.threads.insert(pid, first);
        loop {
            match ptrace::wait(false) {
                Ok(Some((_, status))) if is_event(status, libc::PTRACE_EVENT_STOP) => break,
                Ok(Some((_, status))) if libc::WIFSTOPPED(status) => {
                    let _ = ptrace::resume(pid, libc::WSTOPSIG(status));
                }
                Err(Errno::EINTR) | Ok(None) => {}
                _ => bail!(Errno::ESRCH),
            }
        }
        engine.go_on(pid, 0);
        Ok(engine)
    }

    /// Traces until all have ended.
    pub fn run(mut self) {
        let mut stops = Vec::new();
        loop {
            match ptrace::wait(self.has_to_look()) {
                Ok(Some(stop)) => {
                    self.move_again();
                    stops.push(stop);
                }
                Ok(None) => {
                    self.let_time_pass();
                    std::thread::sleep(NAP);
                }
                Err(Errno::EINTR) => {}
                Err(_) => return, // ECHILD: nobody is left
            }
            // All who are stopped by now, before any of them goes on: wait(2) would prefer the same one again. One who is
            // alone has no other to wait for.
            while self.threads.len() > 1
                && !stops.is_empty()
                && let Ok(Some(stop)) = ptrace::wait(true)
            {
                stops.push(stop);
            }
            for (thread, status) in stops.drain(..) {
                self.take(thread, status);
            }
            self.look();
        }
    }

    /// Whether somebody has to be looked at who may not stop by itself.
    fn has_to_look(&self) -> bool {
        let mut awaited = self
            .holds
            .iter()
            .filter_map(|hold| self.threads.get(&hold.awaited));
        let is_on_the_way = self.clock.is_virtual() && !self.output.is_at_rest();
        is_on_the_way || self.has_sleepers() || awaited.any(|thread| thread.call.is_some())
    }

    /// Lets go on whose time has come, and who waits for somebody asleep.
    fn look(&mut self) {
        if !self.clock.is_virtual() {
            self.let_delayed_go_on();
        }
        let awaited: Vec<i32> = self.holds.iter().map(|hold| hold.awaited).collect();
        for thread in awaited {
            if self.is_asleep(thread) {
                self.release_from(thread);
            }
        }
        self.rests = self.clock.is_virtual() && self.nobody_can_go_on();
    }

    /// Whether a thread waits inside a call.
    fn is_asleep(&self, thread: i32) -> bool {
        let call = self
            .threads
            .get(&thread)
            .and_then(|thread| thread.call.as_ref());
        let is_fork = |call: &OpenCall| matches!(&*call.name, "vfork" | "clone" | "clone3");
        let state = call.and_then(|call| Some((call, Stat::read(thread)?.state)));
        state.is_some_and(|(call, state)| state == 'S' || state == 'D' && is_fork(call))
    }

    fn new_thread(&self, thread: i32, process: usize) -> Thread {
        Thread {
            process,
            member: 1,
            space: Rc::new(RefCell::new(AddressSpace::default())),
            program: program(thread),
            main: None,
            has_new_stack: false,
            call: None,
            counts: vec![0; self.injections.len()],
            interrupted: None,
            is_stopped: false,
            sleep: None,
            family: Family::Single,
        }
    }

    /// Takes what wait(2) tells of a thread.
    fn take(&mut self, thread: i32, status: i32) {
        if libc::WIFEXITED(status) {
            let status = libc::WEXITSTATUS(status);
            return self.end(thread, Happening::Exited { status });
        }
        if libc::WIFSIGNALED(status) {
            let signal = decode::signal_name(libc::WTERMSIG(status));
            return self.end(thread, Happening::Killed { signal });
        }
        let signal = libc::WSTOPSIG(status);
        if !self.threads.contains_key(&thread) {
            self.early.push(thread);
            return;
        }
        match status >> 16 {
            // What a program meets now, a peer that is gone or a signal, comes of the end of the run.
            0 | libc::PTRACE_EVENT_STOP if self.output.is_halted() => self.halted(thread),
            0 if signal == libc::SIGTRAP | 0x80 => self.at_call(thread),
            0 if self.enters_main(thread, signal) => self.go_on(thread, 0),
            0 => self.signalled(thread, signal),
            libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_CLONE => self.forked(thread, false),
            libc::PTRACE_EVENT_VFORK => self.forked(thread, true),
            libc::PTRACE_EVENT_EXEC => self.executed(thread),
            libc::PTRACE_EVENT_STOP => self.in_group_stop(thread, signal),
            _ => self.go_on(thread, 0),
        }
    }

    /// Lets a stopped thread go on, unless it is held.
    fn go_on(&mut self, thread: i32, signal: i32) {
        if self.is_held(thread) || self.output.is_halted() {
            self.parked.insert(thread, signal);
        } else {
            self.resume(thread, signal);
        }
    }

    fn tell(&mut self, thread: i32, what: Event) {
        if self.has_begun {
            let time = self.clock.told();
            self.output.tell(Record { thread, time, what });
        }
    }

    fn stack(&self, thread: i32) -> Arc<[StackFrame]> {
        let space = self.threads.get(&thread).map(|it| Rc::clone(&it.space));
        let memory = ProcessMemory { thread };
        space.map_or_else(Arc::default, |space| space.borrow_mut().stack(memory))
    }

    fn at_call(&mut self, thread: i32) {
        match ptrace::syscall_stop(thread) {
            Ok(SyscallStop::Entry {
                is_native,
                number,
                args,
            }) => {
                // A 32-bit program's numbers mean other calls: none of them is named.
                let number = if is_native { number } else { number | 1 << 32 };
                self.enter(thread, Request { number, args });
            }
            Ok(SyscallStop::Exit { value }) => self.leave(thread, value),
            _ => self.go_on(thread, 0),
        }
    }

    /// A call is about to be made.
    fn enter(&mut self, thread: i32, mut request: Request) {
        let name = decode::name(request.number);
        if name == "rt_sigreturn" {
            request.args[0] = registers::read(thread).map_or(0, |registers| registers.sp);
        }
        self.has_begun |= name.starts_with("execve");
        if !self.has_begun {
            return self.go_on(thread, 0);
        }
        let Some(interrupted) = self
            .threads
            .get_mut(&thread)
            .map(|it| it.interrupted.take())
        else {
            return;
        };
        let interrupted = interrupted.filter(|_| name == "restart_syscall");
        let entered = match &interrupted {
            Some(interrupted) => Entered {
                text: format!("<... resuming interrupted {interrupted} ...>"),
                length: None,
            },
            None => decode::entered(&request, &ProcessMemory { thread }),
        };
        let stack = self.stack(thread);
        let is_own = self.is_own(thread, &name, &stack);
        let change = self.change(thread, &name, &request, is_own);
        if let Some(look) = &mut self.look {
            look(self.entered, thread);
        }
        self.entered += 1;
        if change.result.is_none() {
            self.may_sleep(thread, &name, &request);
        }
        let woken = (name == "futex").then(|| self.wakes(&request)).flatten();
        if let (Some(woken), AfterFork::Parent) = (woken, self.after_fork) {
            self.hold((thread, woken), Until::Rest);
        }
        let known = self.threads.get_mut(&thread);
        let Some(known) = known else { return };
        known.interrupted = interrupted;
        let args = entered.text.clone();
        known.call = Some(OpenCall {
            request,
            name: name.clone(),
            entered,
            change,
            number: self.entered,
            is_own,
            woken,
        });
        let told = name.clone();
        self.tell(thread, Event::Entered { name, args, stack });
        self.read(thread, Moment::Call(&told));
        if change.result.is_some() {
            let _ = registers::skip_call(thread);
        }
        let signal = change.signal.map_or(0, |signal| signal as i32);
        if change.delay_enter.is_some() {
            self.release_from(thread);
        }
        self.go_on_after(change.delay_enter, thread, signal);
    }

    /// Lets a thread go on, at once or so much later: then without a signal.
    fn go_on_after(&mut self, delay: Option<Duration>, thread: i32, signal: i32) {
        match delay {
            Some(delay) => self.delayed.push((self.clock.now() + delay, thread)),
            None => self.go_on(thread, signal),
        }
    }

    /// Whether the program itself asks for this call, as far as somebody wants to know: only such a call is changed,
    /// or lets the other one go on after a fork.
    fn is_own(&self, thread: i32, name: &str, stack: &[StackFrame]) -> bool {
        let is_awaited = self.holds.iter().any(|hold| hold.awaited == thread);
        let mut injections = self.injections.iter();
        let matters = is_awaited || injections.any(|injection| injection.concerns(name));
        let (Some(known), Some(is_own)) = (self.threads.get(&thread), &self.is_own) else {
            return matters;
        };
        matters && is_own(&known.program, name, stack)
    }

    /// What is changed of this call of a thread: what is injected into one of the program's own, and a signal that
    /// would leave its room is refused.
    fn change(&mut self, thread: i32, name: &str, request: &Request, is_own: bool) -> Change {
        let mut change = match is_own {
            true => self.injected(thread, name),
            false => Change::default(),
        };
        if self.keeps_signals && confined::leads_out(thread, name, &request.args) {
            change.result = Some(-i64::from(libc::EPERM));
        }
        change
    }

    fn injected(&mut self, thread: i32, name: &str) -> Change {
        let Some(known) = self.threads.get_mut(&thread) else {
            return Change::default();
        };
        let (process, member) = (known.process, known.member);
        let is_about = |it: &Injection| it.concerns(name) && it.is_in(process, member);
        let counted = self.injections.iter().zip(&mut known.counts);
        let mut change = None;
        for (injection, count) in counted.filter(|(injection, _)| is_about(injection)) {
            *count += 1; // each counts every call that it concerns, whichever changes this one
            if change.is_none() && injection.hits(*count) {
                change = Some(injection.change);
            }
        }
        change.unwrap_or_default()
    }

    /// The kernel is back from a call.
    fn leave(&mut self, thread: i32, mut value: i64) {
        let open = self
            .threads
            .get_mut(&thread)
            .and_then(|known| known.call.take());
        let Some(call) = open else {
            return self.go_on(thread, 0);
        };
        if let Some(result) = call.change.result {
            let _ = registers::set_result(thread, result);
            value = result;
        }
        value = self.slept(thread, value);
        let memory = ProcessMemory { thread };
        let (args, mut result) = match &*call.name {
            // Its one argument is in no register.
            "restart_syscall" => {
                let (_, result) = decode::returned(&call.request, &call.entered, value, &memory);
                (call.entered.text.clone(), result)
            }
            _ => decode::returned(&call.request, &call.entered, value, &memory),
        };
        if value == -ERESTART_RESTARTBLOCK
            && let Some(known) = self.threads.get_mut(&thread)
        {
            let begun = known.interrupted.take();
            known.interrupted = begun.or(Some(call.name.clone()));
        }
        if call.change.result.is_some() || call.change.signal.is_some() {
            result += " (INJECTED)";
        }
        if call.change.delay_enter.or(call.change.delay_exit).is_some() {
            result += " (DELAYED)";
        }
        self.tell(thread, Event::Returned { args, result });
        self.read(thread, Moment::Call(&call.name));
        if call.is_own {
            self.release(|hold| {
                let counts = matches!(hold.until, Until::OwnCall { since } if since < call.number);
                hold.awaited == thread && counts
            });
        }
        if let Some(woken) = call.woken {
            self.has_woken(thread, woken, value);
        }
        self.go_on_after(call.change.delay_exit, thread, 0);
    }

    /// Whether a thread is stopped at the beginning of `main`, which is ready for it then.
    fn enters_main(&mut self, thread: i32, signal: i32) -> bool {
        let known = self.threads.get_mut(&thread);
        let main = known.and_then(|it| it.main.take_if(|main| main.is_met_by(thread, signal)));
        if let Some(main) = main {
            let _ = main.enter(thread); // it may have been killed meanwhile
        }
        main.is_some()
    }

    /// A signal is about to reach a thread: it does.
    fn signalled(&mut self, thread: i32, signal: i32) {
        if let Ok(info) = ptrace::siginfo(thread) {
            let (name, details) = decode::signal(&info);
            let stack = self.stack(thread);
            let details = details.into();
            self.tell(
                thread,
                Event::Notice {
                    what: Happening::Signal { name, details },
                    stack,
                },
            );
        }
        self.read(thread, Moment::Signal);
        self.go_on(thread, signal);
    }

    /// Tells what a process holds that has forked or come of a fork, if anybody wants to know.
    fn read(&mut self, thread: i32, moment: Moment) {
        let (Some(known), Some(read_memory)) = (self.threads.get_mut(&thread), &self.read_memory)
        else {
            return;
        };
        let moment = match known.family {
            Family::Single => return,
            Family::Unborn | Family::Forks => Moment::Fork,
            Family::Related => moment,
        };
        known.family = Family::Related;
        let memory = ProcessMemory { thread };
        let stack = known.space.borrow_mut().activations(memory);
        let what = read_memory(&Stop {
            thread,
            program: &known.program,
            moment,
            stack: &stack,
        });
        if let Some(what) = what {
            let is_at_fork = moment == Moment::Fork;
            self.tell(thread, Event::Read { is_at_fork, what });
        }
    }

    /// A thread has started, or is stopped with its whole process, or goes on.
    fn in_group_stop(&mut self, thread: i32, signal: i32) {
        let is_stop = stops_process(signal);
        if let Some(known) = self.threads.get_mut(&thread) {
            known.is_stopped = is_stop;
        }
        if !is_stop {
            self.begin(thread);
            return self.go_on(thread, 0);
        }
        let what = Happening::Stopped {
            signal: decode::signal_name(signal),
        };
        self.tell(
            thread,
            Event::Notice {
                what,
                stack: Arc::default(),
            },
        );
        let _ = ptrace::listen(thread);
        self.release_from(thread);
    }
}

fn is_event(status: i32, event: i32) -> bool {
    libc::WIFSTOPPED(status) && status >> 16 == event
}

/// The file that a process runs.
fn program(thread: i32) -> Rc<Path> {
    let program = std::fs::read_link(format!("/proc/{thread}/exe"));
    Rc::from(program.unwrap_or_else(|_| PathBuf::new()))
}
