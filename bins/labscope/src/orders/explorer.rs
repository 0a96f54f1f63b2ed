//! The search: which order is tried next.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use anyhow::Result;

use crate::control::{Event, Machine, Performed, Relation, relation};
use crate::orders::outcome::{Outcome, outcome};
use crate::orders::races::{Reversal, reversals};
use crate::orders::trace::Trace;
use crate::run::Cap;

/// A place in the tree of orders: what is known of it.
struct Node {
    /// How often time had to pass before somebody could go on.
    passes: usize,
    /// Who stood before a call that might not wait.
    ready: BTreeSet<usize>,
    /// Whose call would wait here.
    waiting: BTreeSet<usize>,
    /// Whose turn has to be tried here.
    wanted: BTreeSet<usize>,
    /// Whose turn was tried, and what came of it.
    done: Vec<(usize, Rc<Event>)>,
    /// Whose turn need not be tried: that was done before, and nothing has touched it since.
    sleep: Vec<(usize, Rc<Event>)>,
    chosen: usize,
}

/// How a run ended.
pub enum Ended {
    /// Nobody can go on any more.
    Over(Outcome),
    /// It had as many steps as are allowed.
    Cut(Outcome),
    /// What would follow has been seen.
    Redundant,
    /// A cap was met.
    Capped(Cap, Outcome),
    /// The program did something else than before in the same order.
    Differs,
}

/// The whole search.
pub struct Explorer {
    machine: Machine,
    nodes: Vec<Node>,
    /// Tasks by their paths, in order of appearance in any run.
    ids: HashMap<Rc<str>, usize>,
    pub most_steps: usize,
    is_blind: bool,
}

/// The run that is on.
#[derive(Default)]
struct Run {
    trace: Trace,
    /// Whose calls would wait: tried since anything touched what they wait for.
    tried: BTreeSet<usize>,
    last: Option<usize>,
}

enum Choice {
    Made(usize, Rc<Event>),
    Over,
    /// Time passes again and again, and nobody does what others see.
    Endless,
    Redundant,
    Differs,
}

impl Explorer {
    pub fn new(machine: Machine, most_steps: usize, is_blind: bool) -> Explorer {
        Explorer {
            machine,
            nodes: Vec::new(),
            ids: HashMap::new(),
            most_steps,
            is_blind,
        }
    }

    /// Forgets what was searched.
    pub fn begin_again(&mut self, most_steps: usize) {
        self.nodes.clear();
        self.most_steps = most_steps;
    }

    /// Makes the next run.
    pub fn run(&mut self) -> Result<Ended> {
        let since = self.nodes.len().saturating_sub(1);
        self.machine.restart()?;
        let mut run = Run::default();
        for number in 1..=self.machine.len() {
            let path = self.machine.path(number);
            let task = self.id(&path);
            run.trace.know(&path, task);
        }
        let ended = loop {
            if let Some(cap) = self.machine.cap() {
                break Ended::Capped(cap, self.outcome(&run, false));
            }
            if run.trace.len() >= self.most_steps {
                break Ended::Cut(self.outcome(&run, false));
            }
            let choice = match run.trace.len() < self.nodes.len() {
                true => self.repeat(&mut run)?,
                false => self.choose(&mut run)?,
            };
            match choice {
                Choice::Made(task, event) => self.made(&mut run, task, event),
                Choice::Over => break Ended::Over(self.outcome(&run, true)),
                Choice::Endless => break Ended::Cut(self.outcome(&run, false)),
                Choice::Redundant => break Ended::Redundant,
                Choice::Differs => break Ended::Differs,
            }
        };
        if matches!(ended, Ended::Over(_) | Ended::Cut(_) | Ended::Redundant) {
            self.add_pending(&mut run);
        }
        for reversal in reversals(&run.trace, since.min(run.trace.len())) {
            self.want(&run.trace, reversal);
        }
        self.machine.end_run()?;
        Ok(ended)
    }

