//! The ladder as plain text, at most a hundred columns wide, and the cells of both its tables.

use labscope::Language;
use labscope::i18n::ladder as words;
use textwrap::core::display_width;

use crate::cells::{left, right};
use crate::columns::Figure;
use crate::ladder::results::{Ladder, Level, Results};
use crate::ladder::rungs::Made;
use crate::table::value;

/// How wide the name of a server is.
const NAME: usize = 21;

/// A table: its title, its heads, and a row for each server.
pub struct Table {
    pub title: String,
    pub heads: Vec<&'static str>,
    pub rows: Vec<Row>,
}

pub struct Row {
    pub server: String,
    pub cells: Vec<String>,
    /// What is to be said of it besides.
    pub remark: Option<String>,
}

/// Short connections, then each number of connections held.
pub fn tables(ladder: &Ladder, language: Language) -> Vec<Table> {
    let levels = ladder.levels().into_iter();
    let mut tables = vec![short_connections(ladder, language)];
    tables.extend(levels.map(|asked| held(ladder, asked, language)));
    tables
}

fn short_connections(ladder: &Ladder, language: Language) -> Table {
    let rows = ladder.servers.iter().map(|server| Row {
        server: name(server, language),
        cells: vec![
            cell(server.connections.as_ref(), 0),
            cell(server.connection_cpu.as_ref(), 1),
            cell(server.alone.as_ref(), 0),
        ],
        remark: server.most.map(|most| match most {
            0 => words::ends_each_line(language).to_owned(),
            most => words::serves_at_most(language, most),
        }),
    });
    Table {
        title: words::short_connections(language).to_owned(),
        heads: vec![
            words::a_second(language),
            words::cpu_per_1000(language),
            words::alone(language),
        ],
        rows: rows.collect(),
    }
}

fn held(ladder: &Ladder, asked: usize, language: Language) -> Table {
    let rows = ladder.servers.iter().filter_map(|server| {
        let level = server.level(asked)?;
        Some(Row {
            server: name(server, language),
            cells: cells(level),
            remark: level
                .stopped_by
                .as_ref()
                .map(|by| words::stopped(language, level.held, by)),
        })
    });
    Table {
        title: words::held(language, asked),
        heads: vec![
            words::requests(language),
            words::cpu_per_1000(language),
            words::p50(language),
            words::p99(language),
            words::memory(language),
            words::given_back(language),
        ],
        rows: rows.collect(),
    }
}

fn cells(level: &Level) -> Vec<String> {
    vec![
        cell(level.requests.as_ref(), 0),
        cell(level.request_cpu.as_ref(), 1),
        cell(level.p50.as_ref(), 0),
        cell(level.p99.as_ref(), 0),
        level
            .memory()
            .map_or("-".to_owned(), |memory| format!("{memory:.1}")),
        cell(level.given_back.as_ref(), 1),
    ]
}

fn cell(figure: Option<&Figure>, digits: usize) -> String {
    figure.map_or("-".to_owned(), |figure| value(figure, digits))
}

/// The C twin stands below its lab.
pub fn name(server: &Results, language: Language) -> String {
    match server.made {
        Made::C => format!("  {}", words::its_twin(language)),
        Made::Floor => format!("  {}", words::its_calls_alone(language)),
        Made::Lab | Made::Elsewhere => server.name.clone(),
    }
}

/// Nothing if the ladder was not measured.
pub fn of(ladder: &Ladder, language: Language) -> String {
    if ladder.servers.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", words::title(language));
    for line in textwrap::wrap(words::about(language), 98) {
        text += &format!("{line}\n");
    }
    for table in tables(ladder, language) {
        text += &format!("\n{}\n", table.title);
        let heads: Vec<String> = table.heads.iter().map(|head| (*head).to_owned()).collect();
        let widths: Vec<usize> = heads
            .iter()
            .enumerate()
            .map(|(column, head)| {
                let cells = table
                    .rows
                    .iter()
                    .map(|row| display_width(&row.cells[column]));
                2 + cells.fold(display_width(head), usize::max)
            })
            .collect();
        text += &line("", &heads, &widths);
        for row in table.rows {
            text += &line(&row.server, &row.cells, &widths);
            text += &row
                .remark
                .map_or(String::new(), |remark| format!("    {remark}\n"));
        }
    }
    text
}

fn line(name: &str, cells: &[String], widths: &[usize]) -> String {
    let cells = cells.iter().zip(widths);
    let cells = cells.map(|(cell, width)| right(cell, *width));
    let line = left(name, NAME) + &cells.collect::<String>();
    line.trim_end().to_owned() + "\n"
}
