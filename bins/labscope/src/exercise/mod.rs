//! A lab as an exercise: its C program with gaps, what is missing next in a student's file, and where it is told.

mod at_line;
mod blame;
mod printer;
mod reference;
mod rust;
mod skeleton;
mod standing;
mod task;

pub use at_line::gap_at;
pub use blame::blamed;
pub use printer::{ExercisePrinter, LAST_HINT};
pub use reference::{ManPage, Reference};
pub use rust::{LinePairs, in_rust};
pub use skeleton::{Exercise, Region, Unchanged};
pub use standing::{Seen, Standing};
pub use task::{command, said_by};
