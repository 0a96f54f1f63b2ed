//! The rows: one and the same program, written or linked in six ways.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// The labs themselves, as they are shipped.
    Rawlabs,
    /// The C twin, linked to glibc as a student does it.
    Dynamic,
    /// The C twin with glibc inside.
    Static,
    /// The C twin with musl inside.
    Musl,
    /// Ordinary Rust.
    Std,
    /// System calls and nothing else: what no program can be cheaper than.
    Floor,
}

impl Variant {
    pub const ALL: [Variant; 6] = [
        Variant::Rawlabs,
        Variant::Dynamic,
        Variant::Static,
        Variant::Musl,
        Variant::Std,
        Variant::Floor,
    ];

    /// How the tables name it.
    pub fn name(self) -> &'static str {
        match self {
            Variant::Rawlabs => "rawlabs",
            Variant::Dynamic => "C dynamic",
            Variant::Static => "C static",
            Variant::Musl => "C musl",
            Variant::Std => "Rust std",
            Variant::Floor => "floor",
        }
    }

    /// How its files are named.
    pub fn key(self) -> &'static str {
        match self {
            Variant::Rawlabs => "rawlabs",
            Variant::Dynamic => "dynamic",
            Variant::Static => "static",
            Variant::Musl => "musl",
            Variant::Std => "std",
            Variant::Floor => "floor",
        }
    }
}
