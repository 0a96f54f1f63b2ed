//! Who leads a session of its own, or was born into one: the terminal is lost, and with it the terminal's keys.

use crate::timeline::Lane;
use crate::timeline::clock::History;
use crate::timeline::states::happened;
use crate::trace::Call;

/// Enters into the lanes since when each is in such a session; parents come before their children.
pub fn tell(history: &History<'_>, lanes: &mut [Lane]) {
    for place in 0..lanes.len() {
        let pid = lanes[place].pid;
        let mut parts = history.parts.iter();
        let own = parts.find_map(|part| {
            let mut calls = part.calls_of(pid).map(|timed| (timed.index, timed.call));
            let is_it =
                |call: &Call| call.name == "setsid" && call.value().is_some_and(|it| it > 0);
            let (index, _) = calls.find(|(_, call)| is_it(call))?;
            Some(happened(part, index))
        });
        let family = lanes[place].thread.map(|thread| thread.process);
        let family = family.or(lanes[place].parent);
        let inherited = lanes.iter().find(|lane| Some(lane.pid) == family);
        let inherited = inherited.and_then(|lane| lane.in_session);
        let born = lanes[place].born;
        let inherited = inherited.filter(|&since| since <= born).map(|_| born);
        lanes[place].in_session = inherited.or(own);
    }
}
