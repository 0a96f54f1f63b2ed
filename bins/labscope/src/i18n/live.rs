//! What the annotated trace says beside the calls.

use super::Language::{self, En, Ko};
use super::process::process;

texts! {
    born(pid: i32): "--- is born: pid {pid}", "--- 생성됨: pid {pid}";
}

/// A signal, and the number of the process that sent it.
pub fn arrives(language: Language, signal: &str, from: Option<usize>) -> String {
    match (language, from) {
        (En, None) => format!("--- {signal} arrives"),
        (Ko, None) => format!("--- {signal} 도착"),
        (En, Some(from)) => format!("--- {signal} arrives from process {from}"),
        (Ko, Some(from)) => format!("--- 프로세스 {from}에게서 {signal} 도착"),
    }
}

texts! {
    stopped(signal: &str): "--- stopped by {signal}", "--- {signal} 시그널로 중단됨";
    exited(status: i32): "+++ exited with {status}", "+++ 종료됨(종료 값 {status})";
    killed(signal: &str): "+++ killed by {signal}", "+++ {signal} 시그널로 종료됨";
    /// Behind an end: nobody has asked for its status yet.
    is_zombie: ": a zombie until its parent waits", ": 부모가 wait할 때까지 좀비";
}

/// Behind an end: the children that are left.
pub fn orphans(language: Language, numbers: &[usize]) -> String {
    let who = list(numbers);
    match (language, numbers.len()) {
        (En, 1) => format!(": process {who} is an orphan now"),
        (En, _) => format!(": processes {who} are orphans now"),
        (Ko, _) => format!(": 이제 고아 프로세스: {who}"),
    }
}

/// `2`, `2, 3`
fn list(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    numbers.join(", ")
}

texts! {
    strace_starts_it: "tracing: strace starts the program", "추적: strace가 프로그램을 시작";
    broken_off:
        "tracing: broken off by a signal that the program does not notice",
        "추적할 때만: 프로그램은 모르는 시그널로 인터럽트됨";
    goes_on: "tracing: goes on", "추적할 때만: 이어서 계속";
    held_back: "tracing: held back", "추적: 일부러 늦춤";
    still_inside: "still in this call", "아직 이 시스템 콜 안에 있음";
    killed_inside: "killed in this call: line not known", "이 시스템 콜 안에서 종료됨: 줄을 알 수 없음";
    /// A line that is told late: since when it has been so.
    since(time: f64): "[since {time:.3}]", "[{time:.3}부터]";
    start_up: "start-up, before main", "main 이전의 시작 코드";
    no_lab(program: &str): "{program}: not ours, no source", "{program}: 실습 프로그램이 아니어서 소스 없음";
    no_line: "line not known", "줄을 알 수 없음";
    around_thread: "around a thread", "스레드 앞뒤";
    return_from_main: "return from main", "main에서 리턴";
    /// Calls of start-up that are not listed one by one.
    folded_start_up(count: usize): "… {count} calls of start-up (libc)", "… 시작 코드(libc)의 시스템 콜 {count}개";
    /// Calls of another program that are not listed one by one.
    folded_program(count: usize, program: &str):
        "… {count} calls of {program} (not ours, no source; ALL=1 lists them)",
        "… {program}의 시스템 콜 {count}개(실습 프로그램이 아니어서 소스 없음. ALL=1이면 모두 보임)";
    /// How the lab ended, as `make run-<lab>` says it too.
    lab_exited(lab: &str, status: i32): "[{lab} ended with status {status}]", "[{lab}: 종료됨(종료 값 {status})]";
    lab_killed(lab: &str, signal: &str): "[{lab} was ended by {signal}]", "[{lab}: {signal} 시그널로 종료됨]";
}

/// The lab itself has ended, others of its processes have not.
pub fn lives_on(language: Language, living: &[(usize, i32)]) -> String {
    let who = who(language, living);
    match language {
        En => format!("[still alive, and traced: {who}. ^C here ends the tracing]"),
        Ko => format!("[아직 살아 있고 추적 중: {who}. 여기서 ^C를 누르면 추적을 마친다]"),
    }
}

/// The tracing has been ended, and who is left.
pub fn left_alone(language: Language, living: &[(usize, i32)]) -> String {
    let pids: Vec<String> = living.iter().map(|(_, pid)| pid.to_string()).collect();
    let (who, pids) = (who(language, living), pids.join(" "));
    match language {
        En => format!("[no longer traced, still alive: {who}. To end what is left: kill {pids}]"),
        Ko => format!("[추적을 마쳤지만 아직 살아 있음: {who}. 종료시키려면: kill {pids}]"),
    }
}

/// `process 2 (pid 123), process 3 (pid 124)`
fn who(language: Language, living: &[(usize, i32)]) -> String {
    let one = |&(number, pid): &(usize, i32)| format!("{} (pid {pid})", process(language, number));
    let all: Vec<String> = living.iter().map(one).collect();
    all.join(", ")
}

texts! {
    parent: "the parent", "부모";
    child: "the child", "자식";
    no_fork: "[order: there was no fork after which both went on]", "[순서: fork 뒤에 둘 다 계속한 경우가 없음]";
    ran_first(who: &str): "[order: after fork {who} ran first]", "[순서: fork 뒤의 첫 실행: {who}]";
    ran_first_all_the_same(fork: usize, who: &str):
        "[order: at fork {fork} {who} ran first all the same: run it again]",
        "[순서: 그래도 fork {fork} 뒤의 첫 실행: {who}. 다시 실행해 볼 것]";
    acted_at_once(fork: usize):
        "[order: after fork {fork} both acted at the same moment: run it again]",
        "[순서: fork {fork} 뒤에 둘이 동시에 실행됨. 다시 실행해 볼 것]";
    /// An outlet of the trace has failed.
    cannot_write: "labscope: the trace is no longer written", "labscope: 추적을 더 쓰지 못한다";
}

/// A call that libc makes on its own: what part of libc, and what for.
pub fn libc(part: &str, purpose: &str) -> String {
    format!("libc {part}: {purpose}")
}

texts! {
    loader: "loader", "로더";
    memory: "memory", "메모리";
    threads: "threads", "스레드";
    stacks: "stack", "스택";
    locks: "lock", "락";
    heap: "heap", "힙";
    limits: "start-up", "시작 코드";
}
