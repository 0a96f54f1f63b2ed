//! Why a run was stopped from outside: a limit it met, or the end of its shell.

use super::Language;

texts! {
    processes: "the cap on processes", "프로세스 수";
    calls: "the cap on system calls", "시스템 콜 수";
    output: "the cap on output", "출력 크기";
    processor: "the cap on processor time", "프로세서 시간";
    memory: "the cap on memory", "메모리";
    file_size: "the cap on the size of a file", "파일 크기";
}

/// The program was stopped by that limit.
pub fn stopped(language: Language, cap: &str) -> String {
    format!("{} {cap}", language.pick("stopped by", "한도에 닿음:"))
}

texts! {
    no_time:
        "the machine had no time for this run: run it again when it is less busy",
        "이 실행이 시간을 얻지 못했다. 컴퓨터가 덜 바쁠 때 다시 실행한다";
    shell_died: "the shell has died: was it killed from outside?", "셸이 종료되었다. 밖에서 kill했는가?";
}
