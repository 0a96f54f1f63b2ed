//! Other words for the same, in any lab: a file that uses them is told of it, and departs nowhere by it.
//!
//! What another form of one lab's program calls stands in its `scenarios.toml`. These are habits of whoever
//! writes C, and a pattern could not tell them: both calls have to fit each other.

use crate::compare::aliases::{AliasedText, Aliases, Origin};
use crate::compare::closing::{closes, closes_in_turn, off_the_list, shuts_down};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::spare::{with_room_of, without_what_is_spare};
use crate::compare::wording::is_read_by_people;
use crate::compare::words::{alike, both, result, word};
use crate::i18n::{Language, Text, equivalent};
use crate::scenario::Difference;

/// How many calls of the C and of the lab say the same; none if those that come next do not.
type Fits = fn(&[NormalizedCall], &[NormalizedCall]) -> Option<(usize, usize)>;

/// What is said of a habit.
type Reason = fn(Language) -> &'static str;

/// Calls that change nothing: what a program makes of the answer shows in what it does next.
pub const ONLY_ASK: [&str; 3] = ["fstat", "getpid", "getppid"];

/// A habit by its name.
pub type Row = (&'static str, Fits, Reason);

const ALL: [Row; 35] = [
    (FLUSHES, by_themselves_never, equivalent::flushes),
    (PROMPT, by_themselves_never, equivalent::prompt),
    (TELLS, by_themselves_never, equivalent::tells),
    (GIVES_UP, by_themselves_never, equivalent::gives_up),
    (ASKS_ELSEWHERE, asks_elsewhere, equivalent::asks_elsewhere),
    ("wait-for-one", wait_for_one, equivalent::wait_for_one),
    ("pieces", pieces, equivalent::pieces),
    ("heap", heap, equivalent::heap),
    ("gives-back", gives_back, equivalent::gives_back),
    (SEND_RECV, send_recv, equivalent::send_recv),
    ("waits-for-all", waits_for_all, equivalent::waits_for_all),
    ("room", room, equivalent::room),
    ("protocol", protocol, equivalent::protocol),
    ("backlog", backlog, equivalent::backlog),
    ("path-length", path_length, equivalent::path_length),
    ("sigaction", sigaction, equivalent::sigaction),
    ("peer", peer, equivalent::peer),
    ("asks-peer", asks_peer, equivalent::asks_peer),
    (TO_THE_END, by_themselves_never, equivalent::to_the_end),
    ("off-the-list", off_the_list, equivalent::off_the_list),
    ("joins", joins, equivalent::joins),
    ("closes-in-turn", closes_in_turn, equivalent::closes_in_turn),
    ("closes", closes, equivalent::closes),
    ("shuts-down", shuts_down, equivalent::shuts_down),
    ("searches", searches, equivalent::searches),
    ("spare", spare, equivalent::spare),
    ("mask", mask, equivalent::mask),
    ("ignores-sigpipe", ignores, equivalent::ignores_sigpipe),
    ("nobody-left", nobody_left, equivalent::nobody_left),
    (REARMS, by_themselves_never, equivalent::rearms),
    (
        NOT_INHERITED,
        by_themselves_never,
        equivalent::not_inherited,
    ),
    (FROM_HERE, by_themselves_never, equivalent::from_here),
    (EXISTS, by_themselves_never, equivalent::exists),
    (WAITID, by_themselves_never, equivalent::waitid),
    (LABELS, by_themselves_never, equivalent::labels),
];

/// What is written earlier than the lab does it, where stdout is no terminal: see [`crate::compare::ahead`].
pub const FLUSHES: &str = "flushes";

/// The same of a line that has no end yet, on a terminal.
pub const PROMPT: &str = "prompt";

/// An error that the lab passes over: see [`tells`].
pub const TELLS: &str = "tells";

/// A call that only asks stands elsewhere.
const ASKS_ELSEWHERE: &str = "asks-elsewhere";

/// Other names for write and read.
const SEND_RECV: &str = "send-recv";

/// A handler that is set again, as it is: see [`rearms`].
pub const REARMS: &str = "rearms";

/// A file that is read until nothing comes: see [`to_the_end`].
const TO_THE_END: &str = "to-the-end";

/// What stands in a call's own place: see [`crate::compare::usual`].
pub const NOT_INHERITED: &str = "not-inherited";
pub const FROM_HERE: &str = "from-here";
pub const EXISTS: &str = "exists";
pub const WAITID: &str = "waitid";
pub const LABELS: &str = "labels";

/// An end where the C goes on: see [`crate::compare::gives_up`].
pub const GIVES_UP: &str = "gives-up";

/// Which of these differences has that name.
pub fn place_of(differences: &[Difference], name: &str) -> Option<usize> {
    differences
        .iter()
        .position(|one| one.name == name && is_one(one))
}

/// Whether a difference may be of a program whose output is a terminal.
pub fn in_terminal_too(difference: &Difference) -> bool {
    difference.name != FLUSHES || !is_one(difference)
}

/// What has been written before counts, too.
pub fn by_themselves_never(_: &[NormalizedCall], _: &[NormalizedCall]) -> Option<(usize, usize)> {
    None
}

/// All of them, as differences that are told like a lab's own.
pub fn idioms() -> impl Iterator<Item = Difference> {
    ALL.iter().map(difference)
}

/// A habit as a difference that is told.
pub fn difference((name, _, reason): &Row) -> Difference {
    Difference {
        name: (*name).to_owned(),
        variant: true,
        last: *name == GIVES_UP,
        reason: Text {
            en: reason(Language::En).to_owned(),
            ko: reason(Language::Ko).to_owned(),
        },
        ..Difference::default()
    }
}

/// The first of these differences that is an idiom and what stands here, and of how many calls of each.
pub fn find(
    differences: &[Difference],
    c: &[NormalizedCall],
    lab: &[NormalizedCall],
) -> Option<(usize, usize, usize)> {
    find_in(&ALL, differences, c, lab)
}

/// The same of these habits.
pub fn find_in(
    rows: &[Row],
    differences: &[Difference],
    c: &[NormalizedCall],
    lab: &[NormalizedCall],
) -> Option<(usize, usize, usize)> {
    let mut known = differences.iter().enumerate();
    known.find_map(|(place, known)| {
        let (_, fits, _) = row(rows, known)?;
        let (of_c, of_lab) = fits(c, lab)?;
        Some((place, of_c, of_lab))
    })
}

/// The habit that a difference tells, if it is no lab's own: that names its calls.
pub fn row<'a>(rows: &'a [Row], difference: &Difference) -> Option<&'a Row> {
    let names_calls = !difference.c.is_empty() || !difference.lab.is_empty();
    let mut rows = rows.iter().filter(|_| !names_calls);
    rows.find(|(name, ..)| *name == difference.name)
}

