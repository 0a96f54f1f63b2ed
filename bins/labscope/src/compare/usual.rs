//! Calls of a student's file in the form that the lab's have: the same call, asked for by another name or with a word that
//! makes no difference. All else that is known of a call is then known of these, too.

use std::collections::BTreeMap;

use crate::compare::aliases::{AliasedText, Aliases};
use crate::compare::equivalents::{EXISTS, FROM_HERE, LABELS, NOT_INHERITED, WAITID};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::words::word;

/// A call in another form; none if it has no other.
type Form = fn(&NormalizedCall) -> Option<NormalizedCall>;

/// Of so many calls another form is looked for.
const MOST: usize = 1000;

const FORMS: [(&str, Form); 4] = [
    (FROM_HERE, from_here),
    (NOT_INHERITED, inherited),
    (EXISTS, exists),
    (WAITID, by_wait4),
];

/// The calls of the C that have a form of the lab's, by their places, each with the idiom that it is.
///
/// A call that the lab makes as it is needs no other form, nor does one that the lab makes in neither.
pub fn forms(
    c: &[NormalizedCall],
    lab: &[NormalizedCall],
) -> BTreeMap<usize, (&'static str, NormalizedCall)> {
    let mut found = labels(c, lab);
    let last_executed = c.iter().rposition(|call| call.name == "execve");
    let other = |at: usize, call| {
        let is_inherited = last_executed.is_some_and(|last| last > at);
        let forms = FORMS.iter();
        let mut may_be = forms.filter(|(name, _)| *name != NOT_INHERITED || !is_inherited);
        may_be.find_map(|(name, form)| Some((at, *name, form(call)?)))
    };
    let forms = c.iter().enumerate();
    let forms = forms.filter_map(|(at, call)| other(at, call));
    for (at, name, form) in forms.take(MOST) {
        let is_labs = match name {
            EXISTS => may_be_asked(&form, (c, at), lab),
            _ => {
                let is_known = lab.iter().any(|it| it.name == form.name);
                is_known && !lab.iter().any(|it| asks(it, &c[at]))
            }
        };
        if is_labs {
            found.insert(at, (name, form));
        }
    }
    found
}

/// Whether both ask for the same.
fn asks(one: &NormalizedCall, other: &NormalizedCall) -> bool {
    one.name == other.name && one.asked().alike(&other.asked())
}

fn plain(text: &str) -> AliasedText {
    AliasedText::new(text, &Aliases::new())
}

/// Where each call has its flags that a new descriptor is closed at exec.
const AT_EXEC: [(&str, usize); 5] = [
    ("accept4", 3),
    ("epoll_create1", 0),
    ("openat", 2),
    ("pipe", 1),
    ("socket", 1),
];

/// A descriptor that another program would inherit, where this process executes none.
fn inherited(call: &NormalizedCall) -> Option<NormalizedCall> {
    let (_, place) = AT_EXEC.iter().find(|(name, _)| *name == call.name)?;
    let flags = word(call, *place);
    let others = flags.split('|').filter(|flag| !flag.ends_with("_CLOEXEC"));
    let others = others.collect::<Vec<_>>().join("|");
    if others == flags {
        return None;
    }
    let mut words = call.words.clone();
    let name = match (call.name.as_str(), others.is_empty()) {
        ("accept4", true) => "accept",
        (name, _) => name,
    };
    match (name, others.is_empty()) {
        ("epoll_create1", true) => words[*place] = plain("0"),
        (_, true) => words.truncate(*place),
        (_, false) => words[*place] = plain(&others),
    }
    Some(call.in_place(name, &words, call.result.clone()))
}

/// Where each call has its path.
const PATH: [(&str, usize); 4] = [("access", 0), ("mknod", 0), ("openat", 1), ("unlink", 0)];

/// A path that says that it begins where the process works.
fn from_here(call: &NormalizedCall) -> Option<NormalizedCall> {
    let (_, place) = PATH.iter().find(|(name, _)| *name == call.name)?;
    let path = call.words.get(*place).filter(|path| !path.has_numbers())?;
    let path = path.to_string();
    let name = path.strip_prefix("\"./").filter(|name| name.len() > 1)?;
    let mut words = call.words.clone();
    words[*place] = plain(&format!("\"{name}"));
    Some(call.in_place(&call.name, &words, call.result.clone()))
}

/// Whether there is such a file, asked by what it is (stat).
fn exists(call: &NormalizedCall) -> Option<NormalizedCall> {
    let path = call.words.get(1).filter(|_| call.name == "fstat")?;
    let is_here = word(call, 0) == "AT_FDCWD";
    let words = [path.clone(), plain("F_OK")];
    is_here.then(|| call.in_place("access", &words, call.result.clone()))
}

