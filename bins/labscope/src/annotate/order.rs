//! Who runs first after fork: asked of strace, and what the trace then shows.

use std::collections::HashMap;

use super::event::{Event, Made};
use crate::attribution::Place;
use crate::strace::FORKS;

/// Who is to make the first call after fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum First {
    #[value(name = "child-first")]
    Child,
    #[value(name = "parent-first")]
    Parent,
}

/// How long strace holds the other one back, in microseconds.
const DELAY: u32 = 40_000;

/// With what a child may begin. Strace counts each call per process, and only the first of each is held
/// back: a parent that wrote or slept before is not. (In a C program the child begins with libc's set_robust_list.)
const BEGINNINGS: &str = "set_robust_list,write,close,dup2,fstat,getpid,getppid,setsid,read,\
                          clock_nanosleep,pause,execve,rt_sigaction";

/// What strace is asked for.
pub fn injection(first: First) -> String {
    match first {
        First::Child => format!("inject={}:delay_exit={DELAY}", FORKS.join(",")),
        First::Parent => format!("inject={BEGINNINGS}:delay_enter={DELAY}:when=1"),
    }
}

/// Who ran first at each fork of a run.
pub struct Forks {
    asked: First,
    forks: Vec<Fork>,
    /// When each process really began its first call.
    begun: HashMap<i32, f64>,
}

struct Fork {
    parent: i32,
    child: i32,
    time: f64,
    /// When the parent really began its next call.
    went_on: Option<f64>,
}

impl Forks {
    pub fn new(asked: First) -> Forks {
        Forks {
            asked,
            forks: Vec::new(),
            begun: HashMap::new(),
        }
    }

    pub fn note(&mut self, event: &Event) {
        match event {
            Event::Made(made) if made.libc.is_none() && made.site.place != Place::Setup => {
                self.made(made);
            }
            _ => {}
        }
    }

    fn made(&mut self, made: &Made) {
        let call = &made.call;
        if let Some(child) = call.child() {
            self.forks.push(Fork {
                parent: call.pid,
                child,
                time: made.time,
                went_on: None,
            });
        }
        let held_back = self.asked == First::Parent && call.is_delayed();
        let delay = f64::from(DELAY) / 1e6;
        let begun = made.time + if held_back { delay } else { 0.0 };
        self.begun.entry(call.pid).or_insert(begun);
        let mine = self.forks.iter_mut().filter(|it| it.parent == call.pid);
        for fork in mine.filter(|fork| fork.went_on.is_none() && made.time > fork.time) {
            fork.went_on = Some(begun);
        }
    }

    /// Who was asked to run first, and who did, at each fork after which both ran.
    pub fn shown(&self) -> (First, Vec<First>) {
        let both = self.forks.iter().filter_map(|fork| {
            let (child, parent) = (self.begun.get(&fork.child)?, fork.went_on?);
            let child_first = *child < parent;
            Some(if child_first {
                First::Child
            } else {
                First::Parent
            })
        });
        (self.asked, both.collect())
    }
}
