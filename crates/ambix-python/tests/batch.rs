//! `op.batch_alter_table` and the directives that SQLite has only within it: what is read, and how it is written.
#![allow(clippy::unwrap_used, clippy::panic)]

use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::{AlterTable, ConstraintAddress, Directive, Operation, TableChange};
use ambix_core::schema::NamingConvention;
use ambix_python::{read_script, render_operations};

const HEAD: &str =
    "from alembic import op\nimport sqlalchemy as sa\nrevision = 'b'\ndown_revision = 'a'\n";

fn read(body: &str, convention: &NamingConvention) -> Result<Vec<Directive>, Diagnostic> {
    let text = format!("{HEAD}def upgrade():\n    {}\n", body.replace('\n', "\n    "));
    read_script("versions/b.py", &text, convention).unwrap().upgrade
}

fn operations(body: &str) -> Vec<Operation> {
    let directives = read(body, &NamingConvention::default());
    let directives = directives.unwrap_or_else(|error| panic!("{error} in {body}"));
    directives.into_iter().map(|one| one.operation).collect()
}

/// The changes of the one table that a batch changes.
fn changes(body: &str) -> Vec<TableChange> {
    match operations(body).as_slice() {
        [Operation::AlterTable(alter)] => alter.changes.clone(),
        other => panic!("{other:?} in {body}"),
    }
}

fn batch(arguments: &str, body: &str) -> String {
    format!("with op.batch_alter_table('t'{arguments}) as b:\n    {}", body.replace('\n', "\n    "))
}

fn error(body: &str) -> String {
    read(body, &NamingConvention::default()).unwrap_err().to_string()
}

fn text(text: &str) -> String {
    text.into()
}

#[test]
fn what_is_written_is_read_as_the_same() {
    for body in [
        "b.add_column(sa.Column('n', sa.INTEGER(), server_default=sa.text('0'), nullable=False))",
        "b.add_column(sa.Column('o', sa.INTEGER(), sa.ForeignKey('o.id', ondelete='CASCADE'), nullable=True), inline_references=True)",
        "b.alter_column('a', type_=sa.VARCHAR(length=60), nullable=False)",
        "b.alter_column('a', server_default=None)\nb.alter_column('n', server_default='it\\'s')",
        "b.alter_column('a', new_column_name='z')\nb.drop_column('c')",
        "b.drop_constraint('ck', type_='check')\nb.drop_column('c', if_exists=True)",
        "b.create_unique_constraint('uq', ['a', 'b'])\nb.create_check_constraint('ck', 'a > 0')",
        "b.create_primary_key('pk', ['id'])",
        "b.create_foreign_key('fk', 'o', ['x', 'y'], ['p', 'q'], onupdate='CASCADE', deferrable=True, initially='DEFERRED')",
        "b.add_column(sa.Column('d', sa.INTEGER(), sa.Computed('a * 2', persisted=True), nullable=True))",
    ] {
        let read = operations(&batch("", body));
        let written = render_operations(&read);
        assert_eq!(operations(written.trim_end()), read, "{written}");
    }
    for arguments in [
        ", recreate='always', partial_reordering=[('c', 'a', 'id')]",
        ", recreate='always', table_kwargs={'sqlite_strict': True, 'sqlite_with_rowid': False}",
        ", recreate='always', table_args=(sa.CheckConstraint('a > 0', name='ck'),)",
    ] {
        let read = operations(&batch(arguments, "pass"));
        let written = render_operations(&read);
        assert_eq!(operations(written.trim_end()), read, "{written}");
    }
}

