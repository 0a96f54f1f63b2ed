//! Programs beside the lab: a second terminal, in the same room, below the same reaper.

mod common;

use std::time::{Duration, Instant};

use common::{begin, exists, key, run, sh, shell, start, text, wait, with};
use labscope::{
    Companion, Condition, End, Entry, Runner, Scenario, Session, Signal, Status, Step, Wiring,
};

/// A lab that is there until a line is typed, and these companions.
fn beside(companions: Vec<Companion>) -> Scenario {
    Scenario {
        companions,
        ..shell("echo lab; read line; echo lab got $line")
    }
}

#[test]
fn a_companion_has_a_terminal_a_session_and_numbers_of_its_own() {
    let friend = sh(
        "friend",
        "echo friend; read line; echo friend got $line; exit 4",
    );
    let mut session = start(&beside(vec![friend]));
    session.await_condition(&text("lab")).expect("it prints");
    session.start_companion("friend").expect("it starts");
    let lab = session.processes();
    let (friend, shell) = session
        .with("friend", |session| {
            session.await_condition(&text("friend"))?;
            Ok((session.processes(), session.shell()))
        })
        .expect("it prints");
    assert_eq!((lab.len(), friend.len()), (1, 1), "{lab:?} {friend:?}");
    assert_eq!((lab[0].number, friend[0].number), (1, 1));
    assert_ne!(lab[0].terminal, friend[0].terminal);
    assert_ne!(lab[0].session, friend[0].session);
    assert_eq!(
        (friend[0].ppid, Some(friend[0].session)),
        (shell.expect("a shell"), shell)
    );
    assert!(friend[0].foreground && lab[0].foreground);
    let steps = [
        with("friend", key(b"one\n")),
        with("friend", wait(text("friend got one"))),
        with("friend", wait(Condition::Exit { process: 1 })),
        key(b"two\n"),
    ];
    for step in steps {
        session.step(&step).expect("the step");
    }
    let transcript = session.finish().expect("the end");
    assert_eq!(transcript.terminal, b"lab\r\ntwo\r\nlab got two\r\n");
    let friend = transcript.companion("friend").expect("its part");
    assert_eq!(friend.terminal, b"friend\r\none\r\nfriend got one\r\n");
    assert_eq!(friend.status, Some(Status::Exited(4)));
    assert!(transcript.companion("enemy").is_none());
    let ended = |entry: &Entry| {
        matches!(entry, Entry::With { companion, entry }
        if companion == "friend" && **entry == Entry::Ended(Status::Exited(4)))
    };
    assert!(
        transcript.entries.iter().any(ended),
        "{:?}",
        transcript.entries
    );
}

#[test]
fn a_companion_is_started_again_in_the_same_terminal() {
    let mut scenario = beside(vec![sh("friend", "read line; echo got $line")]);
    scenario.steps = vec![wait(text("lab"))];
    for (number, line) in ["one", "two", "three"].into_iter().enumerate() {
        let end = Condition::Exit {
            process: number + 1,
        };
        scenario.steps.extend([
            begin("friend"),
            with("friend", key(format!("{line}\n").as_bytes())),
            with("friend", wait(text(&format!("got {line}")))),
            with("friend", wait(end)),
        ]);
    }
    scenario.steps.push(key(b"\n"));
    let transcript = run(&scenario);
    let friend = transcript.companion("friend").expect("its part");
    assert_eq!(friend.pids.len(), 3);
    assert!(friend.terminal.ends_with(b"three\r\ngot three\r\n"));
}

#[test]
fn a_companion_reads_and_writes_pipes_and_files() {
    for (stdin, stdout, input) in [
        (Wiring::Pipe, Wiring::Pipe, None),
        (Wiring::Pipe, Wiring::File, Some("typed\n")),
        (Wiring::File, Wiring::Pipe, Some("typed\n")),
        (Wiring::Path("/dev/null".into()), Wiring::File, None),
        (Wiring::Closed, Wiring::Closed, None),
    ] {
        let has_text = stdin == Wiring::Pipe || input.is_some();
        let mut friend = sh(
            "friend",
            "read line && echo $line; read line; echo done >&2",
        );
        friend.input = input.map(str::to_owned);
        let is_typed = stdin == Wiring::Pipe && input.is_none();
        (friend.stdin, friend.stdout) = (stdin, stdout.clone());
        let mut scenario = beside(vec![friend]);
        scenario.steps = vec![begin("friend")];
        if is_typed {
            scenario.steps.push(with("friend", key(b"typed\n")));
            let condition = Condition::Stream("typed\n".into());
            scenario.steps.push(with("friend", wait(condition)));
            scenario.steps.push(with("friend", Step::CloseStdin));
        }
        scenario.steps.push(with("friend", wait(text("done"))));
        scenario
            .steps
            .push(with("friend", wait(Condition::Exit { process: 1 })));
        scenario.steps.push(key(b"\n"));
        let transcript = run(&scenario);
        let friend = transcript.companion("friend").expect("its part");
        let expected: &[u8] = if has_text { b"typed\n" } else { b"" };
        let printed = friend.stdout.as_deref().unwrap_or_default();
        assert_eq!(printed, expected, "{stdout:?}");
    }
}

