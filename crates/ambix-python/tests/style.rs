//! How operations are written: prefixes, and Alembic's text where it cannot run.
#![allow(clippy::unwrap_used)]

use ambix_core::operation::{AddColumn, AlterTable, CreateIndex, Operation, SchemaChange};
use ambix_core::schema::{
    Column, Constraint, DataType, Index, IndexKey, Name, ServerDefault, Unique,
};
use ambix_python::{NewScript, Style, write_script};

/// The lines of `upgrade()`.
fn upgrade(upgrade: &[Operation], style: Style, as_batch: bool) -> String {
    let upgrade = upgrade.to_vec();
    let text = write_script(&NewScript { upgrade, as_batch, style, ..NewScript::default() });
    let (_, body) = text.split_once("\"\"\"Upgrade schema.\"\"\"\n").unwrap();
    body.split_once("\n\n\ndef").unwrap().0.trim_end().replace("\n    ", "\n").trim().into()
}

#[test]
fn prefixes_stand_before_directives_and_names_of_sqlalchemy() {
    let style = Style { op: "ops.".into(), sa: String::new(), ..Style::default() };
    let mut column = Column::new("a", Some(DataType::plain("Integer")));
    column.default = Some(ServerDefault::Sql("1 + 1".into()));
    let operations = [
        Operation::AddColumn(AddColumn::new("t", column)),
        Operation::CreateIndex(CreateIndex::new(Index {
            name: Name::conv("ix"),
            table: "t".into(),
            keys: vec![IndexKey::Expression("lower(a)".into())],
            unique: false,
            predicate: None,
            sql: None,
        })),
        Operation::AlterTable(AlterTable::of(
            "t",
            SchemaChange::AddConstraint(Constraint::Unique(Unique {
                name: Some(Name::conv("uq")),
                columns: vec!["a".into()],
                on_conflict: None,
            })),
        )),
    ];
    assert_eq!(
        upgrade(&operations, style.clone(), false),
        "ops.add_column('t', Column('a', Integer(), server_default=text('(1 + 1)'), nullable=True))\n\
         ops.create_index(ops.f('ix'), 't', [literal_column('lower(a)')], unique=False)\n\
         ops.create_unique_constraint(ops.f('uq'), 't', ['a'])"
    );
    let lines = "batch_alter_table('t', schema=None) as batch_op:\n    \
         batch_op.add_column(Column('a', Integer(), server_default=text('(1 + 1)'), nullable=True))\n    \
         batch_op.create_index(batch_op.f('ix'), [literal_column('lower(a)')], unique=False)\n    \
         batch_op.create_unique_constraint(batch_op.f('uq'), ['a'])";
    assert_eq!(upgrade(&operations, style.clone(), true), format!("with ops.{lines}"));
    let parity = Style { parity: true, ..style };
    assert_eq!(upgrade(&operations, parity, true), format!("with op.{lines}"));
}