/// The idiom by which the C says something on standard error that the lab prints, or more than the lab of a call that has just
/// failed, if it does.
pub fn tells(
    differences: &[Difference],
    before: &[NormalizedCall],
    (c, lab): (&[NormalizedCall], &[NormalizedCall]),
) -> Option<usize> {
    let is_told = |calls: &[NormalizedCall]| calls.first().is_some_and(|it| is_write_to(it, "2"));
    let is_once = c.len() < 2 || !is_told(&c[1..]);
    let is_failure = is_once && before.last().is_some_and(NormalizedCall::has_failed);
    let is_printed = || {
        let same = lab.first().map(|lab| tells_what_is_printed(&c[0], lab));
        same == Some(true) && before.iter().any(NormalizedCall::has_failed)
    };
    let says_more = is_told(c) && !is_told(lab) && (is_failure || is_printed());
    says_more.then(|| place_of(differences, TELLS)).flatten()
}

/// Whether the error that is told is what the other one prints, perhaps with its reason.
fn tells_what_is_printed(c: &NormalizedCall, lab: &NormalizedCall) -> bool {
    let [told, printed] =
        [c, lab].map(|call| call.words.get(1).map(|text| text.inside().to_string()));
    let (Some(told), Some(printed)) = (told, printed) else {
        return false;
    };
    is_write_to(lab, "1") && is_error_told(&told, &printed)
}

/// Whether these are one error, of which one tells the reason, too: as perror does.
pub fn is_error_told(told: &str, printed: &str) -> bool {
    let error = printed
        .strip_suffix("\\n")
        .filter(|error| !error.is_empty());
    let reason = error.and_then(|error| told.strip_prefix(error));
    reason.is_some_and(|reason| reason == "\\n" || reason.starts_with(": "))
}

/// Whether it is one of these.
pub fn is_one(difference: &Difference) -> bool {
    row(&ALL, difference).is_some()
}

