//! The CHECK that a type makes of its own: `Boolean(create_constraint=True)`, `Enum(…, create_constraint=True)`.

use ambix_core::schema::{Check, DataType, Literal, Name};
use ambix_core::sqlite::quote;

/// What a type that makes a CHECK says of its column.
pub(crate) struct TypeCheck {
    /// The name of the type.
    pub(crate) name: Option<Name>,
    /// What follows the column's name in the expression: ` IN (0, 1)`.
    pub(crate) rest: String,
}

impl TypeCheck {
    /// The constraint for a column.
    pub(crate) fn of(self, column: &str) -> Check {
        Check { name: self.name, expression: quote::name(column) + &self.rest, ..Check::default() }
    }
}

/// The CHECK of a type, if it makes one.
pub(crate) fn check_of_type(data_type: &DataType) -> Option<TypeCheck> {
    if data_type.argument("create_constraint") != Some(&Literal::Bool(true)) {
        return None;
    }
    let values = match data_type.class.as_str() {
        "Enum" => {
            let members = data_type.arguments.iter().filter(|argument| argument.name.is_empty());
            let texts = members.filter_map(|argument| match &argument.value {
                Literal::Text(text) => Some(quote::text(text)),
                _ => None,
            });
            texts.collect::<Vec<_>>().join(", ")
        }
        _ => "0, 1".to_string(),
    };
    Some(TypeCheck { name: type_name(data_type), rest: format!(" IN ({values})") })
}

/// The name of a type: `Enum(…, name="state")`.
pub(crate) fn type_name(data_type: &DataType) -> Option<Name> {
    match data_type.argument("name") {
        Some(Literal::Text(name)) => Some(Name::plain(name)),
        _ => None,
    }
}
