//! Random projects, places of the database and command lines. Same seed, same cases.

use super::case::{Case, Revision};
use ambix_tests::dice::Dice;
use std::collections::BTreeSet;

/// A case of its own: the seed is all that it depends on.
pub(crate) fn case(seed: u64) -> Case {
    let dice = &mut Dice::new(seed);
    let mut revisions = project(dice);
    if dice.percent(3) {
        damage(dice, &mut revisions);
    }
    let names = Names::of(&revisions);
    let commands = dice.between(0, 4);
    let preparation = (0..commands).map(|_| names.moving(dice)).collect();
    let words = if dice.percent(65) { names.moving(dice) } else { names.asking(dice) };
    Case { revisions, preparation, current: None, words }
}

const WORDS: [&str; 12] = [
    "amber", "basil", "cedar", "delta", "ember", "fable", "grape", "hazel", "iris", "jade", "kelp",
    "lotus",
];

fn project(dice: &mut Dice) -> Vec<Revision> {
    let ids = ids(dice);
    let (merges, forks) = (*dice.one(&[0, 20, 40]), *dice.one(&[0, 15, 40]));
    let (bases, needs) = (*dice.one(&[0, 0, 15]), *dice.one(&[0, 0, 15, 30]));
    let labelled = *dice.one(&[0, 15, 30]);
    let mut revisions: Vec<Revision> = Vec::new();
    let mut below: Vec<BTreeSet<String>> = Vec::new();
    for (nth, id) in ids.iter().enumerate() {
        let before = &ids[..nth];
        let has_child =
            |id: &String| revisions.iter().any(|child| child.down_revision.contains(id));
        let tips: Vec<String> = before.iter().filter(|id| !has_child(id)).cloned().collect();
        let down = match nth {
            0 => Vec::new(),
            _ if dice.percent(bases) => Vec::new(),
            _ if tips.len() > 1 && dice.percent(merges) => {
                let count = dice.between(2, 3);
                dice.some(&tips, count)
            }
            _ if dice.percent(forks) => dice.some(before, 1),
            _ => dice.some(&tips, 1),
        };
        let mut under: BTreeSet<String> = down.iter().cloned().collect();
        let add_below = |under: &mut BTreeSet<String>, ids: &[String]| {
            for id in ids {
                let at = before.iter().position(|other| other == id);
                under.extend(at.into_iter().flat_map(|at| below[at].clone()));
            }
        };
        add_below(&mut under, &down);
        let beside: Vec<String> =
            before.iter().filter(|id| !under.contains(*id)).cloned().collect();
        let mut depends_on = Vec::new();
        if !beside.is_empty() && dice.percent(needs) {
            let count = if dice.percent(80) { 1 } else { 2 };
            let needed = dice.some(&beside, count);
            add_below(&mut under, &needed);
            under.extend(needed.iter().cloned());
            depends_on = needed.iter().map(|id| reference(dice, id, &revisions)).collect();
        }
        let mut branch_labels = Vec::new();
        if dice.percent(labelled) {
            branch_labels.push(format!("{}{nth}", dice.one(&["api", "web", "core", "data_"])));
            if dice.percent(15) {
                branch_labels.push(format!("second{nth}"));
            }
        }
        let message = format!("{} {}", dice.one(&["add", "drop", "alter"]), dice.one(&WORDS));
        below.push(under);
        let revision = id.clone();
        revisions.push(Revision {
            revision,
            down_revision: down,
            branch_labels,
            depends_on,
            message,
        });
    }
    if dice.percent(50) {
        dice.shuffle(&mut revisions);
    }
    revisions
}

/// `depends_on` may name an id, its beginning, or a label.
fn reference(dice: &mut Dice, id: &str, revisions: &[Revision]) -> String {
    let of = revisions.iter().find(|revision| revision.revision == id);
    match of.and_then(|revision| revision.branch_labels.first()) {
        Some(label) if dice.percent(40) => label.clone(),
        _ if dice.percent(25) && id.len() > 5 => id[..dice.between(4, id.len() - 1)].into(),
        _ => id.into(),
    }
}

