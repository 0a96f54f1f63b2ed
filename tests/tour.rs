//! The tour as a walk: on a terminal it goes at the reader's pace, and back.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use nix::sys::signal::{Signal, kill};
use support::hand::Hand;
use support::terminal::open_terminal;
use support::{Scratch, output, root, source, text_of, traced};

/// What stands below each piece.
const KEYS: &str = "space: go on   b: back   q: leave";

/// `labscope tour --lab …`, in English.
fn tour(lab: &str, arguments: &[&str]) -> Command {
    traced(lab);
    let mut command = support::bounded(support::labscope());
    command.arg("--root").arg(root()).args(["--lang", "en"]);
    command.args(["tour", "--lab", lab]).args(arguments);
    command.stdin(Stdio::null());
    command
}

/// The same on a terminal of 60 columns and 24 lines.
fn begin(lab: &str, arguments: &[&str]) -> Hand {
    on_terminal(&tour(lab, arguments), |_| {})
}

fn on_terminal(inner: &Command, change: impl FnOnce(&mut Command)) -> Hand {
    // ^C reaches whoever holds the terminal.
    let mut command = Command::new("setsid");
    command.args(["--wait", "--ctty"]).arg(inner.get_program());
    command.args(inner.get_args());
    command.env("NO_COLOR", "1").env_remove("TMUX_PANE");
    command.env("COLUMNS", "60").env("LINES", "24");
    change(&mut command);
    Hand::begin(command)
}

/// What a piece shows, without what moves the cursor.
fn piece(hand: &mut Hand) -> String {
    plain(&hand.read(KEYS))
}

fn plain(text: &str) -> String {
    let mut plain = String::new();
    for part in text.split("\x1b[") {
        match part.strip_prefix(['H', 'K']).or(part.strip_prefix("2J")) {
            Some(rest) => plain += rest,
            None => plain += part,
        }
    }
    plain.replace('\r', "")
}

/// The number of the line in which that stands.
fn line_of(lab: &str, text: &str) -> usize {
    let source = fs::read_to_string(source(lab, "rs")).expect("its source");
    let place = source.lines().position(|line| line.contains(text));
    place.unwrap_or_else(|| panic!("{text} in {lab}")) + 1
}

#[test]
fn a_key_goes_on_b_shows_the_piece_before_again_and_q_leaves() {
    let mut hand = begin("fork_test", &["--step"]);
    let introduction = piece(&mut hand);
    assert!(introduction.contains("what to look at"), "{introduction}");
    hand.key(" ");
    let title = piece(&mut hand);
    assert!(title.contains("1/3 fork_test · tty"), "{title}");
    assert!(!title.contains("Program Start!!"), "{title}");
    assert!(!hand.has_its_modes());
    hand.key(" ");
    let before = piece(&mut hand);
    let table = "  ▸ Before fork: one process, asleep in read.\n";
    assert!(before.contains(table), "{before}");
    assert!(!before.contains("fork()"), "{before}");
    hand.key(" ");
    let fork = piece(&mut hand);
    assert!(fork.contains("fork() = "), "{fork}");
    // The one before, with the same processes in it: nothing has been run again.
    hand.key("b");
    let again = piece(&mut hand);
    let rows = before.lines().filter(|row| row.contains("./fork_test"));
    assert!(rows.clone().count() > 1, "{before}");
    for row in rows {
        assert!(again.contains(row), "{row} in {again}");
    }
    assert!(!again.contains("fork()"), "{again}");
    hand.key("\x1b[D"); // the arrow to the left
    let title = piece(&mut hand);
    assert!(!title.contains("Before fork"), "{title}");
    hand.key(" ");
    assert!(piece(&mut hand).contains(table));
    hand.key(" ");
    assert!(piece(&mut hand).contains("fork() = "));
    hand.key("q");
    let (rest, status) = hand.end();
    assert!(rest.contains("nothing is left behind"), "{rest}");
    assert_eq!(status, Some(0));
}

#[test]
fn a_call_stands_with_its_line_beside_what_it_prints() {
    let mut hand = begin("fork_test", &["--step"]);
    for _ in 0..2 {
        piece(&mut hand);
        hand.key(" ");
    }
    let before = piece(&mut hand);
    for (printed, result) in [("Program Start!!", " = 16"), ("hit a key ", " = 10")] {
        let printed = format!("  │ {printed}");
        let row = before.lines().find(|row| row.starts_with(&printed));
        let row = row.unwrap_or_else(|| panic!("{printed}: {before}"));
        assert!(row.contains("write(1, ") && row.ends_with(result), "{row}");
    }
    let line = line_of("fork_test", "printf!(\"Program Start!!");
    let told = format!("1 {line:>3} write(1, ");
    assert!(before.contains(&told), "{told} in {before}");
    // It is in read and has not come back.
    let told = format!("1 {:>3} read(0 …", line_of("fork_test", "getchar();"));
    let place = before.find(&told).zip(before.find("▸ Before fork"));
    assert!(place.is_some_and(|(call, said)| call < said), "{before}");
    hand.key("q");
    assert_eq!(hand.end().1, Some(0));
}

/// Goes through a tour to its end; each piece that it shows.
fn pieces(hand: &mut Hand) -> Vec<String> {
    let mut pieces = vec![piece(hand)];
    loop {
        hand.key(" ");
        while !hand.seen().contains(KEYS) {
            match hand.more_or_end() {
                true => {}
                false => return pieces,
            }
        }
        pieces.push(piece(hand));
    }
}

