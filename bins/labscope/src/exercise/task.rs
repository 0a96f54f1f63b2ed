//! What a guide says of a task: the entry of its list that names the command.

/// The command that a guide names.
pub fn command(lab: &str, task: &str) -> String {
    format!("make try-{lab} TASK={task}")
}

/// The entry of a guide's list that names the command of a task, without the command and the marks of the text.
pub fn said_by(guide: &str, lab: &str, task: &str) -> Option<String> {
    let command = format!("`{}`", command(lab, task));
    let mut entries = guide.lines().filter_map(|line| line.strip_prefix("- "));
    let entry = entries.find(|entry| entry.contains(&command))?;
    let text = match brackets(entry, &command) {
        Some((before, after)) => format!("{before}{after}"),
        None => entry.replace(&command, ""),
    };
    Some(without_links(&text).replace('`', ""))
}

/// What stands before and behind the brackets in which the command stands, if it stands in any.
fn brackets<'a>(entry: &'a str, command: &str) -> Option<(&'a str, &'a str)> {
    let place = entry.find(command)?;
    let open = entry[..place].rfind('(')?;
    let mut depth = 0;
    let close = entry[open..].find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    })?;
    let is_inside = open + close > place;
    is_inside.then(|| (entry[..open].trim_end(), &entry[open + close + 1..]))
}

/// `[text](where)` becomes `text`.
fn without_links(text: &str) -> String {
    let Some((before, rest)) = text.split_once('[') else {
        return text.to_owned();
    };
    let link = rest.split_once("](").and_then(|(words, rest)| {
        let (_, after) = rest.split_once(')')?;
        Some((words, after))
    });
    match link {
        Some((words, after)) => format!("{before}{words}{}", without_links(after)),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_of_a_task_is_told_without_marks() {
        let guide = "## Try next\n\n- Another.\n- Call `wait` again ([there](x.md)), and print it (`make try-a TASK=again`).\n";
        assert_eq!(
            said_by(guide, "a", "again").as_deref(),
            Some("Call wait again (there), and print it.")
        );
        let guide =
            "- Print `x` (`make try-a TASK=x`; in Rust `f(x)`), and `g(x)`: `make try-a TASK=y`.\n";
        let said = |task| said_by(guide, "a", task);
        assert!(said("x").is_some_and(|text| text.starts_with("Print x, and g(x):")));
        assert!(said("y").is_some_and(|text| text.ends_with("g(x): .")));
        assert_eq!(said("other"), None);
        assert_eq!(said("z"), None);
    }
}
