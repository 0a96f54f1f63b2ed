//! What the programs of a run have printed, and how much of it stands on the sheet: a call that writes is told beside its text,
//! which may come out before or after it is entered in the transcript.

use std::collections::HashMap;

use crate::run::transcript::{Entry, Transcript};
use crate::scenario::Channel;
use crate::trace::Call;
use crate::trace::syscall::WRITES;

/// All that comes out, by the companion that prints and where.
pub struct Printed<'a>(HashMap<(Option<&'a str>, Channel), Stream>);

/// All that comes out in one place; how much of it has come, and how much stands on the sheet.
#[derive(Default)]
struct Stream {
    bytes: Vec<u8>,
    come: usize,
    shown: usize,
}

impl<'a> Printed<'a> {
    pub fn of(transcript: &'a Transcript) -> Printed<'a> {
        let mut streams: HashMap<_, Stream> = HashMap::new();
        for (who, entry) in transcript.entries.iter().map(Entry::whose) {
            if let Entry::Printed { bytes, on } = entry {
                let stream = streams.entry((who, *on)).or_default();
                stream.bytes.extend(without_returns(bytes));
            }
        }
        Printed(streams)
    }

    /// These bytes have come: what of the text is not on the sheet, and is from now on.
    pub fn comes(&mut self, who: Option<&'a str>, on: Channel, bytes: &[u8]) -> String {
        let Some(stream) = self.0.get_mut(&(who, on)) else {
            return String::new();
        };
        stream.come += without_returns(bytes).count();
        let mut end = stream.come.max(stream.shown);
        // The rest of a character comes with what is printed next.
        let goes_on = |end: usize| {
            stream
                .bytes
                .get(end)
                .is_some_and(|byte| byte & 0xc0 == 0x80)
        };
        while goes_on(end) && end > stream.shown {
            end -= 1;
        }
        let begin = std::mem::replace(&mut stream.shown, end);
        String::from_utf8_lossy(&stream.bytes[begin..end]).into_owned()
    }

    /// What a call writes, if that is what comes next: it is on the sheet from now on.
    pub fn by_call(&mut self, who: Option<&'a str>, call: &Call) -> Option<(Channel, String)> {
        let is_output = call.is(WRITES) && matches!(call.descriptor(), Some(1 | 2));
        let bytes: Vec<u8> = without_returns(&call.moved()).collect();
        if !is_output || bytes.is_empty() {
            return None;
        }
        let channels = [Channel::Terminal, Channel::Pipe].into_iter();
        let mut streams = channels.filter(|on| {
            let stream = self.0.get(&(who, *on));
            stream.is_some_and(|it| it.bytes[it.shown..].starts_with(&bytes))
        });
        let on = streams.next()?;
        self.0.get_mut(&(who, on))?.shown += bytes.len();
        Some((on, String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// The carriage returns are the terminal's.
fn without_returns(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().copied().filter(|&byte| byte != b'\r')
}
