//! A project of one lab, made for a test.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::terminal::Terminal;

const HEADERS: &str = "#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <sys/wait.h>\n#include <unistd.h>\n";

pub const LABSCOPE: &str = env!("CARGO_BIN_EXE_labscope");

pub const PROMPT: &str = r#"
int main(void)
{
	printf("a key ");
	getchar();
	if (fork() == 0)
		_exit(100);
	wait(NULL);
	return 3;
}
"#;

pub const SLEEP: &str = "int main(void)\n{\n\tfor (;;)\n\t\tsleep(1000);\n}\n";

/// A project whose lab is a C program, both as lab and as twin; removed with the value.
pub struct Project(pub PathBuf);

impl Project {
    pub fn new(name: &str, source: &str) -> Project {
        let root = std::env::temp_dir().join(format!("annotate-{name}-{}", std::process::id()));
        for folder in ["bins/prog", "build/traced", "build/c"] {
            fs::create_dir_all(root.join(folder)).expect("a folder");
        }
        fs::write(root.join("Cargo.toml"), "[[bin]]\nname = \"prog\"\n").expect("a manifest");
        let path = root.join("bins/prog/prog.c");
        fs::write(&path, format!("{HEADERS}{source}")).expect("a source");
        for folder in ["build/traced", "build/c"] {
            let mut cc = Command::new("cc");
            cc.args(["-g", "-O0", "-o"])
                .arg(root.join(folder).join("prog"));
            assert!(cc.arg(&path).status().expect("cc runs").success());
        }
        Project(root)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// `labscope strace prog …`, without a terminal.
    pub fn strace(&self, words: &[&str]) -> Output {
        let mut labscope = Command::new("timeout");
        labscope.env_remove("LD_LIBRARY_PATH");
        labscope
            .args(["60", LABSCOPE, "--lang", "en", "--root"])
            .arg(&self.0);
        labscope
            .args(["strace", "prog"])
            .args(words)
            .current_dir(&self.0);
        labscope
            .stdin(Stdio::null())
            .output()
            .expect("labscope runs")
    }

    /// The same in a terminal of its own, below a shell; `$?` is told after it.
    pub fn on_terminal(&self, words: &[&str]) -> Terminal {
        let mut terminal = Terminal::shell(&self.0);
        let root = self.0.display();
        terminal.types(&format!(
            "{LABSCOPE} --lang en --root '{root}' strace prog {}; echo status $?\n",
            words.join(" ")
        ));
        terminal
    }

    /// The calls that `--json` wrote.
    pub fn calls(&self, name: &str) -> Vec<Value> {
        let parse = |line: &str| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
        };
        self.read(name).lines().map(parse).collect()
    }

    /// The number of the line in which the source has this text.
    pub fn line(&self, text: &str) -> u64 {
        let source = self.read("bins/prog/prog.c");
        let place = source.lines().position(|line| line.contains(text));
        place.expect("the line is there") as u64 + 1
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
