//! The process table as `ps -ef` would print it, with a word on what is special.

use crate::i18n::{Language, descriptor, process_table};
use crate::proc::process::Process;

/// The lines of the table; those that deserve a second look are marked.
pub fn lines(table: &[Process], language: Language) -> Vec<(String, bool)> {
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
        for note in notes(process, language) {
            lines.push((format!("{:>20}└ {note}", ""), true));
        }
    }
    lines.extend(legend(table, language).map(|line| (line, false)));
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

fn notes(process: &Process, language: Language) -> Vec<&'static str> {
    let is_zombie = process.is_zombie();
    let notes = [
        (is_zombie, process_table::zombie(language)),
        (process.adopted, process_table::orphan(language)),
        (process.state == 'T', process_table::stopped(language)),
        (
            process.terminal == "?",
            process_table::without_terminal(language),
        ),
        (
            process.descriptors.is_empty() && !is_zombie,
            descriptor::none_is_open(language),
        ),
    ];
    let notes = notes.into_iter().filter(|(applies, _)| *applies);
    notes.map(|(_, note)| note).collect()
}

/// Who the parents outside the table are.
fn legend(table: &[Process], language: Language) -> Option<String> {
    let shell = table
        .iter()
        .find(|process| process.number == 1 && !process.adopted);
    let reaper = table.iter().find(|process| process.adopted);
    let parts = [
        shell.map(|process| process_table::shell(language, process.ppid)),
        reaper.map(|process| process_table::adopter(language, process.ppid)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("{:>4}{}", "", parts.join(", ")))
}
