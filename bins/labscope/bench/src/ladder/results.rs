//! What the measurements of the ladder come to.

use serde::{Deserialize, Serialize};

use crate::columns::Figure;
use crate::ladder::rungs::Made;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Ladder {
    pub servers: Vec<Results>,
}

/// Of one server. None where it could not be measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    pub name: String,
    pub made: Made,
    /// The most connections that it serves at the same time, by its nature.
    pub most: Option<usize>,
    /// Short connections a second: one line there and back.
    pub connections: Option<Figure>,
    /// ms of processor time for 1,000 of them, the server's alone.
    pub connection_cpu: Option<Figure>,
    /// kB (Pss) without a connection.
    pub alone: Option<Figure>,
    pub levels: Vec<Level>,
}

/// With so many connections held, of which one asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Level {
    pub asked: usize,
    pub held: usize,
    /// What allowed no more.
    pub stopped_by: Option<String>,
    /// A second.
    pub requests: Option<Figure>,
    /// ms of processor time for 1,000 requests, the server's alone.
    pub request_cpu: Option<Figure>,
    /// µs from a line to its echo, for half of them and for 99 of 100.
    pub p50: Option<Figure>,
    pub p99: Option<Figure>,
    /// kB a held connection.
    pub pss: Option<Figure>,
    pub page_tables: Option<Figure>,
    pub kernel_stacks: Option<Figure>,
    /// ms until everything that all of them took is given back.
    pub given_back: Option<Figure>,
}

impl Ladder {
    pub fn server(&self, name: &str, made: Made) -> Option<&Results> {
        self.servers
            .iter()
            .find(|one| one.name == name && one.made == made)
    }

    /// Every number of connections that was asked for.
    pub fn levels(&self) -> Vec<usize> {
        let levels = self.servers.iter().flat_map(|one| &one.levels);
        let mut asked: Vec<usize> = levels.map(|level| level.asked).collect();
        asked.sort_unstable();
        asked.dedup();
        asked
    }
}

impl Results {
    pub fn level(&self, asked: usize) -> Option<&Level> {
        self.levels.iter().find(|level| level.asked == asked)
    }
}

impl Level {
    /// All that a held connection takes, kB.
    pub fn memory(&self) -> Option<f64> {
        let parts = [&self.pss, &self.page_tables, &self.kernel_stacks];
        parts
            .into_iter()
            .map(|part| Some(part.as_ref()?.median))
            .sum()
    }
}
