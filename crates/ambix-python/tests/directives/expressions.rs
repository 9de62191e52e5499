//! SQLAlchemy's expressions as its dialect of SQLite writes them with literals in the place of parameters.

use super::{NamingConvention, ddl, operations};

/// The tables of the expressions.
const TABLES: &str = "\
t = sa.table('t', sa.column('a', sa.String), sa.column('n', sa.Integer), sa.column('m', sa.Integer),
             sa.column('f', sa.Float), sa.column('ok', sa.Boolean), sa.column('d', sa.Date), sa.column('u'))
o = sa.table('o', sa.column('id', sa.Integer), sa.column('n', sa.Integer), sa.column('x', sa.String))
";

/// Each expression with its SQL, recorded with SQLAlchemy 2.1.9: what `t.update().values(a=…)` sets, the condition of
/// `t.delete().where(…)`, and whole statements.
const CASES: &str = include_str!("expressions.txt");

#[test]
fn as_sqlalchemy_writes_them() {
    let mut section = "";
    let mut lines = CASES.lines();
    let mut wrong = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("# ") {
            section = name;
            continue;
        }
        let expected = lines.next().unwrap().trim_start().replace("\\n", "\n");
        let (statement, expected) = match section {
            "values" => {
                (format!("t.update().values(a={line})"), format!("UPDATE t SET a={expected}"))
            }
            "where" => {
                let clause = match expected.as_str() {
                    "<none>" => String::new(),
                    _ => format!(" WHERE {expected}"),
                };
                (format!("t.delete().where({line})"), format!("DELETE FROM t{clause}"))
            }
            _ => (line.to_string(), expected),
        };
        let script = format!("{TABLES}op.execute({statement})");
        let found = match operations(&script, &NamingConvention::default()) {
            Ok(found) => ddl::operation(&found[0]).unwrap().join(";"),
            Err(error) => error.to_string(),
        };
        if found != expected {
            wrong.push(format!("{line}\n    expected {expected}\n    found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
