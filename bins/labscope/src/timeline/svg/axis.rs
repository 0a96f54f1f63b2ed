//! The axis of a picture, and the numbers of its moments.

use crate::i18n::Language;
use crate::timeline::svg::canvas::{Picture, width_of};
use crate::timeline::svg::layout::{AXIS, BAR, Plan};
use crate::timeline::svg::scale::BREAK;
use crate::timeline::{Timeline, words as say};

/// The axis: a tick for each moment, its time where there is room, a break where nothing happened for long.
pub fn time(picture: &mut Picture, plan: &Plan) {
    let moments = plan.axis.moments();
    let (Some(&(_, first)), Some(&(_, last))) = (moments.first(), moments.last()) else {
        return;
    };
    picture.path("axis", &[(first, AXIS), (last, AXIS)], None);
    let mut at_break = vec![false; moments.len()];
    for (place, pair) in moments.windows(2).enumerate() {
        let [(earlier, from), (later, to)] = [pair[0], pair[1]];
        if later - earlier < BREAK {
            continue;
        }
        (at_break[place], at_break[place + 1]) = (true, true);
        let (x, y) = ((from + to) / 2.0, AXIS);
        let zigzag = [
            (x - 7.0, y),
            (x - 4.0, y - 5.0),
            (x, y + 5.0),
            (x + 4.0, y - 5.0),
            (x + 7.0, y),
        ];
        picture.path("break", &zigzag, Some(say::duration(later - earlier)));
    }
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let mut order: Vec<usize> = (0..moments.len()).collect();
    order.sort_by_key(|&place| {
        (
            !at_break[place] && place != 0 && place + 1 != moments.len(),
            place,
        )
    });
    let mut written: Vec<String> = Vec::new();
    for place in order {
        let (at, x) = moments[place];
        picture.path("axis", &[(x, AXIS - 3.0), (x, AXIS + 3.0)], None);
        let text = format!("{at:.3}");
        let half = width_of(&text, 9.0) / 2.0;
        let room = (x - half - 3.0, x + half + 3.0);
        let is_free = taken
            .iter()
            .all(|&(left, right)| room.1 <= left || room.0 >= right);
        if is_free && !written.contains(&text) {
            picture.centred("tick", x, AXIS - 7.0, 9.0, &text);
            taken.push(room);
            written.push(text);
        }
    }
}

/// The numbers by which the panels below name their moments.
pub fn numbers(picture: &mut Picture, timeline: &Timeline, plan: &Plan, words: Language) {
    for (place, moment) in timeline.moments.iter().enumerate() {
        let x = plan.axis.x(moment.at);
        let lane = timeline
            .lanes
            .iter()
            .position(|lane| lane.pid == moment.pid);
        if let Some(lane) = lane {
            let foot = plan.bars[lane] + BAR;
            picture.path("moment", &[(x, AXIS + 26.0), (x, foot)], None);
        }
        let title = say::cause(timeline, moment.pid, &moment.cause, words);
        badge(picture, (x, AXIS + 19.0), place + 1, Some(title));
    }
}

/// A number in a box.
pub fn badge(picture: &mut Picture, middle: (f64, f64), number: usize, title: Option<String>) {
    picture.rectangle("badge", [middle.0 - 7.5, middle.1 - 7.0, 15.0, 14.0], title);
    picture.centred("number", middle.0, middle.1 + 3.4, 9.0, &number.to_string());
}
