//! Who waits for whom: children, pipes, other programs.

use labscope::orders::Status;

use crate::programs::{Program, expect, status_of};

#[test]
fn wait_makes_orders_impossible() {
    let waits = "if (fork() == 0) { say(\"c\"); return 0; } wait(NULL); say(\"p\"); return 0;";
    let found = Program::main(waits).explore();
    expect(&found, &["cp"]);
    assert_eq!(found.runs, 1);
    let does_not = "if (fork() == 0) { say(\"c\"); return 0; } say(\"p\"); return 0;";
    expect(&Program::main(does_not).explore(), &["cp", "pc"]);
}

#[test]
fn any_child_may_be_reaped_first_but_only_one_that_is_asked_for() {
    let children =
        "int one = fork(); if (one == 0) return 1; int other = fork(); if (other == 0) return 2;
         int status;";
    let any = format!(
        "{children} wait(&status); printf(\"%d\", WEXITSTATUS(status)); wait(&status); printf(\"%d\", WEXITSTATUS(status)); return 0;"
    );
    expect(&Program::main(&any).explore(), &["12", "21"]);
    let second = format!(
        "{children} waitpid(other, &status, 0); printf(\"%d\", WEXITSTATUS(status)); wait(&status); printf(\"%d\", WEXITSTATUS(status)); return 0;"
    );
    let found = Program::main(&second).explore();
    expect(&found, &["21"]);
    assert_eq!(found.runs, 1);
}

