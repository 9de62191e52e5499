//! Revisions that declare that they cannot be taken back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::diagnostic::Code;
use ambix_tests::{Typist, rows};
use serde_json::Value;

const FIRST: &str =
    "-- revision: aaaa\n\n-- upgrade\n\nCREATE TABLE a (x);\n\n-- downgrade\n\nDROP TABLE a;\n";

const SQL: &str = "-- revision: bbbb\n-- revises: aaaa\n-- message: forget\n\
    -- irreversible: names are gone for good\n\n-- upgrade\n\nDROP TABLE a;\n";

fn python(body: &str) -> String {
    format!(
        "\"\"\"forget\"\"\"\nfrom alembic import op\nrevision = 'bbbb'\ndown_revision = 'aaaa'\n\n\
         def upgrade():\n    op.drop_table('a')\n\n{body}"
    )
}

fn typist(path: &str, second: &str) -> Typist {
    let mut typist = Typist::new("");
    typist.files.insert("versions/aaaa.sql".into(), FIRST.into());
    typist.files.insert(path.into(), second.into());
    typist
}

#[test]
fn a_downgrade_through_it_is_refused_before_anything_runs() {
    let third = "-- revision: cccc\n-- revises: bbbb\n\n-- upgrade\n\nCREATE TABLE c (x);\n\n\
        -- downgrade\n\nDROP TABLE c;\n";
    let mut typist = typist("versions/bbbb.sql", SQL);
    typist.files.insert("versions/cccc.sql".into(), third.into());
    typist.types_well("alembic upgrade head");
    let before = typist.whole_database();
    let refused = typist.types("alembic downgrade base");
    let error = refused.error();
    assert_eq!(error.code, Code::DeclaredIrreversible);
    assert_eq!(error.message, "Revision bbbb is irreversible: names are gone for good");
    assert_eq!(error.place.as_ref().unwrap().to_string(), "versions/bbbb.sql:4:18");
    assert!(error.hints[0].text.contains("a copy of the database"));
    assert_eq!(error.hints[1].command.as_deref(), Some("stamp aaaa"));
    assert_eq!(typist.whole_database(), before);
    // What is above it can be taken back.
    typist.types_well("alembic downgrade bbbb");
    typist.types_well("alembic stamp aaaa");
}

#[test]
fn a_python_script_says_it_in_one_of_three_ways() {
    for (body, message) in [
        ("irreversible = True\n", "Revision bbbb is irreversible: it cannot be taken back"),
        (
            "irreversible = 'rows are gone'\ndef downgrade():\n    pass\n",
            "Revision bbbb is irreversible: rows are gone",
        ),
        (
            "def downgrade():\n    \"\"\"No.\"\"\"\n    raise NotImplementedError('no way back')\n",
            "Revision bbbb is irreversible: no way back",
        ),
        (
            "def downgrade() -> None:\n    raise Exception\n",
            "Revision bbbb is irreversible: it cannot be taken back",
        ),
    ] {
        let mut typist = typist("versions/bbbb.py", &python(body));
        typist.types_well("alembic upgrade head");
        let before = typist.whole_database();
        let refused = typist.types("alembic downgrade -1");
        assert_eq!(refused.error().code, Code::DeclaredIrreversible, "{body}");
        assert_eq!(refused.error().message, message);
        assert_eq!(typist.whole_database(), before);
    }
}

#[test]
fn a_declaration_that_cannot_be_read_is_an_error() {
    let mut typist = typist("versions/bbbb.py", &python("irreversible = why()\n"));
    let error = typist.types("alembic history");
    assert!(error.error().message.starts_with("`irreversible` must be True or the reason"));
}

#[test]
fn it_cannot_have_a_downgrade_too() {
    let both = format!("{SQL}\n-- downgrade\n");
    let mut typist = typist("versions/bbbb.sql", &both);
    typist.types_well("alembic upgrade head");
    let refused = typist.types("alembic downgrade -1");
    assert_eq!(refused.error().code, Code::SqlRevision);
    assert_eq!(refused.error().hints[0].text, "take one of the two out");
}

#[test]
fn the_journal_stores_it() {
    let mut typist = typist("versions/bbbb.sql", SQL);
    typist.types_well("alembic upgrade head");
    let select = "SELECT downgrade FROM _ambix_journal WHERE revision = 'bbbb'";
    let stored = rows(&typist.database, select).unwrap().rows;
    assert_eq!(
        stored[0][0].as_text(),
        Some(r#"{"irreversible":"Revision bbbb is irreversible: names are gone for good"}"#)
    );
}

#[test]
fn listings_and_plans_say_it_and_plain_lines_stay() {
    let mut typist = typist("versions/bbbb.sql", SQL);
    assert_eq!(
        typist.types_well("alembic history").lines,
        ["aaaa -> bbbb (head), forget", "<base> -> aaaa, "]
    );
    let said = "Irreversible: names are gone for good".to_string();
    assert!(typist.types_well("alembic history -v").lines.contains(&said));
    assert!(typist.types_well("alembic show bbbb").lines.contains(&said));
    let list = typist.types_well("alembic history --json").lines.join("\n");
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list[0]["irreversible"], "names are gone for good");
    assert_eq!(list[1]["irreversible"], false);
    let plan = typist.types_well("alembic plan head").lines;
    assert!(plan.contains(&"-- irreversible: names are gone for good".to_string()), "{plan:?}");
}

#[test]
fn verify_applies_it_and_goes_on() {
    let mut typist = typist("versions/bbbb.sql", SQL);
    assert_eq!(typist.types_well("alembic verify").lines, ["aaaa ok, ", "bbbb ok, forget"]);
}
