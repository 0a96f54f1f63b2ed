//! What a page says of a lab that is not its C program.

use labscope::compare::Mismatch;
use labscope::scenario::Difference;
use labscope_study::Recorded;

use crate::pages::{page, recorded, written};
use crate::tags::tags;

#[test]
fn all_labs_are_their_c_programs_but_for_what_is_declared() {
    let recorded = recorded();
    for lab in recorded.iter() {
        let different: Vec<&str> = lab
            .different()
            .map(|one| one.scenario.name.as_str())
            .collect();
        assert!(different.is_empty(), "{}: {different:?}", lab.lab);
    }
    drop(recorded);
    let verdicts = |name: &str, class: &str| {
        let tags = tags(page(name));
        let verdicts = tags.iter().filter(|tag| tag.has_class("verdict"));
        verdicts.filter(|tag| tag.has_class(class)).count()
    };
    assert_eq!(verdicts("fork_test.html", "declared"), 0);
    assert!(verdicts("fork_test.html", "same") > 1);
    assert!(verdicts("echo_server_fork.html", "declared") > 1);
}

/// Where the recording has it.
fn place_of_fork_test(recorded: &[Recorded]) -> usize {
    let mut labs = recorded.iter();
    labs.position(|one| one.lab == "fork_test")
        .expect("fork_test")
}

#[test]
fn a_difference_is_said_plainly() {
    let mut recorded = recorded();
    let place = place_of_fork_test(&recorded);
    let run_pair = &mut recorded[place].outcomes[0].run_pairs[0];
    let process = "1.7".to_owned();
    run_pair.mismatches.push(Mismatch::OnlyTheC { process });
    let different = recorded[place].different().count();
    let files = written(&recorded[place..=place]);
    recorded[place].outcomes[0].run_pairs[0].mismatches.pop();
    assert_eq!(different, 1);
    let page = &files["fork_test.html"];
    assert!(page.contains(r#"class="verdict different">DIFFERENT"#));
    assert!(page.contains("only the C program has a process 1.7"));
    assert!(files["fork_test.ko.html"].contains("C 프로그램에만 있는 프로세스: 1.7"));
    assert!(files["index.html"].contains("1 DIFFERENT"));
}

#[test]
fn a_declared_difference_that_does_not_occur_is_one() {
    let mut recorded = recorded();
    let place = place_of_fork_test(&recorded);
    let never = Difference {
        name: "never".to_owned(),
        ..Difference::default()
    };
    recorded[place].outcomes[0].differences.push(never);
    let files = written(&recorded[place..=place]);
    recorded[place].outcomes[0].differences.pop();
    let page = &files["fork_test.html"];
    assert!(page.contains(r#"class="verdict different">DIFFERENT"#));
    assert!(page.contains("declared, but it did not occur: never"));
    assert!(!page.contains("None: in every scenario"));
}
