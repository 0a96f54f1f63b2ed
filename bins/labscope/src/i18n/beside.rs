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
