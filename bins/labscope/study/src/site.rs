//! All files of the pages.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use anyhow::Result;
use labscope::Room;
use labscope::compare::in_parallel;
use labscope::i18n::Language;
use labscope::text::file;
use labscope::timeline;
use maud::Markup;

use crate::edition::Edition;
use crate::highlight::Highlighter;
use crate::links::{GLOSSARY, Links};
use crate::record::Recorded;
use crate::{glossary, index, listing, page, slides};

const STYLE: &str = include_str!("study.css");
const SCRIPT: &str = include_str!("study.js");
const STEPPER: &str = include_str!("stepper.js");
const SLIDES_STYLE: &str = include_str!("slides.css");
const SLIDES_SCRIPT: &str = include_str!("slides.js");
const QUIZ: &str = include_str!("quiz.js");

/// The languages of the pages.
pub const LANGUAGES: [Language; 2] = [Language::En, Language::Ko];

/// What was written.
pub struct Written {
    pub pages: usize,
    pub bytes: usize,
}

/// Writes into the folder `out` what no recording is needed for: a folder that takes no files is noticed at once.
pub fn begin(out: &Path) -> Result<Written> {
    file::make_folder(out)?;
    let mut written = Written { pages: 0, bytes: 0 };
    written.put(out, "study.css", &style())?;
    written.put(out, "study.js", SCRIPT)?;
    written.put(out, "stepper.js", STEPPER)?;
    written.put(out, "quiz.js", QUIZ)?;
    Ok(written)
}

fn style() -> String {
    format!("{STYLE}\n{}{}", listing::indents(), timeline::svg::style())
}

/// Writes the deck of these labs, in both languages, into the folder `out`.
pub fn write_slides(root: &Path, recorded: &[Recorded], out: &Path) -> Result<Written> {
    file::make_folder(out)?;
    let mut written = Written { pages: 0, bytes: 0 };
    written.put(out, "study.css", &style())?;
    written.put(out, "slides.css", SLIDES_STYLE)?;
    written.put(out, "slides.js", SLIDES_SCRIPT)?;
    in_each_language(root, recorded, |edition| {
        let deck = slides::page(recorded, edition)?;
        written.page(out, slides::DECK, &deck, edition)
    })?;
    Ok(written)
}

/// Writes the pages of all labs, in both languages, into the folder `out`.
pub fn write(root: &Path, recorded: &[Recorded], out: &Path) -> Result<Written> {
    let mut written = begin(out)?;
    let at_once = std::thread::available_parallelism().map_or(1, NonZero::get);
    in_each_language(root, recorded, |edition| {
        written.page(out, "index", &index::page(recorded, edition)?, edition)?;
        written.page(out, GLOSSARY, &glossary::page(edition)?, edition)?;
        let pages = in_parallel(recorded, at_once, |one| page::page(one, edition));
        recorded
            .iter()
            .zip(pages)
            .try_for_each(|(one, page)| written.page(out, &one.lab, &page?, edition))
    })?;
    Ok(written)
}

/// Writes what there is of these labs, once in each language.
fn in_each_language(
    root: &Path,
    recorded: &[Recorded],
    mut write: impl FnMut(&Edition) -> Result<()>,
) -> Result<()> {
    let highlighter = Highlighter::new()?;
    let labs: Vec<String> = recorded.iter().map(|one| one.lab.clone()).collect();
    let rooms = labs.iter().map(|lab| Room::of(root, lab).folder);
    let rooms: Vec<PathBuf> = rooms.collect();
    LANGUAGES.into_iter().try_for_each(|language| {
        write(&Edition {
            root,
            language,
            links: Links {
                labs: &labs,
                rooms: &rooms,
            },
            highlighter: &highlighter,
        })
    })
}

impl Written {
    fn page(&mut self, out: &Path, name: &str, page: &Markup, edition: &Edition) -> Result<()> {
        self.pages += 1;
        self.put(out, &edition.page(name), &page.0)
    }

    fn put(&mut self, out: &Path, name: &str, text: &str) -> Result<()> {
        let path = out.join(name);
        file::write(&path, text)?;
        self.bytes += text.len();
        Ok(())
    }
}
