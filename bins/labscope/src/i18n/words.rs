//! The tour's words in both languages.

use std::time::Duration;

use crate::i18n::{Language, Text};
use crate::run::transcript::Status;
use crate::scenario::Wiring;
use crate::scenario::condition::Event;

/// One language's words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words(pub Language);

impl Words {
    /// One of two texts.
    pub fn pick<'a>(&self, en: &'a str, ko: &'a str) -> &'a str {
        match self.0 {
            Language::En => en,
            Language::Ko => ko,
        }
    }

    /// The text of a scenario.
    pub fn text<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.0)
    }

    /// What standard input and output are, where they are not the terminal.
    pub fn wiring(&self, stdin: &Wiring, stdout: &Wiring) -> String {
        let name = |wiring: &Wiring| match wiring {
            Wiring::Terminal => None,
            Wiring::Pipe => Some(self.pick("a pipe", "파이프").to_owned()),
            Wiring::File => Some(self.pick("a file", "파일").to_owned()),
            Wiring::Closed => Some(self.pick("closed", "닫혀 있음").to_owned()),
            Wiring::Path(path) => Some(path.clone()),
        };
        let part = |label: &str, wiring| name(wiring).map(|name| format!("{label}: {name}"));
        let stdin = part(self.pick("standard input", "표준 입력"), stdin);
        let stdout = part(self.pick("standard output", "표준 출력"), stdout);
        let parts: Vec<String> = [stdin, stdout].into_iter().flatten().collect();
        if parts.is_empty() {
            String::new()
        } else {
            format!("({})", parts.join(", "))
        }
    }

    /// What standard input holds, quoted on one line.
    pub fn input(&self, input: &str) -> String {
        let mut quoted = format!("{input:?}");
        if quoted.chars().count() > 48 {
            let start: String = quoted.chars().take(44).collect();
            quoted = format!("{start}…\" ({} bytes)", input.len());
        }
        let label = self.pick("standard input holds", "표준 입력의 내용");
        format!("{label} {quoted}")
    }

    /// How a process ended.
    pub fn ended(&self, who: &str, status: Status) -> String {
        match (self.0, status) {
            (Language::En, Status::Exited(value)) => format!("{who} exited with status {value}"),
            (Language::Ko, Status::Exited(value)) => format!("{who}: 끝남(종료 값 {value})"),
            (Language::En, killed) => format!("{who} was {killed}"),
            (Language::Ko, Status::Killed(_)) => {
                let words = status.to_string();
                let signal = words.trim_start_matches("killed by ");
                format!("{who}: {signal} 시그널로 죽음")
            }
        }
    }

    /// `process 2`
    pub fn process(&self, number: usize) -> String {
        format!("{} {number}", self.pick("process", "프로세스"))
    }

    /// What the run is waiting for, and for how long already.
    pub fn waiting(&self, event: &Event, since: Duration) -> String {
        let seconds = since.as_secs();
        match self.0 {
            Language::En => format!("waiting for {event} ({seconds} s)"),
            Language::Ko => format!("{} 기다리는 중 ({seconds}초)", korean(event)),
        }
    }
}

/// An event as the object of a Korean sentence.
pub(crate) fn korean(event: &Event) -> String {
    match event {
        Event::Terminal(text) => format!("터미널에 {text:?} 출력을"),
        Event::Stream(text) => format!("표준 출력에 {text:?} 출력을"),
        Event::State { state, process } => format!("프로세스 {process}의 상태 {state}를"),
        Event::Name { name, process } => {
            format!("프로세스 {process}의 이름 변경({name})을")
        }
        Event::Parent { parent, process } => format!("프로세스 {process}의 부모가 {parent}이기를"),
        Event::Adopted { process } => format!("프로세스 {process}의 입양을"),
        Event::OwnSession { process } => format!("프로세스 {process}의 새 세션을"),
        Event::NoTerminal { process } => format!("프로세스 {process}의 터미널 분리를"),
        Event::Processes(count) => format!("프로세스가 {count}개 되기를"),
        Event::Exit { process } => format!("프로세스 {process}의 종료를"),
        Event::Listening(port) => format!("TCP 포트 {port}의 listen을"),
        Event::Network => "다른 실행이 네트워크를 비워 주기를".to_owned(),
        Event::Bound(port) => format!("UDP 포트 {port}의 bind를"),
        Event::Entered { call, process, .. } => format!("프로세스 {process}의 {call} 호출을"),
        Event::Finished { call, process, .. } => format!("프로세스 {process}의 {call} 복귀를"),
    }
}
