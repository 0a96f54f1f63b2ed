//! What is wrong with a scenario file, a rubric, or a `beside.toml`; what a TOML reader says of a file that is none stands
//! as it is.

use std::fmt::Display;

use super::Language;

errors! {
    cannot_read(lab: &str, path: impl Display):
        "cannot read the scenarios of {lab}, {path}", "{lab}의 시나리오를 읽을 수 없다: {path}";
    has_no_head(path: impl Display): "{path} has no [lab]", "{path}에 [lab]이 없다";
    line(number: usize, reason: &str): "line {number}: {reason}", "{number}행: {reason}";
    is_not_understood: "it cannot be understood", "이해할 수 없다";
    unknown_keys(names: &str, known: &str): "unknown field {names}: there are {known}", "모르는 키 {names}. 있는 키: {known}";
    missing_key(name: &str): "missing field `{name}`", "`{name}` 키가 빠졌다";
    /// `expected`: words of TOML.
    is_wanted(expected: &str, found: &str): "expected {expected}, found {found}", "{expected}이(가) 와야 하는데 {found}이(가) 있다";
    unknown_word(word: &str, words: &str): "{word:?} is not known: there are {words}", "{word:?}은(는) 모르는 말이다. 있는 말: {words}";
    timeout(value: impl Display):
        "`timeout` is a number of seconds above 0, not {value}", "`timeout`은 0보다 큰 초 단위의 수다. {value}은(는) 안 된다";
    scenarios_are_tables: "`scenario` is a list of tables: [[scenario]]", "`scenario`는 테이블의 목록이다: [[scenario]]";
    scenario(name: &str): "scenario {name:?}", "시나리오 {name:?}";
    companion(name: &str): "companion {name:?}", "동반 프로그램 {name:?}";
    gap(name: &str): "gap {name:?}", "빠진 곳 {name:?}";
    difference(name: &str): "difference {name:?}", "차이 {name:?}";
    is_there_twice: "there is another one of that name", "같은 이름이 또 있다";
    time_and_companions:
        "`time = \"virtual\"` is for a program without companions", "`time = \"virtual\"`은 동반 프로그램이 없을 때만 쓴다";
    ties: "each <same> of c has one of lab, and the other way round", "c의 <same>마다 lab에도 하나가 있어야 하고, 그 반대도 같다";
    names_no_call: "neither c nor lab names a call", "c에도 lab에도 시스템 콜이 없다";
    no_scenario(name: &str): "there is no scenario {name:?}", "{name:?} 시나리오는 없다";
}

errors! {
    name_is_one_word: "`name` is one word", "`name`은 한 단어이다";
    input_is_for: "`input` is for stdin = \"file\" or \"pipe\"", "`input`은 stdin = \"file\"이나 \"pipe\"에서만 쓴다";
    close_is_for:
        "`close = \"stdin\"` is for stdin = \"pipe\" without `input`", "`close = \"stdin\"`은 `input`이 없는 stdin = \"pipe\"에서만 쓴다";
    stream_is_for: "`stream` is for stdout = \"pipe\" or \"file\"", "`stream`은 stdout = \"pipe\"나 \"file\"에서만 쓴다";
    processes_begin_at_1: "processes are numbered from 1", "프로세스 번호는 1부터다";
}

errors! {
    count_is_for: "`count` belongs to `entered` and `finished`", "`count`는 `entered`, `finished`와 함께 쓴다";
    process_means_nothing: "`process` has no meaning in this `await`", "이 `await`에서 `process`는 뜻이 없다";
    count_begins_at_1: "`count` starts at 1", "`count`는 1부터다";
    awaits_nothing: "`await` names no condition", "`await`에 조건이 없다";
    awaits_too_much: "`await` names more than one condition", "`await`에 조건이 둘 이상이다";
    empty_text: "an empty text is always there: name one", "빈 문자열은 언제나 있다. 무엇을 기다리는지 적는다";
    no_state(text: &str): "`state` is one of R, S, D, T, Z, not {text:?}", "`state`는 R, S, D, T, Z 가운데 하나다. {text:?}은(는) 안 된다";
    no_parent(word: &str): "`parent` is a process number or \"reaper\", not {word:?}", "`parent`는 프로세스 번호나 \"reaper\"다. {word:?}은(는) 안 된다";
    can_only_be(key: &str, allowed: &str, word: &str): "`{key}` can only be {allowed:?}, not {word:?}", "`{key}`는 {allowed:?}밖에 없다. {word:?}은(는) 안 된다";
}