/// Whether the lab asks so, and more often than the C does with its own call, and has done before with this one.
fn may_be_asked(
    form: &NormalizedCall,
    (c, at): (&[NormalizedCall], usize),
    lab: &[NormalizedCall],
) -> bool {
    let is_it = |call: &NormalizedCall| asks(call, form);
    let of_lab = lab.iter().filter(|call| is_it(call)).count();
    let own = c.iter().filter(|call| is_it(call)).count();
    let before = c[..at].iter().filter_map(exists);
    own + before.filter(is_it).count() < of_lab
}

/// A child that is waited for by waitid(2), where wait4(2) would take the same one with the same status.
fn by_wait4(call: &NormalizedCall) -> Option<NormalizedCall> {
    if call.name != "waitid" || call.words.len() < 5 {
        return None;
    }
    let child = match word(call, 0).as_str() {
        "P_ALL" => plain("-1"),
        "P_PID" => call.words[1].clone(),
        _ => return None,
    };
    let options = match word(call, 3).as_str() {
        "WEXITED" => "0",
        "WNOHANG|WEXITED" | "WEXITED|WNOHANG" => "WNOHANG",
        _ => return None,
    };
    let none = || plain("NULL");
    let words = |status| [child.clone(), status, plain(options), none()];
    let info = call.argument(2);
    let pid = info.field("si_pid").map(|pid| pid.plain());
    if !call.came_back_with("0") {
        return Some(call.in_place("wait4", &words(none()), call.result.clone()));
    }
    let Some(pid) = pid.filter(|pid| pid != "0") else {
        let is_known = word(call, 2) == "NULL" && word(call, 0) == "P_PID" && options == "0";
        return is_known.then(|| call.in_place("wait4", &words(none()), Some(child.clone())));
    };
    let status = info.field("si_status")?.plain();
    let status = match info.field("si_code")?.as_str() {
        "CLD_EXITED" => format!("WIFEXITED(s) && WEXITSTATUS(s) == {status}"),
        "CLD_KILLED" => format!("WIFSIGNALED(s) && WTERMSIG(s) == {status}"),
        "CLD_DUMPED" => format!("WIFSIGNALED(s) && WTERMSIG(s) == {status} && WCOREDUMP(s)"),
        _ => return None,
    };
    let status = plain(&format!("[{{{status}}}]"));
    Some(call.in_place("wait4", &words(status), call.words[2].number(&pid)))
}

/// The calls of epoll, with the descriptor itself where the C has another label for it, of which each is one descriptor's. The
/// kernel gives a label back as it is.
fn labels(
    c: &[NormalizedCall],
    lab: &[NormalizedCall],
) -> BTreeMap<usize, (&'static str, NormalizedCall)> {
    let adds = |call: &&NormalizedCall| {
        let what = word(call, 1);
        call.name == "epoll_ctl" && ["EPOLL_CTL_ADD", "EPOLL_CTL_MOD"].contains(&what.as_str())
    };
    let is_labelled =
        |call: &NormalizedCall| label(call.argument(3).as_str()) == Some(word(call, 2));
    let mut of_lab = lab.iter().filter(adds).peekable();
    if of_lab.peek().is_none() || !of_lab.all(is_labelled) {
        return BTreeMap::new();
    }
    let mut known: BTreeMap<String, AliasedText> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (at, call) in c.iter().enumerate() {
        let place = match call.name.as_str() {
            "close" => {
                known.retain(|_, descriptor| descriptor.to_string() != word(call, 0));
                continue;
            }
            "epoll_ctl" if adds(&call) && !call.has_failed() => {
                let label = label(call.argument(3).as_str());
                let Some((descriptor, label)) = call.words.get(2).zip(label) else {
                    return BTreeMap::new();
                };
                known.retain(|_, it| it.to_string() != descriptor.to_string());
                if known.insert(label, descriptor.clone()).is_some() {
                    return BTreeMap::new(); // two have one label
                }
                3
            }
            "epoll_ctl" if word(call, 1) == "EPOLL_CTL_DEL" => {
                known.retain(|_, descriptor| descriptor.to_string() != word(call, 2));
                continue;
            }
            "epoll_wait" => 1,
            _ => continue,
        };
        let Some(events) = call.words.get(place) else {
            continue; // it was cut off
        };
        if let Some(relabelled) = relabelled(events, &known).filter(|it| !it.alike(events)) {
            let mut words = call.words.clone();
            words[place] = relabelled;
            let form = call.in_place(&call.name, &words, call.result.clone());
            found.insert(at, (LABELS, form));
        }
    }
    found
}

/// Before a label, and behind it.
const LABEL: [&str; 2] = ["data={", "}}"];

/// The label of the first event, as eight bytes.
fn label(events: &str) -> Option<String> {
    let (_, behind) = events.split_once(LABEL[0])?;
    let (data, _) = behind.split_once(LABEL[1])?;
    Some(data.split_once("u64=")?.1.to_owned())
}

