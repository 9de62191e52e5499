//! What control flow in a script comes to: each body, and the SQL of the directives that it reaches.
#![allow(clippy::unwrap_used)]

use ambix_core::engine::Model;
use ambix_core::operation::Operation;
use ambix_core::revision::Direction;
use ambix_core::schema::NamingConvention;
use ambix_python::{read_script, read_script_for};

fn script(body: &str) -> String {
    let body = body.replace('\n', "\n    ");
    format!(
        "import json\nimport logging\nimport textwrap\nimport contextlib\nimport enum\nimport functools\nfrom alembic import op, context\n\
         import sqlalchemy as sa\nfrom sqlalchemy import inspect\n\nrevision = 'a1'\ndown_revision = None\n\
         NAMES = ['a', 'b']\nSIZE = 40 + 10\n\n\n\
         class Status(str, enum.Enum):\n    OPEN = 'open'\n    DONE = 'done'\n\n\nclass Limits:\n    MOST = SIZE - 41\n\n\n\
         class Missing(KeyError):\n    pass\n\n\ndef upgrade():\n    {body}\n\n\ndef downgrade():\n    pass\n"
    )
}

/// The SQL that a body says, each in a line.
fn said(body: &str) -> Result<String, String> {
    let script = read_script("versions/a.py", &script(body), &NamingConvention::default())
        .map_err(|error| error.to_string())?;
    let directives = script.upgrade.map_err(|error| error.to_string())?;
    let sql = directives.into_iter().map(|directive| match directive.operation {
        Operation::Execute(execute) => execute.sql,
        other => other.name().to_string(),
    });
    Ok(sql.collect::<Vec<_>>().join("; "))
}

fn check(body: &str, expected: &str) {
    assert_eq!(said(body).as_deref(), Ok(expected), "{body}");
}

fn check_error(body: &str, expected: &str) {
    let error = said(body).map(|said| format!("no error: {said}")).unwrap_or_else(|error| error);
    assert!(error.starts_with(expected), "{body}\n{error}");
}

#[test]
fn an_enum_class_is_a_type() {
    let body = "op.add_column('t', sa.Column('a', sa.Enum(Status)))\n\
                op.add_column('t', sa.Column('b', sa.Enum(Status, name='st', values_callable=lambda c: [s.value for s in c])))";
    let script = read_script("versions/a.py", &script(body), &NamingConvention::default()).unwrap();
    let operations: Vec<Operation> =
        script.upgrade.unwrap().into_iter().map(|directive| directive.operation).collect();
    let written = ambix_python::render_operations(&operations);
    assert!(written.contains("sa.Enum('OPEN', 'DONE', name='status')"), "{written}");
    assert!(written.contains("sa.Enum('open', 'done', name='st')"), "{written}");
}

/// The value of an expression, as `repr` writes it.
fn value(expression: &str) -> Result<String, String> {
    said(&format!("op.execute(repr(({expression})))"))
}

