//! A change of a lab's program: of such the solution is made of what a guide's "Try next" asks for.

use anyhow::{Result, bail};

use crate::i18n::{Text, scenario_file};
use crate::scenario::toml::keys;

/// Lines of the C program, and what stands there in the solution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Stands in the first of the lines that go, and in no other line of the program.
    pub from: Option<String>,
    /// Stands in the last of them; a single line if it is missing.
    pub to: Option<String>,
    /// In the place of `from`: no line goes, and the new ones stand behind the line in which this stands.
    pub behind: Option<String>,
    /// The new lines; none if lines only go.
    pub c: String,
    /// What is to be done there; none of what another change needs besides: a header, a variable.
    pub what: Option<Text>,
    /// How.
    pub hint: Option<Text>,
    /// What becomes of the lab's own lines.
    pub rust: Option<RustChange>,
}

/// Lines of the lab in Rust, and what stands there in the solution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RustChange {
    pub from: Option<String>,
    pub to: Option<String>,
    pub behind: Option<String>,
    /// The new lines; none if lines only go.
    pub lines: String,
}

keys!(Change: from? to? behind? c* what? hint? rust?);
keys!(RustChange: from? to? behind? lines*);

impl Change {
    /// The same change in the lab's Rust, if it is one there.
    pub fn in_rust(&self) -> Option<Change> {
        let rust = self.rust.clone()?;
        Some(Change {
            from: rust.from,
            to: rust.to,
            behind: rust.behind,
            c: rust.lines,
            what: self.what.clone(),
            hint: self.hint.clone(),
            rust: None,
        })
    }

    /// Whether it is one of the C program; else the Rust alone needs it.
    pub fn is_in_c(&self) -> bool {
        self.from.is_some() || self.behind.is_some()
    }

    /// Whether its keys go together, and those of the same change in Rust.
    pub(super) fn check(&self) -> Result<()> {
        if let Some(rust) = self.in_rust() {
            rust.check()?;
            if !self.is_in_c() && self.what.is_none() && self.c.is_empty() {
                return Ok(()); // needed in Rust alone
            }
        }
        if self.from.is_some() == self.behind.is_some()
            || (self.to.is_some() && self.from.is_none())
        {
            bail!(scenario_file::change_place());
        }
        if self.behind.is_some() && self.c.is_empty() {
            bail!(scenario_file::change_does_nothing());
        }
        if self.what.is_some() != self.hint.is_some() {
            bail!(scenario_file::change_is_told());
        }
        Ok(())
    }
}
