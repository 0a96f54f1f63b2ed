//! The tables of the READMEs, from what the labs say of themselves: `make tables`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::beside::markdown;
use crate::cli::beside::{FILES, Guide, guides};
use crate::cli::timeline::recorded;
use crate::i18n::beside as words;
use crate::i18n::readme::head_of_labs;
use crate::i18n::{Language, failure, run};
use crate::project::{Room, labs};
use crate::scenario;
use crate::text::file;
use crate::timeline::svg;

/// Writes the tables into the READMEs anew; the labs are built.
pub fn write(root: &Path) -> Result<()> {
    for (name, language) in FILES {
        let path = root.join(name);
        let text = file::read(&path)?;
        let text = replaced(&text, "labs", &table(root, language)?)
            .and_then(|text| replaced(&text, "sizes", &sizes(root)?))
            .with_context(|| path.display().to_string())?;
        file::write(&path, text)?;
        let path = root.join(picture_file(language));
        let picture = picture(root, language)?;
        if fs::read_to_string(&path).is_ok_and(|old| told(&old) == told(&picture)) {
            continue; // only pids and times would change
        }
        file::write(&path, picture)?;
    }
    beside_real_ones(root)
}

/// Where the picture lies that a README begins with.
pub fn picture_file(language: Language) -> &'static str {
    language.pick(".github/child_wait.svg", ".github/child_wait.ko.svg")
}

/// That picture: child_wait on a terminal; of its timeline what fits a README's first screen.
pub fn picture(root: &Path, language: Language) -> Result<String> {
    let scenarios = scenario::load(root, "child_wait")?;
    let scenario = scenarios.chosen("child_wait", Some("tty"))?;
    let mut timeline = recorded(root, "child_wait", scenario)?;
    timeline.forks.clear();
    timeline.moments.clear();
    Ok(svg::svg(&timeline, language))
}

/// Writes the tables of the guides in which other programs stand, where all of those are on this machine.
fn beside_real_ones(root: &Path) -> Result<()> {
    for Guide {
        path,
        language,
        marks,
        table,
    } in guides(root)?
    {
        let missing: Vec<&str> = table.missing.iter().map(|it| it.name.as_str()).collect();
        if !missing.is_empty() {
            let guide = path.display().to_string();
            let left = words::not_all_installed(Language::of_locale(), &guide, &missing.join(", "));
            eprintln!("{left}");
            continue;
        }
        let text = replaced(&file::read(&path)?, &marks, &markdown(&table, language));
        let text = text.with_context(|| path.display().to_string())?;
        file::write(&path, text)?;
    }
    Ok(())
}

/// What a picture tells of each of its parts, without numbers.
pub fn told(picture: &str) -> Vec<String> {
    let parts = picture.split("<title>").skip(1);
    let titles = parts.map(|part| part.split("</title>").next().unwrap_or_default());
    let words = titles.map(|title| {
        let pieces = title.split(|c: char| c.is_ascii_digit() || c == '.');
        pieces
            .filter(|piece| !piece.is_empty())
            .collect::<Vec<_>>()
            .join("#")
    });
    // A pause that is cut short has its seconds alone. Who runs does so once more after a moment in which it could not.
    // A terminal may keep a write waiting, on a busy machine.
    let by_chance = |words: &String| words.trim() == "s" || words.contains("(write)");
    let mut words: Vec<String> = words.filter(|words| !by_chance(words)).collect();
    words.dedup();
    words
}

/// The table of the labs, a row a lab, in the order of the lecture.
pub fn table(root: &Path, language: Language) -> Result<String> {
    let mut lines = vec![
        head_of_labs(language).to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    for lab in labs(root)? {
        lines.push(row(root, &lab, language)?);
    }
    Ok(lines.join("\n"))
}

fn row(root: &Path, lab: &str, language: Language) -> Result<String> {
    let head = scenario::head(root, lab)?;
    let room = Room::of(root, lab);
    let guide = language.pick("README.md", "README.ko.md");
    let link = |text: String, file: &Path| {
        let path = file.strip_prefix(root).unwrap_or(file);
        format!("[{text}]({})", path.display())
    };
    let listing = |file: &Path| {
        let name = file.file_name().unwrap_or_default();
        link(name.display().to_string(), file)
    };
    let code = |word: &String| format!("`{word}`");
    let calls: Vec<String> = head.calls.iter().map(code).collect();
    // One source may be two programs: then the file is shown that both are made of.
    let c = room.source(lab, "c");
    let c = match (c.canonicalize(), root.canonicalize()) {
        (Ok(file), Ok(top)) => file.strip_prefix(top).map_or(c, |file| root.join(file)),
        _ => bail!(failure::is_not_there(c.display())),
    };
    let c = [listing(&c)]
        .into_iter()
        .chain(head.c_flags.iter().map(code));
    let cells = [
        link(code(&lab.to_owned()), &room.folder.join(guide)),
        head.slide.get(language).to_owned(),
        listing(&room.source(lab, "rs")),
        c.collect::<Vec<String>>().join(", "),
        calls.join(" "),
        head.watch.get(language).to_owned(),
    ];
    Ok(format!("| {} |", cells.join(" | ")))
}

/// What `make size` prints.
fn sizes(root: &Path) -> Result<String> {
    let size = |lab: String| {
        let path = root.join("build").join(&lab);
        let about = path.metadata();
        let about = about.with_context(|| failure::cannot_find(path.display()))?;
        Ok((about.len(), lab))
    };
    let sizes = labs(root)?.into_iter().map(size);
    let mut sizes = sizes.collect::<Result<Vec<(u64, String)>>>()?;
    let total = sizes.iter().map(|(size, _)| size).sum::<u64>();
    sizes.push((total, "total".to_owned()));
    let width = total.to_string().len();
    let lines = sizes
        .iter()
        .map(|(size, name)| format!("{size:width$} {name}\n"));
    Ok(format!(
        "```\n$ make size\n{}```",
        lines.collect::<String>()
    ))
}

/// The place of a table in a README, between the lines `<!-- name: make tables -->` and `<!-- end of name -->`.
pub fn between<'a>(text: &'a str, name: &str) -> Result<&'a str> {
    let begin = format!("<!-- {name}: make tables -->\n");
    let end = format!("\n<!-- end of {name} -->");
    let found = text.split_once(&begin);
    match found.and_then(|(_, rest)| rest.split_once(&end)) {
        Some((inside, _)) => Ok(inside),
        None => bail!(run::no_marks(begin, end)),
    }
}

fn replaced(text: &str, name: &str, table: &str) -> Result<String> {
    let old = between(text, name)?;
    let start = old.as_ptr() as usize - text.as_ptr() as usize;
    Ok([&text[..start], table, &text[start + old.len()..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_marks_is_replaced() {
        let text = "a\n<!-- labs: make tables -->\n| old |\n| older |\n<!-- end of labs -->\nb\n";
        let new = replaced(text, "labs", "| new |").expect("a table");
        let expected = "a\n<!-- labs: make tables -->\n| new |\n<!-- end of labs -->\nb\n";
        assert_eq!(new, expected);
        assert_eq!(between(&new, "labs").expect("a table"), "| new |");
        assert!(replaced(text, "sizes", "").is_err());
    }
}
