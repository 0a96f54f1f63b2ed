//! What cannot be done with a file, a folder, or a program.
//!
//! Before the kernel's own words; a system call that fails for no reason of the user's is told by its name alone,
//! as perror(3) would be given it: `pipe(2)`.

use std::fmt::Display;

use super::Language;

errors! {
    cannot_read(what: impl Display): "cannot read {what}", "읽을 수 없다: {what}";
    cannot_write(what: impl Display): "cannot write {what}", "쓸 수 없다: {what}";
    cannot_write_output: "cannot write to standard output", "표준 출력에 쓸 수 없다";
    cannot_write_terminal: "cannot write to the terminal", "터미널에 쓸 수 없다";
    cannot_read_keys: "cannot read keys", "키 입력을 읽을 수 없다";
    cannot_open(what: impl Display): "cannot open {what}", "열 수 없다: {what}";
    cannot_open_to_read(what: impl Display): "cannot open {what} to read", "읽기 위해 열 수 없다: {what}";
    cannot_open_to_write(what: impl Display): "cannot open {what} to write", "쓰기 위해 열 수 없다: {what}";
    cannot_list(what: impl Display): "cannot list {what}", "목록을 읽을 수 없다: {what}";
    cannot_find(what: impl Display): "cannot find {what}", "찾을 수 없다: {what}";
    cannot_look_at(what: impl Display): "cannot look at {what}", "살펴볼 수 없다: {what}";
    cannot_enter(what: impl Display): "cannot enter {what}", "들어갈 수 없다: {what}";
    cannot_make_folder(what: impl Display): "cannot make the folder {what}", "폴더를 만들 수 없다: {what}";
    cannot_make_folder_in(parent: impl Display, said: impl Display):
        "cannot make a folder in {parent}: {said}", "{parent}에 폴더를 만들 수 없다: {said}";
    cannot_copy(from: impl Display, to: impl Display): "cannot copy {from} to {to}", "{from}을(를) {to}(으)로 복사할 수 없다";
    cannot_link(to: impl Display): "cannot link to {to}", "링크를 만들 수 없다: {to}";
    has_been_removed(what: impl Display): "{what} has been removed", "삭제되었다: {what}";
    cannot_understand(what: impl Display): "cannot understand {what}", "이해할 수 없다: {what}";
    /// Text that is no Unicode.
    is_not_utf8(what: impl Display): "{what} is not UTF-8", "UTF-8이 아니다: {what}";
    is_not_there(what: impl Display): "{what} is not there", "없다: {what}";
    cannot_start(what: impl Display): "cannot start {what}", "시작할 수 없다: {what}";
    cannot_run(what: impl Display): "cannot run {what}", "실행할 수 없다: {what}";
    cannot_reach_the_runner(at: impl Display): "cannot reach the runner at {at}", "실행기에 연결할 수 없다: {at}";
    /// `make` builds it, as that target.
    is_built_by(what: impl Display, target: &str): "{what} is not there: `make {target}` builds it", "{what}이(가) 없다. `make {target}`로 만든다";
    is_not_built(what: impl Display): "there is no program {what}: build it with `make` first", "{what} 프로그램이 없다. 먼저 `make`로 만든다";
    is_no_program(what: impl Display): "{what} is not a program", "프로그램이 아니다: {what}";
    is_not_executable(what: impl Display): "{what} is not executable", "실행 권한이 없다: {what}";
    scratch_is_noexec(what: impl Display):
        "TMPDIR is mounted noexec, so {what} cannot run: set TMPDIR to another folder",
        "TMPDIR이 noexec로 마운트되어 있어 {what}을(를) 실행할 수 없다. TMPDIR을 다른 폴더로 정한다";
    lies_on_noexec(what: impl Display):
        "{what} lies where it is mounted noexec, so it cannot run: put it elsewhere",
        "{what}이(가) noexec로 마운트된 곳에 있어 실행할 수 없다. 다른 곳으로 옮긴다";
    lie_under_one_name(one: impl Display, other: impl Display):
        "{one} and {other} cannot lie in one directory under the same name",
        "{one}, {other}: 같은 이름으로 한 디렉터리에 둘 수 없다";
    has_no_debug_information(what: impl Display):
        "{what} has no debug information: compile it with -g",
        "{what}에 디버그 정보가 없다. -g로 컴파일한다";
    /// Of a section of a program.
    is_compressed: "it is compressed", "압축되어 있다";
    segment_is_cut_off: "a segment is cut off", "세그먼트가 잘려 있다";
    lies_in_no_folder(what: impl Display): "{what} lies in no folder", "폴더 안에 있지 않다: {what}";
    has_no_name(what: impl Display): "{what} has no name", "이름이 없다: {what}";
}

errors! {
    no_project(start: impl Display):
        "no project at or above {start}: name its folder with --root",
        "{start}에도 그 위에도 프로젝트가 없다. --root로 폴더를 정한다";
    labscope_is_not_there(named: impl Display):
        "LABSCOPE names {named}, where there is no program: build it or unset LABSCOPE",
        "LABSCOPE가 가리키는 {named}에 프로그램이 없다. 만들거나 LABSCOPE를 지운다";
    no_labscope(myself: impl Display):
        "the labscope program is neither beside nor above {myself}: build it with `cargo build -p labscope`, or name it \
         in LABSCOPE",
        "labscope 프로그램이 {myself} 옆에도 위에도 없다. `cargo build -p labscope`로 만들거나 LABSCOPE에 적는다";
    bin_has_no_name: "a [[bin]] has no name", "이름이 없는 [[bin]]이 있다";
    no_lab(lab: &str, near: &str, labs: &str):
        "there is no lab {lab}: is it {near}? There are: {labs}", "{lab} 실습은 없다. 혹시 {near}? 있는 실습: {labs}";
    no_scenario(lab: &str, name: &str, near: &str, names: &str):
        "{lab} has no scenario {name}: is it {near}? There are: {names}",
        "{lab}에 {name} 시나리오는 없다. 혹시 {near}? 있는 시나리오: {names}";
    no_task(lab: &str, name: &str, near: &str, names: &str):
        "{lab} has no task {name}: is it {near}? There are: {names}",
        "{lab}에 {name} 과제는 없다. 혹시 {near}? 있는 과제: {names}";
    has_no_tasks(lab: &str): "{lab} has no task that is checked", "{lab}에는 검사하는 과제가 없다";
    has_no_scenarios(lab: &str): "{lab} has no scenario", "{lab}에 시나리오가 없다";
    has_no_scenario_for_tour(lab: &str):
        "no scenario of {lab} is part of the tour: give one `tour = true`",
        "{lab}에 둘러보기에 나오는 시나리오가 없다. 하나에 `tour = true`를 적는다";
}
