use super::{DataType, Literal, TypeArgument};
use alloc::{format, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name, unquoted.
    pub name: String,
    /// Its type; `None` where the database declares none.
    pub data_type: Option<DataType>,
    /// Whether NULL may be stored.
    pub nullable: bool,
    /// The word after ON CONFLICT of its NOT NULL: `FAIL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_conflict: Option<String>,
    /// What the database fills in where an INSERT names no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<ServerDefault>,
    /// The collation named by COLLATE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// What SQLAlchemy was told about counting up; it does not change the SQL.
    #[serde(skip)]
    pub autoincrement: Option<bool>,
    /// Whether a foreign key does not keep it from counting up (`autoincrement="ignore_fk"`).
    #[serde(skip)]
    pub ignores_foreign_key: bool,
    /// The arguments of `Identity(…)`, which means nothing to SQLite.
    #[serde(skip)]
    pub identity: Option<Vec<TypeArgument>>,
    /// A comment, which SQLite does not store.
    #[serde(skip)]
    pub comment: Option<String>,
    /// What models note of it for their own use (`info`), as Python shows it.
    #[serde(skip)]
    pub info: Option<String>,
    /// How its value is computed, for a generated column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
}

/// A default that the database applies ("server default" in SQLAlchemy).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerDefault {
    /// A text value, not yet quoted: `draft`.
    Text(String),
    /// SQL: `CURRENT_TIMESTAMP`, `'draft'`, `(1 + 1)`.
    Sql(String),
}

/// `GENERATED ALWAYS AS (…)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// The expression, without the parentheses.
    pub expression: String,
    /// STORED, VIRTUAL, or neither written.
    pub stored: Option<bool>,
}

impl Column {
    /// Whether a row without a value for it is refused.
    pub const fn has_to_be_given(&self) -> bool {
        !self.nullable && self.default.is_none() && self.generated.is_none()
    }

    /// A column that may hold NULL and has nothing else.
    pub fn new(name: impl Into<String>, data_type: Option<DataType>) -> Self {
        Self {
            name: name.into(),
            data_type,
            nullable: true,
            on_conflict: None,
            default: None,
            collation: None,
            autoincrement: None,
            ignores_foreign_key: false,
            identity: None,
            comment: None,
            info: None,
            generated: None,
        }
    }

    /// The collation, which a model gives its type and a database the column.
    pub fn own_collation(&self) -> Option<&str> {
        let in_type = || match self.data_type.as_ref()?.argument("collation") {
            Some(Literal::Text(name)) => Some(name.as_str()),
            _ => None,
        };
        self.collation.as_deref().or_else(in_type)
    }
}

impl Generated {
    /// As it stands in a column: `GENERATED ALWAYS AS (…) STORED`.
    pub fn sql(&self) -> String {
        let kind = match self.stored {
            Some(true) => " STORED",
            Some(false) => " VIRTUAL",
            None => "",
        };
        format!("GENERATED ALWAYS AS ({}){kind}", self.expression)
    }
}
