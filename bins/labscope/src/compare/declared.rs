//! Whether what stands next in two processes is a declared difference: it is, if every call is named.

use std::collections::BTreeMap;

use crate::compare::aliases::{AliasedText, Aliases};
use crate::compare::closing::{closes_at_the_end, shuts_down_and_closes};
use crate::compare::equivalents::{
    ONLY_ASK, ignores_sigpipe, in_other_words, is_write_to, only_asks,
};
use crate::compare::forms::{but_for_what_is_told, exact, from_anybody, told, with_own_size};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::{ProcessCalls, ProcessEnd};
use crate::compare::spare::with_own_room;
use crate::compare::wording::{
    begins_and_ends_alike, differs_in_words, is_read_by_people, letters_in_common,
};
use crate::scenario::Difference;
use crate::scenario::counted::{behind, counts, lines};
use crate::scenario::pattern::{fill, is_open, known, name_of};

/// Behind it stand calls that may follow, as often as they come.
pub const AND_SO_ON: &str = "...";

/// A program without a name.
const NO_NAME: &str = r#"execve("", "#;

/// Before the signal that a process dies of.
pub const KILLED_BY: &str = "killed by ";

/// What is left of a process.
#[derive(Clone, Copy)]
pub struct Rest<'a> {
    pub process: &'a ProcessCalls,
    pub calls: &'a [NormalizedCall],
    /// Whether it may make other calls for the same.
    pub idioms: bool,
    /// Whether it may print other words.
    pub words: bool,
}

/// What a difference describes of two processes.
pub struct Both {
    pub of_c: usize,
    pub of_lab: usize,
    /// Which calls of the C print other words, counted from the first, each with what it was to print.
    pub reworded: Vec<(usize, String)>,
}

/// How much of the C and of the lab the difference describes here; none if it is not what stands here.
///
/// The C may say the same by other calls, or in other words, where its rest says so.
pub fn described(difference: &Difference, c: Rest, lab: Rest) -> Option<Both> {
    let of_lab = begin(&difference.lab, lab, difference.last)?;
    let of_c = match c.words {
        true => begin(
            &with_the_same(&difference.c, &of_lab.holes.same),
            c,
            difference.last,
        )?,
        false => begin(&difference.c, c, difference.last)?,
    };
    let mut same = of_c.holes.same.iter().zip(&of_lab.holes.same);
    let is_same = same.all(|(c, lab)| c[0] == lab[0] || c[1] == lab[1]);
    is_same.then_some(Both {
        of_c: of_c.calls,
        of_lab: of_lab.calls,
        reworded: of_c.reworded,
    })
}

/// Which of the next calls of the lab a difference describes that the C does not make there in another form; none if it does
/// not describe them all.
pub fn only_of_lab(difference: &Difference, lab: Rest) -> Option<Vec<bool>> {
    let described = begin(&difference.lab, lab, difference.last)?;
    let calls = lab.calls.iter().take(described.calls);
    let is_own = |call: &NormalizedCall| difference.c.iter().all(|it| name_of(it) != call.name);
    Some(calls.map(is_own).collect())
}

/// Whether the difference says of two calls that one is asked for where the other is, whatever came of them.
pub fn stands_for(difference: &Difference, c: &NormalizedCall, lab: &NormalizedCall) -> bool {
    let ([of_c], [of_lab]) = (&difference.c[..], &difference.lab[..]) else {
        return false;
    };
    let asked = |pattern: &str, call: &NormalizedCall| {
        let [asked, _] = call.asked().as_declared();
        Some(fill(asked_by(pattern), &asked)?.same)
    };
    let (own, of_lab) = (asked(of_c, c), asked(of_lab, lab));
    own.is_some() && own == of_lab
}

/// Patterns of the C with what stands for each `<same>` in the lab: other words are none of it.
pub fn with_the_same(patterns: &[String], same: &[[String; 2]]) -> Vec<String> {
    let mut same = same.iter().map(|[named, _]| named.as_str());
    let filled = patterns.iter().map(|pattern| {
        let mut parts = pattern.split("<same>");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            text + same.next().unwrap_or("<same>") + part
        })
    });
    filled.collect()
}

/// Whether it says how both end.
pub fn explains_ends(difference: &Difference) -> bool {
    let names_end = |patterns: &[String]| {
        let last = patterns.last();
        last.is_some_and(|last| last.starts_with("exit("))
    };
    difference.last || (names_end(&difference.c) && names_end(&difference.lab))
}

