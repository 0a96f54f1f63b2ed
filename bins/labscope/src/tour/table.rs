//! The process table as `ps -ef` would print it, with a word on what is special.

use crate::i18n::Language;
use crate::proc::process::Process;

/// The lines of the table; those that deserve a second look are marked.
pub fn lines(table: &[Process], words: Language) -> Vec<(String, bool)> {
    let header = format!(
        "{:>3} {:>7} {:>7} {:>7} {:<7} {:<4} COMMAND",
        "", "PID", "PPID", "SID", "TTY", "STAT"
    );
    let mut lines = vec![(header, false)];
    for process in table {
        let Process {
            number,
            pid,
            ppid,
            session,
            terminal,
            command,
            ..
        } = process;
        let stat = stat(process);
        let row = format!(
            "{number:>3} {pid:>7} {ppid:>7} {session:>7} {terminal:<7} {stat:<4} {command}"
        );
        lines.push((row, process.is_zombie()));
        for note in notes(process, words) {
            lines.push((format!("{:>20}└ {note}", ""), true));
        }
    }
    lines.extend(legend(table, words).map(|line| (line, false)));
    lines
}

/// The column STAT: the state, `s` for a session leader, `+` for the foreground group.
fn stat(process: &Process) -> String {
    let leader = if process.session == process.pid {
        "s"
    } else {
        ""
    };
    let foreground = if process.foreground { "+" } else { "" };
    format!("{}{leader}{foreground}", process.state)
}

fn notes<'a>(process: &Process, words: Language) -> Vec<&'a str> {
    let mut notes = Vec::new();
    if process.is_zombie() {
        notes.push(words.pick(
            "zombie: it has ended, nobody has waited for it yet",
            "좀비: 끝났지만 부모가 아직 wait하지 않음",
        ));
    }
    if process.adopted {
        notes.push(words.pick(
            "orphan: its parent has ended, another one adopted it",
            "고아: 부모가 끝나 다른 프로세스가 입양함",
        ));
    }
    if process.state == 'T' {
        notes.push(words.pick(
            "stopped: it exists, but does not run",
            "정지: 존재하지만 실행되지 않음",
        ));
    }
    if process.terminal == "?" {
        notes.push(words.pick(
            "no controlling terminal: ^C does not reach it",
            "제어 터미널 없음: ^C가 닿지 않음",
        ));
    }
    if process.descriptors.is_empty() && !process.is_zombie() {
        notes.push(words.pick("no descriptor is open", "열린 파일 지정번호 없음"));
    }
    notes
}

/// Who the parents outside the table are.
fn legend(table: &[Process], words: Language) -> Option<String> {
    let shell = table
        .iter()
        .find(|process| process.number == 1 && !process.adopted);
    let reaper = table.iter().find(|process| process.adopted);
    let parts = [
        shell.map(|process| format!("{} {}", process.ppid, words.pick("is the shell", "= 셸"))),
        reaper.map(|process| {
            format!(
                "{} {}",
                process.ppid,
                words.pick(
                    "adopts orphans, as pid 1 does",
                    "= 고아를 입양하는 프로세스 (pid 1의 역할)"
                )
            )
        }),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("{:>4}{}", "", parts.join(", ")))
}
