//! Scripts: their headers, their directives, and what cannot be read in them.
#![allow(clippy::unwrap_used, clippy::panic)]

use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::operation::Directive;
use ambix_core::schema::NamingConvention;
use ambix_python::{Header, read_header, read_script, render_operations};

const HEAD: &str =
    "from alembic import op\nimport sqlalchemy as sa\nrevision = 'b'\ndown_revision = 'a'\n";

/// What `upgrade()` does; its body begins in line 6.
fn upgrade(body: &str) -> Result<Vec<Directive>, Diagnostic> {
    let text = format!("{HEAD}def upgrade():\n    {}\n", body.replace('\n', "\n    "));
    read_script("versions/b.py", &text, &NamingConvention::default()).unwrap().upgrade
}

fn check(body: &str, expected: &str) {
    let directives = upgrade(body).unwrap_or_else(|error| panic!("{error} in {body}"));
    let operations: Vec<_> = directives.into_iter().map(|one| one.operation).collect();
    assert_eq!(render_operations(&operations), expected, "{body}");
}

fn check_error(body: &str, expected: &str) {
    let error = upgrade(body).map(|_| body.to_string()).unwrap_err();
    assert_eq!(error.code, Code::PythonUnsupported);
    let place = error.place.as_ref().unwrap();
    let hints: Vec<_> = error.hints.iter().map(|hint| format!(" -> {}", hint.text)).collect();
    let shown = format!("{}:{}: {error}{}", place.line, place.column, hints.concat());
    assert_eq!(shown, expected, "{body}");
}

#[test]
fn directives_by_hand_mean_what_generated_ones_do() {
    for (body, expected) in [
        ("pass", ""),
        ("'''Docstring.'''\n# comment\n...\nreturn\nop.drop_table('x')", ""),
        (
            "op.create_table(\n    't',\n    sa.Column('id', sa.Integer, primary_key=True),\n    \
             sa.Column('o', sa.Integer(), sa.ForeignKey('o.id', name='fk', ondelete='CASCADE'), index=True),\n    \
             sa.Column('u', sa.String(9), unique=True, nullable=False),\n)",
            "op.create_table('t',\nsa.Column('id', sa.Integer(), nullable=False),\n\
             sa.Column('o', sa.Integer(), nullable=True),\n\
             sa.Column('u', sa.String(length=9), nullable=False),\n\
             sa.ForeignKeyConstraint(['o'], ['o.id'], name='fk', ondelete='CASCADE'),\n\
             sa.PrimaryKeyConstraint('id'),\nsa.UniqueConstraint('u')\n)\n\
             op.create_index(op.f('ix_t_o'), 't', ['o'], unique=False)",
        ),
        ("op.drop_table(table_name='t', schema=None)", "op.drop_table('t')"),
        (
            "op.add_column('t', sa.Column('a', sa.Integer, index=True), schema=None)",
            "op.add_column('t', sa.Column('a', sa.Integer(), nullable=True))\n\
             op.create_index(op.f('ix_t_a'), 't', ['a'], unique=False)",
        ),
        ("op.drop_column('t', column_name='a')", "op.drop_column('t', 'a')"),
        (
            "op.create_index(None, 't', ['a', sa.text('b DESC')], sqlite_where=sa.text('a > 1'))",
            "op.create_index(op.f('ix_t_a'), 't', ['a', sa.literal_column('b DESC')], unique=False, \
             sqlite_where=sa.text('a > 1'))",
        ),
        ("op.drop_index('ix', 't')", "op.drop_index('ix', table_name='t')"),
        ("op.drop_index('ix')", "op.drop_index('ix')"),
        ("op.execute('SELECT 1')", "op.execute('SELECT 1')"),
        ("op.execute(sa.text('UPDATE t ' 'SET a = \\\\:x'))", "op.execute('UPDATE t SET a = :x')"),
        ("op.execute('A' + f'B')", "op.execute('AB')"),
    ] {
        check(body, expected);
    }
}

