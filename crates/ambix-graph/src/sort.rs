//! One sort for lists of all types. std's is compiled anew for each type and for speed; in WebAssembly that was a
//! twentieth of all code. It is stable, and takes time in proportion to n log n.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// Sorts a list.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts a list by a key of each item.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

/// Sorts a list by this order of two items.
pub fn sort_by<T>(items: &mut [T], mut order: impl FnMut(&T, &T) -> Ordering) {
    let mut from =
        merged(items.len(), &mut |one, other| match (items.get(one), items.get(other)) {
            (Some(one), Some(other)) => order(one, other),
            _ => Ordering::Equal,
        });
    for start in 0..from.len() {
        let mut to = start;
        while let Some(next) = from.get_mut(to).map(|next| core::mem::replace(next, to)) {
            if next == start || next == to {
                break;
            }
            items.swap(to, next);
            to = next;
        }
    }
}

/// For each place of the sorted list, where the item is that belongs there.
fn merged(length: usize, order: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut now: Vec<usize> = (0..length).collect();
    // Most lists are in order.
    if (1..length).all(|at| order(at - 1, at).is_le()) {
        return now;
    }
    let mut width = 1;
    while width < length {
        let mut next = Vec::with_capacity(length);
        for run in now.chunks(width.saturating_mul(2)) {
            let (mut left, mut right) = run.split_at(width.min(run.len()));
            while let (Some(one), Some(other)) = (left.first(), right.first()) {
                let taken = if order(*one, *other).is_le() { &mut left } else { &mut right };
                if let Some((first, rest)) = taken.split_first() {
                    next.push(*first);
                    *taken = rest;
                }
            }
            next.extend_from_slice(left);
            next.extend_from_slice(right);
        }
        now = next;
        width *= 2;
    }
    now
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn lists_are_sorted_and_equal_items_stay_as_they_were() {
        for length in [0, 1, 2, 3, 7, 8, 100, 1_000] {
            let mut seed = 7_u64;
            let mut items: Vec<(u64, usize)> = (0..length)
                .map(|at| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (seed >> 60, at)
                })
                .collect();
            let mut wanted = items.clone();
            wanted.sort_by_key(|(key, _)| *key);
            sort_by_key(&mut items, |(key, _)| *key);
            assert_eq!(items, wanted);
        }
        let mut words = vec!["b", "c", "a"];
        sort(&mut words);
        assert_eq!(words, ["a", "b", "c"]);
    }
}
