//! What the tests of shm_race and shm_sem share: a run beside another program, what is left behind, both in every order.

use std::path::PathBuf;

use labscope::control::Settings;
use labscope::orders::Exploration;
use labscope::{Companion, Condition, Played, Runner, Scenario, Signal, Step, Transcript};

use super::support;

/// The text of a terminal is awaited.
pub fn shown(text: &str) -> Step {
    wait(Condition::Terminal(text.into()))
}

pub fn wait(condition: Condition) -> Step {
    Step::Await {
        condition,
        timeout: None,
    }
}

/// A call is entered for the so many-th time.
pub fn entered(call: &str, count: usize) -> Step {
    wait(Condition::Entered {
        call: call.into(),
        process: 1,
        count,
    })
}

pub fn asleep() -> Step {
    wait(Condition::State {
        state: 'S',
        process: 1,
    })
}

pub fn signal(signal: Signal) -> Step {
    Step::Signal { signal, process: 1 }
}

pub fn start(companion: &str) -> Step {
    Step::Start(companion.into())
}

pub fn with(companion: &str, step: Step) -> Step {
    Step::With {
        companion: companion.into(),
        step: Box::new(step),
    }
}

/// A program, traced, as a companion.
pub fn companion(name: &str, path: PathBuf) -> Companion {
    let path = path.to_str().expect("UTF-8").to_owned();
    Companion {
        trace: true,
        ..Companion::named(name, Played::Program(path))
    }
}

/// A run of a program with System V objects of its own.
pub fn play(program: PathBuf, scenario: Scenario) -> Transcript {
    support::labscope();
    let scenario = Scenario {
        ipc: true,
        trace: true,
        ..scenario
    };
    let ran = Runner::for_program(program, &scenario).run();
    ran.unwrap_or_else(|error| panic!("{error:#}"))
}

/// The segments and semaphores that are there when these steps have ended a program, as lines of ipcs(1).
pub fn left_behind(program: PathBuf, inject: &[&str], mut steps: Vec<Step>) -> Vec<String> {
    steps.push(wait(Condition::Exit { process: 1 }));
    steps.push(start("ipcs"));
    steps.push(with("ipcs", wait(Condition::Exit { process: 1 })));
    let ipcs = Companion {
        args: vec!["-m".into(), "-s".into()],
        ..Companion::named("ipcs", Played::Program("/usr/bin/ipcs".into()))
    };
    let scenario = Scenario {
        inject: inject.iter().map(|&text| text.to_owned()).collect(),
        steps,
        companions: vec![ipcs],
        ..Scenario::named("left behind")
    };
    let transcript = play(program, scenario);
    let listed = transcript.companion("ipcs").expect("its part");
    let listed = listed.normalised().terminal;
    assert!(listed.contains("Semaphore Arrays"), "{listed}");
    let objects = listed.lines().filter(|line| line.starts_with("0x"));
    objects.map(str::to_owned).collect()
}

/// Both labs of a room, in every order of their first steps.
pub fn in_every_order(producer: &str, consumer: &str, steps: usize) -> Exploration {
    let mut settings = Settings::new(support::traced(producer));
    settings.with = vec![(support::traced(consumer), Vec::new())];
    settings.own_ipc = true;
    super::in_every_order(settings, steps, |_| false)
}

/// The numbers in what was printed, in order.
pub fn numbers(output: &str) -> Vec<i32> {
    let told = output.lines().filter_map(|line| line.split(" : ").nth(1));
    told.filter_map(|number| number.trim().parse().ok())
        .collect()
}
