//! Signals, and what they meet.

use labscope::orders::Status;

use crate::programs::{Program, expect, outputs, status_of};

const HANDLER: &str = "static void handle(int signal) { say(\"h\"); }";

#[test]
fn a_kill_comes_before_or_after_what_its_target_prints() {
    let program = Program::main(
        "pid_t child = fork(); if (child == 0) { say(\"c\"); return 0; } kill(child, SIGTERM); wait(NULL); return 0;",
    );
    expect(&program.explore(), &["", "c"]);
}

#[test]
fn a_handler_of_sigchld_runs_before_or_after_what_the_parent_prints() {
    let body = "signal(SIGCHLD, handle); if (fork() == 0) return 0; say(\"p\"); while (wait(NULL) < 0); return 0;";
    expect(&Program::with(HANDLER, body).explore(), &["hp", "ph"]);
}

#[test]
fn a_signal_before_pause_is_lost() {
    let body = "signal(SIGUSR1, handle); pid_t parent = getpid();
         if (fork() == 0) { kill(parent, SIGUSR1); return 0; } pause(); say(\"w\"); return 0;";
    let found = Program::with(HANDLER, body).explore();
    expect(&found, &["hw", "h"]);
    assert_eq!(status_of(&found, "h"), Status::Waits);
    assert_eq!(status_of(&found, "hw"), Status::Exited(0));
}

#[test]
fn sigsuspend_loses_no_signal() {
    let body = "sigset_t block, none; sigemptyset(&none); sigemptyset(&block); sigaddset(&block, SIGUSR1);
         sigprocmask(SIG_BLOCK, &block, NULL); signal(SIGUSR1, handle); pid_t parent = getpid();
         if (fork() == 0) { kill(parent, SIGUSR1); return 0; } sigsuspend(&none); say(\"w\"); return 0;";
    expect(&Program::with(HANDLER, body).explore(), &["hw"]);
}

#[test]
fn a_signal_before_its_handler_is_there_kills() {
    let body =
        "pid_t child = fork(); if (child == 0) { signal(SIGUSR1, handle); say(\"c\"); return 0; }
         kill(child, SIGUSR1); wait(NULL); return 0;";
    let found = Program::with(HANDLER, body).explore();
    expect(&found, &["", "c", "hc", "ch"]);
}

#[test]
fn a_handler_breaks_off_a_read_unless_it_restarts_calls() {
    let body = |flags: &str| {
        format!(
            "struct sigaction action = {{.sa_handler = handle, .sa_flags = {flags}}}; sigaction(SIGUSR1, &action, NULL);
             int ends[2]; char c; pipe(ends); pid_t parent = getpid();
             if (fork() == 0) {{ kill(parent, SIGUSR1); write(ends[1], \"x\", 1); return 0; }}
             say(read(ends[0], &c, 1) == 1 ? \"r\" : \"i\"); return 0;"
        )
    };
    let restarts = Program::with(HANDLER, &body("SA_RESTART")).explore();
    expect(&restarts, &["hr"]);
    let breaks = Program::with(HANDLER, &body("0")).explore();
    expect(&breaks, &["hr", "hi"]);
}

#[test]
fn a_handler_meets_printf_half_way() {
    let before = "static void handle(int signal) { printf(\"handler\\n\"); }";
    let body = "signal(SIGUSR1, handle); pid_t parent = getpid();
         if (fork() == 0) { kill(parent, SIGUSR1); return 0; } printf(\"main\\n\"); wait(NULL); return 0;";
    let found = Program::with(before, body).explore();
    assert!(found.is_complete());
    let outputs = outputs(&found);
    assert!(outputs.contains("main\nhandler\n"), "{outputs:?}");
    // The handler finds the line of main in the buffer, and writes it too.
    assert!(
        outputs.iter().any(|it| it.matches("main").count() == 2),
        "{outputs:?}"
    );
}

#[test]
fn a_stopped_process_goes_on_when_it_is_told_to() {
    let program = Program::main(
        "pid_t child = fork(); if (child == 0) { say(\"a\"); raise(SIGSTOP); say(\"b\"); return 0; }
         int status; waitpid(child, &status, WUNTRACED); say(WIFSTOPPED(status) ? \"s\" : \"?\");
         kill(child, SIGCONT); waitpid(child, &status, 0); say(\"e\"); return 0;",
    );
    expect(&program.explore(), &["asbe"]);
}

#[test]
fn a_group_is_signalled_together() {
    let program = Program::main(
        "signal(SIGTERM, SIG_IGN); for (int i = 0; i < 2; i++) if (fork() == 0) { signal(SIGTERM, SIG_DFL); pause(); return 0; }
         sleep(1); kill(0, SIGTERM); int killed = 0, status;
         while (wait(&status) > 0) killed += WIFSIGNALED(status); printf(\"%d\", killed); return 0;",
    );
    expect(&program.explore(), &["2"]);
}

#[test]
fn who_dies_of_a_signal_is_told_so() {
    let found = Program::main("say(\"a\"); abort();").explore();
    assert_eq!(status_of(&found, "a"), Status::Killed(6));
}
