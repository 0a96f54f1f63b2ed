//! The sheet of paper the tour is written on: a terminal with colours, or a plain pipe.

use std::io::{IsTerminal, Write};
use std::os::fd::AsFd;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use textwrap::core::display_width;

use crate::i18n::failure;
use crate::text::{shorten, visible};

/// The width that a lecture hall's projector shows.
pub const WIDTH: usize = 80;

/// A narrower terminal folds lines itself.
const NARROWEST: usize = 20;

/// Where standard output is a terminal, how wide it is; `COLUMNS` says it too.
pub fn terminal_width() -> Option<usize> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    asked("COLUMNS").or_else(|| Some(size_of(std::io::stdout())?.0))
}

/// Columns and lines of the terminal that standard output is; `COLUMNS` and `LINES` say it too. Else 80 and 24.
pub fn terminal_size() -> (usize, usize) {
    let (columns, lines) = size_of(std::io::stdout()).unwrap_or((WIDTH, 24));
    (
        asked("COLUMNS").unwrap_or(columns),
        asked("LINES").unwrap_or(lines),
    )
}

fn asked(variable: &str) -> Option<usize> {
    let number = std::env::var(variable).ok()?.parse().ok();
    number.filter(|&number| number > 0)
}

/// Columns and lines of a terminal, as stty(1) tells them.
pub fn size_of(terminal: impl AsFd) -> Option<(usize, usize)> {
    let terminal = terminal.as_fd().try_clone_to_owned().ok()?;
    let mut stty = Command::new("stty");
    stty.arg("size").stdin(terminal).stderr(Stdio::null());
    let said = String::from_utf8(stty.output().ok()?.stdout).ok()?;
    let (lines, columns) = said.trim().split_once(' ')?;
    let size = (columns.parse().ok()?, lines.parse().ok()?);
    (size.0 > 0 && size.1 > 0).then_some(size)
}

/// How a piece of text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    /// What a lab is called.
    Heading,
    /// What was typed.
    Typed,
    /// What the tour itself says.
    Said,
    /// Less important.
    Dim,
    /// What deserves a second look.
    Marked,
}

/// Standard output, and what stands on its last line.
pub struct Screen {
    colours: bool,
    /// The unfinished line as it was written, and its width.
    line: String,
    column: usize,
    /// What stands before it, which says whose it is.
    gutter: String,
    /// A line that will be taken back, if there is one now.
    status: bool,
    /// The first bytes of a character that is not complete yet.
    partial: Vec<u8>,
}

/// Whether terminals obey escape sequences: `TERM` says what they are.
pub fn obeys_escapes() -> bool {
    std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb")
}

