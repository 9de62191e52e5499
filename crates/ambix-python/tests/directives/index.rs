use super::sql;

#[test]
fn keys_of_every_kind() {
    for (keys, expected) in [
        ("'a', 'b'", "a, b"),
        ("sa.text('lower(a)'), sa.literal_column('b').desc()", "lower(a), b DESC"),
        (
            "sa.desc('a'), sa.column('b').collate('NOCASE').desc()",
            "a DESC, b COLLATE \"NOCASE\" DESC",
        ),
        ("sa.func.coalesce(sa.column('a'), 'x', 1)", "coalesce(a, 'x', 1)"),
        ("sa.cast(sa.column('a'), sa.Integer), sa.column('b') + 1", "CAST(a AS INTEGER), b + 1"),
    ] {
        let body = format!("op.create_index('ix', 't', [{keys}])");
        assert_eq!(sql(&body), format!("CREATE INDEX ix ON t ({expected})"), "{body}");
    }
}

#[test]
fn conditions_of_every_kind() {
    for (condition, expected) in [
        ("sa.text('a > 1')", "a > 1"),
        ("sa.column('a').is_not(None)", "a IS NOT NULL"),
        ("sa.and_(sa.column('a') > 1, sa.column('b') == 'v')", "a > 1 AND b = 'v'"),
        ("sa.or_(sa.column('a') == 1, sa.column('b').in_([1, 2]))", "a = 1 OR b IN (1, 2)"),
        (
            "(sa.column('a') == 1) & ((sa.column('b') == 2) | (sa.column('b') == None))",
            "a = 1 AND (b = 2 OR b IS NULL)",
        ),
    ] {
        let body = format!("op.create_index('ix', 't', ['a'], sqlite_where={condition})");
        assert_eq!(sql(&body), format!("CREATE INDEX ix ON t (a) WHERE {expected}"), "{body}");
    }
}

#[test]
fn only_where_it_is_needed() {
    assert_eq!(
        sql(
            "op.create_index('ix', 't', ['a'], unique=True, if_not_exists=True, postgresql_using='gin')"
        ),
        "CREATE UNIQUE INDEX IF NOT EXISTS ix ON t (a)"
    );
    assert_eq!(sql("op.drop_index('ix', 't', if_exists=True)"), "DROP INDEX IF EXISTS ix");
}

#[test]
fn keys_that_join_texts() {
    assert_eq!(
        sql("op.create_index('ix', 't', [sa.func.lower(sa.column('a')) + 'x'])"),
        "CREATE INDEX ix ON t (lower(a) || 'x')"
    );
}
