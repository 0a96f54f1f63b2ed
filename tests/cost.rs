//! What a lab costs beside what no program can do without, on a machine whose clock goes on by a nanosecond an instruction, those of the
//! kernel included. `boot.rs` starts one.

mod support;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::Instant;

use support::{bounded, output, root, text_of};

/// The most that a start may cost, as a multiple.
const MOST: f64 = 1.05;

/// The same of fork and wait: a lab has a page of variables, which fork makes a copy of; what it is held against has none.
const MOST_WITH_VARIABLES: f64 = 1.1;

/// How often each is started: some rounds are interrupted by the machine's clock.
const ROUNDS: usize = 15;

/// How many processes fork: the kernel places the stack of each at random, and about every second one has a page more to copy.
const STARTS: usize = 24;

fn counts() -> bool {
    let counts = std::env::var_os("RAWLABS_COUNTED").is_some();
    if !counts {
        eprintln!("not looked at: the clock of this machine counts no instructions");
    }
    counts
}

/// A program in `build/`; those of the benchmark are held against the labs.
fn program(name: &str) -> String {
    let program = root().join("build").join(name);
    program.to_str().expect("a path in UTF-8").to_owned()
}

fn assert_costs_little(what: &str, [lab, floor]: [u128; 2], most: f64) {
    println!("{what}: {lab} instructions, the floor {floor}");
    assert!(floor > 10_000, "{what}: {floor}: no kernel is in it");
    let times = lab as f64 / floor as f64;
    assert!(times <= most, "{what}: {lab} / {floor} = {times:.3}");
}

#[test]
fn from_exec_to_exit() {
    if !counts() {
        return;
    }
    let mut launch = bounded(program("bench/programs/measure-launch"));
    launch.arg(ROUNDS.to_string());
    launch.args([
        program("exec_test"),
        program("bench/programs/exec_test-floor"),
    ]);
    let folder = support::Scratch::new();
    let byte = folder.file("byte", "x");
    let seen = output(launch.stdin(File::open(byte).unwrap()));
    let text = text_of(&seen);
    let mut least = BTreeMap::new();
    for line in text.lines() {
        let numbers: Vec<u128> = line.split(' ').filter_map(|it| it.parse().ok()).collect();
        let [place, time, _] = numbers[..] else {
            panic!("{text}")
        };
        let known = least.entry(place).or_insert(time);
        *known = time.min(*known);
    }
    assert_eq!(least.len(), 2, "{text}");
    assert_costs_little("exec to exit", [least[&0], least[&1]], MOST);
}

#[test]
fn fork_and_wait() {
    if !counts() {
        return;
    }
    let least = ["fork-rawlabs", "fork-floor"].map(|name| {
        let starts = (0..STARTS).map(|_| least_of(name));
        starts.min().expect("a start")
    });
    assert_costs_little("fifty times fork and wait", least, MOST_WITH_VARIABLES);
}

/// The instructions of fifty times fork and wait, in one process.
fn least_of(name: &str) -> u128 {
    let mut process = Command::new(program(&format!("bench/programs/{name}")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut go, mut done) = (
        process.stdin.take().unwrap(),
        process.stdout.take().unwrap(),
    );
    let rounds = (0..2).map(|_| {
        let started = Instant::now();
        go.write_all(b"x").unwrap();
        done.read_exact(&mut [0]).unwrap();
        started.elapsed().as_nanos()
    });
    let least = rounds.min().expect("a round");
    drop(go);
    assert!(process.wait().unwrap().success(), "{name}");
    least
}
