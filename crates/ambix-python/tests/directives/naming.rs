use super::{operations, sql_under};
use ambix_core::schema::NamingConvention;

fn convention(templates: &[(&str, &str)]) -> NamingConvention {
    let mut convention = NamingConvention::empty();
    for (kind, template) in templates {
        assert!(convention.set(kind, *template));
    }
    convention
}

#[test]
fn constraints_and_indexes_get_their_names() {
    let convention = convention(&[
        ("ix", "ix_%(column_0_label)s"),
        ("uq", "uq_%(table_name)s_%(column_0_N_name)s"),
        ("ck", "ck_%(table_name)s_%(constraint_name)s"),
        ("fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"),
        ("pk", "pk_%(table_name)s"),
    ]);
    let body = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('a', sa.Integer, sa.ForeignKey('q.id'), index=True), sa.UniqueConstraint('id', 'a'),
    sa.CheckConstraint('a > 0', name='positive'), sa.CheckConstraint('a < 9', name=op.f('exact')))";
    assert_eq!(
        sql_under(body, &convention),
        "CREATE TABLE t (\n\tid INTEGER NOT NULL, \n\ta INTEGER, \n\tCONSTRAINT pk_t PRIMARY KEY (id), \n\t\
         CONSTRAINT uq_t_id_a UNIQUE (id, a), \n\tCONSTRAINT ck_t_positive CHECK (a > 0), \n\t\
         CONSTRAINT exact CHECK (a < 9), \n\tCONSTRAINT fk_t_a_q FOREIGN KEY(a) REFERENCES q (id)\n);\n\
         CREATE INDEX ix_t_a ON t (a)"
    );
}

#[test]
fn checks_of_types_know_their_column() {
    let convention = convention(&[("ck", "ck_%(table_name)s_%(column_0_name)s")]);
    let body = "op.create_table('t', sa.Column('a', sa.Boolean(create_constraint=True)))";
    assert_eq!(
        sql_under(body, &convention),
        "CREATE TABLE t (\n\ta BOOLEAN, \n\tCONSTRAINT ck_t_a CHECK (a IN (0, 1))\n)"
    );
}

#[test]
fn indexes_by_their_own_name() {
    let convention = convention(&[("ix", "ix_%(table_name)s_%(constraint_name)s")]);
    let body = "op.create_index('foo', 't', ['a'])\nop.create_index(op.f('foo'), 't', ['a'])\n\
                op.drop_index('foo', 't')\nop.drop_index('foo')\nop.drop_index(op.f('foo'))";
    assert_eq!(
        sql_under(body, &convention),
        "CREATE INDEX ix_t_foo ON t (a);\nCREATE INDEX foo ON t (a);\nDROP INDEX ix_t_foo;\n\
         DROP INDEX ix_no_table_foo;\nDROP INDEX foo"
    );
    let error = operations("op.create_index(None, 't', ['a'])", &convention).unwrap_err();
    assert_eq!(
        error.message,
        "Naming convention including %(constraint_name)s token requires that constraint is explicitly named."
    );
}

#[test]
fn a_text_counts_as_a_column() {
    let body = "op.create_index(None, 't', [sa.text('a'), 'b'])";
    let convention = NamingConvention::default();
    assert_eq!(sql_under(body, &convention), "CREATE INDEX ix_t_a ON t (a, b)");
}

#[test]
fn a_convention_that_cannot_be_read_is_an_error_where_a_name_is_missing() {
    let unknown = NamingConvention::unknown("the models cannot be read");
    let named = "op.create_index('ix', 't', ['a'])";
    assert_eq!(sql_under(named, &unknown), "CREATE INDEX ix ON t (a)");
    let error = operations("op.create_index(None, 't', ['a'])", &unknown).unwrap_err();
    assert_eq!(error.message, "the models cannot be read");
}
