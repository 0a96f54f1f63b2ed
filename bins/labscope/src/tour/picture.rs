//! Descriptor tables as the deck draws them: a box for each process, in it its numbers and what they mean.

use std::net::SocketAddr;

use crate::i18n::{Language, descriptor, process, process_table};
use crate::proc::descriptors::{Holder, Target};
use crate::text::descriptor::descriptor_with;

/// The lines of a picture; those that deserve a second look are marked.
pub fn lines(picture: &[Holder], language: Language) -> Vec<(String, bool)> {
    let boxes = picture.iter().map(|holder| lines_of(holder, language));
    boxes.collect::<Vec<_>>().concat()
}

fn lines_of(holder: &Holder, language: Language) -> Vec<(String, bool)> {
    let mut lines = vec![(headline(holder, language), false)];
    for (numbers, target) in grouped(&holder.descriptors) {
        // What processes talk through deserves a second look.
        let is_plain = matches!(target, Target::Terminal(_) | Target::File(_));
        let target = describe(target, language);
        lines.push((format!("{numbers:<5} → {target}"), !is_plain));
    }
    if holder.descriptors.is_empty() {
        lines.push((descriptor::none_is_open(language).to_owned(), false));
    }
    for segment in &holder.segments {
        let text = descriptor::segment(language, segment.key, segment.value);
        lines.push((
            format!("{:<5} → {text}", descriptor::memory(language)),
            true,
        ));
    }
    if holder.ignores_sigchld {
        let text = match holder.parent {
            None => process_table::ignores_sigchld(language),
            Some(_) => process_table::inherits_ignored_sigchld(language),
        };
        lines.push((text.to_owned(), false));
    }
    let last = lines.len() - 1;
    let sign = |place| match place {
        0 => '┌',
        place if place == last => '└',
        _ => '│',
    };
    let drawn = lines.into_iter().enumerate();
    drawn
        .map(|(place, (text, marked))| (format!("    {} {text}", sign(place)), marked))
        .collect()
}

fn headline(holder: &Holder, language: Language) -> String {
    let number = process::process(language, holder.number);
    let parent = holder
        .parent
        .map(|parent| process_table::child_of(language, parent));
    let inside = holder.inside.as_ref();
    let inside = inside.map(|call| process_table::inside(language, call));
    let (parent, inside) = (parent.unwrap_or_default(), inside.unwrap_or_default());
    format!("{number} (pid {}){parent}{inside}", holder.pid)
}

/// Descriptors that refer to the same thing, on one line.
fn grouped(descriptors: &[(i32, Target)]) -> Vec<(String, &Target)> {
    let mut groups: Vec<(String, &Target)> = Vec::new();
    for (number, target) in descriptors {
        match groups.last_mut() {
            Some((numbers, same)) if *same == target => *numbers += &format!(" {number}"),
            _ => groups.push((number.to_string(), target)),
        }
    }
    groups
}

fn describe(target: &Target, language: Language) -> String {
    descriptor_with(target, language, SocketAddr::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proc::segments::Segment;

    #[test]
    fn parent_and_child_are_drawn_with_what_they_hold() {
        let at = |port: u16| std::net::SocketAddr::from(([127, 0, 0, 1], port));
        let connection = Target::Connection {
            local: at(3600),
            peer: at(40400),
            whole: true,
        };
        let terminal = |number| (number, Target::Terminal("pts/3".into()));
        let child = Holder {
            number: 2,
            pid: 12,
            parent: Some(1),
            command: "./server".into(),
            inside: Some("read(4)".into()),
            ignores_sigchld: true,
            descriptors: vec![terminal(0), terminal(1), terminal(2), (4, connection)],
            segments: vec![Segment {
                key: 1234,
                id: 0,
                value: Some(7),
            }],
        };
        let parent = Holder {
            number: 1,
            pid: 11,
            parent: None,
            inside: None,
            ignores_sigchld: false,
            descriptors: vec![(3, Target::Listening(at(3600)))],
            segments: Vec::new(),
            ..child.clone()
        };
        let drawn = |language| {
            let lines = lines(&[parent.clone(), child.clone()], language);
            let lines: Vec<String> = lines.into_iter().map(|(line, _)| line).collect();
            lines.join("\n")
        };
        assert_eq!(
            drawn(Language::En),
            "    ┌ process 1 (pid 11)\n\
             \x20   └ 3     → listening socket 127.0.0.1:3600\n\
             \x20   ┌ process 2 (pid 12), child of process 1, in read(4)\n\
             \x20   │ 0 1 2 → terminal pts/3\n\
             \x20   │ 4     → connection 127.0.0.1:3600 ↔ 127.0.0.1:40400\n\
             \x20   │ mem   → shared segment, key 1234, value 7\n\
             \x20   └ SIGCHLD is ignored: inherited from the parent"
        );
        assert!(drawn(Language::Ko).contains("4     → 연결 소켓 127.0.0.1:3600 ↔"));
    }
}
