//! The source line of one call after the other, while the run goes on.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;

use crate::source::{Attribution, Place, Site, Sources};
use crate::trace::{Call, Trace};

/// What attribution has to know of a process: the execve of its program, and a call of that program's own.
#[derive(Clone, Default)]
struct Past {
    exec: Option<Call>,
    own: Option<Call>,
}

/// Finds the site of each call when it is over.
pub struct Origins {
    attribution: Attribution,
    pasts: HashMap<i32, Past>,
    sources: Sources,
}

impl Origins {
    pub fn new(programs: &Path) -> Result<Origins> {
        Ok(Origins {
            attribution: Attribution::new(programs)?,
            pasts: HashMap::new(),
            sources: Sources::default(),
        })
    }

    /// A process has come.
    pub fn inherit(&mut self, parent: i32, child: i32) {
        let past = self.pasts.get(&parent).cloned().unwrap_or_default();
        self.pasts.entry(child).or_insert(past);
    }

    /// Whether the stack that a call has so far is enough: it reaches main, or does not matter.
    pub fn is_known(&self, call: &Call) -> bool {
        let Some(past) = self.pasts.get(&call.pid) else {
            return false;
        };
        let site = self.look(past, call);
        let reaches_main = || site.frames.last().is_some_and(|it| it.function == "main");
        match site.place {
            Place::Setup | Place::Foreign | Place::AroundThread => true,
            Place::Program | Place::ReturnFromMain => reaches_main(),
            Place::StartUp | Place::CutOff => false,
        }
    }

    /// The rules are those of [`Attribution::sites`], which sees a short trace: what matters of the past, and the call.
    fn look(&self, past: &Past, call: &Call) -> Site {
        let mut trace = Trace::default();
        trace.calls.extend(past.exec.clone());
        trace.calls.extend(past.own.clone());
        trace.calls.push(call.clone());
        for earlier in &mut trace.calls {
            earlier.pid = call.pid;
        }
        let last = self.attribution.sites(&trace).pop();
        last.unwrap_or_else(|| Site {
            place: Place::CutOff,
            frames: Vec::new(),
            callee: None,
            libc_frames: Vec::new(),
            program: None,
        })
    }

    /// Where a call comes from that is not over.
    pub fn look_at(&self, call: &Call) -> Site {
        let past = self.pasts.get(&call.pid).cloned().unwrap_or_default();
        self.look(&past, call)
    }

    /// Where a call comes from. Calls of one process come in their order.
    pub fn site(&mut self, call: &Call) -> Site {
        let past = self.pasts.get(&call.pid).cloned().unwrap_or_default();
        let site = self.look(&past, call);
        let past = self.pasts.entry(call.pid).or_default();
        if call.executed().is_some() {
            *past = Past {
                exec: Some(call.clone()),
                own: None,
            };
        } else if site.place == Place::Program && past.own.is_none() {
            past.own = Some(call.clone());
        }
        site
    }

    /// The text of a site's line, without the blanks around it.
    pub fn source(&mut self, site: &Site) -> Option<String> {
        self.sources.text(site.line()?)
    }
}
