//! Shapes and texts at their places, and how they are written as SVG.

use std::fmt::Write;

use crate::scenario::Language;

/// The width of a column of text, in parts of its size: a little more than monospace fonts take.
const COLUMN: f64 = 0.61;

/// A finished picture.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    pub width: f64,
    pub height: f64,
    pub title: String,
    pub description: String,
    pub language: Language,
    shapes: Vec<Shape>,
    texts: Vec<Label>,
}

/// The room that a text takes, by an estimate of its font's width.
#[derive(Clone, Debug, PartialEq)]
pub struct TextBox {
    pub text: String,
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// A line or an area; what it stands for is its title.
#[derive(Clone, Debug)]
struct Shape {
    class: &'static str,
    markup: String,
    title: Option<String>,
}

#[derive(Clone, Debug)]
struct Label {
    class: &'static str,
    x: f64,
    y: f64,
    size: f64,
    text: String,
}

/// How wide a text is at that size.
pub fn width_of(text: &str, size: f64) -> f64 {
    textwrap::core::display_width(text) as f64 * size * COLUMN
}

impl Picture {
    /// A rectangle.
    pub fn rectangle(
        &mut self,
        class: &'static str,
        [x, y, width, height]: [f64; 4],
        title: Option<String>,
    ) {
        let markup =
            format!(r#"rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}""#);
        self.shapes.push(Shape {
            class,
            markup,
            title,
        });
    }

    /// Lines from point to point.
    pub fn path(&mut self, class: &'static str, points: &[(f64, f64)], title: Option<String>) {
        let mut data = String::new();
        for (place, (x, y)) in points.iter().enumerate() {
            let letter = if place == 0 { 'M' } else { 'L' };
            let _ = write!(data, "{letter}{x:.1} {y:.1}");
        }
        let markup = format!(r#"path d="{data}""#);
        self.shapes.push(Shape {
            class,
            markup,
            title,
        });
    }

    /// A filled triangle that points along the line from `from` to `to`.
    pub fn head(&mut self, class: &'static str, from: (f64, f64), to: (f64, f64)) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(0.1);
        let (ux, uy) = (dx / length * 7.0, dy / length * 7.0);
        let base = (to.0 - ux, to.1 - uy);
        let side = (-uy * 0.45, ux * 0.45);
        let corners = [
            to,
            (base.0 + side.0, base.1 + side.1),
            (base.0 - side.0, base.1 - side.1),
            to,
        ];
        self.path(class, &corners, None);
    }

    /// A text that begins at x; y is its base line.
    pub fn text(
        &mut self,
        class: &'static str,
        x: f64,
        y: f64,
        size: f64,
        text: impl Into<String>,
    ) {
        let text = text.into();
        if !text.is_empty() {
            self.texts.push(Label {
                class,
                x,
                y,
                size,
                text,
            });
        }
    }

    /// A text with its middle at x.
    pub fn centred(&mut self, class: &'static str, x: f64, y: f64, size: f64, text: &str) {
        self.text(class, x - width_of(text, size) / 2.0, y, size, text);
    }

    /// The room of every text.
    pub fn texts(&self) -> Vec<TextBox> {
        let room = |label: &Label| TextBox {
            text: label.text.clone(),
            left: label.x,
            top: label.y - label.size * 0.8,
            width: width_of(&label.text, label.size),
            height: label.size,
        };
        self.texts.iter().map(room).collect()
    }

    /// The picture as a file of its own, which may also stand inside an HTML page.
    pub fn svg(&self) -> String {
        let language = match self.language {
            Language::En => "en",
            Language::Ko => "ko",
        };
        let (width, height) = (self.width.ceil(), self.height.ceil());
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"timeline\" role=\"img\" xml:lang=\"{language}\" lang=\"{language}\" \
             width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
             <title>{}</title>\n<desc>{}</desc>\n{STYLE}",
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
        } in &self.texts
        {
            let _ = writeln!(
                svg,
                "<text class=\"tl-{class}\" x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" xml:space=\"preserve\">{}</text>",
                escape(text)
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
const STYLE: &str = include_str!("style.svg");
