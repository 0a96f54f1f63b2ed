//! What /proc tells of a process, proc(5): the columns of `ps -ef`, and the open descriptors.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

/// One process at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number in the run, by order of appearance; 1 is the lab itself.
    pub number: usize,
    pub pid: i32,
    pub ppid: i32,
    pub pgid: i32,
    pub session: i32,
    /// The controlling terminal as ps names it: `pts/3`, or `?` for none.
    pub terminal: String,
    /// Its group is the foreground group of its terminal.
    pub foreground: bool,
    /// R running, S sleeping, D uninterruptible, T stopped, t stopped by a tracer, Z zombie.
    pub state: char,
    /// The name of the program (comm).
    pub name: String,
    /// The command line as ps shows it: `[name] <defunct>` for a zombie.
    pub command: String,
    /// Open descriptors and what they refer to; empty for a zombie.
    pub descriptors: Vec<(i32, String)>,
    /// SigIgn: bit n-1 stands for signal n.
    pub ignored_signals: u64,
    /// The process that traces it, or 0.
    pub tracer: i32,
    /// True when its parent is the reaper, in pid 1's stead: an orphan.
    pub adopted: bool,
}

impl Process {
    /// Reads everything about `pid`; none if there is no such process (any more).
    pub fn read(pid: i32) -> Option<Process> {
        let stat = Stat::read(pid)?;
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let field = |key: &str| {
            status
                .lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))
                .map(str::trim)
        };
        Some(Process {
            number: 0,
            pid,
            ppid: stat.ppid,
            pgid: stat.pgid,
            session: stat.session,
            terminal: terminal_name(stat.terminal),
            foreground: stat.foreground == stat.pgid,
            state: stat.state,
            command: command_line(pid, &stat),
            name: stat.name,
            descriptors: descriptors(pid),
            ignored_signals: field("SigIgn")
                .and_then(|mask| u64::from_str_radix(mask, 16).ok())
                .unwrap_or(0),
            tracer: field("TracerPid")
                .and_then(|pid| pid.parse().ok())
                .unwrap_or(0),
            adopted: false,
        })
    }

    /// True for a process that has ended and is only waiting to be waited for.
    pub fn is_zombie(&self) -> bool {
        matches!(self.state, 'Z' | 'X')
    }
}

/// The part of /proc/PID/stat that a run needs all the time.
#[derive(Clone, Debug)]
pub struct Stat {
    pub name: String,
    pub state: char,
    pub ppid: i32,
    pub pgid: i32,
    pub session: i32,
    /// Major and minor number of the controlling terminal, 0 for none.
    pub terminal: u32,
    /// The foreground process group of that terminal, -1 for none.
    pub foreground: i32,
    /// When it started, in clock ticks since boot.
    pub started: u64,
}

impl Stat {
    /// Reads /proc/PID/stat.
    pub fn read(pid: i32) -> Option<Stat> {
        let bytes = fs::read(format!("/proc/{pid}/stat")).ok()?;
        Stat::parse(&String::from_utf8_lossy(&bytes))
    }

    /// The name stands in parentheses and may itself hold spaces and parentheses.
    fn parse(text: &str) -> Option<Stat> {
        let (before, after) = text.rsplit_once(')')?;
        let name = before.split_once('(')?.1;
        let fields: Vec<&str> = after.split_whitespace().collect();
        Some(Stat {
            name: name.to_owned(),
            state: fields.first()?.chars().next()?,
            ppid: fields.get(1)?.parse().ok()?,
            pgid: fields.get(2)?.parse().ok()?,
            session: fields.get(3)?.parse().ok()?,
            terminal: fields.get(4)?.parse::<i32>().ok()? as u32,
            foreground: fields.get(5)?.parse().ok()?,
            started: fields.get(19)?.parse().ok()?,
        })
    }
}

/// The name of a process (comm).
pub fn name(pid: i32) -> Option<String> {
    Some(Stat::read(pid)?.name)
}

/// The environment that a process was started with; none while it has none, between two programs.
pub fn environment(pid: i32) -> Option<HashMap<String, String>> {
    let bytes = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let settings = text
        .split('\0')
        .filter_map(|setting| setting.split_once('='));
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    (!bytes.is_empty()).then(|| settings.collect())
}

