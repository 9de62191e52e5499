use super::{Style, repr};
use ambix_core::schema::{Constraint, ForeignKey, Name};

/// The name of an index or a constraint: one that is final is marked by `op.f`.
pub(super) fn name(name: &Name, style: &Style) -> String {
    let text = repr::string(&name.text);
    if name.conv { format!("{}f({text})", style.op) } else { text }
}

/// A constraint in `op.create_table`.
pub(super) fn constraint(constraint: &Constraint, style: &Style) -> String {
    let named = constraint.name().map(|found| format!("name={}", name(found, style)));
    let (class, mut arguments) = match constraint {
        Constraint::PrimaryKey(key) => ("PrimaryKeyConstraint", vec![repr::strings(&key.columns)]),
        Constraint::Unique(unique) => ("UniqueConstraint", vec![repr::strings(&unique.columns)]),
        Constraint::Check(check) => ("CheckConstraint", vec![repr::string(&check.expression)]),
        Constraint::ForeignKey(key) => return foreign_key(key, named, style),
    };
    arguments.extend(named);
    arguments.extend(conflict_of(constraint, "sqlite_on_conflict"));
    format!("{}{class}({})", style.sa, arguments.join(", "))
}

/// What a constraint says of conflicts, as the argument of that name.
pub(super) fn conflict_of(constraint: &Constraint, argument: &str) -> Option<String> {
    let word = match constraint {
        Constraint::PrimaryKey(key) => &key.on_conflict,
        Constraint::Unique(unique) => &unique.on_conflict,
        Constraint::Check(check) => &check.on_conflict,
        Constraint::ForeignKey(_) => return None,
    };
    word.as_ref().map(|word| format!("{argument}={}", repr::string(word)))
}

/// `sa.ForeignKey('account.id', ondelete='CASCADE')`, as it stands in a column.
pub(super) fn column_foreign_key(key: &ForeignKey, style: &Style) -> String {
    let Style { sa, .. } = style;
    let named = key.name.as_ref().map(|found| format!("name={}", name(found, style)));
    let column = key.referred_columns.first().map_or("", String::as_str);
    let target = repr::string(&format!("{}.{column}", key.referred_table));
    match options(key, named) {
        options if options.is_empty() => format!("{sa}ForeignKey({target})"),
        options => format!("{sa}ForeignKey({target}, {options})"),
    }
}

/// The keywords of a foreign key in Alembic's order, joined.
pub(super) fn options(key: &ForeignKey, named: Option<String>) -> String {
    let text = |name: &str, value: &Option<String>| {
        let value = value.as_ref().filter(|value| !value.is_empty());
        value.map(|value| format!("{name}={}", repr::string(value)))
    };
    let options = [
        named,
        text("onupdate", &key.on_update),
        text("ondelete", &key.on_delete),
        text("initially", &key.initially),
        (key.deferrable == Some(true)).then(|| "deferrable=True".into()),
        key.use_alter.then(|| "use_alter=True".into()),
        text("match", &key.match_type),
    ];
    options.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn foreign_key(key: &ForeignKey, named: Option<String>, style: &Style) -> String {
    let options = options(key, named);
    let targets =
        key.referred_columns.iter().map(|column| format!("{}.{column}", key.referred_table));
    // Alembic leaves a comma where there is no option.
    format!(
        "{}ForeignKeyConstraint([{}], [{}], {options})",
        style.sa,
        repr::strings(&key.columns),
        repr::strings(&targets.collect::<Vec<_>>())
    )
}
