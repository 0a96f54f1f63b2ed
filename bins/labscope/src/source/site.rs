//! Where a call comes from: a place, and the frames of its stack.

use std::path::PathBuf;

/// Where a call comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Strace's own, up to the first execve.
    Setup,
    /// Before `main`: the dynamic loader, libc's start.
    StartUp,
    /// A line of the program's own source.
    Program,
    /// After `main` returned: it belongs to `main`'s closing brace.
    ReturnFromMain,
    /// In a thread, before its function began or after it returned: the latter belongs to the function's closing brace.
    AroundThread,
    /// No stack, or one that does not reach the program: the process was killed
    /// inside the call, or the tracer left; or several places call exec.
    CutOff,
    /// The process runs another program: one of another folder, or without debug information.
    Foreign,
}

/// A place in a source file; column 0 is an unknown one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub file: PathBuf,
    pub line: u32,
    pub column: u32,
}

/// A function of the program, and the line it is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub function: String,
    pub line: Line,
}

impl Frame {
    /// Whether its source is a lab's, not a C program's.
    pub fn is_rust(&self) -> bool {
        self.line.file.extension().is_some_and(|it| it == "rs")
    }
}

/// Where one call comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub place: Place,
    /// The frames in the program's own source, from the innermost to `main`, inlined ones included.
    ///
    /// There are none if the compiler made one call instruction of several lines.
    pub frames: Vec<Frame>,
    /// The library function that the innermost of them called: `printf`, `perror`, `fork`.
    pub callee: Option<String>,
    /// The frames further in, innermost first, by the names that strace gives them.
    ///
    /// In a stripped libc these are the nearest exported names: only such names can be relied on.
    pub libc_frames: Vec<String>,
    /// The file name of the program that the process runs.
    pub program: Option<String>,
}

impl Site {
    /// The line of the program's own source.
    pub fn line(&self) -> Option<&Line> {
        Some(&self.frames.first()?.line)
    }

    /// The function of the program that the line is in.
    pub fn function(&self) -> Option<&str> {
        Some(&self.frames.first()?.function)
    }
}
