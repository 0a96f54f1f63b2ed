//! A lab as a skeleton that is filled in, and the hints on the way.

use super::Language;

texts! {
    /// A skeleton has been written.
    is_new(path: &str, gaps: usize): "{path} is new: the program with {gaps} gaps, each a TODO.", "{path}: 새로 만든 뼈대다. 빠진 곳 {gaps}군데에 TODO가 있다.";
    /// A task begins with the C program, or with the lab in Rust.
    is_copied(path: &str, source: &str): "{path} is new: {source} as it stands. Change it as the task says.", "{path}: {source} 파일을 그대로 복사해 새로 만들었다. 과제대로 고친다.";
    is_there(path: &str): "{path} is there already, and stays as it is.", "{path}: 이미 있으므로 그대로 둔다.";
    how: "Fill in a gap and save the file. Each time it is compiled and compared with the lab, and you are told what is missing next.", "빠진 곳을 하나 채우고 파일을 저장한다. 저장할 때마다 컴파일하고 실습과 비교해, 다음에 빠진 것을 알려 준다.";
    how_of_task: "Save the file whenever you like. Each time it is compiled and compared with a solution of the task, and you are told what is missing next.", "언제든 파일을 저장한다. 저장할 때마다 컴파일하고 과제의 해답과 비교해, 다음에 빠진 것을 알려 준다.";
    /// What is different in Rust.
    how_in_rust: "A TODO speaks of the C. In Rust an error is an Err, and what stands around a gap shows its names: it may be the first line of a match. What is still empty is filled in for a comparison, so that the file need not compile yet.", "TODO는 C를 기준으로 쓴 것이다. Rust에서는 오류가 Err이고, 쓸 이름은 빠진 곳 둘레에 나와 있다. 빠진 곳이 match의 첫 줄일 수도 있다. 아직 빈 곳은 비교할 때 채워 넣으므로 파일 전체가 컴파일되지 않아도 된다.";
    how_of_task_in_rust: "What is told speaks of the C. In Rust an error is an Err, and what the C writes into a variable may be what a function returns; the man pages are the same.", "설명은 C를 기준으로 쓴 것이다. Rust에서는 오류가 Err이고, C가 변수에 써 넣는 값이 함수의 리턴 값일 수 있다. 맨 페이지는 같다.";
    keys: "h: a hint   c: compare again   q: quit", "h: 힌트   c: 다시 비교   q: 종료";
    comparing: "comparing with the lab …", "실습과 비교하는 중 …";
    comparing_with_solution: "comparing with the solution …", "해답과 비교하는 중 …";
    saved: "saved.", "저장되었다.";
    same(lab: &str, scenarios: usize): "The same as {lab} in each of {scenarios} scenarios.", "시나리오 {scenarios}개 모두에서 {lab}와(과) 같다.";
    done(scenarios: usize): "Done: your program does what the task asks for (scenarios: {scenarios}).", "과제를 풀었다. 과제가 바라는 대로 동작한다(시나리오 {scenarios}개).";
    hint(text: &str): "hint: {text}", "힌트: {text}";
    seen(scenario: &str, what: &str): "seen in {scenario}: {what}", "{scenario}에서 본 것: {what}";
    /// It differs, and no gap is known that explains it.
    differs: "No gap is left, and the program still differs from the lab.", "빠진 곳은 없지만 아직 실습과 다르다.";
    /// It differs, and no change that the task asks for explains it.
    differs_from_solution: "What the task asks for is there, but something else differs from the solution.", "과제가 바라는 것은 있지만 다른 곳이 해답과 다르다.";
    /// Where lines of a solution stand, before them.
    behind(place: &str): "behind {place}:", "{place} 뒤에:";
    in_its_place(place: &str): "in the place of {place}:", "{place} 자리에:";
    is_left_out(place: &str): "{place} is left out:", "{place} 빠짐:";
    task_is_in_c(task: &str): "The task {task} is checked in C alone: leave IN=rust out", "{task} 과제는 C로만 검사한다. IN=rust를 뺀다";
    guide_is_silent(task: &str): "the guide does not tell of the task {task}", "가이드에 {task} 과제가 없다";
    is_told_by(command: &str): "every call side by side: {command}", "시스템 콜을 나란히 보려면: {command}";
    no_hint: "No hint: it is not known which place this comes from.", "어느 곳 때문인지 알 수 없어 힌트가 없다.";
    no_more_hints: "That was the last hint.", "힌트는 이것이 마지막이다.";
    not_recorded(why: &str): "It could not be compared: {why}. Press c, or save it again.", "비교하지 못했다. {why}. c를 누르거나 다시 저장한다.";
    no_gaps(lab: &str): "{lab} has no gaps to fill in", "{lab}에는 채워 넣을 곳이 없다";
    finding_lines: "running the lab and its C program, to find the lines of the Rust …", "Rust에서 같은 일을 하는 줄을 찾으려고 실습과 C 프로그램을 실행하는 중 …";
}

/// Which gap it is, and where its line stands.
pub fn gap(language: Language, number: usize, of: usize, place: Option<&str>) -> String {
    let place = place.map_or_else(String::new, |place| format!("  {place}"));
    match language {
        Language::En => format!("gap {number} of {of}{place}"),
        Language::Ko => format!("빠진 곳 {number}/{of}{place}"),
    }
}

/// Which of a task's changes it is.
pub fn change(language: Language, number: usize, of: usize) -> String {
    match language {
        Language::En => format!("change {number} of {of}"),
        Language::Ko => format!("고칠 곳 {number}/{of}"),
    }
}
