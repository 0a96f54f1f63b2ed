//! Virtual time: hours of sleep cost nothing, and end in their order and not before what is awaited has come.

mod common;

use std::time::Duration;

use common::program::{Program, trace};
use common::{key, text, wait};
use labscope::{Condition, End, Scenario, Status, Step, Time, Transcript};

/// Runs a program that sleeps for longer than anybody would wait.
fn run(name: &str, program: &str, steps: &[Step], end: End) -> Transcript {
    let scenario = Scenario {
        steps: steps.to_vec(),
        time: Time::Virtual,
        timeout: Some(Duration::from_secs(1 << 20)),
        end,
        ..Scenario::named("test")
    };
    Program::of(name, program).run_as(&scenario)
}

fn shown(transcript: &Transcript) -> String {
    String::from_utf8_lossy(&transcript.terminal).replace("\r\n", "\n")
}

#[test]
fn sleeps_of_several_processes_end_in_their_order() {
    let program = r#"
static void child(unsigned first, unsigned second, const char *name)
{
    if (fork() == 0) {
        sleep(first);
        printf("%s1\n", name);
        sleep(second);
        printf("%s2\n", name);
        exit(0);
    }
}
int main(void)
{
    child(7200, 3600, "a"); /* at 7200 and 10800 */
    child(3600, 3601, "b"); /* at 3600 and 7201 */
    child(9000, 1, "c");    /* at 9000 and 9001 */
    while (wait(NULL) > 0)
        ;
    puts("all");
    return 0;
}"#;
    let transcript = run("order", program, &[], End::Wait);
    assert_eq!(shown(&transcript), "b1\na1\nb2\nc1\nc2\na2\nall\n");
}

#[test]
fn the_keys_that_stop_output_are_not_echoed_and_hold_no_time_up() {
    let program = r#"
int main(void)
{
    puts("sleeps");
    sleep(7200);
    puts("late");
    return 0;
}"#;
    let steps = [
        wait(text("sleeps")),
        key(b"\x13"),
        key(b"\x11"),
        wait(text("late")),
    ];
    let transcript = run("keys", program, &steps, End::Wait);
    assert_eq!(shown(&transcript), "sleeps\nlate\n");
}

#[test]
fn threads_have_one_clock_and_one_constant() {
    let program = r#"
static const struct timespec hour = { 3600, 0 };
static void *sleeper(void *name)
{
    for (int i = 1; i <= 2; i++) {
        if (nanosleep(&hour, NULL) != 0 || hour.tv_sec != 3600)
            _exit(1);
        printf("%s%d\n", (char *)name, i);
    }
    return NULL;
}
int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, sleeper, "a");
    sleep(60);
    pthread_create(&other, NULL, sleeper, "b");
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return hour.tv_sec != 3600;
}"#;
    let transcript = run("threads", program, &[], End::Wait);
    assert_eq!(shown(&transcript), "a1\nb1\na2\nb2\n");
    assert_eq!(transcript.status, Some(Status::Exited(0)));
    let sleeps = trace(&transcript).calls.iter();
    let hours = sleeps.filter(|call| call.args.to_string().contains("{tv_sec=3600, tv_nsec=0}"));
    assert_eq!(hours.count(), 4, "{:?}", trace(&transcript).calls);
}

#[test]
fn a_signal_leaves_what_is_left_and_a_sleep_slept_leaves_nothing() {
    let program = r#"
static void handler(int signal) { (void)signal; }
int main(void)
{
    struct timespec time = { 5, 0 }, left = { 7, 8 };
    signal(SIGUSR1, handler);
    if (nanosleep(&time, &left) != 0 || left.tv_sec != 7 || left.tv_nsec != 8)
        return 1;
    if (nanosleep(&time, &time) != 0 || time.tv_sec != 5)
        return 2;
    if (fork() == 0) {
        sleep(1000);
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    time.tv_sec = 4000;
    if (nanosleep(&time, &left) != -1 || errno != EINTR || left.tv_sec != 3000 || left.tv_nsec != 0)
        return 3;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0)
        return 4;
    time.tv_sec += 5000;
    return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}"#;
    let transcript = run("left", program, &[], End::Wait);
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}

#[test]
fn who_is_stopped_sleeps_on() {
    let program = r#"
int main(void)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        int left = sleep(1000);
        puts("slept");
        exit(left);
    }
    kill(child, SIGSTOP);
    if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status))
        return 1;
    sleep(500);
    puts("continued");
    kill(child, SIGCONT);
    sleep(400);
    puts("not yet");
    if (waitpid(child, &status, 0) != child || status != 0)
        return 2;
    return 0;
}"#;
    let transcript = run("stopped", program, &[], End::Wait);
    assert_eq!(shown(&transcript), "continued\nnot yet\nslept\n");
    assert_eq!(transcript.status, Some(Status::Exited(0)));
}

#[test]
fn no_time_passes_beyond_what_is_awaited() {
    let program = r#"
int main(void)
{
    for (int hour = 0;; hour++) {
        printf("%d o'clock\n", hour);
        sleep(3600);
    }
}"#;
    let asleep = Condition::State {
        state: 'S',
        process: 1,
    };
    let steps = [wait(text("2 o'clock")), wait(asleep), Step::Table];
    let transcript = run("clock", program, &steps, End::Kill);
    assert_eq!(shown(&transcript), "0 o'clock\n1 o'clock\n2 o'clock\n");
    let states: String = transcript.tables[0].iter().map(|it| it.state).collect();
    assert_eq!(states, "S", "asleep as it would be otherwise");
    let sleeps = trace(&transcript).calls.iter();
    let times: Vec<f64> = sleeps
        .filter(|call| call.name == "clock_nanosleep")
        .filter_map(|call| call.time)
        .collect();
    assert_eq!(times.len(), 3, "the trace tells the time that passed");
    for pair in times.windows(2) {
        assert!(pair[1] - pair[0] >= 3600.0, "{times:?}");
    }
}

#[test]
fn a_deadline_is_one_of_virtual_time() {
    let program = Program::of("late", "int main(void) { for (;;) sleep(60); }");
    let scenario = Scenario {
        steps: vec![wait(text("never"))],
        time: Time::Virtual,
        timeout: Some(Duration::from_secs(3600)),
        ..Scenario::named("test")
    };
    let runner = labscope::Runner::for_program(&program.path, &scenario);
    let error = runner.traced().run().expect_err("nobody says never");
    assert!(format!("{error:#}").contains("waited 36"), "{error:#}");
}

#[test]
fn in_the_process_table_nobody_is_on_the_way() {
    let program = r#"
int main(void)
{
    puts("here");
    for (volatile long i = 0; i < 200 * 1000 * 1000; i++)
        ;
    sleep(3600);
    return 0;
}"#;
    let steps = [wait(text("here")), Step::Table];
    let transcript = run("table", program, &steps, End::Kill);
    let states: Vec<char> = transcript.tables[0].iter().map(|it| it.state).collect();
    assert_eq!(states, ['S']);
}
