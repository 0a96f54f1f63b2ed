//! The timeline of every scenario of the tour is a picture that can be read.

use std::fs;
use std::process::{Command, Stdio};

use labscope::Language;
use labscope::cli::readme;
use labscope::run::record::record;
use labscope::timeline::svg::width_of;
use labscope::timeline::{self, Timeline};
use labscope::trace::tracer::AfterFork;
use libtest_mimic::Trial;

use crate::support::trials::{Subject, trials_of_timelines};
use crate::support::{self, output, root, text_of};

pub fn trials() -> Vec<Trial> {
    let mut trials = trials_of_timelines("timeline_can_be_read", |lab, scenario| {
        let drawn = record(root(), lab, scenario, AfterFork::Either, None)
            .and_then(|transcript| timeline::of(root(), lab, scenario, &transcript));
        let timeline = drawn.unwrap_or_else(|error| panic!("{error:#}"));
        let flaws = [Language::En, Language::Ko].map(|language| flaws(&timeline, language));
        flaws.concat()
    });
    let promise = "timeline_is_written_as_svg_and_trace_events";
    let subject = Subject::lab("command");
    trials.push(subject.trial(promise, "make timeline-command", |_| writes_its_files()));
    let promise = "the_picture_of_the_readme_is_what_the_lab_draws";
    let subject = Subject::lab("child_wait");
    trials.push(subject.trial(promise, "make tables", |_| is_in_the_readme()));
    trials
}

/// The picture tells what a run tells now, whatever its pids and times are.
fn is_in_the_readme() {
    support::traced("child_wait");
    for language in [Language::En, Language::Ko] {
        let file = root().join(readme::picture_file(language));
        let written = fs::read_to_string(&file).expect("a picture");
        let drawn = readme::picture(root(), language).expect("a run");
        assert_eq!(
            readme::told(&written),
            readme::told(&drawn),
            "make tables draws {file:?} anew"
        );
        assert!(
            written.contains("prefers-color-scheme: dark"),
            "for dark pages"
        );
    }
}

/// What is wrong with a picture, if anything.
fn flaws(timeline: &Timeline, language: Language) -> Vec<String> {
    let picture = timeline::svg::draw(timeline, language);
    let texts = picture.texts();
    let mut flaws = Vec::new();
    for (place, one) in texts.iter().enumerate() {
        let (right, bottom) = (one.left + one.width, one.top + one.height);
        if one.left < 0.0 || right > picture.width || bottom > picture.height {
            flaws.push(format!("outside of the picture: {one:?}"));
        }
        for other in &texts[place + 1..] {
            let beside = right <= other.left + 0.01 || other.left + other.width <= one.left + 0.01;
            let below = bottom <= other.top + 0.01 || other.top + other.height <= one.top + 0.01;
            if !beside && !below {
                flaws.push(format!("{one:?} overlaps {other:?}"));
            }
        }
    }
    flaws.extend(malformed(&picture.svg()));
    flaws.extend(crossed(&picture.svg()));
    flaws
}

