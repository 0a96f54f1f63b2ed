//! Fault drills: what is going to fail, and what became of it.

use super::Language;

texts! {
    recording: "running the C program and the lab …", "C 프로그램과 실습을 실행하는 중 …";
    /// A call that is not made and returns an error.
    made_to_fail(call: &str): "made to fail: {call}", "일부러 실패시킨다: {call}";
    /// A call that is not made and returns as if it had been.
    left_out(call: &str): "not made, and its result made up: {call}", "실행하지 않고 리턴 값만 지어낸다: {call}";
    signal(signal: &str, process: &str, call: &str): "{signal} comes to process {process}, whose last call is {call}", "프로세스 {process}에 {signal} 시그널이 온다. 그 프로세스의 마지막 시스템 콜: {call}";
    /// The call that fails by itself.
    met_in(call: &str): "where it is met: {call}", "이 시스템 콜에서 드러난다: {call}";
    comes(signal: &str): "{signal} comes", "{signal} 시그널이 온다";
    printed: "printed:", "출력:";
    printed_nothing: "nothing was printed", "출력 없음";
    /// What stands on the terminal of a companion.
    shows(name: &str): "{name} shows:", "{name}의 터미널:";
    still_in(call: &str): "at the end of the run still in {call}", "실행이 끝날 때까지 {call}에 있음";
    still_there: "still there at the end of the run", "실행이 끝날 때까지 남아 있음";
    verdict(verdict: &str): "C and Rust: {verdict}", "C와 Rust: {verdict}";
    /// Differences that are not about this fault.
    declared_everywhere(names: &str): "declared, and about the program as a whole: {names}", "프로그램 전체에 대해 밝혀 둔 차이: {names}";
    every_call(command: &str): "every call: {command}", "시스템 콜을 모두 보려면: {command}";
    key_for_outcome: "What will happen? Any key: the answer   q: quit", "무슨 일이 일어날까? 아무 키: 답   q: 종료";
    key_for_next: "any key: the next one   q: quit", "아무 키: 다음   q: 종료";
    none(lab: &str, others: &str): "{lab} has no fault drill; these labs have: {others}", "{lab}에는 고장 연습이 없다. 있는 실습: {others}";
    no_such(lab: &str, name: &str, near: &str, all: &str): "{lab} has no fault {name}: is it {near}? There are: {all}", "{lab}에 {name} 고장은 없다. 혹시 {near}? 있는 것: {all}";
}

/// Which drill it is.
pub fn heading(language: Language, lab: &str, name: &str, number: usize, of: usize) -> String {
    match language {
        Language::En => format!("{lab}: fault {number} of {of}: {name}"),
        Language::Ko => format!("{lab}: 고장 {number}/{of}: {name}"),
    }
}

/// Lines that are not shown.
pub fn lines_more(language: Language, count: usize) -> String {
    match language {
        Language::En => format!("… {count} lines more"),
        Language::Ko => format!("… {count}줄 더"),
    }
}
