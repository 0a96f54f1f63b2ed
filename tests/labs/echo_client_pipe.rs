//! echo_client_pipe: nothing tells it that nobody reads, and it waits; the end of its input leaves.

use std::fs;

use labscope::Status;

use super::support::{self, Scratch, bounded, output, text_of};
use super::{calls, run, stdout};

#[test]
fn without_a_reader_it_waits_for_ever() {
    for scenario in ["stale", "server-killed"] {
        let transcript = run("echo_client_pipe", scenario);
        assert_eq!(transcript.status, Some(Status::Killed(libc::SIGINT)));
        let calls = calls(&transcript, 1);
        let last = &calls[calls.len() - 2..];
        assert_eq!(
            last,
            ["write", "read = ERESTARTSYS"],
            "{scenario}: {calls:?}"
        );
    }
}

#[test]
fn the_end_of_the_input_leaves() {
    for (scenario, printed) in [
        ("pipe", "> Server -> hello\n> "),
        ("file", "> Server -> osnw2020\nhello\n> "),
    ] {
        let transcript = run("echo_client_pipe", scenario);
        assert_eq!(stdout(&transcript), printed, "{scenario}");
        assert_eq!(transcript.status, Some(Status::Exited(0)));
    }
}

#[test]
fn an_answer_in_pieces_is_whole() {
    let text = run("echo_client_pipe", "pieces").normalised().terminal;
    assert_eq!(text, "> quitting later\nServer -> QUITTING LATER\n> quit\n");
}

#[test]
fn what_is_no_fifo_is_named_and_left_alone() {
    let folder = Scratch::new();
    folder.file("myfifo_w", "mine\n");
    folder.file("myfifo_r", "yours\n");
    let mut lab = bounded(support::lab("echo_client_pipe"));
    let seen = output(lab.arg(folder.path("")));
    assert_eq!(text_of(&seen), "\"myfifo_w\": not a FIFO\n");
    assert_eq!(seen.status.code(), Some(1));
    let [one, other] = ["myfifo_w", "myfifo_r"].map(|name| fs::read_to_string(folder.path(name)));
    assert_eq!(
        (one.unwrap().as_str(), other.unwrap().as_str()),
        ("mine\n", "yours\n")
    );
}
