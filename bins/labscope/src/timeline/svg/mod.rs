//! The picture of a timeline, as SVG.

mod axis;
mod canvas;
mod cards;
mod descriptor_panel;
mod draw;
mod layout;
mod legend;
mod memory_panel;
mod places;
mod scale;
mod shared_panel;
mod symbols;
mod writer;

pub use canvas::{Picture, TextBox, width_of};
pub use draw::{PANELS, draw, draw_without_tables, svg};
pub use places::{Places, process_class};
pub use writer::style;
