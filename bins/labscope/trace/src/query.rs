//! What a trace answers about one process.

use crate::Trace;
use crate::args::Args;
use crate::call::Call;
use crate::syscall::{answering, answers};

impl Trace {
    /// The calls of one process in order, without strace's own first ones.
    pub fn calls_of(&self, pid: i32) -> impl Iterator<Item = &Call> {
        self.calls
            .iter()
            .filter(move |call| call.pid == pid && !call.setup)
    }

    /// How often a process has entered a call; one that is begun anew after a signal counts once. The `exit` of a thread
    /// counts when the thread is gone: whoever awaits it awaits what it leaves, its stack for another one.
    pub fn entered(&self, pid: i32, name: &str) -> usize {
        let mut count = 0;
        let mut restarted = false;
        let is_awaited = answering(name);
        let is_leaving =
            |call: &Call| call.name == "exit" && call.thread != pid && !call.ended_inside;
        let calls = self.calls_of(pid);
        for call in calls.filter(|call| is_awaited(call.request()) && !is_leaving(call)) {
            count += usize::from(!restarted);
            restarted = call.is_restarted();
        }
        let in_tail = self
            .unfinished_line()
            .is_some_and(|(at, now, _)| at == pid && answers(&now, name));
        count + usize::from(in_tail && !restarted)
    }

    /// The call that a process is in, with its first argument: `accept(3)`.
    pub fn inside(&self, pid: i32) -> Option<String> {
        let open = self
            .calls_of(pid)
            .last()
            .filter(|call| call.result.is_none())
            .map(|call| (call.name.clone(), call.args.to_string()));
        let in_tail = self.unfinished_line().filter(|(at, ..)| *at == pid);
        let (name, args) = in_tail.map(|(_, name, args)| (name, args)).or(open)?;
        Some(format!("{name}({})", Args::from(args).get(0).as_str()))
    }

    /// How often a call of a process has returned to it.
    pub fn finished(&self, pid: i32, name: &str) -> usize {
        let answers = answering(name);
        self.calls_of(pid)
            .filter(|call| answers(call.request()) && call.has_returned())
            .count()
    }

    /// Whether strace has seen the process end; its first thread is the last one to be reported.
    pub fn has_ended(&self, pid: i32) -> bool {
        self.notices
            .iter()
            .any(|notice| notice.thread == pid && notice.what.is_end())
    }

    /// The bytes a process wrote to a descriptor, from its write and writev calls.
    pub fn written(&self, pid: i32, descriptor: i32) -> Vec<u8> {
        let writes = self.calls_of(pid);
        let written = writes.filter_map(|call| call.written_to(descriptor));
        written.flatten().collect()
    }
}