#[test]
fn expressions_are_worked_out_as_python_does() {
    for (expression, expected) in [
        ("1 + 2 * 3 - 4 // 3", "6"),
        ("-7 // 2, -7 % 3, 7 % -3", "(-4, 2, -2)"),
        ("2 ** 10, 7 / 2, 1 << 4", "(1024, 3.5, 16)"),
        ("not [] and 'x' or 'y'", "'x'"),
        ("1 < 2 < 3, 1 < 2 > 3, 'a' in NAMES", "(True, False, True)"),
        ("None is None, 1 is not None, [] == []", "(True, True, True)"),
        ("'b' if SIZE > 40 else 'a'", "'b'"),
        ("[n.upper() for n in NAMES if n != 'a']", "['B']"),
        ("{n: len(n) for n in NAMES}", "{'a': 1, 'b': 1}"),
        ("sorted({3, 1, 2})", "[1, 2, 3]"),
        ("{1, 2} - {2}, {1} | {2}, {1, 2} & {2, 3}", "({1}, {1, 2}, {2})"),
        ("[*NAMES, *('c',)], (*NAMES,)", "(['a', 'b', 'c'], ('a', 'b'))"),
        ("{**{'a': 1}, 'b': 2}", "{'a': 1, 'b': 2}"),
        ("NAMES[0], NAMES[-1], NAMES[:1], 'abc'[::-1]", "('a', 'b', ['a'], 'cba')"),
        ("any(n == 'a' for n in NAMES), all([])", "(True, True)"),
        (
            "list(enumerate(NAMES, 1)), list(zip(NAMES, range(9)))",
            "([(1, 'a'), (2, 'b')], [('a', 0), ('b', 1)])",
        ),
        ("max([3, 1], default=0), min(4, 2), sum([1, 2])", "(3, 2, 3)"),
        ("sorted(['bb', 'a'], key=len, reverse=True)", "['bb', 'a']"),
        ("list(map(lambda n: n + '!', NAMES))", "['a!', 'b!']"),
        ("next((n for n in NAMES if n > 'a'), None)", "'b'"),
        ("isinstance('x', (int, str)), isinstance(True, int)", "(True, True)"),
        ("dict(a=1, b=[2]), dict([('x', 1)])", "({'a': 1, 'b': [2]}, {'x': 1})"),
        ("{'a': 1}.get('b', 2), list({'a': 1}.items())", "(2, [('a', 1)])"),
        ("str(1.0), int('12'), float(2), bool('')", "('1.0', 12, 2.0, False)"),
        ("json.dumps({'a': [1, None, True]})", "'{\"a\": [1, null, true]}'"),
        ("textwrap.dedent('''\n  a\n    b\n''')", "'\\na\\n  b\\n'"),
        ("(x := 5) + x", "10"),
        ("list(reversed(NAMES)), ' '.join(reversed(NAMES))", "(['b', 'a'], 'b a')"),
        ("type('').__name__, type(None).__name__, type([]) is list", "('str', 'NoneType', True)"),
        ("getattr(sa, 'JSON', None) is not None, round(2.5), divmod(7, -2)", "(True, 2, (-4, -1))"),
        (
            "{'a': 1}.keys() | {'b'}, {'a': 1}.keys() == {'a'}, list(range(3))",
            "({'a', 'b'}, True, [0, 1, 2])",
        ),
        (
            "dict.fromkeys(NAMES, 0), sorted(['B', 'a'], key=str.lower)",
            "({'a': 0, 'b': 0}, ['a', 'B'])",
        ),
        (
            "Status.DONE.value, Status.OPEN.name, [s.value for s in Status]",
            "('done', 'OPEN', ['open', 'done'])",
        ),
        (
            "Status('open').name, Status['DONE'].value, len(Status), Limits.MOST",
            "('OPEN', 'done', 2, 9)",
        ),
        ("functools.reduce(lambda a, b: a + b, [1, 2, 3], 10)", "16"),
    ] {
        assert_eq!(value(expression).as_deref(), Ok(expected), "{expression}");
    }
}

#[test]
fn texts_are_filled_in_as_python_does() {
    for (expression, expected) in [
        ("f'{SIZE} {NAMES[0]!r} {1 + 1:03d}'", "\"50 'a' 002\""),
        ("f'{SIZE=}', f'{ SIZE = !r:>4}'", "('SIZE=50', ' SIZE =   50')"),
        (
            "f'{3.14159:.2f} {1234567:,} {7:>4}|{\"a\":^5}|{255:#x} {0.5:%}'",
            "'3.14 1,234,567    7|  a  |0xff 50.000000%'",
        ),
        ("'%.1f %5s|%-4d|%r' % (2.25, 'a', 7, 'q')", "\"2.2     a|7   |'q'\""),
        ("'{0[1]} {d[k]} {d[k]:>{w}}'.format([1, 2], d={'k': 'x'}, w=3)", "'2 x   x'"),
        ("'%s-%d%%' % ('a', 3)", "'a-3%'"),
        ("'%(t)s_%(c)s' % {'t': 'x', 'c': 'y'}", "'x_y'"),
        ("'c%03d' % 7", "'c007'"),
        ("'{} {name} {{}}'.format('a', name='b')", "'a b {}'"),
        ("'a,b'.split(','), 'a b'.title(), 'x'.join(['1', '2'])", "(['a', 'b'], 'A B', '1x2')"),
        ("' a '.strip(), 'abc'.removeprefix('a'), 'A'.lower()", "('a', 'bc', 'a')"),
        ("'7'.zfill(3), 'a_b'.partition('_'), 'aXb'.find('X')", "('007', ('a', '_', 'b'), 1)"),
        ("'abc'.startswith(('x', 'a')), 'abc' * 2, 'ab' 'c'", "(True, 'abcabc', 'abc')"),
    ] {
        assert_eq!(value(expression).as_deref(), Ok(expected), "{expression}");
    }
}

