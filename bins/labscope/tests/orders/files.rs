//! Processes that meet in a file.

use crate::programs::{Program, expect};

const ADD: &str = "static void add(int locked) {
     int file = open(\"counter\", O_RDWR); int count = 0;
     if (locked) flock(file, LOCK_EX);
     read(file, &count, sizeof count); count++;
     lseek(file, 0, SEEK_SET); write(file, &count, sizeof count); close(file); }
#include <sys/file.h>";

fn counting(locked: &str) -> Program {
    let before = format!("#include <sys/file.h>\n{ADD}");
    let body = format!(
        "int count = 0; int file = open(\"counter\", O_RDWR | O_CREAT | O_TRUNC, 0600);
         write(file, &count, sizeof count); close(file);
         if (fork() == 0) {{ add({locked}); return 0; }} add({locked}); wait(NULL);
         file = open(\"counter\", O_RDONLY); read(file, &count, sizeof count); printf(\"%d\", count); return 0;"
    );
    Program::with(&before, &body)
}

#[test]
fn an_update_is_lost_in_some_orders() {
    expect(&counting("0").explore(), &["1", "2"]);
}

#[test]
fn no_update_is_lost_under_a_lock() {
    expect(&counting("1").explore(), &["2"]);
}

#[test]
fn each_run_begins_with_an_empty_folder() {
    let program = Program::main(
        "int new = open(\"once\", O_CREAT | O_EXCL | O_WRONLY, 0600) >= 0;
         if (fork() == 0) { say(\"c\"); return 0; } say(new ? \"new\" : \"old\"); return 0;",
    );
    expect(&program.explore(), &["cnew", "newc"]);
}

#[test]
fn only_one_makes_a_file() {
    let program = Program::main(
        "int child = fork(); int made = open(\"lock\", O_CREAT | O_EXCL | O_WRONLY, 0600) >= 0;
         if (child == 0) return made; int status; wait(&status);
         printf(\"%d%d\", made, WEXITSTATUS(status)); return 0;",
    );
    expect(&program.explore(), &["10", "01"]);
}