errors! {
    process_is_for: "`process` belongs to `signal`, or inside `await`", "`process`는 `signal`과 함께, 또는 `await` 안에 쓴다";
    to_is_for: "`to` belongs to `type`", "`to`는 `type`과 함께 쓴다";
    with_is_for: "`with` belongs to what a companion does or shows", "`with`는 동반 프로그램이 하거나 보이는 것에 쓴다";
    with_stands_inside: "`with` stands inside `await`", "`with`는 `await` 안에 쓴다";
    closes_stdin_only(word: &str): "only \"stdin\" can be closed, not {word:?}", "닫을 수 있는 것은 \"stdin\"뿐이다. {word:?}은(는) 안 된다";
    step_says_nothing:
        "a step says what to do: say, await, type, type_hex, close, table, descriptors, start or signal",
        "단계는 할 일을 적는다: say, await, type, type_hex, close, table, descriptors, start, signal";
    step_says_too_much: "a step does one thing: make it two steps", "한 단계는 한 가지 일을 한다. 두 단계로 나눈다";
    is_true_or_absent(key: &str): "`{key}` is true or absent", "`{key}`는 true이거나 없어야 한다";
    no_signal(name: &str):
        "no signal is called {name:?}: write it without SIG, as in \"STOP\"", "{name:?} 시그널은 없다. SIG 없이 \"STOP\"처럼 적는다";
    type_hex(text: &str): "`type_hex` is pairs of hexadecimal digits, not {text:?}", "`type_hex`는 16진수 숫자 쌍이다. {text:?}은(는) 안 된다";
}

errors! {
    program_is_a_path(path: &str): "`program` is a path from /, not {path:?}", "`program`은 /에서 시작하는 경로다. {path:?}은(는) 안 된다";
    lab_or_program: "a companion is either a `lab` or a `program`", "동반 프로그램은 `lab`이거나 `program`이다";
    ready_is_a_condition:
        "`ready` is a condition of the companion, with the deadline of the scenario",
        "`ready`는 동반 프로그램의 조건이고, 기한은 시나리오의 것이다";
    no_companion(name: &str): "there is no companion {name:?}", "{name:?} 동반 프로그램은 없다";
    is_addressed_early(name: &str): "{name:?} is addressed before `start = {name:?}`", "`start = {name:?}` 전에 {name:?}을(를) 쓴다";
    names_no_process(arg: &str):
        "{arg:?} names no process of a companion that has `ready`", "{arg:?}: `ready`가 있는 동반 프로그램의 프로세스가 아니다";
    is_not_traced(name: &str): "a call of {name:?} is awaited: give it `trace = true`", "{name:?}의 시스템 콜을 기다린다. `trace = true`를 적는다";
    is_started_twice(name: &str):
        "{name:?} is started twice: only an untraced companion on its terminal can be",
        "{name:?}을(를) 두 번 시작한다. 추적하지 않고 터미널에 있는 동반 프로그램만 그럴 수 있다";
}

