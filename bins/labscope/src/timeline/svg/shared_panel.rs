//! Segments and semaphores of System V, at the moments when something was done to them.

use crate::i18n::timeline as say;
use crate::timeline::model::{SharedMoment, Timeline};
use crate::timeline::svg::canvas::{Picture, width_of};
use crate::timeline::svg::cards::{Cards, PADDING};
use crate::timeline::svg::layout::{ROW, SIZE};

/// So many moments have a card.
const MOMENTS: usize = 18;

/// Draws a card for each of the first moments.
pub fn draw(picture: &mut Picture, timeline: &Timeline, cards: &mut Cards) {
    let shown = &timeline.shared[..timeline.shared.len().min(MOMENTS)];
    if shown.is_empty() {
        return;
    }
    let more = timeline.shared.len() - shown.len();
    cards.heading(
        picture,
        say::shared_objects(picture.language),
        more,
        say::Card::Change,
    );
    for moment in shown {
        card(picture, timeline, moment, cards);
    }
}

fn card(picture: &mut Picture, timeline: &Timeline, moment: &SharedMoment, cards: &mut Cards) {
    let language = picture.language;
    let change = timeline.say_shared_change(moment, language);
    let title = format!("{:.3} s  {change}", moment.at);
    let rows = timeline.say_shared(&moment.objects, language);
    let widest = |texts: &mut dyn Iterator<Item = &String>| {
        texts.map(|text| width_of(text, SIZE)).fold(0.0, f64::max)
    };
    let first = widest(&mut rows.iter().map(|(name, _)| name)) + 2.0 * PADDING;
    let second = widest(&mut rows.iter().map(|(_, who)| who)) + PADDING;
    let inner = first + second;
    let width = (inner + 2.0 * PADDING).max(width_of(&title, SIZE) + 40.0);
    let height = 26.0 + rows.len() as f64 * ROW + 2.0 * PADDING;
    let (x, y) = cards.card(picture, [width, height], title, None);
    let (x, mut base) = (x + PADDING, y + 26.0);
    let all = rows.len() as f64 * ROW + PADDING;
    picture.rectangle("box", [x, base, width - 2.0 * PADDING, all], None);
    for (name, who) in rows {
        base += ROW;
        picture.text("strong", x + PADDING, base, SIZE, name);
        picture.text("plain", x + first, base, SIZE, who);
    }
}
