//! Random pairs of schemas: what makes the second of the first, and then the first again.

use crate::pairs::Plan;
use crate::programs::sample;
use ambix_core::autogenerate::{Comparison, Rename, Rules, compare};
use ambix_core::engine::{
    self, Answer, Body, Exchange, Origin, Request, Role, ScriptDirectory, Settings, Statement,
};
use ambix_core::operation::{Directive, Operation};
use ambix_core::revision::{Graph, Revision, RevisionId};
use ambix_core::schema::{NamingConvention, Schema};
use ambix_core::script::{self, NewSqlScript};
use ambix_core::sqlite::catalog;
use ambix_python::{NewScript, read_script, write_script};
use ambix_tests::alter::{Desk, pump};
use ambix_tests::dice::Dice;
use ambix_tests::perform;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::ops::Range;
use std::rc::Rc;

/// How the operations go from the comparison to the database.
#[derive(Clone, Copy, Debug)]
enum Road {
    Operations,
    Sql,
    Python { as_batch: bool },
}

/// 3,000 pairs, 30,000 with `AMBIX_TEST_ALL=1`, one with `AMBIX_TEST_SEED=n`.
#[test]
fn one_schema_becomes_the_other_and_itself_again() {
    let seeds = match std::env::var("AMBIX_TEST_SEED") {
        Ok(seed) => {
            let seed: u64 = seed.parse().expect("AMBIX_TEST_SEED is a number");
            seed..seed + 1
        }
        Err(_) => 0..sample(3_000, 30_000),
    };
    let middle = seeds.start.midpoint(seeds.end);
    let halves = [seeds.start..middle, middle..seeds.end];
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let told = |seeds: Range<u64>| seeds.filter_map(|seed| try_one(seed).err()).collect();
        let running = halves.map(|seeds| scope.spawn(move || -> Vec<String> { told(seeds) }));
        running.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    let first = wrong.first().cloned().unwrap_or_default();
    let others: Vec<&str> =
        wrong.iter().skip(1).take(99).filter_map(|problem| problem.lines().next()).collect();
    assert!(wrong.is_empty(), "{} wrong\n{first}\n{}", wrong.len(), others.join("\n"));
}

fn try_one(seed: u64) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let from = Plan::new(&mut dice);
    let to = from.changed(&mut dice);
    let road = match seed % 4 {
        0 => Road::Operations,
        1 => Road::Sql,
        nth => Road::Python { as_batch: nth == 2 },
    };
    let told = |problem| format!("AMBIX_TEST_SEED={seed} ({road:?}): {problem}");
    // The way back would have to make them up.
    let has_rows = !from.loses_values(&to);
    if seed.is_multiple_of(5)
        && let Some((to, table, old, new)) = to.renamed(&from, &mut dice)
    {
        let (table, old, new) = (table.map(String::from), old.into(), new.into());
        let rename = Rename { table, from: old, to: new };
        return judge([&from, &to], has_rows, road, Some(&rename)).map_err(told);
    }
    judge([&from, &to], has_rows, road, None).map_err(told)
}

fn judge(
    [from, to]: [&Plan; 2],
    has_rows: bool,
    road: Road,
    rename: Option<&Rename>,
) -> Result<(), String> {
    let database = from.made()?;
    if has_rows {
        from.fill(&database)?;
    }
    let (start, wanted) = (reflected(&database), reflected(&to.made()?));
    let rules = Rules { whole: true, names: matches!(road, Road::Python { .. }), ..Rules::ALL };
    let renamed = rename.map_or_else(|| start.clone(), |rename| rename.applied_to(&start));
    let before = kept_rows(&database, &renamed, &wanted, rename);
    let mut comparison = compare(&renamed, &wanted, &rules);
    if let Some(rename) = rename {
        comparison.downgrade.extend(rename.operation().reverse());
        comparison.upgrade.insert(0, rename.operation());
    }
    let told = |what: String| {
        format!(
            "{what}\nrenamed: {rename:?}\n--- from\n{}\n--- to\n{}\n{comparison:#?}",
            from.sql(),
            to.sql()
        )
    };
    let revision = Rc::new(One::new(through(&comparison, road).map_err(told)?));
    revision.run(&database, true).map_err(|problem| told(format!("up: {problem}")))?;
    nothing_left(&reflected(&database), &wanted, &rules).map_err(|it| told(format!("up: {it}")))?;
    let after = kept_rows(&database, &renamed, &wanted, None);
    if before != after {
        return Err(told(format!("rows are others: {before:?} and then {after:?}")));
    }
    revision.run(&database, false).map_err(|problem| told(format!("down: {problem}")))?;
    nothing_left(&reflected(&database), &start, &rules).map_err(|it| told(format!("down: {it}")))
}