#[test]
fn a_batch_is_written_in_alembics_layout() {
    let body = "b.alter_column('a', type_=sa.Text(), nullable=False, existing_type=sa.String(20))\n\
                b.add_column(sa.Column('n', sa.Integer()))\n\
                b.create_unique_constraint(b.f('uq_t_a'), ['a'])";
    assert_eq!(
        render_operations(&operations(&batch("", body))),
        "with op.batch_alter_table('t', schema=None) as batch_op:\n\
        \x20   batch_op.alter_column('a',\n\
        \x20          type_=sa.TEXT(),\n\
        \x20          nullable=False)\n\
        \x20   batch_op.add_column(sa.Column('n', sa.INTEGER(), nullable=True))\n\
        \x20   batch_op.create_unique_constraint(batch_op.f('uq_t_a'), ['a'])\n"
    );
}

#[test]
fn what_no_directive_says_is_said_in_the_script() {
    let alter = AlterTable {
        table: text("t"),
        changes: vec![TableChange::Redefine { sql: text("CREATE TABLE t (a)") }],
        ..AlterTable::default()
    };
    assert_eq!(
        render_operations(&[Operation::AlterTable(alter)]),
        "raise NotImplementedError('change of t: another definition has no directive')"
    );
}

#[test]
fn a_batch_speaks_of_columns_by_their_old_names() {
    let body = "b.alter_column('a', new_column_name='z')\nb.alter_column('a', nullable=False)\n\
                b.create_unique_constraint('uq', ['a'])\nb.drop_column('c')";
    assert_eq!(
        changes(&batch("", body)),
        [
            TableChange::SetNullable { column: text("a"), nullable: false },
            TableChange::DropColumn {
                name: text("c"),
                dependents: ambix_core::operation::Dependents::Keys
            },
            TableChange::RenameColumn { from: text("a"), to: text("z") },
            TableChange::AddConstraint { definition: text("CONSTRAINT uq UNIQUE (z)") },
        ]
    );
    // Without a table made anew, Alembic sends one statement after another.
    let body = "b.alter_column('a', new_column_name='z')\nb.drop_column('z')";
    assert_eq!(changes(&batch(", recreate='never'", body)).len(), 1);
    let body = "b.alter_column('a', new_column_name='b')\nb.alter_column('b', new_column_name='a')";
    let waiting = || text("_ambix_renamed_0");
    assert_eq!(
        changes(&batch("", body)),
        [
            TableChange::RenameColumn { from: text("a"), to: waiting() },
            TableChange::RenameColumn { from: text("b"), to: text("a") },
            TableChange::RenameColumn { from: waiting(), to: text("b") },
        ]
    );
}

#[test]
fn what_is_dropped_makes_room_first_and_indexes_come_last() {
    let body = "b.create_index('ix_new', ['a'])\nb.drop_column('c')\nb.drop_index('ix_c')\n\
                b.create_check_constraint('ck', 'a > 0')\nb.drop_constraint('ck_old')";
    let all = operations(&batch("", body));
    let names: Vec<&str> = all.iter().map(Operation::name).collect();
    assert_eq!(names, ["drop_index", "batch_alter_table", "create_index"]);
    let Operation::AlterTable(alter) = &all[1] else { panic!("{all:?}") };
    assert_eq!(
        alter.changes[0],
        TableChange::DropConstraint(ConstraintAddress::Named(text("ck_old")))
    );
}

#[test]
fn what_is_said_to_op_is_done_in_its_place() {
    let body = "with op.batch_alter_table('t') as b, op.batch_alter_table('u') as c:\n    \
                b.alter_column('a', nullable=False)\n    c.drop_column('x')\n    \
                b.execute('UPDATE t SET a = 1')\n    op.drop_table('v')\n    return\nop.drop_table('w')";
    let all = operations(body);
    let names: Vec<&str> = all.iter().map(Operation::name).collect();
    assert_eq!(names, ["execute", "drop_table", "drop_column", "alter_column"]);
    let Operation::AlterTable(alter) = &all[2] else { panic!("{all:?}") };
    assert_eq!(alter.table, "u", "the last batch ends first");
}