#[test]
fn statements_are_followed() {
    for (body, expected) in [
        ("for n in NAMES:\n    op.execute(f'DROP TABLE {n}')", "DROP TABLE a; DROP TABLE b"),
        (
            "if op.get_bind().dialect.name == 'sqlite':\n    op.execute('yes')\nelse:\n    op.execute('no')",
            "yes",
        ),
        (
            "bind = op.get_bind()\nif bind.engine.name == 'mysql':\n    op.execute('no')\nop.execute('done')",
            "done",
        ),
        ("if op.get_context().dialect.name.startswith('post'):\n    return\nop.execute('a')", "a"),
        (
            "try:\n    raise Missing('gone')\nexcept LookupError as e:\n    op.execute(f'{type(e).__name__} {e} {e.args} {isinstance(e, KeyError)}')",
            "Missing 'gone' ('gone',) True",
        ),
        (
            "match SIZE, NAMES[0]:\n    case (50, 'b'):\n        op.execute('no')\n    case (int(), name) if name:\n        op.execute(name)",
            "a",
        ),
        (
            "rows = iter(NAMES)\nop.execute(next(rows))\nfor row in rows:\n    op.execute(row)\nop.execute(repr(list(rows)))",
            "a; b; []",
        ),
        ("size = 1\ndef f(n=size):\n    return n\nsize = 2\nop.execute(str(f()))", "1"),
        ("op.create_table('t', sa.Column('s', sa.Enum(Status)))", "create_table"),
        (
            "i = 0\nwhile True:\n    i += 1\n    if i == 2: continue\n    if i > 3: break\n    op.execute(str(i))",
            "1; 3",
        ),
        (
            "for a, (b, *c) in [(1, (2, 3, 4))]:\n    op.execute(repr((a, b, c)))\nelse:\n    op.execute('end')",
            "(1, 2, [3, 4]); end",
        ),
        (
            "def one(name, *rest, size=SIZE, **more):\n    return f'{name}{rest}{size}{more}'\nop.execute(one('a', 1, z=2))",
            "a(1,)50{'z': 2}",
        ),
        (
            "def outer():\n    seen = []\n    def inner(n):\n        seen.append(n)\n    inner(1)\n    inner(2)\n    return seen\nop.execute(repr(outer()))",
            "[1, 2]",
        ),
        (
            "try:\n    {}['x']\nexcept KeyError as e:\n    op.execute(f'caught {e}')\nfinally:\n    op.execute('end')",
            "caught 'x'; end",
        ),
        (
            "try:\n    raise ValueError('no')\nexcept (TypeError, ValueError):\n    op.execute('a')\nelse:\n    op.execute('b')",
            "a",
        ),
        ("with contextlib.suppress(IndexError):\n    NAMES[9]\nop.execute('a')", "a"),
        (
            "rows = []\nfor n in NAMES:\n    rows.append({'n': n})\nt = sa.table('t', sa.column('n'))\nop.bulk_insert(t, rows)",
            "bulk_insert",
        ),
        (
            "d = {}\nd.setdefault('a', []).append(1)\nd['b'] = 2\ndel d['b']\nop.execute(repr(d))",
            "{'a': [1]}",
        ),
        (
            "log = logging.getLogger(__name__)\nlog.info('x %s', 1)\nprint('y')\nop.execute('z')",
            "z",
        ),
        (
            "with op.get_context().autocommit_block():\n    op.execute('CREATE INDEX i ON t (a)')",
            "CREATE INDEX i ON t (a)",
        ),
        (
            "with op.get_bind().begin_nested():\n    op.get_bind().execute(sa.text('DELETE FROM t'))",
            "DELETE FROM t",
        ),
        ("assert NAMES, 'none'\nglobal SIZE\nSIZE = 1\nop.execute(str(SIZE))", "1"),
        (
            "def add(b):\n    b.add_column(sa.Column('x', sa.Integer))\nwith op.batch_alter_table('t') as batch_op:\n    add(batch_op)",
            "add_column",
        ),
        (
            "columns = [sa.Column(n, sa.String(SIZE)) for n in NAMES]\nop.create_table('t', *columns)",
            "create_table",
        ),
        (
            "kw = {'nullable': False}\nop.add_column('t', sa.Column('a', sa.Integer, **kw))",
            "add_column",
        ),
    ] {
        check(body, expected);
    }
}

#[test]
fn what_cannot_be_followed_says_where_it_is_reached() {
    check("if False:\n    import os\n    os.system('x')\n    yield 1\nop.execute('a')", "a");
    for (body, expected) in [
        ("import os\nos.system('x')", "`os.system` is not supported in a revision"),
        (
            "import os\nif os.environ.get('X'):\n    pass",
            "What a call of `os.environ.get` comes to is only known when the script runs",
        ),
        ("raise NotImplementedError('by hand')", "NotImplementedError: by hand"),
        ("NAMES[7]", "IndexError: list index out of range"),
        ("1 + 'a'", "TypeError: unsupported operand type(s) for +: 'int' and 'str'"),
        ("while True:\n    pass", "This does not end within the steps that are followed"),
        ("x = 'a'\nwhile True:\n    x += x", "This gets too long to be followed"),
        ("def f():\n    return f()\nf()", "This is nested too deeply to be followed"),
        (
            "a = []\nb = a\nb.append(1)",
            "A list or dict that has more than one name is changed, which is not followed",
        ),
        (
            "for row in [[1]]:\n    row.append(2)",
            "A list or dict that has more than one name is changed, which is not followed",
        ),
        ("def f(x):\n    pass\nf()", "TypeError: f() missing 1 required argument: 'x'"),
        ("a, b = 1, 2, 3", "ValueError: too many values to unpack (expected 2)"),
        ("with open('x') as f:\n    pass", "A call of `open` is not followed in a revision"),
        ("op.execute(eval('1'))", "A call of `eval` is not followed in a revision"),
        ("class A:\n    pass", "A class inside of a function is not followed in a revision"),
        (
            "if inspect(op.get_bind()).has_table('t'):\n    pass",
            "What this revision does depends on the database that it finds",
        ),
    ] {
        check_error(body, expected);
    }
}

