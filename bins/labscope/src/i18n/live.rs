//! What the annotated trace says beside the calls.

use super::Language::{self, En, Ko};
use super::process::process;

pub fn born(language: Language, pid: i32) -> String {
    match language {
        En => format!("--- is born: pid {pid}"),
        Ko => format!("--- 생성됨: pid {pid}"),
    }
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

pub fn stopped(language: Language, signal: &str) -> String {
    match language {
        En => format!("--- stopped by {signal}"),
        Ko => format!("--- {signal}로 정지"),
    }
}

pub fn exited(language: Language, status: i32) -> String {
    match language {
        En => format!("+++ exited with {status}"),
        Ko => format!("+++ 종료됨(종료 값 {status})"),
    }
}

pub fn killed(language: Language, signal: &str) -> String {
    match language {
        En => format!("+++ killed by {signal}"),
        Ko => format!("+++ {signal} 시그널로 종료됨"),
    }
}

/// Behind an end: nobody has asked for its status yet.
pub fn is_zombie(language: Language) -> &'static str {
    language.pick(
        ": a zombie until its parent waits",
        ": 부모가 wait할 때까지 좀비",
    )
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

pub fn strace_starts_it(language: Language) -> &'static str {
    language.pick(
        "tracing: strace starts the program",
        "추적: strace가 프로그램을 시작",
    )
}

pub fn broken_off(language: Language) -> &'static str {
    language.pick(
        "tracing: broken off by a signal that the program does not notice",
        "추적할 때만: 프로그램은 모르는 시그널로 끊김",
    )
}

pub fn goes_on(language: Language) -> &'static str {
    language.pick("tracing: goes on", "추적할 때만: 이어서 계속")
}

pub fn held_back(language: Language) -> &'static str {
    language.pick("tracing: held back", "추적: 일부러 늦춤")
}

pub fn still_inside(language: Language) -> &'static str {
    language.pick("still in this call", "아직 이 호출 안에 있음")
}

pub fn killed_inside(language: Language) -> &'static str {
    language.pick(
        "killed in this call: line not known",
        "이 호출 안에서 종료됨: 줄을 알 수 없음",
    )
}

/// A line that is told late: since when it has been so.
pub fn since(language: Language, time: f64) -> String {
    match language {
        En => format!("[since {time:.3}]"),
        Ko => format!("[{time:.3}부터]"),
    }
}

pub fn start_up(language: Language) -> &'static str {
    language.pick("start-up, before main", "main 이전의 시작 코드")
}

pub fn no_lab(language: Language, program: &str) -> String {
    match language {
        En => format!("{program}: no lab"),
        Ko => format!("{program}: 실습 아님"),
    }
}

pub fn no_line(language: Language) -> &'static str {
    language.pick("line not known", "줄을 알 수 없음")
}

pub fn return_from_main(language: Language) -> &'static str {
    language.pick("return from main", "main에서 복귀")
}

/// Calls of start-up that are not listed one by one.
pub fn folded_start_up(language: Language, count: usize) -> String {
    match language {
        En => format!("… {count} calls of start-up (libc)"),
        Ko => format!("… 시작 코드(libc)의 시스템 콜 {count}개"),
    }
}

/// Calls of another program that are not listed one by one.
pub fn folded_program(language: Language, count: usize, program: &str) -> String {
    match language {
        En => format!("… {count} calls of {program}, which is no lab"),
        Ko => format!("… 실습이 아닌 {program}의 시스템 콜 {count}개"),
    }
}

/// How the lab ended, as `make run-<lab>` says it too.
pub fn lab_exited(language: Language, lab: &str, status: i32) -> String {
    match language {
        En => format!("[{lab} ended with status {status}]"),
        Ko => format!("[{lab}: 종료됨(종료 값 {status})]"),
    }
}

pub fn lab_killed(language: Language, lab: &str, signal: &str) -> String {
    match language {
        En => format!("[{lab} was ended by {signal}]"),
        Ko => format!("[{lab}: {signal} 시그널로 종료됨]"),
    }
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
        Ko => format!("[추적을 마쳤지만 아직 살아 있음: {who}. 끝내려면: kill {pids}]"),
    }
}

/// `process 2 (pid 123), process 3 (pid 124)`
fn who(language: Language, living: &[(usize, i32)]) -> String {
    let one = |&(number, pid): &(usize, i32)| format!("{} (pid {pid})", process(language, number));
    let all: Vec<String> = living.iter().map(one).collect();
    all.join(", ")
}

pub fn parent(language: Language) -> &'static str {
    language.pick("the parent", "부모")
}

pub fn child(language: Language) -> &'static str {
    language.pick("the child", "자식")
}

pub fn no_fork(language: Language) -> &'static str {
    language.pick(
        "[order: there was no fork after which both went on]",
        "[순서: fork 뒤에 둘 다 계속한 경우가 없음]",
    )
}

pub fn ran_first(language: Language, who: &str) -> String {
    match language {
        En => format!("[order: after fork {who} ran first]"),
        Ko => format!("[순서: fork 뒤의 첫 실행: {who}]"),
    }
}

pub fn ran_first_all_the_same(language: Language, fork: usize, who: &str) -> String {
    match language {
        En => format!("[order: at fork {fork} {who} ran first all the same: run it again]"),
        Ko => format!("[순서: 그래도 fork {fork} 뒤의 첫 실행: {who}. 다시 실행해 볼 것]"),
    }
}

pub fn acted_at_once(language: Language, fork: usize) -> String {
    match language {
        En => format!("[order: after fork {fork} both acted at the same moment: run it again]"),
        Ko => format!("[순서: fork {fork} 뒤에 둘이 동시에 실행됨. 다시 실행해 볼 것]"),
    }
}

/// An outlet of the trace has failed.
pub fn cannot_write(language: Language) -> &'static str {
    language.pick(
        "labscope: the trace is no longer written",
        "labscope: 추적을 더 쓰지 못한다",
    )
}

/// A call that libc makes on its own: what part of libc, and what for.
pub fn libc(part: &str, purpose: &str) -> String {
    format!("libc {part}: {purpose}")
}

pub fn loader(language: Language) -> &'static str {
    language.pick("loader", "로더")
}

pub fn memory(language: Language) -> &'static str {
    language.pick("memory", "메모리")
}

pub fn threads(language: Language) -> &'static str {
    language.pick("threads", "스레드")
}

pub fn heap(language: Language) -> &'static str {
    language.pick("heap", "힙")
}

pub fn limits(language: Language) -> &'static str {
    language.pick("start-up", "시작 코드")
}
