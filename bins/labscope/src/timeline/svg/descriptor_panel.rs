//! Cards with the descriptor tables of all processes.

use crate::i18n::Language;
use crate::proc::descriptors::Target;
use crate::timeline::svg::axis::badge;
use crate::timeline::svg::canvas::{Picture, width_of};
use crate::timeline::svg::layout::{ROW, SIZE};
use crate::timeline::svg::panels::{Flow, PADDING};
use crate::timeline::{Cause, Moment, Timeline, words as say};

/// One row of a table.
struct Row {
    class: &'static str,
    is_new: bool,
    text: String,
}

/// A card with the tables of all processes at one moment.
pub fn tables(
    picture: &mut Picture,
    timeline: &Timeline,
    moment: &Moment,
    number: usize,
    flow: &mut Flow,
    words: Language,
) {
    let title = format!(
        "{:.3} s  {}",
        moment.at,
        say::cause(timeline, moment.pid, &moment.cause, words)
    );
    let boxes: Vec<(String, Vec<Row>)> = moment
        .tables
        .iter()
        .filter_map(|(pid, table)| {
            let lane = timeline.lane(*pid)?;
            let companion = lane
                .companion
                .as_ref()
                .map_or_else(String::new, |name| format!("{name}: "));
            let name = format!("{companion}{}, pid {pid}", say::name(lane, moment.at));
            Some((name, rows(moment, *pid, table, words)))
        })
        .collect();
    let width_of_box = |(name, rows): &(String, Vec<Row>)| {
        let rows = rows.iter().map(|row| width_of(&row.text, SIZE));
        rows.fold(width_of(name, SIZE), f64::max) + 2.0 * PADDING
    };
    let widths: Vec<f64> = boxes.iter().map(width_of_box).collect();
    let tallest = boxes.iter().map(|(_, rows)| rows.len()).max().unwrap_or(0);
    let all = widths.iter().map(|width| width + PADDING).sum::<f64>() + PADDING;
    let width = all.max(width_of(&title, SIZE) + 40.0);
    let height = 24.0 + (tallest + 1) as f64 * ROW + 2.0 * PADDING + 4.0;
    let (x, y) = flow.take(width, height);
    picture.rectangle("card", [x, y, width, height], Some(title.clone()));
    badge(picture, (x + 15.0, y + 13.0), number, None);
    picture.text("plain", x + 28.0, y + 17.0, SIZE, title);
    let mut left = x + PADDING;
    for ((name, rows), width) in boxes.into_iter().zip(widths) {
        let top = y + 26.0;
        picture.rectangle(
            "box",
            [left, top, width, (rows.len() + 1) as f64 * ROW + PADDING],
            None,
        );
        picture.text("strong", left + PADDING, top + 12.0, SIZE, name);
        for (place, row) in rows.into_iter().enumerate() {
            let base = top + 12.0 + (place + 1) as f64 * ROW;
            if row.is_new {
                picture.rectangle("changed", [left + 2.0, base - 10.0, width - 4.0, ROW], None);
            }
            picture.text(row.class, left + PADDING, base, SIZE, row.text);
        }
        left += width + PADDING;
    }
}

/// Whether two descriptors refer to one thing, as far as its name tells: two pipes, or two sockets, may look alike.
fn is_one(one: &Target, other: &Target) -> bool {
    one == other && matches!(one, Target::Terminal(_) | Target::File(_))
}

/// The rows of one table: what refers to one thing on one line, what was just closed crossed out.
fn rows(moment: &Moment, pid: i32, table: &[(i32, Target)], words: Language) -> Vec<Row> {
    let mut rows: Vec<(String, i32, &Target, bool)> = Vec::new();
    for (number, target) in table {
        let is_new = match moment.cause {
            Cause::Fork { child } => child == pid,
            Cause::Accept(accepted) => moment.pid == pid && accepted == *number,
            Cause::Close(_) => false,
        };
        match rows.last_mut() {
            Some((numbers, _, one, _)) if is_one(one, target) => {
                *numbers += &format!(" {number}");
            }
            _ => rows.push((number.to_string(), *number, target, is_new)),
        }
    }
    let drawn = rows
        .into_iter()
        .map(|(numbers, first, target, is_new)| Row {
            class: "plain",
            is_new,
            text: format!("{numbers:<5} {}", say::target(first, target, words)),
        });
    let mut drawn: Vec<Row> = drawn.collect();
    if drawn.is_empty() {
        let text = words
            .pick("no descriptor is open", "열린 파일 지정번호 없음")
            .to_owned();
        drawn.push(Row {
            class: "faint",
            is_new: false,
            text,
        });
    }
    if let (Cause::Close(closed), true) = (&moment.cause, moment.pid == pid) {
        let text: Vec<String> = closed.iter().map(i32::to_string).collect();
        drawn.push(Row {
            class: "gone",
            is_new: false,
            text: text.join(" "),
        });
    }
    drawn
}
