//! Inits that people use, beside the labs.

use super::Text;
use super::beside::both;

/// The columns of the table of inits.
pub fn columns() -> Vec<Text> {
    vec![
        both(
            "its child ends, an orphan lives",
            "고아가 있을 때 자식이 종료되면",
        ),
        both(
            "status, child killed by SIGKILL",
            "자식이 SIGKILL로 종료될 때의 종료 값",
        ),
        both("SIGTERM to it", "SIGTERM을 받으면"),
        both("asks to be a subreaper", "subreaper 요청"),
        both("its child is in", "자식이 있는 곳"),
        both("wake-ups a second, idle", "유휴 상태에서 1초에 깨는 횟수"),
        both("zombies after 100 orphans", "고아 100개가 종료된 뒤의 좀비"),
    ]
}

/// What it does when its child has ended, with which status it then ends itself.
pub fn child_ends(kills: &str, status: Option<&Text>) -> Text {
    let Some(status) = status else {
        return both("waits for the orphan", "고아를 기다린다");
    };
    match kills.is_empty() {
        true => both(
            &format!(
                "ends with its status, {}: the kernel kills the orphan",
                status.en
            ),
            &format!(
                "바로 종료된다(종료 값 {}). 고아는 커널이 종료시킨다",
                status.ko
            ),
        ),
        false => both(
            &format!("{kills}, then ends with its status, {}", status.en),
            &format!("{kills} 다음 종료된다(종료 값 {})", status.ko),
        ),
    }
}

/// What comes of a SIGTERM that is sent to it: its status, if it ends.
pub fn on_sigterm(status: Option<&Text>) -> Text {
    match status {
        Some(status) => both(
            &format!("passes it on, ends with {}", status.en),
            &format!("자식에게 넘기고 종료된다(종료 값 {})", status.ko),
        ),
        None => both("nothing happens", "아무 일도 없다"),
    }
}

/// Whether it asks to adopt orphans: as process 1, and where it is not.
pub fn subreaper(as_first: bool, elsewhere: bool) -> Text {
    match (as_first, elsewhere) {
        (true, _) => both("yes", "예"),
        (false, true) => both("where it is not pid 1", "pid 1이 아닐 때"),
        (false, false) => both("no", "아니요"),
    }
}

/// A signal that kills nobody.
pub fn no_effect() -> Text {
    both("SIGKILL has no effect", "SIGKILL이 효과가 없다")
}

pub fn own_session() -> Text {
    both("a session of its own", "자기 세션")
}

pub fn own_group() -> Text {
    both("a group of its own", "자기 그룹")
}

pub fn same_group() -> Text {
    both("the init's group", "init의 그룹")
}

pub fn is_itself() -> Text {
    both("is pid 1 itself", "자신이 pid 1이다")
}

/// How often it wakes up in vain: the seconds of its timeout, if the call has one.
pub fn wakes(timeout: Option<i64>, call: &str) -> Text {
    let often = match timeout {
        None => "0".to_owned(),
        Some(1) => "1".to_owned(),
        Some(seconds) => format!("1/{seconds}"),
    };
    both(&format!("{often}: {call}"), &format!("{often}: {call}"))
}
