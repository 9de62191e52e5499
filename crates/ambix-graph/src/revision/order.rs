//! The order in which revisions come.

use super::Graph;
use super::graph::marked;
use alloc::{vec, vec::Vec};

impl Graph {
    /// The positions marked in `included`, each after all that it needs.
    ///
    /// Where the order is free it is that of Alembic (`RevisionMap._topological_sort`), which walks down
    /// from the newest revisions, in the order of positions, and follows a branch as far as it can.
    pub fn in_order(&self, included: &[bool]) -> Vec<usize> {
        let chosen: Vec<usize> = marked(included).collect();
        // What lies between two chosen ones orders them too.
        let (below, above) = (self.ancestry(&chosen), self.progeny(&chosen));
        let walkable: Vec<bool> = below.iter().zip(above).map(|(a, b)| *a && b).collect();
        let mut order = self.newest_first(&walkable);
        order.retain(|at| included[*at]);
        order.reverse();
        order
    }

    fn newest_first(&self, included: &[bool]) -> Vec<usize> {
        // How many of those that need each revision have not been walked yet.
        let mut waits = vec![0_usize; self.len()];
        for at in marked(included) {
            self.needs[at].iter().for_each(|needed| waits[*needed] += 1);
        }
        let mut walked = vec![false; self.len()];
        let mut open: Vec<usize> = marked(included).filter(|at| waits[*at] == 0).collect();
        let mut is_open = vec![false; self.len()];
        open.iter().for_each(|at| is_open[*at] = true);
        let mut order = Vec::new();
        let mut next = Vec::new();
        let mut turn = 0;
        while let Some(at) = open.get(turn).copied() {
            if waits[at] > 0 {
                // Something that needs it has to be walked first.
                turn = self.first_above(at, &open, &walked);
                continue;
            }
            order.push(at);
            walked[at] = true;
            next.clear();
            for needed in self.needs[at].iter().filter(|needed| included[**needed]) {
                waits[*needed] -= 1;
                if !core::mem::replace(&mut is_open[*needed], true) {
                    next.push(*needed);
                }
            }
            match next.split_first() {
                Some((first, others)) => {
                    open[turn] = *first;
                    open.extend(others);
                }
                None => {
                    open.remove(turn);
                    turn = turn.saturating_sub(1);
                }
            }
        }
        order
    }

    /// The first place in `open` of a revision that needs the one at `at` and is not walked yet.
    fn first_above(&self, at: usize, open: &[usize], walked: &[bool]) -> usize {
        let mut above = vec![false; self.len()];
        let mut todo: Vec<usize> = self.followers[at].to_vec();
        while let Some(child) = todo.pop() {
            if !walked[child] && !core::mem::replace(&mut above[child], true) {
                todo.extend(&self.followers[child]);
            }
        }
        open.iter().position(|revision| above[*revision]).unwrap_or(0)
    }
}
