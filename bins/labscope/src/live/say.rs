//! What the annotated trace says, in both languages.

use crate::facts::fork_order::Order;
use crate::i18n::Language;
use crate::live::events::{End, Mark, What};
use crate::source::Place;
use crate::source::libc_calls::Kind;

/// `2`, `2, 3`
fn list(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    numbers.join(", ")
}

/// Something that is not a call.
pub fn note(what: &What, words: Language) -> String {
    match (words, what) {
        (Language::En, What::Born { pid }) => format!("--- is born: pid {pid}"),
        (Language::Ko, What::Born { pid }) => format!("--- 태어남: pid {pid}"),
        (_, What::Signal { name, from: None }) => {
            format!("--- {name} {}", words.pick("arrives", "도착"))
        }
        (Language::En, What::Signal { name, from }) => format!(
            "--- {name} arrives from process {}",
            from.unwrap_or_default()
        ),
        (Language::Ko, What::Signal { name, from }) => format!(
            "--- 프로세스 {}에게서 {name} 도착",
            from.unwrap_or_default()
        ),
        (Language::En, What::Stopped { signal }) => format!("--- stopped by {signal}"),
        (Language::Ko, What::Stopped { signal }) => format!("--- {signal}로 정지"),
        (
            _,
            What::Ended {
                how,
                zombie,
                orphans,
            },
        ) => {
            let mut text = match (words, how) {
                (Language::En, End::Exited(status)) => format!("+++ exited with {status}"),
                (Language::Ko, End::Exited(status)) => format!("+++ 끝남(종료 값 {status})"),
                (Language::En, End::Killed(signal)) => format!("+++ killed by {signal}"),
                (Language::Ko, End::Killed(signal)) => format!("+++ {signal} 시그널로 죽음"),
            };
            if *zombie {
                text += words.pick(
                    ": a zombie until its parent waits",
                    ": 부모가 wait할 때까지 좀비",
                );
            }
            if !orphans.is_empty() {
                let who = list(orphans);
                text += &match (words, orphans.len()) {
                    (Language::En, 1) => format!(": process {who} is an orphan now"),
                    (Language::En, _) => format!(": processes {who} are orphans now"),
                    (Language::Ko, _) => format!(": 이제 고아 프로세스: {who}"),
                };
            }
            text
        }
    }
}

/// What the tracing has to do with a call.
pub fn mark(mark: Mark, words: Language) -> &'static str {
    match mark {
        Mark::Strace => words.pick(
            "tracing: strace starts the program",
            "추적: strace가 프로그램을 시작",
        ),
        Mark::BrokenOff => words.pick(
            "tracing: broken off by a signal that the program does not notice",
            "추적할 때만: 프로그램은 모르는 시그널로 끊김",
        ),
        Mark::GoesOn => words.pick("tracing: goes on", "추적할 때만: 이어서 계속"),
        Mark::HeldBack => words.pick("tracing: held back", "추적: 일부러 늦춤"),
        Mark::StillInside => words.pick("still in this call", "아직 이 호출 안에 있음"),
        Mark::KilledInside => words.pick(
            "killed in this call: line not known",
            "이 호출 안에서 죽음: 줄을 알 수 없음",
        ),
    }
}

/// A line that is told late: since when it has been so.
pub fn since(time: f64, words: Language) -> String {
    match words {
        Language::En => format!("[since {time:.3}]"),
        Language::Ko => format!("[{time:.3}부터]"),
    }
}

/// Why libc made a call.
pub fn libc(kind: Kind, words: Language) -> String {
    let name = match kind {
        Kind::Libraries => words.pick("loader", "로더"),
        Kind::Mapping => words.pick("memory", "메모리"),
        Kind::Threads => words.pick("threads", "스레드"),
        Kind::Heap => words.pick("heap", "힙"),
        Kind::Limits => words.pick("start-up", "시작 코드"),
        Kind::Perror => "perror",
    };
    format!("libc {name}: {}", kind.purpose(words))
}

/// Where a call comes from that has no line.
pub fn place(place: Place, program: Option<&str>, words: Language) -> String {
    match place {
        Place::StartUp => words
            .pick("start-up, before main", "main 이전의 시작 코드")
            .to_owned(),
        Place::Foreign => {
            let program = program.unwrap_or("?");
            match words {
                Language::En => format!("{program}: no lab"),
                Language::Ko => format!("{program}: 실습 아님"),
            }
        }
        _ => words.pick("line not known", "줄을 알 수 없음").to_owned(),
    }
}

