//! What is special about a process in the process table.

use std::fmt::Display;

use super::Language;

texts! {
    zombie: "zombie: it has ended, nobody has waited for it yet", "좀비: 종료되었지만 부모가 아직 wait하지 않음";
    orphan: "orphan: its parent has ended, another one adopted it", "고아: 부모가 종료되어 다른 프로세스가 입양함";
    stopped: "stopped: it exists, but does not run", "중단됨: 존재하지만 실행되지 않음";
    without_terminal: "no controlling terminal: ^C does not reach it", "제어 터미널 없음: ^C가 닿지 않음";
}

pub fn shell(language: Language, pid: impl Display) -> String {
    format!("{pid} {}", language.pick("is the shell", "= 셸"))
}

pub fn adopter(language: Language, pid: impl Display) -> String {
    let text = language.pick(
        "adopts orphans, as pid 1 does",
        "= 고아를 입양하는 프로세스 (pid 1의 역할)",
    );
    format!("{pid} {text}")
}

texts! {
    /// Behind the process: whose child it is.
    child_of(parent: usize): ", child of process {parent}", ", 프로세스 {parent}의 자식";
    /// Behind the process: the call in which it is.
    inside(call: &str): ", in {call}", ", {call} 호출 중";
    ignores_sigchld: "SIGCHLD is ignored: children leave no zombies", "SIGCHLD 무시: 자식이 좀비로 남지 않음";
    inherits_ignored_sigchld: "SIGCHLD is ignored: inherited from the parent", "SIGCHLD 무시: 부모에게서 물려받음";
}
