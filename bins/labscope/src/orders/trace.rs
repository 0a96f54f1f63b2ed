//! The steps of one run, and which of them had to come before which.

use std::collections::HashMap;
use std::rc::Rc;

use crate::control::{Event, relation};

/// For each task, how many of the steps up to its last one that counts lie before: a vector clock.
pub type Clock = Vec<usize>;

/// The steps so far.
#[derive(Default)]
pub struct Trace {
    pub events: Vec<Rc<Event>>,
    /// Who made each.
    pub tasks: Vec<usize>,
    /// How many of them were made; the others are those that somebody stood before at the end.
    pub made: usize,
    clocks: Vec<Clock>,
    /// What the next step of a task comes after.
    of_tasks: Vec<Clock>,
    paths: HashMap<Rc<str>, usize>,
}

impl Trace {
    /// Puts a step at the end; `created`: the tasks that appeared in it.
    pub fn push(&mut self, task: usize, event: Rc<Event>, created: &[usize]) {
        for (&child, path) in created.iter().zip(&event.created) {
            self.know(path, child);
        }
        self.add(task, event, created);
        self.made = self.events.len();
    }

    /// Puts a step at the end that somebody stands before who can never make it.
    pub fn push_pending(&mut self, task: usize, event: Rc<Event>) {
        self.add(task, event, &[]);
    }

    /// Hears of a task.
    pub fn know(&mut self, path: &Rc<str>, task: usize) {
        self.paths.insert(Rc::clone(path), task);
    }

    /// The number of a task that has been heard of.
    pub fn task(&self, path: &Rc<str>) -> Option<usize> {
        self.paths.get(path).copied()
    }

    fn add(&mut self, task: usize, event: Rc<Event>, created: &[usize]) {
        let mut clock = self.of_task(task).clone();
        // The last first: what had to come before one of them needs no look of its own.
        for place in (0..self.made).rev() {
            if !has(&clock, self.tasks[place], place)
                && relation(&self.events[place], &event).is_some()
            {
                join(&mut clock, &self.clocks[place]);
            }
        }
        raise(&mut clock, task, self.events.len() + 1);
        for &child in created {
            *self.of_task(child) = clock.clone();
        }
        *self.of_task(task) = clock.clone();
        self.clocks.push(clock);
        self.events.push(event);
        self.tasks.push(task);
    }

    /// Time has passed until a task went on: that comes after everything.
    pub fn passed(&mut self, task: usize) {
        let mut own = std::mem::take(self.of_task(task));
        self.clocks.iter().for_each(|clock| join(&mut own, clock));
        *self.of_task(task) = own;
    }

    /// Whether a step had to come before another, later one.
    pub fn is_before(&self, first: usize, second: usize) -> bool {
        has(&self.clocks[second], self.tasks[first], first)
    }

    pub fn len(&self) -> usize {
        self.events.len()
    }

    fn of_task(&mut self, task: usize) -> &mut Clock {
        if self.of_tasks.len() <= task {
            self.of_tasks.resize(task + 1, Clock::new());
        }
        &mut self.of_tasks[task]
    }
}

/// Whether that step of that task lies before.
fn has(clock: &Clock, task: usize, step: usize) -> bool {
    clock.get(task).is_some_and(|&known| known > step)
}

fn join(clock: &mut Clock, other: &Clock) {
    for (task, &count) in other.iter().enumerate() {
        raise(clock, task, count);
    }
}

fn raise(clock: &mut Clock, task: usize, count: usize) {
    if clock.len() <= task {
        clock.resize(task + 1, 0);
    }
    clock[task] = clock[task].max(count);
}