    /// Who stands before a call at the end of a run could have made it before somebody else's.
    fn add_pending(&mut self, run: &mut Run) {
        for number in 1..=self.machine.len() {
            if let Some(event) = self.machine.pending(number) {
                let task = self.id(&event.task);
                run.trace.push_pending(task, Rc::new(event));
            }
        }
    }

    /// Turns to the next order that has to be tried; false if there is none.
    pub fn turn(&mut self) -> bool {
        while let Some(node) = self.nodes.last_mut() {
            let is_done = |task: &usize| {
                let mut known = node.done.iter().chain(&node.sleep);
                node.waiting.contains(task) || known.any(|(other, _)| other == task)
            };
            if let Some(&next) = node.wanted.iter().find(|task| !is_done(task)) {
                node.chosen = next;
                return true;
            }
            self.nodes.pop();
        }
        false
    }

    /// Makes the step that this order has here.
    fn repeat(&mut self, run: &mut Run) -> Result<Choice> {
        let depth = run.trace.len();
        let is_new = depth + 1 == self.nodes.len();
        for _ in 0..self.nodes[depth].passes {
            self.pass_time(run)?;
        }
        let chosen = self.nodes[depth].chosen;
        let number = self
            .number(chosen)
            .filter(|&number| self.machine.may_go_on(number));
        let performed = number
            .map(|number| self.machine.perform(number))
            .transpose()?;
        Ok(match performed {
            Some(Performed::Done(event)) => Choice::Made(chosen, Rc::from(event)),
            _ if is_new => {
                self.nodes[depth].waiting.insert(chosen);
                Choice::Redundant
            }
            _ => Choice::Differs,
        })
    }

    /// Makes a step at a new place: whoever went on last goes on, else the first who can.
    fn choose(&mut self, run: &mut Run) -> Result<Choice> {
        let sleep = self.sleep(run);
        let (mut passes, mut is_sure) = (0, false);
        loop {
            let all: Vec<(usize, usize)> = self.standing();
            let ready = all.iter().filter(|(task, _)| !run.tried.contains(task));
            let ready: Vec<(usize, usize)> = ready.copied().collect();
            let awake = |task: &usize| !sleep.iter().any(|(other, _)| other == task);
            let mut awake = ready.iter().filter(|(task, _)| awake(task));
            let first = awake.clone().next();
            let Some(&(chosen, number)) = awake.find(|(task, _)| run.last == Some(*task)).or(first)
            else {
                if !ready.is_empty() {
                    return Ok(Choice::Redundant);
                }
                if !std::mem::replace(&mut is_sure, true) && !run.tried.is_empty() {
                    run.tried.clear(); // once more: nothing must be missed
                } else if passes > self.most_steps || self.machine.cap().is_some() {
                    return Ok(Choice::Endless);
                } else if self.pass_time(run)? {
                    (passes, is_sure) = (passes + 1, false);
                } else {
                    return Ok(Choice::Over);
                }
                continue;
            };
            match self.machine.perform(number)? {
                Performed::Waits => {
                    run.tried.insert(chosen);
                }
                Performed::Done(event) => {
                    let ready: BTreeSet<usize> = ready.iter().map(|(task, _)| *task).collect();
                    let mut wanted = BTreeSet::from([chosen]);
                    if self.is_blind {
                        wanted.extend(&ready);
                    }
                    self.nodes.push(Node {
                        passes,
                        ready,
                        waiting: run.tried.clone(),
                        wanted,
                        done: Vec::new(),
                        sleep,
                        chosen,
                    });
                    return Ok(Choice::Made(chosen, Rc::from(event)));
                }
            }
        }
    }

    /// Whose turn need not be tried at the next place.
    fn sleep(&self, run: &Run) -> Vec<(usize, Rc<Event>)> {
        let (Some(node), Some(event)) = (self.nodes.last(), run.trace.events.last()) else {
            return Vec::new();
        };
        let known = node.sleep.iter().chain(&node.done);
        let others = known.filter(|(task, _)| *task != node.chosen && !self.is_blind);
        let free = others.filter(|(_, other)| {
            relation(other, event).is_none() && relation(event, other).is_none()
        });
        free.cloned().collect()
    }