errors! {
    slide: "`slide` is a title, or {{ en = …, ko = … }}", "`slide`는 제목이거나 {{ en = …, ko = … }}다";
    is_no_cell(key: &str): "`{key}` stands in a table: one line of text without `|`", "`{key}`는 표에 들어간다. `|` 없는 한 줄이어야 한다";
    calls: "`calls` names at least one system call", "`calls`에 시스템 콜이 하나 이상 있어야 한다";
    first_call: "`first_call` is the beginning of a call: \"fstat(1\"", "`first_call`은 시스템 콜의 시작이다: \"fstat(1\"";
    arguments_and_refuses:
        "`arguments` and `refuses` go together: what it takes, and examples of what it does not",
        "`arguments`와 `refuses`는 함께 적는다. 받는 인자, 그리고 받지 않는 인자의 예다";
    says: "`says` is one line", "`says`는 한 줄이다";
    port: "`port` is for a lab with `arguments`", "`port`는 `arguments`가 있는 실습에만 쓴다";
    no_alone: "`alone` is missing, and no scenario has `network = true` or a companion", "`alone`이 빠졌고, `network = true`나 동반 프로그램이 있는 시나리오도 없다";
    alone_processes: "`alone`: `processes` is at least 1", "`alone`: `processes`는 1 이상이다";
    alone_status: "`alone` has a `status`, or is `endless`", "`alone`에는 `status`나 `endless`가 있다";
    endless: "`endless` is the call of all processes, or one for each", "`endless`는 모든 프로세스의 시스템 콜 하나이거나 프로세스마다 하나다";
    empty_rubric(path: impl Display): "{path}: `rubric` has no entry", "{path}: `rubric`이 비어 있다";
    lacks(what: &str, key: &str): "{what}: no `{key}`", "{what}: `{key}`가 없다";
    has_no_table(lab: &str, point: &str): "{lab} has no table {point:?}", "{lab}에 {point:?} 표가 없다";
}

errors! {
    task(name: &str): "task {name:?}", "과제 {name:?}";
    change_place: "a change has `from` or `behind`, and `to` with `from` only", "change에는 `from`이나 `behind` 가운데 하나가 있고, `to`는 `from`과 함께만 쓴다";
    change_does_nothing: "a change that is `behind` a line has lines of its own in `c`", "`behind`로 넣는 change에는 넣을 줄이 `c`에 있어야 한다";
    change_is_told: "a change has `what` and `hint`, or neither", "change에는 `what`과 `hint`가 둘 다 있거나 둘 다 없어야 한다";
    change_in_rust: "each change with `what` has a `rust`, or none of the task has", "`what`이 있는 change에는 모두 `rust`가 있거나, 과제의 어느 change에도 없어야 한다";
    task_is_empty: "a task has a change with `what`, and a scenario", "과제에는 `what`이 있는 change와 시나리오가 있어야 한다";
    gaps_of(path: impl Display): "the gaps of {path}", "{path}의 빠진 곳";
    gaps_overlap(one: &str, other: &str): "{one:?} reaches into {other:?}", "{one:?}이(가) {other:?}과(와) 겹친다";
    gap_from: "`from` stands in one line of the program, and in no other", "`from`은 프로그램의 한 줄에만 있어야 한다";
    gap_to: "`to` stands in a line behind that of `from`", "`to`는 `from`이 있는 줄 뒤의 줄에 있어야 한다";
}

errors! {
    cannot_inject(text: &str): "cannot inject {text:?}", "inject할 수 없다: {text:?}";
    no_change(key: &str):
        "{key:?} is not one of error, retval, signal, delay_enter, delay_exit, when, process",
        "{key:?}: error, retval, signal, delay_enter, delay_exit, when, process 가운데 하나가 아니다";
    changes_nothing: "it does not say what", "무엇을 바꿀지 없다";
    no_call(name: &str): "there is no system call {name:?}", "{name:?} 시스템 콜은 없다";
    no_number(text: &str): "{text:?} is no number that fits", "{text:?}: 맞는 수가 아니다";
    no_error(name: &str): "there is no error {name:?}", "{name:?} 오류는 없다";
    no_such_signal(name: &str): "there is no signal {name:?}", "{name:?} 시그널은 없다";
    step_of_0: "a step of 0", "간격이 0이다";
}
