//! The name that was meant.

/// The name among others that takes the fewest letters changed, put in or left out; a part of a name is near.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let distance = |other: &&str| match other.to_lowercase() {
        other if other.contains(&name) => 1,
        other => distance(&name, &other),
    };
    names.into_iter().min_by_key(distance)
}

/// How many letters are to be changed, put in or left out.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], place + 1);
        for (column, &of_other) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != of_other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_name_with_the_fewest_changes_is_meant() {
        let names = ["child_wait", "fork_test", "exec_test", "daemon"];
        for (name, meant) in [
            ("forktest", "fork_test"),
            ("exce_test", "exec_test"),
            ("WAIT", "child_wait"),
        ] {
            assert_eq!(nearest(name, names), Some(meant));
        }
        assert_eq!(nearest("x", []), None);
    }
}
