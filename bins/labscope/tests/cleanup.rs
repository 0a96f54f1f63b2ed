//! Nothing is left behind, however a run ends.

mod common;

use std::time::Duration;

use common::{await_that, exists, run, shell, start, text, wait};
use labscope::{Condition, End, Runner, Scenario, Session};

/// Waits until none of `pids` exists any more.
fn all_gone(pids: &[i32]) {
    await_that("the end of all", || !pids.iter().any(|&pid| exists(pid)));
}

/// Everything in a session: the lab, the shell and the reaper.
fn everybody(session: &mut Session<'_>) -> Vec<i32> {
    let mut pids: Vec<i32> = session
        .processes()
        .iter()
        .map(|process| process.pid)
        .collect();
    pids.extend(session.shell());
    pids.push(session.reaper());
    pids
}

/// A crowd that is hard to get rid of: a daemon, a stopped process, and one that ignores polite signals.
const CROWD: &str = "setsid sh -c 'sleep 1000 & sleep 1000' & \
    (kill -STOP $(exec sh -c 'echo $PPID')) & \
    (trap '' HUP TERM INT QUIT PIPE; while :; do sleep 1000; done) & \
    echo up; exec sleep 1000";

/// Six processes at least; a seventh may be on its way in or out.
fn crowd(runner: Runner<'static>) -> Session<'static> {
    let mut session = runner.start().expect("the shell starts");
    session.await_condition(&text("up")).expect("it prints");
    session
        .await_condition(&Condition::Processes(7))
        .expect("the crowd gathers");
    session
}

#[test]
fn a_crowd_is_gone_when_the_run_is_over() {
    for traced in [false, true] {
        let scenario = Scenario {
            end: End::Kill,
            ..shell(CROWD)
        };
        let runner = Runner::for_program("/bin/sh", &scenario);
        let mut session = crowd(if traced { runner.traced() } else { runner });
        let pids = everybody(&mut session);
        assert!(pids.len() >= 8, "{pids:?}");
        let transcript = session.finish().expect("the end");
        assert!(pids.iter().all(|&pid| !exists(pid)));
        assert!(transcript.left.len() >= 6, "{:?}", transcript.left);
    }
}

#[test]
fn a_crowd_is_gone_when_the_session_is_dropped() {
    let scenario = shell(CROWD);
    let mut session = crowd(Runner::for_program("/bin/sh", &scenario));
    let pids = everybody(&mut session);
    drop(session);
    assert!(pids.iter().all(|&pid| !exists(pid)));
}

#[test]
fn what_outlives_the_leader_is_listed_then_killed() {
    let scenario = shell("setsid sleep 1000 & sleep 1000 & exit 0");
    let transcript = run(&scenario);
    let left: Vec<i32> = transcript.left.iter().map(|process| process.pid).collect();
    assert_eq!(left.len(), 2, "{:?}", transcript.left);
    assert!(transcript.left.iter().all(|process| process.adopted));
    all_gone(&left);
}

#[test]
fn a_storm_of_forks_is_cleared_away() {
    let mut session = start(&shell(
        "storm() { i=0; while [ $i -lt 40 ]; do (sleep 1000; :) & i=$((i+1)); done; }; storm; storm & echo up; wait",
    ));
    session.await_condition(&text("up")).expect("it prints");
    let pids = everybody(&mut session);
    drop(session);
    all_gone(&pids);
}

#[test]
fn the_scratch_directory_is_removed() {
    let mut session = start(&shell("echo up; read line"));
    session.await_condition(&text("up")).expect("it prints");
    let pid = session.pid(1).expect("process 1");
    let workdir = std::fs::read_link(format!("/proc/{pid}/cwd")).expect("its directory");
    assert!(workdir.join("sh").exists());
    drop(session);
    assert!(!workdir.exists());
}

/// Played by a copy of this test program, which the test below kills.
#[test]
fn victim() {
    let Some(file) = std::env::var_os("LABSCOPE_TEST_VICTIM") else {
        return;
    };
    let scenario = shell(CROWD);
    let traced = std::env::var_os("LABSCOPE_TEST_TRACED").is_some();
    let runner = Runner::for_program("/bin/sh", &scenario);
    let mut session = crowd(if traced { runner.traced() } else { runner });
    let pids: Vec<String> = everybody(&mut session).iter().map(i32::to_string).collect();
    let workdir = std::fs::read_link(format!("/proc/{}/cwd", pids[0])).expect("its directory");
    let partial = std::path::Path::new(&file).with_extension("partial");
    std::fs::write(
        &partial,
        format!("{}\n{}", workdir.display(), pids.join(" ")),
    )
    .expect("a report");
    std::fs::rename(&partial, &file).expect("a report");
    loop {
        let _ = session.await_within(&text("never"), Duration::from_secs(60));
    }
}

#[test]
fn a_crowd_is_gone_when_the_runner_is_killed() {
    for traced in [false, true] {
        let report =
            std::env::temp_dir().join(format!("labscope-test-{}-{traced}", std::process::id()));
        let mut command = std::process::Command::new(std::env::current_exe().expect("this test"));
        command
            .args(["--exact", "victim"])
            .env("LABSCOPE_TEST_VICTIM", &report);
        if traced {
            command.env("LABSCOPE_TEST_TRACED", "1");
        }
        let mut victim = command
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("a copy");
        await_that("the report of the copy", || report.exists());
        victim.kill().expect("SIGKILL");
        victim.wait().expect("it is reaped");
        let text = std::fs::read_to_string(&report).expect("its report");
        let _ = std::fs::remove_file(&report);
        let (workdir, pids) = text.split_once('\n').expect("two lines");
        let pids: Vec<i32> = pids.split(' ').filter_map(|pid| pid.parse().ok()).collect();
        assert!(pids.len() >= 8, "{pids:?}");
        all_gone(&pids);
        let workdir = std::path::Path::new(workdir);
        await_that("the end of the folder", || !workdir.exists());
    }
}

#[test]
fn several_runs_at_once_do_not_disturb_each_other() {
    let threads: Vec<_> = (0..8)
        .map(|number| {
            std::thread::spawn(move || {
                let mut scenario =
                    shell(&format!("echo number {number}; read line; exit {number}"));
                scenario.steps = vec![wait(text(&format!("number {number}"))), common::key(b"\n")];
                let transcript = run(&scenario);
                assert_eq!(transcript.status, Some(labscope::Status::Exited(number)));
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("the run");
    }
}
