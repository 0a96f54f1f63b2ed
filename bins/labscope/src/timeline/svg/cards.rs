//! Cards one beside the other, in lines like words.

use crate::i18n::timeline as say;
use crate::timeline::svg::canvas::Picture;
use crate::timeline::svg::layout::SIZE;
use crate::timeline::svg::symbols::badge;

/// Between cards.
const SPACE: f64 = 14.0;
/// Between a card's edge and what is in it.
pub const PADDING: f64 = 8.0;

/// Where the next card goes.
pub struct Cards {
    left: f64,
    width: f64,
    x: f64,
    y: f64,
    /// The height of the line, and how far to the right all lines reach.
    tallest: f64,
    right: f64,
}

impl Cards {
    /// Lines from there on, of that width.
    pub fn new(left: f64, top: f64, width: f64) -> Cards {
        Cards {
            left,
            width,
            x: left,
            y: top,
            tallest: 0.0,
            right: 0.0,
        }
    }

    /// The place of the next card.
    pub fn take(&mut self, width: f64, height: f64) -> (f64, f64) {
        if self.x > self.left && self.x + width > self.width {
            (self.x, self.y, self.tallest) = (self.left, self.y + self.tallest + SPACE, 0.0);
        }
        let place = (self.x, self.y);
        self.x += width + SPACE;
        self.tallest = self.tallest.max(height);
        self.right = self.right.max(place.0 + width);
        place
    }

    /// Begins a panel of its own; `more` cards are not drawn.
    pub fn heading(&mut self, picture: &mut Picture, title: &str, more: usize, of: say::Card) {
        self.y += self.tallest + 34.0;
        let title = say::and_more(picture.language, title, more, of);
        picture.text("title", self.left, self.y, 13.0, title);
        (self.x, self.y, self.tallest) = (self.left, self.y + 10.0, 0.0);
    }

    /// Draws the next card with its title, and the number of its moment if it has one; returns its place.
    pub fn card(
        &mut self,
        picture: &mut Picture,
        [width, height]: [f64; 2],
        title: String,
        number: Option<usize>,
    ) -> (f64, f64) {
        let (x, y) = self.take(width, height);
        picture.rectangle("card", [x, y, width, height], Some(title.clone()));
        if let Some(number) = number {
            badge(picture, (x + 15.0, y + 13.0), number, None);
        }
        picture.text("plain", x + 28.0, y + 17.0, SIZE, title);
        (x, y)
    }

    /// How far the cards reach to the right and to the bottom.
    pub fn reach(&self) -> (f64, f64) {
        (self.right, self.y + self.tallest)
    }
}
