use labscope::scenario::{Channel, Scenario};
use labscope::tour::RunShown;
use labscope::{Companion, Entry, Played, Status, Transcript};

use super::html;

fn printed(text: &str) -> Entry {
    Entry::Printed {
        bytes: text.as_bytes().to_vec(),
        on: Channel::Terminal,
    }
}

fn typed(text: &str) -> Entry {
    Entry::Typed {
        bytes: text.as_bytes().to_vec(),
        to: Channel::Terminal,
    }
}

fn page(entries: Vec<Entry>) -> String {
    let mut scenario = Scenario::named("test");
    let client = Companion::named("client", Played::Lab("echo_client".to_owned()));
    scenario.companions = vec![client];
    let transcript = Transcript {
        entries,
        status: Some(Status::Exited(0)),
        ..Transcript::default()
    };
    let run = RunShown {
        lab: "lab".to_owned(),
        scenario,
        ..RunShown::default()
    };
    html(&run, &transcript).0
}

#[test]
fn what_was_typed_stands_there_once() {
    let shown = page(vec![
        printed("> "),
        typed("hong\n"),
        Entry::Echoed(b"hong".to_vec()),
        Entry::Echoed(b"\r\n".to_vec()),
        printed("<hong>\r\n\x07"),
        typed("\x03"),
        Entry::Echoed(b"^C".to_vec()),
    ]);
    let terminal = "<samp>&gt; <kbd>hong⏎</kbd>\n&lt;hong&gt;\n^G<kbd>^C</kbd></samp>";
    assert!(shown.contains(terminal), "{shown}");
}

#[test]
fn an_echo_after_the_answer_ends_no_second_line() {
    let late = Entry::Echoed(b"\r\n".to_vec());
    let shown = page(vec![typed("a\n"), printed("\r\n"), late, printed("b")]);
    assert!(shown.contains("<kbd>a⏎</kbd>\nb"), "{shown}");
}

#[test]
fn a_character_may_come_in_two_pieces() {
    let bytes = "한".as_bytes();
    let piece = |bytes: &[u8]| Entry::Printed {
        bytes: bytes.to_vec(),
        on: Channel::Terminal,
    };
    let shown = page(vec![piece(&bytes[..1]), piece(&bytes[1..])]);
    assert!(shown.contains("<samp>한</samp>"), "{shown}");
}

#[test]
fn a_companion_has_its_name_also_when_it_is_started_again() {
    let with = |entry| Entry::With {
        companion: "client-2".to_owned(),
        entry: Box::new(entry),
    };
    let shown = page(vec![
        Entry::Started,
        with(Entry::Started),
        with(printed("hi")),
        printed("ho"),
        with(Entry::Ended(Status::Exited(1))),
    ]);
    for text in [
        r#"<p class="who">lab</p><p class="started"><kbd>$ ./lab</kbd>"#,
        r#"<p class="who">client-2</p><p class="started"><kbd>$ ./echo_client</kbd>"#,
        r#"<pre class="terminal" tabindex="0"><samp>hi"#,
        r#"<p class="who">lab</p><pre class="terminal" tabindex="0"><samp>ho"#,
        "client-2 exited with status 1",
    ] {
        assert!(shown.contains(text), "{text} in {shown}");
    }
    assert_eq!(
        shown.matches("<p class=\"who\">client-2</p>").count(),
        1,
        "{shown}"
    );
}
