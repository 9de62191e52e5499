//! Standard SQL that SQLite lacks, in revisions of both formats: the database before, the statement, the
//! database after, on real SQLite.
#![allow(clippy::unwrap_used, clippy::panic)]

mod left_alone;
mod mistakes;
mod others;
mod tables;

use ambix_tests::{Typist, rows};
use rusqlite::Connection;

/// Both formats of revisions.
const FORMATS: [&str; 2] = ["sql", "py"];

/// A revision file.
fn revision(format: &str, id: &str, down: Option<&str>, upgrade: &str, downgrade: &str) -> String {
    match format {
        "sql" => format!(
            "-- revision: {id}\n-- revises: {}\n\n-- upgrade\n\n{upgrade};\n\n-- downgrade\n\n{downgrade};\n",
            down.unwrap_or_default()
        ),
        _ => {
            let down = down.map_or("None".into(), |down| format!("'{down}'"));
            let execute = |sql: &str| match sql {
                "" => "pass".into(),
                sql => format!("op.execute(r\"\"\"{sql}\n\"\"\")"),
            };
            format!(
                "from alembic import op\n\nrevision = '{id}'\ndown_revision = {down}\n\n\ndef upgrade():\n    {}\n\n\n\
                 def downgrade():\n    {}\n",
                execute(upgrade),
                execute(downgrade)
            )
        }
    }
}

/// A project whose first revision makes `before` and whose second one runs `upgrade`; it stands at the first.
fn project(format: &str, before: &str, upgrade: &str, downgrade: &str) -> Typist {
    let mut typist = Typist::new("");
    let first = revision("sql", "a1", None, before.trim_end_matches(';'), "");
    typist.files.insert("versions/a1_.sql".into(), first);
    let second = revision(format, "b2", Some("a1"), upgrade, downgrade);
    typist.files.insert(format!("versions/b2_.{format}"), second);
    typist.types_well("alembic upgrade a1");
    typist
}

/// The text of an object, as SQLite stores it.
fn text(database: &Connection, name: &str) -> String {
    let sql = "SELECT sql FROM sqlite_schema WHERE name = ?";
    database.query_row(sql, [name], |row| row.get(0)).unwrap_or_default()
}

/// All texts, sorted, and what the tables hold, but for what is kept for revisions.
fn whole(database: &Connection) -> Vec<String> {
    let select = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT IN \
                  ('alembic_version', '_ambix_journal') ORDER BY name";
    let mut all = Vec::new();
    for row in rows(database, select).unwrap().rows {
        let (name, sql) = (row[0].as_text().unwrap(), row[1].as_text().unwrap());
        // A script has blanks for tabs.
        all.push(sql.replace('\t', "    "));
        if sql.starts_with("CREATE TABLE") {
            all.push(format!(
                "{:?}",
                rows(database, &format!("SELECT * FROM \"{name}\"")).unwrap().rows
            ));
        }
    }
    all
}

/// The database that the script of all revisions gives.
fn offline(typist: &mut Typist) -> Connection {
    let script = typist.types_well("alembic upgrade head --sql").lines.join("\n");
    let database = Connection::open_in_memory().unwrap();
    database.execute_batch(&script).unwrap_or_else(|error| panic!("{error}\n{script}"));
    database
}
