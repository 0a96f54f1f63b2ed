//! A sheet of rows: on the left what a terminal shows, on the right the calls that were made meanwhile.

use std::time::Duration;

use textwrap::core::display_width;

use crate::text::screen::{Screen, Style};
use crate::text::{shorten, visible};

/// How many columns are read in a second, in either language.
const COLUMNS_A_SECOND: f64 = 16.0;

/// How long a row is looked at that is no sentence.
const GLANCE: Duration = Duration::from_millis(250);

/// The columns on the left, of 100, where calls stand beside what they print.
const LEFT: usize = 40;

/// What begins so far on the right, in a table, is a remark on the row above.
const REMARK: usize = 8;

/// Texts with their styles.
type Cell = Vec<(Style, String)>;

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    left: Cell,
    right: Cell,
    /// How long reading it takes.
    pub time: Duration,
    /// It stays with the row above.
    is_bound: bool,
}

impl Row {
    fn of(style: Style, text: &str, time: Duration) -> Row {
        Row {
            left: vec![(style, text.to_owned())],
            time,
            ..Row::default()
        }
    }

    /// As it is written on a screen: what stands on the right begins at that column.
    pub fn written(&self, screen: &Screen, column: usize) -> String {
        let write = |cell: &Cell| {
            let parts = cell.iter().map(|(style, text)| screen.styled(*style, text));
            parts.collect::<String>()
        };
        if self.right.is_empty() {
            return write(&self.left);
        }
        let blanks = column.saturating_sub(width(&self.left));
        format!(
            "{}{}{}",
            write(&self.left),
            " ".repeat(blanks),
            write(&self.right)
        )
    }
}

/// Rows in groups of at most so many; what is bound to the row above stays with it.
pub fn groups(rows: Vec<Row>, most: usize) -> Vec<Vec<Row>> {
    let mut groups: Vec<Vec<Row>> = Vec::new();
    for unit in rows.chunk_by(|_, row| row.is_bound) {
        match groups.last_mut() {
            Some(group) if group.len() + unit.len() <= most => group.extend_from_slice(unit),
            _ => groups.push(unit.to_vec()),
        }
    }
    groups
}

fn width(cell: &Cell) -> usize {
    cell.iter().map(|(_, text)| display_width(text)).sum()
}

/// The rows so far, and the line that is being written.
#[derive(Debug)]
pub struct Sheet {
    width: usize,
    rows: Vec<Row>,
    /// The margin of the last row, if its line has not ended.
    open: Option<String>,
    /// Whether a call may stand beside the last row.
    is_free: bool,
}

impl Sheet {
    pub fn new(width: usize) -> Sheet {
        Sheet {
            width,
            rows: Vec::new(),
            open: None,
            is_free: false,
        }
    }

    /// Where the calls begin.
    pub fn column(&self) -> usize {
        self.width * LEFT / 100
    }

    /// How wide a call may be.
    pub fn room(&self) -> usize {
        self.width - self.column()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows until now; an unfinished line is finished.
    pub fn take(&mut self) -> Vec<Row> {
        (self.open, self.is_free) = (None, false);
        std::mem::take(&mut self.rows)
    }

    fn push(&mut self, row: Row) {
        (self.open, self.is_free) = (None, false);
        self.rows.push(row);
    }

    /// A whole row; the end of one that is too wide is left out.
    pub fn line(&mut self, style: Style, text: &str) {
        self.push(Row::of(style, &shorten::end(text, self.width), GLANCE));
    }

    /// A table or a picture: remarks in it that are too wide move to the left, all of them alike.
    pub fn drawing(&mut self, lines: &[(String, bool)]) {
        let blanks = |text: &str| text.bytes().take_while(|&byte| byte == b' ').count();
        let is_remark = |text: &str| blanks(text) > REMARK;
        let remarks = lines.iter().filter(|(text, _)| is_remark(text));
        let widest = remarks.map(|(text, _)| display_width(text)).max();
        let over = widest.unwrap_or(0).saturating_sub(self.width);
        for (text, is_marked) in lines {
            let over = match is_remark(text) {
                true => over.min(blanks(text) - REMARK),
                false => 0,
            };
            let style = if *is_marked {
                Style::Marked
            } else {
                Style::Plain
            };
            self.line(style, &text[over..]);
        }
    }

    /// A sentence, in as many rows as it needs; `first` and `rest` stand before them.
    pub fn paragraph(&mut self, style: Style, first: &str, rest: &str, text: &str) {
        let options = textwrap::Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(rest);
        for line in textwrap::wrap(text, options) {
            let seconds = display_width(&line) as f64 / COLUMNS_A_SECOND;
            self.push(Row::of(style, &line, Duration::from_secs_f64(seconds)));
        }
    }

    /// What appears on a terminal, behind a margin; a line that was begun there is gone on with.
    pub fn printed(&mut self, margin: &str, style: Style, text: &str) {
        for line in text.split_inclusive('\n') {
            let (line, ends) = match line.strip_suffix('\n') {
                Some(line) => (line, true),
                None => (line, false),
            };
            let line: String = line.chars().map(visible::character).collect();
            self.part_of_line(margin, style, &line);
            if ends {
                self.open = None;
            }
        }
    }

    /// Ends the line that was begun behind that margin, if there is one.
    pub fn end_line(&mut self, margin: &str) {
        self.open.take_if(|open| open == margin);
    }

    fn part_of_line(&mut self, margin: &str, style: Style, text: &str) {
        let is_begun = self.open.as_deref() == Some(margin);
        let (column, most) = (self.column(), self.width - display_width(margin));
        let mut pieces = shorten::pieces(text, most).into_iter();
        if let Some(row) = self.rows.last_mut().filter(|_| is_begun) {
            let most = if row.right.is_empty() {
                self.width
            } else {
                column - 1
            };
            if width(&row.left) + display_width(text) <= most {
                row.left.push((style, text.to_owned()));
                self.is_free = row.right.is_empty();
                return;
            }
        }
        loop {
            let piece = pieces.next().unwrap_or_default();
            let mut row = Row::of(Style::Dim, margin, GLANCE);
            row.left.push((style, piece));
            self.push(row);
            if pieces.len() == 0 {
                break;
            }
        }
        (self.open, self.is_free) = (Some(margin.to_owned()), true);
    }

    /// The place of the row in which a text behind that margin would begin.
    pub fn begins_at(&self, margin: &str) -> usize {
        let is_begun = self.open.as_deref() == Some(margin);
        self.rows.len() - usize::from(is_begun)
    }

    /// A call beside the row at that place if there is room, else beside the last one, else in a row of its own.
    pub fn call(&mut self, beside: Option<usize>, cell: Cell) {
        let column = self.column();
        let last = self.rows.len().checked_sub(1).filter(|_| self.is_free);
        let has_room = |row: &&mut Row| row.right.is_empty() && width(&row.left) < column;
        let row = beside.or(last).and_then(|place| self.rows.get_mut(place));
        match row.filter(has_room) {
            Some(row) => row.right = cell,
            None => self.push(Row {
                right: cell,
                time: GLANCE,
                ..Row::default()
            }),
        }
    }
    /// A row that stays with the one above.
    pub fn bound(&mut self, cell: Cell) {
        self.push(Row {
            right: cell,
            time: GLANCE,
            is_bound: true,
            ..Row::default()
        });
    }
}