#[test]
fn a_companion_that_must_be_ready_comes_before_the_lab() {
    let mut first = sh("first", "echo made by $0 >made; echo ready; read line");
    first.ready = Some(text("ready"));
    let scenario = Scenario {
        companions: vec![first],
        ..shell("cat made; exit 6")
    };
    let transcript = run(&scenario);
    assert_eq!(transcript.terminal, b"made by ./sh\r\n");
    assert_eq!(transcript.status, Some(Status::Exited(6)));
    let starts = transcript.entries.iter().filter_map(|entry| match entry {
        Entry::With { entry, .. } if **entry == Entry::Started => Some("first"),
        Entry::Started => Some("lab"),
        _ => None,
    });
    assert_eq!(starts.collect::<Vec<_>>(), ["first", "lab"]);

    let mut never = scenario;
    never.companions[0].ready = Some(text("never"));
    never.timeout = Some(Duration::from_millis(200));
    let error = Runner::for_program("/bin/sh", &never)
        .run()
        .expect_err("it is not ready");
    let error = format!("{error:#}");
    assert!(
        error.contains("\"first\"") && error.contains("in vain"),
        "{error}"
    );
}

#[test]
fn a_companion_is_traced_only_if_it_asks() {
    for (lab, friend) in [(true, false), (false, true), (true, true)] {
        let mut companion = sh("friend", "echo friend; exit 2");
        companion.trace = friend;
        let mut scenario = beside(vec![companion]);
        scenario.trace = lab;
        scenario.steps = vec![
            begin("friend"),
            with("friend", wait(Condition::Exit { process: 1 })),
            key(b"\n"),
        ];
        let transcript = run(&scenario);
        assert_eq!(transcript.calls(1).is_some(), lab);
        let part = transcript.companion("friend").expect("its part");
        let written = part.written(1, 1);
        assert_eq!(written.as_deref(), friend.then_some(b"friend\n".as_slice()));
    }
}

#[test]
fn descendants_are_told_apart_even_when_they_are_orphans() {
    let script = "setsid sleep 1000 & sleep 1000 & echo up; exit 0";
    let mut scenario = beside(vec![sh("friend", script)]);
    (scenario.args, scenario.end) = (vec!["-c".into(), script.into()], End::Kill);
    scenario.steps = vec![
        wait(Condition::Exit { process: 1 }),
        wait(Condition::Processes(2)),
        begin("friend"),
        with("friend", wait(text("up"))),
        with("friend", wait(Condition::Exit { process: 1 })),
        with("friend", wait(Condition::Processes(2))),
        wait(Condition::Processes(2)),
        with("friend", Step::Table),
    ];
    let transcript = run(&scenario);
    let friend = transcript.companion("friend").expect("its part");
    assert_eq!(friend.tables[0].len(), 2, "{:?}", friend.tables);
    assert_eq!((friend.left.len(), transcript.left.len()), (2, 2));
    let all = transcript.left.iter().chain(&friend.left);
    assert!(all.into_iter().all(|process| !exists(process.pid)));
}

#[test]
fn what_cannot_be_done_is_said() {
    let friend = sh("friend", "echo something; read line");
    let mut session = start(&beside(vec![friend]));
    let mut refusal = |step: Step| {
        let error = session.step(&step).expect_err("it cannot be done");
        format!("{error:#}")
    };
    assert!(refusal(begin("enemy")).contains("no companion \"enemy\""));
    let timeout = Some(Duration::from_millis(100));
    let condition = text("never");
    let waiting = with("friend", Step::Await { condition, timeout });
    assert!(refusal(waiting.clone()).contains("on the terminal of friend"));
    session.start_companion("friend").expect("it starts");
    let error = session.start_companion("friend").expect_err("it runs");
    assert!(format!("{error:#}").contains("runs already"), "{error:#}");
    session
        .with("friend", |session| {
            session.await_condition(&text("something"))
        })
        .expect("it prints");
    let error = session.step(&waiting).expect_err("in vain");
    assert!(format!("{error:#}").contains("| something"), "{error:#}");
}

#[test]
fn who_is_stopped_holds_nobody_up() {
    let mut friend = sh("friend", "echo something; read line");
    friend.trace = true;
    let mut session = start(&beside(vec![friend]));
    session.start_companion("friend").expect("it starts");
    let stopped = Condition::State {
        state: 'T',
        process: 1,
    };
    let stop = |session: &mut Session| {
        session.await_condition(&text("something"))?;
        session.signal(1, Signal::SIGSTOP)?;
        session.await_condition(&stopped)
    };
    session.with("friend", stop).expect("it stops");
    let error = session
        .await_within(&text("never"), Duration::from_millis(100))
        .expect_err("in vain");
    assert!(format!("{error:#}").contains("in vain for"), "{error:#}");
}

