//! What has no end of itself comes to one, and is told.

use labscope::Cap;
use labscope::control::Input;
use labscope::orders::{Bound, Status};

use crate::programs::{Program, expect, outputs};

#[test]
fn a_program_without_end_is_cut_off() {
    let program =
        Program::main("int child = fork(); while (1) { say(child ? \"p\" : \"c\"); sleep(1); }");
    let found = program.explore();
    assert!(
        matches!(found.bound, Some(Bound::Steps(_))),
        "{:?}",
        found.bound
    );
    assert!(
        found
            .outcomes
            .iter()
            .all(|it| it.status == Status::Unfinished)
    );
    assert!(outputs(&found).len() > 1);
    program.is_gone();
}

#[test]
fn a_fork_bomb_is_stopped() {
    let program = Program::main("while (1) fork();");
    let found = program.explore();
    assert_eq!(found.bound, Some(Bound::Cap(Cap::Processes)));
    program.is_gone();
}

#[test]
fn a_program_that_spins_is_stopped() {
    let program = Program::main("signal(SIGXCPU, SIG_IGN); say(\"a\"); while (1);");
    let found = program.explore();
    assert_eq!(found.bound, Some(Bound::Cap(Cap::Processor)));
    program.is_gone();
}

#[test]
fn a_flood_is_stopped() {
    let program = Program::main(
        "static char much[65536]; memset(much, 'x', sizeof much); while (1) write(1, much, sizeof much);",
    );
    let found = program.explore();
    assert!(
        matches!(found.bound, Some(Bound::Cap(Cap::Output))),
        "{:?}",
        found.bound
    );
    program.is_gone();
}

#[test]
fn somebody_who_waits_for_ever_is_an_outcome() {
    let program = Program::main("if (fork() == 0) { pause(); return 0; } say(\"p\"); return 0;");
    let found = program.explore();
    expect(&found, &["p"]);
    assert_eq!(found.outcomes[0].waiting, ["<1.1> pause"]);
    program.is_gone();
}

#[test]
fn input_is_typed_line_by_line_then_at_its_end() {
    let program = Program::main(
        "char line[99]; while (fgets(line, sizeof line, stdin)) printf(\"[%s]\", line); printf(\"end\"); return 0;",
    );
    let with = |text: &str| {
        let bytes = text.as_bytes().to_vec();
        program.explore_as(|settings| settings.input = Input::Bytes(bytes))
    };
    expect(&with("one\ntwo\n"), &["[one\n][two\n]end"]);
    expect(&with("one\ntw"), &["[one\n][tw]end"]);
    expect(&with(""), &["end"]);
}

#[test]
fn a_newline_is_typed_whenever_somebody_waits_for_one() {
    let program = Program::main(
        "int child = fork(); int c = getchar(); if (child == 0) return c == '\\n';
         int status; wait(&status); printf(\"%d%d\", c == '\\n', WEXITSTATUS(status)); return 0;",
    );
    let found = program.explore();
    expect(&found, &["11"]);
    assert_eq!(found.runs, 1);
}

#[test]
fn input_is_shared_out_in_every_order() {
    let program = Program::main(
        "setbuf(stdin, NULL); int child = fork(); int c = getchar(); if (child == 0) return c;
         int status; wait(&status); printf(\"%c%c\", c, WEXITSTATUS(status)); return 0;",
    );
    let bytes = Input::Bytes(b"ab".to_vec());
    let found = program.explore_as(|settings| settings.input = bytes);
    expect(&found, &["ab", "ba"]);
}
