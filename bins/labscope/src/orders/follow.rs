//! One order that somebody asks for, and its outcome.

use anyhow::{Result, anyhow};

use crate::control::{Event, Machine, Settings};
use crate::i18n::run;
use crate::orders::outcome::{Outcome, outcome};

/// What came of following an order.
#[derive(Debug)]
pub enum Followed {
    /// It was possible; after its last step the first who can goes on.
    To(Outcome),
    /// At this step (from 1 on) that process could not go on.
    Impossible { step: usize, number: usize },
}

/// Runs a program in an order: the numbers of the processes, in order of appearance.
pub fn follow(settings: Settings, steps: &[usize], most_steps: usize) -> Result<Followed> {
    std::thread::scope(|scope| {
        let following = scope.spawn(|| run(settings, steps, most_steps));
        following
            .join()
            .map_err(|_| anyhow!(run::order_panicked()))?
    })
}

fn run(settings: Settings, steps: &[usize], most_steps: usize) -> Result<Followed> {
    let mut machine = Machine::new(settings)?;
    machine.restart()?;
    let mut events: Vec<Event> = Vec::new();
    for (place, &number) in steps.iter().enumerate() {
        match machine.take_step(Some(number))? {
            Some(event) if event.number == number => events.push(*event),
            _ => {
                let step = place + 1;
                return Ok(Followed::Impossible { step, number });
            }
        }
    }
    let is_over = loop {
        if machine.cap().is_some() || events.len() >= most_steps.max(steps.len()) {
            break false;
        }
        match machine.take_step(None)? {
            Some(event) => events.push(*event),
            None => break true,
        }
    };
    let steps = events.iter().map(|event| event.number).collect();
    let call = |event: &Event| {
        let text = machine.with_paths(&event.call.to_string());
        (format!("<{}>", event.task), text)
    };
    let calls = events.iter().map(call).collect();
    let outcome = outcome(&machine, is_over, steps, calls);
    Ok(Followed::To(outcome))
}
