//! A run under the reader's hand: who makes the next call is the reader's to say.

mod draw;
mod pipes;
mod recording;
mod session;
mod unwritten;
mod view;

pub use draw::{draw, printed};
pub use session::{Session, Taken};
pub use unwritten::Unwritten;
pub use view::{Doing, Observer, ProcessView, View};