/// What a body comes to on a database with these tables.
fn said_to(tables: &[&str], body: &str) -> Result<String, String> {
    let mut model = Model::offline();
    for table in tables {
        model.follow(table);
    }
    let text = script(body);
    let convention = NamingConvention::default();
    let directives =
        read_script_for("versions/a.py", &text, &convention, Direction::Upgrade, &model)
            .map_err(|stop| format!("{stop:?}"))?;
    let sql = directives.into_iter().map(|directive| match directive.operation {
        Operation::Execute(execute) => execute.sql,
        other => other.name().to_string(),
    });
    Ok(sql.collect::<Vec<_>>().join("; "))
}

#[test]
fn the_database_is_looked_at() {
    let tables = [
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR(20) DEFAULT 'x', p_id INTEGER, CONSTRAINT pk_t PRIMARY KEY (id), \
         CONSTRAINT uq UNIQUE (name), FOREIGN KEY(p_id) REFERENCES p (id) ON DELETE CASCADE, CHECK (id > 0))",
        "CREATE UNIQUE INDEX ix ON t (name, p_id)",
    ];
    let inspector = "insp = sa.inspect(op.get_bind())\n";
    for (expression, expected) in [
        ("insp.get_table_names()", "['p', 't']"),
        ("insp.has_table('t'), insp.has_table('x')", "(True, False)"),
        ("[c['name'] for c in insp.get_columns('t')]", "['id', 'name', 'p_id']"),
        (
            "{c['name']: str(c['type']) for c in insp.get_columns('t')}",
            "{'id': 'INTEGER', 'name': 'VARCHAR(20)', 'p_id': 'INTEGER'}",
        ),
        ("[c['nullable'] for c in insp.get_columns('t')]", "[False, True, True]"),
        ("isinstance(insp.get_columns('t')[1]['type'], sa.String)", "True"),
        (
            "insp.get_indexes('t')[0]['column_names'], insp.get_indexes('t')[0]['unique']",
            "(['name', 'p_id'], 1)",
        ),
        ("insp.get_pk_constraint('t')", "{'constrained_columns': ['id'], 'name': 'pk_t'}"),
        ("insp.get_unique_constraints('t')", "[{'name': 'uq', 'column_names': ['name']}]"),
        (
            "insp.get_foreign_keys('t')[0]['referred_table'], insp.get_foreign_keys('t')[0]['options']",
            "('p', {'ondelete': 'CASCADE'})",
        ),
        ("insp.get_check_constraints('t')[0]['sqltext']", "'id > 0'"),
    ] {
        let said = said_to(&tables, &format!("{inspector}op.execute(repr(({expression})))"));
        assert_eq!(said.as_deref(), Ok(expected), "{expression}");
    }
}

#[test]
fn what_the_script_did_is_seen() {
    let body = "op.create_table('a', sa.Column('id', sa.Integer()))\nop.add_column('a', sa.Column('x', sa.Integer()))\n\
                names = [c['name'] for c in inspect(op.get_bind()).get_columns('a')]\nop.execute(repr(names))";
    assert_eq!(said_to(&[], body).as_deref(), Ok("create_table; add_column; ['id', 'x']"));
}

#[test]
fn a_directive_that_would_fail_is_an_exception_in_a_try() {
    let body = "for name in ('ix_a', 'ix_b'):\n    try:\n        op.drop_index(name, 't')\n    except Exception as e:\n        print(e)\nop.execute('a')";
    let tables = ["CREATE TABLE t (a)", "CREATE INDEX ix_a ON t (a)"];
    assert_eq!(said_to(&tables, body).as_deref(), Ok("drop_index; a"));
    let body = "try:\n    with op.batch_alter_table('t') as b:\n        b.drop_constraint('nope')\nexcept Exception:\n    op.execute('a')";
    assert_eq!(said_to(&tables, body).as_deref(), Ok("a"));
}
