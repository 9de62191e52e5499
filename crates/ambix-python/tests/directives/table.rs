use super::{error, operations, sql};
use ambix_core::operation::{Operation, TableChange};
use ambix_core::schema::NamingConvention;

#[test]
fn words_around_the_name() {
    for (body, expected) in [
        (
            "op.create_table('t', sa.Column('a', sa.Integer), prefixes=['TEMPORARY'])",
            "CREATE TEMPORARY TABLE t (\n\ta INTEGER\n)",
        ),
        (
            "op.create_table('t', sa.Column('a', sa.Integer, index=True), if_not_exists=True)",
            "CREATE TABLE IF NOT EXISTS t (\n\ta INTEGER\n);\n\
             CREATE INDEX IF NOT EXISTS ix_t_a ON t (a)",
        ),
        ("op.drop_table('t', if_exists=True)", "DROP TABLE IF EXISTS t"),
        ("op.drop_table('t', schema='main')", "DROP TABLE t"),
        ("op.create_table_comment('t', 'about it', existing_comment=None)", ""),
        ("op.drop_table_comment('t')", ""),
    ] {
        assert_eq!(sql(body), expected, "{body}");
    }
}

#[test]
fn a_table_gets_another_name() {
    let operations = operations("op.rename_table('a', 'b')", &NamingConvention::default()).unwrap();
    let [Operation::AlterTable(alter)] = operations.as_slice() else { panic!("{operations:?}") };
    assert_eq!(alter.table, "a");
    assert_eq!(alter.changes, [TableChange::RenameTable { to: "b".into() }]);
}

#[test]
fn constraints_stand_in_sqlalchemys_order() {
    let body = "op.create_table('t',
    sa.Column('id', sa.Integer, sa.Identity(start=3), primary_key=True),
    sa.Column('a', sa.Boolean(create_constraint=True), sa.ForeignKey('q.id'), unique=True),
    sa.Column('b', sa.Enum('x', \"y'z\", create_constraint=True, name='cb')),
    sa.Column('c', sa.Integer, sa.Identity()),
    sa.Column('d', sa.Integer, sa.FetchedValue()),
    sa.Column('e', sa.Integer, sa.DefaultClause('5')))";
    assert_eq!(
        sql(body),
        "CREATE TABLE t (\n\tid INTEGER NOT NULL, \n\ta BOOLEAN, \n\tb VARCHAR(3), \n\tc INTEGER NOT NULL, \n\t\
         d INTEGER, \n\te INTEGER DEFAULT '5', \n\tPRIMARY KEY (id), \n\tUNIQUE (a), \n\t\
         CHECK (a IN (0, 1)), \n\tFOREIGN KEY(a) REFERENCES q (id), \n\t\
         CONSTRAINT cb CHECK (b IN ('x', 'y''z'))\n)"
    );
}

#[test]
fn what_sqlite_does_not_have_is_refused() {
    assert_eq!(
        error("op.create_table('t', sa.Column('a', sa.Integer), schema='other')"),
        "The argument `schema` of `op.create_table` is not supported -> SQLite has no schemas: leave it out, \
         or write the name of the table as it is in the file."
    );
    assert_eq!(
        error("op.create_exclude_constraint('e', 't', ('a', '&&'))"),
        "SQLite has no EXCLUDE constraints: only PostgreSQL does -> Write the condition as a trigger, in \
         `op.execute(…)`."
    );
}
