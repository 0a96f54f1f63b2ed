//! mykill: what kill(2) says of a zombie, of a living process and of nobody.

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use super::support::proc::{await_that, state};
use super::support::{self, bounded, output, text_of};

/// A child that is in that state, and that nobody waits for yet.
fn child(program: &str, arguments: &[&str], wanted: char) -> Child {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    await_that("the child's state", || {
        let seen = state(child.id() as i32);
        if seen == wanted {
            Ok(())
        } else {
            Err(seen.to_string())
        }
    });
    child
}

/// What is told, and the status.
fn mykill(signal: &str, pid: u32) -> (String, Option<i32>) {
    let mut command = bounded(support::lab("mykill"));
    let told = output(command.args([signal, &pid.to_string()]));
    (text_of(&told), told.status.code())
}

#[test]
fn kill_of_a_zombie_succeeds_and_changes_nothing() {
    let mut zombie = child("/bin/sh", &["-c", "exit 7"], 'Z');
    for signal in ["-KILL", "-TERM", "-STOP", "-0"] {
        assert_eq!(mykill(signal, zombie.id()), (String::new(), Some(0)));
        assert_eq!(state(zombie.id() as i32), 'Z', "{signal}");
    }
    // It has not been killed: wait still gets what it ended with.
    assert_eq!(zombie.wait().unwrap().code(), Some(7));
}

#[test]
fn signal_0_only_asks_and_9_ends() {
    let mut sleeper = child("/bin/sleep", &["1000"], 'S');
    assert_eq!(mykill("-0", sleeper.id()), (String::new(), Some(0)));
    assert_eq!(state(sleeper.id() as i32), 'S');
    assert_eq!(mykill("-9", sleeper.id()), (String::new(), Some(0)));
    assert_eq!(sleeper.wait().unwrap().signal(), Some(9));
}
