//! What a directive says is written back as a directive that says the same.

use super::operations;
use ambix_core::schema::NamingConvention;
use ambix_python::render_operations;

#[test]
fn nothing_is_lost() {
    for written in [
        "op.create_table('t',\nsa.Column('a', sa.Integer(), nullable=True),\nprefixes=['TEMPORARY'],\nif_not_exists=True\n)",
        "op.create_table('t',\nsa.Column('a', sa.Boolean(create_constraint=True, name='ck'), nullable=True)\n)",
        "op.drop_table('t', if_exists=True)",
        "op.rename_table('t', 'u')",
        "op.add_column('t', sa.Column('a', sa.Integer(), nullable=True), if_not_exists=True)",
        "op.add_column('t', sa.Column('a', sa.Integer(), sa.ForeignKey('q.id', ondelete='CASCADE'), nullable=True), inline_references=True)",
        "op.add_column('t', sa.Column('a', sa.Integer(), sa.CheckConstraint('a > 1', name='ck'), nullable=True, unique=True))",
        "op.add_column('t', sa.Column('a', sa.Integer(), nullable=False, primary_key=True), inline_primary_key=True)",
        "op.drop_column('t', 'a', if_exists=True)",
        "op.add_column('t', sa.Column('a', sa.Integer(), server_default='1', nullable=False, sqlite_on_conflict_not_null='FAIL', \
         unique=True, sqlite_on_conflict_unique='IGNORE'))",
        "op.add_column('t', sa.Column('a', sa.Integer(), nullable=False, primary_key=True, \
         sqlite_on_conflict_primary_key='FAIL'), inline_primary_key=True)",
        "op.add_column('t', sa.Column('a', sa.Integer(), sa.ForeignKey('q.id', match='FULL'), nullable=True), inline_references=True)",
        "op.create_table('t',\nsa.Column('a', sa.Integer(), nullable=True, sqlite_on_conflict_primary_key='FAIL'),\n\
         sa.PrimaryKeyConstraint('a', sqlite_on_conflict='FAIL'),\nsqlite_autoincrement=True\n)",
        "op.create_table('t',\nsa.Column('a', sa.Integer(), nullable=True),\n\
         sa.CheckConstraint('a > 1', name='ck', sqlite_on_conflict='ABORT'),\n\
         sa.ForeignKeyConstraint(['a'], ['q.id'], onupdate='CASCADE', match='FULL'),\n\
         sa.UniqueConstraint('a', name='uq', sqlite_on_conflict='IGNORE')\n)",
        "with op.batch_alter_table('t', schema=None) as batch_op:\n    \
         batch_op.create_unique_constraint(batch_op.f('uq'), ['a'], sqlite_on_conflict='IGNORE')\n    \
         batch_op.create_check_constraint(batch_op.f('ck'), sa.text('a > 1'), sqlite_on_conflict='FAIL')\n    \
         batch_op.create_foreign_key(batch_op.f('fk'), 'q', ['a'], ['id'], onupdate='CASCADE', match='FULL')\n",
        "op.create_index('ix', 't', ['a'], unique=False, if_not_exists=True)",
        "op.drop_index('ix', table_name='t', if_exists=True)",
    ] {
        let read = operations(written, &NamingConvention::default()).unwrap();
        assert_eq!(render_operations(&read), written);
        let again = operations(&render_operations(&read), &NamingConvention::default()).unwrap();
        assert_eq!(again, read);
    }
}

#[test]
fn each_has_its_inverse() {
    for (written, inverse) in [
        (
            "op.create_table('t',\nsa.Column('a', sa.Integer(), nullable=True),\nif_not_exists=True\n)",
            "op.drop_table('t', if_exists=True)",
        ),
        (
            "op.add_column('t', sa.Column('a', sa.Integer(), nullable=True), if_not_exists=True)",
            "op.drop_column('t', 'a', if_exists=True)",
        ),
        ("op.rename_table('t', 'u')", "op.rename_table('u', 't')"),
    ] {
        let read = operations(written, &NamingConvention::default()).unwrap();
        let reversed: Vec<_> = read.iter().filter_map(|operation| operation.reverse()).collect();
        assert_eq!(render_operations(&reversed), inverse);
    }
}
