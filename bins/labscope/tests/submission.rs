//! A student's C file becomes a program, or it is said in a clear word why not.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use labscope::Language;
use labscope::confinement::Means;
use labscope::submission::{
    CompileError, Compiled, NoLab, Submission, add_companion, compile, find,
};

/// A folder for one test, removed with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let name = format!("labscope-submission-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("its folder")).expect("a folder");
        fs::write(&path, content).expect("a file");
        path
    }

    fn compile(&self, source: &Path) -> Result<Compiled, CompileError> {
        let submission = Submission {
            sources: &[source.to_owned()],
            lab: "lab",
            flags: &["-DSTATUS=7".to_owned()],
            confined: Some(Means::found(Language::En).expect("namespaces or Landlock")),
            language: Language::En,
        };
        compile(&submission, &self.0.join("into"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_file_becomes_a_program_called_like_the_lab() {
    let folder = Folder::new("plain");
    let source = folder.file("20211234 lab (1).c", "int main(void) { return STATUS; }\n");
    let compiled = folder.compile(&source).expect("a program");
    assert_eq!(compiled.program, folder.0.join("into/lab"));
    assert_eq!(compiled.messages, "");
    let status = Command::new(&compiled.program).status().expect("it runs");
    assert_eq!(status.code(), Some(7));
    let beside = add_companion(Path::new("/bin/true"), &folder.0.join("into"));
    let beside = beside.expect("a copy");
    assert!(Command::new(beside).status().expect("it runs").success());
}

#[test]
fn old_c_compiles_with_warnings_that_name_the_file_only() {
    let folder = Folder::new("old");
    let text = "main(argc, argv) char **argv; { char *p = 1; int n = p; printf(\"hi\\n\"); exit(n - 1); }\n";
    let source = folder.file("old.c", text);
    let compiled = folder.compile(&source).expect("a program");
    let output = Command::new(&compiled.program).output().expect("it runs");
    assert_eq!(output.stdout, b"hi\n");
    let messages = compiled.messages;
    assert!(messages.contains("old.c:1:"), "{messages}");
    assert!(
        messages.contains("-Wimplicit-function-declaration"),
        "{messages}"
    );
    assert!(!messages.contains("/old.c"), "{messages}");
}

#[test]
fn what_is_refused_is_told_in_both_languages() {
    let folder = Folder::new("told");
    let refused = |name: &str, text: &str| {
        let compiled = folder.compile(&folder.file(name, text));
        compiled.expect_err("no program")
    };
    let broken = refused("broken.c", "int main(void) {\n  return 0\n}\n");
    let first = broken.first_error().unwrap_or_default();
    assert!(first.starts_with("broken.c:2:"), "{first:?}");
    assert_eq!(broken.say(Language::Ko), "컴파일되지 않는다");
    let cpp = refused("cpp.c", "#include <iostream>\nint main() {}\n");
    assert!(cpp.say(Language::En).contains("a header of C++"), "{cpp:?}");
    assert_eq!(cpp.first_error(), None);
    assert_eq!(CompileError::Empty.say(Language::Ko), "비어 있다");
    let both = NoLab::Ambiguous(vec!["a".into(), "b".into()]);
    assert!(both.say(Language::Ko).contains("a, b") && both.say(Language::En).contains("a, b"));
}

#[test]
fn a_file_of_cpp_is_not_passed_over_in_silence() {
    let folder = Folder::new("kinds");
    for name in ["kim_daemon.cpp", "lee/daemon.CC", "notes.txt"] {
        folder.file(name, "x");
    }
    let found = find(&folder.0, &["daemon".to_owned()]).expect("a list");
    let labs: Vec<_> = found.into_iter().map(|one| one.lab).collect();
    assert_eq!(labs, [Err(NoLab::NotC), Err(NoLab::NotC)]);
}

#[test]
fn carriage_returns_and_korean_in_cp949_compile_as_they_are() {
    let folder = Folder::new("cp949");
    let mut text = b"#include <stdio.h>\r\nint main(void) {\r\n  printf(\"".to_vec();
    text.extend(b"\xbe\xc8\xb3\xe7"); // two syllables, four bytes
    text.extend(b"\\n\"); // \xc7\xd1\r\n  return 0;\r\n}\r\n");
    let compiled = folder.compile(&folder.file("korean.c", text));
    let output = Command::new(compiled.expect("a program").program).output();
    assert_eq!(output.expect("it runs").stdout, b"\xbe\xc8\xb3\xe7\n");
}

#[test]
fn what_does_not_compile_is_refused_in_the_compilers_words() {
    let folder = Folder::new("refused");
    let refused = |name: &str, text: &str| folder.compile(&folder.file(name, text)).unwrap_err();
    let errors = refused("syntax.c", "int main(void) { return x }\n");
    assert!(matches!(errors, CompileError::Errors { .. }), "{errors:?}");
    assert!(errors.messages().contains("syntax.c:1:"), "{errors:?}");
    let no_main = refused("no_main.c", "int mian(void) { return 0; }\n");
    assert!(
        matches!(no_main, CompileError::NoMain { .. }),
        "{no_main:?}"
    );
    let header = refused(
        "header.c",
        "#include \"unp.h\"\nint main(void) { return 0; }\n",
    );
    match &header {
        CompileError::MissingHeader { header, messages } => {
            assert_eq!(header, "unp.h");
            assert!(messages.contains("header.c:1:"), "{messages}");
        }
        other => panic!("{other:?}"),
    }
    let huge = refused(
        "huge.c",
        "int a[1000000000] = {1};\nint main(void) { return a[5]; }\n",
    );
    assert!(matches!(huge, CompileError::Errors { .. }), "{huge:?}");
    assert!(!folder.0.join("into/lab").exists());
}

#[test]
fn what_is_no_c_file_is_refused_with_a_clear_word() {
    let folder = Folder::new("no-file");
    let at = |name: &str| folder.0.join(name);
    symlink(at("loop.c"), at("loop.c")).expect("a link");
    fs::create_dir(at("folder.c")).expect("a folder");
    nix::unistd::mkfifo(&at("pipe.c"), nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    for (source, refused, words) in [
        (
            at("missing.c"),
            CompileError::Missing,
            "there is no such file",
        ),
        (at("loop.c"), CompileError::Loop, "leads to itself"),
        (at("folder.c"), CompileError::NotAFile, "no ordinary file"),
        (at("pipe.c"), CompileError::NotAFile, "no ordinary file"),
        (folder.file("empty.c", ""), CompileError::Empty, "empty"),
        (
            folder.file("blank.c", "\r\n \n"),
            CompileError::Empty,
            "empty",
        ),
        (
            folder.file("large.c", vec![b'\n'; (1 << 20) + 1]),
            CompileError::TooLarge,
            "larger",
        ),
    ] {
        let seen = folder.compile(&source).unwrap_err();
        assert_eq!(seen, refused, "{}", source.display());
        assert!(seen.say(Language::En).contains(words), "{seen:?}");
    }
}

#[test]
fn a_folder_holds_files_and_folders_of_students() {
    let folder = Folder::new("class");
    for name in [
        "kim/fork_test.c",
        "kim/notes.txt",
        "lee/daemonOSNW (1).c",
        "lee/week 8/src/fork_test.c",
        "lee/.git/fork_test.c",
        "fork_test_park.c",
        "hello.c",
        ".hidden.c",
    ] {
        folder.file(name, "");
    }
    symlink(&folder.0, folder.0.join("lee/class")).expect("a link");
    let labs = ["fork_test", "daemon", "daemonOSNW"].map(str::to_owned);
    let found = find(&folder.0, &labs).expect("a listing");
    let told: Vec<_> = found
        .iter()
        .map(|found| {
            let path = found.path.strip_prefix(&folder.0).expect("within");
            (path.to_str().expect("UTF-8"), found.lab.clone())
        })
        .collect();
    let lab = |name: &str| Ok(name.to_owned());
    assert_eq!(
        told,
        [
            ("fork_test_park.c", lab("fork_test")),
            ("hello.c", Err(NoLab::Unknown)),
            ("kim/fork_test.c", lab("fork_test")),
            ("lee/daemonOSNW (1).c", lab("daemonOSNW")),
            ("lee/week 8/src/fork_test.c", lab("fork_test")),
        ]
    );
    assert!(find(&folder.0.join("nowhere"), &labs).is_err());
}