fn nothing_left(there: &Schema, wanted: &Schema, rules: &Rules) -> Result<(), String> {
    let left = compare(there, wanted, rules);
    match left.upgrade.is_empty() && left.warnings.is_empty() {
        true => Ok(()),
        false => Err(format!("left: {:?}", left.findings)),
    }
}

/// Upgrade and downgrade as they are read again.
fn through(comparison: &Comparison, road: Road) -> Result<[Vec<Directive>; 2], String> {
    let (upgrade, downgrade) = (comparison.upgrade.clone(), comparison.downgrade.clone());
    let revision = "a".to_string();
    match road {
        Road::Operations => Ok([upgrade, downgrade].map(|operations: Vec<Operation>| {
            let one = |operation| Directive { operation, place: None };
            operations.into_iter().map(one).collect()
        })),
        Road::Sql => {
            let new = NewSqlScript { revision, upgrade, downgrade, ..NewSqlScript::default() };
            let text = script::write(&new).map_err(|error| error.to_string())?;
            let read = script::read("a.sql", &text).map_err(|error| format!("{error}\n{text}"))?;
            let section = |section: Result<script::Section, _>| match section {
                Ok(section) => Ok(section.directives),
                Err(error) => Err(format!("{error}\n{text}")),
            };
            Ok([section(read.upgrade)?, section(read.downgrade)?])
        }
        Road::Python { as_batch } => {
            let new = NewScript {
                revision,
                upgrade,
                downgrade,
                as_batch,
                autogenerated: true,
                ..NewScript::default()
            };
            let text = write_script(&new);
            let read = read_script("a.py", &text, &NamingConvention::default());
            let read = read.map_err(|error| format!("{error}\n{text}"))?;
            let told = |error| format!("{error}\n{text}");
            Ok([read.upgrade.map_err(told)?, read.downgrade.map_err(told)?])
        }
    }
}

/// One revision, which is all that there is.
struct One(Graph, Rc<Body>);

impl ScriptDirectory for One {
    fn graph(&self) -> &Graph {
        &self.0
    }
    fn body(&self, _: &RevisionId) -> Rc<Body> {
        Rc::clone(&self.1)
    }
}

impl One {
    fn new([upgrade, downgrade]: [Vec<Directive>; 2]) -> Self {
        let revision = Revision { id: RevisionId::stored("a"), ..Revision::default() };
        let body = Body { upgrade: Ok(upgrade), downgrade: Ok(downgrade) };
        Self(Graph::build(vec![revision]).0, Rc::new(body))
    }

    fn run(self: &Rc<Self>, database: &Connection, up: bool) -> Result<(), String> {
        let one = Rc::clone(self);
        let exchange = Exchange::new(async move |host| {
            let desk = Desk(host);
            let settings = Settings::default();
            match up {
                true => engine::upgrade(&desk, &*one, "head", &settings).await,
                false => engine::downgrade(&desk, &*one, "base", &settings).await,
            }
        });
        let ran = pump(exchange, |request| perform(database, request));
        ran.map(drop).map_err(|error| format!("{error} in {:?}", error.statement))
    }
}

pub(crate) fn reflected(database: &Connection) -> Schema {
    let origin = Origin { revision: None, role: Role::Read };
    let (sql, parameters) = (catalog::SELECT.into(), Vec::new());
    match perform(database, &Request::Query(Statement { sql, parameters, origin })) {
        Answer::Rows(rows) => catalog::read(&rows).0,
        other => panic!("{other:?}"),
    }
}

/// The values of the columns that both schemas have alike. Before the rename they have their old names.
fn kept_rows(
    database: &Connection,
    from: &Schema,
    to: &Schema,
    rename: Option<&Rename>,
) -> Vec<Vec<Value>> {
    let old_table = |name: &str| match rename {
        Some(Rename { table: None, from, to }) if to == name => from.clone(),
        _ => name.to_string(),
    };
    let old_column = |table: &str, name: &str| match rename {
        Some(Rename { table: Some(of), from, to }) if of == table && to == name => from.clone(),
        _ => name.to_string(),
    };
    let mut kept = Vec::new();
    for table in &from.tables {
        let Some(other) = to.table(&table.name) else { continue };
        for column in &table.columns {
            let is_kept = other.column(&column.name).is_some_and(|wanted| {
                wanted.data_type == column.data_type
                    && wanted.generated.is_none()
                    && column.generated.is_none()
            });
            if is_kept {
                let column = old_column(&table.name, &column.name);
                let table = old_table(&table.name);
                let sql = format!("SELECT \"{column}\" FROM \"{table}\" ORDER BY 1");
                let mut select = database.prepare(&sql).unwrap();
                let rows = select.query_map([], |row| row.get(0)).unwrap();
                kept.push(rows.map(Result::unwrap).collect());
            }
        }
    }
    kept
}
