//! Runs made up at random, printed as each version of strace would, are read back as what they are.

use crate::Trace;
use crate::tests::model::{Known, World};
use crate::tests::paper::Style;
use crate::tests::random::Random;

/// How many runs, and the most steps of one.
const RUNS: u64 = 8_000;
const STEPS: usize = 60;

#[test]
fn what_strace_prints_of_a_made_up_run_is_read_as_that_run() {
    for seed in 1..=RUNS {
        let mut random = Random::new(seed);
        let steps: Vec<u64> = (0..random.below(STEPS)).map(|_| random.next()).collect();
        if let Some(difference) = difference(seed, &steps) {
            let (steps, difference) = shortest(seed, steps, difference);
            let (style, world) = played(seed, &steps);
            panic!(
                "seed {seed}, {style:?}\n{difference}\nin\n{}",
                world.paper.text
            );
        }
    }
}

fn played(seed: u64, steps: &[u64]) -> (Style, World) {
    let mut random = Random::new(!seed);
    let style = Style::any(&mut random);
    let mut world = World::new(style);
    steps.iter().for_each(|&step| world.step(step));
    world.finish(&mut random);
    (style, world)
}

/// Leaves out steps as long as the run still fails.
fn shortest(seed: u64, mut steps: Vec<u64>, mut why: String) -> (Vec<u64>, String) {
    let mut size = steps.len();
    while size > 0 {
        let mut start = 0;
        while start < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(start..(start + size).min(steps.len()));
            match difference(seed, &fewer) {
                Some(difference) => (steps, why) = (fewer, difference),
                None => start += size,
            }
        }
        size /= 2;
    }
    (steps, why)
}

/// What the trace says and is not so; none if all is right.
fn difference(seed: u64, steps: &[u64]) -> Option<String> {
    let (_, world) = played(seed, steps);
    let trace = fed(world.paper.text.as_bytes(), &mut Random::new(seed));
    compare(&trace, &world.known)
}

/// The trace of a text that comes in pieces.
pub fn fed(mut text: &[u8], random: &mut Random) -> Trace {
    let mut trace = Trace::of("./lab");
    while !text.is_empty() {
        let most = random.pick(&[1, 10, 100, 10_000]);
        let (piece, rest) = text.split_at((1 + random.below(most)).min(text.len()));
        trace.feed(piece);
        text = rest;
    }
    trace.end();
    trace
}

fn compare(trace: &Trace, known: &Known) -> Option<String> {
    let mut pairs = trace.calls.iter().zip(&known.calls);
    if let Some((read, call)) = pairs.find(|(read, call)| read != call) {
        return Some(format!("read {read:?}\nnot  {call:?}"));
    }
    let mut pairs = trace.notices.iter().zip(&known.notices);
    if let Some((read, notice)) = pairs.find(|(read, notice)| read != notice) {
        return Some(format!("read {read:?}\nnot  {notice:?}"));
    }
    let counts = |calls: usize, notices: usize, pids: &[i32]| {
        format!("{calls} calls, {notices} notices, pids {pids:?}")
    };
    let read = counts(trace.calls.len(), trace.notices.len(), &trace.pids);
    let right = counts(known.calls.len(), known.notices.len(), &known.pids);
    if read != right || !trace.unread.is_empty() {
        return Some(format!(
            "read {read}, unread {:?}\nnot  {right}",
            trace.unread
        ));
    }
    for (call, (outcome, plain)) in trace.calls.iter().zip(&known.meanings) {
        let found: Vec<_> = call
            .args
            .texts()
            .into_iter()
            .map(|it| (it.bytes, it.cut))
            .collect();
        let meaning = (
            call.value(),
            call.errno(),
            call.is_injected(),
            call.is_delayed(),
            call.is_restarted(),
            call.has_returned(),
        );
        let right = (
            outcome.value,
            outcome.errno,
            outcome.injected,
            outcome.delayed,
            outcome.restarted,
            outcome.returned,
        );
        if meaning != right || found != *plain {
            return Some(format!(
                "{call:?} means {meaning:?}, {found:?}\nnot  {right:?}, {plain:?}"
            ));
        }
    }
    None
}
