//! myps: what `ps -ef` tells, with a third of its calls; and whatever may lie in /proc.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::support::tracer::Traced;
use super::support::{self, Scratch, bounded, output};
use super::{run, stdout};

/// The numbers of a stat file behind the name: parent, terminal, flags, ticks of the processor, threads.
fn numbers(ppid: i32, tty: u32, flags: u32, ticks: u64, threads: u32) -> String {
    format!(
        "{ppid} 1 1 {tty} -1 {flags} 0 0 0 0 {ticks} 23 0 0 20 0 {threads} 0 99 4096 1 18446744073709551615"
    )
}

/// Puts a made-up process into a folder that looks like /proc.
fn put(folder: &Path, pid: &str, stat: &str, cmdline: &[u8]) {
    fs::create_dir(folder.join(pid)).unwrap();
    fs::write(folder.join(pid).join("stat"), stat).unwrap();
    fs::write(folder.join(pid).join("cmdline"), cmdline).unwrap();
}

const KERNEL: u32 = 0x20_0000;

fn made_up(scratch: &Scratch) {
    let folder = scratch.path("");
    let put = |pid: &str, name: &str, state: &str, numbers: String, cmdline: &[u8]| {
        put(
            &folder,
            pid,
            &format!("{pid} ({name}) {state} {numbers}\n"),
            cmdline,
        );
    };
    put(
        "10",
        "a) R (b",
        "S",
        numbers(1, 34816, 0, 377, 1),
        b"/bin/a\0-x\0\0\0",
    );
    put("20", "gone", "Z", numbers(10, 0, 0, 0, 1), b"");
    put("21", "leader", "Z", numbers(10, 0, 0, 0, 3), b"");
    put(
        "30",
        "kworker/0:1 events",
        "I",
        numbers(2, 0, KERNEL, 0, 1),
        b"never read",
    );
    put(
        "40",
        "odd",
        "S",
        numbers(1, 1025, 0, 8_639_977, 2),
        b"l\xc3\xa4\xff\tz\x1b[2J\nnext\0 ",
    );
    put("50", "many", "T", numbers(1, 1_083_436, 0, 0, 1), b"many");
    put("60", "strange", "S", numbers(1, 0xcc00, 0, 0, 1), b"");
    put("70", "long", "S", numbers(1, 0, 0, 0, 1), &[b'x'; 200_000]);
    put("self", "no process", "S", numbers(1, 0, 0, 0, 1), b"");
    fs::create_dir(folder.join("80")).unwrap(); // ended between two calls
    fs::create_dir(folder.join("90")).unwrap();
    fs::write(folder.join("90/stat"), "90 (cut o").unwrap();
}

const MADE_UP: [&str; 8] = [
    "     10       1 S    pts/0    00:00:04 /bin/a -x",
    "     20      10 Z    ?        00:00:00 [gone] <defunct>",
    "     21      10 Zl   ?        00:00:00 [leader]",
    "     30       2 I    ?        00:00:00 [kworker/0:1 events]",
    "     40       1 Sl   tty1     24:00:00 l\u{e4}\u{fffd}?z?[2J next  ",
    "     50       1 T    pts/300  00:00:00 many",
    "     60       1 S    ?        00:00:00 [strange]",
    "     70       1 S    ?        00:00:00 ",
];

/// What a program tells of a folder, sorted by pid.
fn told(program: &Path, arguments: &[&str]) -> Vec<String> {
    let seen = output(bounded(program).args(arguments));
    assert_eq!(
        (seen.status.code(), seen.stderr.len()),
        (Some(0), 0),
        "{seen:?}"
    );
    let text = String::from_utf8_lossy(&seen.stdout).into_owned();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_eq!(
        lines.remove(0),
        "  UID     PID    PPID STAT TTY      TIME     CMD"
    );
    lines.sort();
    lines
}

#[test]
fn whatever_lies_in_proc_is_told_as_in_c() {
    let scratch = Scratch::new();
    made_up(&scratch);
    let folder = scratch.path("");
    let folder = folder.to_str().unwrap();
    let lab = told(&support::lab("myps"), &["", folder]);
    assert_eq!(lab, told(&support::twin("myps"), &["", folder]));
    let own = nix::unistd::getuid();
    for (line, expected) in lab.iter().zip(MADE_UP) {
        let expected = format!("{:5} {expected}", own.as_raw());
        assert!(line.starts_with(&expected), "{line:.80}");
    }
    assert_eq!(lab.len(), MADE_UP.len());
    let long = format!("{:5} {}", own.as_raw(), MADE_UP[7]).len() + 131_072;
    assert_eq!(lab[7].len(), long, "a command of more than 128 KiB is cut");
    // Like grep: in what is shown.
    let filtered = told(&support::lab("myps"), &["[", folder]);
    assert_eq!(filtered.len(), 5, "{filtered:?}");
}

/// pid → parent, terminal, command.
type Rows = BTreeMap<String, [String; 3]>;

