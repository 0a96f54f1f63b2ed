//! The axis of a picture, and the numbers of its moments.

use crate::i18n::timeline::duration;
use crate::timeline::model::Timeline;
use crate::timeline::svg::canvas::{Picture, width_of};
use crate::timeline::svg::layout::{AXIS, BAR, Layout};
use crate::timeline::svg::scale::BREAK;
use crate::timeline::svg::symbols::badge;

/// The axis: a tick for each moment, its time where there is room, a break where nothing happened for long.
pub fn draw(picture: &mut Picture, layout: &Layout) {
    let moments = layout.scale.moments();
    let (Some(&(_, first)), Some(&(_, last))) = (moments.first(), moments.last()) else {
        return;
    };
    picture.path("axis", &[(first, AXIS), (last, AXIS)], None);
    let mut is_told_first = vec![false; moments.len()]; // both ends, and both sides of each break
    (is_told_first[0], is_told_first[moments.len() - 1]) = (true, true);
    for (place, pair) in moments.windows(2).enumerate() {
        let [(earlier, from), (later, to)] = [pair[0], pair[1]];
        if later - earlier >= BREAK {
            (is_told_first[place], is_told_first[place + 1]) = (true, true);
            zigzag(picture, (from + to) / 2.0, duration(later - earlier));
        }
    }
    let mut order: Vec<usize> = (0..moments.len()).collect();
    order.sort_by_key(|&place| !is_told_first[place]);
    ticks(picture, order.into_iter().map(|place| moments[place]));
}

fn zigzag(picture: &mut Picture, x: f64, title: String) {
    let points = [
        (-7.0, 0.0),
        (-4.0, -5.0),
        (0.0, 5.0),
        (4.0, -5.0),
        (7.0, 0.0),
    ];
    let points = points.map(|(right, down)| (x + right, AXIS + down));
    picture.path("break", &points, Some(title));
}

/// A tick for each moment and its place; of times that would overlap the first is written.
fn ticks(picture: &mut Picture, moments: impl Iterator<Item = (f64, f64)>) {
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let mut written: Vec<String> = Vec::new();
    let mut ticks = Vec::new();
    for (at, x) in moments {
        ticks.push([(x, AXIS - 3.0), (x, AXIS + 3.0)]);
        let text = format!("{at:.3}");
        let half = width_of(&text, 9.0) / 2.0 + 3.0;
        let is_free = |&(left, right): &(f64, f64)| x + half <= left || x - half >= right;
        if taken.iter().all(is_free) && !written.contains(&text) {
            picture.centred("tick", x, AXIS - 7.0, 9.0, &text);
            taken.push((x - half, x + half));
            written.push(text);
        }
    }
    picture.lines("axis", &ticks);
}

/// The numbers by which the panels below name their moments.
pub fn numbers(picture: &mut Picture, timeline: &Timeline, layout: &Layout) {
    for (place, moment) in timeline.moments.iter().enumerate() {
        let x = layout.scale.x(moment.at);
        if let Some(lane) = timeline.place(moment.pid) {
            let foot = layout.lanes[lane].bar + BAR;
            picture.path("moment", &[(x, AXIS + 26.0), (x, foot)], None);
        }
        let title = timeline.say_change(moment, picture.language);
        badge(picture, (x, AXIS + 19.0), place + 1, Some(title));
    }
}
