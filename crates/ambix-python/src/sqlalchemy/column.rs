use super::arguments::is_of_other_dialect;
use super::constraint::check;
use super::default::server_default;
use super::foreign_key::foreign_key;
use super::identity::identity;
use super::types::data_type;
use super::{Arguments, called};
use crate::evaluate::repr_of;
use crate::syntax::Source;
use crate::value::{Call, Kind, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::{Check, DataType, ForeignKey, Generated, ServerDefault, TypeArgument};
use ruff_python_ast::name::Name;

/// What `Column(…)` or `mapped_column(…)` says about a column.
pub(crate) struct ColumnDeclaration {
    pub(crate) span: Span,
    pub(crate) name: Option<String>,
    /// What its class calls it.
    pub(crate) attribute: Option<Name>,
    pub(crate) data_type: Option<DataType>,
    pub(crate) nullable: Option<bool>,
    pub(crate) primary_key: bool,
    /// Nothing if it is not said; that it is not, is said to what `Annotated` has.
    pub(crate) unique: Option<bool>,
    pub(crate) index: Option<bool>,
    pub(crate) default: Option<ServerDefault>,
    pub(crate) autoincrement: Option<bool>,
    pub(crate) ignores_foreign_key: bool,
    pub(crate) identity: Option<Vec<TypeArgument>>,
    pub(crate) comment: Option<String>,
    pub(crate) info: Option<String>,
    pub(crate) generated: Option<Generated>,
    pub(crate) foreign_keys: Vec<(ForeignKey, Span)>,
    pub(crate) checks: Vec<(Check, Span)>,
    /// What constraints and indexes call it, if that is not its name.
    pub(crate) key: Option<String>,
    /// Whether the database makes it: no table is created with it.
    pub(crate) is_system: bool,
    /// What ON CONFLICT of its NOT NULL says.
    pub(crate) conflict_not_null: Option<String>,
    /// The same of a primary key that is this column.
    pub(crate) conflict_key: Option<String>,
    /// The same of UNIQUE.
    pub(crate) conflict_unique: Option<String>,
    /// Where it stands among the columns of a model.
    pub(crate) sort_order: Option<i64>,
    /// Whether it may be there already: `use_existing_column=True`.
    pub(crate) is_shared: bool,
}

impl ColumnDeclaration {
    /// A column of which nothing is said.
    pub(crate) const fn new(span: Span) -> Self {
        Self {
            span,
            name: None,
            attribute: None,
            data_type: None,
            nullable: None,
            primary_key: false,
            unique: None,
            index: None,
            default: None,
            autoincrement: None,
            ignores_foreign_key: false,
            identity: None,
            comment: None,
            info: None,
            generated: None,
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            key: None,
            is_system: false,
            conflict_not_null: None,
            conflict_key: None,
            conflict_unique: None,
            sort_order: None,
            is_shared: false,
        }
    }
}

/// The keyword arguments of a column that say something about the table.
const KNOWN: &[&str] = &[
    "name",
    "type_",
    "nullable",
    "primary_key",
    "unique",
    "index",
    "server_default",
    "key",
    "comment",
    "info",
    "autoincrement",
    "sqlite_on_conflict_not_null",
    "sqlite_on_conflict_primary_key",
    "sqlite_on_conflict_unique",
    "system",
];

/// Those that say what Python does, and those that SQLite has no word for.
const IGNORED: &[&str] = &[
    "default",
    "doc",
    "onupdate",
    "insert_default",
    "quote",
    "server_onupdate",
    "init",
    "repr",
    "default_factory",
    "compare",
    "kw_only",
    "hash",
    "deferred",
    "deferred_group",
    "deferred_raiseload",
    "active_history",
    "insert_sentinel",
];

/// The column that a call of `what` (`Column`, `mapped_column`) declares.
pub(crate) fn column(
    source: Source,
    what: &str,
    call: &Call,
    span: Span,
) -> Result<ColumnDeclaration, Diagnostic> {
    column_arguments(Arguments::of(source, what, call, span), span)
}

/// The same, from arguments of which the caller took what only it knows.
pub(crate) fn column_arguments(
    mut given: Arguments,
    span: Span,
) -> Result<ColumnDeclaration, Diagnostic> {
    let source = given.source();
    let mut column = ColumnDeclaration::new(span);
    if let Some(name) = given.peek().and_then(Value::text) {
        column.name = Some(name.into());
        given.next();
    }
    if let Some(value) = given.peek()
        && !is_schema_item(value)
    {
        given.next();
        column.data_type = data_type(source, value)?;
    }
    while let Some(value) = given.peek() {
        if !schema_item(source, value, &mut column)? {
            break;
        }
        given.next();
    }
    for keyword in given.take_keywords(KNOWN) {
        let (name, value) = (keyword.name.as_str(), &keyword.value);
        let text = || given.optional_text(name, value);
        let flag = || given.optional_flag(name, value);
        match name {
            "name" => column.name = text()?.or(column.name),
            "type_" => column.data_type = data_type(source, value)?,
            "nullable" => column.nullable = flag()?.or(column.nullable),
            "primary_key" => column.primary_key = flag()?.unwrap_or(false),
            "unique" => column.unique = flag()?,
            "index" => column.index = flag()?,
            "server_default" => column.default = server_default(&given, value)?,
            "key" => column.key = text()?,
            "comment" => column.comment = text()?,
            "info" => {
                column.info = repr_of(value).filter(|info| !value.is_nothing() && info != "{}")
            }
            // "auto" says as much as nothing.
            "autoincrement" if value.text().is_some() => {
                column.ignores_foreign_key = value.text() == Some("ignore_fk");
            }
            "autoincrement" => column.autoincrement = flag()?,
            "sqlite_on_conflict_not_null" => column.conflict_not_null = text()?,
            "sqlite_on_conflict_primary_key" => column.conflict_key = text()?,
            "sqlite_on_conflict_unique" => column.conflict_unique = text()?,
            "system" => column.is_system = flag()?.unwrap_or(false),
            "use_existing_column" => column.is_shared = !value.is_nothing(),
            "sort_order" => match value.kind {
                Kind::Int(order) => column.sort_order = Some(order),
                Kind::None => {}
                _ => return Err(given.unexpected(name, "a number", value)),
            },
            _ if IGNORED.contains(&name) || is_of_other_dialect(name) => {}
            _ => return Err(given.unknown(keyword)),
        }
    }
    given.finish()?;
    Ok(column)
}

fn is_schema_item(value: &Value) -> bool {
    called(value).is_some_and(|(name, _)| {
        matches!(
            name,
            "CheckConstraint"
                | "ColumnDefault"
                | "Computed"
                | "DefaultClause"
                | "FetchedValue"
                | "ForeignKey"
                | "Identity"
                | "Sequence"
        )
    })
}

/// Reads what stands in a column beside its type; `false` if it is not known.
fn schema_item(
    source: Source,
    value: &Value,
    column: &mut ColumnDeclaration,
) -> Result<bool, Diagnostic> {
    let Some((name, call)) = called(value) else { return Ok(false) };
    match name {
        "ForeignKey" => {
            column.foreign_keys.push((foreign_key(source, call, value.span)?, value.span));
        }
        "CheckConstraint" => {
            column.checks.push((check(source, call, value.span, &|_| None)?, value.span))
        }
        "Computed" => column.generated = Some(computed(source, call, value.span)?),
        // What counts itself is not null; more it does not mean to SQLite.
        "Identity" => {
            column.nullable = Some(false);
            column.identity = Some(identity(source, call, value.span)?);
        }
        "Sequence" | "FetchedValue" | "ColumnDefault" => {}
        "DefaultClause" => {
            let mut given = Arguments::of(source, name, call, value.span);
            let default = given.required("arg")?;
            column.default = server_default(&given, default)?;
            given.ignore(&["for_update", "_reflected"]);
            given.finish()?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn computed(source: Source, call: &Call, span: Span) -> Result<Generated, Diagnostic> {
    let mut given = Arguments::of(source, "Computed", call, span);
    let value = given.required("sqltext")?;
    let expression = match &value.kind {
        Kind::Text(text) => super::sql::unescaped(text),
        _ => match super::sql::sql(source, value, &|_| None) {
            Some(sql) => sql?,
            None => return Err(given.unexpected("sqltext", "a string", value)),
        },
    };
    let stored = given.flag("persisted")?;
    given.finish()?;
    Ok(Generated { expression, stored })
}