#[test]
fn types_bring_and_take_their_checks() {
    let body = "b.alter_column('f', type_=sa.Boolean(name='ck_f', create_constraint=True), \
                existing_type=sa.Enum('a', 'b', name='ck_e', create_constraint=True))";
    assert_eq!(
        changes(&batch("", body)),
        [
            TableChange::IfNeeded(Box::new(TableChange::DropConstraint(ConstraintAddress::Named(
                text("ck_e")
            )))),
            TableChange::SetType { column: text("f"), data_type: text("BOOLEAN"), cast: true },
            TableChange::AddConstraint { definition: text("CONSTRAINT ck_f CHECK (f IN (0, 1))") },
        ]
    );
}

#[test]
fn conventions_name_what_is_new_and_find_what_has_no_name() {
    let convention = NamingConvention {
        unique: Some(text("uq_%(table_name)s_%(column_0_name)s")),
        check: Some(text("ck_%(table_name)s_%(constraint_name)s")),
        ..NamingConvention::default()
    };
    let body = batch(
        "",
        "b.create_unique_constraint(None, ['a'])\nb.create_check_constraint('x', 'a > 0')\n\
         b.create_check_constraint(b.f('y'), 'a > 1')\nb.drop_constraint('z', type_='check')",
    );
    let read = read(&body, &convention).unwrap();
    let Operation::AlterTable(alter) = &read[0].operation else { panic!("{read:?}") };
    let shown = format!("{:?}", alter.changes);
    for name in ["ck_t_z", "CONSTRAINT uq_t_a UNIQUE", "CONSTRAINT ck_t_x ", "CONSTRAINT y "] {
        assert!(shown.contains(name), "{name} in {shown}");
    }
    let body =
        batch(", naming_convention={'fk': 'fk_%(table_name)s'}", "b.drop_constraint('fk_t')");
    let convention = || [(text("fk"), text("fk_%(table_name)s"))].into();
    assert_eq!(
        changes(&body),
        [
            TableChange::NameConstraints { convention: convention() },
            TableChange::DropConstraint(ConstraintAddress::Conventional {
                name: text("fk_t"),
                convention: convention(),
            })
        ]
    );
}

#[test]
fn arguments_count_only_if_the_table_is_made_anew() {
    let arguments =
        ", table_kwargs={'sqlite_strict': True}, reflect_args=[sa.Column('a', sa.Text)]";
    let native = changes(&batch(arguments, "b.add_column(sa.Column('n', sa.Integer()))"));
    assert_eq!(native.len(), 1, "{native:?}");
    let anew = changes(&batch(arguments, "b.alter_column('n', nullable=False)"));
    assert_eq!(anew.len(), 5, "{anew:?}");
    assert_eq!(operations(&batch(arguments, "pass")), []);
    assert_eq!(operations(&batch(", recreate='always'", "pass")).len(), 1);
}

#[test]
fn copy_from_says_what_a_table_is() {
    let body = "meta = sa.MetaData()\n\
                t = sa.Table('t', meta, sa.Column('id', sa.Integer, primary_key=True), \
                sa.Index('ix', 'id'))\n\
                with op.batch_alter_table('t', copy_from=t) as b:\n    b.drop_column('x')";
    let sql = text(
        "CREATE TABLE t (\n\tid INTEGER NOT NULL, \n\tPRIMARY KEY (id)\n);\nCREATE INDEX ix ON t (id)",
    );
    assert_eq!(
        changes(body)[..2],
        [TableChange::Given { sql: sql.clone() }, TableChange::Adopt { sql }]
    );
}

