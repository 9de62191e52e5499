//! Recorded revisions (`recorded/ops.jsonl`) through the program: what Alembic made of the database, what a revision
//! must not lose even where Alembic does, and that the script of `--sql` does the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_tests::compare::{Compared, How, same};
use ambix_tests::folder::{Folder, content};
use ambix_tests::project::alembic_project;
use ambix_tests::replay::{Listed, replay};
use ambix_tests::schema::{facts, made_of};
use ambix_tests::shell::Program;
use ambix_tests::sql_text::{join, tokens};
use rusqlite::{Connection, types::Value as Stored};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
struct Case {
    /// What makes the database that the revision finds.
    start_sql: Vec<String>,
    revision_py: String,
    #[serde(default)]
    env: Environment,
    expect: Expect,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Environment {
    naming_convention: Option<Value>,
    foreign_keys: bool,
    transactional_ddl: bool,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Expect {
    /// What the start says and the upgrade must leave.
    keeps: Vec<String>,
    /// At least so many rows stay in each table.
    keeps_rows: BTreeMap<String, usize>,
    /// The least that `sqlite_sequence` says afterwards.
    keeps_sequence: BTreeMap<String, i64>,
    /// Whether Alembic loses something that has to be kept.
    alembic_loses: bool,
    /// The revision is wrong for this database: an error that changes nothing.
    must_fail: bool,
    /// Alembic fails: the same, or success that loses nothing.
    may_fail: bool,
    downgrade_may_fail: bool,
    schema_after_upgrade: Option<Vec<String>>,
    rows_after_upgrade: Rows,
    schema_after_downgrade: Option<Vec<String>>,
    rows_after_downgrade: Rows,
}

type Rows = BTreeMap<String, Vec<BTreeMap<String, Value>>>;

#[test]
fn revisions_do_what_alembic_recorded_and_lose_nothing() {
    let program = Program::under_test();
    let listed = if program.is_alembic { Listed::default() } else { Listed::read() };
    replay(include_str!("../recorded/ops.jsonl"), 1, &listed, |case| judge(case, &program));
}

#[test]
fn the_script_does_the_same() {
    let program = Program::under_test();
    let mut cases = 0;
    let mut wrong = Vec::new();
    for line in include_str!("../recorded/ops.jsonl").lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let id = serde_json::from_str::<Value>(line).unwrap()["id"].to_string();
        match offline_equals_online(&case, &program) {
            Ok(true) => cases += 1,
            Ok(false) => {}
            Err(problem) => wrong.push(format!("{id}: {problem}")),
        }
    }
    println!("{cases} scripts do what the upgrade does");
    assert!(wrong.is_empty(), "{}\n\n{} wrong", wrong.join("\n\n"), wrong.len());
    assert!(cases > 100, "{cases}");
}

/// A project with the revision of the case in it.
fn project(case: &Case) -> Folder {
    let folder = alembic_project(&[], "", None);
    let mut env = include_str!("../recorded/project/env.py").to_string();
    if let Some(convention) = &case.env.naming_convention {
        let metadata = format!(
            "from sqlalchemy import MetaData\n\ntarget_metadata = MetaData(naming_convention={convention})"
        );
        env = env.replace("target_metadata = None", &metadata);
    }
    if case.env.transactional_ddl {
        env = env.replace(
            "target_metadata=target_metadata,)",
            "target_metadata=target_metadata, transactional_ddl=True)",
        );
    }
    if case.env.foreign_keys {
        let mark = "    with connectable.connect() as connection:\n";
        let listener = "    from sqlalchemy import event\n\n    @event.listens_for(connectable, \"connect\")\n    \
                        def foreign_keys_on(dbapi_connection, connection_record):\n        \
                        dbapi_connection.execute(\"PRAGMA foreign_keys=ON\")\n\n";
        env = env.replace(mark, &format!("{listener}{mark}"));
    }
    folder.write("migrations/env.py", &env);
    folder
}

fn judge(case: &Case, program: &Program) -> Compared {
    let folder = project(case);
    folder.write("migrations/versions/ops000000001.py", &case.revision_py);
    for statement in &case.start_sql {
        folder.execute(statement);
    }
    let expect = &case.expect;
    if program.is_alembic && expect.alembic_loses {
        return Ok(());
    }
    let start = facts(&folder.database()).unwrap();
    if !step(program, &folder, ["upgrade", "head"], expect.may_fail, expect.must_fail)? {
        return Ok(());
    }
    let after = folder.database();
    let mut kept: BTreeSet<String> = expect.keeps.iter().map(|fact| plain(fact)).collect();
    if let Some(schema) = &expect.schema_after_upgrade {
        same_facts("schema after upgrade", schema, &after, &kept)?;
        same_rows("after upgrade", &expect.rows_after_upgrade, &after)?;
    }
    keeps(expect, &after)?;
    if expect.may_fail
        || !step(program, &folder, ["downgrade", "base"], expect.downgrade_may_fail, false)?
    {
        return Ok(());
    }
    if let Some(schema) = &expect.schema_after_downgrade {
        kept.extend(start.iter().map(|fact| plain(fact)));
        same_facts("schema after downgrade", schema, &folder.database(), &kept)?;
        same_rows("after downgrade", &expect.rows_after_downgrade, &folder.database())?;
    }
    Ok(())
}

/// Runs a command. Gives whether it succeeded; if it may not, an error that changes nothing will do.
fn step(
    program: &Program,
    folder: &Folder,
    command: [&str; 2],
    may_fail: bool,
    must_fail: bool,
) -> Result<bool, String> {
    let before = content(&folder.database());
    let run = program.run(&folder.here, &command, &[])?;
    if run.exit_code == 0 && !must_fail {
        return Ok(true);
    }
    let is_allowed = may_fail || must_fail;
    if !is_allowed || !program.is_clean_error(&run) {
        return Err(format!("{} ends with {}\n{}", command[0], run.exit_code, run.tail()));
    }
    same("the database after the error", &before, &content(&folder.database()), How::Exact)?;
    Ok(false)
}

/// In one spacing, as the sentences were recorded.
fn plain(sentence: &str) -> String {
    join(&tokens(sentence))
}

fn keeps(expect: &Expect, database: &Connection) -> Compared {
    let found: BTreeSet<String> = facts(database).unwrap().iter().map(|fact| plain(fact)).collect();
    let lost: Vec<&String> =
        expect.keeps.iter().filter(|fact| !found.contains(&plain(fact))).collect();
    if !lost.is_empty() {
        return Err(format!("lost: {lost:#?}\nthere is: {found:#?}"));
    }
    for (table, least) in &expect.keeps_rows {
        let count = number(database, &format!("SELECT count(*) FROM \"{table}\""));
        if count < i64::try_from(*least).unwrap() {
            return Err(format!("{table} has {count} of {least} rows"));
        }
    }
    for (table, least) in &expect.keeps_sequence {
        let sequence =
            number(database, &format!("SELECT seq FROM sqlite_sequence WHERE name = '{table}'"));
        if sequence < *least {
            return Err(format!("the sequence of {table} is {sequence}, not {least}"));
        }
    }
    Ok(())
}

fn number(database: &Connection, select: &str) -> i64 {
    database.query_row(select, [], |row| row.get(0)).unwrap_or(-1)
}

/// What the schema says is what Alembic's says. What has to be kept, and after a downgrade what was there at the start,
/// may be there beside or in place of that.
fn same_facts(
    what: &str,
    want: &[String],
    database: &Connection,
    kept: &BTreeSet<String>,
) -> Compared {
    let Ok(reference) = made_of(want) else {
        return Err(format!("{what}: what was recorded is no schema"));
    };
    let plain_facts = |database: &Connection| -> BTreeSet<String> {
        facts(database).unwrap().iter().map(|fact| plain(fact)).collect()
    };
    let (want, got) = (plain_facts(&reference), plain_facts(database));
    let in_place: BTreeSet<&str> = got.intersection(kept).map(|fact| subject(fact)).collect();
    let missing = want.difference(&got).filter(|fact| !in_place.contains(subject(fact)));
    let more = got.difference(&want).filter(|fact| !kept.contains(*fact));
    let differences: Vec<String> =
        missing.map(|fact| format!("-{fact}")).chain(more.map(|fact| format!("+{fact}"))).collect();
    match differences.is_empty() {
        true => Ok(()),
        false => Err(format!("{what} differs\n{}", differences.join("\n"))),
    }
}

/// What a fact is about: of two facts with one subject only one can be true.
fn subject(fact: &str) -> &str {
    let of_column = [": type ", ": default "].iter().find_map(|word| fact.find(word));
    let of_index = fact.find(": ").filter(|_| fact.contains("index "));
    let of_key = fact.rfind(" (").filter(|_| fact.contains("foreign key"));
    &fact[..of_column.or(of_index).or(of_key).unwrap_or(fact.len())]
}

fn same_rows(what: &str, want: &Rows, database: &Connection) -> Compared {
    for (table, want) in want.iter().filter(|(table, _)| *table != "sqlite_sequence") {
        let got = rows(database, table);
        // Rows that Alembic loses may be there.
        if *want == got || got.len() > want.len() {
            continue;
        }
        return Err(format!("rows of {table} {what}: {got:#?} instead of {want:#?}"));
    }
    Ok(())
}

fn rows(database: &Connection, table: &str) -> Vec<BTreeMap<String, Value>> {
    let mut select = database.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
    let names: Vec<String> = select.column_names().map(String::from).collect();
    let row = |row: &rusqlite::Row<'_>| {
        let value = |at: usize| match row.get(at).unwrap() {
            Stored::Null => Value::Null,
            Stored::Integer(number) => number.into(),
            Stored::Real(number) => number.into(),
            Stored::Text(text) => text.into(),
            Stored::Blob(bytes) => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                serde_json::json!({ "$blob": hex })
            }
        };
        Ok(names.iter().enumerate().map(|(at, name)| (name.clone(), value(at))).collect())
    };
    select.query_map([], row).unwrap().map(Result::unwrap).collect()
}

