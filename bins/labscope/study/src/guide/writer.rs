//! The events of a guide as HTML.

use std::vec::IntoIter;

use anyhow::Result;
use maud::{Markup, PreEscaped};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd, html};

use crate::edition::Edition;
use crate::links::LinkTarget;
use crate::listing;

/// The parts of every guide, in this order, in either language.
pub const PARTS: [&str; 7] = [
    "do",
    "see",
    "why",
    "c-and-rust",
    "predict",
    BESIDE,
    "try-next",
];

/// The one that only those have beside whose labs real programs stand.
const BESIDE: &str = "beside";

/// The parts of a guide that has so many.
pub fn parts(headings: usize) -> impl Iterator<Item = &'static str> {
    let is_whole = headings >= PARTS.len();
    let mut parts = PARTS.into_iter();
    std::iter::from_fn(move || parts.find(|&part| is_whole || part != BESIDE))
}

/// Writes the events of a guide as HTML.
pub struct Writer<'a> {
    lab: &'a str,
    edition: &'a Edition<'a>,
    /// The parts that have not begun.
    parts: IntoIter<&'static str>,
    /// What to write at the end of each open link that became text; none for one that stays.
    dropped: Vec<Option<String>>,
}

impl<'a> Writer<'a> {
    /// For the guide of that lab, with its parts.
    pub fn new(lab: &'a str, edition: &'a Edition<'a>, parts: Vec<&'static str>) -> Writer<'a> {
        Writer {
            lab,
            edition,
            parts: parts.into_iter(),
            dropped: Vec::new(),
        }
    }

    /// The HTML of these events.
    pub fn html(&mut self, events: Vec<Event>) -> Result<Markup> {
        let mut written = Vec::new();
        let mut events = events.into_iter();
        while let Some(event) = events.next() {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let inside = events
                        .by_ref()
                        .take_while(|event| !matches!(event, Event::End(TagEnd::CodeBlock)));
                    let text = plain(&inside.collect::<Vec<_>>());
                    written.push(Event::Html(self.block(&kind, &text)?.into()));
                }
                other => written.push(self.rewritten(other)),
            }
        }
        let mut text = String::new();
        html::push_html(&mut text, written.into_iter());
        // A wide table scrolls in a box of its own.
        let text = text
            .replace("<table>", r#"<div class="wide" tabindex="0"><table>"#)
            .replace("</table>", "</table></div>")
            .replace("<th></th>", "<td></td>") // nothing is the head of nothing
            .replace("<th>", r#"<th scope="col">"#);
        Ok(PreEscaped(text))
    }

    fn rewritten<'e>(&mut self, event: Event<'e>) -> Event<'e> {
        match event {
            Event::Start(Tag::Heading {
                level,
                classes,
                attrs,
                ..
            }) => {
                let id = self.parts.next().map(CowStr::from);
                Event::Start(Tag::Heading {
                    level: lower(level),
                    id,
                    classes,
                    attrs,
                })
            }
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => match self
                .edition
                .links
                .target(self.lab, self.edition.language, &dest_url)
            {
                LinkTarget::Page(address) => {
                    self.dropped.push(None);
                    Event::Start(Tag::Link {
                        link_type,
                        dest_url: address.into(),
                        title,
                        id,
                    })
                }
                LinkTarget::Nowhere => {
                    self.dropped.push(Some(String::new()));
                    Event::Text("".into())
                }
                LinkTarget::File(path) => {
                    self.dropped.push(Some(format!(" ({path})")));
                    Event::Text("".into())
                }
            },
            Event::End(TagEnd::Link) => match self.dropped.pop().flatten() {
                Some(text) => Event::Text(text.into()),
                None => Event::End(TagEnd::Link),
            },
            // The marks round a table that is written anew.
            Event::Html(text) if text.starts_with("<!--") => Event::Html("".into()),
            Event::Html(text) if !is_answer(&text) => Event::Text(text),
            Event::InlineHtml(text) if !is_answer(&text) => Event::Text(text),
            other => other,
        }
    }

    /// A block of code, with its tokens if it says what language it is.
    fn block(&self, kind: &CodeBlockKind, text: &str) -> Result<String> {
        let language = match kind {
            CodeBlockKind::Fenced(language) => {
                language.split([' ', ',']).next().unwrap_or_default()
            }
            CodeBlockKind::Indented => "",
        };
        let lines = self.edition.highlighter.lines(text, language)?;
        Ok(listing::block(&lines).into_string() + "\n")
    }
}

/// The text of inline elements.
pub fn plain(events: &[Event]) -> String {
    let text = events.iter().filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        Event::SoftBreak => Some(" "),
        _ => None,
    });
    text.collect()
}

/// Answers may be closed until they are wanted; other HTML is no part of a guide.
fn is_answer(html: &str) -> bool {
    let tags = html
        .split('<')
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or_default());
    let known = ["details", "/details", "summary", "/summary"];
    tags.into_iter().all(|tag| known.contains(&tag))
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}
