//! Rows in scripts: what SQL they are, what cannot be read, and that they are written as they were read.
#![allow(clippy::unwrap_used, clippy::panic)]

use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::{BulkInsert, Operation, StoredValue};
use ambix_core::schema::NamingConvention;
use ambix_core::sqlite::ddl;
use ambix_python::{read_script, render_operations};

/// What `upgrade()` does; its body begins in line 10.
fn upgrade(body: &str) -> Result<Vec<Operation>, Diagnostic> {
    let text = format!(
        "from alembic import op\nimport sqlalchemy as sa\nimport datetime as dt\nimport uuid\n\
         from decimal import Decimal\nrevision = 'b'\ndown_revision = 'a'\n\
         city = sa.table('city', sa.column('id', sa.Integer), sa.column('name', sa.String))\n\
         def upgrade():\n    {}\n",
        body.replace('\n', "\n    ")
    );
    let directives =
        read_script("versions/b.py", &text, &NamingConvention::default()).unwrap().upgrade?;
    Ok(directives.into_iter().map(|directive| directive.operation).collect())
}

/// The INSERT statements of `body`.
fn inserts(body: &str) -> Vec<String> {
    let operations = upgrade(body).unwrap_or_else(|error| panic!("{error} in {body}"));
    let statements = operations.iter().flat_map(|operation| ddl::operation(operation).unwrap());
    statements.filter(|sql| sql.starts_with("INSERT")).collect()
}

fn check_error(body: &str, expected: &str) {
    let error = upgrade(body).map(|_| body.to_string()).unwrap_err();
    let place = error.place.as_ref().unwrap();
    assert_eq!(format!("{}:{}: {error}", place.line, place.column), expected, "{body}");
}

#[test]
fn a_table_by_every_name() {
    for body in [
        "op.bulk_insert(city, [{'id': 1, 'name': \"it's\"}])",
        "op.bulk_insert(table=city, rows=[dict(id=1, name=\"it's\")], multiinsert=False)",
        "op.bulk_insert(sa.table('city', sa.column('id', sa.Integer), sa.column('name')), \
         [{'name': \"it's\", 'id': 1}])",
        "t = sa.Table('city', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), \
         sa.Column('name', sa.String(9)), sa.UniqueConstraint('name'))\nu = t\n\
         op.bulk_insert(u, [{'id': 1, 'name': \"it's\"}])",
        "t: sa.Table = op.create_table('city', sa.Column('id', sa.Integer()), \
         sa.Column('name', sa.String(9)), if_not_exists=None)\n\
         op.bulk_insert(t, [{'id': 1, 'name': \"it's\"}])",
        "from sqlalchemy.sql import table, column\n\
         op.bulk_insert(table('city', column('id'), column('name')), [{'id': 1, 'name': \"it's\"}])",
    ] {
        assert_eq!(inserts(body), ["INSERT INTO city (id, name) VALUES (1, 'it''s')"], "{body}");
    }
    assert!(inserts("op.bulk_insert(city, [])").is_empty());
}

