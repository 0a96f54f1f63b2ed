//! What the memory panel shows was in the memory of the processes: of labs, of their C programs, of a student's file.

use std::path::{Path, PathBuf};
use std::process::Command;

use labscope::run::record::record_program;
use labscope::source::Attribution;
use labscope::timeline::{Fork, Memory, Timeline, Variable, of_program};

use crate::support::{self, Scratch, root};
use crate::{scenario_of, timeline_of};

/// The timeline of a C program in a scenario without injections.
fn of_c(lab: &str, program: &Path, scenario: &str) -> Timeline {
    support::traced(lab);
    support::labscope();
    let mut scenario = scenario_of(lab, scenario);
    // A lab's call of that name is not its C program's.
    scenario.inject.retain(|it| !it.starts_with("fork"));
    let transcript = record_program(root(), program, &scenario, None).expect("a run");
    let folder = program.parent().expect("its folder");
    let sites = Attribution::new(folder).expect("its folder");
    let sites = sites.sites(transcript.trace.as_ref().expect("a trace"));
    of_program(lab, &scenario, &transcript, &sites).expect("a model")
}

fn only_fork(timeline: &Timeline) -> &Fork {
    let [fork] = timeline.forks.as_slice() else {
        panic!("one fork: {:#?}", timeline.forks);
    };
    fork
}

/// The first and the last value of a variable that is there once.
fn value<'a>(memory: &'a Memory, name: &str) -> (&'a str, &'a str) {
    let mut own = memory.variables.iter().filter(|one| one.name == name);
    let (Some(one), None) = (own.next(), own.next()) else {
        panic!("{name} once: {memory:#?}");
    };
    let told = |value: &'a Option<String>| value.as_deref().unwrap_or("nowhere");
    (told(&one.first), told(&one.last))
}

#[test]
fn a_c_program_has_what_fork_returned_and_counts_in_both_processes() {
    let timeline = of_c("fork_test", &support::twin("fork_test"), "tty");
    let fork = only_fork(&timeline);
    let pid = fork.child.to_string();
    assert_eq!(value(&fork.of_parent, "pid"), (&*pid, &*pid));
    assert_eq!(value(&fork.of_child, "pid"), ("0", "0"));
    for (memory, step) in [(&fork.of_parent, 1), (&fork.of_child, 2)] {
        let (first, last) = value(memory, "i");
        let last: i32 = last.parse().expect("a number");
        assert_eq!(first, "100");
        assert!(last >= 102 && (last - 100) % step == 0, "{last}");
    }
    let line: Vec<&str> = fork
        .code
        .iter()
        .filter(|it| it.2)
        .map(|it| &*it.1)
        .collect();
    assert_eq!(line, ["pid = fork();"]);
}

#[test]
fn the_parent_has_the_status_word_of_its_child_at_its_end() {
    let twin = of_c("wait_status", &support::twin("wait_status"), "tty");
    let lab = timeline_of("wait_status", "tty");
    for timeline in [twin, lab] {
        let fork = only_fork(&timeline);
        let (_, last) = value(&fork.of_parent, "pstatus");
        assert_eq!(last, "25600", "{fork:#?}");
        let (_, last) = value(&fork.of_child, "pstatus");
        assert_ne!(last, "25600", "{fork:#?}");
    }
}

/// A student's program: names of its own, an array, a text, a letter, a variable of the whole program.
const STUDENT: &str = r#"
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int rounds = 7;
enum state { WAITING, READY };

int main(void)
{
    int numbers[2] = { 3, 4 };
    char *greeting = "hello";
    char name[16] = "kim";
    char letter = 'x';
    unsigned long big = 1UL << 40;
    enum state state = READY;
    double half = 0.5;
    pid_t who;

    printf("Program Start!!\n");
    printf("hit a key ");
    getchar();
    who = fork();
    if (who == 0) {
        rounds++;
        numbers[1] = 5;
        write(1, "C : 102\n", 8);
        return half > 1 || !greeting[0] || !big;
    }
    wait(NULL);
    write(1, "P : 102\n", 8);
    return name[0] == letter || state != READY;
}
"#;

