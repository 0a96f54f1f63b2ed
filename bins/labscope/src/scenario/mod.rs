//! Scenario files: how a lab is exercised, told once for the tour, the tests and every later tool.

mod companion;
pub mod condition;
mod difference;
mod head;
mod load;
mod model;
pub mod pid;
mod raw_condition;
mod step;
#[cfg(test)]
mod tests;

pub use companion::{Companion, Played};
pub use condition::Event;
pub use difference::{Difference, captures};
pub use head::{Alone, Head, Refusal};
pub use load::{head, load, parse};
pub use model::{End, Scenario, Scenarios, Wiring};
pub use step::{Channel, Step};
