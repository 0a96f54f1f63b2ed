//! The ladder: every echo server of the labs, its C twin, and servers of other people, measured beside each other.
//!
//! - [`rungs`]: the servers; [`tree`]: what the processes of one are doing and have; [`measure`]: what is measured
//! - [`results`]: what it comes to; [`table`], [`picture`], [`page`]: how it is shown; [`promises`]: the numbers to hold

pub mod measure;
pub mod page;
pub mod picture;
pub mod promises;
pub mod results;
pub mod rungs;
pub mod table;
pub mod tree;

pub use results::{Ladder, Level, Results};
pub use rungs::{Made, Rung};
