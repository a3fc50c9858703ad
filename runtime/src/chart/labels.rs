//! Names at the ends of lines, so far from each other that they can be read.

/// Moves places apart until neighbours are at least `gap` from each other, all between `from` and `to` if there is room, and each as near as
/// possible to where it was.
pub(super) fn apart(places: &[f64], gap: f64, (from, to): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| at(places, *a).total_cmp(&at(places, *b)));
    // Groups of names that touch each other; a group stands with its middle where its names would like to.
    let mut groups: Vec<(f64, usize)> = Vec::new();
    for index in &order {
        groups.push((at(places, *index), 1));
        while let [.., (before, above), (wish, below)] = groups[..] {
            let half = |count: usize| (count_of(count) - 1.0) / 2.0 * gap;
            if bounded(wish, half(below), (from, to)) - half(below)
                >= bounded(before, half(above), (from, to)) + half(above) + gap
            {
                break;
            }
            let (m, n) = (count_of(above), count_of(below));
            groups.truncate(groups.len() - 2);
            groups.push(((before * m + wish * n) / (m + n), above + below));
        }
    }
    let tops = groups.iter().flat_map(|(middle, count)| {
        let half = (count_of(*count) - 1.0) / 2.0 * gap;
        let top = bounded(*middle, half, (from, to)) - half;
        (0..*count).map(move |n| top + count_of(n) * gap)
    });
    let mut moved = places.to_vec();
    for (index, place) in order.iter().zip(tops) {
        if let Some(moved) = moved.get_mut(*index) {
            *moved = place;
        }
    }
    moved
}

fn at(places: &[f64], index: usize) -> f64 {
    places.get(index).copied().unwrap_or(0.0)
}

#[expect(clippy::cast_precision_loss, reason = "there are few names")]
fn count_of(count: usize) -> f64 {
    count as f64
}

/// The middle of a group that reaches `half` upwards and downwards, moved so that the group is within the range; from the beginning of
/// the range if it is too long.
fn bounded(middle: f64, half: f64, (from, to): (f64, f64)) -> f64 {
    middle.min(to - half).max(from + half)
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn names_keep_their_order_and_their_distance() {
        let range = (0.0, 100.0);
        assert_eq!(apart(&[], 10.0, range), [0.0; 0]);
        assert_eq!(apart(&[30.0, 80.0], 10.0, range), [30.0, 80.0]);
        assert_eq!(apart(&[54.0, 50.0], 10.0, range), [57.0, 47.0]);
        assert_eq!(apart(&[99.0, 100.0, 98.0], 10.0, range), [90.0, 100.0, 80.0]);
        assert_eq!(apart(&[0.0, 0.0, 14.0], 10.0, range), [0.0, 10.0, 20.0]);
    }
}