/// Whether a process that the other program has not is what the difference says of it.
pub fn describes_child(difference: &Difference, child: &ProcessCalls, idioms: bool) -> bool {
    reworded_child(difference, child, idioms).is_some_and(|reworded| reworded.is_empty())
}

/// Which calls of a process that the other program has not print other words than the difference says of it; none if it
/// does something else. `idioms`: it may make other calls for the same.
pub fn reworded_child(
    difference: &Difference,
    child: &ProcessCalls,
    idioms: bool,
) -> Option<Vec<(usize, String)>> {
    let rest = |words| Rest {
        process: child,
        calls: &child.calls,
        idioms,
        words,
    };
    if child.is_open() && child.calls.is_empty() {
        return Some(Vec::new()); // ended from outside when it was born
    }
    let mut described = [false, true].into_iter().filter_map(|words| {
        let any = !difference.child.is_empty();
        any.then(|| begin(&difference.child, rest(words), true))?
    });
    described.next().map(|described| described.reworded)
}

/// What stands for the holes of some patterns.
#[derive(Default)]
pub struct Holes {
    /// For each `<same>`, with names and as the run wrote it.
    pub same: Vec<[String; 2]>,
    /// The numbers that have names, each with its name.
    numbers: Vec<(String, String)>,
}

impl Holes {
    fn extend(&mut self, more: Holes) {
        self.same.extend(more.same);
        self.numbers.extend(more.numbers);
    }

    /// Whether what has one name is one number.
    fn agree(&self) -> bool {
        let mut known = BTreeMap::new();
        let mut numbers = self.numbers.iter();
        numbers.all(|(name, number)| *known.entry(name).or_insert(number) == number)
    }
}

/// How many calls some patterns describe, what stands for their holes, and which of them print other words.
#[derive(Default)]
pub struct Described {
    pub calls: usize,
    pub holes: Holes,
    reworded: Vec<(usize, String)>,
}

/// What is described if the calls begin like these patterns; `last`: and nothing else may come.
pub fn begin(patterns: &[String], rest: Rest, last: bool) -> Option<Described> {
    let and_so_on = patterns.iter().position(|pattern| pattern == AND_SO_ON);
    let (first, any) = match and_so_on {
        Some(place) => (&patterns[..place], &patterns[place + 1..]),
        None => (patterns, &[][..]),
    };
    let mut described = Described::default();
    let mut dies = false;
    for pattern in first {
        let left = &rest.calls[described.calls..];
        if let Some(signal) = pattern.strip_prefix(KILLED_BY) {
            dies = left.is_empty() && rest.process.end == ProcessEnd::Killed(signal.to_owned());
            dies.then_some(())?;
        } else if !left.is_empty() {
            if let Some((calls, holes)) = next(pattern, rest, described.calls) {
                described.holes.extend(holes);
                described.calls += calls;
            } else {
                described.reword(best(std::slice::from_ref(pattern), rest, described.calls)?);
            }
        } else if last && rest.process.is_open() && described.calls > 0 {
            return Some(described); // it was ended before it came to this
        } else {
            return None;
        }
    }
    described.holes.agree().then_some(())?;
    if last {
        all_may_come(any, &rest.calls[described.calls..])?;
        let mut come: BTreeMap<&str, usize> = any.iter().map(|it| (name_of(it), 0)).collect();
        while described.calls < rest.calls.len() {
            let found = any.iter().filter_map(|pattern| {
                let (calls, _) = next(pattern, rest, described.calls)?;
                Some((calls, name_of(pattern)))
            });
            if let Some((calls, name)) = found.max().filter(|&(calls, _)| calls > 0) {
                described.calls += calls;
                *come.entry(name).or_default() += 1;
            } else {
                let pattern = best(any, rest, described.calls)?;
                *come.entry(name_of(pattern)).or_default() += 1;
                described.reword(pattern);
            }
        }
        // What comes again and again comes whole: none of these calls may be missing for ever.
        let repeats = come.values().any(|&times| times > 1);
        (!repeats || come.values().all(|&times| times > 0)).then_some(())?;
        let is_killed = matches!(rest.process.end, ProcessEnd::Killed(_));
        (dies || !is_killed).then_some(())?;
    }
    Some(described)
}