#[test]
fn values_are_stored_by_the_types_of_their_columns() {
    let box_of_types = "import datetime, decimal\n\
        t = op.create_table('box', sa.Column('d', sa.Date()), sa.Column('ts', sa.DateTime()), \
        sa.Column('n', sa.Numeric(8, 2)), sa.Column('b', sa.Boolean()), sa.Column('s', sa.String(9)))\n\
        op.bulk_insert(t, [{'d': datetime.date(2020, 1, 2), 'ts': datetime.datetime(2020, 1, 2, 3, 4, 5), \
        'n': decimal.Decimal('1.50'), 'b': True, 's': \"o'k\"}, \
        {'d': None, 'ts': None, 'n': None, 'b': False, 's': None}])";
    assert_eq!(
        inserts(box_of_types),
        [
            "INSERT INTO box (d, ts, n, b, s) VALUES ('2020-01-02', '2020-01-02 03:04:05.000000', \
             1.50, 1, 'o''k')",
            "INSERT INTO box (d, ts, n, b, s) VALUES (NULL, NULL, NULL, 0, NULL)",
        ]
    );
    for (data_type, value, sql) in [
        ("sa.Date", "dt.date.fromisoformat('2020-02-29')", "'2020-02-29'"),
        ("sa.Date", "dt.datetime(2020, 1, 2, 3)", "'2020-01-02'"),
        ("sa.DateTime", "dt.date(2020, 1, 2)", "'2020-01-02 00:00:00.000000'"),
        (
            "sa.DateTime",
            "dt.datetime.fromisoformat('2020-01-02T03:04:05.006')",
            "'2020-01-02 03:04:05.006000'",
        ),
        (
            "sa.DateTime(timezone=True)",
            "dt.datetime(2020, 1, 2, tzinfo=dt.timezone.utc)",
            "'2020-01-02 00:00:00.000000'",
        ),
        ("sa.Time", "dt.time(1, minute=2, microsecond=45)", "'01:02:00.000045'"),
        ("sa.Boolean", "0", "0"),
        ("sa.Float", "-1e30", "-1e+30"),
        ("sa.Numeric", "Decimal('1e5')", "1E+5"),
        (
            "sa.JSON",
            "{'k': [1, None, 1.5, True, 'é\"']}",
            r#"'{"k": [1, null, 1.5, true, "\u00e9\""]}'"#,
        ),
        ("sa.JSON", "None", "'null'"),
        ("sa.JSON(none_as_null=True)", "None", "NULL"),
        ("sa.LargeBinary", "b'\\x00' b'\\xff'", "X'00FF'"),
        (
            "sa.Uuid",
            "uuid.UUID('12345678-1234-5678-1234-567812345678')",
            "'12345678123456781234567812345678'",
        ),
        ("sa.Uuid(as_uuid=False)", "'12345678-1234'", "'123456781234'"),
        ("sa.Enum('a', 'b')", "'a'", "'a'"),
        ("None", "dt.datetime(2020, 1, 2, 3, 4, 5)", "'2020-01-02 03:04:05'"),
        ("sa.Integer", "True", "1"),
        ("sa.String", "op.inline_literal(\"o'k\")", "'o''k'"),
        ("sa.Integer", "op.inline_literal(dt.date(2020, 1, 2), type_=sa.Date)", "'2020-01-02'"),
    ] {
        let body = format!(
            "op.bulk_insert(sa.table('t', sa.column('a', {data_type})), [{{'a': {value}}}])"
        );
        assert_eq!(inserts(&body), [format!("INSERT INTO t (a) VALUES ({sql})")], "{body}");
    }
}

#[test]
fn rows_sent_together_have_the_columns_of_the_first() {
    let table = "sa.table('t', sa.column('a'), sa.column('b'), sa.column('c'))";
    let insert = |rows: &str| inserts(&format!("op.bulk_insert({table}, {rows})"));
    assert_eq!(
        insert("[{'c': 3, 'a': 1}, {'a': 4, 'b': 0, 'c': 5}]"),
        ["INSERT INTO t (a, c) VALUES (1, 3)", "INSERT INTO t (a, c) VALUES (4, 5)"]
    );
    assert_eq!(
        insert("[{'c': sa.func.now()}, {'a': 4, 'b': sa.text('1 + 1')}, {}], multiinsert=False"),
        [
            "INSERT INTO t (c) VALUES (CURRENT_TIMESTAMP)",
            "INSERT INTO t (a, b) VALUES (4, 1 + 1)",
            "INSERT INTO t DEFAULT VALUES"
        ]
    );
    check_error(
        &format!("op.bulk_insert({table}, [{{'a': 1, 'b': 2}}, {{'a': 4}}])"),
        "10:102: A value is required for bind parameter 'b', in parameter group 1",
    );
}

#[test]
fn a_column_of_python_has_its_default() {
    let table = "sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer), \
                 sa.Column('b', sa.String, default='x'), sa.Column('c', sa.DateTime, default=dt.datetime.now))";
    assert_eq!(
        inserts(&format!("op.bulk_insert({table}, [{{'a': 1, 'c': None}}])")),
        ["INSERT INTO t (a, b, c) VALUES (1, 'x', NULL)"]
    );
    check_error(
        &format!("op.bulk_insert({table}, [{{'a': 1}}])"),
        "10:153: The default of the column 'c' is not known, and a row has no value for it",
    );
}

