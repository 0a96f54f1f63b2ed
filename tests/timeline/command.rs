//! A process that becomes another program.

use labscope::timeline::MarkKind;

use crate::timeline_of;

#[test]
fn its_own_calls_have_lines_and_those_of_the_next_program_none() {
    let becomes = timeline_of("command", "tty");
    let [lane] = becomes.lanes.as_slice() else {
        panic!("one lane: {becomes:#?}");
    };
    let mut marks = lane.marks.iter();
    let exec = marks.position(|mark| matches!(mark.kind, MarkKind::Exec(_)));
    let (own, others) = lane.marks.split_at(exec.expect("an exec") + 1);
    assert!(own.iter().all(|mark| mark.line.is_some()), "{own:#?}");
    assert!(others.iter().all(|mark| mark.line.is_none()), "{others:#?}");
}