/// Whether a difference is that write and read have other names.
pub fn is_other_name(difference: &Difference) -> bool {
    difference.name == SEND_RECV && is_one(difference)
}

/// The call that the next one, or several, are in other words: how many of them, and that call, whose text is not longer
/// than is told.
pub fn in_other_words(calls: &[NormalizedCall], longest: usize) -> Vec<(usize, NormalizedCall)> {
    let Some(first) = calls.first() else {
        return Vec::new();
    };
    let without_flags = matches!(word(first, 3).as_str(), "0" | "MSG_NOSIGNAL");
    if let Some(usual) = without_what_is_spare(first) {
        return vec![(1, usual)];
    }
    match first.name.as_str() {
        "sendto" if without_flags => {
            let result = match first.came_back_with(&word(first, 2)) {
                true => Some(all()),
                false => first.result.clone(),
            };
            vec![(1, first.in_place("write", &first.words[..2], result))]
        }
        // Of a call that hangs only the connection may be known.
        "recvfrom" if without_flags || !first.returned => {
            let known = first.words.len().min(3);
            vec![(
                1,
                first.in_place("read", &first.words[..known], first.result.clone()),
            )]
        }
        // Of one in which the process was ended nobody knows for whom it would have come back.
        "wait4"
            if !first.returned || result(first).is_some_and(|child| child == word(first, 0)) =>
        {
            let any = AliasedText::new("-1", &Aliases::new());
            let words: Vec<_> = [any].into_iter().chain(first.words[1..].to_vec()).collect();
            vec![(1, first.in_place("wait4", &words, first.result.clone()))]
        }
        "execve" => searched(calls).into_iter().collect(),
        _ if is_read_by_people(first) => in_one_piece(calls, longest),
        _ => Vec::new(),
    }
}

/// The result of a write that wrote all.
fn all() -> AliasedText {
    AliasedText::new("all", &Aliases::new())
}

/// The writes that come next, as one: the first, the first two …
fn in_one_piece(calls: &[NormalizedCall], longest: usize) -> Vec<(usize, NormalizedCall)> {
    let first = &calls[0];
    let quote = AliasedText::new("\"", &Aliases::new());
    let mut text = vec![quote.clone()];
    let mut length = 0;
    let mut found = Vec::new();
    for (place, piece) in written(calls) {
        length += piece.to_string().len();
        if length > longest {
            break;
        }
        text.push(piece);
        let whole = AliasedText::join(text.iter().chain([&quote]));
        let words = [first.words[0].clone(), whole];
        found.push((place + 1, first.in_place("write", &words, Some(all()))));
    }
    found
}

/// What the writes that come next put on the descriptor of the first one, and where each stands.
fn written(calls: &[NormalizedCall]) -> impl Iterator<Item = (usize, AliasedText)> {
    let descriptor = calls.first().map(|first| word(first, 0));
    let goes_on = move |(_, one): &(usize, &NormalizedCall)| {
        let is_write = |descriptor: &String| is_write_to(one, descriptor);
        only_asks(one) || descriptor.as_ref().is_some_and(is_write)
    };
    let calls = calls.iter().enumerate().take_while(goes_on);
    let writes = calls.filter(|(_, one)| !only_asks(one));
    writes.filter_map(|(place, one)| Some((place, one.words.get(1)?.inside())))
}

/// How wide the terminal is, if it is one.
pub fn asks_for_width(request: &NormalizedCall) -> bool {
    let asks = word(request, 0) == "1" && word(request, 1) == "TIOCGWINSZ";
    request.name == "ioctl" && request.by_stdio && asks
}

/// Whether it is one of those.
pub fn only_asks(request: &NormalizedCall) -> bool {
    ONLY_ASK.contains(&request.name.as_str()) || asks_for_width(request)
}

/// The idiom by which a call that only asks may stand elsewhere, if it is one.
pub fn asks(differences: &[Difference], call: &NormalizedCall) -> Option<usize> {
    only_asks(call)
        .then(|| place_of(differences, ASKS_ELSEWHERE))
        .flatten()
}

fn asks_elsewhere(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    // One that has ended does not ask elsewhere.
    let (one, other) = (c.first()?, lab.first()?);
    if only_asks(other) {
        return Some((0, 1));
    }
    only_asks(one).then_some((1, 0))
}

