//! The memory strip of a fork: the lines around it, and the variables of both processes as the run shows them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::project::Room;
use crate::timeline::clock::{History, Part};
use crate::timeline::{Fork, Lane, Variable};

/// How many lines are shown before and after the fork.
const BEFORE: usize = 2;
const AFTER: usize = 1;

/// The forks of the lab itself; a program whose source is not there has none.
pub fn forks(root: &Path, lab: &str, history: &History<'_>, lanes: &[Lane]) -> Vec<Fork> {
    let Ok(source) = fs::read_to_string(Room::of(root, lab).source(lab, "rs")) else {
        return Vec::new();
    };
    let Some(part) = history.parts.iter().find(|part| part.companion.is_none()) else {
        return Vec::new();
    };
    let before_fork = source.split_once("fork()").map_or("", |(before, _)| before);
    let there = |pattern: &Pattern| {
        let name = &pattern.variable;
        let declared = [format!("let {name} "), format!("let mut {name} ")];
        declared.iter().any(|text| before_fork.contains(text))
    };
    let patterns: Vec<Pattern> = patterns(&source).into_iter().filter(there).collect();
    let code = code(&source);
    let bound = bound(&code);
    let children = lanes.iter().filter(|lane| lane.companion.is_none());
    let forks = children.filter_map(|child| {
        let parent = child.parent?;
        Some(Fork {
            at: child.born,
            parent,
            child: child.pid,
            code: code.clone(),
            bound: bound.map(str::to_owned),
            of_parent: variables(part, parent, child.born, (bound, child.pid), &patterns),
            of_child: variables(part, child.pid, child.born, (bound, 0), &patterns),
        })
    });
    forks.collect()
}

/// The lines around the only fork of a source; with several forks nobody knows which one it was.
fn code(source: &str) -> Vec<(usize, String, bool)> {
    let lines: Vec<(usize, &str)> = source.lines().enumerate().collect();
    let telling = |text: &str| {
        let text = text.split("//").next().unwrap_or_default();
        text.contains(|c: char| c.is_alphanumeric())
    };
    let lines: Vec<(usize, &str)> = lines
        .into_iter()
        .filter(|(_, text)| telling(text))
        .collect();
    let mut forks = lines
        .iter()
        .enumerate()
        .filter(|(_, (_, text))| text.contains("fork()"));
    let (Some((place, _)), None) = (forks.next(), forks.next()) else {
        return Vec::new();
    };
    let shown = &lines[place.saturating_sub(BEFORE)..(place + AFTER + 1).min(lines.len())];
    let indent = |text: &str| text.len() - text.trim_start().len();
    let margin = shown
        .iter()
        .map(|(_, text)| indent(text))
        .min()
        .unwrap_or(0);
    let shown = shown.iter().map(|(number, text)| {
        let text = text.split(" //").next().unwrap_or_default();
        (
            number + 1,
            text[margin..].trim_end().to_owned(),
            text.contains("fork()"),
        )
    });
    shown.collect()
}

/// The variable that both processes keep what fork returned in: `pid` of `let pid = fork();`.
///
/// With `match fork() {` there is none; only an arm may give the value a name.
pub fn bound(code: &[(usize, String, bool)]) -> Option<&str> {
    let (_, line, _) = code.iter().find(|(.., is_fork)| *is_fork)?;
    let (name, _) = line.trim().strip_prefix("let ")?.split_once(" = fork()")?;
    let name = name.strip_prefix("mut ").unwrap_or(name);
    is_name(name).then_some(name)
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text != "_" && text.chars().all(is_part)
}

/// The variable that has what fork returned, if there is one, and what the process printed from then on.
fn variables(
    part: &Part<'_>,
    pid: i32,
    since: f64,
    (bound, returned): (Option<&str>, i32),
    patterns: &[Pattern],
) -> Vec<Variable> {
    let writes = part
        .calls_of(pid)
        .filter(|timed| timed.call.name == "write" && timed.from >= since);
    let to_stdout = writes.filter(|timed| timed.call.descriptor() == Some(1));
    let bytes: Vec<u8> = to_stdout.flat_map(|timed| timed.call.moved()).collect();
    let text = String::from_utf8_lossy(&bytes);
    let lines = text
        .split_inclusive('\n')
        .filter_map(|line| line.strip_suffix('\n'));
    let mut printed: BTreeMap<&str, (String, String)> = BTreeMap::new();
    for line in lines {
        let mut matching = patterns
            .iter()
            .filter_map(|pattern| Some((pattern, pattern.value(line)?)));
        if let (Some((pattern, value)), None) = (matching.next(), matching.next()) {
            let known = printed
                .entry(&pattern.variable)
                .or_insert((value.clone(), value.clone()));
            known.1 = value;
        }
    }
    let bound_one = bound.map(|name| Variable {
        name: name.to_owned(),
        first: returned.to_string(),
        last: returned.to_string(),
    });
    let printed = printed.into_iter().filter(|(name, _)| Some(*name) != bound);
    let printed = printed.map(|(name, (first, last))| Variable {
        name: name.to_owned(),
        first,
        last,
    });
    bound_one.into_iter().chain(printed).collect()
}

/// A line that the source prints with one variable in it: `printf!("P : {}\n", i)`.
struct Pattern {
    before: String,
    after: String,
    variable: String,
}

impl Pattern {
    /// The number that stands for the variable in a line of output.
    fn value(&self, line: &str) -> Option<String> {
        let value = line.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        value.parse::<i64>().ok()?;
        Some(value.to_owned())
    }
}

fn patterns(source: &str) -> Vec<Pattern> {
    let prints = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("printf!(\""));
    let patterns = prints.filter_map(|rest| {
        let (format, arguments) = rest.split_once("\", ")?;
        let variable = arguments.strip_suffix(");")?;
        let (before, after) = format.strip_suffix("\\n")?.split_once("{}")?;
        let is_plain = !after.contains('{') && format.matches('\\').count() == 1;
        (is_name(variable) && is_plain).then(|| Pattern {
            before: before.to_owned(),
            after: after.to_owned(),
            variable: variable.to_owned(),
        })
    });
    patterns.collect()
}