/// Cuts lines of a table at blanks, `count` times.
fn rows(text: &str, count: usize, columns: [usize; 4]) -> Rows {
    let row = |line: &str| {
        let mut words = Vec::new();
        let mut rest = line.trim_start();
        for _ in 0..count {
            let (word, behind) = rest.split_once(' ')?;
            words.push(word.to_owned());
            rest = behind.trim_start_matches(' ');
        }
        words.push(rest.to_owned());
        let [pid, parent, terminal, command] = columns.map(|column| words[column].clone());
        Some((pid, [parent, terminal, command]))
    };
    text.lines().skip(1).filter_map(row).collect()
}

fn ps() -> Rows {
    let mut ps = bounded("ps");
    ps.args(["-e", "-ww", "-o", "uid,pid,ppid,tty,args"]);
    let seen = output(ps.env("LC_ALL", "C.UTF-8"));
    rows(&String::from_utf8_lossy(&seen.stdout), 4, [1, 2, 3, 4])
}

/// Some processes that sleep, and end with this.
struct Sleepers(Vec<Child>);

impl Sleepers {
    fn new(count: usize) -> Sleepers {
        let mut sleep = Command::new("sleep");
        sleep.arg("1000").stdin(Stdio::null());
        Sleepers((0..count).map(|_| sleep.spawn().unwrap()).collect())
    }
}

impl Drop for Sleepers {
    fn drop(&mut self) {
        for sleeper in &mut self.0 {
            let _ = sleeper.kill();
            let _ = sleeper.wait();
        }
    }
}

#[test]
fn pid_parent_terminal_and_command_are_those_of_ps() {
    let _sleepers = Sleepers::new(20);
    let before = ps();
    let seen = output(&mut bounded(support::lab("myps")));
    let lab = rows(&String::from_utf8_lossy(&seen.stdout), 6, [1, 2, 4, 6]);
    let after = ps();
    let stays = before
        .iter()
        .filter(|(pid, row)| after.get(*pid) == Some(*row))
        .filter(|(_, [.., command])| !command.starts_with("[kworker")); // named after its work of the moment
    let mut compared = 0;
    for (pid, row) in stays {
        // The other two cut what is long in different places.
        let cut = |row: &[String; 3]| {
            row.clone()
                .map(|text| text.chars().take(2000).collect::<String>())
        };
        assert_eq!(lab.get(pid).map(cut), Some(cut(row)), "{pid}");
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn it_makes_a_third_of_the_calls_of_ps() {
    let _sleepers = Sleepers::new(100);
    let calls = |program: &Path, arguments: &[&str]| -> usize {
        let (_, processes) = Traced::new(&[], program, arguments).run();
        processes[0].calls.len()
    };
    let lab = calls(&support::lab("myps"), &[]);
    let ps = calls(Path::new("/usr/bin/ps"), &["-ef"]);
    assert!(3 * lab <= ps, "{lab} against {ps}");
}

#[test]
fn too_few_descriptors_are_told() {
    for program in [support::lab("myps"), support::static_twin("myps")] {
        let mut limited = bounded("prlimit");
        let seen = output(limited.args(["--nofile=4:4", "--"]).arg(program));
        let told = String::from_utf8_lossy(&seen.stderr).into_owned();
        assert!(told.ends_with("/stat\": cannot be read\n"), "{told}");
        assert_eq!(seen.status.code(), Some(1));
    }
}

#[test]
fn descriptors_are_given_back() {
    let scratch = Scratch::new();
    for pid in 100..400 {
        put(
            &scratch.path(""),
            &pid.to_string(),
            &format!("{pid} (x) S {}", numbers(1, 0, 0, 0, 1)),
            b"x\0",
        );
    }
    let mut limited = bounded("prlimit");
    limited
        .args(["--nofile=40:40", "--"])
        .arg(support::lab("myps"));
    let seen = output(limited.arg("").arg(scratch.path("")));
    let lines = String::from_utf8_lossy(&seen.stdout).lines().count();
    assert_eq!((lines, seen.status.code()), (301, Some(0)), "{seen:?}");
}

#[test]
fn a_zombie_and_a_stopped_process_are_there() {
    let text = |name| run("myps", name).normalised().terminal;
    assert!(text("zombie").contains(" Z    ?        00:00:00 [perl] <defunct>\n"));
    assert!(text("stopped").contains(" T    ?        00:00:00 frozen\n"));
    let odd = text("odd-name");
    assert!(odd.contains(" S    ?        00:00:00 x) R (y?b\n"), "{odd}");
}

#[test]
fn a_pipe_gets_all_at_once_and_a_name_filters() {
    let heading = "  UID     PID    PPID STAT TTY      TIME     CMD\n";
    let piped = stdout(&run("myps", "pipe"));
    assert!(
        piped.starts_with(heading) && piped.ends_with(" counting sheep\n"),
        "{piped}"
    );
    assert_eq!(run("myps", "filter").normalised().terminal, heading);
}
