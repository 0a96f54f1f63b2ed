//! echo_client_udomain: a server that has gone is told, whenever it goes.

use labscope::Status;

use super::{run, stdout};

/// What a scenario shows on its terminal, and how it ends.
fn seen(scenario: &str) -> (String, Option<Status>) {
    let transcript = run("echo_client_udomain", scenario);
    (transcript.normalised().terminal, transcript.status)
}

#[test]
fn a_server_that_has_gone_is_told() {
    let ended = Some(Status::Exited(1));
    let killed = ("hello\nwrite error: Broken pipe\n".to_owned(), ended);
    assert_eq!(seen("gone"), killed);
    let (text, status) = seen("deserted");
    assert!(
        text.contains("the server closed after 0 of 6 bytes\n"),
        "{text}"
    );
    assert_eq!(status, ended);
    assert_eq!(
        seen("missing"),
        ("socket File access error\n".to_owned(), ended)
    );
    let refused = ("connect error : : Connection refused\n".to_owned(), ended);
    assert_eq!(
        (seen("stale"), seen("file-of-that-name")),
        (refused.clone(), refused)
    );
}

#[test]
fn the_end_of_the_input_leaves() {
    for (scenario, printed) in [
        ("pipe", "Server -> hello\n"),
        ("file", "Server -> osnw2020\nhello\n"),
    ] {
        let transcript = run("echo_client_udomain", scenario);
        assert_eq!(stdout(&transcript), printed, "{scenario}");
        assert_eq!(transcript.status, Some(Status::Exited(0)));
    }
}

#[test]
fn an_answer_in_pieces_is_whole() {
    let (text, status) = seen("pieces");
    assert!(text.contains("Server -> QUITTING LATER\n"), "{text}");
    assert_eq!(status, Some(Status::Exited(0)));
}
