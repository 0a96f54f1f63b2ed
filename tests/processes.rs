//! Processes and signals: what fork, wait, sessions, pipes and handlers do. Each
//! test runs a story of `probes/processes.rs` and reads what it told.

mod support;

use support::tracer::{Process, Traced};
use support::{bounded, output, probe, text_of};

/// Runs a story and compares what it tells, line by line.
fn assert_told(story: &str, expected: &[&str]) {
    let output = output(bounded(probe("probe_processes")).arg(story));
    let seen = text_of(&output);
    assert!(
        output.status.success(),
        "probe_processes {story:?}: {}\n{seen}",
        output.status
    );
    assert_eq!(
        seen.lines().collect::<Vec<_>>(),
        expected,
        "probe_processes {story:?}"
    );
}

/// What a story tells into which is injected what it waits for.
fn told_under(inject: &str, story: &str) -> (String, Process) {
    let traced = Traced::new(&[inject], probe("probe_processes"), [story]);
    let (output, mut processes) = traced.run();
    let process = processes.remove(0);
    let command = format!("probe_processes {story:?} with {inject}");
    assert!(
        output.status.success(),
        "{command}\n{}\n{}",
        text_of(&output),
        process.text()
    );
    (text_of(&output), process)
}

#[test]
fn a_thousand_children_leave_nothing_behind() {
    assert_told("thousand", &["then Err(ECHILD)"]);
}

#[test]
fn a_child_by_vfork_has_a_status() {
    assert_told("vfork", &["exited 3"]);
}

#[test]
fn each_wait_reaps_one_child() {
    assert_told("each", &["sum 6, then Err(ECHILD)"]);
}

#[test]
fn waitpid_tells_of_stopping_and_going_on() {
    let told = [
        "running Ok(0)",
        "stopped 19",
        "continued",
        "killed 9",
        "then Err(ECHILD)",
    ];
    assert_told("status", &told);
}

#[test]
fn signal_0_asks_whether_a_process_exists() {
    let told = [
        "running Ok(())",
        "ended Ok(())",
        "exited 0",
        "reaped Err(ESRCH)",
    ];
    assert_told("exists", &told);
}

#[test]
fn sessions_and_groups_are_inherited_and_made() {
    let told = [
        "mine true",
        "parent true",
        "inherited true",
        "setsid true",
        "leader true",
        "again Err(EPERM)",
        "exited 0",
        "group true",
        "killed 15",
    ];
    assert_told("sessions", &told);
}

#[test]
fn a_child_that_has_called_exec_stays_in_its_group() {
    assert_told("too late", &["setpgid Err(EACCES)", "exited 0"]);
}

#[test]
fn a_pipe_carries_what_a_child_prints() {
    assert_told(
        "pipes",
        &["read through the pipe", "then Ok(0)", "exited 0"],
    );
}

#[test]
fn signal_returns_what_was_before() {
    let told = [
        "default true",
        "handler true",
        "handler true",
        "ignored true",
        "handled 2, depth 1",
    ];
    assert_told("former", &told);
}

#[test]
fn ignoring_outlives_exec_and_a_handler_does_not() {
    assert_told(
        "inherited",
        &["10 ignored true", "12 ignored false", "exited 0"],
    );
}

#[test]
fn a_handler_of_signal_lets_the_read_go_on() {
    let (told, process) = told_under("read:signal=USR1:when=1", "restarted read");
    assert_eq!(
        told,
        "read Ok(1)\nhandled 2, depth 1\n",
        "{}",
        process.text()
    );
    let reads = process.calls.iter().filter(|call| call.name == "read");
    let results: Vec<_> = reads
        .map(|call| call.result.split_whitespace().nth(1))
        .collect();
    assert_eq!(results, [Some("ERESTARTSYS"), None], "{}", process.text());
}

#[test]
fn a_handler_without_sa_restart_ends_the_read() {
    let (told, process) = told_under("read:signal=USR1:when=1", "interrupted read");
    assert_eq!(
        told,
        "read Err(EINTR)\nhandled 2, depth 1\n",
        "{}",
        process.text()
    );
}

/// What pause(2) is called by the kernel: newer processors have no call of their own for it.
const PAUSE: &str = if cfg!(target_arch = "x86_64") {
    "pause"
} else {
    "ppoll"
};

#[test]
fn a_handler_returns_by_rt_sigreturn() {
    let (_, process) = told_under(&format!("{PAUSE}:signal=USR1"), "pause");
    let returns = process
        .calls
        .iter()
        .filter(|call| call.name == "rt_sigreturn")
        .count();
    assert_eq!(returns, 2, "{}", process.text());
}

#[test]
fn sigsuspend_lets_a_blocked_signal_through_and_blocks_it_again() {
    let told = [
        "handled 0, depth 0",
        "suspended Some(EINTR)",
        "handled 1, depth 1",
        "handled 2, depth 1",
    ];
    assert_told("suspend", &told);
}

#[test]
fn alarm_tells_the_seconds_that_were_left() {
    assert_told("alarm", &["0 100 50"]);
}

#[test]
fn sleep_tells_the_seconds_left() {
    let (told, process) = told_under("clock_nanosleep:signal=USR1", "sleep");
    let left = told
        .strip_prefix("left ")
        .and_then(|told| told.split_once('\n'));
    let (seconds, rest) = left.unwrap_or_else(|| panic!("{told}"));
    // 99 and a fraction, of which the whole seconds are told; less on a machine that
    // stood still. The kernel may also add its timer's slack of 50 µs to the 100.
    let seconds: u32 = seconds.parse().unwrap();
    assert!((1..=100).contains(&seconds), "{told}{}", process.text());
    assert_eq!(rest, "handled 2, depth 1\n", "{}", process.text());
}

#[test]
fn sleep_to_the_end_returns_0_and_is_one_call() {
    let (told, process) = told_under("clock_nanosleep:retval=0", "sleep");
    assert_eq!(told, "left 0\nhandled 0, depth 0\n", "{}", process.text());
    let request = |call: &&support::tracer::Call| call.name == "clock_nanosleep";
    let calls: Vec<_> = process.calls.iter().filter(request).collect();
    let asked = "CLOCK_REALTIME, 0, {tv_sec=100, tv_nsec=0}, ";
    assert!(
        matches!(calls[..], [call] if call.args.starts_with(asked)),
        "{}",
        process.text()
    );
}

#[test]
fn pause_ends_when_a_handler_has_run() {
    let (told, process) = told_under(&format!("{PAUSE}:signal=USR1"), "pause");
    assert_eq!(
        told,
        "pause Some(EINTR)\nhandled 2, depth 1\n",
        "{}",
        process.text()
    );
}