/// Whether terminals get colours: `NO_COLOR` says no.
pub fn wants_colours() -> bool {
    obeys_escapes() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

impl Screen {
    /// Standard output; colours only on a terminal that wants them.
    pub fn stdout() -> Screen {
        Screen {
            colours: wants_colours() && std::io::stdout().is_terminal(),
            line: String::new(),
            column: 0,
            gutter: String::new(),
            status: false,
            partial: Vec::new(),
        }
    }

    /// Whether this is a terminal with colours (and so lines can be taken back).
    pub fn has_colours(&self) -> bool {
        self.colours
    }

    /// The text with the codes of its style.
    pub fn styled(&self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Plain => return text.to_owned(),
            Style::Heading => "1;36",
            Style::Typed => "1;30;43",
            Style::Said => "1;34",
            Style::Dim => "2",
            Style::Marked => "1;35",
        };
        if self.colours {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// A whole line; what stands unfinished is finished first.
    pub fn line(&mut self, style: Style, text: &str) -> Result<()> {
        self.fresh()?;
        let text = self.styled(style, text);
        self.write(&format!("{text}\n"))
    }

    /// A paragraph, wrapped; `first` and `rest` are put before its lines.
    pub fn paragraph(&mut self, style: Style, first: &str, rest: &str, text: &str) -> Result<()> {
        let width = terminal_width().map_or(WIDTH, |width| width.clamp(NARROWEST, WIDTH));
        let options = textwrap::Options::new(width - 2)
            .initial_indent(first)
            .subsequent_indent(rest);
        for line in textwrap::wrap(text, options) {
            self.line(style, &line)?;
        }
        Ok(())
    }

    /// Ends an unfinished line.
    pub fn fresh(&mut self) -> Result<()> {
        self.unstatus()?;
        if self.column > 0 {
            self.newline()?;
        }
        Ok(())
    }

    /// What a lab prints, behind a `gutter`; control characters are shown, not obeyed.
    pub fn output(&mut self, gutter: &str, style: Style, bytes: &[u8]) -> Result<()> {
        self.unstatus()?;
        if self.gutter != gutter {
            self.fresh()?; // somebody else's line stands there unfinished
            self.gutter = gutter.to_owned();
            self.partial.clear();
        }
        self.partial.extend_from_slice(bytes);
        let whole = complete(&self.partial);
        let bytes: Vec<u8> = self.partial.drain(..whole).collect();
        for character in String::from_utf8_lossy(&bytes).chars() {
            match character {
                '\n' if self.column == 0 => {
                    self.put(gutter.trim_end(), Style::Dim)?;
                    self.newline()?;
                }
                '\n' => self.newline()?,
                '\r' => {}
                other => self.printable(gutter, style, &visible::character(other))?,
            }
        }
        std::io::stdout()
            .flush()
            .with_context(failure::cannot_write_output)
    }

    /// The end of a line that a terminal echoes: one is enough.
    pub fn echoed_newline(&mut self, gutter: &str) -> Result<()> {
        if self.gutter == gutter {
            self.fresh()
        } else {
            Ok(())
        }
    }

    fn printable(&mut self, gutter: &str, style: Style, text: &str) -> Result<()> {
        if self.column + display_width(text) > WIDTH {
            self.newline()?;
        }
        if self.column == 0 {
            self.put(gutter, Style::Dim)?;
        }
        self.put(text, style)
    }

    fn put(&mut self, text: &str, style: Style) -> Result<()> {
        let styled = self.styled(style, text);
        self.line.push_str(&styled);
        self.column += display_width(text);
        self.write(&styled)
    }

    fn newline(&mut self) -> Result<()> {
        self.line.clear();
        self.column = 0;
        self.write("\n")
    }

    /// A remark at the end of the present line that is taken back later; on a terminal only.
    pub fn status(&mut self, text: &str) -> Result<()> {
        self.unstatus()?;
        let room = WIDTH.saturating_sub(self.column + 2);
        let shown = shorten::end(text, room);
        let shown = self.styled(Style::Dim, &shown);
        self.write(&format!(" {shown}"))?;
        self.status = true;
        std::io::stdout()
            .flush()
            .with_context(failure::cannot_write_output)
    }

    /// Takes the remark back.
    pub fn unstatus(&mut self) -> Result<()> {
        if std::mem::take(&mut self.status) {
            let line = self.line.clone();
            self.write(&format!("\r\x1b[K{line}"))?;
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<()> {
        std::io::stdout()
            .write_all(text.as_bytes())
            .with_context(failure::cannot_write_output)
    }
}

/// How many of the bytes are whole characters: all but the beginning of one that is still to come.
fn complete(bytes: &[u8]) -> usize {
    for back in 1..=bytes.len().min(3) {
        let length = match bytes[bytes.len() - back] {
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf7 => 4,
            0x80..=0xbf => continue,
            _ => 1,
        };
        return if length > back {
            bytes.len() - back
        } else {
            bytes.len()
        };
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::complete;

    #[test]
    fn a_character_in_two_pieces_waits_for_its_end() {
        let text = "a프".as_bytes();
        assert_eq!(
            [1, 2, 3, 4].map(|length| complete(&text[..length])),
            [1, 1, 1, 4]
        );
        assert_eq!(complete(b""), 0);
        assert_eq!(complete(b"\x80\x80\x80\x80"), 4);
        assert_eq!(complete(b"a\xff"), 2);
    }
}