#[test]
fn a_missing_companion_is_told_by_name() {
    let mut scenario = beside(vec![sh("friend", "")]);
    scenario.companions[0].played = labscope::Played::Lab("far_away".into());
    let error = Runner::for_program("/bin/sh", &scenario)
        .run()
        .expect_err("none there");
    assert!(format!("{error:#}").contains("/bin/far_away"), "{error:#}");
}

/// A crowd that is hard to get rid of.
const CROWD: &str = "setsid sh -c 'sleep 1000 & sleep 1000' & (trap '' HUP TERM INT; while :; do sleep 1000; done) & \
    echo up; exec sleep 1000";

fn crowd(traced: bool) -> Session<'static> {
    let mut friend = sh("friend", CROWD);
    friend.trace = traced;
    let waiting = sh("never-started", CROWD);
    let mut session = start(&Scenario {
        companions: vec![friend, waiting],
        ..shell(CROWD)
    });
    session.await_condition(&text("up")).expect("it prints");
    session.start_companion("friend").expect("it starts");
    session
        .with("friend", |session| {
            session.await_condition(&text("up"))?;
            session.await_condition(&Condition::Processes(6))
        })
        .expect("the crowd gathers");
    session
}

fn everybody(session: &mut Session<'_>) -> Vec<i32> {
    let reaper = session.reaper();
    let mut pids = labscope::proc::process::descendants(reaper);
    pids.push(reaper);
    assert!(pids.len() >= 14, "{pids:?}");
    pids
}

fn all_gone(pids: &[i32]) {
    let started = Instant::now();
    while let Some(pid) = pids.iter().find(|&&pid| exists(pid)) {
        let late = started.elapsed() > Duration::from_secs(20);
        assert!(!late, "process {pid} is left behind");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn companions_leave_nothing_behind() {
    for traced in [false, true] {
        let mut session = crowd(traced);
        let pids = everybody(&mut session);
        drop(session);
        all_gone(&pids);
        let mut session = crowd(traced);
        let pids = everybody(&mut session);
        session.kill().expect("the end");
        all_gone(&pids);
    }
}

/// Played by a copy of this test program, which the test below kills.
#[test]
fn victim() {
    let Some(file) = std::env::var_os("LABSCOPE_TEST_VICTIM") else {
        return;
    };
    let mut session = crowd(true);
    let pids = everybody(&mut session);
    let pids: Vec<String> = pids.iter().map(i32::to_string).collect();
    let partial = std::path::Path::new(&file).with_extension("partial");
    std::fs::write(&partial, pids.join(" ")).expect("a report");
    std::fs::rename(&partial, &file).expect("a report");
    loop {
        let _ = session.await_within(&text("never"), Duration::from_secs(60));
    }
}

#[test]
fn companions_are_gone_when_the_runner_is_killed() {
    let name = format!("labscope-companions-{}", std::process::id());
    let report = std::env::temp_dir().join(name);
    let mut victim = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "victim"])
        .env("LABSCOPE_TEST_VICTIM", &report)
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("a copy");
    let started = Instant::now();
    while !report.exists() {
        let late = started.elapsed() > Duration::from_secs(20);
        assert!(!late, "the copy does not get ready");
        std::thread::sleep(Duration::from_millis(2));
    }
    victim.kill().expect("SIGKILL");
    victim.wait().expect("it is reaped");
    let pids = std::fs::read_to_string(&report).expect("its report");
    let _ = std::fs::remove_file(&report);
    let pids: Vec<i32> = pids.split(' ').filter_map(|pid| pid.parse().ok()).collect();
    assert!(pids.len() >= 14, "{pids:?}");
    all_gone(&pids);
}

#[test]
fn the_lab_may_be_told_the_pid_of_a_companion() {
    let ready = Some(text("ready"));
    let parent = Companion {
        ready: ready.clone(),
        ..sh("parent", "sleep 100 & echo ready; wait")
    };
    let victim = Companion {
        ready,
        ..sh("victim", "echo ready; read line")
    };
    let mut scenario = shell("kill -TERM $1; echo $2");
    let told = ["sh", "<pid victim>", "[<pid parent>]"].map(str::to_owned);
    scenario.args.extend(told);
    scenario.companions = vec![parent, victim];
    scenario.steps = vec![with("victim", wait(Condition::Exit { process: 1 }))];
    let transcript = run(&scenario);
    let parent = transcript.companion("parent").expect("its part").pids[0];
    assert_eq!(transcript.terminal, format!("[{parent}]\r\n").into_bytes());
    let victim = transcript.companion("victim").expect("its part");
    assert_eq!(victim.status, Some(Status::Killed(15)));
}
