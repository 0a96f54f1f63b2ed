//! A picture written as SVG: a file of its own, or a part of a page.

use std::fmt::Write;

use crate::i18n::Language;
use crate::timeline::svg::canvas::{Label, Picture, Shape, short};
use crate::timeline::svg::layout::SIZE;

impl Picture {
    /// The picture as a file of its own.
    pub fn svg(&self) -> String {
        let style = style() + self.own_style;
        self.markup(&format!("<style>\n{style}</style>\n"))
    }

    /// The picture for a page that holds the [`style`] once for all its pictures.
    pub fn inline(&self) -> String {
        self.markup("")
    }

    fn markup(&self, style: &str) -> String {
        let language = match self.language {
            Language::En => "en",
            Language::Ko => "ko",
        };
        let (width, height) = (self.width.ceil(), self.height.ceil());
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"timeline\" role=\"img\" xml:space=\"preserve\" font-size=\"{SIZE}\" xml:lang=\"{language}\" lang=\"{language}\" \
             width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
             <title>{}</title>\n<desc>{}</desc>\n{style}",
            escape(&self.title),
            escape(&self.description),
        );
        svg.push_str("<rect class=\"tl-paper\" width=\"100%\" height=\"100%\"/>\n");
        for Shape {
            class,
            markup,
            title,
        } in &self.shapes
        {
            let _ = match title {
                Some(title) => writeln!(
                    svg,
                    "<{markup} class=\"tl-{class}\"><title>{}</title></{}>",
                    escape(title),
                    tag(markup)
                ),
                None => writeln!(svg, "<{markup} class=\"tl-{class}\"/>"),
            };
        }
        for Label {
            class,
            x,
            y,
            size,
            text,
            line,
        } in &self.texts
        {
            let of = line.map_or_else(String::new, |line| format!(" data-of=\"r{line}\""));
            let size = match *size == SIZE {
                true => String::new(),
                false => format!(" font-size=\"{size}\""),
            };
            let (x, y, text) = (short(*x), short(*y), escape(text));
            let _ = writeln!(
                svg,
                "<text class=\"tl-{class}\"{of} x=\"{x}\" y=\"{y}\"{size}>{text}</text>"
            );
        }
        svg + "</svg>\n"
    }
}

fn tag(markup: &str) -> &str {
    markup.split(' ').next().unwrap_or_default()
}

/// A text for XML, where some control characters may not even be written in code.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' | '\r' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

/// Colours after Okabe and Ito; every state has a pattern or an outline of its own as well.
const STYLE: &str = include_str!("style.css");

/// The style sheet of all pictures, which touches nothing else of a page.
///
/// Viewers that know no variables of CSS (librsvg, Inkscape) skip what uses them: the light colour stands before it.
pub fn style() -> String {
    let (light, _) = STYLE.split_once('}').unwrap_or_default();
    let light = || {
        light
            .split([';', '{'])
            .filter_map(|one| one.trim().split_once(": "))
    };
    let mut style = String::new();
    for declaration in STYLE.split_inclusive([';', '{', '}']) {
        if declaration.contains("var(") {
            style += &light().fold(declaration.to_owned(), |text, (name, colour)| {
                text.replace(&format!("var({name})"), colour)
            });
        }
        style += declaration;
    }
    style
}
