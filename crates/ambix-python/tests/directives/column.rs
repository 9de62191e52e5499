use super::{operations, sql};
use ambix_core::operation::Operation;
use ambix_core::schema::NamingConvention;

#[test]
fn constraints_come_with_the_column() {
    for (column, rest, expected) in [
        (
            "sa.ForeignKey('q.id', name='fk', ondelete='CASCADE')",
            "",
            "CONSTRAINT fk REFERENCES q (id) ON DELETE CASCADE",
        ),
        (
            "sa.ForeignKey('q.id', name='fk', deferrable=True)",
            ", inline_references=True",
            "REFERENCES q (id) DEFERRABLE",
        ),
        ("sa.CheckConstraint('a > 1', name='ck')", "", "CONSTRAINT ck CHECK (a > 1)"),
        ("unique=True", "", "UNIQUE"),
    ] {
        let body = format!("op.add_column('t', sa.Column('a', sa.Integer, {column}){rest})");
        assert_eq!(sql(&body), format!("ALTER TABLE t ADD COLUMN a INTEGER {expected}"), "{body}");
    }
    assert_eq!(
        sql(
            "op.add_column('t', sa.Column('a', sa.Integer, primary_key=True), inline_primary_key=True)"
        ),
        "ALTER TABLE t ADD COLUMN a INTEGER NOT NULL PRIMARY KEY"
    );
}

#[test]
fn as_alembic_leaves_out() {
    for (column, expected) in [
        ("sa.Integer, primary_key=True", "INTEGER NOT NULL"),
        ("sa.Boolean(create_constraint=True, name='ck')", "BOOLEAN"),
        ("sa.Integer, sa.Identity()", "INTEGER NOT NULL"),
        ("sa.Integer, comment='told to nobody'", "INTEGER"),
    ] {
        let body = format!("op.add_column('t', sa.Column('a', {column}))");
        assert_eq!(sql(&body), format!("ALTER TABLE t ADD COLUMN a {expected}"), "{body}");
    }
}

#[test]
fn only_where_it_is_not_there() {
    let body = "op.add_column('t', sa.Column('a', sa.Integer, index=True), if_not_exists=True)\n\
                op.drop_column('t', 'b', if_exists=True)";
    let operations = operations(body, &NamingConvention::default()).unwrap();
    let [Operation::AddColumn(add), Operation::CreateIndex(index), Operation::DropColumn(drop)] =
        operations.as_slice()
    else {
        panic!("{operations:?}")
    };
    assert!(add.if_not_exists && index.if_not_exists && drop.if_exists);
}

#[test]
fn what_old_scripts_give_has_the_same_form_as_before() {
    let body = "op.add_column('t', sa.Column('a', sa.Integer))\nop.drop_column('t', 'a')\n\
                op.drop_table('t')\nop.drop_index('ix')";
    let operations = operations(body, &NamingConvention::default()).unwrap();
    let json: Vec<String> =
        operations.iter().map(|operation| serde_json::to_string(operation).unwrap()).collect();
    assert_eq!(
        json,
        [
            r#"{"AddColumn":{"table":"t","column":{"name":"a","data_type":{"class":"Integer"},"nullable":true}}}"#,
            r#"{"DropColumn":{"table":"t","name":"a"}}"#,
            r#"{"DropTable":{"name":"t"}}"#,
            r#"{"DropIndex":{"name":{"text":"ix","conv":false}}}"#,
        ]
    );
}
