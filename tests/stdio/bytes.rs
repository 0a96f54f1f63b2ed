//! fwrite, which is printf without a format, and fprintf, which is printf to a stream.

use crate::support::{compile_c, probe};
use crate::twins::{FULL, In, NOTHING, OUTS, Out, agree, agree_but_for_portions, agree_under, run};

#[test]
fn bytes_leave_as_a_text_does() {
    for stdout in OUTS {
        agree(
            NOTHING,
            stdout,
            &["w:one\n", "w:two", "w: more\nrest", "w:", "w:\n"],
        );
        agree(NOTHING, stdout, &["w:rest"]);
        agree(NOTHING, stdout, &["w0", "p:c", "w0", "w:\n"]); // NUL is a byte like any other
        // The two share one buffer, and so does fprintf(stdout).
        agree(
            NOTHING,
            stdout,
            &[
                "p:Read Data : ",
                "w:hello\n",
                "pd:1",
                "w:a",
                "fp:b\nc",
                "p:d",
            ],
        );
    }
    agree(In::Tty("ab\n"), Out::Tty, &["w:prompt ", "getc", "w:x"]);
    agree(In::Pipe("ab\n"), Out::Tty, &["w:prompt ", "getc", "w:x"]);
    agree(
        NOTHING,
        Out::Pipe,
        &["w:once\n", "w:text", "fork", "w: more\n"],
    );
    agree(NOTHING, Out::Pipe, &["w:lost", "_exit:0"]);
}

#[test]
fn many_bytes_leave_in_bufferfuls() {
    for (stdout, size) in [(Out::Tty, 1024), (Out::Pipe, 4096), (Out::File, 4096)] {
        for count in [
            size - 1,
            size,
            size + 1,
            2 * size,
            2 * size + 1,
            5 * size + 7,
        ] {
            for before in ["flush:out", "w:a\n", "p:abc"] {
                let bytes = format!("wrep:{count}:b");
                agree_but_for_portions(NOTHING, stdout, &[before, &bytes, "w:c"]);
                let lines = format!("wrep:{count}:b\ncd\nef");
                agree_but_for_portions(NOTHING, stdout, &[before, &lines, "w:g\n"]);
            }
        }
    }
}

#[test]
fn bytes_that_cannot_be_written_are_lost() {
    // glibc's fwrite says that all went well; ours returns 0. The calls are the same.
    agree(
        NOTHING,
        FULL,
        &["wq:a\n", "flush:out", "wq:b", "flush:out", "wq:c"],
    );
    agree(
        NOTHING,
        Out::Tty,
        &["wq:a\n", "close:1", "wq:b", "wq:c\n", "wq:d"],
    );
    agree(
        NOTHING,
        Out::Pipe,
        &["close:1", "wq:a\n", "flush:out", "wq:b"],
    );
    for when in 1..4 {
        let inject = format!("write:error=ENOSPC:when={when}");
        let lines = ["wq:a\n", "wq:b\nc", "wq:d\n", "wq:e"];
        agree_under(&[&inject], NOTHING, Out::Pipe, &lines);
    }
}

#[test]
fn what_goes_to_stderr_goes_at_once_and_in_one_piece() {
    for operations in [
        &["e:text\n"][..],
        &["e:no newline", "e: and more\n"],
        &["ed:-5", "e:", "ed:7"],
        &["p:waits", "e:does not wait\n", "flush:out", "e:x"],
        &["e:한글 %s {}\n"],
        &["we:bytes\n", "we:", "w:waits", "we:no newline", "e:x"],
        &["close:2", "e:nobody hears\n"],
    ] {
        agree(NOTHING, Out::Pipe, operations);
    }
    // A short write is followed by another, of the rest.
    for operation in ["e:in two pieces\n", "we:in two pieces\n"] {
        let short = ["write:retval=3:when=1"];
        agree_under(&short, NOTHING, Out::Pipe, &[operation]);
    }
    // More than fits a line of ours: in pieces, but the same bytes.
    let long = format!("e:{}\n", "x".repeat(2000));
    let both = [compile_c("stdio"), probe("probe_stdio")]
        .map(|program| run(&program, NOTHING, Out::Pipe, &[], &[&long]).errors);
    assert_eq!(both[0], both[1]);
}
