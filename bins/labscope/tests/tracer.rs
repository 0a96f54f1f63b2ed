//! Programs that are hard to trace: none of them is changed by it, none is lost, and none is left behind.

mod common;

use common::program::{Program, trace};
use common::{key, text, wait};
use labscope::trace::Happening;
use labscope::{Condition, Scenario, Signal, Status, Step, Transcript};

/// A program that finds everything as it is without a tracer returns 0.
fn finds_nothing_changed(name: &str, text: &str) -> Transcript {
    let transcript = Program::of(name, text).run();
    assert_eq!(transcript.status, Some(Status::Exited(0)), "{transcript:?}");
    transcript
}

fn notices(transcript: &Transcript, is_meant: impl Fn(&Happening) -> bool) -> usize {
    let notices = trace(transcript).notices.iter();
    notices.filter(|notice| is_meant(&notice.what)).count()
}

#[test]
fn a_program_that_stops_itself_stays_so_until_it_is_continued() {
    let program = Program::of(
        "stops",
        "int main(void) { raise(SIGSTOP); return write(1, \"after\\n\", 6) == 6 ? 0 : 1; }",
    );
    let stopped = Condition::State {
        state: 'T',
        process: 1,
    };
    let go_on = Step::Signal {
        signal: Signal::SIGCONT,
        process: 1,
    };
    let transcript = program.run_with(&[], &[wait(stopped), go_on, wait(text("after"))]);
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    let trace = trace(&transcript);
    let place = |is_meant: fn(&Happening) -> bool| {
        let mut notices = trace.notices.iter();
        let notice = notices.find(|notice| is_meant(&notice.what));
        notice.expect("a notice").after
    };
    let stop = place(|what| matches!(what, Happening::Stopped { .. }));
    let signal =
        |what: &Happening| matches!(what, Happening::Signal { name, .. } if name == "SIGCONT");
    assert_eq!(
        stop,
        place(signal),
        "it has made a call while it was stopped"
    );
}

#[test]
fn a_shell_stops_and_continues_its_job() {
    let state = |state, process| wait(Condition::State { state, process });
    let is_sleep = Condition::Name {
        name: "sleep".into(),
        process: 2,
    };
    for traced in [false, true] {
        let scenario = Scenario {
            args: vec!["-i".into()],
            trace: traced,
            steps: vec![
                state('S', 1),
                key(b"sleep 1000\n"),
                wait(is_sleep.clone()),
                state('S', 2),
                key(b"\x1a"),
                state('T', 2),
                key(b"fg\n"),
                state('S', 2),
                key(b"\x03"),
                wait(Condition::Exit { process: 2 }),
                key(b"exit 5\n"),
            ],
            ..Scenario::named("test")
        };
        let transcript = common::run(&scenario);
        assert_eq!(transcript.status, Some(Status::Exited(5)));
    }
}

#[test]
fn a_parent_is_told_that_its_child_is_stopped_and_stays_so() {
    let transcript = finds_nothing_changed(
        "untraced",
        r#"
int main(void)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        _exit(7);
    }
    if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status) || WSTOPSIG(status) != SIGSTOP)
        return 1;
    kill(child, SIGUSR1); /* which does not wake who is stopped */
    usleep(20000);
    if (waitpid(child, &status, WNOHANG | WCONTINUED) != 0)
        return 2;
    kill(child, SIGCONT);
    if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != SIGUSR1)
        return 3;
    return 0;
}"#,
    );
    let stops = notices(&transcript, |what| {
        matches!(what, Happening::Stopped { .. })
    });
    assert_eq!(stops, 1);
}

