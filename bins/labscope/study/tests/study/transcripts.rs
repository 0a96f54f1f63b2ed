//! What the recorded runs tell is what happened.

use crate::pages::page;

#[test]
fn a_server_that_sleeps_is_told_to_be_in_accept() {
    let text = page("echo_server_fork.html");
    let run = text.split("id=\"run-tty\"").nth(1).expect("the run");
    let picture = run.split("(pid ").nth(1).expect("the first picture");
    let inside = picture.split(", in ").nth(1).unwrap_or_default();
    assert!(inside.starts_with("accept(3)"), "{picture:.200}");
}