/// The texts beside the bars that an arrow runs through.
fn crossed(svg: &str) -> Vec<String> {
    const ARROWS: [&str; 6] = ["fork", "wait", "signal", "bytes", "connection", "semaphore"];
    const LABELS: [&str; 6] = ["call", "failed", "exec", "end", "event", "faint"];
    let named = |line: &str, names: &[&str]| {
        names
            .iter()
            .any(|name| line.contains(&format!("class=\"tl-{name}\"")))
    };
    let number = |line: &str, name: &str| -> f64 {
        let (_, rest) = line.split_once(name).expect("the attribute");
        let (number, _) = rest.split_once('"').expect("its end");
        number.parse().expect("a number")
    };
    let mut labels: Vec<(f64, f64, f64, &str)> = Vec::new();
    for line in svg
        .lines()
        .filter(|line| line.starts_with("<text") && named(line, &LABELS))
    {
        let (_, text) = line.split_once('>').expect("a text");
        let text = text.trim_end_matches("</text>");
        // As the reader sees it.
        let seen = text
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">");
        let seen = seen.replace("&amp;", "&");
        let left = number(line, " x=\"");
        labels.push((
            left,
            left + width_of(&seen, 10.0),
            number(line, " y=\""),
            text,
        ));
    }
    let mut flaws = Vec::new();
    let arrows = svg.lines().filter(|line| {
        line.starts_with("<path") && named(line, &ARROWS) && line.contains("<title>")
    });
    for line in arrows {
        let (_, path) = line.split_once(" d=\"M").expect("a path");
        let (path, _) = path.split_once('"').expect("its end");
        let point = |text: &str| -> (f64, f64) {
            let (x, y) = text.split_once(' ').expect("a point");
            (x.parse().expect("x"), y.parse().expect("y"))
        };
        let points: Vec<(f64, f64)> = path.split('L').map(point).collect();
        for pair in points.windows(2) {
            // A text's halo has room beside it, and its middle lies above its base line.
            let cuts = |&&(left, right, base, _): &&(f64, f64, f64, &str)| {
                let (y, [(x, from), (to_x, to)]) = (base - 3.0, [pair[0], pair[1]]);
                let part = (y - from) / (to - from);
                let at = x + (to_x - x) * part;
                (0.0..=1.0).contains(&part) && left + 1.0 < at && at < right - 1.0
            };
            flaws.extend(
                labels
                    .iter()
                    .filter(cuts)
                    .map(|(_, _, _, text)| format!("an arrow runs through {text}: {line}")),
            );
        }
    }
    flaws
}

/// Why a text is not well-formed XML: enough for what this program writes.
fn malformed(xml: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for (place, piece) in xml.split('<').enumerate() {
        let Some((tag, text)) = piece.split_once('>') else {
            match (place, piece) {
                (0, "") => continue,
                _ => return Some(format!("no end of a tag: <{piece}")),
            }
        };
        let known = ["&amp;", "&lt;", "&gt;", "&quot;"];
        let unescaped = |text: &str| {
            known
                .iter()
                .fold(text.to_owned(), |text, known| text.replace(known, ""))
                .contains('&')
        };
        if unescaped(text) || unescaped(tag) || tag.matches('"').count() % 2 == 1 {
            return Some(format!("not escaped: <{piece}"));
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        match tag.strip_prefix('/') {
            Some(end) if open.pop() == Some(end) => {}
            Some(end) => return Some(format!("</{end}> closes another element")),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    (!open.is_empty()).then(|| format!("not closed: {open:?}"))
}

/// The command itself, on one lab.
fn writes_its_files() {
    support::traced("command");
    let folder = std::env::temp_dir().join(format!("timeline-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (svg, json) = (folder.join("a.svg"), folder.join("a.json"));
    let mut command = Command::new(support::labscope());
    command
        .args(["--lang", "ko", "timeline", "command", "--out"])
        .arg(&svg);
    command
        .arg("--chrome")
        .arg(&json)
        .current_dir(root())
        .stdin(Stdio::null());
    let told = output(&mut command);
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let (svg, json) = (read(&svg), read(&json));
    fs::remove_dir_all(&folder).expect("it can be removed");
    assert!(told.status.success(), "{}", text_of(&told));
    assert_eq!(malformed(&svg), None, "{svg}");
    for part in [
        "role=\"img\"",
        "<title>command — 같은 프로세스",
        "<desc>",
        "prefers-color-scheme",
        "@media print",
        "⇒ exec_test",
    ] {
        assert!(svg.contains(part), "{part} is not in\n{svg}");
    }
    for part in ["\"traceEvents\":[", "\"ph\":\"X\"", "command ⇒ exec_test"] {
        assert!(json.contains(part), "{part} is not in\n{json}");
    }
}
