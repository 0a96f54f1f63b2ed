//! A session with the client: prompts, the end of the input, and no server.

use std::io::Write;

use super::client::{client, typed};
use crate::support::server::{Server, free_port};
use crate::support::terminal::{assert_shown, open_terminal};

#[test]
fn on_a_terminal_the_prompt_comes_first() {
    let server = Server::new("cal_linux_server");
    let (mut screen, slave) = open_terminal();
    let mut command = client(server.address.port());
    command.stdin(slave.try_clone().unwrap()).stdout(slave);
    let mut child = command.spawn().unwrap();
    assert_shown(&screen, "> ");
    screen.write_all(b"1+2\n").unwrap();
    assert_shown(&screen, "1+2\r\n1 + 2 = 3\r\n> "); // the terminal shows what is typed
    screen.write_all(b"quit\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn without_a_server_it_says_so_and_asks_on() {
    let seen = typed(free_port(), b"1+2\n3+4\nquit\n");
    let said = "error: no server there\n";
    assert_eq!(
        String::from_utf8_lossy(&seen.stdout),
        format!("> {said}> {said}> ")
    );
}

#[test]
fn a_port_to_which_nothing_can_be_sent_is_no_silence() {
    let seen = typed(0, b"1+2\nquit\n");
    assert_eq!(
        String::from_utf8_lossy(&seen.stdout),
        "> error: the server cannot be reached\n> "
    );
}

#[test]
fn the_end_of_the_input_leaves_and_the_last_line_needs_no_newline() {
    let server = Server::new("cal_linux_server");
    for (input, expected) in [
        ("", "> "),
        ("\n", "> error: not a calculation\n> "),
        ("1+2", "> 1 + 2 = 3\n> "),
        ("1+2\n3+4", "> 1 + 2 = 3\n> 3 + 4 = 7\n> "),
        ("quit\n1+2\n", "> "),
    ] {
        let seen = typed(server.address.port(), input.as_bytes());
        assert_eq!(String::from_utf8_lossy(&seen.stdout), expected, "{input:?}");
    }
}
