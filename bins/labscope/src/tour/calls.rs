//! The calls that each process made, in order, compact: what repeats is folded, and said to be.

use textwrap::core::display_width;

use crate::facts::programs::leaves_the_labs;
use crate::i18n::{Language, process, tour};
use crate::text::screen::WIDTH;
use crate::text::shorten;
use crate::trace::syscall::{EXITS, REAPS};
use crate::trace::{Call, Happening, Outcome, Trace, readable};

/// The longest loop body that is recognised.
const LONGEST: usize = 8;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLine {
    pub text: String,
    /// A remark that explains it.
    pub remark: Option<&'static str>,
    /// A signal, an end or a fold: no call.
    pub is_notice: bool,
}

impl CallLine {
    fn notice(text: String) -> CallLine {
        CallLine {
            text,
            remark: None,
            is_notice: true,
        }
    }
}

/// The rows of one process.
pub fn rows(trace: &Trace, pids: &[i32], pid: i32, language: Language) -> Vec<CallLine> {
    let events = events(trace, pid);
    let keys: Vec<String> = events.iter().map(TraceItem::key).collect();
    let mut rows = Vec::new();
    let mut place = 0;
    let foreign = events
        .iter()
        .position(TraceItem::leaves_the_lab)
        .map(|place| place + 1);
    let (events, others) = events.split_at(foreign.unwrap_or(events.len()));
    while place < events.len() {
        let (length, times) = repetition(&keys[place..events.len()]);
        for at in place..place + length {
            rows.push(events[at].row(&events[at + 1..], pids, language));
        }
        if times > 1 {
            let text = tour::repeated(language, length, times - 1);
            rows.push(CallLine::notice(text));
        }
        place += length * times;
    }
    let calls = others
        .iter()
        .filter(|event| matches!(event, TraceItem::Call(_)))
        .count();
    if calls > 0 {
        rows.push(CallLine::notice(tour::calls_of_no_lab(language, calls)));
    }
    let notices = others
        .iter()
        .filter(|event| matches!(event, TraceItem::Notice(_)));
    rows.extend(notices.map(|event| event.row(&[], pids, language)));
    rows
}