#[test]
fn a_child_that_ends_breaks_off_no_call() {
    let transcript = finds_nothing_changed(
        "waits",
        r#"
static void child(void)
{
    if (fork() == 0) {
        usleep(20000);
        _exit(0);
    }
}

int main(void)
{
    int ends[2];
    char byte;
    struct timespec time = {0, 100000000}, left = {0, 0};
    pipe(ends);
    child();
    if (nanosleep(&time, &left) != 0)
        return 1;
    child();
    if (poll(&(struct pollfd){ends[0], POLLIN, 0}, 1, 100) != 0)
        return 2;
    child();
    if (fork() == 0) {
        usleep(100000);
        _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    if (read(ends[0], &byte, 1) != 1)
        return 3;
    while (wait(NULL) > 0)
        ;
    return errno == ECHILD ? 0 : 4;
}"#,
    );
    let told = |what: &Happening| what.is_about_child();
    assert_eq!(notices(&transcript, told), 4);
}

#[test]
fn real_time_signals_keep_number_order_and_value() {
    let transcript = finds_nothing_changed(
        "queue",
        r#"
static int values[3], count;

static void note(int signal, siginfo_t *info, void *context)
{
    (void)context;
    if (signal == SIGRTMIN + 3 && count < 3)
        values[count++] = info->si_value.sival_int;
}

int main(void)
{
    sigset_t all;
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    sigaction(SIGRTMIN + 3, &action, NULL);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    for (int value = 5; value < 8; value++)
        sigqueue(getpid(), SIGRTMIN + 3, (union sigval){value});
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    return count == 3 && values[0] == 5 && values[1] == 6 && values[2] == 7 ? 0 : 1;
}"#,
    );
    let is_real_time = |what: &Happening| matches!(what, Happening::Signal { name, .. } if name.starts_with("SIGRT"));
    assert_eq!(notices(&transcript, is_real_time), 3);
}

#[test]
fn a_thread_that_calls_execve_becomes_the_process() {
    let transcript = finds_nothing_changed(
        "becomes",
        r#"
static char *self;

static void *become(void *none)
{
    execl(self, self, "again", NULL);
    return none;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    if (argc > 1)
        return 0;
    self = argv[0];
    pthread_create(&thread, NULL, become, NULL);
    for (;;)
        pause();
}"#,
    );
    let superseded = |what: &Happening| matches!(what, Happening::Superseded { .. });
    assert_eq!(notices(&transcript, superseded), 1);
    assert_eq!(transcript.pids.len(), 1);
}

#[test]
fn the_parent_of_a_vfork_waits_for_its_child() {
    let transcript = finds_nothing_changed(
        "vfork",
        r#"
int main(void)
{
    static volatile int set;
    int status;
    pid_t child = vfork();
    if (child == 0) {
        set = 1;
        execl("/bin/true", "true", NULL);
        _exit(9);
    }
    if (!set)
        return 1;
    waitpid(child, &status, 0);
    return status;
}"#,
    );
    assert_eq!(transcript.pids.len(), 2);
}

#[test]
fn a_program_can_be_traced_once() {
    let transcript = finds_nothing_changed(
        "traceme",
        "int main(void) { return ptrace(PTRACE_TRACEME, 0, 0, 0) == -1 && errno == EPERM ? 0 : 1; }",
    );
    let calls = trace(&transcript).calls.iter();
    let refused = calls.filter(|call| call.name == "ptrace" && call.errno() == Some("EPERM"));
    assert_eq!(refused.count(), 1);
}

/// Its `exit` has the number of `write`.
#[cfg(target_arch = "x86_64")]
const OF_32_BITS: &str = ".globl _start\n_start: movl $1, %eax\nmovl $7, %ebx\nint $0x80\n";

#[cfg(target_arch = "x86_64")]
#[test]
fn the_calls_of_a_32_bit_program_are_not_mistaken_for_others() {
    let small = Program::at("small");
    let options = ["-m32", "-nostdlib", "-static"];
    if !small.compile("s", OF_32_BITS, &options) {
        return eprintln!("cc makes no 32-bit programs here");
    }
    let program = Program::of(
        "execs",
        "int main(int count, char **args) { (void)count; execv(args[1], args + 1); return errno; }",
    );
    let path = small.path.to_str().expect("a path");
    let transcript = program.run_with(&[path], &[]);
    if transcript.status == Some(Status::Exited(nix::libc::ENOEXEC)) {
        return eprintln!("the kernel runs no 32-bit programs here");
    }
    assert_eq!(transcript.status, Some(Status::Exited(7)));
    let last = trace(&transcript).calls.last().expect("a call");
    assert!(last.name.starts_with("syscall_0x"), "{last:?}");
}

#[test]
fn a_set_uid_program_runs_to_its_end() {
    use std::os::unix::fs::{PermissionsExt, chown};
    const NOBODY: u32 = 65534;
    let program = Program::of(
        "setuid",
        "int main(void) { return geteuid() == 65534 ? 65 : geteuid() == getuid() ? 0 : 1; }",
    );
    let is_root = chown(&program.path, Some(NOBODY), Some(NOBODY)).is_ok();
    let mode = std::fs::Permissions::from_mode(0o4755);
    std::fs::set_permissions(&program.path, mode).expect("its mode");
    let transcript = program.run();
    // Of a tracer without privileges the kernel lets nobody become another user.
    let as_another = Status::Exited(65);
    let status = transcript.status.expect("a status");
    assert!(
        status == Status::Exited(0) || is_root && status == as_another,
        "{status}"
    );
}

#[test]
fn nobody_starves_among_many_that_call_all_the_time() {
    let transcript = finds_nothing_changed(
        "crowd",
        r#"
enum { CHILDREN = 8, CALLS = 20000 };

int main(void)
{
    int ready[2], start[2];
    char byte;
    volatile unsigned *calls = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pipe(ready);
    pipe(start);
    for (int child = 0; child < CHILDREN; child++)
        if (fork() == 0) {
            close(start[1]);
            (void)write(ready[1], "", 1);
            (void)read(start[0], &byte, 1);
            while (__atomic_fetch_add(&calls[CHILDREN], 1, __ATOMIC_SEQ_CST) < CALLS) {
                getppid();
                calls[child]++;
            }
            _exit(0);
        }
    for (int child = 0; child < CHILDREN; child++)
        (void)read(ready[0], &byte, 1);
    close(start[1]);
    while (wait(NULL) > 0)
        ;
    for (int child = 0; child < CHILDREN; child++)
        if (calls[child] < CALLS / CHILDREN / 100)
            return 1;
    return 0;
}"#,
    );
    let calls = trace(&transcript).calls.iter();
    let asked = calls.filter(|call| call.name == "getppid").count();
    assert_eq!(asked, 20_000);
}

#[test]
fn fifty_that_appear_and_die_at_once_are_all_told() {
    let transcript = finds_nothing_changed(
        "fifty",
        r#"
int main(void)
{
    for (int child = 0; child < 50; child++)
        if (fork() == 0)
            _exit(child);
    int ended = 0;
    while (wait(NULL) > 0)
        ended++;
    return ended == 50 ? 0 : 1;
}"#,
    );
    assert_eq!(transcript.pids.len(), 51);
    let exited = |what: &Happening| matches!(what, Happening::Exited { .. });
    assert_eq!(notices(&transcript, exited), 51);
}

#[test]
fn one_that_is_killed_before_its_first_call_has_an_end() {
    let transcript = finds_nothing_changed(
        "newborn",
        r#"
int main(void)
{
    for (int turn = 0; turn < 100; turn++) {
        int status;
        pid_t child = fork();
        if (child == 0)
            for (;;)
                pause();
        kill(child, SIGKILL);
        if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
            return 1;
    }
    return 0;
}"#,
    );
    assert_eq!(transcript.pids.len(), 101);
    let killed = |what: &Happening| matches!(what, Happening::Killed { .. });
    assert_eq!(notices(&transcript, killed), 100);
}

/// Looks at what lies below `main` before anything is written there; with an argument, as another program again.
const BELOW_MAIN: &str = r#"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;
static volatile int trapped;

static void on_trap(int signal) { trapped += signal == SIGTRAP; }

__attribute__((constructor)) static void before(void) { child = fork(); }

int main(int argc, char **argv, char **environment)
{
    unsigned char below[32768];
    int place, status;
    sigset_t set;
    for (place = 0; place < 32768; place++)
        if (below[place] != 0x7f)
            return 1;
    if (environment[0] == NULL || argv[argc] != NULL)
        return 2;
    if (child == 0)
        return 0;
    if (waitpid(child, &status, 0) != child || status != 0)
        return 3;
    signal(SIGTRAP, on_trap);
    raise(SIGTRAP);
    if (trapped != 1)
        return 4;
    if (argc > 1)
        return strcmp(argv[1], "again") != 0;
    execl("/proc/self/exe", argv[0], "again", NULL);
    return 5;
}"#;

#[test]
fn below_main_lies_the_same_whatever_the_library_has_left() {
    for (name, options) in [
        ("pie", ["-O0", "-pie", "-fPIE"]),
        ("no-pie", ["-O0", "-no-pie", "-fno-pie"]),
        ("static", ["-O0", "-static", "-fno-pie"]),
        ("static-pie", ["-O0", "-static-pie", "-fPIE"]),
    ] {
        let program = Program::at(name);
        assert!(program.compile("c", BELOW_MAIN, &options), "{name}");
        let transcript = program.run();
        assert_eq!(transcript.status, Some(Status::Exited(0)), "{name}");
        let traps = notices(
            &transcript,
            |what| matches!(what, Happening::Signal { name, .. } if name == "SIGTRAP"),
        );
        assert_eq!(traps, 2, "{name}: {:?}", trace(&transcript).notices);
    }
}

#[test]
fn a_signal_that_a_program_is_not_to_have_is_kept_from_it() {
    finds_nothing_changed(
        "kept",
        r#"
int main(int argc, char **argv)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTRAP);
    if (argc == 1) {
        sigprocmask(SIG_BLOCK, &set, NULL);
        signal(SIGTRAP, SIG_IGN);
        execl("/proc/self/exe", argv[0], "again", NULL);
        return 1;
    }
    sigprocmask(SIG_BLOCK, NULL, &set);
    return sigismember(&set, SIGTRAP) == 1 && signal(SIGTRAP, SIG_DFL) == SIG_IGN ? 0 : 2;
}"#,
    );
}