#[test]
fn it_fits_60_columns_and_24_lines_whatever_is_shown() {
    for lab in ["echo_server_fork", "daemon"] {
        let mut hand = begin(lab, &["--step"]);
        let pieces = pieces(&mut hand);
        assert!(pieces.len() > 3, "{pieces:#?}");
        for piece in &pieces {
            let widest = piece.lines().map(|row| row.chars().count()).max();
            assert!(widest <= Some(60), "{lab}: {piece}");
            assert!(piece.lines().count() <= 24, "{lab}: {piece}");
        }
        assert_eq!(hand.end().1, Some(0));
    }
}

#[test]
fn calls_that_have_been_shown_are_counted_and_not_shown_again() {
    let mut hand = begin("fork_test", &["--step"]);
    let pieces = pieces(&mut hand).concat();
    let runs: Vec<&str> = pieces.split("━━ ").collect();
    assert_eq!(runs.len(), 4, "{pieces}");
    assert!(runs[1].contains(" fork() = "), "{pieces}");
    assert!(!runs[2].contains(" fork() = "), "{pieces}");
    assert!(runs[2].contains("as shown before"), "{pieces}");
    // What is new is shown: the child is stopped and goes on.
    assert!(runs[2].contains("2 ── stopped by SIGSTOP"), "{pieces}");
    assert_eq!(hand.end().1, Some(0));
}

#[test]
fn without_a_key_it_goes_on_when_it_has_been_read() {
    let mut hand = begin("exec_test", &[]);
    hand.read("Runs: 1");
    hand.key("  "); // the rest of the introduction at once, and on
    hand.read("$ ./exec_test");
    hand.read("exited with status");
    assert_eq!(hand.end().1, Some(0));
}

#[test]
fn whatever_ends_it_the_terminal_is_as_before() {
    for key in ["q", "\u{3}"] {
        let mut hand = begin("fork_test", &["--step"]);
        piece(&mut hand);
        assert!(!hand.has_its_modes());
        hand.key(key);
        hand.end(); // it looks at the modes
    }
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGINT] {
        for pieces in [1, 4] {
            let mut hand = begin("fork_test", &["--step"]);
            for _ in 1..pieces {
                piece(&mut hand);
                hand.key(" ");
            }
            piece(&mut hand);
            kill(hand.foreground(), signal).expect("a signal");
            let (rest, status) = hand.end();
            assert_eq!(status, Some(130), "{signal}: {rest}");
        }
    }
}

#[test]
fn without_a_terminal_and_with_fast_nothing_waits() {
    let told = text_of(&output(&mut tour("exec_test", &["--step"])));
    assert!(told.contains("System calls, process by process"), "{told}");
    assert!(!told.contains(KEYS), "{told}");
    let mut hand = begin("exec_test", &["--fast"]);
    hand.read("System calls, process by process");
    let (rest, status) = hand.end();
    assert!(rest.contains("exited with status"), "{rest}");
    assert_eq!(status, Some(0));
}

#[test]
fn for_a_projector_calls_stand_by_themselves_below_their_lines() {
    let told = output(Command::new(support::labscope()).args(["--lang", "en", "tour", "--big"]));
    assert!(text_of(&told).contains("LAB=fork_test"), "{told:?}");
    let mut hand = begin("fork_test", &["--big"]);
    for _ in 0..2 {
        piece(&mut hand);
        hand.key(" ");
    }
    let shown = piece(&mut hand);
    let line = line_of("fork_test", "printf!(\"Program Start!!");
    let source = format!("1 {line:>3} printf!(\"Program Start!!\\n\");\n    fstat(1, ");
    assert!(shown.contains(&source), "{source} in {shown}");
    assert!(shown.contains("  │ Program Start!!\n"), "{shown}");
    hand.key("q");
    assert_eq!(hand.end().1, Some(0));
}

#[test]
fn inside_tmux_the_calls_have_a_pane_which_goes_with_the_tour() {
    let folder = Scratch::new();
    let (mut screen, terminal) = open_terminal();
    let path = nix::unistd::ttyname(&terminal).expect("its name");
    let script = format!(
        "#!/bin/sh\necho \"$@\" >>{log}\ncase $1 in split-window) echo %7 {path} 60 11;; esac\n",
        log = folder.path("log").display(),
        path = path.display()
    );
    let tmux = folder.file("tmux", script);
    fs::set_permissions(&tmux, fs::Permissions::from_mode(0o755)).expect("modes");
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", folder.path("").display());
    let mut hand = on_terminal(&tour("fork_test", &["--big"]), |command| {
        command.env("PATH", path).env("TMUX_PANE", "%3");
    });
    for _ in 0..2 {
        piece(&mut hand);
        hand.key(" ");
    }
    let shown = piece(&mut hand);
    assert!(shown.contains("  │ Program Start!!\n"), "{shown}");
    assert!(!shown.contains("write(1"), "{shown}");
    let calls = support::terminal::read_until(&mut screen, "write(1, \"hit a key \"");
    assert!(calls.contains("printf!(\"Program Start!!"), "{calls}");
    hand.key("q");
    assert_eq!(hand.end().1, Some(0));
    let log = fs::read_to_string(folder.path("log")).expect("what was asked of tmux");
    let asked: Vec<&str> = log.lines().collect();
    assert!(asked[0].starts_with("split-window -d -v -t %3 "), "{log}");
    assert_eq!(asked[1..], ["kill-pane -t %7"], "{log}");
}
