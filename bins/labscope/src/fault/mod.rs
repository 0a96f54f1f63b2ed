//! Fault drills: scenarios in which something fails. The question before, and what became of the C program and the lab.

mod failure;
mod printer;

pub use failure::{Failure, What, deaths, failures};
pub use printer::DrillPrinter;
