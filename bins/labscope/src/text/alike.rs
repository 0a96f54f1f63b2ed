//! How much of one text is in another.

/// So many letters of a text tell what it says.
const TELLING: usize = 200;

/// The letters that tell what a text says.
pub fn telling(letters: impl Iterator<Item = char>) -> String {
    letters.take(TELLING).collect()
}

/// Whether two fifths of so many letters are in common.
pub fn are_enough(common: usize, length: usize) -> bool {
    5 * common >= 2 * length
}

/// How many letters of two texts are the same in the same order.
pub fn in_common(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row = vec![0; other.len() + 1];
    for c in one.chars() {
        let mut diagonal = 0;
        for (place, d) in other.iter().enumerate() {
            let above = row[place + 1];
            row[place + 1] = match c == *d {
                true => diagonal + 1,
                false => above.max(row[place]),
            };
            diagonal = above;
        }
    }
    row[other.len()]
}