fn wait_for_one(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = both(c, lab, ("wait4", "wait4"))?;
    let reaped = result(one);
    let any_or_one = |any: &NormalizedCall, one: &NormalizedCall| {
        word(any, 0) == "-1" && reaped == Some(word(one, 0))
    };
    let same_child = alike(one, other, &[0]) || any_or_one(other, one) || any_or_one(one, other);
    let same_status =
        alike(one, other, &[1]) || [one, other].iter().any(|it| word(it, 1) == "NULL");
    let fits = same_child && same_status && alike(one, other, &[2]) && reaped == result(other);
    fits.then_some((1, 1))
}

/// Whether all of a text goes to a descriptor, for all that is known of who was ended in it.
pub fn is_write_to(request: &NormalizedCall, descriptor: &str) -> bool {
    let is_it = request.name == "write" && word(request, 0) == descriptor;
    is_it && (!request.returned || request.came_back_with("all"))
}

fn pieces(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    both(c, lab, ("write", "write"))
        .filter(|(one, other)| is_read_by_people(one) && alike(one, other, &[0]))?;
    let (mut of_c, mut of_lab) = (written(c), written(lab));
    let (mut c, mut lab) = (String::new(), String::new());
    let (mut c_end, mut lab_end) = (0, 0);
    loop {
        let (text, end, next) = match c.len() <= lab.len() {
            true => (&mut c, &mut c_end, of_c.next()?),
            false => (&mut lab, &mut lab_end, of_lab.next()?),
        };
        text.push_str(&next.1.to_string());
        *end = next.0 + 1;
        if c_end > 0 && lab_end > 0 && c == lab {
            return Some((c_end, lab_end));
        }
        if !c.starts_with(&lab) && !lab.starts_with(&c) {
            return None;
        }
    }
}

fn heap(c: &[NormalizedCall], _: &[NormalizedCall]) -> Option<(usize, usize)> {
    let one = c.first().filter(|one| one.is_allocation)?;
    let asks = match one.name.as_str() {
        "brk" | "munmap" | "madvise" => true,
        "mprotect" => word(one, 2) == "PROT_READ|PROT_WRITE",
        "getrandom" => word(one, 2) == "GRND_NONBLOCK",
        "mmap" => ["MAP_PRIVATE", "MAP_ANONYMOUS"]
            .iter()
            .all(|flag| one.argument(3).has(flag)),
        _ => false,
    };
    (asks && !one.has_failed()).then_some((1, 0))
}

/// At its end stdio gives input back that nobody has read: with other functions, or on a terminal, there is none.
fn gives_back(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let one = c.first()?;
    let goes_back = one.argument(1).get(0).number().is_some_and(|by| by < 0);
    let is_it = one.name == "lseek" && word(one, 0) == "0" && goes_back;
    let ends = c.get(1).is_none_or(|next| next.name == "exit");
    let has_own = lab.iter().any(|other| other.name == "lseek");
    (is_it && ends && !has_own).then_some((1, 0))
}

fn send_recv(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let without_flags =
        |one: &NormalizedCall| matches!(word(one, 3).as_str(), "0" | "MSG_NOSIGNAL");
    // Of a call that hangs only the connection is known.
    let hang =
        both(c, lab, ("recvfrom", "read")).filter(|(one, other)| !one.returned && !other.returned);
    if let Some((one, other)) = hang {
        return alike(one, other, &[0]).then_some((1, 1));
    }
    let (one, other) = both(c, lab, ("sendto", "write"))
        .or_else(|| both(c, lab, ("recvfrom", "read")))
        .filter(|(one, _)| without_flags(one))?;
    let same_result = result(one) == result(other) || other.came_back_with("all");
    (alike(one, other, &[0, 1]) && same_result).then_some((1, 1))
}

/// One recv that waits for all that it has room for, and got what the lab reads at once or in pieces.
fn waits_for_all(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = both(c, lab, ("recvfrom", "read"))?;
    let all = one.words.get(1)?.inside();
    let mut count: i64 = result(one)?.parse().ok()?;
    let waits = word(one, 3) == "MSG_WAITALL" && alike(one, other, &[0]);
    let mut parts = Vec::new();
    for (place, read) in lab.iter().enumerate().take_while(|_| waits) {
        let is_next = read.name == "read" && alike(one, read, &[0]);
        let came: i64 = result(read).filter(|_| is_next)?.parse().ok()?;
        parts.push(read.words.get(1)?.inside());
        count -= came;
        if count <= 0 || came <= 0 {
            let same = count == 0 && all.alike(&AliasedText::join(&parts));
            return same.then_some((1, place + 1));
        }
    }
    None
}