    fn made(&mut self, run: &mut Run, task: usize, event: Rc<Event>) {
        let node = &mut self.nodes[run.trace.len()];
        if !node.done.iter().any(|(other, _)| *other == task) {
            node.done.push((task, Rc::clone(&event)));
        }
        self.forget_waits(run, &event);
        let created: Vec<usize> = event.created.iter().map(|path| self.id(path)).collect();
        run.trace.push(task, event, &created);
        run.last = Some(task);
    }

    /// Whoever waits for something that a step has touched may wait no longer.
    fn forget_waits(&mut self, run: &mut Run, event: &Event) {
        let is_touched = |task: &usize| {
            let Some(number) = self.number(*task) else {
                return true;
            };
            self.machine.is_touched(number, event)
        };
        let kept = run
            .tried
            .iter()
            .filter(|task| !is_touched(task) && event.exits.is_empty());
        run.tried = kept.copied().collect();
    }

    fn pass_time(&mut self, run: &mut Run) -> Result<bool> {
        let woken = self.machine.pass_time()?;
        for &number in &woken {
            let path = self.machine.path(number);
            let task = self.id(&path);
            run.trace.passed(task);
        }
        run.tried.clear();
        Ok(!woken.is_empty())
    }

    /// Wants another order at a place, unless one that leads to it is wanted already.
    fn want(&mut self, trace: &Trace, reversal: Reversal) {
        let Some(node) = self.nodes.get_mut(reversal.at) else {
            return;
        };
        let (mut beginnings, mut waiting) = (reversal.beginnings, None);
        if reversal.is_direct {
            // Its step came after the one it races with: it may have to wait without it.
            let can = |task: &usize| node.ready.contains(task) && !node.waiting.contains(task);
            waiting = beginnings.pop_if(|last| !can(last));
        }
        let is_known = |task: &usize| {
            node.wanted.contains(task) || node.sleep.iter().any(|(other, _)| other == task)
        };
        if let Some(&last) = beginnings
            .last()
            .filter(|_| !beginnings.iter().any(is_known))
        {
            node.wanted.insert(last);
        }
        if let Some(task) = waiting.filter(|&task| trace.tasks[reversal.second] == task) {
            let event = &trace.events[reversal.second];
            self.want_earlier(trace, reversal.at, task, event);
        }
    }

    /// A call that would wait at a place was made possible there. It may come before an earlier step that touches
    /// the same: before the last of those where it need not wait.
    fn want_earlier(&mut self, trace: &Trace, at: usize, task: usize, event: &Event) {
        for place in (0..at).rev().take_while(|&it| trace.tasks[it] != task) {
            let node = &mut self.nodes[place];
            let can = node.ready.contains(&task) && !node.waiting.contains(&task);
            if can && relation(&trace.events[place], event) == Some(Relation::Conflict) {
                if !node.sleep.iter().any(|(other, _)| *other == task) {
                    node.wanted.insert(task);
                }
                return;
            }
        }
    }

    /// Who stands before a call, and its number in this run.
    fn standing(&mut self) -> Vec<(usize, usize)> {
        let numbers = (1..=self.machine.len()).filter(|&number| self.machine.may_go_on(number));
        let numbers: Vec<usize> = numbers.collect();
        let with_id = |number| (self.id(&self.machine.path(number)), number);
        numbers.into_iter().map(with_id).collect()
    }

    fn id(&mut self, path: &Rc<str>) -> usize {
        let next = self.ids.len();
        *self.ids.entry(Rc::clone(path)).or_insert(next)
    }

    fn number(&self, task: usize) -> Option<usize> {
        (1..=self.machine.len())
            .find(|&number| self.ids.get(&self.machine.path(number)) == Some(&task))
    }

    fn outcome(&self, run: &Run, is_over: bool) -> Outcome {
        let events = &run.trace.events;
        let steps = events.iter().map(|event| event.number).collect();
        let call = |event: &Rc<Event>| {
            let text = self.machine.with_paths(&event.call.to_string());
            (format!("<{}>", event.task), text)
        };
        outcome(
            &self.machine,
            is_over,
            steps,
            events.iter().map(call).collect(),
        )
    }
}
