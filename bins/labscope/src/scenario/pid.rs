//! Arguments that name a process before it has a number: `<pid victim>`, or `<pid victim 2>` for its second process.

const START: &str = "<pid ";

/// The argument with each such name replaced by what `pid` says of the companion and the number of its process;
/// none if that is nothing.
pub fn fill_in(arg: &str, pid: impl Fn(&str, usize) -> Option<i32>) -> Option<String> {
    let (mut filled, mut rest) = (String::new(), arg);
    while let Some((before, behind)) = rest.split_once(START) {
        let (name, behind) = behind.split_once('>')?;
        let (companion, process) = name.split_once(' ').unwrap_or((name, "1"));
        let pid = pid(companion, process.parse().ok()?)?;
        filled += &format!("{before}{pid}");
        rest = behind;
    }
    Some(filled + rest)
}
