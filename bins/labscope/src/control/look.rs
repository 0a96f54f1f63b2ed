//! What a call that a task stands before would touch, and whether it is visible at all.

use std::path::Path;
use std::time::Duration;

use nix::libc;

use crate::control::call::{Action, Call, Kind};
use crate::control::event::{How, Touch, Waited, thing};
use crate::control::machine::Machine;
use crate::control::settings::Input;
use crate::control::table::{State, subreapers_above};
use crate::control::targets::Target;
use crate::trace::decode::{self, Memory, Request};
use crate::trace::syscall::{
    EXECS, EXITS, FORKS, KEYED, KILLS, LOOKS_UP, NAMES, PAIRS, POLLS, SHARES, SLEEPS, SOCKETS,
    Syscall,
};

/// So many are given to futex_waitv(2).
const MOST_FUTEXES: usize = 128;

/// Who touches something, and what has to be done around the call.
pub(super) struct Seen {
    touches: Vec<Touch>,
    kind: Kind,
    may_wait: bool,
}

impl Seen {
    fn touching(touches: Vec<Touch>) -> Option<Seen> {
        Seen::of(touches, Kind::Other, false)
    }

    fn waiting(touches: Vec<Touch>) -> Option<Seen> {
        Seen::of(touches, Kind::Other, true)
    }

    fn of(touches: Vec<Touch>, kind: Kind, may_wait: bool) -> Option<Seen> {
        Some(Seen {
            touches,
            kind,
            may_wait,
        })
    }
}

impl Machine {
    /// The visible call that a task stands before; none if nobody sees it.
    pub(super) fn look(&mut self, task: usize, number: u64, args: [u64; 6]) -> Option<Call> {
        let name = decode::name(number).into_owned();
        let seen = self.seen(task, &name, &args)?;
        let tells = self.settings.tells_arguments;
        let entered = tells.then(|| decode::entered(&Request { number, args }, &self.memory(task)));
        let until = self.time_of(task, &name, &args).map(|time| self.now + time);
        let mut touches = seen.touches;
        touches.extend(self.touches_by_itself(task));
        Some(Call {
            number,
            args,
            entered,
            name,
            touches,
            until: until.filter(|_| seen.may_wait),
            kind: seen.kind,
            may_wait: seen.may_wait,
        })
    }

    /// What a task touches at each of its steps: its process, and memory that it shares.
    fn touches_by_itself(&self, task: usize) -> Vec<Touch> {
        let process = &self.processes[self.tasks[task].process];
        let mut touches = vec![Touch::new("process", &process.path, How::Run)];
        touches.extend(process.segments.iter().map(|&thing| Touch {
            thing,
            how: How::Change,
        }));
        if process.threads > 1 {
            touches.push(Touch::new("memory", &process.path, How::Change));
        }
        touches
    }

    pub(super) fn shares_memory(&self, task: usize) -> bool {
        self.processes[self.tasks[task].process].shares_memory()
    }

    /// The first step of a task that shares memory: up to its first call it may look at that.
    pub(super) fn beginning(&self, task: usize) -> Call {
        Call {
            number: 0,
            args: [0; 6],
            name: "begin".to_owned(),
            entered: None,
            touches: self.touches_by_itself(task),
            kind: Kind::Begin,
            may_wait: false,
            until: None,
        }
    }

    fn seen(&mut self, task: usize, name: &str, args: &[u64; 6]) -> Option<Seen> {
        let row = Syscall::named(name);
        match name {
            "read" | "readv" | "pread64" | "preadv" | "preadv2" | "sendfile" | "splice" | "tee" => {
                self.reading(task, name, args)
            }
            "write" | "writev" | "pwrite64" | "pwritev" | "pwritev2" => {
                self.writing(task, name, args)
            }
            "lseek" | "ftruncate" | "fallocate" | "flock" | "fcntl" => self.file(task, name, args),
            "close" => self.closing(task, args[0]),
            "dup2" | "dup3" => self.closing(task, args[1]),
            "close_range"
                if self.has_ends && args[2] & u64::from(libc::CLOSE_RANGE_CLOEXEC) == 0 =>
            {
                let wanted = u64::from(args[0] as u32)..=u64::from(args[1] as u32);
                Seen::touching(self.ends_among(task, wanted))
            }
            _ if row.is(PAIRS) => {
                self.has_ends = true;
                Seen::touching(Vec::new()) // its ends are named when it is back
            }
            _ if row.is(POLLS) => self.polling(task),
            _ if row.is(SOCKETS) => {
                self.has_ends = true;
                Seen::waiting(vec![Touch::new("network", 0, How::Change)])
            }
            "getdents" | "getdents64" => match self.target(task, args[0]) {
                Target::File(path) => Seen::touching(vec![Touch::new("entries", path, How::Read)]),
                _ => None,
            },
            _ if row.is(NAMES | LOOKS_UP) => self.naming(task, name, args),
            _ if row.is(SHARES) => self.sharing(task, name, args),
            _ => self.about_processes(task, name, args),
        }
    }

