//! Programs that people use, beside the labs.

use super::{Language, Text};

texts! {
    nobody(lab: &str):
        "nothing stands beside {lab}: its room has no beside.toml",
        "{lab} 곁에 놓을 프로그램이 없다. 실습 폴더에 beside.toml이 없다";
    not_installed(package: &str):
        "not on this machine: apt-get install {package}",
        "이 컴퓨터에 없다: apt-get install {package}";
    not_all_installed(guide: &str, missing: &str):
        "{guide} is left as it is: {missing} not on this machine",
        "{guide}은 그대로 둔다. 이 컴퓨터에 {missing}이(가) 없다";
    program: "program", "프로그램";
    the_server: "the server", "서버";
}

fn both(en: &str, ko: &str) -> Text {
    Text {
        en: en.to_owned(),
        ko: ko.to_owned(),
    }
}

/// A child that does nothing of interest.
pub fn nothing() -> Text {
    both("nothing", "없음")
}

/// A parent that takes no status.
pub fn not_at_all() -> Text {
    both("not at all", "기다리지 않음")
}

/// It waits in one call, and takes the status in another.
pub fn waits_then_reaps(waits: &str, reaps: &str) -> Text {
    both(
        &format!("`{waits}`, then {reaps}"),
        &format!("`{waits}` 다음 {reaps}"),
    )
}

/// The columns of the table of shells.
pub fn shell_columns() -> Vec<Text> {
    vec![
        both("makes the process by", "프로세스를 만드는 콜"),
        both("last command of `-c`", "`-c`의 마지막 명령"),
        both("last line of a script", "스크립트의 마지막 줄"),
        both("last of a pipeline", "파이프라인의 마지막"),
        both(
            "processes for two in a pipeline",
            "둘을 이은 파이프라인의 새 프로세스",
        ),
        both("the child, before exec", "자식이 exec 전에 하는 일"),
        both("waits by", "기다리는 콜"),
    ]
}

/// Whether a shell itself becomes the program.
pub fn is_own(is_own: bool) -> Text {
    match is_own {
        true => both("the shell itself", "셸 자신"),
        false => both("a child", "자식"),
    }
}

/// The columns of the table of servers.
pub fn server_columns() -> Vec<Text> {
    vec![
        both("processes a connection", "연결 하나에 만드는 프로세스"),
        both("open in its program", "프로그램에 열려 있는 것"),
        both("backlog", "backlog"),
        both("SO_REUSEADDR", "SO_REUSEADDR"),
        both("who reaps", "자식을 거두는 쪽"),
        both(
            "300,000 bytes, then a half-close",
            "300,000바이트를 보내고 절반을 닫으면",
        ),
        both("`accept` finds no descriptor", "`accept`에 쓸 지정번호가 없으면"),
    ]
}

pub fn yes(is_so: bool) -> Text {
    match is_so {
        true => both("yes", "그렇다"),
        false => both("no", "아니다"),
    }
}

pub fn the_terminal() -> Text {
    both("terminal", "터미널")
}

pub fn a_pipe() -> Text {
    both("pipe", "파이프")
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
        false => ("the client is not served", "클라이언트는 응답을 받지 못한다"),
    };
    both(&format!("{}; {en}", does.en), &format!("{}; {ko}", does.ko))
}
