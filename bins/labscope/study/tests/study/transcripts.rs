//! What the recorded runs tell is what happened.

use crate::pages::{page, pages_of_labs};

#[test]
fn a_server_that_sleeps_is_told_to_be_in_accept() {
    let text = page("echo_server_fork.html");
    let run = text.split("id=\"run-tty\"").nth(1).expect("the run");
    let picture = run.split("(pid ").nth(1).expect("the first picture");
    let inside = picture.split(", in ").nth(1).unwrap_or_default();
    assert!(inside.starts_with("accept(3)"), "{picture:.200}");
}

#[test]
fn repetition_in_an_output_is_counted() {
    for (name, text) in pages_of_labs() {
        for screen in text.split("<pre class=\"terminal\"").skip(1) {
            let screen = screen.split("</pre>").next().unwrap_or_default();
            let lines = screen.lines().count();
            assert!(lines <= 120, "{name}: {lines} lines: {screen:.80}");
        }
    }
    assert!(page("fork_test.html").contains(" lines like these"));
    assert!(page("fork_test.ko.html").contains("이와 같은 줄 "));
}
