//! thread1: three threads print, and no line of theirs is lost, torn or out of its own order.

use labscope::Status;
use labscope::trace::Trace;

use super::{run, run_traced, stdout};

/// The lines of each thread, as each has printed them.
fn of_each(text: &str) -> [Vec<String>; 3] {
    ["Main", "Producer", "Consumer"].map(|name| {
        let own = text.lines().filter(|line| line.starts_with(name));
        own.map(str::to_owned).collect()
    })
}

fn expected() -> [Vec<String>; 3] {
    [("Main", 0), ("Producer", 10), ("Consumer", 20)].map(|(name, first)| {
        let lines = (first..first + 10).map(|i| format!("{name} => {i}"));
        lines.collect()
    })
}

#[test]
fn each_thread_prints_its_lines_in_its_order() {
    for _ in 0..20 {
        let transcript = run("thread1", "tty");
        assert_eq!(of_each(&transcript.normalised().terminal), expected());
        assert_eq!(transcript.status, Some(Status::Exited(0)));
    }
}

#[test]
fn in_a_pipe_or_file_all_of_it_is_one_write() {
    for name in ["pipe", "file"] {
        let transcript = run_traced("thread1", name);
        assert_eq!(of_each(&stdout(&transcript)), expected(), "{name}");
        let trace: &Trace = transcript.trace.as_ref().unwrap();
        let writes: Vec<_> = trace
            .calls
            .iter()
            .filter(|call| call.name == "write")
            .collect();
        assert_eq!(writes.len(), 1, "{name}: {writes:?}");
        assert_eq!(writes[0].value(), Some(400), "{name}");
    }
}

#[test]
fn a_thread_is_a_thread_and_ends_as_one() {
    let transcript = run_traced("thread1", "pipe");
    let trace: &Trace = transcript.trace.as_ref().unwrap();
    assert_eq!(
        transcript.pids.len(),
        1,
        "one process: {:?}",
        transcript.pids
    );
    let threads: Vec<i32> = trace
        .threads_made(transcript.pids[0])
        .map(|(_, tid)| tid)
        .collect();
    assert_eq!(threads.len(), 2);
    for thread in threads {
        let last = trace.calls.iter().rfind(|call| call.thread == thread);
        assert_eq!(last.map(|call| call.name.as_str()), Some("exit"));
    }
    let last = trace.calls.last().map(|call| call.name.as_str());
    assert_eq!(last, Some("exit_group"));
}
