//! shm_consumer_sem: it goes in only with the semaphore, whatever semop says.

use labscope::Status;

use super::shm::numbers;
use super::{calls, run};

#[test]
fn it_waits_and_takes_up_what_was_stored_meanwhile() {
    let transcript = run("shm_consumer_sem", "tty");
    assert_eq!(numbers(&transcript.normalised().terminal), [101]);
    let inside = transcript.descriptors[0][0].inside.as_deref();
    assert_eq!(inside, Some("semop(0)"));
}

#[test]
fn it_goes_in_when_the_holder_is_killed() {
    let transcript = run("shm_consumer_sem", "undone");
    assert_eq!(numbers(&transcript.normalised().terminal), [100001]);
}

#[test]
fn stopped_and_continued_it_waits_on() {
    let transcript = run("shm_consumer_sem", "stopped");
    let told = calls(&transcript, 1).join(" ");
    assert!(
        told.contains("semop = EINTR semop clock_nanosleep"),
        "{told}"
    );
    assert!(!transcript.normalised().terminal.contains("semop error"));
}

#[test]
fn without_a_semaphore_it_ends() {
    let told = calls(&run("shm_consumer_sem", "removed"), 1).join(" ");
    assert!(told.ends_with("semop = EIDRM write exit_group"), "{told}");
    let transcript = run("shm_consumer_sem", "unguarded");
    assert_eq!(transcript.status, Some(Status::Exited(1)));
}