#[test]
fn what_is_not_known_is_named() {
    let sql = "Write what it does as SQL, in `op.execute(…)`.";
    let one_by_one = "Ambix reads Python without running it: write the directives out, or what they do as SQL: \
                      `op.execute(\"…\")`.";
    for (body, expected) in [
        (
            "op.run_async(f)",
            format!("6:5: `op.run_async` is not supported in a revision yet -> {sql}"),
        ),
        (
            "pass\nwith open('a') as file:\n    pass",
            format!("7:10: A call of `open` is not followed in a revision -> {one_by_one}"),
        ),
        (
            "if op.get_bind().closed:\n    pass",
            format!(
                "6:8: What an attribute `.closed` comes to is only known when the script runs -> {one_by_one}"
            ),
        ),
        ("match {}:\n    case {'a': 1}: pass", format!("7:14: A pattern of this kind is not followed in a revision -> {one_by_one}")),
        (
            "op.get_bind().detach()",
            format!("6:5: `op.get_bind().detach` is not supported in a revision -> {sql}"),
        ),
        (
            "helper()",
            format!(
                "6:5: `helper` is not supported in a revision -> {sql} -> Nothing in versions/b.py \
                 defines `helper`: import or define it."
            ),
        ),
        (
            "x",
            "6:5: name 'x' is not defined -> Nothing in versions/b.py defines `x`: import or define it."
                .into(),
        ),
        (
            "op.execute(f'DROP TABLE {name}')",
            "6:30: name 'name' is not defined -> Nothing in versions/b.py defines `name`: import or \
             define it."
                .into(),
        ),
        (
            "op.execute('UPDATE t SET a = :a')",
            "6:16: The SQL has a parameter, `:a`, without a value -> Write the value into the SQL, or \
             `\\\\:` for a colon."
                .into(),
        ),
        (
            "op.drop_table('t', schema='other')",
            "6:31: The argument `schema` of `op.drop_table` is not supported -> SQLite has no schemas: \
             leave it out, or write the name of the table as it is in the file."
                .into(),
        ),
        ("op.drop_table()", "6:5: `op.drop_table` is missing its argument `table_name`".into()),
        (
            "op.drop_table('t', 'u')",
            "6:24: `op.drop_table` with a string is not supported -> Its arguments are: table_name, \
             if_exists, schema."
                .into(),
        ),
        (
            "op.create_table('t', sa.Column('a', sa.ForeignKey('u.id')))",
            "6:26: The column 'a' has no type -> Write the type of the column that its foreign key \
             refers to."
                .into(),
        ),
        (
            "op.create_table('t', sa.Column('a', sa.Geometry()))",
            "6:41: the column type sqlalchemy.Geometry is not known -> Use one of SQLAlchemy's own \
             types, such as `String` or `Integer`."
                .into(),
        ),
        (
            "op.create_table('t', sa.Column('a', sa.Integer), sa.UniqueConstraint('b'))",
            "6:54: Can't create UniqueConstraint on table 't': no column named 'b' is present.".into(),
        ),
        (
            "op.create_table('t', *columns)",
            "6:27: name 'columns' is not defined -> Nothing in versions/b.py defines `columns`: import \
             or define it."
                .into(),
        ),
        (
            "op.create_table('t', sa.Column('a', pg.UUID()))",
            "6:41: the column type pg.UUID is not known -> Nothing in versions/b.py defines `pg`: \
             import or define it."
                .into(),
        ),
    ] {
        check_error(body, &expected);
    }
}

#[test]
fn a_script_without_its_import_is_told_so() {
    let text = "revision = 'b'\ndown_revision = None\ndef upgrade():\n    op.drop_table('t')\n";
    let error =
        read_script("b.py", text, &NamingConvention::default()).unwrap().upgrade.unwrap_err();
    assert_eq!(error.message, "`op.drop_table` is not supported in a revision");
    assert_eq!(error.hints.last().unwrap().text, "Add `from alembic import op`.");
}

#[test]
fn a_downgrade_that_cannot_be_read_does_not_stop_an_upgrade() {
    let text = format!(
        "{HEAD}def upgrade():\n    op.drop_table('t')\ndef downgrade():\n    raise NotImplementedError\n"
    );
    let script = read_script("versions/b.py", &text, &NamingConvention::default()).unwrap();
    assert_eq!(script.upgrade.unwrap().len(), 1);
    let error = script.downgrade.unwrap_err();
    assert_eq!(error.message, "Revision b is irreversible: it cannot be taken back");
    assert_eq!(error.into_details().place.unwrap().line, 8);

    let script = read_script("versions/b.py", HEAD, &NamingConvention::default()).unwrap();
    let error = script.upgrade.unwrap_err();
    assert_eq!(error.message, "The script has no function `upgrade()`");
    assert_eq!(
        error.hints[0].text,
        "Add `def upgrade() -> None:`, with `pass` if there is nothing to do."
    );
}

#[test]
fn headers_in_every_form() {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).into()).collect::<Vec<String>>();
    for (text, down, labels, depends) in [
        ("revision = 'b'\ndown_revision = None", vec![], vec![], vec![]),
        ("revision: str = \"b\"\ndown_revision: str = 'a'", ids(&["a"]), vec![], vec![]),
        (
            "revision = 'b'\ndown_revision = ('a', 'c')\nbranch_labels = ['x']\ndepends_on = ('d', 'e')",
            ids(&["a", "c"]),
            ids(&["x"]),
            ids(&["d", "e"]),
        ),
        (
            "revision = 'no'\nrevision = 'b'\nPARENT = 'a'\ndown_revision = PARENT\nbranch_labels = 'None'",
            ids(&["a"]),
            ids(&["None"]),
            vec![],
        ),
    ] {
        let expected = Header {
            revision: "b".into(),
            down_revision: down,
            branch_labels: labels,
            depends_on: depends,
            docstring: "what\n\nand why".into(),
            ..Header::default()
        };
        let text = format!("\"\"\"what\n\nand why\n\"\"\"\n{text}\n");
        assert_eq!(read_header("versions/b.py", &text).unwrap(), expected);
    }
}

