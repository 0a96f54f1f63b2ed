//! The series of `fork_cost` as a table.

use labscope::Language;
use labscope::i18n::creation as words;

use crate::cells::{left, right};
use crate::creation::{Creation, WAYS};

/// How wide the columns of [`WAYS`] are.
const WIDTHS: [usize; 7] = [9, 9, 9, 9, 11, 13, 11];

/// A line for each amount of memory; nothing if none was measured.
pub fn of(creations: &[Creation], language: Language) -> String {
    if creations.is_empty() {
        return String::new();
    }
    let heads = WAYS.map(|name| words::way(language, name).to_owned());
    let mut text = format!("\n{}\n", words::title(language));
    text += &line("", words::page_tables(language), heads);
    for creation in creations {
        let memory = creation.memory;
        let times = WAYS.map(|way| match creation.median(way) {
            Some(time) => format!("{time:.0}"),
            None => "-".to_owned(),
        });
        let name = words::row(language, memory.mib, memory.huge);
        text += &line(&name, &format!("{:.0} kB", creation.page_tables), times);
    }
    text + words::about(language) + "\n"
}

fn line(name: &str, page_tables: &str, times: [String; 7]) -> String {
    let cells = times.iter().zip(WIDTHS);
    let cells: String = cells.map(|(time, width)| right(time, width)).collect();
    let line = left(name, 15) + &right(page_tables, 14) + &cells;
    line.trim_end().to_owned() + "\n"
}
