//! What no two runs of a program have in common, whoever traces them: times, random bytes, free numbers.

use crate::account::Item;

/// Ports above are given by the kernel to who asks for none.
const LAST_OWN_PORT: u16 = 32767;

/// Calls that tell a time, and in which argument.
const TIMES: &[(&str, usize)] = &[
    ("clock_gettime", 1),
    ("gettimeofday", 0),
    ("getrusage", 1),
    ("wait4", 3),
    ("waitid", 4),
    ("times", 0),
    ("getitimer", 1),
    ("timer_gettime", 1),
    ("sysinfo", 0),
];

/// Calls that tell what is left of a time if they were broken off, and in which argument.
const LEFT: &[(&str, usize)] = &[("nanosleep", 1), ("clock_nanosleep", 3)];

/// Whether a port is one that the kernel gives to who asks for none.
pub fn is_free(port: u16) -> bool {
    port > LAST_OWN_PORT
}

/// Takes out of an item what only this run has.
pub fn forget(mut item: Item) -> Item {
    let times = TIMES.iter().filter(|(name, _)| *name == item.name);
    for (_, place) in times {
        if let Some(arg) = item.args.get_mut(*place) {
            *arg = without_numbers(&without_seconds(arg));
        }
    }
    let left = LEFT.iter().filter(|(name, _)| *name == item.name);
    for (_, place) in left {
        if let Some(arg) = item.args.get_mut(*place).filter(|arg| *arg != "NULL") {
            arg.clear();
        }
    }
    match item.name.as_str() {
        "getrandom" => item.args[0].clear(),
        "times" => item.result = without_numbers(&item.result),
        "ioctl" if item.args.get(1).is_some_and(|it| it == "TIOCGPTN") => item.args[2].clear(),
        _ => {}
    }
    if let Some((told, _)) = item.result.split_once("left {") {
        item.result = told.to_owned(); // of the time that select(2) was given
    }
    item.result = without_chance(&item.result);
    item.args = item.args.iter().map(|arg| without_chance(arg)).collect();
    item
}

/// A text without what strace says beside a number of ticks, if it is not 0: so many seconds.
fn without_seconds(text: &str) -> String {
    let parts = text.split(" /* ");
    let told = parts.map(|part| part.split_once(" s */").map_or(part, |(_, behind)| behind));
    told.collect()
}

/// The times of a child stand in its SIGCHLD.
fn without_chance(text: &str) -> String {
    match text.contains("time=") {
        true => numbered(&without_seconds(text)),
        false => numbered(text),
    }
}

fn without_numbers(text: &str) -> String {
    let words = words(text).into_iter();
    words.filter(|word| !is_number(word)).collect()
}

/// A text without the numbers of terminals and ports that were free, times, and what the run calls its folder.
fn numbered(text: &str) -> String {
    const FREE: [&str; 4] = ["/dev/pts/", "makedev(0x88, ", "time=", "/labscope-"];
    let mut told = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if FREE.iter().any(|before| told.ends_with(before)) {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        } else if told.ends_with("htons(") {
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let port = rest[..end].parse();
            told.push_str(if port.is_ok_and(is_free) {
                "free"
            } else {
                &rest[..end]
            });
            rest = &rest[end..];
        }
        let next = rest.chars().next().unwrap_or(first);
        told.push(next);
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    without_time_of_day(&told)
}

/// What date(1) prints.
fn without_time_of_day(text: &str) -> String {
    let mut words = words(text);
    let is_two_digits = |word: &str| word.len() == 2 && is_number(word);
    for place in 0..words.len().saturating_sub(4) {
        let time = &mut words[place..place + 5];
        let is_time = [0, 2, 4].iter().all(|&part| is_two_digits(time[part]));
        if is_time && (time[1], time[3]) == (":", ":") {
            time.fill("");
        }
    }
    words.concat()
}

fn is_number(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
}

/// A text in numbers and what stands between them.
pub fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit);
        let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
        words.push(word);
        rest = behind;
    }
    words
}
