//! What the integration tests share: scenarios built in code, run with ordinary programs.

#![allow(dead_code)]

pub mod program;

use labscope::{Companion, Condition, Played, Runner, Scenario, Session, Step, Transcript};

/// Far more than anything here needs on a busy machine.
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(60);

/// A scenario of `/bin/sh -c script`.
pub fn shell(script: &str) -> Scenario {
    Scenario {
        args: vec!["-c".into(), script.into()],
        ..Scenario::named("test")
    }
}

/// Starts `/bin/sh` with a scenario.
pub fn start(scenario: &Scenario) -> Session<'static> {
    Runner::for_program("/bin/sh", scenario)
        .start()
        .expect("the shell starts")
}

/// Runs `/bin/sh` with a scenario to its end.
pub fn run(scenario: &Scenario) -> Transcript {
    Runner::for_program("/bin/sh", scenario)
        .run()
        .unwrap_or_else(|error| panic!("{error:?}"))
}

/// Text on the terminal.
pub fn text(text: &str) -> Condition {
    Condition::Terminal(text.into())
}

/// A step that waits for a condition.
pub fn wait(condition: Condition) -> Step {
    Step::Await {
        condition,
        timeout: None,
    }
}

/// A step that types.
pub fn key(bytes: &[u8]) -> Step {
    Step::Type {
        bytes: bytes.to_vec(),
        to: None,
    }
}

/// Whether any process with that pid still exists.
pub fn exists(pid: i32) -> bool {
    labscope::proc::process::Stat::read(pid).is_some()
}

/// A companion that is `/bin/sh -c script`.
pub fn sh(name: &str, script: &str) -> Companion {
    let args = vec!["-c".into(), script.into()];
    Companion {
        args,
        ..Companion::named(name, Played::Program("/bin/sh".into()))
    }
}

/// The same step, done with a companion.
pub fn with(companion: &str, step: Step) -> Step {
    Step::With {
        companion: companion.into(),
        step: Box::new(step),
    }
}

/// A step that starts a companion.
pub fn begin(companion: &str) -> Step {
    Step::Start(companion.into())
}

/// Waits until something holds; far longer than it takes on a busy machine.
#[track_caller]
pub fn await_that(what: &str, mut holds: impl FnMut() -> bool) {
    let started = std::time::Instant::now();
    while !holds() {
        assert!(started.elapsed() < DEADLINE, "{what}: in vain");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}
