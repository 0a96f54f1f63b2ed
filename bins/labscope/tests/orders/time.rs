//! Sleeps in virtual time.

use std::time::Duration;

use labscope::control::{Machine, Performed, Sleeps};

use crate::programs::{Program, expect};

const TWO: &str = "if (fork() == 0) { sleep(1); say(\"1\"); return 0; } sleep(2); say(\"2\"); wait(NULL); return 0;";

#[test]
fn the_shorter_sleep_ends_first() {
    let found = Program::main(TWO).explore();
    expect(&found, &["12"]);
    assert_eq!(found.runs, 1);
}

#[test]
fn sleeps_may_end_in_any_order_where_that_is_asked_for() {
    let found = Program::main(TWO).explore_as(|settings| settings.sleeps = Sleeps::Any);
    expect(&found, &["12", "21"]);
}

#[test]
fn equal_sleeps_end_in_both_orders() {
    let program = Program::main(
        "if (fork() == 0) { sleep(1); say(\"c\"); return 0; } sleep(1); say(\"p\"); return 0;",
    );
    expect(&program.explore(), &["cp", "pc"]);
}

#[test]
fn a_sleep_costs_nothing_and_time_passes() {
    let program = Program::main("say(\"a\"); sleep(1000000); say(\"b\"); return 0;");
    let found = program.explore();
    expect(&found, &["ab"]);
    let mut machine = Machine::new(program.settings()).expect("a machine");
    machine.restart().expect("a run");
    let step = |machine: &mut Machine| match machine.perform(1).expect("a step") {
        Performed::Done(event) => event.call.to_string(),
        Performed::Waits => panic!("it waits"),
    };
    assert_eq!(step(&mut machine), "write = 1");
    assert_eq!(
        (machine.may_go_on(1), machine.now()),
        (false, Duration::ZERO)
    );
    assert_eq!(machine.pass_time().expect("time"), [1]);
    assert_eq!(machine.now(), Duration::from_secs(1_000_000));
    assert_eq!(step(&mut machine), "write = 1");
}

#[test]
fn an_alarm_rings_in_its_time() {
    let before = "static void ring(int signal) { say(\"r\"); }";
    let body = "signal(SIGALRM, ring); alarm(3); if (fork() == 0) { sleep(2); say(\"2\"); sleep(2); say(\"4\"); return 0; }
         while (wait(NULL) < 0); return 0;";
    expect(&Program::with(before, body).explore(), &["2r4"]);
}

#[test]
fn a_signal_ends_a_sleep() {
    let before = "static void wake(int signal) { say(\"w\"); }";
    let body = "signal(SIGUSR1, wake); pid_t parent = getpid(); if (fork() == 0) { sleep(1); kill(parent, SIGUSR1); return 0; }
         printf(\"%u left\", sleep(10)); return 0;";
    expect(&Program::with(before, body).explore(), &["w9 left"]);
}

#[test]
fn a_wait_with_a_deadline_ends_at_it() {
    let program = Program::with(
        "#include <poll.h>",
        "int ends[2]; pipe(ends); struct pollfd end = {ends[0], POLLIN, 0};
         printf(\"%d\", poll(&end, 1, 20)); return 0;",
    );
    expect(&program.explore(), &["0"]);
}
