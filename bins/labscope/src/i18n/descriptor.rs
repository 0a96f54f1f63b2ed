//! What a descriptor refers to. Addresses come as the caller writes them, and may be empty.

use super::{Language, Text};

texts! {
    none_is_open: "no descriptor is open", "열린 파일 지정번호 없음";
}

pub fn terminal(language: Language, name: &str) -> String {
    join([language.pick("terminal", "터미널"), name])
}

texts! {
    pipe: "pipe", "파이프";
    pipe_as_input: "pipe (input)", "파이프 (입력)";
    pipe_as_output: "pipe (output)", "파이프 (출력)";
}

/// A pipe, and which end of it.
pub fn end_of_pipe(language: Language, reads: bool, writes: bool) -> String {
    format!("{} ({})", pipe(language), end(language, reads, writes))
}

/// A pipe with a name, and which end of it.
pub fn fifo(language: Language, name: &str, reads: bool, writes: bool) -> String {
    format!("FIFO {name} ({})", end(language, reads, writes))
}

fn end(language: Language, reads: bool, writes: bool) -> &'static str {
    match (reads, writes) {
        (true, true) => language.pick("both ends", "양쪽 끝"),
        (false, true) => language.pick("writing end", "쓰는 끝"),
        _ => language.pick("reading end", "읽는 끝"),
    }
}

/// An epoll instance, and the descriptors on its list.
pub fn epoll(watched: &[i32]) -> String {
    let numbers: Vec<String> = watched.iter().map(i32::to_string).collect();
    format!("epoll {{{}}}", numbers.join(", "))
}

pub fn file(language: Language, path: &str) -> String {
    join([language.pick("file", "파일"), path])
}

pub fn listening_socket(language: Language, local: &str) -> String {
    join([language.pick("listening socket", "듣기 소켓"), local])
}

pub fn connection(language: Language, local: &str, peer: &str, whole: bool) -> String {
    let half = half(language, whole);
    format!(
        "{} {local} ↔ {peer}{half}",
        language.pick("connection", "연결 소켓")
    )
}

fn half(language: Language, whole: bool) -> &'static str {
    match whole {
        true => "",
        false => language.pick(" (one side has closed)", " (한쪽이 닫음)"),
    }
}

pub fn udp_socket(language: Language, local: &str, peer: Option<&str>) -> String {
    let peer = peer.map_or_else(String::new, |peer| format!("→ {peer}"));
    let socket = join([language.pick("UDP socket", "UDP 소켓"), local]);
    join([&socket, &peer])
}

pub fn unix_listening_socket(language: Language, name: &str) -> String {
    join([
        language.pick("listening Unix socket", "유닉스 듣기 소켓"),
        name,
    ])
}

/// A connection of Unix sockets, and the name by which it was made.
pub fn unix_connection(language: Language, name: &str, whole: bool) -> String {
    let half = half(language, whole);
    let connection = language.pick("Unix connection", "유닉스 연결 소켓");
    join([connection, name]) + half
}

texts! {
    unix_socket: "Unix socket", "유닉스 소켓";
    unbound_socket: "socket without an address", "주소 없는 소켓";
    socket: "socket", "소켓";
    /// In the place of a descriptor's number.
    memory: "mem", "메모리";
}

/// A segment of shared memory, and the number in it if that is known.
pub fn segment(language: Language, key: i32, value: Option<i32>) -> String {
    let value = value.map_or_else(String::new, |value| {
        format!(", {} {value}", language.pick("value", "값"))
    });
    let (segment, named) = (
        language.pick("shared segment", "공유 세그먼트"),
        language.pick("key", "키"),
    );
    match key {
        0 => format!("{segment}{value}"),
        _ => format!("{segment}, {named} {key}{value}"),
    }
}

fn join([name, more]: [&str; 2]) -> String {
    format!("{name} {more}").trim_end().to_owned()
}

/// What a process has opened in a run.
pub enum Opened<'a> {
    Socket {
        is_used: bool,
    },
    Connection,
    ReadingEnd,
    WritingEnd,
    Epoll,
    File(&'a str),
    /// What a call has made that nothing more is known of.
    By(&'a str),
    Copy(&'a Text),
}

/// The first, the second … of its kind that a process has opened.
pub fn opened(what: &Opened<'_>, count: usize, process: &str) -> Text {
    let (en, ko, end) = match what {
        Opened::Socket { is_used: true } => ("socket", "소켓", ""),
        Opened::Socket { is_used: false } => ("unused socket", "쓰지 않은 소켓", ""),
        Opened::Connection => ("connection", "연결 소켓", ""),
        Opened::ReadingEnd => ("reading end of pipe", "파이프", "의 읽는 끝"),
        Opened::WritingEnd => ("writing end of pipe", "파이프", "의 쓰는 끝"),
        Opened::Epoll => ("epoll", "epoll", ""),
        Opened::File(path) => (*path, *path, ""),
        Opened::By(call) => (*call, *call, ""),
        Opened::Copy(of) => {
            return Text {
                en: format!("copy of {}: {count} of {process}", of.en),
                ko: format!("프로세스 {process}의 복사본 {count}, 원본은 {}", of.ko),
            };
        }
    };
    Text {
        en: format!("{en} {count} of {process}"),
        ko: format!("프로세스 {process}의 {ko} {count}{end}"),
    }
}

/// One that is closed.
pub fn closed(what: &Text) -> Text {
    Text {
        en: format!("closed {}", what.en),
        ko: format!("{}, 닫힘", what.ko),
    }
}
