//! The picture's words in both languages.

use crate::i18n::Language;
use crate::proc::descriptors::Target;
use crate::timeline::{Arrow, Cause, Kind, Lane, Point, Span, State, Through, Timeline, What};

/// A length of time, short.
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if s >= 10.0 => format!("{s:.0} s"),
        s if s >= 0.95 => format!("{s:.1} s"),
        s if s >= 0.095 => format!("{s:.2} s"),
        s if s >= 0.001 => format!("{:.0} ms", s * 1000.0),
        s => format!("{:.0} µs", s * 1_000_000.0),
    }
}

/// What a process is called: its number, its program, whose companion it is.
pub fn name(lane: &Lane, at: f64) -> String {
    format!("{} {}", lane.number, lane.name_at(at))
}

/// The word for a state in a bar.
pub fn in_bar(span: &Span, words: Language) -> String {
    let lasting = duration(span.to - span.from);
    match &span.state {
        State::Running => String::new(),
        State::Sleeping => format!("{} {lasting}", words.pick("sleep", "잠")),
        State::Blocked(call) => format!("{call} {lasting}"),
        State::Held(call) => format!("{call}: {}", words.pick("held back", "붙잡힘")),
        State::Stopped(signal) => format!("{} {signal}", words.pick("stopped", "정지")),
        State::Zombie => format!("{} {lasting}", words.pick("zombie", "좀비")),
        State::Folded(calls) => folded(*calls, words),
    }
}

/// `… 240 calls`
pub fn folded(calls: usize, words: Language) -> String {
    match words {
        Language::En if calls == 1 => "… 1 call".to_owned(),
        Language::En => format!("… {calls} calls"),
        Language::Ko => format!("… 호출 {calls}개"),
    }
}

/// A state as the legend names it.
pub fn state(state: &State, words: Language) -> &'static str {
    let (en, ko) = match state {
        State::Running => ("running", "실행"),
        State::Sleeping => ("sleeping (clock_nanosleep)", "잠 (clock_nanosleep)"),
        State::Blocked(_) => ("blocked in that call", "그 호출에서 기다림"),
        State::Held(_) => ("held back by the scenario", "시나리오가 붙잡아 둠"),
        State::Stopped(_) => ("stopped by a signal", "시그널로 정지"),
        State::Zombie => (
            "zombie: ended, not yet waited for",
            "좀비: 끝났지만 아직 wait되지 않음",
        ),
        State::Folded(_) => ("calls left out", "생략한 호출"),
    };
    words.pick(en, ko)
}

/// What a span tells whoever points at it or listens.
pub fn span(lane: &Lane, span: &Span, words: Language) -> String {
    let who = who(lane, words);
    let what = match &span.state {
        State::Blocked(call) => format!("{} ({call})", state(&span.state, words)),
        State::Folded(calls) => folded(*calls, words),
        other => state(other, words).to_owned(),
    };
    format!("{who}: {what}, {:.6}–{:.6} s", span.from, span.to)
}

fn who(lane: &Lane, words: Language) -> String {
    format!(
        "{} (pid {})",
        crate::i18n::process::process(words, lane.number),
        lane.pid
    )
}

/// An arrow in words.
pub fn arrow(timeline: &Timeline, arrow: &Arrow, words: Language) -> String {
    let end = |point: &Point| {
        let lane = point.pid.and_then(|pid| timeline.lane(pid));
        lane.map_or_else(
            || words.pick("outside", "바깥").to_owned(),
            |lane| who(lane, words),
        )
    };
    let what = match &arrow.kind {
        Kind::Fork => "fork".to_owned(),
        Kind::Wait => words
            .pick("its end, told by wait", "종료를 wait가 알림")
            .to_owned(),
        Kind::Signal(name) => name.clone(),
        Kind::Bytes {
            count,
            text,
            through,
        } => {
            let through = match through {
                Through::Tcp => "TCP",
                Through::Udp => "UDP",
                Through::Pipe => words.pick("pipe", "파이프"),
            };
            let unit = words.pick("bytes", "바이트");
            format!("{count} {unit}, {through}: {text}")
        }
    };
    format!(
        "{what}: {} → {}, {:.6} s",
        end(&arrow.from),
        end(&arrow.to),
        arrow.to.at
    )
}

/// An arrow as the legend names it, and its class.
pub fn kind(kind: &Kind, words: Language) -> (&'static str, &'static str) {
    match kind {
        Kind::Fork => ("fork", "fork"),
        Kind::Wait => ("wait", words.pick("end and wait", "종료와 wait")),
        Kind::Signal(_) => ("signal", words.pick("signal", "시그널")),
        Kind::Bytes { .. } => (
            "bytes",
            words.pick("bytes, from write to read", "바이트: write에서 read로"),
        ),
    }
}

