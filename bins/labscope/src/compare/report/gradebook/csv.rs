//! The table of a class, RFC 4180: what a spreadsheet opens, and obeys nothing of.

use crate::compare::report::gradebook::Row;
use crate::i18n::Language;
use crate::text::visible::visible;

/// The first line, and a line a student. Points are a number, and what they are of stands last: of `1/10` a spreadsheet
/// makes a date.
pub fn table(rows: &[Row], language: Language) -> String {
    let head = "student,verdict,points,behaviour,wording,line,of\r\n".to_owned();
    let rows = rows.iter().map(|row| {
        let line = row.line.clone().unwrap_or_default();
        let fields = [
            field(&row.student),
            field(row.verdict.say(language)),
            row.points().to_string(),
            field(row.behaviour.as_deref().unwrap_or_default()),
            field(row.wording.as_deref().unwrap_or_default()),
            line,
            row.most_points().to_string(),
        ];
        fields.join(",") + "\r\n"
    });
    head + &rows.collect::<String>()
}

/// One field: on one line, its control characters shown; what a spreadsheet would take for a formula stands behind an
/// apostrophe.
fn field(text: &str) -> String {
    let text = visible(text).replace('\n', " ");
    let is_formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%']);
    let apostrophe = if is_formula { "'" } else { "" };
    format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_is_neither_obeyed_nor_cut() {
        for (text, shown) in [
            ("kim", "\"kim\""),
            ("a,\"b\"\nc", "\"a,\"\"b\"\" c\""),
            ("=1+1", "\"'=1+1\""),
            (" \t@SUM(A1)", "\"'     @SUM(A1)\""),
            ("-2", "\"'-2\""),
            ("＝HYPERLINK()", "\"'＝HYPERLINK()\""),
            ("\u{1b}[2J\u{9b}\0", "\"^[[2J\\x9b^@\""),
            ("=\r\ncmd", "\"'= cmd\""),
        ] {
            assert_eq!(field(text), shown, "{text:?}");
        }
    }
}
