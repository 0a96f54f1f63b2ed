//! stdin: what a read costs, and what its end and its errors mean.

use crate::twins::{In, NOTHING, OUTS, Out, agree, agree_under};

#[test]
fn a_prompt_shows_before_a_read_from_a_terminal() {
    let ask = [
        "p:prompt ",
        "getc",
        "p:again ",
        "getc",
        "getc",
        "p:third ",
        "gets:10",
        "p:x",
    ];
    for stdout in OUTS {
        agree(In::Tty("ab\ncd\n"), stdout, &ask);
        agree(In::Pipe("ab\ncd\n"), stdout, &ask);
        agree(In::File("ab\ncd\n"), stdout, &ask);
    }
    // Not when stdout has not been used, nor when it has nothing to show.
    agree(
        In::Tty("ab\ncd\n"),
        Out::Tty,
        &["getc", "p:a\n", "skip:2", "getc"],
    );
    // Nor when the end of the input is known already.
    agree(
        In::Tty("\u{4}"),
        Out::Tty,
        &["getc", "p:prompt", "getc", "flush:in"],
    );
}

#[test]
fn the_end_of_the_input_is_final() {
    for stdin in [
        In::Tty("ab\n\u{4}cd\n"),
        In::Pipe("ab\n"),
        In::File("ab\n"),
        NOTHING,
    ] {
        agree(
            stdin,
            Out::Tty,
            &["skip:3", "getc", "getc", "gets:9", "flush:in", "getc"],
        );
        agree(stdin, Out::Tty, &["gets:9", "gets:9", "gets:9", "getc"]);
    }
    let grows = [
        "skip:3",
        "getc",
        "append:INPUT",
        "getc",
        "gets:9",
        "flush:in",
        "getc",
    ];
    agree(In::File("ab\n"), Out::Pipe, &grows);
    // Here the end was not yet seen.
    agree(
        In::File("ab\n"),
        Out::Pipe,
        &["skip:3", "append:INPUT", "getc", "gets:9"],
    );
}

#[test]
fn a_read_error_is_not_final() {
    agree(
        In::File("ab\n"),
        Out::Pipe,
        &["close:0", "getc", "open:INPUT", "getc", "gets:9"],
    );
    agree(
        In::File("ab\n"),
        Out::Pipe,
        &["getc", "close:0", "getc", "getc", "getc", "gets:9"],
    );
    agree(In::Path("/"), Out::Pipe, &["getc", "gets:9", "getc"]);
    for error in ["EIO", "EINTR", "EAGAIN"] {
        for when in 1..4 {
            let inject = format!("read:error={error}:when={when}");
            let ask = ["p:? ", "gets:9", "getc", "gets:9", "p:? ", "getc", "getc"];
            for stdin in [In::Tty("ab\ncd\n"), In::Pipe("ab\ncd"), In::File("ab\ncd")] {
                agree_under(&[&inject], stdin, Out::Tty, &ask);
            }
        }
    }
}

#[test]
fn fgets_takes_a_line_or_what_fits() {
    let ins = [
        In::Pipe("12345\n789\nlast"),
        In::File("12345\n789\nlast"),
        In::Tty("12345\n789\nlast\u{4}\u{4}"),
        In::Pipe("\n\n\n"),
        In::Pipe("a\0b\nc\0"), // NUL is a byte like any other
        In::Pipe("\u{ff}\u{ac00}\n"),
        NOTHING,
    ];
    for stdin in ins {
        for size in [0, 1, 2, 5, 6, 7, 100] {
            let gets: &str = &format!("gets:{size}");
            agree(stdin, Out::Tty, &[gets, gets, "getc", gets, gets, gets]);
        }
    }
}

#[test]
fn fgets_reads_on_until_the_line_is_whole() {
    let long: &'static str = "x".repeat(9000).leak();
    for stdin in [In::Pipe(long), In::File(long)] {
        for size in [4096, 4097, 4098, 8193, 9000, 9001, 9002] {
            agree(
                stdin,
                Out::Pipe,
                &[&format!("gets:{size}"), "getc", "gets:20"],
            );
        }
    }
    let long: &'static str = format!("{}\nabc\n", "y".repeat(2500)).leak();
    agree(In::Tty(long), Out::Tty, &["gets:3000", "gets:10"]);
    agree(
        In::Tty("ab\u{4}cd\u{4}ef\n"),
        Out::Tty,
        &["p:> ", "gets:10", "p:> "],
    );
}

#[test]
fn an_error_in_the_middle_of_a_line_loses_it() {
    for error in ["EIO", "EINTR", "EAGAIN"] {
        let inject = format!("read:error={error}:when=2");
        let ask = ["gets:10", "gets:10", "getc"];
        agree_under(&[&inject], In::Tty("ab\u{4}cd\n"), Out::Tty, &ask);
        agree_under(&[&inject], In::File("ab"), Out::Tty, &ask);
    }
    // But for "nothing there now", which leaves what has come.
    agree(
        In::NonBlocking("ab\ncd"),
        Out::Pipe,
        &["gets:10", "gets:10", "gets:10", "getc"],
    );
}