#[test]
fn outside_of_a_batch_it_is_a_batch_of_one_change() {
    for (body, change) in [
        (
            "op.alter_column('t', 'a', nullable=False, existing_type=sa.Integer())",
            TableChange::SetNullable { column: text("a"), nullable: false },
        ),
        (
            "op.alter_column('t', 'a', new_column_name='b')",
            TableChange::RenameColumn { from: text("a"), to: text("b") },
        ),
        (
            "op.create_unique_constraint('uq', 't', ['a'])",
            TableChange::AddConstraint { definition: text("CONSTRAINT uq UNIQUE (a)") },
        ),
        (
            "op.create_check_constraint(constraint_name='ck', table_name='t', condition='a > 0')",
            TableChange::AddConstraint { definition: text("CONSTRAINT ck CHECK (a > 0)") },
        ),
        (
            "op.create_foreign_key(None, 't', 'o', ['a'], ['id'], ondelete='SET NULL')",
            TableChange::AddConstraint {
                definition: text("FOREIGN KEY(a) REFERENCES o (id) ON DELETE SET NULL"),
            },
        ),
        (
            "op.create_primary_key('pk', 't', ['id'])",
            TableChange::AddConstraint { definition: text("CONSTRAINT pk PRIMARY KEY (id)") },
        ),
        (
            "op.drop_constraint('uq', 't', 'unique')",
            TableChange::DropConstraint(ConstraintAddress::Named(text("uq"))),
        ),
    ] {
        assert_eq!(changes(body), [change], "{body}");
    }
}

#[test]
fn what_alembic_refuses_is_refused_in_its_words() {
    for (body, message) in [
        (
            batch(", recreate='sometimes'", "pass"),
            "recreate may be one of 'auto', 'always', or 'never'.",
        ),
        (batch("", "b.create_unique_constraint(None, ['a'])"), "Constraint must have a name"),
        (batch("", "b.drop_constraint(None)"), "Constraint must have a name"),
        (
            batch("", "b.add_column(sa.Column('n', sa.Integer()), insert_after='a')"),
            "Can't specify insert_before or insert_after when using ALTER; please specify recreate='always'",
        ),
        (
            batch("", "b.create_table('x')"),
            "'BatchOperations' object has no attribute 'create_table'",
        ),
        (
            batch("", "b.drop_constraint('a', type_='uniq')"),
            "'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None",
        ),
        (
            batch(", reflect_kwargs={'listeners': [('column_reflect', f)]}", "pass"),
            "`listeners` of `reflect_kwargs` are Python, which is not run",
        ),
        (batch(", schema='other'", "pass"), "`schema` of `op.batch_alter_table` is not supported"),
        (
            text("op.create_exclude_constraint('x', 't', ('a', '&&'))"),
            "SQLite has no EXCLUDE constraints: only PostgreSQL does",
        ),
    ] {
        assert_eq!(error(&body), message, "{body}");
    }
}

#[test]
fn a_naming_convention_may_be_given_by_name() {
    let body = "def upgrade():\n    with op.batch_alter_table('t', naming_convention=NC) as b:\n        \
                b.create_unique_constraint('x', ['a'])\n        b.drop_constraint('uq_t_a', type_='unique')\n";
    for dict in ["{'uq': 'uq_%(table_name)s_%(column_0_name)s'}", "dict(uq='uq_%(table_name)s')"] {
        let by_name = read_script(
            "b.py",
            &format!("{HEAD}NC = {dict}\n{body}"),
            &NamingConvention::default(),
        );
        let written_out = read_script(
            "b.py",
            &format!("{HEAD}{}", body.replace("NC", dict)),
            &NamingConvention::default(),
        );
        let operations = |script: ambix_python::Script| -> Vec<Operation> {
            script.upgrade.unwrap().into_iter().map(|one| one.operation).collect()
        };
        assert_eq!(operations(by_name.unwrap()), operations(written_out.unwrap()));
    }
}

#[test]
fn the_collation_of_a_type_is_a_change_of_its_own() {
    assert_eq!(
        changes(&batch("", "b.alter_column('a', type_=sa.String(20, collation='NOCASE'))")),
        [
            TableChange::SetType { column: text("a"), data_type: text("VARCHAR(20)"), cast: true },
            TableChange::SetCollation { column: text("a"), collation: Some(text("NOCASE")) },
        ]
    );
}
