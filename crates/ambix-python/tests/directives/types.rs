use super::sql;

#[test]
fn every_type_is_spelled_as_sqlalchemy_spells_it() {
    for (written, spelled) in [
        ("sa.UUID()", "UUID"),
        ("sa.Uuid(as_uuid=False)", "CHAR(32)"),
        ("sa.BINARY(4)", "BINARY(4)"),
        ("sa.VARBINARY", "VARBINARY"),
        ("sa.CLOB(9)", "CLOB"),
        ("sa.INT", "INTEGER"),
        ("sa.DOUBLE_PRECISION(53)", "DOUBLE PRECISION"),
        ("sa.NVARCHAR(8)", "NVARCHAR(8)"),
        ("sa.Enum('a', 'bcd', length=10)", "VARCHAR(10)"),
        ("sa.Enum(name='x')", "VARCHAR"),
        ("sa.String(5, collation='NOCASE')", "VARCHAR(5) COLLATE \"NOCASE\""),
        ("sa.Numeric(scale=2)", "NUMERIC"),
        ("sqlite.JSON()", "JSON"),
        ("sqlite.DATETIME(truncate_microseconds=True)", "DATETIME"),
        ("sa.BigInteger().with_variant(sa.Integer(), 'sqlite')", "INTEGER"),
        ("sa.String(3).with_variant(sa.Text(), 'mysql', 'sqlite')", "TEXT"),
        ("postgresql.JSONB().with_variant(sa.JSON(), 'sqlite')", "JSON"),
        ("sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')", "JSON"),
        ("postgresql.TIMESTAMP(timezone=True, precision=3)", "TIMESTAMP"),
        ("postgresql.ENUM('a', 'bcd', name='x', create_type=False)", "VARCHAR(3)"),
        (
            "type('OwnType', (sa.types.UserDefinedType,), {'get_col_spec': lambda self, **kw: 'POINT'})()",
            "POINT",
        ),
    ] {
        let body = format!("op.create_table('t', sa.Column('a', {written}))");
        assert_eq!(sql(&body), format!("CREATE TABLE t (\n\ta {spelled}\n)"), "{written}");
    }
}

#[test]
fn defaults_of_every_kind() {
    for (written, default) in [
        ("sa.literal_column('1+1')", "(1+1)"),
        ("sa.func.coalesce(1, 'a')", "(coalesce(1, 'a'))"),
        ("sa.func.current_date()", "CURRENT_DATE"),
        ("sa.text('1.5')", "(1.5)"),
        ("sa.true()", "1"),
        ("sa.null()", "NULL"),
        ("\"it's\"", "'it''s'"),
    ] {
        let body = format!("op.add_column('t', sa.Column('a', sa.Text, server_default={written}))");
        assert_eq!(sql(&body), format!("ALTER TABLE t ADD COLUMN a TEXT DEFAULT {default}"));
    }
}
