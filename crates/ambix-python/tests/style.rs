//! How operations are written: prefixes, and Alembic's text where it cannot run.
#![allow(clippy::unwrap_used)]

use ambix_core::operation::{
    AddColumn, AlterTable, CreateIndex, CreateTable, Operation, SchemaChange,
};
use ambix_core::schema::{
    Column, Constraint, DataType, Index, IndexKey, Name, ServerDefault, Unique,
};
use ambix_python::{Metadata, NewScript, Style, read_models, read_models_of, write_script};

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

const TYPES: &str = "
from sqlalchemy import *
from sqlalchemy.types import TypeDecorator, UserDefinedType
metadata = MetaData()
class Upper(TypeDecorator):
    impl = String
class Size(TypeDecorator):
    impl = String
    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(CHAR(3))
class Point(UserDefinedType):
    def __init__(self, axes, srid=4326, *, unit='m'):
        self.axes = axes
        self.srid = srid
    def get_col_spec(self, **kw):
        return 'POINT'
class Code(String):
    def __init__(self, length=9, tag='t'):
        super().__init__(length)
        self.tag = tag
Table('k', metadata, Column('a', Upper(12)), Column('b', Size), Column('c', Point(2, srid=1)), Column('d', Code(4)),
    Column('e', Text().with_variant(Upper(3), 'mysql')))
";

#[test]
fn types_of_the_application_are_named_with_parity_and_written_out_without() {
    let files = [("src/app/models.py".into(), TYPES.into())];
    let target = Metadata::Imported { dotted: "app.models.metadata".into() };
    let models = read_models_of(&files, "migrations/env.py", &[target]);
    assert_eq!(models.diagnostics, []);
    let create = [Operation::CreateTable(CreateTable::new(models.schema.tables[0].clone()))];
    let written = |prefix: &str| {
        format!(
            "op.create_table('k',
sa.Column('a', {prefix}Upper(length=12), nullable=True),
sa.Column('b', {prefix}Size(), nullable=True),
sa.Column('c', {prefix}Point(2, srid=1), nullable=True),
sa.Column('d', {prefix}Code(length=4), nullable=True),
sa.Column('e', sa.Text().with_variant({prefix}Upper(length=3), 'mysql'), nullable=True)
)"
        )
    };
    let parity = Style { parity: true, ..Style::default() };
    assert_eq!(upgrade(&create, parity.clone(), false), written("app.models."));
    let prefixed = Style { user: Some("mytypes.".into()), ..parity };
    assert_eq!(upgrade(&create, prefixed, false), written("mytypes."));
    assert_eq!(
        upgrade(&create, Style::default(), false),
        "op.create_table('k',
sa.Column('a', sa.String(length=12), nullable=True),
sa.Column('b', sa.CHAR(length=3), nullable=True),
sa.Column('c', type('OwnType', (sa.types.UserDefinedType,), {'get_col_spec': lambda self, **kw: 'POINT'})(), nullable=True),
sa.Column('d', sa.String(length=4), nullable=True),
sa.Column('e', sa.Text().with_variant(sa.String(length=3), 'mysql'), nullable=True)
)"
    );
}

#[test]
fn with_parity_an_argument_is_left_to_python_and_a_word_has_no_quotes() {
    let text = "
from sqlalchemy import *
from sqlalchemy.dialects import postgresql
m = MetaData()
Table('k', m, Column('a', Integer, autoincrement='ignore_fk'),
    Column('b', postgresql.JSONB), Column('c', Text().with_variant(postgresql.ARRAY(String(4)), 'postgresql')))
";
    let models = read_models(&[("models.py".into(), text.into())]);
    let create = [Operation::CreateTable(CreateTable::new(models.schema.tables[0].clone()))];
    assert_eq!(
        upgrade(&create, Style { parity: true, ..Style::default() }, false),
        "op.create_table('k',
sa.Column('a', sa.Integer(), autoincrement=ignore_fk, nullable=True),
sa.Column('b', postgresql.JSONB(astext_type=Text()), nullable=True),
sa.Column('c', sa.Text().with_variant(postgresql.ARRAY(String(length=4)), 'postgresql'), nullable=True)
)"
    );
}
