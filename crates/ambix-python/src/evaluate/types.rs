//! Which class a value is of, as far as scripts ask: `isinstance(column["type"], sa.String)`.

use super::{Evaluator, Stop};
use crate::sqlalchemy;
use crate::value::{Call, Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;

/// Whether a value is of a class, or of one of several; nothing if that is not known.
pub(super) fn is_instance(value: &Value, classes: &Value) -> Option<bool> {
    if let Some(classes) = classes.items() {
        let mut is_sure = true;
        for class in classes {
            match is_instance(value, class) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => is_sure = false,
            }
        }
        return is_sure.then_some(false);
    }
    let class = classes.path()?;
    if class.origin == Origin::Unbound {
        if class.dotted == "object" {
            return Some(true);
        }
        let own = own_class(value)?;
        return Some(own == class.dotted || own == "bool" && class.dotted == "int");
    }
    let wanted = sqlalchemy::name(classes)?;
    if own_class(value).is_some() {
        return Some(false);
    }
    let own =
        sqlalchemy::called(value).map(|(name, _)| name).or_else(|| sqlalchemy::name(value))?;
    Some(own == wanted || classes_above(own).contains(&wanted))
}

/// The class of one of Python's own values.
fn own_class(value: &Value) -> Option<&'static str> {
    Some(value.type_name()).filter(|name| {
        *name != "object" && !matches!(value.kind, Kind::Function(_) | Kind::Iterator(_))
    })
}

/// The classes that one of SQLAlchemy's types inherits from.
fn classes_above(class: &str) -> &'static [&'static str] {
    match class {
        "INTEGER" | "INT" | "BigInteger" | "SmallInteger" => &["Integer"],
        "BIGINT" => &["BigInteger", "Integer"],
        "SMALLINT" => &["SmallInteger", "Integer"],
        "VARCHAR" | "CHAR" | "Text" | "Unicode" | "Enum" => &["String"],
        "TEXT" | "CLOB" => &["Text", "String"],
        "NVARCHAR" | "NCHAR" => &["Unicode", "String"],
        "UnicodeText" => &["Text", "String"],
        "BOOLEAN" => &["Boolean"],
        "DATETIME" | "TIMESTAMP" => &["DateTime"],
        "DATE" => &["Date"],
        "TIME" => &["Time"],
        "NUMERIC" | "DECIMAL" => &["Numeric"],
        "FLOAT" | "Double" => &["Float"],
        "REAL" => &["Float"],
        "DOUBLE" | "DOUBLE_PRECISION" => &["Double", "Float"],
        "BLOB" => &["LargeBinary"],
        "UUID" => &["Uuid"],
        _ => &[],
    }
}

impl Evaluator<'_> {
    /// `type("Point", (UserDefinedType,), {"get_col_spec": lambda self: "POINT"})`: all that counts of such a type is
    /// its SQL.
    pub(super) fn own_type(&mut self, given: &[Value], span: Span) -> Result<Kind, Stop> {
        if let [_, bases, Value { kind: Kind::Dict(entries), .. }] = given
            && let Some([base]) = bases.items()
            && sqlalchemy::name(base) == Some("UserDefinedType")
            && let [(key, function)] = entries.as_slice()
            && key.text() == Some("get_col_spec")
        {
            let this = Value { kind: Kind::None, span };
            let sql = self.call_with(function, vec![this], span)?;
            let path = Path { dotted: "functools.partial".into(), origin: Origin::Imported };
            let callee = Value { kind: Kind::Name(path), span };
            let arguments = vec![base.clone(), sql];
            let call = Call { callee, arguments, keywords: Vec::new() };
            return Ok(Kind::Call(Box::new(call)));
        }
        Err(self.unknown(span, "`type` with options"))
    }
}
