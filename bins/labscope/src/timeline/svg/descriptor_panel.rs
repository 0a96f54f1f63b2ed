//! The descriptor tables of all processes, at the moments when they changed.

use crate::i18n::{Language, descriptor, timeline as say};
use crate::proc::descriptors::Target;
use crate::text::descriptor::descriptor;
use crate::timeline::model::{Cause, Moment, Timeline};
use crate::timeline::svg::canvas::{Picture, width_of};
use crate::timeline::svg::cards::{Cards, PADDING};
use crate::timeline::svg::layout::{ROW, SIZE};

/// So many moments have a card.
const MOMENTS: usize = 12;

/// The moments that have a card.
pub fn shown(timeline: &Timeline) -> &[Moment] {
    &timeline.moments[..timeline.moments.len().min(MOMENTS)]
}

/// Draws a card for each of the first moments.
pub fn draw(picture: &mut Picture, timeline: &Timeline, cards: &mut Cards) {
    let shown = shown(timeline);
    if shown.is_empty() {
        return;
    }
    let more = timeline.moments.len() - shown.len();
    cards.heading(
        picture,
        say::open_descriptors(picture.language),
        more,
        say::Card::Change,
    );
    for (place, moment) in shown.iter().enumerate() {
        card(picture, timeline, moment, place + 1, cards);
    }
}

/// The table of one process.
struct Table {
    title: String,
    rows: Vec<Row>,
}

struct Row {
    class: &'static str,
    is_new: bool,
    text: String,
}

fn card(
    picture: &mut Picture,
    timeline: &Timeline,
    moment: &Moment,
    number: usize,
    cards: &mut Cards,
) {
    let language = picture.language;
    let change = timeline.say_change(moment, language);
    let title = format!("{:.3} s  {change}", moment.at);
    let tables = moment.tables.iter().filter_map(|(pid, table)| {
        let lane = timeline.lane(*pid)?;
        let (before, name) = (lane.companion_before(), lane.title(moment.at));
        let title = format!("{before}{name}, pid {pid}");
        let rows = rows(moment, *pid, table, language);
        Some(Table { title, rows })
    });
    let tables: Vec<Table> = tables.collect();
    let widths = tables.iter().map(|table| table.width() + PADDING);
    let width = widths.sum::<f64>() + PADDING;
    let width = width.max(width_of(&title, SIZE) + 40.0);
    let most = tables.iter().map(|table| table.rows.len()).max();
    let height = 24.0 + (most.unwrap_or(0) + 1) as f64 * ROW + 2.0 * PADDING + 4.0;
    let (x, y) = cards.card(picture, [width, height], title, Some(number));
    let mut left = x + PADDING;
    for table in tables {
        table.draw(picture, left, y + 26.0);
        left += table.width() + PADDING;
    }
}

impl Table {
    fn width(&self) -> f64 {
        let rows = self.rows.iter().map(|row| width_of(&row.text, SIZE));
        rows.fold(width_of(&self.title, SIZE), f64::max) + 2.0 * PADDING
    }

    fn draw(&self, picture: &mut Picture, x: f64, y: f64) {
        let width = self.width();
        let height = (self.rows.len() + 1) as f64 * ROW + PADDING;
        picture.rectangle("box", [x, y, width, height], None);
        let mut base = y + 12.0;
        picture.text("strong", x + PADDING, base, SIZE, self.title.as_str());
        for row in &self.rows {
            base += ROW;
            if row.is_new {
                picture.rectangle("changed", [x + 2.0, base - 10.0, width - 4.0, ROW], None);
            }
            picture.text(row.class, x + PADDING, base, SIZE, row.text.as_str());
        }
    }
}

/// Whether two descriptors refer to one thing, as far as its name tells: two pipes, or two sockets, may look alike.
fn is_one(one: &Target, other: &Target) -> bool {
    one == other && matches!(one, Target::Terminal(_) | Target::File(_))
}

/// The rows of one table: what refers to one thing on one line, what was just closed crossed out.
fn rows(moment: &Moment, pid: i32, table: &[(i32, Target)], language: Language) -> Vec<Row> {
    let row = |class, text| Row {
        class,
        is_new: false,
        text,
    };
    let mut rows = Vec::new();
    for group in table.chunk_by(|(_, one), (_, other)| is_one(one, other)) {
        let (first, refers_to) = &group[0];
        let is_new = match &moment.cause {
            Cause::Fork { child } => *child == pid,
            Cause::Accept(accepted) => moment.pid == pid && accepted == first,
            Cause::Open(opened) => moment.pid == pid && opened.contains(first),
            Cause::Close(_) => false,
        };
        let numbers = joined(group.iter().map(|(number, _)| number));
        let text = format!("{numbers:<5} {}", descriptor(*first, refers_to, language));
        rows.push(Row {
            is_new,
            ..row("plain", text)
        });
    }
    if rows.is_empty() {
        rows.push(row("faint", descriptor::none_is_open(language).to_owned()));
    }
    if let (Cause::Close(closed), true) = (&moment.cause, moment.pid == pid) {
        rows.push(row("gone", joined(closed)));
    }
    rows
}

fn joined<'a>(numbers: impl IntoIterator<Item = &'a i32>) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(i32::to_string).collect();
    numbers.join(" ")
}
