//! What is written into a script is read back from it as it was.
#![allow(clippy::unwrap_used, clippy::panic)]

use ambix_core::operation::{AddColumn, CreateTable, Operation};
use ambix_core::schema::{Column, DataType, Literal, NamingConvention, ServerDefault};
use ambix_core::sqlite::ddl;
use ambix_python::{NewScript, read_models, read_script, render_operations, write_script};

fn read_back(upgrade: &str) -> Vec<Operation> {
    let body = upgrade.replace('\n', "\n    ");
    let text = format!(
        "from alembic import op\nimport sqlalchemy as sa\n\
         from sqlalchemy.dialects import mysql, postgresql, sqlite\nrevision = 'b'\ndown_revision = None\n\
         def upgrade():\n    {body}\n"
    );
    let directives =
        read_script("b.py", &text, &NamingConvention::default()).unwrap().upgrade.unwrap();
    directives.into_iter().map(|directive| directive.operation).collect()
}

fn add(column: Column) -> Operation {
    Operation::AddColumn(AddColumn::new("t", column))
}

#[test]
fn any_id_reads_back() {
    for id in
        ["it's", "a\"b", "a\"\"\"b", "a\\", "\\N{zzz}", "\"", "\"\"\"", "a\nb", "a\r\0b", "{x}"]
    {
        for down in [vec![], vec![id.to_string()], vec![id.to_string(), "c".into()]] {
            let script = NewScript {
                revision: id.into(),
                down_revision: down,
                create_date: id.into(),
                ..NewScript::default()
            };
            let header = read_script("b.py", &write_script(&script), &NamingConvention::default())
                .unwrap()
                .header;
            assert_eq!(header.revision, script.revision);
            assert_eq!(header.down_revision, script.down_revision);
        }
    }
}

#[test]
fn a_collation_is_written_as_the_types() {
    for (data_type, written, sql) in [
        (
            DataType::plain("VARCHAR"),
            "sa.VARCHAR(collation='NOCASE')",
            "VARCHAR COLLATE \"NOCASE\"",
        ),
        (
            DataType::sized("VARCHAR", "length", 50),
            "sa.VARCHAR(length=50, collation='NOCASE')",
            "VARCHAR(50) COLLATE \"NOCASE\"",
        ),
        // SQLAlchemy has no word for the collation of a number.
        (DataType::plain("INTEGER"), "sa.INTEGER()", "INTEGER"),
    ] {
        let mut column = Column::new("c", Some(data_type));
        column.collation = Some("NOCASE".into());
        let text = render_operations(&[add(column)]);
        assert_eq!(text, format!("op.add_column('t', sa.Column('c', {written}, nullable=True))"));
        let operations = read_back(&text);
        assert_eq!(render_operations(&operations), text);
        let [Operation::AddColumn(read)] = operations.as_slice() else { unreachable!() };
        let data_type = read.column.data_type.as_ref().unwrap();
        assert_eq!(data_type.sql().unwrap(), sql);
        if sql.contains("COLLATE") {
            assert_eq!(data_type.argument("collation"), Some(&Literal::Text("NOCASE".into())));
        }
    }
}

