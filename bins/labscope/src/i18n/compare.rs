//! A C program beside the lab: the verdict, and what stands around the calls.

use super::Language::{self, En, Ko};

texts! {
    same: "same", "같음";
    same_but_for_declared: "same, but for what is declared", "밝혀 둔 차이 말고는 같음";
    different: "DIFFERENT", "다름";
    /// It does the same and says it in other words.
    different_wording: "DIFFERENT in wording only", "표현만 다름";
    same_as_a_variant: "same; a known variant", "같음. 알려진 변형";
    no_program: "there is no program", "프로그램이 없음";
    /// Nothing can be said: a run did not come about as it was asked for.
    not_recorded: "not recorded", "기록되지 않음";
    child_first: "child first", "자식 먼저";
    parent_first: "parent first", "부모 먼저";
}

/// A difference that occurs as declared, and why it is there.
pub fn declared(language: Language, name: &str, reason: &str) -> String {
    let declared = language.pick("declared", "밝혀 둔 차이");
    format!("{declared}: {name}: {reason}")
}

pub fn known_variant(language: Language, name: &str, reason: &str) -> String {
    let variant = language.pick("known variant", "알려진 변형");
    format!("{variant}: {name}: {reason}")
}

pub fn did_not_occur(language: Language, name: &str) -> String {
    let text = language.pick(
        "declared, but it did not occur",
        "밝혀 두었으나 일어나지 않은 차이",
    );
    format!("{text}: {name}")
}

texts! {
    /// Told once, below a comparison.
    without_lines:
        "the lines of the C program cannot be read: its calls are compared without them; gcc and clang write them with -g",
        "C 프로그램의 행 번호를 읽을 수 없어 행 번호 없이 시스템 콜을 비교했다. gcc와 clang은 -g를 주면 행 번호를 남긴다";
}

texts! {
    c_program: "the C program", "C 프로그램";
    lab: "the lab", "실습";
    output: "output", "출력";
}

/// Calls that are not shown.
pub fn calls_more(language: Language, count: usize) -> String {
    match language {
        En if count == 1 => "… 1 call more".to_owned(),
        En => format!("… {count} calls more"),
        Ko => format!("… 시스템 콜 {count}개 더"),
    }
}

fn scenarios(count: usize) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} scenario{s}")
}

/// The verdict on one file of a class, which differs in some of its scenarios.
pub fn different_in(language: Language, different: &str, some: usize, all: usize) -> String {
    match language {
        En => format!("{different} in {some} of {}", scenarios(all)),
        Ko => format!("{different} (시나리오 {all}개 중 {some}개)"),
    }
}

/// The verdict on one that differs in none, and the known variants that it holds.
pub fn same_in(language: Language, all: usize, variants: &str) -> String {
    let same = same(language);
    let verdict = match language {
        En => format!("{same} in {}", scenarios(all)),
        Ko => format!("{same} (시나리오 {all}개)"),
    };
    match variants {
        "" => verdict,
        variants => format!(
            "{verdict}; {}: {variants}",
            language.pick("known variants", "알려진 변형")
        ),
    }
}

texts! {
    /// Where the files about a class are.
    written(table: &str, pages: &str):
        "written: {table}; pages of the students: {pages}",
        "기록한 파일: {table}, 학생별 페이지: {pages}";
    /// What many have in common, and how many of how many.
    shared_by(some: usize, all: usize, fault: &str): "{some} of {all}: {fault}", "{all}명 중 {some}명: {fault}";
    most_got_wrong: "What most got wrong:", "가장 많이 틀린 곳:";
    sign_all: "all that was to be written was written", "쓰려던 것을 다 썼다";
    sign_process:
        "process 1 is the program, 1.1 its first child, 1.1.1 a child of that: pids differ from run to run",
        "1은 프로그램, 1.1은 그 첫째 자식, 1.1.1은 다시 그 자식. pid는 실행할 때마다 다르다";
    sign_declared: "a declared difference, or a known variant", "밝혀 둔 차이 또는 알려진 변형";
    sign_wording: "the same in other words", "말만 다르고 같은 일";
    sign_mismatch: "a difference", "차이";
}
