//! What a student fills in: the places that are left out of a lab's C program in its skeleton.

use crate::i18n::Text;
use crate::scenario::toml::keys;

/// Lines of the C program that its skeleton leaves out. They are told by what stands in them, so the program itself
/// bears no marks, and a line that is put in above moves nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gap {
    pub name: String,
    /// Stands in the first of the lines, and in no other line of the program.
    pub from: String,
    /// Stands in the last of them; a single line if it is missing.
    pub to: Option<String>,
    /// What is to be done there: it is in the skeleton, in the place of the lines.
    pub what: Text,
    /// How.
    pub hint: Text,
}

keys!(Gap: name! from! to? what! hint!);
