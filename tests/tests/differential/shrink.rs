//! The smallest project that still shows a difference.

use super::case::{Case, Revision};

/// How often both programs are asked again for one difference.
const PATIENCE: usize = 150;

/// Leaves out whatever can be left out while `fails` holds.
pub(crate) fn shrink(case: Case, mut fails: impl FnMut(&mut Case) -> bool) -> Case {
    let mut smallest = case;
    let mut patience = PATIENCE;
    while let Some(smaller) = smaller(&smallest).into_iter().find_map(|mut candidate| {
        patience = patience.checked_sub(1)?;
        fails(&mut candidate).then_some(candidate)
    }) {
        smallest = smaller;
    }
    smallest
}

/// Everything that is smaller by one thing, boldest first.
fn smaller(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    for nth in 0..case.revisions.len() {
        all.extend(without_revision(case, nth));
    }
    let current = case.current.as_deref().unwrap_or_default();
    for nth in 0..current.len() {
        let mut rows = current.to_vec();
        rows.remove(nth);
        all.push(Case { current: Some(rows), ..case.clone() });
    }
    for (nth, revision) in case.revisions.iter().enumerate() {
        if !revision.branch_labels.is_empty() {
            all.push(with(case, nth, |revision| revision.branch_labels.truncate(0)));
        }
        if !revision.depends_on.is_empty() {
            all.push(with(case, nth, |revision| revision.depends_on.truncate(0)));
        }
        if revision.down_revision.len() > 1 {
            all.push(with(case, nth, |revision| revision.down_revision.truncate(1)));
        }
    }
    for nth in 1..case.words.len() {
        if case.words[nth] != "--" && case.words.len() > 2 {
            let mut words = case.words.clone();
            words.remove(nth);
            all.push(Case { words, ..case.clone() });
        }
    }
    all
}

/// Its children follow its parents instead. Nothing if somebody else names it.
fn without_revision(case: &Case, nth: usize) -> Option<Case> {
    let mut case = case.clone();
    let gone = case.revisions.remove(nth);
    let names = |word: &String| !word.is_empty() && gone.revision.starts_with(word.as_str());
    if case.revisions.iter().any(|other| other.depends_on.iter().any(names)) {
        return None;
    }
    for child in &mut case.revisions {
        if let Some(at) = child.down_revision.iter().position(|down| *down == gone.revision) {
            child.down_revision.remove(at);
            for parent in &gone.down_revision {
                if !child.down_revision.contains(parent) {
                    child.down_revision.push(parent.clone());
                }
            }
        }
    }
    case.current.iter_mut().for_each(|rows| rows.retain(|row| *row != gone.revision));
    Some(case)
}

fn with(case: &Case, nth: usize, change: impl FnOnce(&mut Revision)) -> Case {
    let mut case = case.clone();
    change(&mut case.revisions[nth]);
    case
}
