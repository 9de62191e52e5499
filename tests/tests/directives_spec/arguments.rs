//! That nothing is forgotten: the arguments of Alembic's directives, and which of them the cases have.

use regex::Regex;
use std::collections::BTreeSet;
use std::path::Path;

/// The directives with the keywords that each of them takes. Source: Alembic's `op.pyi`, and what the constructs of
/// SQLAlchemy take where Alembic hands keywords on.
const DIRECTIVES: &[(&str, &str)] = &[
    (
        "op.create_table",
        "if_not_exists schema comment info prefixes sqlite_autoincrement sqlite_with_rowid sqlite_strict \
         mysql_engine",
    ),
    ("op.drop_table", "schema if_exists info"),
    ("op.rename_table", "schema"),
    ("op.create_table_comment", "existing_comment schema"),
    ("op.drop_table_comment", "existing_comment schema"),
    ("op.add_column", "schema if_not_exists inline_references inline_primary_key"),
    ("op.drop_column", "schema if_exists mssql_drop_check"),
    (
        "op.alter_column",
        "nullable comment server_default new_column_name type_ existing_type existing_server_default \
         existing_nullable existing_comment schema autoincrement existing_autoincrement postgresql_using",
    ),
    ("op.create_index", "schema unique quote if_not_exists sqlite_where postgresql_using info"),
    ("op.drop_index", "table_name schema if_exists sqlite_where postgresql_concurrently"),
    ("op.create_unique_constraint", "schema deferrable initially sqlite_on_conflict"),
    ("op.create_check_constraint", "schema deferrable initially sqlite_on_conflict info comment"),
    (
        "op.create_foreign_key",
        "onupdate ondelete deferrable initially match source_schema referent_schema",
    ),
    ("op.create_primary_key", "schema"),
    ("op.create_exclude_constraint", "where using"),
    ("op.drop_constraint", "type_ schema if_exists"),
    ("op.bulk_insert", "multiinsert"),
    ("op.execute", "execution_options"),
    ("op.inline_literal", "type_"),
    ("op.f", ""),
    ("op.get_bind", ""),
    ("op.get_context", ""),
    ("op.invoke", ""),
    ("op.register_operation", ""),
    ("op.implementation_for", ""),
    ("op.run_async", ""),
    (
        "op.batch_alter_table",
        "schema recreate partial_reordering copy_from table_args table_kwargs reflect_args reflect_kwargs \
         naming_convention",
    ),
    (
        "batch_op.add_column",
        "insert_before insert_after if_not_exists inline_references inline_primary_key",
    ),
    ("batch_op.drop_column", "if_exists existing_type"),
    (
        "batch_op.alter_column",
        "nullable comment server_default new_column_name type_ existing_type existing_server_default \
         existing_nullable existing_comment autoincrement insert_before insert_after",
    ),
    ("batch_op.create_index", "unique if_not_exists sqlite_where"),
    ("batch_op.drop_index", "if_exists"),
    ("batch_op.create_unique_constraint", "sqlite_on_conflict"),
    ("batch_op.create_check_constraint", "sqlite_on_conflict"),
    ("batch_op.create_foreign_key", "onupdate ondelete deferrable initially match referent_schema"),
    ("batch_op.create_primary_key", ""),
    ("batch_op.create_exclude_constraint", ""),
    ("batch_op.drop_constraint", "type_ if_exists"),
    ("batch_op.create_table_comment", "existing_comment"),
    ("batch_op.drop_table_comment", "existing_comment"),
    ("batch_op.execute", ""),
    ("batch_op.f", ""),
    // What directives are given: columns, constraints, and what defaults are made of.
    (
        "sa.Column",
        "nullable primary_key unique index server_default key comment autoincrement default doc info onupdate \
         server_onupdate system quote sqlite_on_conflict_not_null sqlite_on_conflict_unique \
         sqlite_on_conflict_primary_key",
    ),
    ("sa.Table", "autoload_with listeners"),
    ("sa.bindparam", "type_ unique required"),
    ("datetime.datetime", "fold"),
    ("sa.Computed", "persisted"),
    ("sa.Identity", "start"),
    ("sa.ForeignKey", "name ondelete onupdate deferrable initially match use_alter"),
    (
        "sa.ForeignKeyConstraint",
        "name ondelete onupdate deferrable initially match use_alter link_to_name info comment",
    ),
    ("sa.PrimaryKeyConstraint", "name sqlite_on_conflict"),
    ("sa.UniqueConstraint", "name sqlite_on_conflict"),
    ("sa.CheckConstraint", "name sqlite_on_conflict"),
    ("sa.Index", "unique sqlite_where"),
    // Expressions; the list of them all is beside the reader of scripts.
    ("sa.case", "else_"),
    ("sa.select", ""),
    ("sa.exists", ""),
    (".from_select", "include_defaults"),
    ("sa.cast", ""),
    ("sa.literal", ""),
    ("sa.literal_column", ""),
    ("sa.Boolean", "name create_constraint"),
    ("sa.Enum", "name create_constraint length native_enum"),
];

/// Directives and keywords that no script has.
pub(crate) fn without_a_case(scripts: &[String]) -> Vec<String> {
    let mut missing = Vec::new();
    for (directive, keywords) in DIRECTIVES {
        let begins = Regex::new(&format!(r"(?m)(^|[^\w.]){}\(", regex::escape(directive))).unwrap();
        let calls: Vec<String> = scripts.iter().flat_map(|script| calls(script, &begins)).collect();
        if calls.is_empty() {
            missing.push((*directive).to_string());
        }
        for keyword in keywords.split_whitespace() {
            let is_given = Regex::new(&format!(r"\b{keyword}=")).unwrap();
            if !calls.iter().any(|call| is_given.is_match(call)) {
                missing.push(format!("{directive}(…, {keyword}=…)"));
            }
        }
    }
    missing
}

/// What stands between the parentheses of each call, without the calls in there.
fn calls(script: &str, begins: &Regex) -> Vec<String> {
    let own = |found: regex::Match<'_>| {
        let mut depth = 0;
        let rest = &script[found.end()..];
        let inside = rest.chars().take_while(|letter| {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth >= 0
        });
        let inside: String = inside.collect();
        let mut depth = 0;
        let is_own = |letter: &char| {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        };
        inside.chars().filter(is_own).collect()
    };
    begins.find_iter(script).map(own).collect()
}

/// Names of arguments in the reader's source that are not listed above: somebody added one.
pub(crate) fn not_listed() -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/ambix-python/src/script");
    let mut listed: BTreeSet<&str> =
        DIRECTIVES.iter().flat_map(|(_, keywords)| keywords.split_whitespace()).collect();
    // Of SQLAlchemy 1.
    listed.insert("autoload");
    let takes = Regex::new(
        r#"\.(?:flag|text|keyword)\("(\w+)"\)|\.(?:ignore|refuse|refuse_schemas)\(&\[([^\]]*)\]"#,
    )
    .unwrap();
    let mut missing = BTreeSet::new();
    for file in script.read_dir().unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for found in takes.captures_iter(&text) {
            let names = found.get(1).or(found.get(2)).map_or("", |names| names.as_str());
            let names =
                names.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            for name in names.filter(|name| !name.is_empty() && !listed.contains(name)) {
                missing.insert(name.to_string());
            }
        }
    }
    missing.into_iter().collect()
}
