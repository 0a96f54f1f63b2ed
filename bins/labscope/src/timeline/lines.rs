//! The source line of each mark, by which a page lays a picture beside the program.

use crate::source::Site;
use crate::timeline::Lane;

/// Gives the marks of calls the lines of their sites in the lab's own source; a run without stacks has none.
///
/// Companions have none either: their tracers read no stacks, which would only hold them up.
pub fn give(lab: &str, sites: &[Site], lanes: &mut [Lane]) {
    // What it has become by exec has another source.
    let own = |site: &&Site| site.program.as_deref() == Some(lab);
    let lanes = lanes.iter_mut().filter(|lane| lane.companion.is_none());
    for mark in lanes.flat_map(|lane| &mut lane.marks) {
        let site = mark.call.and_then(|call| sites.get(call)).filter(own);
        mark.line = site.and_then(Site::line).map(|line| line.line);
    }
}
