//! One system call.

use std::sync::Arc;

use crate::args::Args;
use crate::decode;
use crate::outcome::Outcome;
use crate::stack::StackFrame;
use crate::syscall::{
    DUPLICATES, EXECS, EXITS, FORKS, Flags, KILLS, MAY_WAIT, PATH, REAPS, SLEEPS, Syscall, VECTOR,
    WAITS, WRITES,
};

/// What a wait(2) has among its arguments that leaves the child where it is.
const STAYS: [&str; 6] = [
    "WIFSTOPPED(",
    "WIFCONTINUED(",
    "CLD_STOPPED",
    "CLD_CONTINUED",
    "CLD_TRAPPED",
    "WNOWAIT",
];

/// One system call of one process.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub pid: i32,
    /// The thread that made it; the pid itself, in a process with one thread.
    pub thread: i32,
    pub name: String,
    pub args: Args,
    /// None while the call has not returned.
    pub result: Option<Outcome>,
    /// When it was entered, in seconds, if the tracer was asked for times.
    pub time: Option<f64>,
    /// When it was seen to have come back, if a line of its own tells that (`<... read resumed>`).
    pub resumed: Option<f64>,
    /// The place of the line on which it was entered, among all lines.
    pub entered_at: usize,
    /// The place of the line on which it returned; calls themselves lie in order of entry.
    pub returned_at: Option<usize>,
    /// True up to and with the first execve, which is the tracer's own.
    pub setup: bool,
    /// The stack below the call, innermost frame first.
    pub stack: Arc<[StackFrame]>,
    /// The call that a `restart_syscall` goes on with after a signal.
    pub resumes: Option<String>,
    /// Whether its thread ended before the call came back to it: an exit, or the last call of one that was killed.
    pub ended_inside: bool,
}

/// What a process does with a signal from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    Default,
    Ignored,
    Handled,
}

impl Call {
    /// One that has not returned, of which no more is known.
    pub fn entered(pid: i32, thread: i32, name: String, args: String) -> Call {
        Call {
            pid,
            thread,
            name,
            args: args.into(),
            result: None,
            time: None,
            resumed: None,
            entered_at: 0,
            returned_at: None,
            setup: false,
            stack: Arc::default(),
            resumes: None,
            ended_inside: false,
        }
    }

    /// Whether its row in the table of calls has one of these flags.
    pub fn is(&self, flags: Flags) -> bool {
        Syscall::named(&self.name).is(flags)
    }

    /// The value that the call returned.
    pub fn value(&self) -> Option<i64> {
        self.result.as_ref()?.value()
    }

    /// The errno of a failed call, by name: `ENOENT`.
    pub fn errno(&self) -> Option<&str> {
        self.result.as_ref()?.errno()
    }

    /// The seconds between its entry and its return.
    pub fn seconds(&self) -> Option<f64> {
        let told = self.result.as_ref()?.seconds();
        told.or_else(|| Some(self.resumed? - self.time?))
    }

    /// Whether it waits by nature, for input, a client, a child, a signal or the time, and was not asked to answer at once.
    pub fn waits(&self) -> bool {
        Syscall::named(self.request()).is(WAITS) && !self.answers_at_once()
    }

    /// Whether the process may sleep in it: one that cannot wait may take long on a busy machine, and runs.
    pub fn can_wait(&self) -> bool {
        Syscall::named(self.request()).is(WAITS | MAY_WAIT) && !self.answers_at_once()
    }

    /// Whether its arguments ask for an answer without waiting; what has not been read of them asks for nothing.
    fn answers_at_once(&self) -> bool {
        let args = &self.args;
        let is_zero = |place| args.get(place).number() == Some(0);
        let is_no_time = |place: usize, fraction| {
            let time = args.get(place);
            let member = |name| time.field(name).and_then(|it| it.number());
            member("tv_sec") == Some(0) && member(fraction) == Some(0)
        };
        let asks = |flags: &[&str]| flags.iter().any(|flag| args.has(flag));
        match self.request() {
            "wait4" | "waitid" => asks(&["WNOHANG"]),
            "recv" | "recvfrom" | "recvmsg" | "recvmmsg" | "send" | "sendto" | "sendmsg"
            | "sendmmsg" => asks(&["MSG_DONTWAIT"]),
            "poll" => is_zero(2),
            "ppoll" => is_no_time(2, "tv_nsec"),
            "select" => is_no_time(4, "tv_usec"),
            "pselect6" => is_no_time(4, "tv_nsec"),
            "epoll_wait" | "epoll_pwait" => is_zero(3),
            "rt_sigtimedwait" => is_no_time(2, "tv_nsec"),
            "semop" | "semtimedop" | "msgsnd" | "msgrcv" => asks(&["IPC_NOWAIT"]),
            "open" | "openat" => asks(&["O_NONBLOCK"]),
            "flock" => asks(&["LOCK_NB"]),
            "fcntl" => !asks(&["F_SETLKW", "F_OFD_SETLKW"]) && !args.get(1).as_str().is_empty(),
            "futex" => args.get(1).flags().next().is_some_and(|command| {
                !command.starts_with("FUTEX_WAIT") && !command.starts_with("FUTEX_LOCK")
            }),
            _ => false,
        }
    }

    /// Whether it is sleep(3).
    pub fn is_sleep(&self) -> bool {
        Syscall::named(self.request()).is(SLEEPS)
    }

    /// Whether the tracer made up the result, or the arguments.
    pub fn is_injected(&self) -> bool {
        self.result
            .as_ref()
            .is_some_and(|it| it.is_marked("INJECTED"))
    }

