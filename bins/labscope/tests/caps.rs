//! A program that nobody knows is stopped by a cap, and leaves nothing behind.

mod common;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use common::{begin, exists, key, shell, text, wait, with};
use labscope::trace::{Happening, StackFrame};
use labscope::{
    Awaited, Cap, Channel, Companion, Condition, End, Limits, Played, Runner, Scenario, Signal,
    Status, Step, Stop, Transcript, Wiring,
};

/// A C program, compiled for one test; its folder goes with it.
struct Program {
    path: PathBuf,
}

impl Program {
    fn of(name: &str, body: &str) -> Program {
        let folder =
            std::env::temp_dir().join(format!("labscope-caps-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (source, path) = (folder.join("source.c"), folder.join(name));
        let text = format!(
            "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <pthread.h>\n#include <signal.h>\n#include <stdio.h>\n\
             #include <stdlib.h>\n#include <string.h>\n#include <sys/wait.h>\n#include <unistd.h>\n\
             int main(void) {{ {body} }}\n"
        );
        std::fs::write(&source, text).expect("a source file");
        let mut compiler = Command::new("cc");
        compiler.arg("-O0").arg(&source).arg("-o").arg(&path);
        let compiled = compiler.status().expect("cc");
        assert!(compiled.success());
        Program { path }
    }

    /// Nobody runs it any more.
    fn is_gone(&self) {
        let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
        let running: Vec<_> = processes
            .map(|process| process.path())
            .filter(|path| std::fs::read_link(path.join("exe")).is_ok_and(|exe| exe == self.path))
            .collect();
        assert!(running.is_empty(), "{running:?} are left behind");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.path.parent().expect("its folder"));
    }
}

/// A scenario that waits until the program ends.
fn plain() -> Scenario {
    Scenario::named("test")
}

fn run_with(limits: Limits, name: &str, body: &str, scenario: &Scenario) -> Transcript {
    let program = Program::of(name, body);
    let transcript = Runner::for_program(&program.path, scenario)
        .limits(limits)
        .lenient()
        .run()
        .unwrap_or_else(|error| panic!("{error:?}"));
    program.is_gone();
    let trace = transcript.trace.as_ref().expect("a trace");
    let left: Vec<i32> = trace
        .pids
        .iter()
        .copied()
        .filter(|&pid| exists(pid))
        .collect();
    assert!(left.is_empty(), "{left:?} are left behind");
    transcript
}

/// A scenario in which the runner has to end what does not end by itself.
fn steps(steps: Vec<Step>) -> Scenario {
    Scenario {
        steps,
        end: End::Kill,
        ..plain()
    }
}

fn run(name: &str, body: &str) -> Transcript {
    run_with(Limits::default(), name, body, &plain())
}

#[track_caller]
fn stopped_by(transcript: &Transcript, cap: Cap) {
    assert_eq!(
        transcript.stopped,
        Some(Stop::Cap(cap)),
        "{}",
        sight(transcript)
    );
}

fn sight(transcript: &Transcript) -> String {
    let trace = transcript.trace.as_ref().expect("a trace");
    let last = trace.calls.len().saturating_sub(8);
    format!(
        "status {:?}, {} processes, {} calls, the last: {:?}\n{}",
        transcript.status,
        transcript.pids.len(),
        trace.calls.len(),
        &trace.calls[last..],
        String::from_utf8_lossy(&transcript.terminal)
    )
}

#[test]
fn a_fork_bomb_is_stopped() {
    let transcript = run("bomb", "while (1) fork();");
    stopped_by(&transcript, Cap::Processes);
    assert!(transcript.pids.len() > 64);
    assert!(!transcript.left.is_empty());
    assert_eq!(transcript.status, None);
}

#[test]
fn a_fork_bomb_whose_processes_all_lead_sessions_is_stopped() {
    let body = "while (1) if (fork() == 0) { setsid(); if (fork() > 0) exit(0); }";
    stopped_by(&run("sessions", body), Cap::Processes);
}

#[test]
fn a_loop_without_calls_is_stopped() {
    let limits = Limits {
        processor: Duration::from_millis(300),
        ..Limits::default()
    };
    let transcript = run_with(limits.clone(), "spin", "while (1);", &plain());
    stopped_by(&transcript, Cap::Processor);
    assert_eq!(transcript.left.len(), 1);
    let crowd = "fork(); fork(); fork(); while (1);";
    let transcript = run_with(limits, "spin-crowd", crowd, &plain());
    stopped_by(&transcript, Cap::Processor);
    assert_eq!(transcript.left.len(), 8);
}

#[test]
fn who_spins_is_told_with_the_function_that_it_is_in() {
    let limits = Limits {
        processor: Duration::from_secs(1),
        ..Limits::default()
    };
    // Two processes, one of them with two threads, begin to spin together; who waits in a call meanwhile is not told.
    let body = "int ready[2], go[2]; pipe(ready); pipe(go);\n\
                void *spin(void *byte) { write(ready[1], byte, 1); read(go[0], byte, 1); while (1); return byte; }\n\
                pthread_t thread; char bytes[3];\n\
                if (fork() == 0) pause();\n\
                if (fork() == 0) spin(bytes);\n\
                pthread_create(&thread, NULL, spin, bytes);\n\
                read(ready[0], bytes, 1); read(ready[0], bytes, 1);\n\
                write(go[1], bytes, 3); spin(bytes);";
    let transcript = run_with(limits, "spin-where", body, &plain());
    stopped_by(&transcript, Cap::Processor);
    let trace = transcript.trace.as_ref().expect("a trace");
    let halted = trace.notices.iter();
    let halted = halted.filter(|notice| notice.what == Happening::Halted);
    let spins = |stack: &[StackFrame]| stack.iter().any(|it| it.name() == Some("spin.0"));
    let told: Vec<_> = halted
        .map(|notice| (&notice.stack, spins(&notice.stack)))
        .collect();
    assert!(
        told.len() == 3 && told.iter().all(|told| told.1),
        "{told:#?}"
    );
}

#[test]
fn a_loop_of_calls_is_stopped() {
    // Few enough to be made before the run is given up, however busy the machine.
    let limits = Limits {
        calls: 2_000,
        ..Limits::default()
    };
    let transcript = run_with(limits, "calls", "while (1) getpid();", &plain());
    stopped_by(&transcript, Cap::Calls);
    let calls = transcript.calls(1).expect("a trace").len();
    assert!(calls > 2_000, "{calls}");
}

#[test]
fn a_flood_is_stopped() {
    let limits = Limits {
        output: 100_000,
        ..Limits::default()
    };
    let transcript = run_with(
        limits.clone(),
        "flood",
        r#"while (1) printf("a lot of text\n");"#,
        &plain(),
    );
    stopped_by(&transcript, Cap::Output);
    assert!(transcript.terminal.len() > 100_000);
    for stdout in [Wiring::Pipe, Wiring::File] {
        let scenario = Scenario { stdout, ..plain() };
        let transcript = run_with(
            limits.clone(),
            "flood-stream",
            r#"while (1) puts("text");"#,
            &scenario,
        );
        stopped_by(&transcript, Cap::Output);
        assert!(transcript.stdout.expect("a stream").len() > 100_000);
    }
}

#[test]
fn memory_that_grows_is_stopped() {
    let touch = "while (1) { char *more = malloc(1 << 20); if (more) memset(more, 1, 1 << 20); }";
    let transcript = run("memory", touch);
    assert!(
        matches!(
            transcript.stopped,
            Some(Stop::Cap(Cap::Memory | Cap::Calls))
        ),
        "{:?}\n{}",
        transcript.stopped,
        sight(&transcript)
    );
    let unchecked = "while (1) memset(malloc(1 << 20), 1, 1 << 20);";
    let transcript = run("memory-unchecked", unchecked);
    stopped_by(&transcript, Cap::Memory);
    let several = "for (int i = 0; i < 9; i++) if (fork() == 0) { memset(malloc(90 << 20), 1, 90 << 20); pause(); } pause();";
    let transcript = run("memory-of-several", several);
    stopped_by(&transcript, Cap::Memory);
}

#[test]
fn a_file_that_grows_is_stopped() {
    let limits = Limits {
        file_size: 100_000,
        ..Limits::default()
    };
    let grow = r#"int fd = open("big", O_CREAT | O_WRONLY, 0600); while (write(fd, "0123456789abcdef", 16) > 0); return 3;"#;
    let transcript = run_with(limits.clone(), "file", grow, &plain());
    stopped_by(&transcript, Cap::FileSize);
    assert_eq!(
        transcript.status,
        Some(Status::Killed(Signal::SIGXFSZ as i32))
    );
    let deaf = format!("signal(SIGXFSZ, SIG_IGN); {grow}");
    let transcript = run_with(limits, "file-deaf", &deaf, &plain());
    stopped_by(&transcript, Cap::FileSize);
    assert_eq!(transcript.status, Some(Status::Exited(3)));
}

#[test]
fn a_bomb_is_cleared_away_in_a_run_without_caps_too() {
    let program = Program::of("bomb-dropped", "while (1) if (fork() == 0) setsid();");
    let scenario = steps(Vec::new());
    let runner = Runner::for_program(&program.path, &scenario).traced();
    let mut session = runner.start().expect("it starts");
    let second = Condition::Entered {
        call: "fork".into(),
        process: 9,
        count: 2,
    };
    session.await_condition(&second).expect("it grows");
    drop(session);
    program.is_gone();
}

#[test]
fn a_daemon_that_ignores_every_signal_is_cleared_away() {
    let body = r#"
        for (int n = 1; n < 65; n++) signal(n, SIG_IGN);
        if (fork() > 0) exit(0);
        setsid();
        if (fork() > 0) exit(0);
        for (int fd = 0; fd < 1024; fd++) close(fd);
        while (1) pause();"#;
    let in_call = Condition::Entered {
        call: "pause".into(),
        process: 3,
        count: 1,
    };
    let transcript = run_with(Limits::default(), "deaf", body, &steps(vec![wait(in_call)]));
    assert_eq!(transcript.stopped, None, "{}", sight(&transcript));
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    let left: Vec<usize> = transcript
        .left
        .iter()
        .map(|process| process.number)
        .collect();
    assert_eq!(left, [3]);
}

#[test]
fn one_that_sleeps_for_ever_is_given_up() {
    let body = "for (int fd = 0; fd < 1024; fd++) close(fd); while (1) sleep(1000);";
    let program = Program::of("asleep", body);
    let scenario = Scenario {
        timeout: Some(Duration::from_secs(3600)),
        ..plain()
    };
    let transcript = Runner::for_program(&program.path, &scenario)
        .limits(Limits::default())
        .lenient()
        .patience(Duration::from_secs(2))
        .run()
        .expect("a transcript");
    let stop = Stop::Unreached {
        step: 0,
        awaited: Awaited::Condition(Condition::Exit { process: 1 }),
        standstill: false,
    };
    assert_eq!(transcript.stopped, Some(stop));
    assert_eq!((transcript.status, transcript.left.len()), (None, 1));
    let calls = transcript.calls(1).expect("a trace");
    assert_eq!(
        calls.last(),
        Some(&"clock_nanosleep"),
        "the trace is complete"
    );
    program.is_gone();
}

#[test]
fn other_words_are_taken_though_another_process_sleeps_again_and_again() {
    let body = r#"int child = fork();
        if (child == 0) while (1) { usleep(100000); write(1, ".", 1); }
        write(1, "Ready!\n", 7); getchar(); kill(child, SIGKILL); return 3;"#;
    let scenario = Scenario {
        timeout: Some(Duration::from_secs(2)),
        steps: vec![wait(text("ready>")), key(b"\n")],
        ..plain()
    };
    let program = Program::of("otherwise", body);
    let run = |runner: Runner| runner.limits(Limits::default()).lenient().run();
    let runner = || Runner::for_program(&program.path, &scenario);
    let transcript = run(runner().take_other_words()).expect("a transcript");
    let came_of_it = (transcript.stopped, transcript.status);
    assert_eq!(came_of_it, (None, Some(Status::Exited(3))));
    let strict = run(runner()).expect("a transcript");
    assert!(matches!(
        strict.stopped,
        Some(Stop::Unreached { step: 0, .. })
    ));
}

#[test]
fn those_that_the_first_process_leaves_come_to_rest_before_the_end() {
    let at_work = "for (volatile int i = 0; i < 100000000; i++);";
    let body = format!(
        "int to[2]; pipe(to);
         if (fork() == 0) {{ {at_work} sleep(1); exit(3); }}
         if (fork() == 0) {{ char c; close(to[1]); read(to[0], &c, 1); {at_work} pause(); }}
         if (fork() == 0) {{ {at_work} write(to[1], \"x\", 1); _exit(0); }}"
    );
    let transcript = run("orphans", &body);
    assert_eq!(transcript.stopped, None, "{}", sight(&transcript));
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    let ends: Vec<_> = transcript
        .reaped
        .iter()
        .map(|(_, status)| *status)
        .collect();
    assert!(ends.contains(&Status::Exited(3)), "{ends:?}");
    let left = transcript.left.iter().map(|process| process.number);
    assert_eq!(left.collect::<Vec<_>>(), [3]);
    assert_eq!(transcript.calls(3).expect("a trace").last(), Some(&"pause"));
}

#[test]
fn one_that_is_left_and_never_rests_is_stopped() {
    let limits = Limits {
        processor: Duration::from_millis(300),
        ..Limits::default()
    };
    let body = "if (fork() == 0) while (1);";
    let transcript = run_with(limits, "spin-left", body, &plain());
    stopped_by(&transcript, Cap::Processor);
}

#[test]
fn one_that_kills_its_own_group_ends_alone() {
    // of two that are killed at once, the second may end later
    let ends = wait(Condition::Exit { process: 2 });
    let body = "if (fork() == 0) pause(); kill(0, SIGKILL); pause();";
    let scenario = Scenario {
        steps: vec![ends],
        ..plain()
    };
    let transcript = run_with(Limits::default(), "group", body, &scenario);
    assert_eq!(transcript.stopped, None, "{}", sight(&transcript));
    assert_eq!(
        transcript.status,
        Some(Status::Killed(Signal::SIGKILL as i32))
    );
    assert!(transcript.left.is_empty(), "{:?}", transcript.left);
}

#[test]
fn one_that_kills_its_shell_stops_the_run() {
    let body = "signal(SIGHUP, SIG_IGN); kill(getppid(), SIGKILL); pause();";
    let transcript = run("parricide", body);
    assert_eq!(
        transcript.stopped,
        Some(Stop::Shell),
        "{}",
        sight(&transcript)
    );
    assert_eq!(transcript.status, None);
    let calls = transcript.calls(1).expect("a trace");
    assert!(calls.contains(&"kill"), "{calls:?}");
}

#[test]
fn signals_to_everybody_and_to_the_reaper_are_refused() {
    // signal 0 harms nobody if they are not
    let body = r#"
        printf("all %d\n", kill(-1, 0));
        printf("me %d\n", kill(getpid(), 0));
        int ends[2]; pipe(ends);
        if (fork() == 0) {
            pid_t parent = getpid();
            if (fork() > 0) exit(0);
            while (getppid() == parent) usleep(1000);
            printf("reaper %d %d\n", kill(getppid(), 0), kill(-getppid(), 0));
            exit(0);
        }
        close(ends[1]); wait(NULL); read(ends[0], ends, 1); return 0;"#;
    let transcript = run("guarded", body);
    let shown = String::from_utf8_lossy(&transcript.terminal).into_owned();
    assert_eq!(
        shown,
        "all -1\r\nme 0\r\nreaper -1 -1\r\n",
        "{}",
        sight(&transcript)
    );
    assert_eq!(transcript.stopped, None);
}

#[test]
fn a_program_within_the_limits_does_not_feel_them() {
    let scenario = plain();
    let plain = Runner::for_program("/usr/bin/env", &scenario)
        .traced()
        .run();
    let plain = plain.unwrap_or_else(|error| panic!("{error:?}"));
    let limited = Runner::for_program("/usr/bin/env", &scenario).limits(Limits::default());
    let limited = limited.run().unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(limited.stopped, None);
    let sorted = |transcript: &Transcript| {
        let shown = transcript.normalised().terminal;
        let mut lines: Vec<String> = shown.lines().map(str::to_owned).collect();
        lines.sort(); // the small shell before it keeps the environment, but not its order
        lines
    };
    assert_eq!(sorted(&plain), sorted(&limited));
    assert_eq!(plain.calls(1), limited.calls(1));
    assert_eq!(limited.status, Some(Status::Exited(0)));
    let closed = Scenario {
        stdin: Wiring::Closed,
        ..Scenario::named("closed")
    };
    let body = "return fcntl(0, F_GETFD) == -1 ? 9 : 1;";
    let transcript = run_with(Limits::default(), "closed", body, &closed);
    assert_eq!(transcript.status, Some(Status::Exited(9)));
}

#[test]
fn a_step_in_vain_is_an_outcome_of_a_lenient_run_only() {
    let scenario = Scenario {
        steps: vec![wait(text("one")), wait(text("two")), key(b"\n")],
        ..shell("echo one; exit 5")
    };
    let transcript = Runner::for_program("/bin/sh", &scenario).lenient().run();
    let transcript = transcript.unwrap_or_else(|error| panic!("{error:?}"));
    let stop = Stop::Unreached {
        step: 1,
        awaited: Awaited::Condition(text("two")),
        standstill: true,
    };
    assert_eq!(transcript.stopped, Some(stop));
    assert_eq!(transcript.status, Some(Status::Exited(5)));
    assert!(transcript.left.is_empty());
    let error = Runner::for_program("/bin/sh", &scenario).run().unwrap_err();
    let message = format!("{error:#}");
    assert!(message.contains("every process has ended"), "{message}");
    assert!(message.contains("step 2 of 3"), "{message}");
}

#[test]
fn nobody_to_signal_and_nobody_to_read_are_steps_in_vain() {
    let signal = Step::Signal {
        signal: Signal::SIGTERM,
        process: 2,
    };
    let scenario = Scenario {
        steps: vec![signal],
        ..shell("read line")
    };
    let transcript = Runner::for_program("/bin/sh", &scenario).lenient().run();
    let stopped = transcript.expect("a transcript").stopped;
    assert!(
        matches!(stopped, Some(Stop::Unreached { step: 0, .. })),
        "{stopped:?}"
    );
    let typed = Step::Type {
        bytes: b"x".to_vec(),
        to: Some(Channel::Pipe),
    };
    let scenario = Scenario {
        stdin: Wiring::Pipe,
        steps: vec![Step::CloseStdin, typed],
        ..shell("sleep 1000")
    };
    let transcript = Runner::for_program("/bin/sh", &scenario).lenient().run();
    let stopped = transcript.expect("a transcript").stopped;
    assert!(
        matches!(stopped, Some(Stop::Unreached { step: 1, .. })),
        "{stopped:?}"
    );
}

#[test]
fn an_orphan_at_work_is_no_standstill() {
    let scenario = Scenario {
        steps: vec![wait(text("late"))],
        ..shell("(sleep 1; echo late) & exit 0")
    };
    let transcript = Runner::for_program("/bin/sh", &scenario).lenient().run();
    assert_eq!(transcript.expect("a transcript").stopped, None);
}

#[test]
fn a_deadlock_is_not_waited_for_where_patience_is_short() {
    let hour = Duration::from_secs(3600);
    let run = |script: &str| {
        let late = Step::Await {
            condition: text("late"),
            timeout: Some(hour),
        };
        let scenario = Scenario {
            steps: vec![late],
            ..shell(script)
        };
        let runner = Runner::for_program("/bin/sh", &scenario).patience(hour);
        runner.lenient().run().expect("a transcript").stopped
    };
    let stopped = run("cat | cat");
    assert!(
        matches!(stopped, Some(Stop::Unreached { step: 0, .. })),
        "{stopped:?}"
    );
    assert_eq!(run("(sleep 1; echo late; sleep 1) | cat"), None);
    assert_eq!(
        run("perl -e 'select undef, undef, undef, 1; print qq(late\n)'"),
        None
    );
}

#[test]
fn companions_come_from_their_own_folder() {
    let program = Program::of("server", r#"puts("up"); pause();"#);
    let beside = Program::of("client", r#"puts("hello"); return 4;"#);
    let client = Companion::named("client", Played::Lab("client".into()));
    let mut scenario = steps(vec![
        wait(text("up")),
        begin("client"),
        with("client", wait(text("hello"))),
    ]);
    scenario.companions = vec![client];
    let folder = beside.path.parent().expect("its folder");
    let transcript = Runner::for_program(&program.path, &scenario)
        .companions(folder)
        .limits(Limits::default())
        .run()
        .unwrap_or_else(|error| panic!("{error:?}"));
    let client = transcript.companion("client").expect("its part");
    assert_eq!(client.normalised().terminal, "hello\n");
    assert_eq!(transcript.left[0].command, "./server");
}
