use alloc::{vec, vec::Vec};
use core::ops::Index;

/// Arrows between positions: for each one, where its arrows lead. Two lists, however many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Edges {
    /// Where the arrows of each position begin in `ends`; one more at the end.
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Edges {
    /// The arrows `(from, to)` between `size` positions. Those of one position keep their order.
    pub(super) fn new(size: usize, arrows: &[(usize, usize)]) -> Self {
        let mut starts = vec![0; size + 1];
        for (from, _) in arrows {
            starts[from + 1] += 1;
        }
        for at in 0..size {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut ends = vec![0; arrows.len()];
        for (from, to) in arrows {
            ends[next[*from]] = *to;
            next[*from] += 1;
        }
        Self { starts, ends }
    }

    /// The same arrows the other way round.
    pub(super) fn reversed(&self) -> Self {
        let arrows: Vec<(usize, usize)> = self.arrows().map(|(from, to)| (to, from)).collect();
        Self::new(self.len(), &arrows)
    }

    /// These arrows and others, each once.
    pub(super) fn with(&self, other: &Self) -> Self {
        let mut arrows = Vec::with_capacity(self.ends.len() + other.ends.len());
        for at in 0..self.len() {
            arrows.extend(self[at].iter().map(|to| (at, *to)));
            let new = other[at].iter().filter(|to| !self[at].contains(to));
            arrows.extend(new.map(|to| (at, *to)));
        }
        Self::new(self.len(), &arrows)
    }

    /// Those for which `keep` is true of (from, to).
    pub(super) fn kept(&self, keep: impl Fn(usize, usize) -> bool) -> Self {
        let arrows: Vec<_> = self.arrows().filter(|(from, to)| keep(*from, *to)).collect();
        Self::new(self.len(), &arrows)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn arrows(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.len()).flat_map(|at| self[at].iter().map(move |to| (at, *to)))
    }

    /// For each position whether a walk from one of `from` gets there.
    pub(super) fn reach(&self, from: &[usize]) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut open = from.to_vec();
        while let Some(at) = open.pop() {
            if !core::mem::replace(&mut reached[at], true) {
                open.extend(&self[at]);
            }
        }
        reached
    }
}

impl Index<usize> for Edges {
    type Output = [usize];

    fn index(&self, at: usize) -> &[usize] {
        &self.ends[self.starts[at]..self.starts[at + 1]]
    }
}
