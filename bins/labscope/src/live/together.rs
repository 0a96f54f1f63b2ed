//! Ends that one ^C caused are told as ends at one moment: no process is called an orphan or a zombie between them.

use crate::facts::process_tree::{AT_ONCE, ProcessTree};
use crate::live::events::{End, Event, Note, What};
use crate::live::reader::Live;

impl Live {
    /// What can be told by now: nothing beyond a death of which it is not certain whom it leaves behind.
    pub fn take(&mut self) -> Vec<Event> {
        let certain = self.uncertain().unwrap_or(self.events.len());
        let rest = self.events.split_off(certain);
        std::mem::replace(&mut self.events, rest)
    }

    /// The place of the first such death.
    pub(super) fn uncertain(&mut self) -> Option<usize> {
        let now = self.now - self.start.unwrap_or_default();
        let (tree, is_over) = (&self.tree, self.is_over);
        self.events.iter_mut().position(|event| match event {
            Event::Note(note) => {
                others_may_follow(tree, note) && now - note.time < AT_ONCE && !is_over
            }
            _ => false,
        })
    }
}

/// Of a process that a signal has killed: those that the same signal kills leave no zombie and are no orphans.
/// Whether there are others that it may still kill.
fn others_may_follow(tree: &ProcessTree, note: &mut Note) -> bool {
    let What::Ended {
        how: End::Killed(signal),
        zombie,
        orphans,
    } = &mut note.what
    else {
        return false;
    };
    let parent = tree.processes()[note.process - 1].parent;
    *zombie &= !parent.is_some_and(|parent| tree.is_struck(parent, signal));
    orphans.retain(|&child| !tree.is_struck(child - 1, signal));
    let left = orphans.iter().map(|child| child - 1);
    let left = left.chain(parent.filter(|_| *zombie));
    left.into_iter().any(|other| tree.may_die_of(other, signal))
}

#[cfg(test)]
mod tests {
    use super::super::say;
    use super::*;
    use crate::i18n::Language;

    const FORK: &str = "7 1.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0 <0.1>\n7 1.2 fork() = 8 <0.001>\n8 1.3 pause( <unfinished ...>\n7 1.4 pause( <unfinished ...>\n";

    /// What is told of the ends, this long after the last line.
    fn ends(text: &str, later: f64) -> Vec<String> {
        let mut live =
            Live::new("./lab", std::path::Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a reader");
        live.feed(format!("{FORK}{text}").as_bytes());
        let now = live.now + later;
        live.pause(now);
        let ends = live.take().into_iter().filter_map(|event| match event {
            Event::Note(note) if matches!(note.what, What::Ended { .. }) => Some(note),
            _ => None,
        });
        ends.map(|it| {
            format!(
                "{} {}",
                it.process,
                say::note(&it.what, Language::default())
            )
        })
        .collect()
    }

    fn killed(pid: i32, signal: &str) -> String {
        format!("{pid} 2.0 +++ killed by {signal} +++\n")
    }

    const STRUCK: &str = "8 2.0 --- SIGINT {si_signo=SIGINT, si_code=SI_KERNEL} ---\n7 2.0 --- SIGINT {si_signo=SIGINT, si_code=SI_KERNEL} ---\n";

    #[test]
    fn those_that_one_signal_kills_leave_neither_zombie_nor_orphan() {
        let both = [killed(8, "SIGINT"), killed(7, "SIGINT")];
        let expected = ["2 +++ killed by SIGINT", "1 +++ killed by SIGINT"];
        assert_eq!(ends(&format!("{STRUCK}{}", both[0]), 0.0), expected[..1]);
        assert_eq!(ends(&both.concat(), 0.0), expected);
        let turned = [&both[1][..], &both[0]].concat();
        assert_eq!(ends(&turned, 0.0), [expected[1], expected[0]]);
    }

    #[test]
    fn a_parent_that_lives_on_has_a_zombie_and_a_child_that_does_is_an_orphan() {
        let zombie = ["2 +++ killed by SIGTERM: a zombie until its parent waits"];
        let orphan = ["1 +++ killed by SIGTERM: process 2 is an orphan now"];
        for (pid, expected) in [(8, zombie), (7, orphan)] {
            assert!(ends(&killed(pid, "SIGTERM"), 0.0).is_empty(), "too early");
            assert_eq!(ends(&killed(pid, "SIGTERM"), 0.3), expected);
        }
        let handles =
            "7 1.9 rt_sigaction(SIGINT, {sa_handler=0x401000, sa_mask=[]}, NULL, 8) = 0 <0.001>\n";
        let told = ends(&format!("{handles}{STRUCK}{}", killed(8, "SIGINT")), 0.0);
        assert_eq!(
            told,
            ["2 +++ killed by SIGINT: a zombie until its parent waits"]
        );
    }
}
