//! The source line of each call of a trace.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};

use crate::facts::process_tree::ProcessTree;
use crate::i18n::failure;
use crate::source::elf::Image;
use crate::source::frames::called_exit;
use crate::source::libc_calls;
use crate::source::site::{Frame, Line, Place, Site};
use crate::source::stack::Stack;
use crate::trace::files::Files;
use crate::trace::{Call, StackFrame, Trace};

/// The programs that have been run.
static IMAGES: Files<Image> = Files::empty();

/// Finds source lines for the programs of one folder.
pub struct Attribution {
    programs: PathBuf,
    /// By the path that a process was told to become.
    images: RefCell<HashMap<PathBuf, Option<Arc<Image>>>>,
}

/// What is known of a process between two calls.
#[derive(Clone, Default)]
struct Process {
    /// The file name of its program; none before its execve.
    program: Option<String>,
    /// None if the program is foreign.
    image: Option<Arc<Image>>,
    in_main: bool,
    /// Where each of its threads last was in the function that it runs.
    functions: HashMap<i32, Frame>,
}

impl Attribution {
    /// `programs` is the folder of the first program; what it becomes by execve is looked for there too.
    pub fn new(programs: &Path) -> Result<Attribution> {
        let programs = programs
            .canonicalize()
            .with_context(|| failure::cannot_find(programs.display()))?;
        Ok(Attribution {
            programs,
            images: RefCell::default(),
        })
    }

    /// Where each call comes from: one site a call, in the order of `trace.calls`.
    pub fn sites(&self, trace: &Trace) -> Vec<Site> {
        let tree = ProcessTree::of(trace);
        let mut processes: HashMap<i32, Process> = HashMap::new();
        let mut sites: Vec<Site> = Vec::with_capacity(trace.calls.len());
        let mut is_read = HashSet::new();
        let mut begins: HashMap<i32, usize> = HashMap::new();
        for (place, call) in trace.calls.iter().enumerate() {
            let process = processes.entry(call.pid).or_default();
            let site = site(call, process);
            if matches!(site.place, Place::Program | Place::ReturnFromMain) {
                is_read.insert(site.program.clone());
            }
            sites.push(site);
            if call.executed().is_some() {
                *process = self.after_exec(call);
                let is_static = process.image.as_ref().is_some_and(|it| it.is_static());
                begins.extend(is_static.then_some((call.pid, place + 1)));
            }
            if let Some(child) = tree.made_by(place) {
                let copy = process.clone();
                processes.insert(child.pid, copy);
            }
        }
        for (pid, begin) in begins {
            let calls = trace.calls.iter().zip(&mut sites).skip(begin);
            let mut own = calls.filter(|(call, _)| call.pid == pid).peekable();
            // Where no stack can be read, the start-up is what only that calls.
            while let Some((_, site)) = own.next_if(|(call, site)| {
                !is_read.contains(&site.program) && libc_calls::is_start_of_static(&call.name)
            }) {
                site.place = Place::StartUp;
            }
        }
        sites
    }

    /// Whether a program asks itself for a call of this name: it makes it in `main` or below, or no libc would before.
    pub fn is_own(&self, program: &Path, name: &str, stack: &[StackFrame]) -> bool {
        let Some(image) = self.image(program) else {
            return true;
        };
        let stack = Stack::of(stack, &image);
        let place = place(&stack, false);
        libc_calls::kind_at(name, place, stack.callee.as_deref(), &stack.symbols).is_none()
    }

    /// The line of a program's own source that a stack stands at.
    pub fn line(&self, program: &Path, stack: &[StackFrame]) -> Option<Line> {
        let image = self.image(program)?;
        let stack = Stack::of(stack, &image);
        match place(&stack, true) {
            Place::Program => Some(stack.frames.first()?.line.clone()),
            Place::ReturnFromMain => Some(image.return_from_main()?.line),
            _ => None,
        }
    }

    /// A program's own functions where it stopped in no call, innermost first.
    pub fn frames(&self, program: &Path, stack: &[StackFrame]) -> Vec<Frame> {
        let mut stack = stack.to_vec();
        if let Some(innermost) = stack.first_mut() {
            innermost.offset += 1; // the instruction that comes next, and not the one that has called
        }
        let image = self.image(program);
        image.map_or_else(Vec::new, |image| Stack::of(&stack, &image).frames)
    }

    fn after_exec(&self, call: &Call) -> Process {
        let path =
            PathBuf::from(String::from_utf8_lossy(&call.path().unwrap_or_default()).as_ref());
        let name = path.file_name().unwrap_or_default();
        Process {
            program: Some(name.to_string_lossy().into_owned()),
            image: self.image(&path),
            ..Process::default()
        }
    }

    /// The program at a path, if it lies in the folder; a relative path begins there.
    fn image(&self, path: &Path) -> Option<Arc<Image>> {
        let mut images = self.images.borrow_mut();
        if let Some(image) = images.get(path) {
            return image.clone();
        }
        let real = self.programs.join(path).canonicalize().ok()?;
        if real.parent() != Some(&self.programs) {
            return None;
        }
        let image = IMAGES.get(&real, |path| Image::read(path).ok());
        images.insert(path.to_owned(), image.clone());
        image
    }
}

fn site(call: &Call, process: &mut Process) -> Site {
    let bare = |place| Site {
        place,
        frames: Vec::new(),
        callee: None,
        libc_frames: Vec::new(),
        program: process.program.clone(),
    };
    if call.setup || process.program.is_none() {
        return bare(Place::Setup);
    }
    let Some(image) = &process.image else {
        return bare(Place::Foreign);
    };
    // exec throws away the stack that strace would have read.
    let stack = match call.stack.is_empty() && call.executed().is_some() {
        true => image.only_exec(),
        false => Stack::of(&call.stack, image),
    };
    process.in_main |= stack.is_own;
    let is_first = call.thread == call.pid;
    if let (false, Some(outermost)) = (is_first, stack.frames.last()) {
        process.functions.insert(call.thread, outermost.clone());
    }
    let place = match place(&stack, process.in_main) {
        Place::CutOff if !is_first && !stack.symbols.is_empty() => Place::AroundThread,
        place => place,
    };
    let mut site = bare(place);
    match place {
        Place::Program => (site.frames, site.callee) = (stack.frames, stack.callee),
        Place::ReturnFromMain => site.frames.extend(image.return_from_main()),
        Place::AroundThread if call.name == "exit" => {
            let function = process.functions.get(&call.thread);
            site.frames
                .extend(function.map(|function| image.return_from(function)));
        }
        _ => {}
    }
    site.libc_frames = stack.symbols;
    site
}

/// Where in the life of a program a stack is, which may have been in `main` before.
fn place(stack: &Stack, in_main: bool) -> Place {
    if stack.is_own {
        Place::Program
    } else if called_exit(&stack.symbols) {
        Place::ReturnFromMain
    } else if in_main || stack.symbols.is_empty() {
        Place::CutOff
    } else {
        Place::StartUp
    }
}
