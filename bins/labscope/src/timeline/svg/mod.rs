//! The picture of a timeline, as SVG.

mod axis;
mod canvas;
mod descriptor_panel;
mod draw;
mod layout;
mod markup;
mod memory_panel;
mod panels;
mod scale;

pub use canvas::{Picture, TextBox};
pub use draw::draw;
pub use markup::style;

use crate::i18n::Language;
use crate::timeline::model::Timeline;

/// The picture as an SVG file.
pub fn svg(timeline: &Timeline, words: Language) -> String {
    draw(timeline, words).svg()
}
