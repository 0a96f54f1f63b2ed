//! Every outcome that a program can have: it is run again and again, each time in an order that is truly another one.
//!
//! Two orders are the same if they differ only in steps that touch nothing in common. The search is depth-first and
//! stateless, with dynamic partial-order reduction: after each run, for every two steps that touched the same thing
//! and could have come the other way round, that order is asked for at the place where they part (`races`); and what
//! has been tried at a place is not tried again below it until something touches it (sleep sets, `explorer`).

mod explorer;
mod follow;
mod outcome;
mod races;
mod search;
mod trace;

pub use follow::{Followed, follow};
pub use outcome::{Outcome, Status};
pub use search::{Bound, Bounds, Exploration, explore};
