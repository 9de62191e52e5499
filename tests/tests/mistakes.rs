//! Input that is wrong: what is said, where, and that nothing has changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::diagnostic::Code;
use ambix_tests::Typist;

/// A revision file whose upgrade has this body.
fn script(id: &str, down: Option<&str>, body: &str) -> (String, String) {
    let down = down.map_or("None".into(), |down| format!("'{down}'"));
    let text = format!(
        "\"\"\"{id}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = '{id}'\n\
         down_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n    {body}\n\n\n\
         def downgrade():\n    pass\n"
    );
    (format!("versions/{id}_.py"), text)
}

fn typist(scripts: &[(&str, Option<&str>, &str)]) -> Typist {
    let mut typist = Typist::new("");
    typist.files.extend(scripts.iter().map(|(id, down, body)| script(id, *down, body)));
    typist
}

/// Types a line that fails, sees that nothing has changed, and gives "code: message" and the place.
fn fails(typist: &mut Typist, line: &str) -> (String, String) {
    let (database, files) = (typist.whole_database(), typist.files.clone());
    let answered = typist.types(line);
    assert_ne!(answered.exit_code, 0, "{line}");
    assert_eq!(typist.whole_database(), database, "{line}");
    assert_eq!(typist.files, files, "{line}");
    let error = answered.error();
    assert!(!error.hints.is_empty() || error.place.is_some(), "no way out: {error:?}");
    let place = error.place.as_ref().map(ToString::to_string).unwrap_or_default();
    (format!("{}: {}", error.code, error.message), place)
}

#[test]
fn a_later_revision_that_cannot_be_read_stops_all_before_anything_runs() {
    for (body, message) in [
        ("op.alter_column('t', 'a', nullable=sometimes)", "nullable"),
        ("op.execute('SELECT 1; COMMIT')", "COMMIT"),
        ("op.create_table('u', sa.Column('a', sa.Nope()))", "Nope"),
    ] {
        let first = ("aaaa", None, "op.execute('CREATE TABLE t (a)')");
        let mut typist = typist(&[first, ("bbbb", Some("aaaa"), body)]);
        let (error, place) = fails(&mut typist, "alembic upgrade head");
        assert!(error.contains(message), "{error}");
        assert!(place.starts_with("versions/bbbb_.py:12:"), "{place}");
    }
}

#[test]
fn a_third_statement_that_fails_undoes_the_first_two() {
    let body = "op.execute('CREATE TABLE t (a)')\n    op.execute('INSERT INTO t VALUES (1)')\n    \
                op.execute('INSERT INTO nope VALUES (1)')";
    let mut typist = typist(&[("aaaa", None, body)]);
    let (error, place) = fails(&mut typist, "alembic upgrade head");
    assert_eq!(error, "statement-failed: no such table: nope");
    assert_eq!(place, "versions/aaaa_.py:14:5");
}

#[test]
fn an_ambiguous_address_names_what_it_could_be() {
    let mut typist = typist(&[("abcd1", None, "pass"), ("abcd2", Some("abcd1"), "pass")]);
    let answered = typist.types("alembic upgrade abcd");
    assert_eq!(answered.error().message, "Can't locate revision identified by 'abcd'");
    assert_eq!(answered.error().code, Code::AmbiguousRevision);
    assert!(answered.error().hints[0].text.contains("abcd1, abcd2"));
}

#[test]
fn two_heads_need_a_decision() {
    let mut typist = typist(&[
        ("aaaa", None, "pass"),
        ("bbbb", Some("aaaa"), "pass"),
        ("cccc", Some("aaaa"), "pass"),
    ]);
    let (error, _) = fails(&mut typist, "alembic upgrade head");
    assert!(error.contains("Multiple head revisions are present for given argument 'head'"));
    let (error, _) = fails(&mut typist, "alembic revision -m x");
    assert!(error.contains("Multiple heads are present; please specify the head revision"));
    typist.types_well("alembic upgrade heads");
    assert_eq!(typist.types_well("alembic current").lines, ["bbbb (head)", "cccc (head)"]);
}

#[test]
fn graphs_that_are_none() {
    let mut cycle = typist(&[("aaaa", Some("bbbb"), "pass"), ("bbbb", Some("aaaa"), "pass")]);
    let (error, place) = fails(&mut cycle, "alembic heads");
    assert_eq!(error, "revision-cycle: Cycle is detected in revisions (aaaa, bbbb)");
    assert_eq!(place, "versions/aaaa_.py:6:1");
    let mut orphan = typist(&[("aaaa", Some("gone"), "pass")]);
    assert!(fails(&mut orphan, "alembic history").0.starts_with("missing-parent: "));
}

#[test]
fn ids_that_would_not_do() {
    let mut typist = typist(&[("aaaa", None, "pass")]);
    for id in ["a-b", "../models", "q\"\"\"q", "head", "a b", "aaaa", ".x", "''"] {
        fails(&mut typist, &format!("alembic revision -m x '--rev-id={id}'"));
    }
}

#[test]
fn models_that_are_not_understood_name_their_line() {
    for (models, code, place) in [
        (
            "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer,\n",
            "python-syntax",
            "models.py:",
        ),
        (
            "from sqlalchemy import Column\nclass A(Base):\n    __tablename__ = 'a'\n    id = Column(make())\n",
            "python-unsupported",
            "models.py:4:",
        ),
    ] {
        let mut typist = Typist::new(models);
        let (error, at) = fails(&mut typist, "alembic revision --autogenerate -m x");
        assert!(error.starts_with(code), "{error}");
        assert!(at.starts_with(place), "{at}");
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let mut typist = Typist::new(&"(".repeat(100_000));
    fails(&mut typist, "alembic revision --autogenerate -m x");
}

#[test]
fn what_is_kept_for_a_revision_it_may_not_change_itself() {
    for sql in [
        "INSERT INTO alembic_version VALUES ('zz')",
        "CREATE TEMP TABLE alembic_version (version_num)",
        "DROP TABLE _ambix_journal",
        // SQLite takes a byte order mark for a blank.
        "CREATE TABLE a (x); \u{feff}COMMIT",
    ] {
        let body = format!("op.execute({sql:?})");
        let body = body.replace("\\u{feff}", "\\ufeff");
        let mut typist = typist(&[("aaaa", None, "pass"), ("bbbb", Some("aaaa"), &body)]);
        typist.types_well("alembic upgrade aaaa");
        let (said, _) = fails(&mut typist, "alembic upgrade head");
        assert!(said.starts_with("forbidden-statement: "), "{sql}: {said}");
    }
}
