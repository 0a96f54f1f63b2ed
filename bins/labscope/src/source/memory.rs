//! Reads what a stopped process holds: the variables of its program's own functions, and what lies in stdout's buffer.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::source::Attribution;
use crate::source::locals::Locals;
use crate::source::unwritten::unwritten;
use crate::trace::StackFrame;
use crate::trace::files::Files;
use crate::trace::tracer::memory::ProcessMemory;
use crate::trace::tracer::{Holding, MakeReadMemory, Moment, Stop, Variable};

/// The variables of the programs that have been run.
static LOCALS: Files<Locals> = Files::empty();

/// A reader for the programs of one folder.
pub fn reader(programs: PathBuf) -> MakeReadMemory {
    Box::new(move || match Attribution::new(&programs) {
        Ok(attribution) => {
            let reader = RefCell::new(Reader {
                attribution,
                locals: HashMap::new(),
            });
            Box::new(move |stop| reader.borrow_mut().read(stop))
        }
        Err(_) => Box::new(|_| None),
    })
}

struct Reader {
    attribution: Attribution,
    locals: HashMap<PathBuf, Option<Arc<Locals>>>,
}

impl Reader {
    /// At fork, the buffer, which nobody has touched since; the variables later, when what fork returned has found its
    /// place: at a call that the program itself makes, or where a signal meets it.
    fn read(&mut self, stop: &Stop) -> Option<Holding> {
        let frames: Vec<StackFrame> = stop.stack.iter().map(|it| it.frame.clone()).collect();
        match stop.moment {
            Moment::Fork => Some(Holding {
                variables: Vec::new(),
                unwritten: unwritten(stop.thread),
            }),
            Moment::Call(name) if !self.attribution.is_own(stop.program, name, &frames) => None,
            Moment::Call(_) | Moment::Signal => {
                let locals = self.locals(stop.program)?;
                let memory = ProcessMemory {
                    thread: stop.thread,
                };
                let program = stop.program.to_string_lossy();
                let own = stop.stack.iter().filter(|it| *it.frame.file == *program);
                let mut variables = Vec::new();
                for variable in own.flat_map(|activation| locals.of(activation, &memory)) {
                    // Of a function that calls itself, the innermost.
                    let same = |other: &Variable| {
                        (&other.function, &other.name) == (&variable.function, &variable.name)
                    };
                    let known = variables.iter().any(same);
                    if !known {
                        variables.push(variable);
                    }
                }
                (!variables.is_empty()).then_some(Holding {
                    variables,
                    unwritten: None,
                })
            }
        }
    }

    fn locals(&mut self, program: &Path) -> Option<Arc<Locals>> {
        let known = self.locals.entry(program.to_owned());
        let locals =
            known.or_insert_with_key(|path| LOCALS.get(path, |path| Locals::read(path).ok()));
        locals.clone()
    }
}
