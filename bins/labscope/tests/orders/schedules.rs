//! Only calls that touch the same thing are put in both orders.

use labscope::control::{Out, Settings, Sleeps};
use labscope::orders::{Status, explore};

use crate::programs::{Program, expect, outputs, unhurried};

#[test]
fn two_forks_and_a_letter_take_24_runs_at_most() {
    let same = Program::main("fork(); fork(); printf(\"x\"); return 0;").explore();
    expect(&same, &["xxxx"]);
    assert!(same.runs <= 24, "{} runs", same.runs);
    let different =
        Program::main("int a = fork() != 0, b = fork() != 0; printf(\"%d\", 2 * a + b); return 0;");
    let found = different.explore();
    assert_eq!((outputs(&found).len(), found.runs), (24, 24));
    assert!(found.is_complete());
    for outcome in &found.outcomes {
        let mut digits: Vec<char> = outcome.output.chars().collect();
        digits.sort();
        assert_eq!(digits, ['0', '1', '2', '3']);
    }
}

#[test]
fn three_processes_that_print_twice_each_take_90_runs() {
    let program = Program::main(
        "for (int i = 0; i < 2; i++) if (fork() == 0) {
             printf(\"%c1\\n\", 'b' + i); printf(\"%c2\\n\", 'b' + i); return 0; }
         printf(\"a1\\n\"); printf(\"a2\\n\"); return 0;",
    );
    let found = program.explore();
    assert_eq!((outputs(&found).len(), found.runs), (90, 90));
    assert!(found.is_complete());
    for outcome in &found.outcomes {
        let place = |line: &str| outcome.output.find(line).expect("every line");
        for first in ["a", "b", "c"] {
            assert!(place(&format!("{first}1")) < place(&format!("{first}2")));
        }
    }
}

#[test]
fn calls_that_touch_nothing_in_common_are_not_reordered() {
    let program = Program::main(
        "if (fork() == 0) { for (int i = 0; i < 5; i++) close(open(\"one\", O_CREAT | O_RDWR, 0600)); return 0; }
         for (int i = 0; i < 5; i++) close(open(\"two\", O_CREAT | O_RDWR, 0600));
         return 0;",
    );
    let found = program.explore();
    expect(&found, &[""]);
    assert_eq!(found.runs, 1);
}

#[test]
fn an_order_repeats_its_outcome() {
    let program = Program::main(
        "if (fork() == 0) { say(\"a\"); say(\"b\"); return 0; } say(\"1\"); wait(NULL); say(\"2\"); return 7;",
    );
    let found = program.explore();
    expect(&found, &["ab12", "a1b2", "1ab2"]);
    for outcome in &found.outcomes {
        assert_eq!(outcome.status, Status::Exited(7));
        let again = program.follow(&outcome.steps);
        assert_eq!(
            (&again.output, again.status),
            (&outcome.output, outcome.status)
        );
        assert_eq!(again.steps, outcome.steps);
    }
}

#[test]
fn pids_are_written_as_paths() {
    let program = Program::main(
        "pid_t child = fork(); if (child == 0) { printf(\"%d of %d\\n\", getpid(), getppid()); return 0; }
         wait(NULL); printf(\"%d had %d\\n\", getpid(), child); return 0;",
    );
    expect(&program.explore(), &["<1.1> of <1>\n<1> had <1.1>\n"]);
}

#[test]
fn what_lies_in_the_buffer_at_fork_is_printed_twice_into_a_pipe() {
    let program = Program::main("printf(\"once\\n\"); fork(); return 0;");
    expect(&program.explore(), &["once\n"]);
    for out in [Out::Pipe, Out::File] {
        let found = program.explore_as(|settings| settings.out = out);
        expect(&found, &["once\nonce\n"]);
    }
}

#[test]
fn threads_take_turns_too() {
    let program = Program::with(
        "static void *run(void *text) { say(text); return NULL; }",
        "pthread_t one, other;
         pthread_create(&one, NULL, run, \"a\"); pthread_create(&other, NULL, run, \"b\");
         pthread_join(one, NULL); pthread_join(other, NULL); say(\".\"); return 0;",
    );
    expect(&program.explore(), &["ab.", "ba."]);
}

#[test]
fn memory_that_threads_share_is_seen_at_calls() {
    let program = Program::with(
        "static int count;
         static void *add(void *no) { int read = count; sched_yield(); count = read + 1; return NULL; }",
        "pthread_t one, other;
         pthread_create(&one, NULL, add, NULL); pthread_create(&other, NULL, add, NULL);
         pthread_join(one, NULL); pthread_join(other, NULL); printf(\"%d\", count); return 0;",
    );
    expect(&program.explore(), &["1", "2"]);
}

#[test]
fn a_segment_loses_an_update_without_a_semaphore_and_not_with_one() {
    let program = |lock: &str, unlock: &str| {
        Program::with(
            "static int sem; static void by(int n) { struct sembuf op = {0, n, 0}; semop(sem, &op, 1); }",
            &format!(
                "int shm = shmget(IPC_PRIVATE, 4, 0600 | IPC_CREAT); int *count = shmat(shm, NULL, 0);
                 sem = semget(IPC_PRIVATE, 1, 0600 | IPC_CREAT); semctl(sem, 0, SETVAL, 1);
                 int child = fork();
                 {lock} int read = *count; sched_yield(); *count = read + 1; {unlock}
                 if (child == 0) return 0;
                 wait(NULL); printf(\"%d\", *count);
                 shmctl(shm, IPC_RMID, NULL); semctl(sem, 0, IPC_RMID); return 0;"
            ),
        )
    };
    expect(&program("", "").explore(), &["1", "2"]);
    expect(&program("by(-1);", "by(1);").explore(), &["2"]);
}

/// Producer and consumer, two rounds each, with the sleep between load and store; the sum at the end.
fn producer_and_consumer(lock: &str, unlock: &str) -> Program {
    Program::with(
        &format!(
            "static int sem; static void by(int n) {{ struct sembuf op = {{0, n, SEM_UNDO}}; semop(sem, &op, 1); }}
             static void rounds(int *num, int seconds) {{
                 for (int i = 0; i < 2; i++) {{
                     {lock} int local_num = *num; local_num++; sleep(seconds); *num = local_num; {unlock} }} }}"
        ),
        "int shm = shmget(1234, 4, 0666 | IPC_CREAT); int *num = shmat(shm, NULL, 0);
         sem = semget(3477, 1, 0666 | IPC_CREAT); semctl(sem, 0, SETVAL, 1);
         if (fork() == 0) { rounds(num, 1); return 0; }
         rounds(num, 1); wait(NULL); printf(\"%d\", *num); return 0;",
    )
}

#[test]
fn half_of_what_two_add_is_lost_without_a_semaphore_and_none_with_it() {
    let of = |program: Program, sleeps: Sleeps| {
        program.explore_as(|settings| (settings.own_ipc, settings.sleeps) = (true, sleeps))
    };
    let race = || producer_and_consumer("", "");
    let sem = || producer_and_consumer("by(-1);", "by(1);");
    expect(&of(race(), Sleeps::InTime), &["2"]);
    expect(&of(race(), Sleeps::Any), &["2", "3", "4"]);
    expect(&of(sem(), Sleeps::InTime), &["4"]);
    expect(&of(sem(), Sleeps::Any), &["4"]);
}

#[test]
fn the_semaphore_of_a_killed_process_is_given_back_only_if_it_said_so() {
    let program = |undo: &str| {
        Program::main(&format!(
            "struct sembuf take = {{0, -1, {undo}}};
             int sem = semget(3477, 1, 0666 | IPC_CREAT); semctl(sem, 0, SETVAL, 1);
             int child = fork();
             if (child == 0) {{ semop(sem, &take, 1); sleep(5); return 0; }}
             sleep(1); kill(child, SIGKILL); semop(sem, &take, 1); say(\"inside\"); return 0;"
        ))
    };
    let explored = |undo: &str| program(undo).explore_as(|settings| settings.own_ipc = true);
    expect(&explored("SEM_UNDO"), &["inside"]);
    let for_ever = explored("0");
    assert!(
        for_ever
            .outcomes
            .iter()
            .all(|it| it.status == Status::Waits)
    );
}

#[test]
fn what_is_undone_at_the_end_of_a_process_is_seen() {
    let program = Program::main(
        "int ends[2]; char byte; struct sembuf take = {0, -1, SEM_UNDO | IPC_NOWAIT};
         int sem = semget(IPC_PRIVATE, 1, 0600 | IPC_CREAT); semctl(sem, 0, SETVAL, 1);
         if (pipe(ends) != 0) return 1;
         if (fork() == 0) { semop(sem, &take, 1); return write(ends[1], \"x\", 1) != 1; }
         if (read(ends[0], &byte, 1) != 1) return 1;
         say(semop(sem, &take, 1) == 0 ? \"free\" : \"taken\");
         wait(NULL); semctl(sem, 0, IPC_RMID); return 0;",
    );
    expect(&program.explore(), &["free", "taken"]);
}

#[test]
fn each_run_finds_no_object_of_the_one_before() {
    let program = Program::main(
        "int shm = shmget(1234, 4, 0600 | IPC_CREAT | IPC_EXCL); if (shm == -1) { say(\"there is one\"); return 1; }
         int *count = shmat(shm, NULL, 0);
         int child = fork(); int read = *count; sched_yield(); *count = read + 1;
         if (child == 0) return 0;
         wait(NULL); printf(\"%d\", *count); return 0;",
    );
    let mut settings = Settings::new(&program.path);
    settings.own_ipc = true;
    let found = explore(settings, unhurried(), |_| false).expect("an exploration");
    expect(&found, &["1", "2"]);
}

#[test]
fn two_explorations_run_at_once() {
    let program = Program::main(
        "if (fork() == 0) { say(\"a\"); say(\"b\"); return 0; } say(\"1\"); say(\"2\"); wait(NULL); return 0;",
    );
    let outcomes = std::thread::scope(|scope| {
        let both: Vec<_> = (0..2).map(|_| scope.spawn(|| program.explore())).collect();
        both.into_iter()
            .map(|it| it.join().expect("an exploration"))
            .collect::<Vec<_>>()
    });
    for found in outcomes {
        expect(&found, &["ab12", "a1b2", "a12b", "1ab2", "1a2b", "12ab"]);
    }
    program.is_gone();
}
