//! What makes no difference in a call: it asks for more than anybody can see of it.

use crate::compare::aliases::{AliasedText, Aliases};
use crate::compare::normalized_call::NormalizedCall;

/// The call without that, in the usual form; none if nothing in it is spare.
pub fn without_what_is_spare(call: &NormalizedCall) -> Option<NormalizedCall> {
    let is = |place: usize, text: &str| {
        let word = call.words.get(place);
        word.is_some_and(|word| word.to_string() == text)
    };
    let (place, usual) = match call.name.as_str() {
        "rt_sigaction" => (1, usual_action(call)?),
        "rt_sigprocmask" if !call.has_failed() => (2, "NULL".to_owned()),
        "rt_sigtimedwait" => (1, "NULL".to_owned()),
        // Any address is rounded, and of none there is nothing to round.
        "shmat" if is(1, "NULL") && is(2, "SHM_RND") => (2, "0".to_owned()),
        _ => return None,
    };
    let mut words = call.words.clone();
    let word = words.get_mut(place)?;
    let is_spare = word.to_string() != usual;
    *word = AliasedText::new(&usual, &Aliases::new());
    is_spare.then(|| call.in_place(&call.name, &words, call.result.clone()))
}

/// As signal(3) sets it: who ignores a signal, or lets the kernel act, is never in a handler, where a mask and most flags
/// would count; those of SIGCHLD do without one.
fn usual_action(call: &NormalizedCall) -> Option<String> {
    let action = call.argument(1);
    let handler = action.field("sa_handler")?;
    let handler = handler.as_str();
    let signal = call.words.first()?.to_string();
    let signal = signal.strip_prefix("SIG").filter(|it| *it != "CHLD")?;
    ["SIG_IGN", "SIG_DFL"]
        .contains(&handler)
        .then(|| format!("{{sa_handler={handler}, sa_mask=[{signal}], sa_flags=SA_RESTART}}"))
}

/// The call of the C with the lab's room: for the address of a peer, where as much of it came, for the numbers of descriptors
/// that select looks through, or for events, of which the same ones came.
pub fn with_room_of(c: &NormalizedCall, lab: &NormalizedCall) -> Option<NormalizedCall> {
    let place = place_of_room(c).filter(|_| c.name == lab.name)?;
    let (room, of_lab) = (c.words.get(place)?.to_string(), lab.words.get(place)?);
    has_room_for(c, &room, &of_lab.to_string()).then_some(())?;
    let mut words = c.words.clone();
    words[place] = of_lab.clone();
    Some(c.in_place(&c.name, &words, c.result.clone()))
}

/// The pattern of such a call with the room of this one.
pub fn with_own_room(pattern: &str, call: &NormalizedCall) -> Option<String> {
    let (name, rest) = pattern.split_once('(')?;
    let place = place_of_room(call).filter(|_| call.name == name)?;
    let room = call.words.get(place)?.to_string();
    let (before, meant, behind) = match name {
        "select" => {
            let (meant, behind) = rest.split_once(", ")?;
            ("", meant, format!(", {behind}"))
        }
        "epoll_wait" => {
            let (asked, behind) = rest.rsplit_once(", ")?;
            let start = asked.rfind(", ")? + 2;
            (&rest[..start], &asked[start..], format!(", {behind}"))
        }
        _ => {
            let start = rest.rfind(", [")? + 2;
            let end = start + rest[start..].find(']')? + 1;
            (&rest[..start], &rest[start..end], rest[end..].to_owned())
        }
    };
    let fits = has_room_for(call, &room, meant) && room != meant;
    fits.then(|| format!("{name}({before}{room}{behind}"))
}

fn place_of_room(call: &NormalizedCall) -> Option<usize> {
    match call.name.as_str() {
        "accept" | "getpeername" | "getsockname" => Some(2),
        "recvfrom" => Some(5),
        "select" => Some(0),
        "epoll_wait" => Some(2),
        _ => None,
    }
}

/// The largest address (`struct sockaddr_storage`).
const LARGEST: u32 = 128;

/// Whether the same came into a larger room, if anything has: `[128 => 16]` is `[16]`, and a failed call has filled in
/// nothing.
fn has_room_for(call: &NormalizedCall, room: &str, meant: &str) -> bool {
    let numbers = [room, meant].map(|number| number.parse::<u32>().ok());
    let is_larger = numbers[0] > numbers[1] && numbers[1].is_some();
    match call.name.as_str() {
        "select" => return is_larger,
        "epoll_wait" => return numbers[0].is_some_and(|room| room > 0),
        _ => {}
    }
    let lengths = |text: &str| {
        let text = text.strip_prefix('[')?.strip_suffix(']')?;
        let (room, came) = text.split_once(" => ").unwrap_or((text, text));
        Some((room.parse::<u32>().ok()?, came.parse::<u32>().ok()?))
    };
    let [own, meant] = [room, meant].map(lengths);
    let nothing_came = call.has_failed() || !call.returned;
    let fits = |((room, own), (meant, of_lab)): ((u32, u32), (u32, u32))| {
        (meant..=LARGEST).contains(&room) && (nothing_came || own == of_lab)
    };
    own.zip(meant).is_some_and(fits)
}