/// What stands above a bar, and its class; nothing for what stands below.
pub fn above(
    what: &What,
    leaves_no_zombie: bool,
    words: Language,
) -> Option<(&'static str, String)> {
    Some(match what {
        What::Call { .. } | What::Folded(_) => return None,
        What::Exec(name) => ("exec", format!("⇒ {name}")),
        What::Ended(status) if leaves_no_zombie => {
            let no_zombie = words.pick("no zombie: SIGCHLD ignored", "SIGCHLD 무시: 좀비 없음");
            ("end", format!("{} ({no_zombie})", ended(*status, words)))
        }
        What::Ended(status) => ("end", ended(*status, words)),
        What::Signal(name) => ("event", name.clone()),
        What::Orphaned { adopter: Some(pid) } => (
            "event",
            format!(
                "{} {pid}",
                words.pick("orphan: adopted by", "고아: 새 부모")
            ),
        ),
        What::Orphaned { adopter: None } => (
            "event",
            words.pick("orphan: adopted", "고아: 입양됨").to_owned(),
        ),
    })
}

fn ended(status: crate::run::transcript::Status, words: Language) -> String {
    let text = status.to_string();
    match (
        text.strip_prefix("exited "),
        text.strip_prefix("killed by "),
    ) {
        (Some(value), _) => format!("■ exit {value}"),
        (_, Some(signal)) => format!("■ {} {signal}", words.pick("killed:", "죽음:")),
        _ => format!("■ {text}"),
    }
}

/// What happened to descriptors.
pub fn cause(timeline: &Timeline, pid: i32, cause: &Cause, words: Language) -> String {
    let number = |pid: i32| match timeline.lane(pid) {
        Some(lane) => format!(
            "{} (pid {pid})",
            crate::i18n::process::process(words, lane.number)
        ),
        None => format!("pid {pid}"),
    };
    let companion = timeline.lane(pid).and_then(|lane| lane.companion.as_ref());
    let whose = companion.map_or_else(String::new, |name| format!("{name}: "));
    let what = match cause {
        Cause::Fork { child } => format!("fork → {}", number(*child)),
        Cause::Accept(descriptor) => format!("accept → {descriptor}"),
        Cause::Close(numbers) => {
            let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
            format!("close({})", numbers.join(", "))
        }
    };
    format!("{whose}{}: {what}", number(pid))
}

/// What a descriptor refers to.
pub fn target(number: i32, target: &Target, words: Language) -> String {
    let text = match target {
        Target::Pipe if number == 0 => words.pick("pipe (input)", "파이프 (입력)").to_owned(),
        Target::Pipe if number == 1 => words.pick("pipe (output)", "파이프 (출력)").to_owned(),
        Target::Terminal(name) => format!("{} {name}", words.pick("terminal", "터미널")),
        Target::Pipe => words.pick("pipe", "파이프").to_owned(),
        Target::File(path) => format!("{} {path}", words.pick("file", "파일")),
        Target::Listening(local) => format!(
            "{} :{}",
            words.pick("listening socket", "듣기 소켓"),
            local.port()
        ),
        Target::Connection { local, peer, whole } => {
            let half = if *whole {
                ""
            } else {
                words.pick(" (other end closed)", " (반대쪽 닫힘)")
            };
            let local = if local.port() == 0 {
                "?".to_owned()
            } else {
                local.port().to_string()
            };
            format!(
                "{} :{local} ↔ :{}{half}",
                words.pick("connection", "연결 소켓"),
                peer.port()
            )
        }
        Target::Udp { local, peer } => {
            let local = if local.port() == 0 {
                String::new()
            } else {
                format!(" :{}", local.port())
            };
            let peer = peer.map_or_else(String::new, |peer| format!(" → :{}", peer.port()));
            format!("{}{local}{peer}", words.pick("UDP socket", "UDP 소켓"))
        }
        Target::Unix(_) => words.pick("Unix socket", "유닉스 소켓").to_owned(),
        Target::Unbound => words.pick("socket", "소켓").to_owned(),
    };
    text.trim_end().to_owned()
}

/// A call's text with its note in the reader's language.
pub fn note(text: &str, words: Language) -> String {
    text.replace(" (injected)", words.pick(" (injected)", " (주입됨)"))
        .replace(" (made short)", words.pick(" (made short)", " (줄임)"))
}
