//! The main job: the tour shows every lab of the lecture on real input, to its end.

mod support;

use std::process::{Command, Stdio};

use support::{labs, output, root, text_of};

fn tour(arguments: &[&str]) -> String {
    support::lab(&labs()[0]);
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

#[test]
fn it_shows_every_lab() {
    let text = tour(&["--lang", "en"]);
    for lab in labs() {
        assert!(
            text.contains(&format!(" {lab} · ")),
            "{lab} is not shown in\n{text}"
        );
    }
    let shown = [
        "[child_wait] <defunct>",       // the zombie
        "orphan: its parent has ended", // and the orphan
        "exec_test\n",                  // the new name after exec
        "no controlling terminal",      // the daemon
        "write(1, \"I'm daemon\\n\", 11) = -1 EBADF",
        "exited with status 100",
    ];
    for what in shown {
        assert!(text.contains(what), "{what:?} is not in\n{text}");
    }
}

#[test]
fn it_speaks_korean() {
    let text = tour(&["--lang", "ko", "--lab", "exec_test"]);
    assert!(
        text.contains("키를 기다릴 뿐") && text.contains("프로세스별 시스템 콜"),
        "{text}"
    );
}
