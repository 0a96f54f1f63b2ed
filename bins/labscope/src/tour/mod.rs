//! The tour: every lab shown live, with what is typed, what is printed, and which calls were made.

mod builds;
mod calls;
mod guide;
mod pages;
mod pane;
mod part;
mod picture;
mod piece;
mod printed;
mod reader;
mod sheet;
mod show;
mod table;
mod walk;

pub use part::{Part, RunShown, keys};
pub use reader::Pace;
pub use show::RunPrinter;
pub use walk::{TourOptions, run};