#[test]
fn headers_that_cannot_be_read() {
    for (path, text, expected) in [
        (
            "versions/add_item.py",
            "down_revision = None",
            "versions/add_item.py:1:1: Could not determine revision id from filename add_item.py. Be \
             sure the 'revision' variable is declared inside the script (please see 'Upgrading from \
             Alembic 0.1 to 0.2' in the documentation).",
        ),
        ("b.py", "revision = 'b'", "b.py:1:1: b.py does not say which revision it follows"),
        (
            "b.py",
            "revision = make()\ndown_revision = None",
            "b.py:1:12: `revision` must be a string, not a call of `make`",
        ),
        (
            "b.py",
            "revision = 'b'\ndown_revision = ('a', None)",
            "b.py:2:23: `down_revision` must be None, a string or a tuple of strings, not None",
        ),
    ] {
        let error = read_header(path, text).unwrap_err();
        assert_eq!(error.code, Code::RevisionFile);
        assert!(!error.hints.is_empty());
        assert_eq!(format!("{}: {error}", error.place.as_ref().unwrap()), expected);
    }
    let header = read_header("versions/1a2b.py", "down_revision = None").unwrap();
    assert_eq!(header.revision, "1a2b");
}

/// A header, and what Alembic 1.20.1 takes it for: the id, what it follows, its labels.
#[test]
fn header_variables_may_be_computed() {
    for (header, revision, labels) in [
        ("PRE = 'ab'\nrevision = PRE + 'cd'\ndown_revision = None", "abcd", &[][..]),
        ("N = 7\nrevision = f'rev{N:03d}'\ndown_revision = None", "rev007", &[]),
        ("revision, down_revision = 'a1', None", "a1", &[]),
        ("revision = other = 'a1'\ndown_revision = branch_labels = None", "a1", &[]),
        (
            "revision: str = 'a1'\ndown_revision: str | None = None\nbranch_labels: list = ['x', 'y']",
            "a1",
            &["x", "y"],
        ),
        ("revision = 'a1'\ndown_revision = None\nbranch_labels = {'x'}", "a1", &["x"]),
        ("def make(): return 'a' + '1'\nrevision = make()\ndown_revision = None", "a1", &[]),
        ("revision = 'a1' if 1 < 2 else 'b'\ndown_revision = None", "a1", &[]),
        (
            "if True:\n    revision = 'a1'\nelse:\n    revision = 'b1'\ndown_revision = None",
            "a1",
            &[],
        ),
        (
            "try:\n    revision = 'a1'\n    int('x')\nexcept ValueError:\n    revision = 'a2'\ndown_revision = None",
            "a2",
            &[],
        ),
        ("revision = 'a0'\ndown_revision = None\nrevision = 'a1'", "a1", &[]),
        ("revision = 'a'\nrevision += '1'\ndown_revision = None", "a1", &[]),
        ("revision = 'a1'\ndown_revision = []\nbranch_labels = ()\ndepends_on = ()", "a1", &[]),
        (
            "revision = '_'.join(['a', '1'])\ndown_revision = None\nbranch_labels = tuple(n for n in ['p', 'q'])",
            "a_1",
            &["p", "q"],
        ),
        ("revision = 'a1'\ndown_revision = None\nbranch_labels = {'p': 1}", "a1", &["p"]),
        (
            "revision = 'a1'\ndown_revision = None\nbranch_labels = (n for n in ['p', 'q'])",
            "a1",
            &["p", "q"],
        ),
        ("for revision in ['x', 'a1']: pass\ndown_revision = None", "a1", &[]),
        ("revision = 'a%d' % 1\ndown_revision = None", "a1", &[]),
        (
            "IDS = {'here': 'a1', 'down': None}\nrevision = IDS['here']\ndown_revision = IDS['down']",
            "a1",
            &[],
        ),
        (
            "revision = 'a1'\ndown_revision = None\nbranch_labels = 'x'\ndel branch_labels",
            "a1",
            &[],
        ),
        ("print(revision := 'a1')\ndown_revision = None", "a1", &[]),
    ] {
        let read = ambix_python::read_header("versions/x_y.py", &format!("{header}\n"));
        let read = read.unwrap_or_else(|error| panic!("{header}\n{error}"));
        assert_eq!(read.revision, revision, "{header}");
        assert_eq!(read.down_revision, [""; 0], "{header}");
        assert_eq!(read.branch_labels, labels, "{header}");
    }
}

#[test]
fn a_header_that_depends_on_the_machine_is_refused_with_its_place() {
    let text = "import os\ndown_revision = None\nrevision = os.environ['ID']\n";
    let error = ambix_python::read_header("versions/x_y.py", text).unwrap_err();
    assert_eq!(error.code, ambix_core::diagnostic::Code::RevisionFile);
    assert_eq!(error.message, "`revision` must be a string, not a subscript");
    assert_eq!(error.into_details().place.unwrap().to_string(), "versions/x_y.py:3:12");
}