    /// Whether the tracer held it back.
    pub fn is_delayed(&self) -> bool {
        self.result
            .as_ref()
            .is_some_and(|it| it.is_marked("DELAYED"))
    }

    /// Whether the kernel broke the call off, to begin it anew when a signal had been dealt with.
    pub fn is_restarted(&self) -> bool {
        self.errno()
            .is_some_and(|errno| errno.starts_with("ERESTART"))
    }

    /// Whether there is a call of its number.
    pub fn is_known(&self) -> bool {
        !self.name.starts_with("syscall_0x") && !self.name.starts_with('?')
    }

    /// Whether it has come back to the program.
    pub fn has_returned(&self) -> bool {
        self.result.as_ref().is_some_and(Outcome::is_return)
    }

    /// Whether its thread was killed inside it, so that nobody knows its end; it has a stack only if a signal broke it off first.
    pub fn is_cut_off(&self) -> bool {
        self.ended_inside && !self.is(EXITS)
    }

    /// What it asks for: its name, or that of the call that a `restart_syscall` goes on with.
    pub fn request(&self) -> &str {
        self.resumes.as_deref().unwrap_or(&self.name)
    }

    /// Whether it starts a process (or a thread).
    pub fn is_fork(&self) -> bool {
        self.is(FORKS)
    }

    /// Whether it starts a process, not a thread.
    pub fn makes_process(&self) -> bool {
        self.is_fork() && !self.args.has("CLONE_THREAD")
    }

    /// The process that it has made.
    pub fn child(&self) -> Option<i32> {
        let child = self.value().filter(|_| self.makes_process())?;
        i32::try_from(child).ok().filter(|&child| child > 0)
    }

    /// Whether it is a wait(2) after which that child is gone: not one that was told of a stop, or leaves the child waitable.
    pub fn reaps(&self, child: i32) -> bool {
        let taken = match self.name.as_str() {
            // waitid returns 0 and tells the child in its structure
            "waitid" => self.args.field("si_pid").and_then(|pid| pid.number()),
            _ => self.value(),
        };
        let stays = STAYS.iter().any(|word| self.args.as_str().contains(word));
        self.is(REAPS) && self.has_returned() && taken == Some(child.into()) && !stays
    }

    /// How the child that it waited for ended: its status, or the signal's name.
    pub fn wait_status(&self) -> Option<String> {
        let status = self
            .args
            .get(1)
            .parts()
            .first()?
            .parts()
            .into_iter()
            .next()?;
        let of = |test: &str| {
            let mut tests = status.as_str().split(" && ");
            tests.find_map(|it| it.strip_prefix(test)?.strip_prefix(" == "))
        };
        let words = of("WEXITSTATUS(s)").or(of("WTERMSIG(s)"));
        words.map(str::to_owned)
    }

    /// The path that an execve has made the process run.
    pub fn executed(&self) -> Option<Vec<u8>> {
        let done = self.is(EXECS) && self.value() == Some(0);
        done.then(|| self.args.text().map(|path| path.bytes))?
    }

    /// The file that it names.
    pub fn path(&self) -> Option<Vec<u8>> {
        self.is(PATH)
            .then(|| self.args.text().map(|path| path.bytes))?
    }

    /// The descriptor that it is about.
    pub fn descriptor(&self) -> Option<i32> {
        let is_one = decode::is_descriptor(&self.name, 0);
        i32::try_from(self.args.get(0).number().filter(|_| is_one)?).ok()
    }

    /// The two descriptors that it has made: of a pipe, the reading end first.
    pub fn pair(&self) -> Vec<i32> {
        let ends = self.args.get(0).parts().into_iter();
        let numbers = ends.filter_map(|end| end.number());
        numbers.filter_map(|end| i32::try_from(end).ok()).collect()
    }

    /// The bytes that it has moved.
    pub fn moved(&self) -> Vec<u8> {
        let count = self.value().and_then(|count| usize::try_from(count).ok());
        let pieces = self.args.texts().into_iter();
        let most = if self.is(VECTOR) { usize::MAX } else { 1 };
        let mut bytes: Vec<u8> = pieces.take(most).flat_map(|piece| piece.bytes).collect();
        bytes.truncate(count.unwrap_or(0));
        bytes
    }

    /// What it has written to a descriptor.
    pub fn written_to(&self, descriptor: i32) -> Option<Vec<u8>> {
        let is_it = self.is(WRITES) && self.descriptor() == Some(descriptor);
        is_it.then(|| self.moved())
    }

    /// The signal whose action it changes, and to what; a call that only asks changes none.
    pub fn action(&self) -> Option<(&str, Disposition)> {
        let is_it = self.name == "rt_sigaction" && self.value() == Some(0);
        let handler = is_it.then(|| self.args.get(1).field("sa_handler"))??;
        let disposition = match handler.as_str() {
            "SIG_DFL" => Disposition::Default,
            "SIG_IGN" => Disposition::Ignored,
            _ => Disposition::Handled,
        };
        Some((self.args.get(0).as_str(), disposition))
    }

    /// Whether it makes another number for a descriptor, as fcntl(2) may.
    pub fn duplicates(&self) -> bool {
        let command = self.args.get(1);
        let asks = ["F_DUPFD", "F_DUPFD_CLOEXEC"]
            .iter()
            .any(|it| command.has(it));
        self.is(DUPLICATES) || self.name == "fcntl" && asks
    }

    /// Whether it sends a signal to another process.
    pub fn sends_signal(&self) -> bool {
        self.is(KILLS)
    }
}
