//! The search finds what a blind one finds, which puts everything in every order.

use labscope::orders::{Bounds, Exploration, Status, explore};

use crate::programs::{Program, unhurried};

/// What a child or its parent may do, one letter a thing. `W`, `N`, `S`: only the parent.
fn action(letter: char) -> &'static str {
    match letter {
        'a' => "say(\"a\");",
        'b' => "say(\"b\");",
        'f' => {
            "{ int f = open(\"f\", O_CREAT | O_RDWR | O_APPEND, 0600); write(f, \"x\", 1); close(f); }"
        }
        'r' => {
            "{ char t[9]; int f = open(\"f\", O_RDONLY); printf(\"%d\", f < 0 ? -1 : (int)read(f, t, 9)); fflush(stdout); close(f); }"
        }
        'u' => "unlink(\"f\");",
        'p' => "write(ends[1], \"pq\", 2);",
        'g' => "{ char c = '-'; read(ends[0], &c, 1); write(1, &c, 1); }",
        'c' => "close(ends[1]);",
        'o' => "printf(\"%d\", getppid() == main_pid); fflush(stdout);",
        'k' => "kill(main_pid, SIGUSR1);",
        'h' => "signal(SIGUSR1, handle);",
        'z' => "pause();",
        't' => "sleep(1);",
        'e' => "_exit(3);",
        'W' => "{ int s = -1; wait(&s); printf(\"%d\", s >> 8); fflush(stdout); }",
        'N' => "printf(\"%d\", waitpid(-1, NULL, WNOHANG) > 0); fflush(stdout);",
        'S' => "signal(SIGCHLD, handle);",
        'l' => "if (!lock) { lock = open(\"l\", O_CREAT | O_RDWR, 0600); } flock(lock, LOCK_EX);",
        'L' => "flock(lock, LOCK_UN);",
        'K' => "kill(children[0], SIGTERM);",
        _ => panic!("{letter} means nothing"),
    }
}

fn program(parent: &str, children: &[&str]) -> Program {
    let actions = |letters: &str| letters.chars().map(action).collect::<String>();
    let mut body = "main_pid = getpid(); pipe(ends);".to_owned();
    for (place, child) in children.iter().enumerate() {
        let does = actions(child);
        body += &format!("if (!(children[{place}] = fork())) {{ {does} _exit({place}); }}");
    }
    let before = "static int lock, ends[2], children[9]; static pid_t main_pid;
        static void handle(int signal) { say(\"h\"); }";
    Program::with(before, &(body + &actions(parent) + "_exit(9);"))
}

fn all(found: &Exploration) -> Vec<(String, Status, Vec<String>)> {
    let outcomes = found.outcomes.iter();
    let mut all: Vec<_> = outcomes
        .map(|it| (it.output.clone(), it.status, it.waiting.clone()))
        .collect();
    all.sort_by_key(|it| format!("{it:?}"));
    all
}

#[track_caller]
fn agree(parent: &str, children: &[&str]) {
    let program = program(parent, children);
    let blind = Bounds {
        is_blind: true,
        ..unhurried()
    };
    let seeing = explore(program.settings(), unhurried(), |_| false).expect("outcomes");
    let blind = explore(program.settings(), blind, |_| false).expect("outcomes");
    let what = format!("parent {parent}, children {children:?}");
    assert!(
        seeing.is_complete() && blind.is_complete(),
        "{what}: {:?}",
        blind.bound
    );
    assert_eq!(
        all(&seeing),
        all(&blind),
        "{what}: {} and {} runs",
        seeing.runs,
        blind.runs
    );
    assert!(
        seeing.runs <= blind.runs,
        "{what}: {} and {} runs",
        seeing.runs,
        blind.runs
    );
}

#[test]
fn output_files_and_names() {
    for (parent, children) in [
        ("aa", &["bb"][..]),
        ("ab", &["b", "a"]),
        ("rW", &["f"]),
        ("ruW", &["f"]),
        ("fr", &["fu"]),
        ("fW", &["rb"]),
    ] {
        agree(parent, children);
    }
}

#[test]
fn locks_that_are_taken_again() {
    for (parent, children) in [("laLlaL", &["lbL"][..]), ("laL", &["lbLlbL"])] {
        agree(parent, children);
    }
}

#[test]
fn children_and_parents() {
    for (parent, children) in [
        ("WW", &["a", "b"][..]),
        ("WaW", &["", "e"]),
        ("NaN", &["e"]),
        ("NW", &["", "e"]),
        ("a", &["oo"]),
        ("W", &["o", "e"]),
    ] {
        agree(parent, children);
    }
}

#[test]
fn pipes() {
    for (parent, children) in [
        ("gW", &["p"][..]),
        ("cgg", &["p"]),
        ("g", &["p", "p"]),
        ("pg", &["g"]),
        ("cW", &["p", "g"]),
        ("cgg", &["c", "p"]),
    ] {
        agree(parent, children);
    }
}

#[test]
fn signals() {
    for (parent, children) in [
        ("haz", &["k"][..]),
        ("ah", &["k"]),
        ("hWa", &["k"]),
        ("SaW", &["b"]),
        ("hgW", &["kp"]),
        ("Ka", &["ab"]),
        ("KW", &["a", "b"]),
        ("ht", &["k"]),
        ("taK", &["tb"]),
    ] {
        agree(parent, children);
    }
}
