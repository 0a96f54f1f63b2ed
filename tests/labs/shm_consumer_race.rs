//! shm_consumer_race: it stores what it has read a second ago, whatever happened since.

use labscope::Status;

use super::run;
use super::shm::numbers;

#[test]
fn what_others_store_while_it_sleeps_is_lost() {
    let transcript = run("shm_consumer_race", "tty");
    assert_eq!(numbers(&transcript.normalised().terminal), [8, 9]);
    let value = |place: usize| transcript.descriptors[place][0].segments[0].value;
    assert_eq!((value(0), value(1)), (Some(100), Some(8)));
}

#[test]
fn started_first_it_ends_with_status_0() {
    let transcript = run("shm_consumer_race", "first");
    let told = transcript.normalised().terminal;
    assert_eq!(told, "shmget failed : : No such file or directory\n");
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}
