//! A second pane of tmux(1), for the calls.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use nix::libc::O_NOCTTY;

use crate::i18n::failure;

/// From so many columns on the pane stands beside the other one, else below it.
const WIDE: usize = 120;

/// The pane, which closes with drop; at the latest when this process has ended.
pub struct Pane {
    id: String,
    terminal: File,
    /// Columns and lines.
    pub size: (usize, usize),
}

impl Pane {
    /// Splits the pane of so many columns that this process runs in; none outside tmux.
    pub fn open(columns: usize) -> Option<Pane> {
        let own = std::env::var("TMUX_PANE").ok()?;
        let direction = if columns >= WIDE { "-h" } else { "-v" };
        // It reads nothing, and ends with the process that it waits for.
        let waits = format!("exec tail --pid={} -f /dev/null", std::process::id());
        let mut tmux = Command::new("tmux");
        tmux.args(["split-window", "-d", direction, "-t", &own, "-P", "-F"]);
        tmux.args([
            "#{pane_id} #{pane_tty} #{pane_width} #{pane_height}",
            &waits,
        ]);
        let said = tmux
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let said = String::from_utf8(said.stdout).ok()?;
        let [id, path, columns, lines] = said.split_whitespace().collect::<Vec<_>>()[..] else {
            return None;
        };
        let terminal = File::options()
            .write(true)
            .custom_flags(O_NOCTTY)
            .open(path);
        Some(Pane {
            id: id.to_owned(),
            terminal: terminal.ok()?,
            size: (columns.parse().ok()?, lines.parse().ok()?),
        })
    }

    /// Shows these lines, and nothing else.
    pub fn show(&mut self, lines: &[String]) -> Result<()> {
        let text = format!("\x1b[?25l\x1b[H\x1b[2J{}", lines.join("\r\n"));
        let written = self.terminal.write_all(text.as_bytes());
        written.with_context(failure::cannot_write_terminal)
    }
}

impl Drop for Pane {
    fn drop(&mut self) {
        let mut tmux = Command::new("tmux");
        tmux.args(["kill-pane", "-t", &self.id]);
        let _ = tmux.stdin(Stdio::null()).stderr(Stdio::null()).status(); // nobody is left to be told
    }
}
