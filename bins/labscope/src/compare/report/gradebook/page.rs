//! The page of a student: verdict, marks, the two columns and the timeline. Nothing on it is obeyed as markup but what
//! is written here.

use crate::compare::alignment::Relation;
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::report::gradebook::Row;
use crate::compare::result::{ProcessPair, ScenarioResult, SubmissionResult};
use crate::i18n::{Language, compare as words, process};
use crate::text::shorten;
use crate::text::visible::visible;

/// So many rows of a process are on a page.
const MOST_ROWS: usize = 400;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 1em}\
pre,td{font-family:ui-monospace,monospace;font-size:13px}table{border-collapse:collapse;width:100%}\
td{padding:.1em .6em;vertical-align:top;width:50%;overflow-wrap:anywhere}tr.differs td{background:#fde2ea}\
tr.wording td{background:#fff3cf}tr.declared td{background:#e3ecfb}.marks td{width:auto}svg{max-width:100%;height:auto}";

/// Text in a page: its control characters shown, its markup too.
pub fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in visible(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'), // no characters of XML
            c => safe.push(c),
        }
    }
    safe
}

/// The whole page; `picture` is the name of a scenario and its timeline, SVG.
pub fn page(
    lab: &str,
    row: &Row,
    examined: &SubmissionResult,
    picture: Option<&(String, String)>,
    language: Language,
) -> String {
    let title = format!("{} — {lab}", escaped(&row.student));
    let mut body = format!(
        "<h1>{title}</h1>\n<p><code>{}</code></p>\n<p><strong>{}</strong> ({}/{})</p>\n",
        escaped(&row.file),
        escaped(row.verdict.say(language)),
        row.points(),
        row.most_points()
    );
    body += &marks(row, language);
    for text in [&row.behaviour, &row.wording].into_iter().flatten() {
        body += &format!("<p>{}</p>\n", escaped(text));
    }
    if !examined.messages().is_empty() {
        body += &format!("<pre>{}</pre>\n", escaped(examined.messages()));
    }
    for result in examined.outcomes() {
        body += &scenario(result, language);
        let picture = picture.filter(|(name, _)| *name == result.scenario.name);
        body += picture.map_or("", |(_, svg)| svg);
    }
    format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{title}</title><style>{STYLE}</style></head>\n<body>\n{body}</body></html>\n",
        language.pick("en", "ko")
    )
}

fn marks(row: &Row, language: Language) -> String {
    let rows = row.marks.iter().map(|mark| {
        let what = escaped(mark.what.get(language));
        format!(
            "<tr><td>{what}</td><td>{}/{}</td></tr>\n",
            mark.points, mark.of
        )
    });
    format!(
        "<table class=\"marks\">\n{}</table>\n",
        rows.collect::<String>()
    )
}

fn scenario(result: &ScenarioResult, language: Language) -> String {
    let (name, title) = (&result.scenario.name, result.scenario.title.get(language));
    let verdict = result.verdict().say(language);
    let mut text = format!(
        "<h2>{}: {}</h2>\n<p><strong>{verdict}</strong></p>\n",
        escaped(name),
        escaped(title)
    );
    let reasons = result.reasons(language);
    if !reasons.is_empty() {
        let items = reasons
            .iter()
            .map(|one| format!("<li>{}</li>\n", escaped(one)));
        text += &format!("<ul>\n{}</ul>\n", items.collect::<String>());
    }
    let Some(shown) = result.shown() else {
        return text;
    };
    let (c, lab) = (words::c_program(language), words::lab(language));
    text += &format!("<table>\n<tr><th>{c}</th><th>{lab}</th></tr>\n");
    for pair in &shown.pairs {
        text += &process_rows(pair, language);
    }
    text + "</table>\n"
}

fn process_rows(pair: &ProcessPair, language: Language) -> String {
    let Some(one) = pair.c.as_ref().or(pair.lab.as_ref()) else {
        return String::new();
    };
    let heading = process::process(language, one.number());
    let mut text = format!("<tr><th colspan=\"2\">{}</th></tr>\n", escaped(&heading));
    let call = |process: &Option<ProcessCalls>, index: Option<usize>| {
        let call = process.as_ref().and_then(|it| it.calls.get(index?));
        call.map_or_else(String::new, cell)
    };
    for row in pair.rows().iter().take(MOST_ROWS) {
        let class = match row.relation {
            Relation::Mismatch => " class=\"differs\"",
            Relation::Wording => " class=\"wording\"",
            Relation::Declared(_) => " class=\"declared\"",
            Relation::Same | Relation::Beyond | Relation::Uncompared => "",
        };
        let (c, lab) = (call(&pair.c, row.c), call(&pair.lab, row.lab));
        text += &format!("<tr{class}><td>{c}</td><td>{lab}</td></tr>\n");
    }
    let end = |process: &Option<ProcessCalls>| {
        process
            .as_ref()
            .map_or_else(String::new, |it| escaped(&it.end.say(language)))
    };
    text + &format!(
        "<tr><td>{}</td><td>{}</td></tr>\n",
        end(&pair.c),
        end(&pair.lab)
    )
}

/// A call behind its line.
fn cell(call: &NormalizedCall) -> String {
    let line = call
        .line
        .as_ref()
        .map_or_else(String::new, |line| line.line.to_string());
    format!("{line:>4} {}", escaped(&shorten::call(&call.to_string())))
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn markup_is_shown_and_not_obeyed() {
        let text = "<script>alert(\"x\")</script> & 'y'\u{1b}\u{0}";
        let safe = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;^[^@";
        assert_eq!(escaped(text), safe);
    }
}