/// Whether the script of a case could be compared: `upgrade --sql` on a copy does what `upgrade` does. The database
/// that the revision finds is made by a revision before it, so that the script knows it.
fn offline_equals_online(case: &Case, program: &Program) -> Result<bool, String> {
    if case.expect.may_fail || case.expect.must_fail {
        return Ok(false);
    }
    let folder = project(case);
    let start: String = case.start_sql.iter().map(|sql| format!("{sql};\n")).collect();
    folder.write(
        "migrations/versions/start.sql",
        &format!("-- revision: ops000000000\n\n-- upgrade\n\n{start}\n-- downgrade\n"),
    );
    let script = case.revision_py.replace(
        "down_revision: Union[str, Sequence[str], None] = None",
        "down_revision: Union[str, Sequence[str], None] = 'ops000000000'",
    );
    folder.write("migrations/versions/ops000000001.py", &script);
    let online = program.run(&folder.here, &["upgrade", "head"], &[])?;
    if online.exit_code != 0 {
        return Ok(false);
    }
    let offline = program.run(&folder.here, &["upgrade", "head", "--sql"], &[])?;
    if offline.err.contains("depends on rows that only the database can give") {
        // Nor does Alembic write such a script: without a database there is no `op.get_bind()`.
        println!("{}: reads rows", folder.here.display());
        return Ok(false);
    }
    if offline.exit_code != 0 {
        return Err(format!("upgrade --sql ends with {}\n{}", offline.exit_code, offline.tail()));
    }
    let copy = Connection::open_in_memory().unwrap();
    copy.pragma_update(None, "foreign_keys", case.env.foreign_keys).unwrap();
    copy.execute_batch(&offline.out).map_err(|error| format!("{error}\n{}", offline.out))?;
    same("the copy", &content(&folder.database()), &content(&copy), How::Exact)
        .map_err(|problem| format!("{problem}\n{}", offline.out))?;
    Ok(true)
}
