//! The page that explains the words of process tables, traces and guides.

use anyhow::Result;
use maud::{Markup, html};

use crate::edition::Edition;
use crate::frame::Frame;
use crate::guide::Guide;
use crate::links::GLOSSARY;
use crate::words;

/// The whole page.
pub fn page(edition: &Edition) -> Result<Markup> {
    let text = Guide::read(GLOSSARY, &edition.glossary()?, edition)?;
    let main = html! {
        h1 { (words::glossary(edition.language)) }
        p.lead { (text.lead) }
        #words { (text.body) }
    };
    let frame = Frame {
        name: GLOSSARY,
        class: "index",
        skip: ("#words", words::skip_to_words(edition.language)),
    };
    Ok(frame.around(main, edition))
}
