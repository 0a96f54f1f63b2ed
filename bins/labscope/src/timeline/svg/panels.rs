//! What stands below the lanes: the legend, the memory strips, the tables of descriptors.

use crate::i18n::Language;
use crate::timeline::svg::axis::badge;
use crate::timeline::svg::canvas::{Picture, width_of};
use crate::timeline::svg::descriptor_panel::tables;
use crate::timeline::svg::draw::swatch;
use crate::timeline::svg::layout::SIZE;
use crate::timeline::svg::memory_panel::strip;
use crate::timeline::{Cause, Fork, Kind, Moment, Span, State, Timeline, What, words as say};

/// So many tables and strips are drawn.
const TABLES: usize = 12;
const STRIPS: usize = 2;

/// Between cards.
const SPACE: f64 = 14.0;
pub const PADDING: f64 = 8.0;

/// Cards one beside the other, in lines like text.
pub struct Flow {
    left: f64,
    width: f64,
    x: f64,
    y: f64,
    tallest: f64,
    right: f64,
}

impl Flow {
    /// The place of the next card.
    pub fn take(&mut self, width: f64, height: f64) -> (f64, f64) {
        if self.x > self.left && self.x + width > self.width {
            (self.x, self.y, self.tallest) = (self.left, self.y + self.tallest + SPACE, 0.0);
        }
        let place = (self.x, self.y);
        self.x += width + SPACE;
        self.tallest = self.tallest.max(height);
        self.right = self.right.max(place.0 + width);
        place
    }
}

/// Draws all panels; tells how far they reach to the right and to the bottom.
pub fn draw(
    picture: &mut Picture,
    timeline: &Timeline,
    top: f64,
    left: f64,
    width: f64,
    words: Language,
) -> (f64, f64) {
    let mut flow = Flow {
        left,
        width,
        x: left,
        y: top + 6.0,
        tallest: 0.0,
        right: 0.0,
    };
    legend(picture, timeline, &mut flow, words);
    let forks = &timeline.forks[..timeline.forks.len().min(STRIPS)];
    if !forks.is_empty() {
        let more = timeline.forks.len() - forks.len();
        let shows_values = |fork: &Fork| !fork.of_parent.is_empty() || !fork.of_child.is_empty();
        let title = match forks.iter().any(shows_values) {
            true => words.pick(
                "Memory at fork: code and stack twice, each process with values of its own",
                "fork 때의 메모리: 코드와 스택이 둘로, 값은 저마다",
            ),
            false => words.pick(
                "Memory at fork: everything twice; what fork returned tells the two apart",
                "fork 때의 메모리: 모두가 둘로, 둘을 가르는 것은 fork의 리턴값",
            ),
        };
        heading(picture, &mut flow, title, more, words);
        forks
            .iter()
            .for_each(|fork| strip(picture, timeline, fork, &mut flow, words));
    }
    let moments = shown(timeline);
    if !moments.is_empty() {
        let more = timeline.moments.len() - moments.len();
        let title = words.pick("Open descriptors", "열린 파일 지정번호");
        heading(picture, &mut flow, title, more, words);
        for (place, moment) in moments.iter().enumerate() {
            tables(picture, timeline, moment, place + 1, &mut flow, words);
        }
    }
    (flow.right, flow.y + flow.tallest)
}

/// The moments that have a card.
fn shown(timeline: &Timeline) -> &[Moment] {
    &timeline.moments[..timeline.moments.len().min(TABLES)]
}

fn heading(picture: &mut Picture, flow: &mut Flow, title: &str, more: usize, words: Language) {
    flow.y += flow.tallest + 34.0;
    let more = match (more, words) {
        (0, _) => String::new(),
        (more, Language::En) => format!(" (and {more} more)"),
        (more, Language::Ko) => format!(" (그 밖에 {more}개)"),
    };
    picture.text("title", flow.left, flow.y, 13.0, format!("{title}{more}"));
    (flow.x, flow.y, flow.tallest) = (flow.left, flow.y + 10.0, 0.0);
}