#[test]
fn three_children_are_reaped_in_six_orders() {
    let program = Program::main(
        "for (int i = 1; i <= 3; i++) if (fork() == 0) return i;
         int status; while (wait(&status) > 0) printf(\"%d\", WEXITSTATUS(status)); return 0;",
    );
    expect(
        &program.explore(),
        &["123", "132", "213", "231", "312", "321"],
    );
}

#[test]
fn who_asks_at_once_may_find_nobody() {
    let program = Program::main(
        "if (fork() == 0) return 0; say(waitpid(-1, NULL, WNOHANG) > 0 ? \"reaped\" : \"lives\"); return 0;",
    );
    expect(&program.explore(), &["reaped", "lives"]);
}

#[test]
fn an_orphan_has_another_parent() {
    let program = Program::main(
        "pid_t me = getpid(); if (fork() == 0) { say(getppid() == me ? \"child\" : \"orphan\"); return 0; } return 0;",
    );
    expect(&program.explore(), &["child", "orphan"]);
}

const SUBREAPER: &str = "#include <sys/prctl.h>
static int reaped(void) { int status; return wait(&status) > 0 ? WEXITSTATUS(status) : 0; }";

#[test]
fn an_orphan_is_left_to_a_subreaper() {
    let asks = Program::with(
        SUBREAPER,
        "prctl(PR_SET_CHILD_SUBREAPER, 1);
         if (fork() == 0) { if (fork() == 0) _exit(3); _exit(0); }
         wait(NULL); say(waitpid(-1, NULL, WNOHANG) > 0 ? \"reaped\" : \"lives\"); return 0;",
    );
    expect(&asks.explore(), &["reaped", "lives"]);
    let waits = Program::with(
        SUBREAPER,
        "prctl(PR_SET_CHILD_SUBREAPER, 1); pid_t me = getpid();
         if (fork() == 0) {
             if (fork() == 0) { say(getppid() == me ? \"orphan \" : \"child \"); _exit(3); }
             _exit(1);
         }
         printf(\"%d\", reaped()); printf(\"%d\", reaped()); return 0;",
    );
    expect(&waits.explore(), &["orphan 13", "child 13"]);
}

#[test]
fn the_nearest_subreaper_that_lives_is_left_an_orphan() {
    // The middle one is a subreaper too, and not the lowest, to whom fork does not pass that on.
    let family = |middle: &str| {
        Program::with(
            SUBREAPER,
            &format!(
                "prctl(PR_SET_CHILD_SUBREAPER, 1);
                 if (fork() == 0) {{
                     {middle}
                     if (fork() == 0) {{
                         if (fork() == 0) {{ if (fork() == 0) _exit(4); _exit(0); }}
                         wait(NULL); _exit(10 + reaped());
                     }}
                     int one = reaped(), other = reaped(); printf(\"%d %d \", one, other); fflush(stdout); _exit(1);
                 }}
                 int one = reaped(); printf(\"%d %d\", one, reaped()); return 0;"
            ),
        )
    };
    let near = family("prctl(PR_SET_CHILD_SUBREAPER, 1);").explore();
    expect(&near, &["10 4 1 0", "4 10 1 0"]);
    let far = family("").explore();
    expect(&far, &["10 0 1 4", "10 0 4 1"]);
}

#[test]
fn who_becomes_a_subreaper_late_may_be_left_no_orphan() {
    let program = Program::with(
        SUBREAPER,
        "if (fork() == 0) { if (fork() == 0) _exit(3); _exit(0); }
         prctl(PR_SET_CHILD_SUBREAPER, 1); wait(NULL); printf(\"%d\", reaped()); return 0;",
    );
    expect(&program.explore(), &["0", "3"]);
}

#[test]
fn a_subreaper_hears_of_the_end_of_an_orphan() {
    let program = Program::with(
        &format!("{SUBREAPER} static void handle(int signal) {{ say(\"h\"); }}"),
        "int ends[2]; char c; pipe(ends); prctl(PR_SET_CHILD_SUBREAPER, 1);
         if (fork() == 0) { if (fork() == 0) { close(ends[1]); read(ends[0], &c, 1); _exit(3); } _exit(0); }
         wait(NULL); signal(SIGCHLD, handle); write(ends[1], \"x\", 1);
         say(\"a\"); say(\"b\"); while (wait(NULL) < 0 && errno == EINTR); say(\"c\"); return 0;",
    );
    expect(&program.explore(), &["habc", "ahbc", "abhc"]);
}

#[test]
fn exec_keeps_a_subreaper_and_forgets_who_wants_no_zombies() {
    let again = |before: &str| {
        format!(
            "if (!getenv(\"AGAIN\")) {{ {before} setenv(\"AGAIN\", \"1\", 1); execl(\"/proc/self/exe\", \"program\", NULL); _exit(9); }}"
        )
    };
    let subreaper = again("prctl(PR_SET_CHILD_SUBREAPER, 1);");
    let subreaper = Program::with(
        SUBREAPER,
        &format!(
            "{subreaper} if (fork() == 0) {{ if (fork() == 0) _exit(3); _exit(0); }}
             wait(NULL); say(waitpid(-1, NULL, WNOHANG) > 0 ? \"reaped\" : \"lives\"); return 0;"
        ),
    );
    expect(&subreaper.explore(), &["reaped", "lives"]);
    let no_zombies = again(
        "struct sigaction action = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT }; sigaction(SIGCHLD, &action, NULL);",
    );
    let no_zombies = Program::with(
        SUBREAPER,
        &format!(
            "{no_zombies} if (fork() == 0) _exit(1); if (fork() == 0) _exit(2);
             printf(\"%d\", reaped()); printf(\"%d\", reaped()); return 0;"
        ),
    );
    expect(&no_zombies.explore(), &["12", "21"]);
}

#[test]
fn a_reader_sees_the_end_when_all_writers_have_closed() {
    let program = |parent_closes: &str| {
        Program::main(&format!(
            "int ends[2]; char c; pipe(ends);
             if (fork() == 0) {{ write(ends[1], \"x\", 1); say(\"closing \"); close(ends[1]); return 0; }}
             {parent_closes} while (read(ends[0], &c, 1) == 1); say(\"end\"); wait(NULL); return 0;"
        ))
    };
    let closes = program("close(ends[1]);").explore();
    expect(&closes, &["closing end"]);
    let keeps = program("").explore();
    expect(&keeps, &["closing "]);
    assert_eq!(status_of(&keeps, "closing "), Status::Waits);
    assert_eq!(keeps.outcomes[0].waiting, ["<1> read"]);
}

#[test]
fn who_writes_to_a_closed_pipe_dies() {
    let program = Program::main(
        "int ends[2]; pipe(ends); int status;
         if (fork() == 0) { close(ends[0]); write(ends[1], \"x\", 1); return 0; }
         close(ends[0]); wait(&status); printf(\"%d\", WIFSIGNALED(status)); return 0;",
    );
    expect(&program.explore(), &["0", "1"]);
}

#[test]
fn two_writers_and_a_reader() {
    let program = Program::main(
        "int ends[2]; char c; pipe(ends);
         if (fork() == 0) { write(ends[1], \"a\", 1); return 0; }
         if (fork() == 0) { write(ends[1], \"b\", 1); return 0; }
         close(ends[1]); while (read(ends[0], &c, 1) == 1) write(1, &c, 1); return 0;",
    );
    expect(&program.explore(), &["ab", "ba"]);
}

#[test]
fn a_full_pipe_makes_its_writer_wait() {
    let program = Program::main(
        "int ends[2]; static char block[100000]; pipe(ends); long count = 0, got;
         if (fork() == 0) { close(ends[0]); long left = sizeof block;
             while (left > 0) left -= write(ends[1], block, left); return 0; }
         close(ends[1]); while ((got = read(ends[0], block, sizeof block)) > 0) count += got;
         printf(\"%ld\", count); return 0;",
    );
    let found = program.explore();
    expect(&found, &["100000"]);
}

#[test]
fn a_shell_and_what_it_starts_are_run() {
    let program = Program::main("say(\"a\"); system(\"echo b; exit 3\"); say(\"c\"); return 0;");
    expect(&program.explore(), &["ab\nc"]);
}

#[test]
fn newer_calls_wait_and_close_as_the_old_ones_do() {
    let closes = Program::with(
        "#include <poll.h>",
        "int ends[2]; pipe(ends); struct pollfd one = { ends[0], POLLIN };
         if (fork() == 0) { close_range(ends[0], ends[1], 0); _exit(0); }
         close(ends[1]); say(poll(&one, 1, 0) > 0 ? \"end\" : \"open\"); return 0;",
    );
    expect(&closes.explore(), &["end", "open"]);
    let waits = [
        // For a byte in a pipe; for a word that another process changes; for a datagram.
        (
            "int ends[2]; pipe(ends); int e = epoll_create1(0); struct epoll_event event = { EPOLLIN };
             epoll_ctl(e, EPOLL_CTL_ADD, ends[0], &event);",
            "write(ends[1], \"x\", 1);",
            "syscall(SYS_epoll_pwait2, e, &event, 1, NULL, NULL, 8);",
        ),
        (
            "int *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
             struct futex_waitv one = { 0, (long)word, FUTEX_32 };",
            "*word = 1; syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);",
            "syscall(SYS_futex_waitv, &one, 1, 0, NULL, 0);",
        ),
        (
            "int ends[2]; char c; socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
             struct iovec bytes = { &c, 1 }; struct mmsghdr one = { { .msg_iov = &bytes, .msg_iovlen = 1 } };",
            "sendmmsg(ends[1], &one, 1, 0);",
            "recvmmsg(ends[0], &one, 1, 0, NULL);",
        ),
    ];
    for (before, child, parent) in waits {
        let program = Program::with(
            "#include <linux/futex.h>\n#include <sys/epoll.h>\n#include <sys/socket.h>\n#include <sys/syscall.h>\n#include <sys/uio.h>",
            &format!(
                "{before} if (fork() == 0) {{ say(\"c\"); {child} _exit(0); }} {parent} say(\"p\"); return 0;"
            ),
        );
        expect(&program.explore(), &["cp"]);
    }
}
