//! Shapes and texts at their places.

use std::fmt::Write;

use crate::i18n::Language;

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
    /// Rules for classes of its own, behind those of the [`style`](super::style) of all pictures.
    pub own_style: &'static str,
    pub(super) shapes: Vec<Shape>,
    pub(super) texts: Vec<Label>,
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
pub(super) struct Shape {
    pub class: &'static str,
    pub markup: String,
    pub title: Option<String>,
}

/// A text, and the line of the lab's source that it is about.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub class: &'static str,
    pub x: f64,
    pub y: f64,
    pub size: f64,
    pub text: String,
    pub line: Option<u32>,
}

/// A length to a tenth, without a nought behind the point: pictures hold thousands of them.
pub(super) fn short(length: f64) -> String {
    let text = format!("{length:.1}");
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// How wide a text is at that size.
pub fn width_of(text: &str, size: f64) -> f64 {
    textwrap::core::display_width(text) as f64 * size * COLUMN
}

impl Picture {
    /// Nothing yet.
    pub fn new(language: Language, title: String, description: String) -> Picture {
        Picture {
            language,
            title,
            description,
            ..Picture::default()
        }
    }

    /// A rectangle.
    pub fn rectangle(
        &mut self,
        class: &'static str,
        [x, y, width, height]: [f64; 4],
        title: Option<String>,
    ) {
        let markup = [("x", x), ("y", y), ("width", width), ("height", height)]
            .map(|(name, it)| format!(r#" {name}="{}""#, short(it)));
        let markup = format!("rect{}", markup.concat());
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
            let _ = write!(data, "{letter}{} {}", short(*x), short(*y));
        }
        let markup = format!(r#"path d="{data}""#);
        self.shapes.push(Shape {
            class,
            markup,
            title,
        });
    }

    /// Lines that are one shape.
    pub fn lines(&mut self, class: &'static str, lines: &[[(f64, f64); 2]]) {
        let mut data = String::new();
        for [(x, y), (to_x, to_y)] in lines {
            let (right, down) = (short(to_x - x), short(to_y - y));
            let _ = write!(data, "M{} {}l{right} {down}", short(*x), short(*y));
        }
        if !data.is_empty() {
            self.shapes.push(Shape {
                class,
                markup: format!(r#"path d="{data}""#),
                title: None,
            });
        }
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
        self.text_of(None, class, x, y, size, text);
    }

    /// The same, about what a line of the lab's source did.
    pub fn text_of(
        &mut self,
        line: Option<u32>,
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
                line,
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
}