pub fn return_from_main(words: Language) -> &'static str {
    words.pick("return from main", "main에서 복귀")
}

/// Calls that are not listed one by one.
pub fn folded(count: usize, foreign: Option<&str>, words: Language) -> String {
    match (words, foreign) {
        (Language::En, None) => format!("… {count} calls of start-up (libc)"),
        (Language::Ko, None) => format!("… 시작 코드(libc)의 호출 {count}개"),
        (Language::En, Some(program)) => format!("… {count} calls of {program}, which is no lab"),
        (Language::Ko, Some(program)) => format!("… 실습이 아닌 {program}의 호출 {count}개"),
    }
}

/// How the lab ended, as `make run-<lab>` says it too.
pub fn status(lab: &str, how: &End, words: Language) -> String {
    match (words, how) {
        (Language::En, End::Exited(status)) => format!("[{lab} ended with status {status}]"),
        (Language::Ko, End::Exited(status)) => format!("[{lab}: 끝남(종료 값 {status})]"),
        (Language::En, End::Killed(signal)) => format!("[{lab} was ended by {signal}]"),
        (Language::Ko, End::Killed(signal)) => format!("[{lab}: {signal} 시그널로 끝남]"),
    }
}

/// The lab itself has ended, others of its processes have not.
pub fn lives_on(living: &[(usize, i32)], words: Language) -> String {
    let who = who(living, words);
    match words {
        Language::En => format!("[still alive, and traced: {who}. ^C here ends the tracing]"),
        Language::Ko => {
            format!("[아직 살아 있고 추적 중: {who}. 여기서 ^C를 누르면 추적을 마친다]")
        }
    }
}

/// The tracing has been ended, and who is left.
pub fn left_alone(living: &[(usize, i32)], words: Language) -> String {
    let pids: Vec<String> = living.iter().map(|(_, pid)| pid.to_string()).collect();
    let (who, pids) = (who(living, words), pids.join(" "));
    match words {
        Language::En => {
            format!("[no longer traced, still alive: {who}. To end what is left: kill {pids}]")
        }
        Language::Ko => {
            format!("[추적을 마쳤지만 아직 살아 있음: {who}. 끝내려면: kill {pids}]")
        }
    }
}

/// `process 2 (pid 123), process 3 (pid 124)`
fn who(living: &[(usize, i32)], words: Language) -> String {
    let one = |&(number, pid): &(usize, i32)| {
        format!(
            "{} (pid {pid})",
            crate::i18n::process::process(words, number)
        )
    };
    let all: Vec<String> = living.iter().map(one).collect();
    all.join(", ")
}

/// Whether the order after fork was the one that was asked for.
pub fn order(asked: Order, shown: &[Option<Order>], words: Language) -> String {
    let name = |first| match first {
        Order::ParentFirst => words.pick("the parent", "부모"),
        _ => words.pick("the child", "자식"),
    };
    let other = shown.iter().position(|&first| first != Some(asked));
    let other = other.map(|place| (place + 1, shown[place]));
    match (words, other) {
        _ if shown.is_empty() => words
            .pick(
                "[order: there was no fork after which both went on]",
                "[순서: fork 뒤에 둘 다 계속한 경우가 없음]",
            )
            .to_owned(),
        (Language::En, None) => format!("[order: after fork {} ran first]", name(asked)),
        (Language::Ko, None) => format!("[순서: fork 뒤의 첫 실행: {}]", name(asked)),
        (Language::En, Some((fork, Some(first)))) => format!(
            "[order: at fork {fork} {} ran first all the same: run it again]",
            name(first)
        ),
        (Language::Ko, Some((fork, Some(first)))) => format!(
            "[순서: 그래도 fork {fork} 뒤의 첫 실행: {}. 다시 실행해 볼 것]",
            name(first)
        ),
        (Language::En, Some((fork, None))) => {
            format!("[order: after fork {fork} both acted at the same moment: run it again]")
        }
        (Language::Ko, Some((fork, None))) => {
            format!("[순서: fork {fork} 뒤에 둘이 동시에 실행됨. 다시 실행해 볼 것]")
        }
    }
}