#[test]
fn what_is_no_row_is_named() {
    for (body, expected) in [
        ("op.bulk_insert(city, {'id': 1})", "10:26: List expected"),
        ("op.bulk_insert(city, ({'id': 1},))", "10:26: List expected"),
        ("op.bulk_insert(city, [1])", "10:27: List of dictionaries expected"),
        ("op.bulk_insert(city, [{'id': i} for i in ids])", "10:46: name 'ids' is not defined"),
        (
            "op.bulk_insert('city', [])",
            "10:20: `table` of `op.bulk_insert` must be a `sa.table(…)`, or a name that one was given before, \
             not a string",
        ),
        (
            "op.bulk_insert(town, [])",
            "10:20: `table` of `op.bulk_insert` must be a `sa.table(…)`, or a name that one was given before, \
             not the name `town`",
        ),
        (
            "op.bulk_insert(city, [{'id': sa.text('1')}])",
            "10:34: `rows` of `op.bulk_insert` must be values, not a call of `sqlalchemy.text`",
        ),
        (
            "op.bulk_insert(city, [{'id': 1, 'zz': 2}], multiinsert=False)",
            "10:43: Unconsumed column names: zz",
        ),
        (
            "op.bulk_insert(city, [{'id': uuid.uuid4()}])",
            "10:34: `rows` of `op.bulk_insert` must be a value that SQLite can store, not a call of `uuid.uuid4`",
        ),
        (
            "op.bulk_insert(sa.table('t', sa.column('d', sa.Date)), [{'d': '2020-01-02'}])",
            "10:67: SQLite Date type only accepts Python date objects as input.",
        ),
        (
            "op.bulk_insert(sa.table('t', sa.column('d', sa.Date)), [{'d': dt.date(2021, 2, 29)}])",
            "10:67: day is out of range for month",
        ),
        (
            "op.bulk_insert(sa.table('t', sa.column('b', sa.Boolean)), [{'b': 2}])",
            "10:70: Value 2 is not None, True, or False",
        ),
        (
            "op.bulk_insert(sa.table('t', sa.column('a'), schema='other'), [])",
            "10:50: The argument `schema` of `sa.table` is not supported",
        ),
    ] {
        check_error(body, expected);
    }
}

#[test]
fn rows_are_read_back_as_they_were_written() {
    let row = |values: &[(&str, StoredValue)]| -> Vec<(String, StoredValue)> {
        values.iter().map(|(name, value)| ((*name).into(), value.clone())).collect()
    };
    let text = |text: &str| StoredValue::Text(text.into());
    let number = |digits: &str| StoredValue::Number(digits.into());
    for rows in [
        vec![],
        vec![row(&[])],
        vec![row(&[("a", StoredValue::Integer(1)), ("b", StoredValue::Null)])],
        vec![row(&[("a", text("it's\n")), ("b", number("1.5"))]); 2],
        vec![row(&[("a", StoredValue::Blob(vec![0, b'\'', 255])), ("b", number("1.50"))])],
        vec![row(&[("a", text("1"))]), row(&[("a", StoredValue::Integer(1))])],
        vec![
            row(&[("a", text("x")), ("c", StoredValue::Sql("':x' || 1".into()))]),
            row(&[("a", text("x")), ("b", number("1E+5")), ("c", StoredValue::Null)]),
        ],
    ] {
        let operation = Operation::BulkInsert(BulkInsert { table: "t".into(), rows });
        let written = render_operations(std::slice::from_ref(&operation));
        assert_eq!(upgrade(&written).unwrap(), [operation], "{written}");
    }
    let operations = upgrade("op.bulk_insert(city, [{'id': 1, 'name': 'Bern'}])").unwrap();
    assert_eq!(
        render_operations(&operations),
        "op.bulk_insert(sa.table('city', sa.column('id', sa.Integer()), sa.column('name', sa.String())), [\n    \
         {'id': 1, 'name': 'Bern'},\n])"
    );
    assert!(operations[0].reverse().is_none() && !operations[0].destroys_data());
}