#[test]
fn colons_in_sql_are_no_parameters() {
    for (sql, written) in [
        ("':x'", r#"sa.text("'\\:x'")"#),
        ("(a || ':b' || :c)", r"sa.text("),
        ("'12:30:00'", r#"sa.text("'12:30:00'")"#),
        (r"'\:x'", "sa.text("),
        (r"'C:\:'", "sa.text("),
        ("'::x :y: ::'", "sa.text("),
        ("(strftime('%H:%M', 'now'))", "sa.text("),
    ] {
        let mut column = Column::new("c", Some(DataType::plain("TEXT")));
        column.default = Some(ServerDefault::Sql(sql.into()));
        let operation = add(column);
        let text = render_operations(std::slice::from_ref(&operation));
        assert!(text.contains(written), "{text}");
        assert_eq!(read_back(&text), [operation], "{text}");
    }
}

#[test]
fn a_foreign_key_without_targets_reads_back() {
    let text = "op.create_table('t',\nsa.Column('w', sa.INTEGER(), nullable=True),\n\
                sa.ForeignKeyConstraint(['w'], [], )\n)";
    assert_eq!(render_operations(&read_back(text)), text);
    let model = "from sqlalchemy import *\nclass A(Base):\n    __tablename__ = 'a'\n    \
                 id = Column(Integer, primary_key=True)\n    \
                 __table_args__ = (ForeignKeyConstraint(['id'], []),)\n";
    let models = read_models(&[("models.py".into(), model.into())]);
    assert_eq!(models.diagnostics[0].message, "`ForeignKeyConstraint` names no target");
}

#[test]
fn what_sqlite_does_not_store_is_written_and_reads_back() {
    let model = "from sqlalchemy import *
m = MetaData()
t = Table('t', m,
    Column('id', Integer, ForeignKey('t.b'), primary_key=True, autoincrement='ignore_fk', comment='key'),
    Column('a', Integer, Identity(start=3, cycle=False, order=True)),
    Column('b', Integer, ForeignKey('t.id', name='fk', use_alter=True, match='FULL')),
    comment=\"it's\", info={'a': [1, None], 2: ('x',)})
u = Table('u', m, Column('id', Integer, Identity(True), primary_key=True), info={})
";
    let models = read_models(&[("models.py".into(), model.into())]);
    assert_eq!(models.diagnostics, []);
    let tables = models.schema.tables.into_iter();
    let created: Vec<Operation> =
        tables.map(|table| Operation::CreateTable(CreateTable::new(table))).collect();
    let text = render_operations(&created);
    assert_eq!(
        text,
        "op.create_table('t',
sa.Column('id', sa.Integer(), autoincrement='ignore_fk', nullable=False, comment='key'),
sa.Column('a', sa.Integer(), sa.Identity(always=False, start=3, cycle=False, oracle_order=True), nullable=False),
sa.Column('b', sa.Integer(), nullable=True),
sa.ForeignKeyConstraint(['b'], ['t.id'], name='fk', use_alter=True, match='FULL'),
sa.ForeignKeyConstraint(['id'], ['t.b'], ),
sa.PrimaryKeyConstraint('id'),
comment=\"it's\",
info={'a': [1, None], 2: ('x',)}
)
op.create_table('u',
sa.Column('id', sa.Integer(), sa.Identity(always=True), nullable=False),
sa.PrimaryKeyConstraint('id')
)"
    );
    assert_eq!(render_operations(&read_back(&text)), text);
}

#[test]
fn types_of_other_databases_are_written_and_read_back() {
    let model = "from sqlalchemy import *
from sqlalchemy.dialects import mysql, postgresql, sqlite
m = MetaData()
t = Table('t', m,
    Column('a', Text().with_variant(String(20), 'mysql').with_variant(mysql.LONGTEXT, 'mariadb')),
    Column('b', postgresql.JSONB().with_variant(JSON(), 'sqlite')),
    Column('c', postgresql.ARRAY(String(4)).with_variant(sqlite.JSON(), 'sqlite', 'mysql')),
    Column('d', Integer().with_variant(mysql.INTEGER(11, unsigned=True), 'mysql')),
    Column('e', postgresql.JSONB),
    Column('f', sqlite.DATETIME(storage_format='%(year)04d', truncate_microseconds=False)),
    Column('g', BigInteger().with_variant(Integer, 'sqlite')))
";
    let models = read_models(&[("models.py".into(), model.into())]);
    assert_eq!(models.diagnostics, []);
    let table = models.schema.tables[0].clone();
    let sql = ddl::create_table(&table).unwrap();
    let text = render_operations(&[Operation::CreateTable(CreateTable::new(table))]);
    assert_eq!(
        text,
        "op.create_table('t',
sa.Column('a', sa.Text().with_variant(mysql.LONGTEXT(), 'mariadb').with_variant(sa.String(length=20), 'mysql'), nullable=True),
sa.Column('b', postgresql.JSONB(astext_type=sa.Text()).with_variant(sa.JSON(), 'sqlite'), nullable=True),
sa.Column('c', postgresql.ARRAY(sa.String(length=4)).with_variant(sqlite.JSON(), 'mysql').with_variant(sqlite.JSON(), 'sqlite'), nullable=True),
sa.Column('d', sa.Integer().with_variant(mysql.INTEGER(display_width=11, unsigned=True), 'mysql'), nullable=True),
sa.Column('e', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
sa.Column('f', sqlite.DATETIME(storage_format='%(year)04d'), nullable=True),
sa.Column('g', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True)
)"
    );
    let read = read_back(&text);
    assert_eq!(render_operations(&read), text);
    let [Operation::CreateTable(create)] = &read[..] else { panic!("{read:?}") };
    assert_eq!(ddl::create_table(&create.table).unwrap(), sql);
}
