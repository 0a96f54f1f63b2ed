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

/// Why a lab with a network is not run under Landlock alone.
pub fn needs_own_network(language: Language, why: &str) -> String {
    match language {
        Language::En => format!(
            "this lab needs a network of its own, which a file that is handed in can have by namespaces alone, and \
             they cannot be had here ({why}). Landlock is not enough: it allows a TCP port at every address, so the \
             program would reach other machines and be reached by them, and it does not stop UDP. TRUST=1 runs it \
             with the network of this machine"
        ),
        Language::Ko => format!(
            "이 실습에는 따로 된 네트워크가 필요하다. 제출된 파일에 그것을 줄 방법은 네임스페이스뿐인데 여기서는 쓸 \
             수 없다({why}). Landlock으로는 부족하다. TCP 포트를 주소와 관계없이 허용하므로 프로그램이 다른 \
             컴퓨터와 서로 연결할 수 있고, UDP는 막지 못한다. TRUST=1은 이 컴퓨터의 네트워크로 실행한다"
        ),
    }
}

/// Why a lab with System V objects is not run under Landlock alone.
pub fn needs_own_ipc(language: Language, why: &str) -> String {
    match language {
        Language::En => format!(
            "this lab needs System V objects of its own, which a file that is handed in can have by namespaces alone, \
             and they cannot be had here ({why}). Landlock has no rule for them: the program could change and remove \
             those of others. TRUST=1 runs it with those of this machine"
        ),
        Language::Ko => format!(
            "이 실습에는 따로 된 System V 객체가 필요하다. 제출된 파일에 그것을 줄 방법은 네임스페이스뿐인데 \
             여기서는 쓸 수 없다({why}). Landlock에는 System V 객체에 대한 규칙이 없어, 프로그램이 다른 사람의 것을 \
             바꾸고 지울 수 있다. TRUST=1은 이 컴퓨터의 System V 객체로 실행한다"
        ),
    }
}
