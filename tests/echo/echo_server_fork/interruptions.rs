//! Reads and writes that a signal interrupts, that do a part, or that fail: bytes are
//! neither lost nor doubled, and a connection that is lost ends its own process only.

use std::io::Write;
use std::net::Shutdown;

use super::faults::{calls, faulty, served_despite};
use crate::{assert_echoed, connect, read_to_end};

#[test]
fn reads_and_writes_that_are_interrupted_are_made_again() {
    // The parent's first write is the address; a child's own count begins at 1.
    for inject in [
        "read:error=EINTR:when=1..3",
        "write:error=EINTR:when=2..4",
        "write:error=EINTR:when=2+2",
    ] {
        let processes = served_despite(inject);
        assert_eq!(processes.len(), 4);
        for child in &processes[1..] {
            assert_eq!(child.end, "exited with 0", "{inject}\n{}", child.text());
        }
    }
}

#[test]
fn a_short_write_is_finished() {
    // What the tracer says has been written has not: the client gets the rest only. The last write is the log's.
    let (server, run) = faulty("write:retval=7:when=2");
    let mut client = connect(&server);
    assert_echoed(&client, "first\n");
    client.write_all(b"seven, and the rest\n").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(
        read_to_end(&client).unwrap().escape_ascii().to_string(),
        "and the rest\\n"
    );
    server.assert_idle();
    assert_eq!(server.end(), "");
    let processes = run.processes();
    let tried: Vec<String> = calls(&processes[1], "write")
        .iter()
        .map(|call| call.args.clone())
        .collect();
    assert_eq!(tried.len(), 4, "{}", processes[1].text());
    assert!(
        tried[1].contains("seven, and the rest") && tried[2].contains("\"and the rest"),
        "{tried:?}"
    );
}

#[test]
fn a_connection_that_fails_ends_its_process_in_good_order() {
    for inject in [
        "read:error=ECONNRESET:when=2",
        "read:error=EIO:when=2",
        "write:error=EPIPE:when=2",
        "write:error=ECONNRESET:when=2",
    ] {
        let (server, run) = faulty(inject);
        let client = connect(&server);
        assert_echoed(&client, "first\n");
        let _ = { &client }.write_all(b"second\n");
        let _ = read_to_end(&client); // the end, or a reset if "second" was not read
        assert_echoed(&connect(&server), "another\n");
        server.assert_idle();
        assert_eq!(server.end(), "", "{inject}");
        let child = &run.processes()[1];
        assert_eq!(child.end, "exited with 0", "{inject}\n{}", child.text());
    }
}
