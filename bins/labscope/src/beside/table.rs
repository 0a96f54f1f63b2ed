//! What was seen, for a guide and for a terminal.

use crate::beside::Table;
use crate::i18n::Language;
use crate::i18n::beside as words;

/// As a table of a guide.
pub fn markdown(table: &Table, language: Language) -> String {
    let cell = |cell: &str| format!(" {cell} |");
    let columns = table
        .columns
        .iter()
        .map(|column| cell(column.get(language)));
    let head = format!(
        "|{}{}",
        cell(words::program(language)),
        columns.collect::<String>()
    );
    let rule = format!("|---|{}", "---|".repeat(table.columns.len()));
    let rows = table.rows.iter().map(|row| {
        let cells = row.cells.iter().map(|text| cell(text.get(language)));
        let program = cell(&format!("{} {}", row.name, row.version));
        format!("|{program}{}", cells.collect::<String>())
    });
    let lines = [head, rule].into_iter().chain(rows);
    let follows = [String::new(), table.follows.get(language).to_owned()];
    lines.chain(follows).collect::<Vec<String>>().join("\n")
}

/// For a terminal, a paragraph a program: a table of so many columns fits none.
pub fn paragraphs(table: &Table, language: Language) -> Vec<(String, Vec<(String, String)>)> {
    let plain = |text: &str| text.replace('`', "");
    let rows = table.rows.iter().map(|row| {
        let cells = table.columns.iter().zip(&row.cells);
        let cells =
            cells.map(|(column, cell)| (plain(column.get(language)), plain(cell.get(language))));
        (format!("{} {}", row.name, row.version), cells.collect())
    });
    let missing = table.missing.iter().map(|program| {
        let how = words::not_installed(language, &program.package);
        (program.name.clone(), vec![(String::new(), how)])
    });
    rows.chain(missing).collect()
}
