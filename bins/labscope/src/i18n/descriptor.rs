//! What file descriptors refer to.

use std::fmt::Display;

use super::Language;

pub fn none_is_open(language: Language) -> &'static str {
    language.pick(
        "no descriptor is open",
        "열린 파일 지정번호(파일 디스크립터) 없음",
    )
}

pub fn terminal(language: Language, name: &str) -> String {
    format!("{} {name}", language.pick("terminal", "터미널"))
}

pub fn pipe(language: Language) -> &'static str {
    language.pick("pipe", "파이프")
}

pub fn file(language: Language, path: &str) -> String {
    format!("{} {path}", language.pick("file", "파일"))
}

pub fn listening_socket(language: Language, local: impl Display) -> String {
    let socket = language.pick("listening socket", "listen 소켓");
    format!("{socket} {local}")
}

/// A connection between two addresses; not `whole` once one side has closed.
pub fn connection(
    language: Language,
    local: impl Display,
    peer: impl Display,
    whole: bool,
) -> String {
    let socket = language.pick("connection", "연결 소켓");
    let half = match whole {
        true => "",
        false => language.pick(" (one side has closed)", " (한쪽이 닫음)"),
    };
    format!("{socket} {local} ↔ {peer}{half}")
}

pub fn udp_socket(language: Language, local: impl Display, peer: Option<impl Display>) -> String {
    let socket = language.pick("UDP socket", "UDP 소켓");
    let peer = peer.map_or(String::new(), |peer| format!(" → {peer}"));
    format!("{socket} {local}{peer}")
}

pub fn unix_socket(language: Language, name: &str) -> String {
    format!("{} {name}", language.pick("Unix socket", "유닉스 소켓"))
}

pub fn unbound_socket(language: Language) -> &'static str {
    language.pick("socket without an address", "주소 없는 소켓")
}
