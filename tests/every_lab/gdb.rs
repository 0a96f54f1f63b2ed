//! What gdb says of a lab, and of its C program: the sessions in the guides of the process labs, word for word.

use std::fs::File;
use std::process::Command;

use labscope::Room;
use libtest_mimic::Trial;

use crate::support::documents::read;
use crate::support::hand::Hand;
use crate::support::trials::{each_lab, trials_of};
use crate::support::{self, Scratch, labs, root};

pub fn trials() -> Vec<Trial> {
    let all = labs();
    // They come first in the lecture; the servers follow.
    let of_processes: Vec<&String> = all.iter().take_while(|lab| *lab != "echo_server").collect();
    let shown = "make gdb-{lab}";
    let sessions = trials_of(
        &of_processes,
        "gdb_says_what_the_guide_shows",
        shown,
        sessions_hold,
    );
    let names = each_lab("gdb_finds_main_and_exit", shown, names_are_found);
    sessions.into_iter().chain(names).collect()
}

/// Whether gdb is here; where it must be, its absence is a failure.
fn is_gdb_missing() -> bool {
    let is_there = Command::new("gdb").arg("--version").output().is_ok();
    let must_be = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(is_there || !must_be, "gdb is missing: make doctor");
    if !is_there {
        eprintln!("not tested here: gdb is missing (make doctor)");
    }
    !is_there
}

/// What gdb says to each of the commands.
fn said(lab: &str, options: &[&str], commands: &[&str]) -> Vec<String> {
    match options {
        [] => support::unoptimised(lab),
        _ => support::twin(lab),
    };
    let scratch = Scratch::new();
    let input = scratch.file("commands", commands.join("\n") + "\n");
    let mut gdb = support::bounded(support::labscope());
    gdb.args(["gdb", lab]).args(options).current_dir(root());
    gdb.stdin(File::open(input).unwrap());
    let output = support::output(&mut gdb);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split("(gdb) ").skip(1).map(one_line).collect()
}

/// A text whose lines were folded.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// By the names of C, and a stack ends at `_start`. On a terminal, where gdb might ask before it kills or leaves.
fn names_are_found(lab: &str) {
    if is_gdb_missing() {
        return;
    }
    support::unoptimised(lab);
    let mut gdb = support::bounded("setsid");
    gdb.args(["--ctty", "--wait", "env", "TERM=dumb"]); // without colours
    gdb.arg(support::labscope());
    gdb.args(["gdb", lab]).current_dir(root());
    let mut hand = Hand::begin(gdb);
    hand.read("(gdb) ");
    let (source, library) = (format!("/{lab}.rs, line "), "src/stdlib.rs, line ");
    for (typed, says) in [
        ("break main", source.as_str()),
        ("break exit", library),
        ("run", "Breakpoint 1, "),
        ("bt", " in _start ()"),
        ("kill", " killed]"),
    ] {
        hand.key(&format!("{typed}\n"));
        hand.read(says);
        hand.read("(gdb) ");
    }
    hand.key("run\n");
    hand.read("Breakpoint 1, ");
    hand.read("(gdb) ");
    hand.key("quit\n");
    let (seen, status) = hand.end();
    assert_eq!(status, Some(0), "{seen}");
}

/// A session of a guide: the command that begins it, and what is typed, with the lines that are shown.
struct Session<'a> {
    command: &'a str,
    steps: Vec<(&'a str, Vec<&'a str>)>,
}

fn sessions(text: &str) -> Vec<Session<'_>> {
    let blocks = text.split("\n```\n$ make gdb-").skip(1);
    let session = |block| {
        let block: &str = block;
        let mut lines = block.lines().take_while(|line| *line != "```");
        let command = lines.next().unwrap_or_default();
        let mut steps: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in lines {
            match (line.strip_prefix("(gdb) "), steps.last_mut()) {
                (Some(typed), _) => steps.push((typed, Vec::new())),
                (None, Some((_, shown))) => shown.push(line),
                (None, None) => panic!("a line before the first command: {line}"),
            }
        }
        Session { command, steps }
    };
    blocks.map(session).collect()
}

/// A session with the lab and the same with its C program, in both languages alike.
fn sessions_hold(lab: &str) -> Vec<String> {
    let folder = Room::of(root(), lab).folder;
    let [english, korean] = ["README.md", "README.ko.md"].map(|name| read(&folder.join(name)));
    let sessions = [sessions(&english), sessions(&korean)];
    let [typed, typed_in_korean] = sessions.each_ref().map(|sessions| {
        let steps = sessions.iter().map(|it| (it.command, &it.steps));
        steps.collect::<Vec<_>>()
    });
    assert_eq!(typed, typed_in_korean);
    let commands = typed.iter().map(|(command, _)| *command);
    let twin = format!("{lab} TWIN=1");
    assert_eq!(commands.collect::<Vec<_>>(), [lab, &twin]);
    if is_gdb_missing() {
        return Vec::new();
    }
    let options: [&[&str]; 2] = [&[], &["--twin"]];
    let found = sessions[0].iter().zip(options);
    found
        .flat_map(|(session, options)| differences(lab, options, session))
        .collect()
}

/// The lines of a session that gdb does not say.
fn differences(lab: &str, options: &[&str], session: &Session) -> Vec<String> {
    let commands: Vec<&str> = session.steps.iter().map(|(typed, _)| *typed).collect();
    let said = said(lab, options, &commands);
    let mut found = Vec::new();
    for (number, (typed, shown)) in session.steps.iter().enumerate() {
        let all = said.get(number).map_or("", String::as_str);
        let mut rest = all;
        for line in shown {
            match behind(rest, &one_line(line)) {
                Some(behind) => rest = behind,
                None => found.push(format!("({typed}) `{line}` is not in: {all}")),
            }
        }
    }
    found
}

/// What of the text stands behind the first place where the line fits: `…` is anything, 2100x any process.
fn behind<'a>(text: &'a str, line: &str) -> Option<&'a str> {
    let mut rest = text;
    for part in line.split('…') {
        let mut parts = part.split("2100");
        let start = parts.next()?;
        rest = &rest[rest.find(start)? + start.len()..];
        for part in parts {
            let numbers = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            rest = numbers.strip_prefix(part.get(1..)?)?;
        }
    }
    Some(rest)
}
