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

/// What a parent sees of what its child does, in one call of each.
#[track_caller]
fn seen(before: &str, child: &str, parent: &str) {
    let program = Program::with(
        "#include <dirent.h>\n#include <sys/stat.h>\n#include <sys/syscall.h>\n#include <sys/uio.h>\n#include <linux/openat2.h>",
        &format!(
            "{before} if (fork() == 0) {{ {child} _exit(0); }}
             say({parent} ? \"there\" : \"not yet\"); return 0;"
        ),
    );
    expect(&program.explore(), &["there", "not yet"]);
}

#[test]
fn who_asks_for_a_file_may_find_none() {
    let make = "open(\"made\", O_CREAT | O_WRONLY, 0600);";
    for asks in [
        "stat(\"made\", &about) == 0",
        "lstat(\"made\", &about) == 0",
        "syscall(SYS_newfstatat, AT_FDCWD, \"made\", &about, 0) == 0",
        "statx(AT_FDCWD, \"made\", 0, STATX_SIZE, &more) == 0",
        "access(\"made\", F_OK) == 0",
        "faccessat(AT_FDCWD, \"made\", F_OK, AT_EACCESS) == 0",
        "syscall(SYS_openat2, AT_FDCWD, \"made\", &how, sizeof how) >= 0",
    ] {
        let before = "struct stat about; struct statx more; struct open_how how = { 0 };";
        seen(before, make, asks);
    }
}

#[test]
fn who_asks_for_a_link_a_folder_or_its_entries_may_find_none() {
    let link = "symlink(\"to\", \"made\");";
    seen("char to[9];", link, "readlink(\"made\", to, sizeof to) > 0");
    seen("", "mkdir(\"made\", 0700);", "chdir(\"made\") == 0");
    let inside = "open(\"made/inside\", O_CREAT | O_WRONLY, 0600) >= 0";
    seen("", "mkdir(\"made\", 0700);", inside);
    let folder = "mkdir(\"d\", 0700); int count = 0; DIR *d = opendir(\"d\");";
    let counts = "({ while (readdir(d)) count++; count; }) > 2"; // but . and ..
    seen(folder, "mkdir(\"d/made\", 0700);", counts);
    seen(folder, "mkdir(\"d/made\", 0700);", "rmdir(\"d\") < 0");
}

#[test]
fn who_asks_for_the_size_of_a_file_may_come_before_its_writer() {
    let file = "struct stat about; int file = open(\"f\", O_CREAT | O_RDWR, 0600); char c; struct iovec one = { &c, 1 };";
    let size = "(stat(\"f\", &about), about.st_size)";
    seen(file, "write(file, \"x\", 1);", size);
    seen(file, "pwritev(file, &one, 1, 0);", "pread(file, &c, 1, 0)");
    seen(
        file,
        "pwritev2(file, &one, 1, 0, 0);",
        "preadv(file, &one, 1, 0)",
    );
}

#[test]
fn making_two_files_needs_no_second_order() {
    let program = Program::with(
        "#include <sys/stat.h>",
        "struct stat about; if (fork() == 0) { stat(\"a\", &about); mkdir(\"a\", 0700); stat(\"a\", &about); return 0; }
         mkdir(\"b\", 0700); stat(\"b\", &about); access(\"c\", F_OK); return 0;",
    );
    let found = program.explore();
    expect(&found, &[""]);
    assert_eq!(found.runs, 1);
}
