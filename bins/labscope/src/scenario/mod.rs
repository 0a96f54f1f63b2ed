//! Scenario files: how a lab is exercised, told once for the tour, the tests and every later tool.

mod awaited;
mod beside;
mod check;
mod companion;
pub mod condition;
pub mod counted;
mod difference;
mod gap;
mod head;
mod load;
mod model;
pub mod pattern;
pub mod pid;
pub mod rubric;
mod step;
mod task;
#[cfg(test)]
mod tests;
mod toml;
mod wiring;

pub use beside::{Beside, Point, RealProgram, beside};
pub use companion::{Companion, Played};
pub use condition::Condition;
pub use difference::Difference;
pub use gap::Gap;
pub use head::{Alone, Head, Refusal};
pub use load::{check_lab, head, load, parse};
pub use model::{End, Scenario, Scenarios, Task, Time};
pub use step::{Channel, Step};
pub use task::{Change, RustChange};
pub use wiring::Wiring;