    fn reading(&mut self, task: usize, name: &str, args: &[u64; 6]) -> Option<Seen> {
        let descriptor = if name == "sendfile" { args[1] } else { args[0] };
        match self.target(task, descriptor) {
            Target::Terminal => {
                // Of newlines there are enough for everybody.
                let is_shared = matches!(self.settings.input, Input::Bytes(_));
                let touch = is_shared.then(|| Touch::new("input", 0, How::Change));
                Seen::of(touch.into_iter().collect(), Kind::Type, true)
            }
            Target::Pipe(thing) => {
                let how = How::PipeRead { is_end: false };
                Seen::of(vec![Touch { thing, how }], Kind::PipeRead(thing), true)
            }
            Target::Socket => Seen::waiting(vec![Touch::new("network", 0, How::Change)]),
            Target::File(path) => {
                // It moves the offset.
                let touch = Touch::new("content", &path, How::Change);
                Seen::of(vec![touch], Kind::Other, is_fifo(Path::new(&path)))
            }
            Target::Output | Target::Nothing => None,
        }
    }

    fn writing(&mut self, task: usize, name: &str, args: &[u64; 6]) -> Option<Seen> {
        match self.target(task, args[0]) {
            Target::Terminal | Target::Output => {
                let text = match name {
                    "write" => self.printed(task, args[1], args[2]),
                    _ => thing("several texts", (task, self.stops)),
                };
                let touch = Touch::new("output", 0, How::Print(text));
                Seen::of(vec![touch], Kind::Print, true)
            }
            Target::Pipe(thing) => {
                let how = How::PipeWrite { was_empty: false };
                Seen::of(vec![Touch { thing, how }], Kind::PipeWrite(thing), true)
            }
            Target::Socket => Seen::waiting(vec![Touch::new("network", 0, How::Change)]),
            Target::File(path) => {
                let touch = Touch::new("content", &path, How::Change);
                Seen::of(vec![touch], Kind::Other, is_fifo(Path::new(&path)))
            }
            Target::Nothing => None,
        }
    }

    /// What stands for a text that is printed: the same in every run, whatever the pids in it are.
    fn printed(&self, task: usize, address: u64, length: u64) -> u64 {
        let mut bytes = vec![0; length.min(1 << 16) as usize];
        let count = self.memory(task).read(address, &mut bytes);
        let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
        thing("text", self.with_paths(&text))
    }