/// Whether, of calls that come again and again, each comes at all; none if one is missing for ever, which need not be looked
/// for call by call in all that a program without an end has done.
fn all_may_come(any: &[String], calls: &[NormalizedCall]) -> Option<()> {
    // Several of these may be one call in other words, or none.
    let is_one = |call: &&NormalizedCall| {
        !is_read_by_people(call) && !only_asks(call) && call.name != "execve"
    };
    if calls.iter().filter(is_one).count() <= any.len() {
        return Some(());
    }
    let comes = |pattern: &String| {
        let only_asks = ONLY_ASK.contains(&name_of(pattern));
        only_asks || calls.iter().any(|call| may_mean(call, pattern))
    };
    any.iter().all(comes).then_some(())
}

/// Whether a call is perhaps, in its own or in other words, what a pattern says: by its name alone.
fn may_mean(call: &NormalizedCall, pattern: &str) -> bool {
    let (name, meant) = (call.name.as_str(), name_of(pattern));
    let in_other_words = matches!((name, meant), ("sendto", "write") | ("recvfrom", "read"));
    in_other_words || may_name(pattern, name)
}

impl Described {
    /// The next call prints other words than this pattern.
    fn reword(&mut self, pattern: &str) {
        self.reworded.push((self.calls, pattern.to_owned()));
        self.calls += 1;
    }
}

/// Which of the patterns says in other words what the next call prints: the most similar one.
fn best<'a>(patterns: &'a [String], rest: Rest, place: usize) -> Option<&'a str> {
    let gone = rest.process.calls.len() - rest.calls.len() + place;
    let (before, left) = rest.process.calls.split_at(gone);
    let call = left
        .first()
        .filter(|call| rest.words && is_read_by_people(call))?;
    let fitting = patterns.iter().filter_map(|pattern| {
        let meant = meant(pattern)?;
        let result = if is_cut(rest, place) {
            &meant.result
        } else {
            &call.result
        };
        let call = call.in_place("write", &call.words, result.clone());
        if !counts_on(&call, pattern) || is_too_small(&call, pattern) {
            return None;
        }
        let fits = match is_open(pattern) {
            true => begins_and_ends_alike(&call, &meant),
            false => differs_in_words(&call, &meant, before),
        };
        fits.then(|| (letters_in_common(&call, &meant), pattern.as_str()))
    });
    let best = fitting.max_by_key(|&(letters, _)| letters)?;
    Some(best.1)
}

/// Whether the lines of a write count where the pattern has lines that do.
fn counts_on(call: &NormalizedCall, pattern: &str) -> bool {
    let Some((fixed, _)) = pattern.split_once("<counted>") else {
        return true;
    };
    let [_, text] = call.text().as_declared();
    let (start, end) = (text.find('"'), text.rfind('"'));
    let string = start
        .zip(end)
        .and_then(|(start, end)| text.get(start + 1..end));
    let parts = string.and_then(|string| behind(string, lines(fixed)));
    parts.is_some_and(|(before, piece)| counts(piece, before))
}

/// Whether a write says what a pattern says but for a number that is below its bound.
fn is_too_small(call: &NormalizedCall, pattern: &str) -> bool {
    let mut unbound = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once("<number from ") {
        unbound += before;
        unbound += "<number>";
        rest = behind.split_once('>').map_or("", |(_, behind)| behind);
    }
    unbound += rest;
    unbound != pattern && filled(&unbound, call, false).is_some()
}

/// The call that a pattern of a write means, if it means one text.
pub fn meant(pattern: &str) -> Option<NormalizedCall> {
    let (asked, result) = pattern.strip_prefix("write(")?.rsplit_once(") = ")?;
    let (to, text) = asked.split_once(", ")?;
    let (text, names) = numbered(&known(text)?);
    let call = NormalizedCall::written("write", &[to, &text], Some(result));
    let words = [call.words[0].clone(), AliasedText::new(&text, &names)];
    Some(call.in_place("write", &words, call.result.clone()))
}

/// A text in which numbers stand for the names of processes and ports, and what they stand for.
fn numbered(text: &str) -> (String, Aliases) {
    let (mut numbered, mut names) = (String::new(), Aliases::new());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        numbered.push_str(before);
        let name = behind.split_once('>').filter(|(name, _)| is_name(name));
        rest = match name {
            Some((name, behind)) => {
                let number = (UNUSED + names.len()).to_string();
                numbered.push_str(&number);
                names.insert(number, format!("<{name}>"));
                behind
            }
            None => {
                numbered.push('<');
                behind
            }
        };
    }
    (numbered + rest, names)
}

