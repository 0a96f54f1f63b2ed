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

texts! {
    exited(status: i32): "status {status}", "종료 값 {status}";
    killed(signal: &str): "ended by {signal}", "{signal}(으)로 종료됨";
    waits: "never ends", "끝없이 기다림";
    unfinished: "not at its end", "아직 종료되지 않음";
    /// Who waits in which calls.
    waiting(who: &str): "waits for ever: {who}", "끝없이 블록됨: {who}";
    nothing_printed: "(nothing is printed)", "(아무것도 출력하지 않음)";
    /// The first call at which an outcome parts from an earlier one.
    parts(other: usize, step: usize, here: &str, there: &str):
        "parts from {other} at step {step}: {here}; there {there}",
        "{step}번째 단계에서 결과 {other}과(와) 갈라짐: {here}. {other}에서는 {there}";
    end_of_steps: "the end", "끝";
    more(count: usize): "… and {count} more (JSON=1 has them all)", "… 외 {count}가지(JSON=1은 모두 보인다)";
    bound_of_runs(runs: usize):
        "stopped after {runs} runs: there may be more outcomes",
        "{runs}번 실행하고 멈췄다. 다른 결과가 더 있을 수 있다";
    bound_of_steps(steps: usize):
        "it does not end by itself: each run was cut off after {steps} steps, so these are beginnings",
        "스스로 종료되지 않는다. 실행마다 {steps}단계에서 잘랐으므로 결과의 앞부분만 보인다";
    bound_of_time(seconds: u64):
        "stopped after {seconds} s: there may be more outcomes",
        "{seconds}초 뒤에 멈췄다. 다른 결과가 더 있을 수 있다";
    differs:
        "it did not do the same in the same order (it may ask for the time, or for random numbers): there may be more outcomes",
        "같은 순서에서 같은 일을 하지 않았다(시각이나 난수를 쓰는지 본다). 다른 결과가 더 있을 수 있다";
    is_possible: "yes", "가능하다";
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

texts! {
    /// At that step the process cannot go on.
    impossible(step: usize, number: usize):
        "STEPS: at step {step}, process {number} cannot go on: it waits, has ended, or is not there yet",
        "STEPS: {step}번째 단계에서 프로세스 {number}은(는) 진행할 수 없다. 블록되었거나, 종료되었거나, 아직 없다";
    bad_steps(text: &str):
        "STEPS={text}: numbers of processes with commas are wanted, as in 1,2,2,1",
        "STEPS={text}: 1,2,2,1처럼 프로세스 번호를 쉼표로 나눠 쓴다";
    /// What lies between the calls of a program that shares memory.
    about_memory:
        "it shares memory: what is done to that between two system calls happens at once here, so there may be more outcomes",
        "메모리를 공유한다. 두 시스템 콜 사이에 공유 메모리에 하는 일은 여기서 한꺼번에 일어나므로, 다른 결과가 더 있을 수 있다";
    no_such_lab(name: &str): "WITH={name}: there is no such lab", "WITH={name}: 그런 실습은 없다";
}
