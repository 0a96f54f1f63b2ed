//! C programs written for a test, run under the tracer.

use std::path::{Path, PathBuf};
use std::process::Command;

use labscope::trace::Trace;
use labscope::{Runner, Scenario, Step, Transcript};

/// What the programs include.
const HEADERS: &str = "#define _GNU_SOURCE\n#include <errno.h>\n#include <poll.h>\n#include <pthread.h>\n\
     #include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <sys/mman.h>\n\
     #include <sys/ptrace.h>\n#include <sys/wait.h>\n#include <time.h>\n#include <unistd.h>\n";

/// A program, compiled for one test; its folder goes with it.
pub struct Program {
    pub path: PathBuf,
}

impl Program {
    /// A C program.
    pub fn of(name: &str, text: &str) -> Program {
        let program = Program::at(name);
        let compiled = program.compile("c", &format!("{HEADERS}{text}"), &["-O0", "-pthread"]);
        assert!(compiled, "cc refuses {name}");
        program
    }

    pub fn at(name: &str) -> Program {
        let folder = format!("labscope-tracer-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(name);
        Program { path }
    }

    pub fn compile(&self, language: &str, text: &str, options: &[&str]) -> bool {
        let source = self.path.with_extension(language);
        std::fs::write(&source, text).expect("a file");
        let mut cc = Command::new("cc");
        cc.args(options).arg("-o").arg(&self.path).arg(&source);
        cc.output().expect("cc runs").status.success()
    }

    pub fn run(&self) -> Transcript {
        self.run_with(&[], &[])
    }

    /// Runs it traced; nobody is left when it is over.
    pub fn run_with(&self, args: &[&str], steps: &[Step]) -> Transcript {
        let scenario = Scenario {
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            steps: steps.to_vec(),
            ..Scenario::named("test")
        };
        self.run_as(&scenario)
    }

    /// The same, as a scenario says.
    pub fn run_as(&self, scenario: &Scenario) -> Transcript {
        let runner = Runner::for_program(&self.path, scenario).traced();
        let transcript = runner.run().unwrap_or_else(|error| panic!("{error:?}"));
        let trace = trace(&transcript);
        assert!(trace.unread.is_empty(), "{:?}", trace.unread);
        for &pid in &transcript.pids {
            assert!(trace.has_ended(pid), "{pid}: {:?}", trace.notices);
            assert!(!runs(pid, &self.path), "{pid} is left behind");
        }
        transcript
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.path.parent().expect("its folder"));
    }
}

fn runs(pid: i32, program: &Path) -> bool {
    std::fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program)
}

/// Its trace.
pub fn trace(transcript: &Transcript) -> &Trace {
    transcript.trace.as_ref().expect("a trace")
}