/// Events with the descriptors instead of their labels.
fn relabelled(events: &AliasedText, known: &BTreeMap<String, AliasedText>) -> Option<AliasedText> {
    let text = events.typed();
    let mut rest = text.as_str();
    let mut parts = Vec::new();
    while let Some((before, behind)) = rest.split_once(LABEL[0]) {
        let descriptor = known.get(&label(rest)?)?;
        let [half, whole] = ["u32=", "u64="].map(plain);
        let comma = plain(", ");
        parts.extend([plain(before), plain(LABEL[0])]);
        parts.extend([
            half,
            descriptor.loosely(),
            comma,
            whole,
            descriptor.loosely(),
        ]);
        rest = &behind[behind.find(LABEL[1])?..];
    }
    parts.push(plain(rest));
    Some(AliasedText::join(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::normalized_call::tests::call;

    /// What the calls of the C are told as, each in its own form or the lab's.
    fn told(c: &[&str], lab: &[&str]) -> Vec<String> {
        let [c, lab] = [c, lab].map(|it| it.iter().map(|it| call(it)).collect::<Vec<_>>());
        let forms = forms(&c, &lab);
        let form = |(at, own)| forms.get(&at).map_or(own, |(_, form)| form).to_string();
        c.iter().enumerate().map(form).collect()
    }

    #[test]
    fn who_executes_a_program_leaves_it_what_it_has() {
        let calls = [
            "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3",
            "exit(0)",
        ];
        let lab = ["socket(AF_INET, SOCK_STREAM, 0) = 3", "exit(0)"];
        assert_eq!(told(&calls, &lab), lab);
        let executes = [calls[0], "execve(a) = 0"];
        assert_eq!(told(&executes, &lab), executes);
        assert_eq!(told(&calls, &calls), calls, "the lab does so, too");
        let forms = [
            (
                "accept4(3, NULL, NULL, SOCK_CLOEXEC) = 4",
                "accept(3, NULL, NULL) = 4",
            ),
            ("pipe(3, O_CLOEXEC) = 0", "pipe(3) = 0"),
            ("epoll_create1(EPOLL_CLOEXEC) = 4", "epoll_create1(0) = 4"),
        ];
        for (own, usual) in forms {
            assert_eq!(told(&[own], &[usual]), [usual]);
        }
    }

    #[test]
    fn a_path_may_say_that_it_begins_here() {
        let (own, usual) = ("unlink(\"./a\") = 0", "unlink(\"a\") = 0");
        assert_eq!(told(&[own], &[usual]), [usual]);
        for other in [
            "unlink(\"../a\") = 0",
            "unlink(\"./\") = 0",
            "unlink(\"/a\") = 0",
        ] {
            assert_eq!(told(&[other], &[usual]), [other]);
        }
    }

    #[test]
    fn a_file_is_asked_for_by_stat_as_often_as_the_lab_asks() {
        let (stat, access) = ("fstat(AT_FDCWD, \"a\") = 0", "access(\"a\", F_OK) = 0");
        assert_eq!(told(&[stat, stat], &[access]), [access, stat]);
        assert_eq!(told(&[stat, access], &[access]), [stat, access]);
        assert_eq!(told(&[stat], &["access(\"b\", F_OK) = 0"]), [stat]);
    }

    #[test]
    fn a_child_is_waited_for_by_another_call_with_the_same_status() {
        let waits = |code: &str, options: &str| {
            let info = format!("{{si_code={code}, si_pid=11, si_status=3}}");
            let mut own = call(&format!("waitid(P_PID, 11, info, {options}, NULL) = 0"));
            own.words[2] = plain(&info);
            by_wait4(&own).map(|form| form.to_string())
        };
        let exited = "wait4(11, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 11";
        assert_eq!(waits("CLD_EXITED", "WEXITED").as_deref(), Some(exited));
        assert_eq!(waits("CLD_EXITED", "WEXITED|WNOWAIT"), None);
        assert_eq!(waits("CLD_STOPPED", "WEXITED"), None);
    }

    #[test]
    fn a_label_is_one_descriptor_s() {
        let event =
            |number: &str| format!("{{events=EPOLLIN, data={{u32={number}, u64={number}}}}}");
        let calls = |labels: [&str; 2]| {
            let add = |descriptor: &str, label: &str| {
                let words = ["4", "EPOLL_CTL_ADD", descriptor, &event(label)];
                NormalizedCall::written("epoll_ctl", &words, Some("0"))
            };
            let events = format!("[{}]", event(labels[1]));
            let waits =
                NormalizedCall::written("epoll_wait", &["4", &events, "64", "-1"], Some("1"));
            [add("3", labels[0]), add("5", labels[1]), waits]
        };
        let lab = calls(["3", "5"]);
        let own = calls(["70000", "80000"]);
        let forms = forms(&own, &lab);
        assert!((0..3).all(|at| forms[&at].1.alike(&lab[at])));
        assert!(super::forms(&calls(["3", "3"]), &lab).is_empty());
        let cut_off = NormalizedCall::written("epoll_wait", &["4"], None);
        assert_eq!(
            super::forms(&[&own[..2], &[cut_off]].concat(), &lab).len(),
            2
        );
        assert!(
            super::forms(&own, &own).is_empty(),
            "the lab has labels of its own"
        );
    }
}
