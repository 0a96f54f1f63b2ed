//! A lab's guide as HTML: its headings one step lower, its links to pages and listings.

mod writer;

use anyhow::{Context, Result};
use maud::Markup;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::edition::Edition;
pub use writer::{PARTS, parts};
use writer::{Writer, plain};

/// A guide, taken apart.
pub struct Guide {
    /// What stands behind the lab's name in the first heading: the title of its slide.
    pub slide: String,
    /// The first paragraph.
    pub lead: Markup,
    /// The parts, each by what a link to it is called, and their headings.
    pub parts: Vec<(&'static str, String)>,
    /// All the rest.
    pub body: Markup,
}

impl Guide {
    /// Reads the guide of a lab.
    pub fn of(lab: &str, edition: &Edition) -> Result<Guide> {
        Guide::read(lab, &edition.guide(lab)?, edition)
    }

    /// Reads any text of that form; links are those of the room of that name.
    pub fn read(lab: &str, text: &str, edition: &Edition) -> Result<Guide> {
        let mut events: Vec<Event> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
        let heading = part(&mut events, TagEnd::Heading(HeadingLevel::H1))
            .with_context(|| format!("the guide of {lab} has no first heading"))?;
        let lead = part(&mut events, TagEnd::Paragraph)
            .with_context(|| format!("the guide of {lab} begins with no paragraph"))?;
        let title = plain(&heading);
        let slide = title
            .split_once(": ")
            .map_or(title.as_str(), |(_, slide)| slide);
        let headings = headings(&events);
        let ids: Vec<&str> = parts(headings.len()).collect();
        let mut writer = Writer::new(lab, edition, ids.clone());
        Ok(Guide {
            slide: slide.to_owned(),
            lead: writer.html(lead)?,
            parts: ids.into_iter().zip(headings).collect(),
            body: writer.html(events)?,
        })
    }
}

/// Takes what stands before the end of the first such element, and throws its tags away.
fn part<'a>(events: &mut Vec<Event<'a>>, end: TagEnd) -> Option<Vec<Event<'a>>> {
    let place = events.iter().position(|event| *event == Event::End(end))?;
    let mut taken: Vec<Event> = events.drain(..=place).collect();
    taken.pop();
    Some(taken.split_off(1))
}

fn headings(events: &[Event]) -> Vec<String> {
    let is_start = |event: &Event| {
        matches!(
            event,
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            })
        )
    };
    let mut found = Vec::new();
    for (place, _) in events
        .iter()
        .enumerate()
        .filter(|(_, event)| is_start(event))
    {
        let rest = &events[place..];
        let end = rest
            .iter()
            .position(|event| matches!(event, Event::End(TagEnd::Heading(_))));
        found.push(plain(&rest[..end.unwrap_or(0)]));
    }
    found
}
