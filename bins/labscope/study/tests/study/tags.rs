//! A page as its tags; enough of HTML for pages that are well formed.

/// A tag: its name (`/p` where it closes) and its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    pub name: &'a str,
    pub attributes: Vec<(&'a str, &'a str)>,
    /// What stands between it and the next tag.
    pub text: &'a str,
}

impl<'a> Tag<'a> {
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(one, _)| *one == name)
            .map(|&(_, value)| value)
    }

    pub fn has_class(&self, class: &str) -> bool {
        let classes = self.get("class").unwrap_or_default();
        classes.split(' ').any(|one| one == class)
    }
}

/// All tags of a page, in order.
pub fn tags(page: &str) -> Vec<Tag<'_>> {
    let pieces = page.split('<').skip(1);
    pieces
        .map(|piece| {
            let (inside, text) = piece
                .split_once('>')
                .unwrap_or_else(|| panic!("an open tag: {piece}"));
            let (name, rest) = inside.split_once([' ', '\n']).unwrap_or((inside, ""));
            Tag {
                name,
                attributes: attributes(rest),
                text,
            }
        })
        .collect()
}

fn attributes(mut text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    loop {
        text = text.trim_start_matches([' ', '\n', '/']);
        if text.is_empty() {
            return found;
        }
        let end = text.find(['=', ' ', '\n']).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        match rest
            .strip_prefix("=\"")
            .and_then(|rest| rest.split_once('"'))
        {
            Some((value, rest)) => {
                found.push((name, value));
                text = rest;
            }
            None => {
                found.push((name, ""));
                text = rest;
            }
        }
    }
}

/// The tags without those of the timelines, whose texts have other lengths in another language.
pub fn without_pictures<'a>(tags: &[Tag<'a>]) -> Vec<Tag<'a>> {
    let mut depth = 0;
    let mut kept = Vec::new();
    for tag in tags {
        depth += usize::from(tag.name == "svg");
        if depth == 0 {
            kept.push(tag.clone());
        }
        depth -= usize::from(tag.name == "/svg");
    }
    kept
}