fn room(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = both(c, lab, ("read", "read"))?;
    let same = alike(one, other, &[0, 1]) && result(one).is_some() && result(one) == result(other);
    same.then_some((1, 1))
}

fn protocol(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = both(c, lab, ("socket", "socket"))?;
    let usual = [
        ("SOCK_STREAM", "IPPROTO_TCP"),
        ("SOCK_DGRAM", "IPPROTO_UDP"),
    ];
    let is_usual = |(kind, protocol)| one.argument(1).has(kind) && word(one, 2) == protocol;
    let is_named = usual.into_iter().any(is_usual) && word(other, 2) == "IPPROTO_IP";
    (is_named && alike(one, other, &[0, 1]) && result(one) == result(other)).then_some((1, 1))
}

fn backlog(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = both(c, lab, ("listen", "listen"))?;
    let takes_some = one
        .argument(1)
        .get(0)
        .number()
        .is_some_and(|length| length > 0);
    (takes_some && alike(one, other, &[0]) && result(one) == result(other)).then_some((1, 1))
}

/// The kernel reads a path to its NUL, or as far as it is told: what is the same path was told whole.
fn path_length(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let mut names = ["bind", "connect"].into_iter();
    let (one, other) = names.find_map(|name| both(c, lab, (name, name)))?;
    let has_path = one.argument(1).field("sun_path").is_some();
    (has_path && alike(one, other, &[0, 1]) && result(one) == result(other)).then_some((1, 1))
}

fn sigaction(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = both(c, lab, ("rt_sigaction", "rt_sigaction"))?;
    let [action, of_lab] = [one, other].map(|request| request.argument(1));
    let handler = action.field("sa_handler");
    let same =
        alike(one, other, &[0]) && handler.is_some() && handler == of_lab.field("sa_handler");
    (same && result(one) == result(other)).then_some((1, 1))
}

/// Who a connection or a datagram comes from is no part of it: who does not want to know asks for no address.
fn peer(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let mut kinds = [
        ("accept", &[1, 2][..], &[0][..]),
        ("recvfrom", &[4, 5], &[0, 1, 2]),
    ]
    .into_iter();
    let (one, other, from, what) = kinds.find_map(|(name, from, what)| {
        let (one, other) = both(c, lab, (name, name))?;
        Some((one, other, from, what))
    })?;
    let asks_for_none = from.iter().all(|&place| word(one, place) == "NULL");
    let same = alike(one, other, what) && one.words.len() == other.words.len();
    (asks_for_none && same && result(one) == result(other)).then_some((1, 1))
}

/// Whoever has got a connection may be asked for at any time; what a program makes of the answer shows in what it does next.
fn asks_peer(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let asks = |call: &NormalizedCall| call.name == "getpeername";
    let is_answered = |call: &&NormalizedCall| asks(call) && call.came_back_with("0");
    c.first().filter(is_answered)?;
    let is_labs = lab.first().is_some_and(asks);
    (!is_labs).then_some((1, 0))
}

/// All threads are waited for, in another order: which of them have ended before makes no call. The last one that the
/// lab has to wait for has not.
fn joins(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (of_c, of_lab) = (joined(c), joined(lab));
    let waits_for_last = of_c.contains(of_lab.last()?);
    waits_for_last.then_some((of_c.len(), of_lab.len()))
}

/// The threads that the next calls wait for, to their end.
fn joined(calls: &[NormalizedCall]) -> Vec<String> {
    let is_join = |one: &&NormalizedCall| {
        let waits = one.name == "futex" && word(one, 1) == "FUTEX_WAIT";
        waits && word(one, 2).contains('/') && one.came_back_with("0")
    };
    let joins = calls.iter().take_while(is_join);
    joins.map(|one| word(one, 2)).collect()
}

/// A name without a slash that is looked for in each folder of PATH (execlp), and found in none.
fn searches(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (tries, as_it_is) = searched(c)?;
    as_it_is.alike(lab.first()?).then_some((tries, 1))
}

