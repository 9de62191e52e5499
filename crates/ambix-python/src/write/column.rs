use super::{Style, repr};
use ambix_core::schema::{Column, DataType, Generated, ServerDefault, Shown, TypeArgument};

/// `sa.Column('name', sa.String(), nullable=True)`.
pub(super) fn column(column: &Column, style: &Style) -> String {
    let data_type = data_type(column.data_type.as_ref(), column.collation.as_deref(), style);
    let mut arguments = vec![repr::string(&column.name), data_type];
    if let Some(generated) = &column.generated {
        arguments.push(computed(generated, style));
    } else if let Some(arguments_of) = &column.identity {
        arguments.push(identity(arguments_of, style));
    } else if let Some(default) = &column.default {
        arguments.push(format!("server_default={}", server_default(default, style)));
    }
    if let Some(autoincrement) = column.autoincrement {
        arguments.push(format!("autoincrement={}", repr::boolean(autoincrement)));
    } else if column.ignores_foreign_key {
        // Alembic leaves out the quotes.
        let word = if style.parity { "ignore_fk" } else { "'ignore_fk'" };
        arguments.push(format!("autoincrement={word}"));
    }
    arguments.push(format!("nullable={}", repr::boolean(column.nullable)));
    if let Some(word) = &column.on_conflict {
        arguments.push(format!("sqlite_on_conflict_not_null={}", repr::string(word)));
    }
    if let Some(comment) = &column.comment {
        arguments.push(format!("comment={}", repr::string(comment)));
    }
    format!("{}Column({})", style.sa, arguments.join(", "))
}

/// `sa.String(length=50)`. A class of SQLite's dialect carries its module: `sqlite.JSON()`. The
/// collation of a column is SQLAlchemy's collation of the type, which only a type of text has.
pub(super) fn data_type(
    data_type: Option<&DataType>,
    collation: Option<&str>,
    style: &Style,
) -> String {
    let Style { sa, .. } = style;
    let Some(data_type) = data_type else { return format!("{sa}NullType()") };
    match data_type.shown.as_deref() {
        Some(Shown::Dialect(own)) => return self::data_type(Some(own), None, style),
        Some(Shown::Application(own)) if style.parity => return application(own, style),
        Some(Shown::Variants(base, others)) => {
            let mut text = self::data_type(Some(base), None, style);
            for (dialect, other) in others {
                let other = self::data_type(Some(other), None, style);
                text += &format!(".with_variant({other}, {})", repr::string(dialect));
            }
            return text;
        }
        _ => {}
    }
    if let Some(sql) = data_type.own_sql() {
        let sql = repr::string(sql);
        return format!(
            "type('OwnType', ({sa}types.UserDefinedType,), {{'get_col_spec': lambda self, **kw: {sql}}})()"
        );
    }
    // SQLAlchemy shows the arguments of the type that an Interval is stored as, and these are none.
    let mut arguments = type_arguments(data_type, style);
    if let Some(collation) = collation
        && DataType::parameters(&data_type.class).is_some_and(|known| known.contains(&"collation"))
        && data_type.argument("collation").is_none()
    {
        arguments += if arguments.is_empty() { "" } else { ", " };
        arguments += &format!("collation={}", repr::string(collation));
    }
    let module = if data_type.class.contains('.') { "" } else { sa.as_str() };
    format!("{module}{}({arguments})", data_type.class)
}

/// `length=50, collation='NOCASE'`.
fn shown(arguments: &[TypeArgument]) -> String {
    let shown = arguments.iter().map(|argument| {
        let value = repr::literal(&argument.value);
        if argument.name.is_empty() { value } else { format!("{}={value}", argument.name) }
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// `sa.Identity(always=False)`.
pub(super) fn identity(arguments: &[TypeArgument], style: &Style) -> String {
    format!("{}Identity({})", style.sa, shown(arguments))
}

/// `sa.Computed('a + b', persisted=True)`.
pub(super) fn computed(generated: &Generated, style: &Style) -> String {
    let Style { sa, .. } = style;
    let stored = generated.stored.map(|stored| format!("persisted={}", repr::boolean(stored)));
    // Alembic leaves a comma where there is no option.
    format!("{sa}Computed({}, {})", repr::string(&generated.expression), stored.unwrap_or_default())
}

/// The arguments of a type, one that is a type itself in its place.
fn type_arguments(data_type: &DataType, style: &Style) -> String {
    // Python does not show how a time is stored, but without it the column would be another.
    let arguments = match data_type.holds_digits() && !style.parity {
        true => shown(&data_type.arguments),
        false => shown(data_type.shown_arguments()),
    };
    let Some(Shown::Argument(name, inner)) = data_type.shown.as_deref() else { return arguments };
    // Alembic leaves that to Python where the class is none of SQLAlchemy's generic ones.
    let inner = match style.parity && data_type.class.contains('.') {
        true => inner.to_string(),
        false => self::data_type(Some(inner), None, style),
    };
    let comma = if arguments.is_empty() { "" } else { ", " };
    match name.as_str() {
        "" => format!("{inner}{comma}{arguments}"),
        name => format!("{arguments}{comma}{name}={inner}"),
    }
}

/// `app.models.Upper(length=12)`, with the module or the prefix that is configured.
fn application(own: &DataType, style: &Style) -> String {
    let (module, class) = own.class.rsplit_once('.').unwrap_or(("", &own.class));
    let arguments = type_arguments(own, style);
    match &style.user {
        Some(prefix) => format!("{prefix}{class}({arguments})"),
        None => format!("{module}.{class}({arguments})"),
    }
}

/// A default as an argument: `'5'`, `sa.text('(CURRENT_TIMESTAMP)')`.
pub(super) fn server_default(default: &ServerDefault, style: &Style) -> String {
    let Style { sa, .. } = style;
    match default {
        ServerDefault::Text(text) => {
            let text = text.strip_prefix('\'').unwrap_or(text);
            repr::string(text.strip_suffix('\'').unwrap_or(text))
        }
        ServerDefault::Sql(sql) if is_bare_expression(sql) => {
            format!("{sa}text({})", repr::sql_text(&format!("({sql})")))
        }
        ServerDefault::Sql(sql) => format!("{sa}text({})", repr::sql_text(sql)),
    }
}

/// Alembic's guess whether SQLite would need parentheses
/// (`SQLiteImpl._guess_if_default_is_unparenthesized_sql_expr`).
fn is_bare_expression(sql: &str) -> bool {
    let within = |open: char, close: char| {
        sql.chars().count() > 2
            && sql.starts_with(open)
            && sql.ends_with(close)
            && !sql.contains('\n')
    };
    let digit = sql.len() == 1 && sql.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    !(sql.is_empty() || digit || within('\'', '\'') || within('(', ')'))
}