/// No process and no port has such a number.
const UNUSED: usize = 1 << 40;

/// Whether a process, a thread or a port is called so.
fn is_name(text: &str) -> bool {
    let is_path = text
        .chars()
        .all(|c| c.is_ascii_digit() || c == '.' || c == '/');
    text == "outside" || text.starts_with("port ") || (is_path && !text.is_empty())
}

/// So long may a text be that comes in pieces where its pattern does not tell the length.
const MOST_UNKNOWN: usize = 512;

/// How many of the calls that come next are what a pattern says, and what stands for its holes.
pub fn next(pattern: &str, rest: Rest, place: usize) -> Option<(usize, Holes)> {
    let left = &rest.calls[place..];
    let call = left.first()?;
    if let Some(holes) = filled(pattern, call, is_cut(rest, place)) {
        return Some((1, holes));
    }
    if !rest.idioms {
        return None;
    }
    let gone = rest.process.calls.len() - left.len();
    let before = rest.process.calls[..gone].last();
    let others = [
        exact(pattern),
        told(pattern),
        before.and_then(|before| but_for_what_is_told(pattern, before)),
        from_anybody(pattern),
        with_own_size(pattern, call),
        with_own_room(pattern, call),
    ];
    let other = |pattern: &String| {
        let as_it_is = filled(pattern, call, is_cut(rest, place)).map(|holes| (1, holes));
        as_it_is.or_else(|| in_forms(pattern, rest, place))
    };
    let found = in_forms(pattern, rest, place);
    if let Some(found) = found.or_else(|| others.iter().flatten().find_map(other)) {
        return Some(found);
    }
    // It asks elsewhere; and whoever searches PATH for a name looks for none without a letter.
    let need_not_come = ONLY_ASK.contains(&name_of(pattern)) || pattern.starts_with(NO_NAME);
    if need_not_come {
        return Some((0, Holes::default()));
    }
    let may_stand = only_asks(call) || (place > 0 && is_beside(pattern, before, left));
    if !may_stand {
        return None;
    }
    if left.len() == 1 && rest.process.is_open() {
        return Some((1, Holes::default())); // it was ended before it came to this
    }
    let (calls, holes) = next(pattern, rest, place + 1)?;
    Some((calls + 1, holes))
}

/// Whether the next call, in the midst of a difference, tells on standard error that the one before has failed, ignores
/// SIGPIPE, shuts down what is closed then, or closes a descriptor just before the end.
fn is_beside(pattern: &str, before: Option<&NormalizedCall>, left: &[NormalizedCall]) -> bool {
    let has_failed = before.is_some_and(NormalizedCall::has_failed);
    let tells = is_write_to(&left[0], "2") && !pattern.starts_with("write(2, ") && has_failed;
    let closes = name_of(pattern) == "exit" && closes_at_the_end(left);
    let shuts_down = name_of(pattern) == "close" && shuts_down_and_closes(left);
    tells || closes || shuts_down || ignores_sigpipe(&left[0])
}

/// The same where the next calls are in other words what the pattern says.
fn in_forms(pattern: &str, rest: Rest, place: usize) -> Option<(usize, Holes)> {
    let left = &rest.calls[place..];
    left.first().filter(|call| may_mean(call, pattern))?;
    let longest = match pattern.contains(['<', '*']) {
        true => MOST_UNKNOWN,
        false => pattern.len(),
    };
    let mut forms = in_other_words(left, longest).into_iter();
    let is_cut = is_cut(rest, place);
    let fits = |(calls, form)| Some((calls, filled(pattern, &form, is_cut && calls == 1)?));
    forms.find_map(fits)
}

/// Whether the process was ended from outside in that call.
fn is_cut(rest: Rest, place: usize) -> bool {
    rest.process.is_open() && place + 1 == rest.calls.len() && !rest.calls[place].returned
}

