//! stdout: when what has been printed leaves, and in which portions.

use libc::c_int;
use rawlabs::arguments;

use crate::twins::{FULL, In, NOTHING, NULL, Out, agree, agree_but_for_portions, agree_under};

#[test]
fn a_full_buffer_is_written() {
    for (stdout, size) in [
        (Out::Tty, 1024),
        (Out::Pipe, 4096),
        (Out::File, 4096),
        (NULL, 4096),
    ] {
        for count in [size - 1, size, size + 1, 2 * size, 2 * size + 1] {
            // By many small printfs, and by a small one that goes beyond the end.
            agree(NOTHING, stdout, &[&format!("many:{count}:a"), "flush:in"]);
            agree(
                NOTHING,
                stdout,
                &["p:12345", &format!("many:{}:1234567", count / 7), "pd:3"],
            );
            // By one printf, into no buffer, into an empty one and behind another text.
            for before in ["flush:out", "p:a\n", "p:abc"] {
                let whole = format!("rep:{count}:b");
                agree_but_for_portions(NOTHING, stdout, &[before, "flush:out", &whole, "p:c"]);
                agree_but_for_portions(NOTHING, stdout, &[before, &whole, "p:c"]);
            }
        }
        agree_but_for_portions(NOTHING, stdout, &["p:abc", "rep:30000:x\ny", "p:def"]);
    }
}

#[test]
fn on_a_terminal_lines_leave_and_the_rest_stays() {
    for stdout in [Out::Tty, Out::Pipe, FULL] {
        agree(
            NOTHING,
            stdout,
            &["p:one\n", "p:two", "p: more\nrest", "flush:in", "p:\n"],
        );
        agree(
            NOTHING,
            stdout,
            &["p:rest", "p:\n", "p:\n\n", "p:a\nb\nc", "pd:1"],
        );
    }
}

#[test]
fn the_first_text_on_a_terminal_leaves_line_by_line() {
    agree(NOTHING, Out::Tty, &["p:a\nb\nc", "flush:in", "p:d\ne\n"]);
    agree(NOTHING, Out::Pipe, &["p:a\nb\nc", "flush:in", "p:d\ne\n"]);
}

#[test]
fn lines_at_the_end_of_a_terminals_buffer() {
    for waiting in [1000, 1020, 1023, 1024] {
        let waiting = format!("many:{waiting}:x");
        for text in ["p:abcd", "p:abcd\n", "p:\nabcd", "p:ab\ncd\nef\ngh", "p:\n"] {
            agree(NOTHING, Out::Tty, &[&waiting, text, "flush:in", "p:z\n"]);
            agree(NOTHING, Out::Tty, &[&waiting, "pd:123", text, "p:z\n"]);
        }
        agree_but_for_portions(
            NOTHING,
            Out::Tty,
            &[&waiting, "rep:3000:y\nab\ncd", "p:z\n"],
        );
    }
    agree_but_for_portions(NOTHING, Out::Tty, &["rep:1023:a\n", "p:b", "p:c\n"]);
    agree_but_for_portions(NOTHING, Out::Tty, &["p:\n", "rep:1023:a\n", "p:b", "p:c\n"]);
    agree_but_for_portions(NOTHING, Out::Tty, &["p:\n", "rep:1024:a\n", "p:b", "p:c\n"]);
}

#[test]
fn a_failed_write_drops_what_was_being_written() {
    for stdout in [FULL, Out::Path("/dev/zero")] {
        agree(
            NOTHING,
            stdout,
            &["p:a\n", "flush:out", "p:b", "flush:out", "flush:out", "p:c"],
        );
    }
    agree(NOTHING, FULL, &["many:4097:a", "p:b"]);
    agree_but_for_portions(NOTHING, FULL, &["p:a", "rep:10000:b", "pd:1", "flush:out"]);
    for stdout in [Out::Tty, Out::Pipe] {
        agree(
            NOTHING,
            stdout,
            &["p:a\n", "p:b", "close:1", "p:c\nd", "p:e\n", "pd:7", "p:f"],
        );
        agree(
            NOTHING,
            stdout,
            &["close:1", "many:9000:a", "flush:out", "p:b"],
        );
    }
    // The prompt is lost, the read is made all the same.
    agree(
        In::Tty("ab\n"),
        Out::Tty,
        &["p:prompt", "close:1", "getc", "p:c"],
    );
    // One of several writes fails.
    for when in 1..5 {
        let inject = format!("write:error=ENOSPC:when={when}");
        let lines = ["many:3:line\n", "p:a\nb", "p:c\n", "p:d\ne\nf"];
        agree_under(&[&inject], NOTHING, Out::Tty, &lines);
        agree_under(&[&inject], NOTHING, Out::Pipe, &["many:9000:a", "p:b"]);
    }
}

#[test]
fn a_short_write_is_followed_by_another() {
    for when in ["1", "2", "1+"] {
        let inject = format!("write:retval=1:when={when}");
        let lines = ["many:2:ab\n", "many:1:c", "many:1:d\n"];
        agree_under(&[&inject], NOTHING, Out::Tty, &lines);
        agree_under(&[&inject], NOTHING, Out::Pipe, &lines);
    }
    let inject = ["write:retval=1000:when=1..3"];
    agree_under(&inject, NOTHING, Out::Pipe, &["many:5000:a", "many:5000:b"]);
}

#[test]
fn numbers_print_as_in_c() {
    for number in [0, 1, -1, 9, 10, 99, -100, c_int::MAX, c_int::MIN] {
        agree(NOTHING, Out::Pipe, &[&format!("pd:{number}")]);
        agree(NOTHING, Out::Pipe, &[&format!("ed:{number}")]);
    }
    let ours = arguments!("{} {} {} {}", i64::MIN, i64::MAX, u64::MAX, "x").to_string();
    assert_eq!(ours, format!("{} {} {} x", i64::MIN, i64::MAX, u64::MAX));
    // A width is core's, and an argument beside it prints as ever.
    let ours = arguments!("{:5}|{:<5}|{:02}|{}|{:02x}", -7, 7, 7, '*', 255).to_string();
    assert_eq!(ours, "   -7|7    |07|*|ff");
}
