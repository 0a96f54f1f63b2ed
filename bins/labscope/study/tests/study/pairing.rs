//! Lines that make the same calls belong together.

use crate::pages::{page, pages_of_labs};
use crate::tags::tags;

/// A line of a listing.
struct Line<'a> {
    id: &'a str,
    code: String,
    with: Option<Vec<&'a str>>,
}

fn lines(page: &str) -> Vec<Line<'_>> {
    let tags = tags(page);
    let starts = tags
        .iter()
        .enumerate()
        .filter(|(_, tag)| tag.name == "li" && tag.get("value").is_some());
    starts
        .map(|(place, tag)| {
            let inside = tags[place..].iter().take_while(|tag| tag.name != "/li");
            Line {
                id: tag.get("id").expect("a line has an id"),
                code: inside.map(|tag| tag.text).collect(),
                with: tag
                    .get("data-with")
                    .map(|with| with.split_whitespace().collect()),
            }
        })
        .collect()
}

/// The only line of a side that holds this text and made calls.
fn caller<'a>(lines: &'a [Line<'a>], side: &str, text: &str) -> &'a Line<'a> {
    let found = lines.iter().filter(|line| {
        line.id.starts_with(side) && line.code.contains(text) && line.with.is_some()
    });
    let found: Vec<&Line> = found.collect();
    let [line] = found.as_slice() else {
        panic!("{} lines of {side} with {text}", found.len());
    };
    line
}

#[test]
fn a_call_of_c_belongs_to_the_same_call_of_rust() {
    let fork_test = lines(page("fork_test.html"));
    let server = lines(page("echo_server_fork.html"));
    let pairs = [
        (&fork_test, "fork();", "fork();"),
        (&fork_test, "getchar();", "getchar();"),
        (&fork_test, "P : %d", "P : {}"),
        (&fork_test, "C : %d", "C : {}"),
        (&server, "fork(", "fork("),
        (&server, "listen(", "listen("),
    ];
    for (lines, c, rust) in pairs {
        let (c, rust) = (caller(lines, "c", c), caller(lines, "r", rust));
        assert_eq!(c.with, Some(vec![rust.id]), "{}", c.code);
        assert_eq!(rust.with, Some(vec![c.id]), "{}", rust.code);
    }
}

#[test]
fn a_line_that_made_no_call_is_not_marked() {
    let lines = lines(page("fork_test.html"));
    for text in ["i += 2", "i++", "Err(_)", "hit a key "] {
        let mut silent = lines.iter().filter(|line| line.code.contains(text));
        assert!(silent.all(|line| line.with.is_none()), "{text}");
    }
}

#[test]
fn pairs_are_mutual() {
    for (name, text) in pages_of_labs() {
        let lines = lines(text);
        for line in &lines {
            for other in line.with.iter().flatten() {
                let other = lines.iter().find(|one| one.id == *other).expect("a line");
                let back = other.with.iter().flatten().any(|id| *id == line.id);
                assert!(back, "{name}: {} and {}", line.id, other.id);
            }
        }
    }
}

#[test]
fn every_line_with_calls_has_a_row_that_shows_them() {
    for (name, text) in pages_of_labs() {
        let tags = tags(text);
        let rows = tags
            .iter()
            .filter(|tag| tag.name == "tr")
            .filter_map(|tag| tag.get("data-of"));
        let told: Vec<&str> = rows.flat_map(str::split_whitespace).collect();
        for line in lines(text).iter().filter(|line| line.with.is_some()) {
            assert!(
                told.contains(&line.id),
                "{name}: no row has {}: {}",
                line.id,
                line.code
            );
        }
    }
}

#[test]
fn marks_of_a_timeline_know_their_line() {
    let text = page("fork_test.html");
    let lines = lines(text);
    let fork = caller(&lines, "r", "fork();");
    let marks = tags(text).into_iter().filter(|tag| tag.name == "text");
    let mut of_fork = marks.filter(|tag| tag.get("data-of") == Some(fork.id));
    assert!(
        of_fork.any(|tag| tag.text.contains("fork")),
        "no mark of {}",
        fork.id
    );
}