/// What stands in a call for the holes of a pattern; of one that was cut off, its beginning is enough.
fn filled(pattern: &str, call: &NormalizedCall, is_cut: bool) -> Option<Holes> {
    if !may_name(pattern, &call.name) {
        return None; // most calls have another name, and their whole texts are not made for that
    }
    let texts = call.as_declared();
    // A number of the pattern may by chance be some process's pid: one of these is enough.
    let [named, raw] = texts.each_ref().map(|text| fill(pattern, text));
    let mixed = || {
        call.with_mere_numbers()
            .iter()
            .find_map(|text| fill(pattern, text))
    };
    let named = named.or_else(mixed);
    // What stands for a hole may be such a number, too, beside others that are named.
    let raw = raw.or_else(|| named.as_ref().and_then(|_| mixed()));
    if named.is_none() && raw.is_none() && is_cut {
        // What it returned was read while it was being killed: what it asked for is all that is known.
        let [asked, _] = call.asked().as_declared();
        if fill(asked_by(pattern), &asked).is_some() {
            return Some(Holes::default());
        }
        let [known, _] = call.beginning().as_declared();
        return pattern.starts_with(&known).then(Holes::default);
    }
    let named_or_raw = named.as_ref().or(raw.as_ref())?;
    let raw_or_named = raw.as_ref().or(named.as_ref())?;
    let both = named_or_raw.same.iter().zip(&raw_or_named.same);
    Some(Holes {
        same: both
            .map(|(named, raw)| [named.clone(), raw.clone()])
            .collect(),
        numbers: raw_or_named.numbers.clone(),
    })
}

/// Whether a pattern may be about a call of that name.
fn may_name(pattern: &str, name: &str) -> bool {
    match pattern.split_once(['(', '<']) {
        Some((head, _)) if pattern[head.len()..].starts_with('(') => head == name,
        Some((head, _)) => name.starts_with(head),
        None => true,
    }
}

