//! The tour: every lab shown live, with what is typed, what is printed, and which calls were made.

mod builds;
mod calls;
mod pages;
mod part;
mod picture;
mod show;
mod table;
mod walk;

pub use part::{Part, RunShown, keys};
pub use show::RunPrinter;
pub use walk::{TourOptions, run};