/// A call, or something between calls.
enum TraceItem<'a> {
    Call(&'a Call),
    Notice(&'a Happening),
}

/// Calls and notices of one process in order.
fn events(trace: &Trace, pid: i32) -> Vec<TraceItem<'_>> {
    let calls = trace
        .calls
        .iter()
        .enumerate()
        .filter(|(_, call)| call.pid == pid && !call.setup);
    let notices = trace.notices.iter().filter(|notice| notice.pid == pid);
    let mut events: Vec<(usize, u8, TraceItem<'_>)> = calls
        .map(|(index, call)| (index, 1, TraceItem::Call(call)))
        .collect();
    events.extend(notices.map(|notice| (notice.after, 0, TraceItem::Notice(&notice.what))));
    events.sort_by_key(|&(place, kind, _)| (place, kind));
    events.into_iter().map(|(_, _, event)| event).collect()
}

/// The loop body that `keys` begin with: its length and how often it comes in a row (1, 1 if none).
fn repetition(keys: &[String]) -> (usize, usize) {
    let mut best = (1, 1);
    for length in 1..=LONGEST.min(keys.len() / 2) {
        let body = &keys[..length];
        let times = keys
            .chunks(length)
            .take_while(|chunk| *chunk == body)
            .count();
        let hidden = length * (times.max(1) - 1);
        if times >= 3 && hidden >= 4 && length * times > best.0 * best.1 {
            best = (length, times);
        }
    }
    best
}

impl TraceItem<'_> {
    /// What makes two calls the same turn of a loop: name, first argument, outcome.
    fn key(&self) -> String {
        match self {
            TraceItem::Call(call) => {
                let first = call.args.get(0).as_str();
                // Which child is waited for is another one at each turn.
                let first = match first.contains(['"', '{']) || call.is(REAPS) {
                    true => "",
                    false => first,
                };
                let returned = call.result.is_some();
                format!("{}({first}) {:?} {returned}", call.name, call.errno())
            }
            TraceItem::Notice(Happening::Signal { name, .. }) => name.clone(),
            TraceItem::Notice(what) => format!("{what:?}"),
        }
    }

    /// Whether the process becomes a program that is no lab: labs are executed by a relative path.
    fn leaves_the_lab(&self) -> bool {
        matches!(self, TraceItem::Call(call) if leaves_the_labs(call))
    }

    /// Its line; `behind`: what the process did after it.
    fn row(&self, behind: &[TraceItem<'_>], pids: &[i32], language: Language) -> CallLine {
        match self {
            TraceItem::Call(call) => call_line(call, behind, language),
            TraceItem::Notice(what) => notice_line(what, pids, language),
        }
    }
}

fn call_line(call: &Call, behind: &[TraceItem<'_>], language: Language) -> CallLine {
    let remark = remark(call, behind, language);
    let (head, tail) = parts(call, language);
    let room = remark.map_or(0, |remark| display_width(remark) + 4);
    let most = (WIDTH - 4)
        .saturating_sub(room)
        .max(24 + display_width(&tail));
    CallLine {
        text: fit(&head, &tail, most),
        remark,
        is_notice: false,
    }
}

/// A call by itself, no wider than `most`; its remark is to stand below.
pub fn call(trace: &Trace, index: usize, language: Language, most: usize) -> CallLine {
    let call = &trace.calls[index];
    let is_it =
        |item: &TraceItem<'_>| matches!(item, TraceItem::Call(one) if std::ptr::eq(*one, call));
    let mut items = Vec::new();
    if call.is_restarted() {
        items = events(trace, call.pid);
    }
    let behind = items.iter().position(is_it).map_or(0, |place| place + 1);
    let (head, tail) = parts(call, language);
    CallLine {
        text: fit(&head, &tail, most),
        remark: remark(call, &items[behind..], language),
        is_notice: false,
    }
}

/// A call that has not come back: of what it was given, the end may be what it brings.
pub fn entered(call: &Call, most: usize) -> String {
    let args = match call.is_sleep() {
        true => call.args.as_str(),
        false => call.args.get(0).as_str(),
    };
    let tail = if args.is_empty() { "…" } else { " …" };
    let text = format!("{}({}", call.name, readable(args));
    shorten::end_before(&text, tail, most)
}

/// A signal, a stop or an end; `pids`: the processes of the run.
pub fn notice(what: &Happening, pids: &[i32], language: Language) -> String {
    notice_line(what, pids, language).text
}

/// Name and arguments, and what comes behind them.
fn parts(call: &Call, language: Language) -> (String, String) {
    let result = match call.result.as_ref().map(Outcome::unexplained) {
        None | Some("?") if call.is(EXITS) => "",
        None | Some("?") => tour::not_returned(language),
        Some(result) => result,
    };
    let result = if call.is_restarted() { "?" } else { result };
    let head = format!(
        "{}({})",
        call.name,
        readable(call.args.as_str().trim_end_matches([',', ' ']))
    );
    let tail = if result.is_empty() {
        String::new()
    } else {
        format!(" = {result}")
    };
    (head, tail)
}

/// A signal that nobody handles and that kills nobody disturbs a call only under a tracer.
fn remark(call: &Call, behind: &[TraceItem<'_>], language: Language) -> Option<&'static str> {
    if call.is_injected() {
        return Some(tour::made_short(language));
    }
    if call.is_delayed() {
        return Some(tour::held_back(language));
    }
    if !call.is_restarted() {
        return None;
    }
    let signal = match behind.first() {
        _ if runs_a_handler(call, behind) => "",
        Some(TraceItem::Notice(
            Happening::Signal { name, .. } | Happening::Stopped { signal: name },
        )) => name,
        _ => "",
    };
    Some(match signal {
        "SIGCHLD" | "SIGWINCH" | "SIGURG" => tour::restarted(language),
        _ => tour::broken_off(language),
    })
}

/// Whether a handler has returned before the call was made anew.
fn runs_a_handler(call: &Call, behind: &[TraceItem<'_>]) -> bool {
    let calls = behind.iter().filter_map(|item| match item {
        TraceItem::Call(call) => Some(call.name.as_str()),
        TraceItem::Notice(_) => None,
    });
    let mut ends = calls.filter(|name| [call.name.as_str(), "rt_sigreturn"].contains(name));
    ends.next() == Some("rt_sigreturn")
}

/// Shortens the arguments so that the result fits behind them.
fn fit(head: &str, tail: &str, most: usize) -> String {
    if display_width(head) + display_width(tail) <= most {
        return format!("{head}{tail}");
    }
    shorten::end_before(head, &format!("){tail}"), most)
}

fn notice_line(what: &Happening, pids: &[i32], language: Language) -> CallLine {
    let text = match what {
        Happening::Signal { name, .. } => {
            let place = pids.iter().position(|&pid| Some(pid) == what.sender());
            tour::signal_arrives(language, name, place.map(|place| place + 1))
        }
        Happening::Stopped { signal } => tour::stopped(language, signal),
        Happening::Exited { status } => process::exit(language, *status),
        Happening::Killed { signal } => process::kill(language, signal),
        other => format!("{other:?}"),
    };
    CallLine::notice(format!("── {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(text: &str) -> Vec<String> {
        let mut trace = Trace::of("./lab");
        trace.feed(b"7 execve(\"./lab\", [], 0x0) = 0\n");
        trace.feed(text.as_bytes());
        trace.end();
        rows(&trace, &[7, 8], 7, Language::default())
            .into_iter()
            .map(|row| row.text)
            .collect()
    }

    #[test]
    fn a_loop_is_folded_and_said_to_be() {
        let mut text = String::from("7 fork() = 8\n");
        for turn in 100..105 {
            text += &format!("7 write(1, \"P : {turn}\\n\", 8) = 8\n7 pause() = 0 (INJECTED)\n");
        }
        text += "7 read(0, \"\", 10) = 0\n7 exit_group(0) = ?\n7 +++ exited with 0 +++\n";
        assert_eq!(
            rows_of(&text),
            [
                "fork() = 8",
                "write(1, \"P : 100\\n\", 8) = 8",
                "pause() = 0",
                "… and these 2 calls 4 times more",
                "read(0, \"\", 10) = 0",
                "exit_group(0)",
                "── exited with status 0",
            ]
        );
    }

    #[test]
    fn two_in_a_row_are_shown_and_failures_are_another_turn() {
        let text = "7 close(0) = 0\n7 close(1) = 0\n7 write(1, \"a\", 1) = 1\n7 write(1, \"b\", 1) = 1\n\
                    7 write(1, \"c\", 1) = -1 EBADF (Bad file descriptor)\n7 --- SIGCHLD {si_signo=SIGCHLD, si_pid=8} ---\n";
        assert_eq!(rows_of(text).len(), 6);
        assert_eq!(rows_of(text)[5], "── SIGCHLD arrives (process 2)");
    }

    #[test]
    fn a_call_that_a_handler_broke_off_is_no_effect_of_tracing() {
        let remark = |text: &str| {
            let mut trace = Trace::of("./lab");
            trace.feed(format!("7 execve(\"./lab\", [], 0x0) = 0\n{text}").as_bytes());
            trace.end();
            rows(&trace, &[7], 7, Language::En)[0].remark
        };
        let call = "7 rt_sigsuspend([], 8) = ? ERESTARTNOHAND (To be restarted if no handler)\n\
                    7 --- SIGCHLD {si_signo=SIGCHLD, si_pid=8} ---\n";
        let handled = format!("{call}7 rt_sigreturn({{mask=[]}}) = -1 EINTR (Interrupted)\n");
        assert_eq!(remark(&handled), Some(tour::broken_off(Language::En)));
        let unhandled = format!("{call}7 rt_sigsuspend([], 8 <unfinished ...>\n");
        assert_eq!(remark(&unhandled), Some(tour::restarted(Language::En)));
    }

    #[test]
    fn a_long_call_is_cut_but_keeps_its_result() {
        let text = format!("7 write(1, \"{}\", 90) = 90\n", "x".repeat(90));
        let row = &rows_of(&text)[0];
        assert!(
            row.ends_with("…) = 90") && row.chars().count() <= 76,
            "{row}"
        );
    }
}