/// A program that the compiler may improve on: a constant, a variable without a use, one that has to lie in memory.
const OPTIMISED: &str = r#"
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int always = 12;
    int useless = getppid();
    int status = 1;

    printf("Program Start!!\n");
    printf("hit a key ");
    getchar();
    useless = useless + always;
    if (fork() == 0) {
        write(1, "C : 102\n", 8);
        return always;
    }
    wait(&status);
    write(1, "P : 102\n", 8);
    return 0;
}
"#;

/// A C program of that source, called like a lab.
fn compiled(scratch: &Scratch, text: &str, level: &str) -> PathBuf {
    let source = scratch.file("mine.c", text);
    let program = scratch.path("fork_test");
    let mut cc = Command::new("cc");
    cc.args([level, "-w", "-g", "-o"])
        .arg(&program)
        .arg(&source);
    assert!(cc.status().expect("cc").success());
    program
}

#[test]
fn what_an_optimising_compiler_does_without_is_told_and_not_made_up() {
    let scratch = Scratch::new();
    let timeline = of_c("fork_test", &compiled(&scratch, OPTIMISED, "-O2"), "tty");
    let fork = only_fork(&timeline);
    assert_eq!(value(&fork.of_parent, "always"), ("12", "12"));
    assert_eq!(value(&fork.of_parent, "status").1, "3072");
    let useless = fork
        .of_parent
        .variables
        .iter()
        .find(|it| it.name == "useless");
    let nowhere = |it: &Variable| it.first.is_none() && it.last.is_none();
    assert!(useless.is_none_or(nowhere), "{fork:#?}");
}

#[test]
fn variables_of_a_students_file_are_shown_whatever_they_are_called() {
    let scratch = Scratch::new();
    let program = compiled(&scratch, STUDENT, "-O0");
    let timeline = of_c("fork_test", &program, "tty");
    let fork = only_fork(&timeline);
    let pid = fork.child.to_string();
    assert_eq!(value(&fork.of_parent, "who"), (&*pid, &*pid));
    assert_eq!(value(&fork.of_child, "who"), ("0", "0"));
    assert_eq!(value(&fork.of_parent, "rounds"), ("7", "7"));
    assert_eq!(value(&fork.of_child, "rounds"), ("8", "8"));
    assert_eq!(value(&fork.of_parent, "numbers"), ("[3, 4]", "[3, 4]"));
    assert_eq!(value(&fork.of_child, "numbers"), ("[3, 5]", "[3, 5]"));
    for (name, expected) in [
        ("greeting", "\"hello\""),
        ("name", "\"kim\""),
        ("letter", "'x'"),
        ("big", "1099511627776"),
        ("state", "READY"),
    ] {
        assert_eq!(value(&fork.of_parent, name), (expected, expected));
    }
    let names = fork.of_parent.variables.iter().map(|one| one.name.as_str());
    let names: Vec<&str> = names.collect();
    assert!(
        !names.contains(&"half"),
        "no number with a point: {names:?}"
    );
}

#[test]
fn in_a_pipe_what_was_printed_before_fork_waits_in_both_processes() {
    let twin = of_c("fork_test", &support::twin("fork_test"), "pipe");
    for timeline in [twin, timeline_of("fork_test", "pipe")] {
        let fork = only_fork(&timeline);
        for memory in [&fork.of_parent, &fork.of_child] {
            let waits = memory.unwritten.as_deref().map(String::from_utf8_lossy);
            let expected = "Program Start!!\nhit a key \n";
            assert_eq!(waits.as_deref(), Some(expected), "{fork:#?}");
        }
    }
    let on_terminal = timeline_of("fork_test", "tty");
    let fork = only_fork(&on_terminal);
    for memory in [&fork.of_parent, &fork.of_child] {
        assert_eq!(memory.unwritten.as_deref(), Some(&[][..]), "{fork:#?}");
    }
}
