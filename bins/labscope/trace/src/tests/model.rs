//! A run of several processes, made up step by step: what happens is printed as strace does, and known.
//!
//! A step is one number, and every list of steps is a possible run: a failing list can be made shorter at will.

use crate::tests::outcome::Outcome;
use crate::tests::paper::{Paper, Style};
use crate::tests::random::Random;
use crate::tests::sample::{Arguments, Plain};
use crate::{Call, Happening, Notice};

/// What the trace must be.
#[derive(Default)]
pub struct Known {
    pub calls: Vec<Call>,
    /// What each call's result means, and the strings in its arguments.
    pub meanings: Vec<(Outcome, Vec<Plain>)>,
    pub notices: Vec<Notice>,
    pub pids: Vec<i32>,
}

pub(super) enum State {
    Running,
    Inside(Entered),
    /// Its exit has been printed with `= ?`, or its call was cut off; its end comes next.
    Dying,
}

pub(super) struct Entered {
    pub(super) arguments: Arguments,
    /// The thread or process it starts, and whether that is there already.
    pub(super) child: Option<(i32, bool, Kind)>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Process,
    Thread,
}

pub(super) struct Thread {
    pub(super) tid: i32,
    pub(super) pid: i32,
    pub(super) state: State,
    /// The call it entered last.
    pub(super) latest: usize,
    /// The stack that strace took when an exit or execve was entered.
    pub(super) captured: Vec<String>,
    /// How it will end, once that is settled.
    pub(super) doom: Option<Happening>,
}

pub struct World {
    pub paper: Paper,
    pub known: Known,
    pub(super) threads: Vec<Thread>,
    pub(super) next: i32,
    /// The numbers of threads that ended.
    pub(super) freed: Vec<i32>,
}

impl World {
    pub fn new(style: Style) -> World {
        let mut world = World {
            paper: Paper::new(style),
            known: Known::default(),
            threads: Vec::new(),
            next: 10,
            freed: Vec::new(),
        };
        world.begin(10, 10);
        let strings = vec![(b"./lab".to_vec(), false)];
        let arguments = Arguments {
            before: "\"./lab\", [], 0x7ffc /* 3 vars */".to_owned(),
            strings_before: strings,
            ..Arguments::default()
        };
        world.enter(0, "execve", arguments, None);
        world.known.calls[0].setup = true;
        world.leave(0, succeeded(0), Vec::new());
        world
    }

    /// Lets one thread do something that it can do now.
    pub fn step(&mut self, seed: u64) {
        let mut random = Random::new(seed);
        if self.threads.is_empty() {
            return;
        }
        let who = random.below(self.threads.len());
        let thread = &self.threads[who];
        match (&thread.state, thread.doom.is_some()) {
            (State::Inside(_), true) if random.percent(50) => self.cut_off(who),
            (_, true) => self.end(who),
            (State::Running, _) => self.run(who, &mut random),
            (State::Inside(_), _) => match random.below(100) {
                0..8 => self.kill(who, &mut random),
                8..16 => self.start_child(who),
                _ => self.go_on(who, &mut random),
            },
            (State::Dying, false) => {}
        }
    }

    /// Strace leaves, or is killed; threads that are being started are waited for.
    pub fn finish(&mut self, random: &mut Random) {
        while let Some(who) = self.threads.iter().position(|thread| {
            !self.may_end(thread.pid)
                && matches!(
                    &thread.state,
                    State::Inside(Entered {
                        child: Some((_, true, Kind::Thread)),
                        ..
                    })
                )
        }) {
            self.go_on(who, random);
        }
        self.paper.leave(random.percent(50));
    }
}

pub(super) fn succeeded(value: i32) -> Outcome {
    Outcome {
        text: value.to_string(),
        value: Some(value.into()),
        returned: true,
        ..Outcome::default()
    }
}
