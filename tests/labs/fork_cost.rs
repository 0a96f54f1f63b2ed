//! fork_cost: page tables grow with the memory, and a child by vfork has none of its own.

use labscope::Status;

use super::support::{self, bounded, output, text_of};
use super::{run_traced, stdout};

/// The kB of page tables in each line.
fn page_tables(text: &str) -> Vec<u64> {
    let lines = text.lines().skip(1);
    let kb = lines.map(|line| {
        line.split(" kB")
            .next()
            .unwrap()
            .rsplit(' ')
            .next()
            .unwrap()
    });
    kb.map(|kb| kb.parse().unwrap()).collect()
}

#[test]
fn page_tables_grow_by_eight_bytes_a_page() {
    for program in [support::lab("fork_cost"), support::twin("fork_cost")] {
        let seen = output(bounded(program).arg("64"));
        let text = text_of(&seen);
        let tables = page_tables(&text);
        // 64 MiB are 16384 pages of 4 KiB.
        assert!(tables[1] >= tables[0] + 128, "{text}");
        assert_eq!((tables.len(), seen.status.code()), (3, Some(0)), "{text}");
    }
}

#[test]
fn each_way_makes_five_children_a_line_and_all_are_waited_for() {
    let transcript = run_traced("fork_cost", "pipe");
    let trace = transcript.trace.as_ref().unwrap();
    let count = |name: &str| {
        let calls = trace.calls_of(transcript.pids[0]);
        calls
            .filter(|call| super::name(call) == name && call.value() > Some(0))
            .count()
    };
    assert_eq!(
        (count("fork"), count("vfork"), count("wait4")),
        (15, 15, 30)
    );
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    assert!(transcript.left.is_empty(), "{:?}", transcript.left);
    // Children that end by _exit leave the copy of the buffer alone.
    let text = stdout(&transcript);
    assert_eq!(text.matches("memory ").count(), 1, "{text}");
}

#[test]
fn too_much_memory_is_told() {
    for program in [support::lab("fork_cost"), support::twin("fork_cost")] {
        let mut limited = bounded("prlimit");
        let seen = output(
            limited
                .args(["--as=67108864", "--"])
                .arg(program)
                .arg("256"),
        );
        let text = text_of(&seen);
        assert!(text.contains("not so much memory\n"), "{text}");
        assert_eq!(seen.status.code(), Some(1));
    }
}
