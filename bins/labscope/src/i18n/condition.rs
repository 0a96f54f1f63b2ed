//! What a scenario waits for.
//!
//! In English what is to happen, behind "waiting for"; in Korean the object of 기다리다, with its particle.

use std::time::Duration;

use super::Language::{self, En, Ko};

texts! {
    on_terminal(text: &str): "{text:?} on the terminal", "터미널에 {text:?} 출력을";
    in_standard_output(text: &str): "{text:?} in standard output", "표준 출력에 {text:?} 출력을";
    in_state(process: usize, state: char): "process {process} in state {state}", "프로세스 {process}의 상태 변경({state})을";
    has_name(process: usize, name: &str):
        "process {process} to be called {name}",
        "프로세스 {process}의 이름 변경({name})을";
    has_parent(process: usize, parent: usize):
        "process {process} to be a child of {parent}",
        "프로세스 {process}의 부모가 {parent}이기를";
    adopted(process: usize): "process {process} to be adopted by the reaper", "프로세스 {process}의 입양을";
    leads_session(process: usize): "process {process} to lead its own session", "프로세스 {process}의 새 세션을";
    without_terminal(process: usize):
        "process {process} to have no controlling terminal",
        "프로세스 {process}의 터미널 분리를";
}

pub fn processes(language: Language, count: usize) -> String {
    match language {
        En if count == 1 => "1 process to exist".to_owned(),
        En => format!("{count} processes to exist"),
        Ko => format!("프로세스가 {count}개 되기를"),
    }
}

texts! {
    ends(process: usize): "process {process} to end", "프로세스 {process}의 종료를";
    listens(port: u16): "a socket listening on TCP port {port}", "TCP 포트 {port}의 listen을";
    listens_at(name: &str): "a socket listening at {name}", "{name}에서의 listen을";
    has_open(name: &str): "{name} to be open", "파일 {name}의 open을";
    is_bound(port: u16): "a socket bound to UDP port {port}", "UDP 포트 {port}의 bind를";
}

pub fn machine_is_free(language: Language) -> String {
    match language {
        En => "another run to leave the machine".to_owned(),
        Ko => "다른 실행이 이 컴퓨터를 비워 주기를".to_owned(),
    }
}

pub fn enters(language: Language, process: usize, call: &str, count: usize) -> String {
    match language {
        En => format!("process {process} to enter {call}{}", english_times(count)),
        Ko => format!("프로세스 {process}의 {}{call} 호출을", korean_times(count)),
    }
}

pub fn returns(language: Language, process: usize, call: &str, count: usize) -> String {
    match language {
        En => format!(
            "{call} of process {process} to return{}",
            english_times(count)
        ),
        Ko => format!("프로세스 {process}의 {}{call} 리턴을", korean_times(count)),
    }
}

fn korean_times(count: usize) -> String {
    match count {
        1 => String::new(),
        _ => format!("{count}번째 "),
    }
}

fn english_times(count: usize) -> String {
    match count {
        1 => String::new(),
        _ => format!(" (time {count})"),
    }
}

pub fn open_pipe(language: Language) -> String {
    match language {
        En => "standard input to be an open pipe".to_owned(),
        Ko => "표준 입력 파이프가 열려 있기를".to_owned(),
    }
}

texts! {
    process_to_signal(process: usize):
        "there to be a process {process} to signal",
        "시그널을 받을 프로세스({process})를";
}

/// What is waited for in a companion, its processes being numbered from 1, too.
pub fn with(language: Language, companion: &str, condition: &str) -> String {
    match language {
        En => format!("{condition} (of {companion}, beside it)"),
        Ko => format!("(함께 실행한 {companion}) {condition}"),
    }
}

/// What a run is waiting for, and for how long already.
pub fn waiting(language: Language, condition: &str, since: Duration) -> String {
    let seconds = since.as_secs();
    match language {
        En => format!("waiting for {condition} ({seconds} s)"),
        Ko => format!("{condition} 기다리는 중 ({seconds}초)"),
    }
}

/// A step that was waited for and never came.
pub fn in_vain(language: Language, step: usize, condition: &str, all_ended: bool) -> String {
    match (language, all_ended) {
        (En, false) => format!("step {step}: waited in vain for {condition}"),
        (En, true) => {
            format!("step {step}: waited in vain for {condition}: every process has ended")
        }
        (Ko, false) => format!("{step}단계: {condition} 기다렸으나 일어나지 않았다"),
        (Ko, true) => {
            format!(
                "{step}단계: {condition} 기다렸으나 일어나지 않았다. 모든 프로세스가 종료되었다"
            )
        }
    }
}
