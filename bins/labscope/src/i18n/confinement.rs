//! A program that is not trusted, and what keeps it in its room.

use std::fmt::Display;

use super::Language;

/// Why nothing keeps a student's program in here.
pub fn cannot_be_had(language: Language, namespaces: &str, landlock: u32, needed: u32) -> String {
    let landlock = match landlock {
        0 => language.pick("not there", "없음").to_owned(),
        version => {
            let text = language.pick("version", "버전");
            format!("{text} {version} < {needed}")
        }
    };
    match language {
        Language::En => format!(
            "a file that is handed in is not trusted, and nothing can confine it here (user namespaces: {namespaces}; \
             Landlock: {landlock}). TRUST=1 runs it with all that you may do yourself"
        ),
        Language::Ko => format!(
            "제출된 파일은 믿지 않는데, 여기에는 가둘 방법이 없다(사용자 네임스페이스: {namespaces}, \
             Landlock: {landlock}). TRUST=1은 내 권한 그대로 실행한다"
        ),
    }
}

errors! {
    cannot_show(path: impl Display): "cannot show {path} to it", "보여 줄 수 없다: {path}";
    cannot_allow(path: impl Display): "cannot allow it {path}", "허용할 수 없다: {path}";
    cannot_refuse_signals:
        "cannot have the kernel refuse kill(-1), so programs that nobody knows are not run here",
        "커널이 kill(-1)을 거절하게 할 수 없어, 모르는 프로그램은 여기서 실행하지 않는다";
}

texts! {
    needs_own_network:
        "this lab needs a network or System V objects of its own, and namespaces cannot be had here; TRUST=1 runs it \
         with those of the machine",
        "이 실습에는 따로 된 네트워크나 System V 객체가 필요한데 여기서는 네임스페이스를 쓸 수 없다. TRUST=1은 \
         컴퓨터의 것으로 실행한다";
}
