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
        "{guide}: 그대로 둔다. 이 컴퓨터에 {missing}이(가) 없다";
    program: "program", "프로그램";
}

pub(super) fn both(en: &str, ko: &str) -> Text {
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
        both("makes the process by", "프로세스를 만드는 시스템 콜"),
        both("last command of `-c`", "`-c`의 마지막 명령"),
        both("last line of a script", "스크립트의 마지막 줄"),
        both("last of a pipeline", "파이프라인의 마지막"),
        both(
            "processes for two in a pipeline",
            "둘을 이은 파이프라인의 새 프로세스",
        ),
        both("the child, before exec", "자식이 exec 전에 하는 일"),
        both("waits by", "기다리는 시스템 콜"),
    ]
}

/// Whether a shell itself becomes the program.
pub fn is_own(is_own: bool) -> Text {
    match is_own {
        true => both("the shell itself", "셸 자신"),
        false => both("a child", "자식"),
    }
}

/// The columns of the table of those that start daemons.
pub fn daemon_columns() -> Vec<Text> {
    vec![
        both("forks", "fork 횟수"),
        both("session", "세션"),
        both("leads its group", "그룹 리더"),
        both("0, 1, 2", "0, 1, 2"),
        both("directory", "디렉터리"),
        both("umask", "umask"),
        both("ignores", "무시하는 시그널"),
        both(
            "told when the program is missing",
            "프로그램이 없을 때 알려 주는 것",
        ),
    ]
}

/// Whose session a program is in.
pub fn session(is_leader: bool, is_of_caller: bool) -> Text {
    match (is_leader, is_of_caller) {
        (true, _) => both("a new one, as its leader", "새 세션의 리더"),
        (_, true) => both("the caller's", "호출한 쪽의 세션"),
        _ => both("a new one, not its leader", "새 세션, 리더는 아님"),
    }
}

/// Whether it is so.
pub fn yes(is_so: bool) -> Text {
    match is_so {
        true => both("yes", "예"),
        false => both("no", "아니요"),
    }
}

/// A descriptor of the caller's terminal.
pub fn the_terminal() -> Text {
    both("the terminal", "터미널")
}

/// A descriptor of either end of a pipe.
pub fn a_pipe() -> Text {
    both("a pipe", "파이프")
}

/// What 0, 1 and 2 are, and the numbers of others that are open.
pub fn standard_files(names: &[Text], others: &[String]) -> Text {
    let is_one = names.len() == 3 && names.iter().all(|name| *name == names[0]);
    let told = match (names.is_empty(), is_one) {
        (true, _) => both("closed", "닫힘"),
        (_, true) => both(
            &format!("{} each", names[0].en),
            &format!("모두 {}", names[0].ko),
        ),
        _ => {
            let list =
                |of: fn(&Text) -> &str| names.iter().map(of).collect::<Vec<&str>>().join(", ");
            both(&list(|name| &name.en), &list(|name| &name.ko))
        }
    };
    match others.is_empty() {
        true => told,
        false => both(
            &format!("{}; {} open too", told.en, others.join(", ")),
            &format!("{}. {}도 열림", told.ko, others.join(", ")),
        ),
    }
}

/// Where a program works.
pub fn folder(path: &str, is_of_caller: bool) -> Text {
    of_caller_or(path, is_of_caller)
}

/// Which permissions of its files it takes away.
pub fn umask(umask: &str, is_of_caller: bool) -> Text {
    of_caller_or(umask, is_of_caller)
}

fn of_caller_or(own: &str, is_of_caller: bool) -> Text {
    match is_of_caller {
        true => both("the caller's", "호출한 쪽의 것"),
        false => both(&format!("`{own}`"), &format!("`{own}`")),
    }
}

/// What the caller is told when there is no such program: how it ended, and what it printed.
pub fn told_of_missing(status: i32, printed: &str) -> Text {
    match printed.is_empty() {
        true => both(
            &format!("status {status}, no word"),
            &format!("종료 값 {status}, 메시지 없음"),
        ),
        false => both(
            &format!("status {status}, `{printed}`"),
            &format!("종료 값 {status}, `{printed}`"),
        ),
    }
}

/// The columns of the table of C libraries.
pub fn library_columns() -> Vec<Text> {
    vec![
        both("`hit a key` on a terminal", "터미널의 `hit a key`"),
        both("writes by", "쓰는 시스템 콜"),
        both(
            "asks of its descriptors, on a terminal",
            "지정번호에 묻는 시스템 콜, 터미널",
        ),
        both(
            "the first line goes into a pipe",
            "파이프에 첫 줄을 쓰는 때",
        ),
        both(
            "printed before fork, in a pipe",
            "fork 전에 출력한 줄, 파이프",
        ),
        both("in a file", "파일"),
        both(
            "printed before exec, in a pipe (`command`)",
            "exec 전에 출력한 줄, 파이프(`command`)",
        ),
        both(
            "printed before `close(1)`, in a pipe (`daemonOSNW`)",
            "`close(1)` 전에 출력한 줄, 파이프(`daemonOSNW`)",
        ),
        both(
            "a read asks for (terminal, file)",
            "read가 요청하는 바이트(터미널, 파일)",
        ),
        both(
            "unread input of a file, at exit",
            "종료할 때 파일의 읽지 않은 입력",
        ),
        both("calls of `exec_test`", "`exec_test`의 시스템 콜 수"),
    ]
}

/// Whether a prompt is there when the key is awaited.
pub fn shows(is_shown: bool) -> Text {
    match is_shown {
        true => both("shows before the key", "키를 누르기 전에 보임"),
        false => both("only after the key", "키를 누른 뒤에야 보임"),
    }
}

/// When a line leaves the buffer.
pub fn at_once(is_at_once: bool) -> Text {
    match is_at_once {
        true => both("at once", "바로"),
        false => both("at exit", "종료할 때"),
    }
}

/// How often a line comes.
pub fn times(count: usize) -> Text {
    match count {
        1 => both("once", "한 번"),
        2 => both("twice", "두 번"),
        _ => both(&format!("{count} times"), &format!("{count}번")),
    }
}

/// Whether a line comes at all.
pub fn comes_out(is_there: bool) -> Text {
    match is_there {
        true => both("comes out", "나옴"),
        false => both("is lost", "사라짐"),
    }
}

/// What a library does with input that it has read and the program has not.
pub fn given_back(is_given_back: bool) -> Text {
    match is_given_back {
        true => both("given back", "되돌려 놓음"),
        false => both("lost", "사라짐"),
    }
}

/// A run that had to be ended.
pub fn hangs(seconds: u64) -> Text {
    both(
        &format!("hung: ended after {seconds} s"),
        &format!("멈춰 있어 {seconds}초 뒤 종료시킴"),
    )
}

/// A run in which nothing could happen any more.
pub fn ends_before() -> Text {
    both(
        "ended before it had started the program",
        "프로그램을 시작하기 전에 종료됨",
    )
}

/// A cell of which nothing is known.
pub fn dash() -> Text {
    both("–", "–")
}
