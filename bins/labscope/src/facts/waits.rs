//! What a thread waits for in a futex call: the kernel is told of a word only, the stack knows whose it is.

use crate::trace::Call;

/// What the word belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AwaitedBy {
    /// The end of a thread.
    Join,
    Mutex,
    /// A condition variable.
    Condition,
    /// A stream that another thread uses.
    Stdio,
}

/// What futex(2) may be asked for that waits.
const WAIT: [&str; 3] = ["FUTEX_WAIT", "FUTEX_WAIT_BITSET", "FUTEX_WAIT_REQUEUE_PI"];

/// What a futex call waits for; none if it does not wait, or nobody knows.
pub fn awaited(call: &Call) -> Option<AwaitedBy> {
    let command = call.args.get(1).flags().next()?;
    let (request, is_private) = match command.strip_suffix("_PRIVATE") {
        Some(request) => (request, true),
        None => (command, false),
    };
    if call.name != "futex" || !WAIT.contains(&request) {
        return None;
    }
    let functions = call.stack.iter().filter_map(|frame| frame.name());
    let by_function = functions.filter_map(owner).next();
    by_function.or_else(|| by_word(call.args.get(2).number()?, is_private))
}

/// Where the compiler has left no function of it: by what is said of the word in a lab. Nobody but join waits for what the
/// kernel itself wakes.
fn by_word(value: i64, is_private: bool) -> Option<AwaitedBy> {
    match value {
        _ if !is_private => Some(AwaitedBy::Join),
        2 => Some(AwaitedBy::Mutex),
        value if value >= 1 << 31 => Some(AwaitedBy::Stdio),
        _ => None,
    }
}

/// By the innermost function that tells: in glibc's printf the stream's own lock is no mutex of the program.
fn owner(function: &str) -> Option<AwaitedBy> {
    let is = |names: &[&str]| names.iter().any(|name| function.ends_with(name));
    if function.contains("stdio::")
        || is(&[
            "printf", "puts", "putchar", "fwrite", "fflush", "getchar", "fgets",
        ])
    {
        Some(AwaitedBy::Stdio)
    } else if is(&["pthread_join"]) {
        Some(AwaitedBy::Join)
    } else if is(&["pthread_mutex_lock"]) {
        Some(AwaitedBy::Mutex)
    } else if is(&["pthread_cond_wait"]) {
        Some(AwaitedBy::Condition)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_tells_what_a_word_is() {
        assert_eq!(owner("pthread_join"), Some(AwaitedBy::Join));
        assert_eq!(
            owner("rawlabs::pthread::mutex::pthread_mutex_lock"),
            Some(AwaitedBy::Mutex)
        );
        assert_eq!(owner("rawlabs::stdio::vprintf"), Some(AwaitedBy::Stdio));
        assert_eq!(owner("pthread_cond_wait"), Some(AwaitedBy::Condition));
        assert_eq!(owner("main"), None);
    }
}
