//! In which order the rows take their turns.
//!
//! A program that runs after a heavy one finds the caches cold. So the order changes from round to round, such
//! that after a round for each row, each has followed each other equally often (a Williams design).

/// The order of a round: positions 0 to `count` - 1, each once.
pub fn of(round: usize, count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |place| (round + step(place, count)) % count)
}

/// 0, 1, -1, 2, -2 …
fn step(place: usize, count: usize) -> usize {
    if place % 2 == 1 {
        place.div_ceil(2)
    } else {
        count - place / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_follows_each_other_once_in_six_rounds() {
        let mut pairs = Vec::new();
        for round in 0..6 {
            let order: Vec<usize> = of(round, 6).collect();
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2, 3, 4, 5], "round {round}");
            pairs.extend(order.windows(2).map(|pair| (pair[0], pair[1])));
        }
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), 30);
    }
}