/// Every descendant of `ancestor`, parents before their children; zombies are among them.
pub fn descendants(ancestor: i32) -> Vec<i32> {
    let mut found = vec![ancestor];
    let mut next = 0;
    let table = fs::metadata(format!("/proc/{ancestor}/task/{ancestor}/children"))
        .is_err()
        .then(children_by_parent);
    while next < found.len() {
        let children = match &table {
            None => children(found[next]),
            Some(table) => table.get(&found[next]).cloned().unwrap_or_default(),
        };
        for child in children {
            if !found.contains(&child) {
                found.push(child);
            }
        }
        next += 1;
    }
    found.remove(0);
    found
}

/// The threads of a process.
pub fn threads(pid: i32) -> impl Iterator<Item = i32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    let threads = threads.into_iter().flatten().flatten();
    threads.filter_map(|thread| thread.file_name().to_str()?.parse().ok())
}

/// The children of one process, thread by thread.
fn children(pid: i32) -> Vec<i32> {
    let lists = threads(pid).filter_map(|thread| {
        fs::read_to_string(format!("/proc/{pid}/task/{thread}/children")).ok()
    });
    lists.flat_map(|list| numbers(&list)).collect()
}

fn numbers(text: &str) -> Vec<i32> {
    text.split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect()
}

/// The whole process table by parent: for kernels that do not list children.
fn children_by_parent() -> HashMap<i32, Vec<i32>> {
    let mut table: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let pid = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some((pid, stat)) = pid.and_then(|pid| Some((pid, Stat::read(pid)?))) {
            table.entry(stat.ppid).or_default().push(pid);
        }
    }
    table
}

/// The name of a terminal from its device number: 136 to 143 are the pseudo-terminals, tty(4), pts(4).
fn terminal_name(device: u32) -> String {
    let (major, minor) = (
        (device >> 8) & 0xfff,
        (device & 0xff) | ((device >> 12) & 0xfff00),
    );
    match major {
        0 => "?".into(),
        4 if minor < 64 => format!("tty{minor}"),
        4 => format!("ttyS{}", minor - 64),
        136..=143 => format!("pts/{}", minor + ((major - 136) << 8)),
        _ => format!("{major}:{minor}"),
    }
}

fn command_line(pid: i32, stat: &Stat) -> String {
    if matches!(stat.state, 'Z' | 'X') {
        return format!("[{}] <defunct>", stat.name);
    }
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words: Vec<String> = bytes
        .split(|&byte| byte == 0)
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect();
    match words.join(" ").trim_end() {
        "" => format!("[{}]", stat.name),
        line => line.to_owned(),
    }
}

/// The open descriptors of a process and their targets: `/dev/pts/3`, `pipe:[123]`, `socket:[456]`.
pub fn descriptors(pid: i32) -> Vec<(i32, String)> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd"))
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<(i32, String)> = entries
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.parse().ok()?;
            let target: PathBuf = fs::read_link(entry.path()).ok()?;
            Some((number, target.to_string_lossy().into_owned()))
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_spaces_and_parentheses() {
        let line = "7 (a) b (c)) Z 1 2 3 34816 5 0 0 0 0 0 0 0 0 0 20 0 1 0 1234 0 0";
        let stat = Stat::parse(line).expect("a stat line");
        assert_eq!(
            (stat.name.as_str(), stat.state, stat.ppid),
            ("a) b (c)", 'Z', 1)
        );
        assert_eq!((stat.pgid, stat.session, stat.started), (2, 3, 1234));
        assert_eq!(terminal_name(stat.terminal), "pts/0");
        assert!(Stat::parse("7 (cut").is_none());
    }

    #[test]
    fn terminals_have_the_names_that_ps_gives_them() {
        for (device, name) in [
            (0, "?"),
            (0x401, "tty1"),
            (0x440, "ttyS0"),
            (0x8803, "pts/3"),
            (0x8901, "pts/257"),
        ] {
            assert_eq!(terminal_name(device), name);
        }
    }

    #[test]
    fn this_process_is_found_with_its_descriptors() {
        let myself = Process::read(std::process::id() as i32).expect("/proc of this process");
        assert_eq!(myself.ppid, std::os::unix::process::parent_id() as i32);
        assert!(!myself.descriptors.is_empty() && !myself.is_zombie());
    }
}
