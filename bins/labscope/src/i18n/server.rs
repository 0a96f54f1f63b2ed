//! Servers that people use, beside the labs.

use super::beside::both;
use super::{Language, Text};

texts! {
    who: "the server", "서버";
}

/// The columns of the table of servers.
pub fn columns() -> Vec<Text> {
    vec![
        both("processes a connection", "연결 하나에 생성되는 프로세스"),
        both("open in its program", "프로그램에 열려 있는 것"),
        both("backlog", "backlog"),
        both("SO_REUSEADDR", "SO_REUSEADDR"),
        both("who reaps", "자식을 거두는 쪽"),
        both(
            "57,344 bytes, then a half-close",
            "57,344바이트를 보내고 쓰기 쪽을 닫으면",
        ),
        both(
            "`accept` finds no descriptor",
            "`accept`에 쓸 지정번호가 없을 때",
        ),
    ]
}

pub fn the_connection() -> Text {
    both("connection", "연결 소켓")
}

pub fn the_listening_socket() -> Text {
    both("listening socket", "듣기 소켓")
}

pub fn a_socket_pair() -> Text {
    both("socketpair", "socketpair")
}

/// What is open in a program, with its numbers.
pub fn open_in_program(groups: &[(Text, Vec<i32>)]) -> Text {
    let told = |language: Language| {
        let groups = groups.iter().map(|(name, numbers)| {
            let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
            format!("{}: {}", numbers.join(", "), name.get(language))
        });
        groups.collect::<Vec<String>>().join("; ")
    };
    both(&told(Language::En), &told(Language::Ko))
}

/// No zombie is left, since the parent ignores SIGCHLD.
pub fn the_kernel() -> Text {
    both("the kernel: SIGCHLD is ignored", "커널(SIGCHLD를 무시한다)")
}

pub fn nobody_reaps() -> Text {
    both("nobody: a zombie stays", "없음(좀비가 남는다)")
}

pub fn in_handler(call: &str) -> Text {
    both(
        &format!("{call} in the handler of SIGCHLD"),
        &format!("SIGCHLD 핸들러의 {call}"),
    )
}

/// What comes back after a half-close.
pub fn bytes_back(all: bool) -> Text {
    match all {
        true => both("all come back", "모두 돌아온다"),
        false => both("the end is lost", "끝부분을 잃는다"),
    }
}

/// It goes on by these calls.
pub fn tries_again(calls: &str) -> Text {
    both(
        &format!("tries again at once: {calls}"),
        &format!("바로 다시 시도한다({calls})"),
    )
}

pub fn listens_no_more() -> Text {
    both("closes the listening socket", "듣기 소켓을 닫는다")
}

/// What a server does for which no descriptor is left, and what becomes of the client.
pub fn without_descriptor(does: &Text, is_served: bool) -> Text {
    let (en, ko) = match is_served {
        true => ("the client is served", "클라이언트는 응답을 받는다"),
        false => (
            "the client is not served",
            "클라이언트는 응답을 받지 못한다",
        ),
    };
    both(&format!("{}; {en}", does.en), &format!("{}; {ko}", does.ko))
}
