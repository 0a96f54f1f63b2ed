//! The first use of a stream, and what becomes of the buffers: exit, fork, fflush; perror, which has none.

use crate::support::{compile_c, probe};
use crate::twins::{FULL, In, NOTHING, OUTS, Out, agree, run};

#[test]
fn a_stream_that_nobody_uses_costs_nothing() {
    for stdout in OUTS {
        agree(In::Pipe("abc"), stdout, &[]);
        agree(In::Tty("abc\n"), stdout, &["flush:out", "flush:in", "p:"]);
    }
}

#[test]
fn the_first_use_asks_what_the_descriptor_is() {
    let ins = [
        In::Tty("ab\n"),
        In::Pipe("ab"),
        In::File("ab"),
        In::NonBlocking("ab"),
        NOTHING,
        In::Path("/dev/zero"),
        In::Path("/proc/version"), // likes blocks of 1024 bytes
        In::Path("/"),
    ];
    for stdin in ins {
        agree(stdin, Out::Pipe, &["getc", "getc"]);
    }
    for stdout in OUTS {
        agree(NOTHING, stdout, &["p:ab\n", "pd:-5", "p:cd"]);
    }
    // A descriptor that cannot be asked gets a buffer of 8192 bytes.
    agree(NOTHING, Out::Pipe, &["close:0", "getc", "getc", "gets:9"]);
    agree(
        NOTHING,
        Out::Tty,
        &["close:1", "p:ab\n", "rep:8200:a", "p:c"],
    );
}

#[test]
fn exit_gives_unread_input_back() {
    let ends: [&[&str]; 4] = [&[], &["exit:3"], &["exit:256"], &["exit:-1"]];
    for stdin in [
        In::File("abcdef\n"),
        In::Pipe("abcdef\n"),
        In::Tty("abcdef\n"),
    ] {
        for end in ends {
            agree(stdin, Out::Pipe, &[&["p:text", "getc"], end].concat());
            agree(
                stdin,
                Out::Tty,
                &[&["p:text", "getc", "p:more"], end].concat(),
            );
            agree(stdin, Out::Pipe, &[&["gets:99"], end].concat());
        }
        agree(stdin, Out::Pipe, &["getc", "close:0"]);
        // The offset is shared: the parent reads again what the child gave back.
        agree(
            stdin,
            Out::Pipe,
            &[
                "getc",
                "fork",
                "child:getc",
                "child:exit:3",
                "gets:99",
                "getc",
            ],
        );
        agree(
            stdin,
            Out::Pipe,
            &["fork", "child:getc", "child:exit:3", "gets:99"],
        );
    }
}

#[test]
fn other_ends_neither_write_nor_give_back() {
    for end in [
        "_exit:3",
        "kill:9",
        "kill:15",
        "exec:/bin/true",
        "exec:/nowhere",
    ] {
        for stdin in [
            In::File("abcdef\n"),
            In::Pipe("abcdef\n"),
            In::Tty("abcdef\n"),
        ] {
            agree(stdin, Out::Pipe, &["p:text", "getc", "p:more", end]);
        }
        agree(
            In::Tty("ab\n"),
            Out::Tty,
            &["p:line\nrest", "getc", "p:more", end],
        );
        agree(
            In::Tty("ab\n"),
            FULL,
            &["p:line\nrest", "getc", "p:more", end],
        );
    }
}

#[test]
fn fork_copies_the_buffers() {
    for stdout in OUTS {
        agree(
            In::Pipe("abc"),
            stdout,
            &["p:once\n", "p:text", "fork", "p: more\n"],
        );
        agree(
            In::File("abc"),
            stdout,
            &["getc", "p:text", "fork", "getc", "pd:1", "fork", "pd:2"],
        );
    }
    agree(
        In::Tty("ab\ncd\nef\n"),
        Out::Tty,
        &["p:? ", "fork", "getc", "p:? ", "skip:2", "getc"],
    );
    agree(NOTHING, Out::Pipe, &["many:4090:a", "fork", "many:10:b"]);
    agree(
        NOTHING,
        Out::Pipe,
        &["p:text", "fork", "child:_exit:0", "parent:p: more"],
    );
    agree(
        NOTHING,
        Out::Pipe,
        &[
            "p:text",
            "flush:out",
            "fork",
            "child:p:child",
            "parent:p:parent",
        ],
    );
}

#[test]
fn fflush_writes_out_or_gives_back() {
    for stdout in OUTS {
        agree(
            NOTHING,
            stdout,
            &[
                "flush:out",
                "p:ab",
                "flush:out",
                "flush:out",
                "p:\n",
                "flush:out",
            ],
        );
    }
    for stdin in [
        In::File("abcdef\n"),
        In::Pipe("abcdef\n"),
        In::Tty("abcdef\n"),
        NOTHING,
    ] {
        agree(
            stdin,
            Out::Tty,
            &[
                "flush:in", "getc", "flush:in", "flush:in", "getc", "skip:5", "flush:in",
            ],
        );
    }
    let gone = [
        "getc", "close:0", "flush:in", "flush:in", "getc", "flush:in",
    ];
    agree(In::File("abcdef\n"), Out::Pipe, &gone);
    agree(
        In::File("abc"),
        Out::Pipe,
        &["p:ab", "close:1", "flush:out", "flush:out", "p:cd"],
    );
}

#[test]
fn perror_writes_one_line_with_the_words_of_c() {
    for operation in [
        "perror:2:open",
        "perror:9:",
        "perror:133:a: b",
        "perror:0:c",
        "perror:999:d",
    ] {
        let words = run(&compile_c("stdio"), NOTHING, Out::Pipe, &[], &[operation]).errors;
        let ours = run(&probe("probe_stdio"), NOTHING, Out::Pipe, &[], &[operation]);
        assert_eq!(ours.errors, words, "probe_stdio {operation:?}");
        let line = words.strip_suffix('\n').unwrap();
        let call = format!(
            "write(2, \"{line}\\n\", {0}) = {0}\nexited with 0",
            words.len()
        );
        assert_eq!(ours.processes, [call], "probe_stdio {operation:?}");
    }
    // A short write is followed by another, of the rest.
    let short = ["write:retval=3:when=1"];
    let perror = ["perror:2:open"];
    let ours = run(&probe("probe_stdio"), NOTHING, Out::Pipe, &short, &perror);
    assert_eq!(
        ours.errors, "n: No such file or directory\n",
        "{}",
        ours.processes[0]
    );
    // Nothing waits, and stdout's buffer is left alone; nowhere to write is no harm.
    for operations in [["p:text", "perror:2:open"], ["close:2", "perror:2:open"]] {
        let c = run(&compile_c("stdio"), NOTHING, Out::Pipe, &[], &operations);
        let ours = run(&probe("probe_stdio"), NOTHING, Out::Pipe, &[], &operations);
        assert_eq!(
            (ours.output, ours.errors),
            (c.output, c.errors),
            "{operations:?}"
        );
    }
}
