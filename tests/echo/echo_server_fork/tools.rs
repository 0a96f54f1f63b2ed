//! Programs that others wrote, where they are installed, are served like any client.

use std::fs::File;
use std::process::{Command, Stdio};

use crate::support::server::Server;
use crate::support::{Scratch, bounded, output, text_of};
use crate::{SERVER, noise};

/// Reads its address and port from `$1` and `$2`; sends its input and shows what comes back.
const TOOLS: [(&str, &str); 4] = [
    ("socat", "exec socat -t 30 - TCP4:$1:$2"),
    ("nc.openbsd", "exec nc.openbsd -N $1 $2"),
    ("ncat", "exec ncat $1 $2"),
    (
        "bash",
        "exec 3<>/dev/tcp/$1/$2 && head -c 1000 >&3 && exec head -c 1000 <&3",
    ),
];

#[test]
fn what_other_programs_send_comes_back() {
    let server = Server::new(SERVER);
    let scratch = Scratch::new();
    let input = scratch.file("input", noise(1000));
    let found = TOOLS.into_iter().filter(|(name, _)| {
        let known = Command::new("sh")
            .args(["-c", "command -v \"$0\" >/dev/null", name])
            .status();
        known.unwrap().success()
    });
    for (name, script) in found {
        let (address, port) = (
            server.address.ip().to_string(),
            server.address.port().to_string(),
        );
        let mut tool = bounded(if name == "bash" { "bash" } else { "sh" });
        tool.args(["-c", script, "-", &address, &port])
            .stdin(File::open(&input).unwrap())
            .stderr(Stdio::piped());
        let seen = output(&mut tool);
        assert!(
            seen.stdout == noise(1000),
            "{name}: {}\n{}",
            seen.status,
            text_of(&seen)
        );
        server.children(0);
    }
    assert_eq!(server.end(), "");
}