/// What a pattern says of the call, without what it says of its result.
fn asked_by(pattern: &str) -> &str {
    pattern
        .rfind(") = ")
        .map_or(pattern, |end| &pattern[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::normalized_call::tests::call;
    use crate::compare::process_calls::Member;

    fn process(last: &str, end: ProcessEnd) -> ProcessCalls {
        ProcessCalls {
            path: vec![Member::Child(1)],
            pid: 10,
            thread: 10,
            calls: vec![call("a() = 0"), call(last)],
            ledger: Vec::new(),
            signals: Vec::new(),
            died_of: None,
            end,
            is_ended_by_another: false,
            halt: Vec::new(),
            source: None,
            inherited: None,
            unwritten: None,
        }
    }

    fn fits(last: &str, end: ProcessEnd) -> bool {
        let process = process(last, end);
        let patterns = ["a() = 0", "wait(1) = 0"].map(str::to_owned);
        let rest = Rest {
            process: &process,
            calls: &process.calls,
            idioms: false,
            words: false,
        };
        begin(&patterns, rest, true).is_some()
    }

    #[test]
    fn a_program_without_an_end_is_read_only_where_all_that_it_repeats_comes() {
        let many = vec!["sendto(3) = 0"; 100_000];
        let calls: Vec<NormalizedCall> = many.iter().map(|text| call(text)).collect();
        let any = |texts: &[&str]| -> Vec<String> {
            let texts = texts.iter().map(|&text| text.to_owned());
            texts.collect()
        };
        let come = |texts: &[&str], calls| all_may_come(&any(texts), calls).is_some();
        assert!(come(&["sendto(3) = 0"], &calls));
        assert!(come(&["sendto(3) = 0", "getpid() = 1"], &calls));
        assert!(come(&["write(3) = 0"], &calls), "in other words");
        assert!(!come(&["sendto(3) = 0", "recvfrom(3) = 0"], &calls));
        assert!(come(&["sendto(3) = 0", "recvfrom(3) = 0"], &calls[..2]));
    }

    #[test]
    fn what_repeats_itself_comes_whole() {
        let fits = |calls: &[&str]| {
            let mut process = process("b() = 0", ProcessEnd::Cut);
            process.calls = calls.iter().map(|text| call(text)).collect();
            let patterns = ["a() = 0", "...", "b() = 0", "c() = 0"].map(str::to_owned);
            let rest = Rest {
                process: &process,
                calls: &process.calls,
                idioms: false,
                words: false,
            };
            begin(&patterns, rest, true).is_some()
        };
        assert!(fits(&["a() = 0", "b() = 0", "c() = 0", "b() = 0"]));
        assert!(fits(&["a() = 0", "b() = 0"]), "ended before it came to c");
        assert!(!fits(&["a() = 0", "b() = 0", "b() = 0"]), "never c");
        assert!(!fits(&["a() = 0", "b() = 0", "d() = 0"]), "d is not named");
    }

    #[test]
    fn a_number_that_only_happens_to_be_a_pid_is_a_number() {
        let names = [("1000", "<1>"), ("1001", "<1.1>")];
        let names = names.map(|(number, name)| (number.to_owned(), name.to_owned()));
        let text = r#""pid 1001 of 1000\nchild : 1000\nchild : 1001\nchild : 10""#;
        let words = ["1", text].map(|word| AliasedText::new(word, &names.clone().into()));
        let written = call("write(1) = all");
        let written = written.in_place("write", &words, written.result.clone());
        let fits = |pattern: &str| filled(pattern, &written, false).is_some();
        let lines = r#"write(1, "pid <1.1> of <1>\nchild : 1000\n<counted>") = all"#;
        assert!(fits(lines));
        assert!(fits(r#"write(1, "pid <1.1> of 1000\n<any>") = all"#));
        assert!(!fits(&lines.replace(": 1000", ": 1002")));
        assert!(!fits(&lines.replace("of <1>", "of <1.1>")));
    }

    #[test]
    fn a_number_in_a_hole_that_only_happens_to_be_a_pid_is_a_number() {
        let names = [("40000", "<port 1>"), ("2020", "<client 2>")];
        let names = names.map(|(number, name)| (number.to_owned(), name.to_owned()));
        let text = r#""from 40000: osnw2020\n""#;
        let words = ["1", text].map(|word| AliasedText::new(word, &names.clone().into()));
        let written = call("write(1) = all");
        let written = written.in_place("write", &words, written.result.clone());
        let pattern = r#"write(1, "from <port <same>>: <same>") = all"#;
        let same = filled(pattern, &written, false).expect("it fits").same;
        assert_eq!(same[1], [r"osnw<client 2>\n", r"osnw2020\n"], "{same:?}");
    }

    #[test]
    fn a_student_may_leave_out_the_zeros_behind_a_text_and_nothing_else() {
        let pattern = r#"write(4, "hi\n<3 \x00>") = all"#;
        let fits = |text, idioms| {
            let mut process = process("b() = 0", ProcessEnd::Cut);
            process.calls = vec![call(text)];
            let rest = Rest {
                process: &process,
                calls: &process.calls,
                idioms,
                words: false,
            };
            next(pattern, rest, 0).is_some()
        };
        for text in [
            r#"write(4, "hi\n") = all"#,
            r#"sendto(4, "hi\n", 3, 0, NULL, 0) = 3"#,
        ] {
            assert!(fits(text, true) && !fits(text, false), "{text}");
        }
        for text in [
            r#"write(4, "hi\n\x00") = all"#,
            r#"write(4, "hi") = all"#,
            r#"write(5, "hi\n") = all"#,
            r#"write(4, "hi\n") = -1 EPIPE"#,
        ] {
            assert!(!fits(text, true), "{text}");
        }
    }

    #[test]
    fn a_write_whose_text_could_not_be_read_is_the_one_that_was_to_come() {
        let mut killed = process("b() = 0", ProcessEnd::Cut);
        killed.calls = vec![NormalizedCall::written("write", &["1", "ptr"], None)];
        let fits = |pattern: &str| {
            let rest = Rest {
                process: &killed,
                calls: &killed.calls,
                idioms: true,
                words: true,
            };
            next(pattern, rest, 0).is_some()
        };
        assert!(fits(r#"write(1, "end\n") = all"#));
        assert!(!fits(r#"write(2, "end\n") = all"#) && !fits("read(1, ptr, 8) = 1"));
    }

    #[test]
    fn of_a_call_in_which_a_process_was_killed_only_what_it_asked_for_is_known() {
        for last in ["wait(1) = 0", "wait(1)"] {
            assert!(fits(last, ProcessEnd::Cut), "{last}");
        }
        for (last, end) in [
            ("wait(2)", ProcessEnd::Cut),
            ("wait(1) = -1 EINTR", ProcessEnd::Cut),
            ("wait(1)", ProcessEnd::Exited(0)),
        ] {
            assert!(!fits(last, end.clone()), "{last} {end:?}");
        }
    }
}
