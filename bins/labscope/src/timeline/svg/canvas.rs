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

    /// The stretches into which what lies right of `left` and above `bottom` is cut so that each is at most so wide.
    ///
    /// They are of about the same length, and a cut goes through as few texts as can be.
    pub fn rows(&self, (left, bottom): (f64, f64), width: f64) -> Vec<(f64, f64)> {
        const STEP: f64 = 2.0;
        let texts = self.texts().into_iter();
        let texts = texts.filter(|it| it.top < bottom && it.left >= left);
        let texts: Vec<(f64, f64)> = texts.map(|it| (it.left, it.left + it.width)).collect();
        let cut_texts = |x: f64| {
            texts
                .iter()
                .filter(|(from, to)| *from < x && x < *to)
                .count()
        };
        let end = texts.iter().map(|&(_, to)| to).fold(left, f64::max);
        let (mut rows, mut from) = (Vec::new(), left);
        while end - from > width {
            let rest = ((end - from) / width).ceil();
            let middle = from + (end - from) / rest;
            let reach = (width / 5.0 / STEP) as usize;
            let steps = (0..=reach).map(|step| step as f64 * STEP);
            let places = steps.flat_map(|away| [middle - away, middle + away]);
            let places = places.filter(|to| to - from <= width);
            let to = places.min_by_key(|&to| cut_texts(to)).unwrap_or(middle);
            rows.push((from, to));
            from = to;
        }
        rows.push((from, end.max(from + STEP)));
        rows
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_no_wider_than_the_paper_and_cut_through_no_text_that_can_be_spared() {
        let mut picture = Picture::default();
        for place in 0..20 {
            picture.text(
                "call",
                f64::from(place) * 120.0,
                50.0,
                10.0,
                "a text of 110",
            );
        }
        picture.text("call", 0.0, 500.0, 10.0, "a panel below, ".repeat(100));
        let rows = picture.rows((0.0, 100.0), 900.0);
        assert_eq!(rows.len(), 3, "{rows:?}");
        assert_eq!(
            (rows[0].0, rows[0].1, rows[1].1),
            (0.0, rows[1].0, rows[2].0)
        );
        let texts = picture.texts();
        for (from, to) in rows {
            assert!(to - from <= 900.0, "{from} {to}");
            let cut = |it: &&TextBox| it.top < 100.0 && it.left < to && to < it.left + it.width;
            assert_eq!(texts.iter().find(cut), None);
        }
        assert_eq!(picture.rows((0.0, 100.0), 9000.0).len(), 1);
    }
}
