//! The main job: the tour shows every lab of the lecture on real input, to its end.

use std::process::{Command, Stdio};

use libtest_mimic::Trial;

use crate::support::trials::{Subject, each_lab};
use crate::support::{self, output, root, text_of};

/// What a lab's tour must show, where the lab is about it.
const SHOWN: [(&str, &str); 8] = [
    ("fork_test", "orphan: its parent has ended"),
    ("command", "exec_test\n"), // the new name after exec
    ("daemon", "no controlling terminal"),
    ("daemonOSNW", "write(1, \"I'm daemon\\n\", 11) = -1 EBADF"),
    ("child_wait", "[child_wait] <defunct>"), // the zombie
    ("child_wait", "exited with status 100"),
    ("wait_status", "exited with status 100"),
    ("fork_cost", "processes 3 to 31: the same calls"),
];

pub fn trials() -> Vec<Trial> {
    let mut trials = each_lab("the_tour_shows_it", "make tour LAB={lab}", is_shown);
    let korean = "LC_ALL=ko_KR.UTF-8 make tour LAB=exec_test";
    trials.push(
        Subject::lab("exec_test").trial("the_tour_speaks_korean", korean, |_| speaks_korean()),
    );
    trials
}

fn tour(arguments: &[&str]) -> String {
    support::lab("exec_test");
    let mut tour = Command::new(support::labscope());
    tour.arg("tour")
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null());
    let shown = output(&mut tour);
    let text = text_of(&shown);
    assert!(shown.status.success(), "{text}");
    text
}

fn is_shown(lab: &str) {
    let text = tour(&["--lang", "en", "--lab", lab]);
    let title = format!(" {lab} · ");
    let shown = SHOWN.iter().filter(|(name, _)| *name == lab);
    for what in shown.map(|(_, what)| *what).chain([title.as_str()]) {
        assert!(text.contains(what), "{what:?} is not in\n{text}");
    }
}

fn speaks_korean() {
    let text = tour(&["--lang", "ko", "--lab", "exec_test"]);
    assert!(
        text.contains("키를 기다릴 뿐") && text.contains("프로세스별 시스템 콜"),
        "{text}"
    );
}
