//! Every outcome that a program can have, and the orders that lead there.

use super::Language;

/// `fork_test: 4 outcomes, in 24 orders`
pub fn found(language: Language, lab: &str, outcomes: usize, orders: usize, all: bool) -> String {
    match (language, all) {
        (Language::En, true) => format!(
            "{lab}: {}, in {}",
            counted(outcomes, "outcome"),
            counted(orders, "order")
        ),
        (Language::En, false) => format!(
            "{lab}: at least {}, in {} tried",
            counted(outcomes, "outcome"),
            counted(orders, "order")
        ),
        (Language::Ko, true) => format!("{lab}: 결과 {outcomes}가지, 순서 {orders}가지"),
        (Language::Ko, false) => {
            format!("{lab}: 결과 적어도 {outcomes}가지, 시도한 순서 {orders}가지")
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// The heading of an outcome; `end` says how process 1 ended.
pub fn outcome(language: Language, number: usize, end: &str, orders: usize) -> String {
    match language {
        Language::En => format!("{number}. {end}, {}", counted(orders, "order")),
        Language::Ko => format!("{number}. {end}, 순서 {orders}가지"),
    }
}

pub fn exited(language: Language, status: i32) -> String {
    match language {
        Language::En => format!("status {status}"),
        Language::Ko => format!("종료 상태 {status}"),
    }
}

pub fn killed(language: Language, signal: &str) -> String {
    match language {
        Language::En => format!("ended by {signal}"),
        Language::Ko => format!("{signal}(으)로 종료됨"),
    }
}

pub fn waits(language: Language) -> &'static str {
    language.pick("never ends", "끝없이 기다림")
}

pub fn unfinished(language: Language) -> &'static str {
    language.pick("not at its end", "아직 종료되지 않음")
}

/// Who waits in which calls.
pub fn waiting(language: Language, who: &str) -> String {
    match language {
        Language::En => format!("waits for ever: {who}"),
        Language::Ko => format!("끝없이 블록됨: {who}"),
    }
}

pub fn nothing_printed(language: Language) -> &'static str {
    language.pick("(nothing is printed)", "(아무것도 출력하지 않음)")
}

/// The first call at which an outcome parts from an earlier one.
pub fn parts(language: Language, other: usize, step: usize, here: &str, there: &str) -> String {
    match language {
        Language::En => format!("parts from {other} at step {step}: {here}; there {there}"),
        Language::Ko => {
            format!("{step}번째 단계에서 결과 {other}과(와) 갈라짐: {here}. {other}에서는 {there}")
        }
    }
}

pub fn end_of_steps(language: Language) -> &'static str {
    language.pick("the end", "끝")
}

pub fn more(language: Language, count: usize) -> String {
    match language {
        Language::En => format!("… and {count} more (JSON=1 has them all)"),
        Language::Ko => format!("… 외 {count}가지(JSON=1은 모두 보인다)"),
    }
}

pub fn bound_of_runs(language: Language, runs: usize) -> String {
    match language {
        Language::En => format!("stopped after {runs} runs: there may be more outcomes"),
        Language::Ko => format!("{runs}번 실행하고 멈췄다. 다른 결과가 더 있을 수 있다"),
    }
}

pub fn bound_of_steps(language: Language, steps: usize) -> String {
    match language {
        Language::En => format!(
            "it does not end by itself: each run was cut off after {steps} steps, so these are beginnings"
        ),
        Language::Ko => format!(
            "스스로 종료되지 않는다. 실행마다 {steps}단계에서 잘랐으므로 결과의 앞부분만 보인다"
        ),
    }
}

pub fn bound_of_time(language: Language, seconds: u64) -> String {
    match language {
        Language::En => format!("stopped after {seconds} s: there may be more outcomes"),
        Language::Ko => format!("{seconds}초 뒤에 멈췄다. 다른 결과가 더 있을 수 있다"),
    }
}

pub fn differs(language: Language) -> &'static str {
    language.pick(
        "it did not do the same in the same order (it may ask for the time, or for random numbers): there may be more outcomes",
        "같은 순서에서 같은 일을 하지 않았다(시각이나 난수를 쓰는지 본다). 다른 결과가 더 있을 수 있다",
    )
}

pub fn is_possible(language: Language) -> &'static str {
    language.pick("yes", "가능하다")
}

/// `no, in none of 24 orders`
pub fn is_impossible(language: Language, orders: usize, all: bool) -> String {
    match (language, all) {
        (Language::En, true) => format!("no, in none of {}", counted(orders, "order")),
        (Language::En, false) => format!(
            "not in the {} tried; there are more",
            counted(orders, "order")
        ),
        (Language::Ko, true) => format!("불가능하다. 순서 {orders}가지 모두에서 나오지 않는다"),
        (Language::Ko, false) => {
            format!("시도한 순서 {orders}가지에서는 나오지 않았다. 시도하지 않은 순서가 남았다")
        }
    }
}

/// At that step the process cannot go on.
pub fn impossible(language: Language, step: usize, number: usize) -> String {
    match language {
        Language::En => format!(
            "STEPS: at step {step}, process {number} cannot go on: it waits, has ended, or is not there yet"
        ),
        Language::Ko => format!(
            "STEPS: {step}번째 단계에서 프로세스 {number}은(는) 진행할 수 없다. 블록되었거나, 종료되었거나, 아직 없다"
        ),
    }
}

pub fn bad_steps(language: Language, text: &str) -> String {
    match language {
        Language::En => {
            format!("STEPS={text}: numbers of processes with commas are wanted, as in 1,2,2,1")
        }
        Language::Ko => format!("STEPS={text}: 1,2,2,1처럼 프로세스 번호를 쉼표로 나눠 쓴다"),
    }
}

/// What lies between the calls of a program that shares memory.
pub fn about_memory(language: Language) -> &'static str {
    language.pick(
        "it shares memory: what is done to that between two system calls happens at once here, so there may be more outcomes",
        "메모리를 공유한다. 두 시스템 콜 사이에 공유 메모리에 하는 일은 여기서 한꺼번에 일어나므로, 다른 결과가 더 있을 수 있다",
    )
}

texts! {
    no_such_lab(name: &str): "WITH={name}: there is no such lab", "WITH={name}: 그런 실습은 없다";
}
