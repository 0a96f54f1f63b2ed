//! What select, poll and epoll found ready.

use crate::args::Args;
use crate::call::Call;
use crate::syscall::request;

/// Something that is ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// The descriptor; of epoll, what the program registered with it.
    pub of: u64,
    /// For what, in small letters: `in`, `out`, `hup`.
    pub events: Vec<String>,
}

impl Call {
    /// What the call found; nothing if its time was over. None if it asks for no readiness, or has not returned.
    pub fn found_ready(&self) -> Option<Vec<Ready>> {
        let found = self.value().filter(|_| self.has_returned())?;
        match request(self.request()) {
            "select" | "poll" | "epoll_wait" | "epoll_pwait2" if found <= 0 => {
                (found == 0).then(Vec::new)
            }
            "select" => self.selected(),
            "poll" => Some(ready(&self.explained()?, "fd", "revents")),
            "epoll_wait" | "epoll_pwait2" => Some(ready(
                &Args::from(self.args.get(1).as_str().to_owned()),
                "data",
                "events",
            )),
            _ => None,
        }
    }

    /// `1 (in [3], out [4])`: a descriptor may stand in several sets.
    fn selected(&self) -> Option<Vec<Ready>> {
        let mut found: Vec<Ready> = Vec::new();
        for set in self.explained()?.all() {
            let Some((name, members)) = set.as_str().split_once(" [") else {
                continue; // how much of the time is left
            };
            for member in members.trim_end_matches(']').split_whitespace() {
                let Ok(of) = member.parse() else { continue };
                match found.iter_mut().find(|one| one.of == of) {
                    Some(one) => one.events.push(name.to_owned()),
                    None => found.push(Ready {
                        of,
                        events: vec![name.to_owned()],
                    }),
                }
            }
        }
        Some(found)
    }

    /// What explains the result, in parentheses behind it.
    fn explained(&self) -> Option<Args> {
        let told = self.result.as_ref()?.told();
        let (_, explained) = told.split_once(" (")?;
        Some(explained.trim_end_matches(')').to_owned().into())
    }
}

/// The members of an array of structures that say what is ready, and for what.
fn ready(array: &Args, of: &str, events: &str) -> Vec<Ready> {
    let parts = array.get(0).parts();
    let ready = parts.iter().filter_map(|part| {
        let of = part.field(of)?;
        let of = of.field("u64").unwrap_or(of).number()?;
        let events = part.field(events)?;
        let words = events.flags().map(|flag| {
            let word = flag.trim_start_matches("EPOLL").trim_start_matches("POLL");
            word.to_lowercase()
        });
        Some(Ready {
            of: of as u64,
            events: words.collect(),
        })
    });
    ready.collect()
}