    /// A text with names in the place of this run's pids.
    pub fn with_paths(&self, text: &str) -> String {
        let mut named = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            named += &rest[..start];
            rest = &rest[start..];
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let pid = rest[..end].parse().ok();
            match pid.and_then(|pid| self.name_of(pid)) {
                Some(name) => named += &name,
                None => named += &rest[..end],
            }
            rest = &rest[end..];
        }
        named + rest
    }

    fn file(&mut self, task: usize, name: &str, args: &[u64; 6]) -> Option<Seen> {
        let Target::File(path) = self.target(task, args[0]) else {
            return None;
        };
        let waits = match (name, args[1] as i32) {
            ("flock", how) => how & libc::LOCK_NB == 0,
            ("fcntl", libc::F_SETLKW | libc::F_OFD_SETLKW) => true,
            ("fcntl", libc::F_SETLK | libc::F_GETLK | libc::F_OFD_SETLK) => false,
            ("fcntl", _) => return None,
            _ => false,
        };
        Seen::of(
            vec![Touch::new("content", path, How::Change)],
            Kind::Other,
            waits,
        )
    }

    fn closing(&mut self, task: usize, descriptor: u64) -> Option<Seen> {
        let end = self
            .has_ends
            .then(|| self.closed_end(task, descriptor))
            .flatten();
        Seen::touching(vec![end?])
    }

    /// It waits for any of its pipes and sockets, or for a key.
    fn polling(&mut self, task: usize) -> Option<Seen> {
        let ends = self.has_ends.then(|| self.ends(task));
        let touches = ends.into_iter().flatten().map(|touch| Touch {
            how: How::Change,
            ..touch
        });
        Seen::of(touches.collect(), Kind::Type, true)
    }

    fn naming(&mut self, task: usize, name: &str, args: &[u64; 6]) -> Option<Seen> {
        let is_at = name.trim_end_matches('2').ends_with("at")
            && !["creat", "stat", "lstat"].contains(&name);
        let (folder, place) = match name {
            "symlinkat" => (Some(args[1]), 2),
            "statx" => (Some(args[0]), 1),
            _ if is_at => (Some(args[0]), 1),
            _ => (None, 0),
        };
        let asks = Syscall::named(name).is(LOOKS_UP);
        if asks && self.text(task, args[place])?.is_empty() {
            return None; // of its descriptor: stdio asks so before it first reads or writes, for the size of a block
        }
        let path = self.path_at(task, folder, args[place])?;
        let flags = match name {
            _ if asks => 0,
            "creat" => libc::O_CREAT | libc::O_TRUNC,
            "open" | "openat" => args[place + 1] as i32,
            "openat2" => self.word(task, args[place + 1])? as i32,
            _ => libc::O_CREAT,
        };
        let changes = flags & libc::O_CREAT != 0;
        self.has_written |= changes;
        let how = if changes { How::Change } else { How::Read };
        let mut touches = named(&path, how);
        if name.contains("stat") {
            touches.push(Touch::new("content", path.to_string_lossy(), How::Read)); // its size
        }
        if name == "rmdir" || name == "unlinkat" && args[2] as i32 & libc::AT_REMOVEDIR != 0 {
            touches.push(Touch::new("entries", path.to_string_lossy(), How::Read)); // there must be none
        }
        if flags & libc::O_TRUNC != 0 || name == "truncate" {
            touches.push(Touch::new("content", path.to_string_lossy(), How::Change));
        }
        let other = match name {
            "rename" | "link" | "symlink" => self.path_at(task, None, args[1]),
            "renameat" | "renameat2" | "linkat" => self.path_at(task, Some(args[2]), args[3]),
            _ => None,
        };
        touches.extend(other.into_iter().flat_map(|path| named(&path, How::Change)));
        Seen::of(
            touches,
            Kind::Other,
            is_fifo(&path) && name.starts_with("open"),
        )
    }

    fn sharing(&mut self, task: usize, name: &str, args: &[u64; 6]) -> Option<Seen> {
        let object = |kind: &'static str, machine: &Machine| {
            let id = format!("{kind} {}", args[0] as i32);
            let known = machine.names.get(&id).cloned().unwrap_or(id);
            Touch::new("object", known, How::Change)
        };
        let (process, key) = (self.tasks[task].process, args[0]);
        match name {
            "mmap" => {
                if args[2] & libc::PROT_WRITE as u64 != 0 {
                    let segment = match self.target(task, args[4]) {
                        Target::File(path) => thing("file", path),
                        _ => thing("mapping", self.new_name(process)),
                    };
                    self.processes[process].segments.push(segment);
                }
                None
            }
            "shmat" => {
                let segment = object("shm", self).thing;
                self.processes[process].segments.push(segment);
                None
            }
            // Named when it is back.
            _ if Syscall::named(name).is(KEYED) => match key as i32 {
                libc::IPC_PRIVATE => Seen::touching(Vec::new()),
                _ => Seen::touching(vec![Touch::new(name, key as i32, How::Change)]),
            },
            "shmctl" => Seen::touching(vec![object("shm", self)]),
            "semctl" => Seen::touching(vec![object("sem", self)]),
            "msgctl" => Seen::touching(vec![object("msg", self)]),
            "semop" | "semtimedop" => Seen::waiting(vec![object("sem", self)]),
            "msgsnd" | "msgrcv" => Seen::waiting(vec![object("msg", self)]),
            _ => Seen::waiting(vec![Touch::new("message queues", 0, How::Change)]),
        }
    }

    fn about_processes(&mut self, task: usize, name: &str, args: &[u64; 6]) -> Option<Seen> {
        let row = Syscall::named(name);
        let process = self.tasks[task].process;
        let own = &self.processes[process];
        let group = |path: &str| Touch::new("process", path, How::Group);
        match name {
            // Whoever appears has a name of its own in every order.
            _ if row.is(FORKS) => Seen::touching(Vec::new()),
            // A parent may set the group of a child only until then.
            _ if row.is(EXECS) => {
                let (folder, place) = match name {
                    "execve" => (None, 0),
                    _ => (Some(args[0]), 1),
                };
                let program = self.path_at(task, folder, args[place]);
                let program = program.into_iter().flat_map(|path| named(&path, How::Read));
                Seen::touching(program.chain([group(&own.path)]).collect())
            }
            "wait4" => self.waiting(task, args[0] as i32, args[2] as i32),
            "waitid" => {
                let id = if args[0] == 1 { args[1] as i32 } else { -1 };
                self.waiting(task, id, args[3] as i32)
            }
            _ if row.is(EXITS) => {
                let undone: Vec<Touch> = own.undone().collect();
                let ends = self.ends_if_any(task);
                Seen::of([ends, undone].concat(), Kind::Exit, false)
            }
            "getppid" => {
                let possible = subreapers_above(&self.processes, process).chain(own.born_of);
                let asks =
                    |it: usize| Touch::new("process", &self.processes[it].path, How::AskParent);
                let touches: Vec<Touch> = possible.map(asks).collect();
                own.born_of.and_then(|_| Seen::touching(touches))
            }
            "prctl" => {
                let touch = Touch::new("children", &own.path, How::Change);
                Seen::of(vec![touch], Kind::Subreaper(args[1] != 0), false)
            }
            "setpgid" | "getpgid" | "getsid" if args[0] != 0 => {
                let other = self.processes.iter().find(|it| it.pid == args[0] as i32);
                Seen::touching(other.map(|it| group(&it.path)).into_iter().collect())
            }
            "setpgid" | "getpgid" | "getsid" | "setsid" | "getpgrp" => {
                Seen::touching(vec![group(&own.path)])
            }
            "sched_yield" if own.shares_memory() => Seen::touching(Vec::new()),
            "futex" if own.shares_memory() => {
                let command = args[1] as i32 & 127;
                let wakes = [libc::FUTEX_WAKE, libc::FUTEX_WAKE_OP, libc::FUTEX_UNLOCK_PI];
                let touch = futex(&own.path, args[0], args[1] as i32);
                Seen::of(vec![touch], Kind::Other, !wakes.contains(&command))
            }
            "futex_waitv" => {
                // 24 bytes each: the value, the address, and the flags.
                let waiters = (0..args[1]).map(|place| args[0] + 24 * place);
                let touches = waiters.map_while(|waiter| {
                    let flags = self.half(task, waiter + 16)?;
                    Some(futex(&own.path, self.word(task, waiter + 8)?, flags))
                });
                Seen::waiting(touches.take(MOST_FUTEXES).collect())
            }
            "io_getevents" => Seen::waiting(Vec::new()),
            _ if row.is(KILLS) => self.signalling(task, name, args),
            "rt_sigaction" => self.acting(task, args),
            "pause" | "rt_sigsuspend" | "rt_sigtimedwait" => Seen::waiting(Vec::new()),
            _ if row.is(SLEEPS) => {
                let time = self.time_of(task, name, args)?;
                Seen::of(Vec::new(), Kind::Sleep(time), true)
            }
            "restart_syscall" => self.restarting(task),
            "alarm" => {
                let time = Duration::from_secs(u64::from(args[0] as u32));
                Seen::of(Vec::new(), Kind::Alarm(time), false)
            }
            "setitimer" if args[0] == 0 && args[1] != 0 => {
                let time = self.timespec(task, args[1] + 16, 1000)?;
                Seen::of(Vec::new(), Kind::Alarm(time), false)
            }
            _ => None,
        }
    }

    /// What a call broken off by a signal goes on with.
    fn restarting(&self, task: usize) -> Option<Seen> {
        match &self.tasks[task].state {
            State::Asleep(call) | State::Sleeping { call, .. } => {
                Seen::of(call.touches.clone(), call.kind.clone(), true)
            }
            _ => Seen::waiting(Vec::new()),
        }
    }

    pub(super) fn ends_if_any(&self, task: usize) -> Vec<Touch> {
        match self.has_ends {
            true => self.ends(task),
            false => Vec::new(),
        }
    }

    fn waiting(&mut self, task: usize, id: i32, options: i32) -> Option<Seen> {
        let process = self.tasks[task].process;
        let own = &self.processes[process];
        let child = own.children.iter().map(|&child| &self.processes[child]);
        let mut child = child.filter(|child| id > 0 && child.pid == id);
        let waited = Waited {
            parent: own.path.clone(),
            child: child.next_back().map(|child| child.path.clone()),
            at_once: options & libc::WNOHANG != 0,
            reaped: None,
        };
        let told = libc::WUNTRACED | libc::WCONTINUED;
        let children = own
            .children
            .iter()
            .map(|&child| &self.processes[child].path);
        let touches = children.filter(|_| options & told != 0);
        let touches = touches.map(|path| Touch::new("process", path, How::Reap));
        // Whether it has them may depend on who ends first.
        let left = own.is_subreaper;
        let left = left.then(|| Touch::new("children", &own.path, How::Read));
        let touches = touches.chain(left).collect();
        Seen::of(touches, Kind::Wait(waited), true)
    }

    fn signalling(&mut self, task: usize, name: &str, args: &[u64; 6]) -> Option<Seen> {
        let signal = match name {
            "tgkill" => args[2] as i32,
            _ => args[1] as i32,
        };
        let targets = self.targets_of_kill(task, name, args[0] as i32);
        let touch = |&place: &usize| {
            let path = &self.processes[place].path;
            Touch::new("process", path, How::Signal)
        };
        let undone = targets.iter().flat_map(|&it| self.processes[it].undone());
        let touches = targets.iter().map(touch).chain(undone).collect();
        let own = self.tasks[task].process;
        let targets = targets
            .into_iter()
            .filter(|&target| target != own)
            .collect();
        Seen::of(touches, Kind::Kill { signal, targets }, false)
    }

    fn acting(&self, task: usize, args: &[u64; 6]) -> Option<Seen> {
        let signal = args[0] as i32;
        let action = Action {
            signal,
            handler: self.word(task, args[1])?,
            flags: self.word(task, args[1] + 8)?,
        };
        let path = &self.processes[self.tasks[task].process].path;
        let touch = Touch::new("process", path, How::Action(signal));
        Seen::of(vec![touch], Kind::Action(action), false)
    }

    /// A name for the next thing that a process makes, the same in every run.
    pub(super) fn new_name(&mut self, process: usize) -> String {
        let process = &mut self.processes[process];
        process.things += 1;
        format!("{} {}", process.path, process.things)
    }
}

/// What a name touches: itself, the folder in which it appears or vanishes, and all above, which must be there.
fn named(path: &Path, how: How) -> Vec<Touch> {
    let above = path.ancestors().skip(1);
    let above = above.map(|folder| Touch::new("name", folder, How::Read));
    let mut touches: Vec<Touch> = above.collect();
    if how == How::Change {
        let folder = path.parent().unwrap_or(path).to_string_lossy();
        touches.push(Touch::new("entries", folder, How::Entry));
    }
    touches.push(Touch::new("name", path, how));
    touches
}

fn futex(process: &str, address: u64, flags: i32) -> Touch {
    match flags & libc::FUTEX_PRIVATE_FLAG {
        0 => Touch::new("futex", 0, How::Change),
        _ => Touch::new("futex", (process, address), How::Change),
    }
}

fn is_fifo(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::metadata(path).is_ok_and(|about| about.file_type().is_fifo())
}