/// The states, arrows and signs that occur, and what they look like.
fn legend(picture: &mut Picture, timeline: &Timeline, flow: &mut Flow, words: Language) {
    let mut entries: Vec<(&'static str, &State)> = Vec::new();
    let spans = timeline.lanes.iter().flat_map(|lane| &lane.spans);
    for Span { state, .. } in spans {
        let text = say::state(state, words);
        if !entries.iter().any(|(known, _)| *known == text) {
            entries.push((text, state));
        }
    }
    for (text, state) in entries {
        let (x, y) = flow.take(34.0 + width_of(text, SIZE), 18.0);
        swatch(picture, state, [x, y, 26.0, 18.0], None);
        picture.text("plain", x + 32.0, y + 13.0, SIZE, text);
    }
    let mut kinds: Vec<(&str, &str, &Kind)> = Vec::new();
    for arrow in &timeline.arrows {
        let (class, text) = say::kind(&arrow.kind, words);
        if !kinds.iter().any(|(known, ..)| *known == class) {
            kinds.push((class, text, &arrow.kind));
        }
    }
    for (_, text, kind) in kinds {
        let (line, tip) = match kind {
            Kind::Fork => ("fork", "fork-head"),
            Kind::Wait => ("wait", "wait-head"),
            Kind::Signal(_) => ("signal", "signal-head"),
            Kind::Bytes { .. } => ("bytes", "bytes-head"),
        };
        let (x, y) = flow.take(40.0 + width_of(text, SIZE), 18.0);
        let (from, to) = ((x, y + 9.0), (x + 30.0, y + 9.0));
        picture.path(line, &[from, to], None);
        picture.head(tip, from, to);
        picture.text("plain", x + 36.0, y + 13.0, SIZE, text);
    }
    signs(picture, timeline, flow, words);
    if !timeline.moments.is_empty() {
        let text = words.pick(
            "descriptors change: see below",
            "파일 지정번호가 바뀜: 아래 그림",
        );
        let (x, y) = flow.take(24.0 + width_of(text, SIZE), 18.0);
        badge(picture, (x + 8.0, y + 9.0), 1, None);
        picture.text("plain", x + 20.0, y + 13.0, SIZE, text);
    }
    let causes = || shown(timeline).iter().map(|moment| &moment.cause);
    if causes().any(|cause| !matches!(cause, Cause::Close(_))) {
        let text = words.pick("new descriptor", "새 파일 지정번호");
        let (x, y) = flow.take(34.0 + width_of(text, SIZE), 18.0);
        picture.rectangle("changed", [x, y + 3.0, 26.0, 13.0], None);
        picture.text("plain", x + 32.0, y + 13.0, SIZE, text);
    }
    if causes().any(|cause| matches!(cause, Cause::Close(_))) {
        sign(picture, flow, ("gone", "3"), words.pick("closed", "닫힘"));
    }
}

/// What texts in colour and signs at the bars mean.
fn signs(picture: &mut Picture, timeline: &Timeline, flow: &mut Flow, words: Language) {
    let occurs = |is_it: fn(&What) -> bool| {
        let mut marks = timeline.lanes.iter().flat_map(|lane| &lane.marks);
        marks.any(|mark| is_it(&mark.what))
    };
    if occurs(|what| matches!(what, What::Call { failed: true, .. })) {
        let text = words.pick("the call failed: its error", "실패한 호출과 그 오류");
        sign(picture, flow, ("failed", "E…"), text);
    }
    if occurs(|what| matches!(what, What::Exec(_))) {
        let text = words.pick(
            "exec: another program from here on",
            "exec: 여기부터 다른 프로그램",
        );
        sign(picture, flow, ("exec", "⇒"), text);
    }
    if occurs(|what| matches!(what, What::Ended(_))) {
        let text = words.pick("the process ends", "프로세스가 끝남");
        sign(picture, flow, ("end", "■"), text);
    }
}

fn sign(picture: &mut Picture, flow: &mut Flow, (class, sign): (&'static str, &str), text: &str) {
    let room = width_of(sign, SIZE) + 6.0;
    let (x, y) = flow.take(room + width_of(text, SIZE) + 2.0, 18.0);
    picture.text(class, x, y + 13.0, SIZE, sign);
    picture.text("plain", x + room, y + 13.0, SIZE, text);
}
