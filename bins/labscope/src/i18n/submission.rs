//! A student's file: why it is no lab's, and why it gives no program.

use super::Language;

texts! {
    is_no_c: "it is no C file", "C 파일이 아니다";
    folder_is_closed: "this folder cannot be read", "읽을 수 없는 폴더다";
    names_no_lab: "no lab occurs in its name", "이름에 실습 이름이 없다";
}

pub fn names_several_labs(language: Language, labs: &str) -> String {
    let text = language.pick("its name fits several labs", "이름에 실습이 여럿이다");
    format!("{text}: {labs}")
}

texts! {
    is_missing: "there is no such file", "그런 파일이 없다";
    is_no_file: "it is no ordinary file", "일반 파일이 아니다";
    is_a_link: "it is a symbolic link, which leads to another file", "다른 파일을 가리키는 심볼릭 링크다";
    is_a_loop: "it is a symbolic link that leads to itself", "자기 자신을 가리키는 심볼릭 링크다";
}

pub fn cannot_be_read(language: Language, why: &str) -> String {
    format!(
        "{}: {why}",
        language.pick("it cannot be read", "읽을 수 없다")
    )
}

texts! {
    is_empty: "it is empty", "비어 있다";
    is_too_large(most: u64): "it is larger than {most} bytes", "{most}바이트보다 크다";
    has_no_main: "it has no function main", "main 함수가 없다";
    includes_cpp(header: &str):
        "it is no C file: it includes {header}, a header of C++",
        "C++의 헤더를 include한다({header}). C 파일이 아니다";
    header_is_missing(header: &str): "it includes {header}, which is not there", "include하는 파일이 없다: {header}";
    does_not_compile: "it does not compile", "컴파일되지 않는다";
    compiler_is_slow(seconds: u64):
        "the compiler was not ready within {seconds}s",
        "컴파일러가 {seconds}초 안에 끝나지 않았다";
    there_is_no_compiler(name: &str):
        "there is no compiler {name}: install one (Debian, Ubuntu: sudo apt install gcc libc6-dev), \
                     or name it in CC",
        "컴파일러({name})가 없다: 설치하거나(Debian, Ubuntu: sudo apt install gcc libc6-dev) \
                     CC에 이름을 적는다";
}

pub fn cannot_be_compared(language: Language, why: &str) -> String {
    let text = language.pick("it cannot be compared", "비교할 수 없다");
    format!("{text}: {why}")
}

/// The file is left out, for that reason.
pub fn passed_over(language: Language, why: &str) -> String {
    format!("{}: {why}", language.pick("passed over", "건너뜀"))
}

pub fn of_other_labs(language: Language, labs: &str) -> String {
    let text = language.pick("files of other labs", "다른 실습의 파일");
    passed_over(language, &format!("{text}: {labs}"))
}