/// How many of the next calls try one name in some folder, in vain, and the call that asks for the name as it is.
fn searched(calls: &[NormalizedCall]) -> Option<(usize, NormalizedCall)> {
    let first = calls.first()?;
    let name_of = |call: &NormalizedCall| {
        let path = word(call, 0);
        let name = path.trim_matches('"').rsplit_once('/')?.1;
        (call.name == "execve" && call.has_failed()).then(|| name.to_owned())
    };
    let name = name_of(first)?;
    let is_again = |call: &&NormalizedCall| {
        name_of(call).as_ref() == Some(&name) && alike(call, first, &[1, 2])
    };
    let tries = calls.iter().take_while(is_again).count();
    let path = AliasedText::new(&format!("\"{name}\""), &Aliases::new());
    let words: Vec<_> = [path]
        .into_iter()
        .chain(first.words[1..].to_vec())
        .collect();
    Some((
        tries,
        first.in_place("execve", &words, first.result.clone()),
    ))
}

/// Whether a client that has gone is to be an error of write.
pub fn ignores_sigpipe(call: &NormalizedCall) -> bool {
    let action = call.argument(1);
    let handler = action.field("sa_handler");
    let ignores = handler.is_some_and(|handler| handler.as_str() == "SIG_IGN");
    call.name == "rt_sigaction" && word(call, 0) == "SIGPIPE" && ignores
}

/// What a call asks for beside, and nobody sees.
fn spare(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = (c.first()?, lab.first()?);
    let usual = without_what_is_spare(one).or_else(|| with_room_of(one, other))?;
    usual.alike(other).then_some((1, 1))
}

/// The same signals are blocked then, whichever way that is said.
fn mask(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = both(c, lab, ("rt_sigprocmask", "rt_sigprocmask"))?;
    let same = one.leaves_blocked.is_some() && one.leaves_blocked == other.leaves_blocked;
    (same && result(one) == result(other)).then_some((1, 1))
}

/// SIGPIPE ignored where the lab does not do so, or later: what comes of it are errors of write, which are compared.
fn ignores(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let is_labs = lab.first().is_some_and(ignores_sigpipe);
    (ignores_sigpipe(c.first()?) && !is_labs).then_some((1, 0))
}

/// Who waits until no child is left learns it by one call more.
fn nobody_left(c: &[NormalizedCall], _: &[NormalizedCall]) -> Option<(usize, usize)> {
    let one = c.first()?;
    let is_it = one.name == "wait4" && word(one, 0) == "-1" && one.came_back_with("-1 ECHILD");
    is_it.then_some((1, 0))
}

/// The idiom by which the C sets once more what a signal does already, in a handler as a rule, if it does.
pub fn rearms(
    differences: &[Difference],
    before: &[NormalizedCall],
    c: &[NormalizedCall],
) -> Option<usize> {
    let one = c
        .first()
        .filter(|one| one.name == "rt_sigaction" && !one.has_failed())?;
    let of_signal = |call: &&NormalizedCall| call.name == one.name && alike(call, one, &[0]);
    let is_set = before.iter().rfind(of_signal)?;
    let same = !is_set.has_failed() && alike(is_set, one, &[1]);
    same.then(|| place_of(differences, REARMS)).flatten()
}

/// The idiom by which the C reads once more, and learns that a file has ended of which less came than there was room for, if it
/// does.
pub fn to_the_end(
    differences: &[Difference],
    before: &[NormalizedCall],
    c: &[NormalizedCall],
) -> Option<usize> {
    let (one, last) = (c.first()?, before.last()?);
    let reads = [one, last].iter().all(|call| call.name == "read") && alike(one, last, &[0]);
    let mut descriptors = one.words.first()?.descriptors();
    let is_file = descriptors.any(|(_, it)| it.origin == Origin::Opened);
    let came: i64 = result(last)?.parse().ok()?;
    let is_short = came > 0 && came < last.argument(2).get(0).number()?;
    let ends = reads && is_file && is_short && one.came_back_with("0");
    ends.then(|| place_of(differences, TO_THE_END)).flatten()
}

/// The idiom by which the next call of the C is the lab's by another name, send for write or recv for read, if it is.
pub fn renames(
    differences: &[Difference],
    c: &[NormalizedCall],
    lab: &[NormalizedCall],
) -> Option<usize> {
    let (one, other) = (c.first()?, lab.first()?);
    let mut forms = in_other_words(std::slice::from_ref(one), 0).into_iter();
    let is_same = forms.any(|(_, form)| form.name != one.name && form.alike(other));
    is_same.then(|| place_of(differences, SEND_RECV)).flatten()
}