fn ids(dice: &mut Dice) -> Vec<String> {
    let count = if dice.percent(5) { dice.between(1, 2) } else { dice.between(3, 13) };
    let style = dice.between(0, 3);
    let mut ids: Vec<String> = Vec::new();
    while ids.len() < count {
        let mut id = match style {
            0 | 1 => format!("{:012x}", dice.number() & 0xFFFF_FFFF_FFFF),
            2 => format!("{}_{}", dice.one(&WORDS), dice.between(1, 99)),
            _ => format!("{}{}", dice.one(&["a", "b", "c", "dd"]), dice.between(0, 40)),
        };
        // Beginnings that several ids have.
        if style < 2 && !ids.is_empty() && dice.percent(20) {
            let shared = dice.between(3, 9);
            id = format!("{}{}", &dice.one(&ids)[..shared], &id[shared..]);
        }
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// What a merge by hand leaves behind.
fn damage(dice: &mut Dice, revisions: &mut Vec<Revision>) {
    let at = dice.between(0, revisions.len() - 1);
    let other = dice.one(revisions).clone();
    match dice.between(0, 4) {
        0 => revisions[at].down_revision.push("absent0000".into()),
        1 => revisions[at].depends_on = vec!["absent0000".into()],
        2 => revisions[at].down_revision = vec![other.revision],
        3 => revisions[at].branch_labels = other.branch_labels,
        _ => {
            let twice = Revision { message: "the same id".into(), ..other };
            revisions.push(twice);
        }
    }
}

/// What can be named in a project.
struct Names {
    ids: Vec<String>,
    labels: Vec<String>,
}

impl Names {
    fn of(revisions: &[Revision]) -> Self {
        Self {
            ids: revisions.iter().map(|revision| revision.revision.clone()).collect(),
            labels: revisions.iter().flat_map(|revision| revision.branch_labels.clone()).collect(),
        }
    }

    fn id(&self, dice: &mut Dice) -> String {
        let id = dice.one(&self.ids);
        match dice.between(1, 100) {
            1..=70 => id.clone(),
            71..=94 => id[..dice.between(1, id.len())].into(),
            95..=97 => format!("{id}0"),
            _ => dice.one(&["zzzz9999", "nowhere", "not there", "a@b@c", "1.5", ""]).to_string(),
        }
    }

    fn branch(&self, dice: &mut Dice) -> String {
        match self.labels.is_empty() || dice.percent(20) {
            true if dice.percent(10) => "nolabel".into(),
            true => self.id(dice),
            false => dice.one(&self.labels).clone(),
        }
    }

    /// Something from the whole grammar of addresses.
    fn target(&self, dice: &mut Dice) -> String {
        let far = if dice.percent(90) { dice.between(1, 3) } else { dice.between(0, 20) };
        let sign = *dice.one(&["+", "-"]);
        match dice.between(1, 100) {
            1..=24 => self.id(dice),
            25..=32 => "head".into(),
            33..=44 => "heads".into(),
            45..=50 => "base".into(),
            51..=62 => format!("{sign}{far}"),
            63..=70 => format!("{}@{}", self.branch(dice), dice.one(&["head", "heads", "base"])),
            71..=78 => format!("{}@{sign}{far}", self.branch(dice)),
            79..=85 => format!("{}{sign}{far}", self.id(dice)),
            86..=90 => {
                format!("{}{sign}{far}", dice.one(&["head", "head", "heads", "base", "base"]))
            }
            91..=94 => format!("{}@{}", self.branch(dice), self.id(dice)),
            95..=96 => format!("{}@{}{sign}{far}", self.branch(dice), self.id(dice)),
            97 => self.branch(dice),
            98 => "current".into(),
            _ => format!("{}:{}", self.id(dice), self.id(dice)),
        }
    }

    /// A command that moves the database.
    fn moving(&self, dice: &mut Dice) -> Vec<String> {
        let command =
            *dice.one(&["upgrade", "upgrade", "upgrade", "downgrade", "downgrade", "stamp"]);
        let mut words = vec![command.to_string()];
        let mut targets = vec![self.target(dice)];
        if command == "stamp" {
            if dice.percent(20) {
                words.push("--purge".into());
            }
            while dice.percent(25) {
                targets.push(self.target(dice));
            }
        }
        if command == "upgrade" && dice.percent(20) {
            targets = vec!["heads".into()];
        }
        // Without it argparse would take `-x` for an option, which is a case of its own.
        if dice.percent(95) {
            words.push("--".into());
        }
        words.extend(targets);
        words
    }

    /// A command that lists.
    fn asking(&self, dice: &mut Dice) -> Vec<String> {
        let command =
            *dice.one(&["history", "history", "history", "heads", "branches", "current", "show"]);
        let mut words = vec![command.to_string()];
        let mut option = |dice: &mut Dice, chance, option: &str| {
            if dice.percent(chance) {
                words.push(option.into());
            }
        };
        match command {
            "history" => {
                option(dice, 30, "--verbose");
                option(dice, 30, "-i");
                if dice.percent(70) {
                    words.push(format!("-r={}", self.range(dice)));
                }
            }
            "heads" => {
                option(dice, 40, "--verbose");
                option(dice, 40, "--resolve-dependencies");
            }
            "current" => {
                option(dice, 30, "--verbose");
                option(dice, 30, "--check-heads");
            }
            "show" => words.extend(["--".into(), self.target(dice)]),
            _ => option(dice, 40, "--verbose"),
        }
        words
    }

    fn range(&self, dice: &mut Dice) -> String {
        let end = |dice: &mut Dice| match dice.between(1, 100) {
            1..=15 => String::new(),
            16..=50 => dice.one(&self.ids).clone(),
            51..=70 => "current".into(),
            _ => self.target(dice),
        };
        let (start, stop) = (end(dice), end(dice));
        if dice.percent(96) { format!("{start}:{stop}") } else { start }
    }
}
