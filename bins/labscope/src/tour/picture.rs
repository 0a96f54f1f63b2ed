//! Descriptor tables as the deck draws them: a box for each process, in it its numbers and what they mean.

use crate::i18n::Language;
use crate::proc::descriptors::{Holder, Target};

/// The lines of a picture; those that deserve a second look are marked.
pub fn lines(picture: &[Holder], words: Language) -> Vec<(String, bool)> {
    let boxes = picture.iter().map(|holder| lines_of(holder, words));
    boxes.collect::<Vec<_>>().concat()
}

fn lines_of(holder: &Holder, words: Language) -> Vec<(String, bool)> {
    let mut lines = vec![(headline(holder, words), false)];
    for (numbers, target) in grouped(&holder.descriptors) {
        let is_socket = !matches!(target, Target::Terminal(_) | Target::Pipe | Target::File(_));
        let target = describe(target, words);
        lines.push((format!("{numbers:<5} → {target}"), is_socket));
    }
    if holder.descriptors.is_empty() {
        let none = words.pick("no descriptor is open", "열린 파일 지정번호 없음");
        lines.push((none.to_owned(), false));
    }
    if holder.ignores_sigchld {
        lines.push((inheritance(holder, words).to_owned(), false));
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

fn headline(holder: &Holder, words: Language) -> String {
    let Holder { number, pid, .. } = holder;
    let mut text = format!(
        "{} (pid {pid})",
        crate::i18n::process::process(words, *number)
    );
    if let Some(parent) = holder.parent {
        text += &match words {
            Language::En => format!(", child of process {parent}"),
            Language::Ko => format!(", 프로세스 {parent}의 자식"),
        };
    }
    if let Some(call) = &holder.inside {
        text += &match words {
            Language::En => format!(", in {call}"),
            Language::Ko => format!(", {call} 호출 중"),
        };
    }
    text
}

/// SIGCHLD ignored: what it means, and where it comes from.
fn inheritance<'a>(holder: &Holder, words: Language) -> &'a str {
    let (en, ko) = match holder.parent {
        None => (
            "SIGCHLD is ignored: children leave no zombies",
            "SIGCHLD 무시: 자식이 좀비로 남지 않음",
        ),
        Some(_) => (
            "SIGCHLD is ignored: inherited from the parent",
            "SIGCHLD 무시: 부모에게서 물려받음",
        ),
    };
    match words {
        Language::En => en,
        Language::Ko => ko,
    }
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

fn describe(target: &Target, words: Language) -> String {
    match target {
        Target::Terminal(name) => format!("{} {name}", words.pick("terminal", "터미널")),
        Target::Pipe => words.pick("pipe", "파이프").to_owned(),
        Target::File(path) => format!("{} {path}", words.pick("file", "파일")),
        Target::Listening(local) => {
            format!("{} {local}", words.pick("listening socket", "듣기 소켓"))
        }
        Target::Connection { local, peer, whole } => {
            let name = words.pick("connection", "연결 소켓");
            let half = words.pick(" (one side has closed)", " (한쪽이 닫음)");
            let half = if *whole { "" } else { half };
            format!("{name} {local} ↔ {peer}{half}")
        }
        Target::Udp { local, peer } => {
            let name = words.pick("UDP socket", "UDP 소켓");
            let peer = peer.map_or(String::new(), |peer| format!(" → {peer}"));
            format!("{name} {local}{peer}")
        }
        Target::Unix(name) => format!("{} {name}", words.pick("Unix socket", "유닉스 소켓")),
        Target::Unbound => words
            .pick("socket without an address", "주소 없는 소켓")
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        };
        let parent = Holder {
            number: 1,
            pid: 11,
            parent: None,
            inside: None,
            ignores_sigchld: false,
            descriptors: vec![(3, Target::Listening(at(3600)))],
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
             \x20   └ SIGCHLD is ignored: inherited from the parent"
        );
        assert!(drawn(Language::Ko).contains("4     → 연결 소켓 127.0.0.1:3600 ↔"));
    }
}
