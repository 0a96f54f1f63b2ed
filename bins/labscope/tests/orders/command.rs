//! The command line.

use std::path::Path;
use std::process::{Command, Output};

use crate::programs::Program;

const BOTH: &str = "if (fork() == 0) { say(\"c\\n\"); return 0; } say(\"p\\n\"); wait(NULL); printf(\"%d\\n\", getpid()); return 5;";

/// `labscope orders fork_test --c program.c …`
fn orders(program: &Program, arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_labscope"));
    command
        .arg("--root")
        .arg(root)
        .args(["--lang", "en", "orders", "fork_test", "--c"]);
    command.arg(&program.source).args(arguments);
    command.output().expect("labscope")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn json_is_one_object() {
    let program = Program::main(BOTH);
    let output = orders(&program, &["--json"]);
    assert!(output.status.success(), "{output:?}");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found["complete"], true);
    assert_eq!(found["runs"], 2);
    let outcomes = found["outcomes"].as_array().expect("a list");
    let of = |text: &str| outcomes.iter().find(|it| it["output"] == text).expect(text);
    for text in ["c\np\n<1>\n", "p\nc\n<1>\n"] {
        assert_eq!(
            (&of(text)["status"], &of(text)["orders"]),
            (&5.into(), &1.into())
        );
        let steps = of(text)["steps"].as_str().expect("steps");
        let again = orders(&program, &["--steps", steps]);
        assert_eq!(self::text(&again.stdout), text);
    }
    assert_eq!(outcomes.len(), 2);
}

#[test]
fn a_file_that_is_confined_has_the_same_addresses_in_every_run() {
    let program = Program::main(
        "int here; if (fork() == 0) { say(\"c\"); return 0; } say(\"p\"); wait(NULL); printf(\"%p\", &here); return 0;",
    );
    let output = orders(&program, &["--json"]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let outcomes = found["outcomes"].as_array().expect("a list").iter();
    let outputs = outcomes.map(|it| it["output"].as_str().expect("a text"));
    let addresses: Vec<&str> = outputs
        .map(|it| it.trim_start_matches(['c', 'p']))
        .collect();
    assert!(
        matches!(addresses[..], [one, other] if one == other),
        "{found}"
    );
}

#[test]
fn an_examination_question_is_answered() {
    let program = Program::main(BOTH);
    let yes = orders(&program, &["--is", "c\\np\\n<1>"]);
    assert!(yes.status.success());
    assert!(text(&yes.stdout).starts_with("yes: STEPS="), "{yes:?}");
    let no = orders(&program, &["--is", "c\\n<1>\\np"]);
    assert_eq!(no.status.code(), Some(1));
    assert_eq!(text(&no.stdout), "no, in none of 2 orders\n");
}

#[test]
fn outcomes_are_told_with_the_call_at_which_they_part() {
    let output = orders(&Program::main(BOTH), &[]);
    let told = text(&output.stdout);
    assert!(
        told.starts_with("program.c: 2 outcomes, in 2 orders\n"),
        "{told}"
    );
    assert!(told.contains("parts from 1 at step 2: <1.1> write(1, \"c\\n\", 2) = 2; there <1> write(1, \"p\\n\", 2) = 2"), "{told}");
}

#[test]
fn what_cannot_be_done_is_told() {
    let program = Program::main(BOTH);
    for (arguments, why) in [
        (["--steps", "1,x"], "STEPS=1,x"),
        (["--steps", "3"], "at step 1, process 3 cannot go on"),
        (["--steps", "1,1,1"], "at step 3, process 1 cannot go on"),
        (["--out", "printer"], "tty, pipe, file"),
        (["--sleep", "none"], "there is only any"),
        (
            ["--with", "fork_test,nothing"],
            "WITH=nothing: there is no such lab",
        ),
    ] {
        let output = orders(&program, &arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(text(&output.stderr).contains(why), "{output:?}");
    }
}

#[test]
fn what_has_no_end_is_told_to_be_a_beginning() {
    let program =
        Program::main("int child = fork(); while (1) { say(child ? \"p\" : \"c\"); sleep(1); }");
    let told = orders(&program, &[]);
    let told = text(&told.stdout);
    assert!(told.starts_with("program.c: at least "), "{told}");
    assert!(told.contains("does not end by itself"), "{told}");
}
