use super::{error, sql};

const TABLE: &str = "p = sa.table('p', sa.column('id', sa.Integer), sa.column('a', sa.String), \
                     sa.column('n', sa.Integer), sa.column('ok', sa.Boolean), sa.column('d', sa.Date))\n";

fn check(statement: &str, expected: &str) {
    assert_eq!(sql(&format!("{TABLE}{statement}")), expected, "{statement}");
}

#[test]
fn texts_with_values_for_their_parameters() {
    check(
        "op.execute(sa.text('UPDATE p SET a = :a, n = :n, d = :d').bindparams(sa.bindparam('a', \"it's\"), n=5, d=None))",
        "UPDATE p SET a = 'it''s', n = 5, d = NULL",
    );
    check(
        "op.execute('SELECT \\':a\\' || \\\\:b', execution_options={'x': 1})",
        "SELECT ':a' || :b",
    );
    assert!(error("op.execute(sa.text('SELECT :a'))").contains("`:a`, without a value"));
    assert!(
        error("op.execute('VACUUM', execution_options={'isolation_level': 'AUTOCOMMIT'})")
            .starts_with("`isolation_level` is not supported")
    );
}

#[test]
fn the_connection_is_one_way_to_say_it() {
    check(
        "conn = op.get_bind()\nconn.execute(sa.text('DELETE FROM p WHERE id = :i'), [{'i': 1}, {'i': 2}])\n\
         op.get_bind().execute(sa.insert(p), [{'id': 1, 'a': 'x'}])\nconn.exec_driver_sql('SELECT 1')",
        "DELETE FROM p WHERE id = 1;\nDELETE FROM p WHERE id = 2;\n\
         INSERT INTO p (id, a) VALUES (1, 'x');\nSELECT 1",
    );
    assert_eq!(
        error("conn = op.get_bind()\nconn.execute('SELECT 1')"),
        "Not an executable object: 'SELECT 1' -> Write it as `sa.text(\"…\")`."
    );
    assert!(
        error("conn = op.get_bind()\nfor row in conn.execute(sa.text('SELECT 1')):\n    pass")
            .starts_with("What this revision does depends on the database that it finds")
    );
}

#[test]
fn inserts() {
    check("op.execute(p.insert().values(a='x', id=1))", "INSERT INTO p (id, a) VALUES (1, 'x')");
    check(
        "op.execute(sa.insert(p).values([{'id': 1, 'ok': True}, {'id': 2, 'd': datetime.date(2021, 2, 3)}]))",
        "INSERT INTO p (id, ok) VALUES (1, 1);\nINSERT INTO p (id, d) VALUES (2, '2021-02-03')",
    );
    check(
        "op.execute(p.insert().prefix_with('OR IGNORE').values(id=op.inline_literal(4)))",
        "INSERT OR IGNORE INTO p (id) VALUES (4)",
    );
    assert!(
        error(&format!("{TABLE}op.execute(p.insert().values(nope=1))"))
            .starts_with("Unconsumed column names: nope")
    );
}

#[test]
fn updates() {
    check(
        "op.execute(p.update().where(p.c.id == 3).values(a=op.inline_literal('lit'), n=p.c.n + 5))",
        "UPDATE p SET a='lit', n=(p.n + 5) WHERE p.id = 3",
    );
    check(
        "op.execute(sa.update(p).where(sa.or_(p.c.id == 3, p.c.a != None), p.c.n > 2).values({'a': 'b', p.c.n: 1}))",
        "UPDATE p SET a='b', n=1 WHERE (p.id = 3 OR p.a IS NOT NULL) AND p.n > 2",
    );
    check(
        "op.execute(p.update().values(a=p.c.a + 'x', n=sa.null()))",
        "UPDATE p SET a=(p.a || 'x'), n=NULL",
    );
    check(
        "op.execute(p.update().where(p.c.d < datetime.date(2020, 1, 1)).values(n=(p.c.n - 1) * 2 / 3))",
        "UPDATE p SET n=(((p.n - 1) * 2) / (3 + 0.0)) WHERE p.d < '2020-01-01'",
    );
}

#[test]
fn deletes() {
    check("op.execute(p.delete())", "DELETE FROM p");
    check("op.execute(p.delete().where(p.c.ok == True))", "DELETE FROM p WHERE p.ok = 1");
    check(
        "op.execute(p.delete().where(p.c.ok.is_(False), p.c.id.notin_([1]), p.c['id'].between(1, 2)))",
        "DELETE FROM p WHERE p.ok IS 0 AND (p.id NOT IN (1)) AND p.id BETWEEN 1 AND 2",
    );
    assert!(
        error(&format!("{TABLE}op.execute(p.delete().returning(p.c.id))"))
            .starts_with("`.returning()` is not read in `op.execute`")
    );
}

/// A column of which nothing is said.
const UNTYPED: &str =
    "t = sa.table('t', sa.column('a', sa.String), sa.column('n', sa.Integer), sa.column('u'))\n";

#[test]
fn plus_between_two_values_of_no_known_type_is_refused() {
    for value in [
        "t.c.u + t.c.u",
        "sa.func.lower(t.c.a) + sa.func.upper(t.c.a)",
        "sa.column('a') + sa.column('b')",
        "sa.func.lower(t.c.a) + sa.text(\"'z'\")",
    ] {
        let error = error(&format!("{UNTYPED}op.execute(t.update().values(a={value}))"));
        let expected =
            "It is not known whether this `+` joins texts or adds numbers -> Write it as SQL";
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_condition_of_nothing_is_left_out() {
    check("op.execute(p.delete().where(sa.and_()))", "DELETE FROM p");
    check(
        "op.execute(p.delete().where(sa.and_(sa.or_(), p.c.n == 1), sa.or_()))",
        "DELETE FROM p WHERE p.n = 1",
    );
    let error = error(&format!("{TABLE}op.execute(p.delete().where(sa.not_(sa.and_())))"));
    assert!(error.starts_with("A condition of nothing has no meaning in SQL"), "{error}");
}

#[test]
fn what_is_no_value_is_told_without_an_argument_that_there_is_not() {
    let error_of = |statement: &str| error(&format!("{TABLE}{statement}"));
    let of_where = error_of("op.execute(p.delete().where(p.c.n == [1]))");
    assert!(
        of_where.starts_with(
            "A value in the statement of `op.execute` must be a value that SQLite can store, not a list"
        ),
        "{of_where}"
    );
    let of_values = error_of("op.execute(p.update().values(5))");
    assert!(
        of_values.starts_with("`.values()` in `op.execute` must have a dict, not the number 5"),
        "{of_values}"
    );
}
