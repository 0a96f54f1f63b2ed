//! The pages in one language: what all of them are made with.

use std::path::Path;

use anyhow::Result;
use labscope::Room;
use labscope::i18n::Language;
use labscope::text::file::read;

use crate::highlight::{self, Highlighter};
use crate::links::{self, Links};

/// What a page is made with.
#[derive(Clone, Copy)]
pub struct Edition<'a> {
    /// The project's folder.
    pub root: &'a Path,
    pub language: Language,
    pub links: Links<'a>,
    pub highlighter: &'a Highlighter,
}

impl Edition<'_> {
    /// The file name of a page.
    pub fn page(&self, name: &str) -> String {
        links::page(name, self.language)
    }

    /// The text of the guide in the room of a lab.
    pub fn guide(&self, lab: &str) -> Result<String> {
        let name = self.language.pick("README.md", "README.ko.md");
        read(&Room::of(self.root, lab).folder.join(name))
    }

    /// The text of the glossary.
    pub fn glossary(&self) -> Result<String> {
        let name = self
            .language
            .pick("bins/GLOSSARY.md", "bins/GLOSSARY.ko.md");
        read(&self.root.join(name))
    }

    /// The lines of a lab's program: its `c` or its `rs`.
    pub fn program(&self, lab: &str, extension: &str) -> Result<Vec<highlight::Line>> {
        let text = read(&Room::of(self.root, lab).source(lab, extension))?;
        self.highlighter.lines(&text, extension)
    }
}
