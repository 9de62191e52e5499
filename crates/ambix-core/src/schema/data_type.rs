//! Column types by SQLAlchemy's names, and what each is in SQLite.
//!
//! Sources: SQLAlchemy's `SQLiteTypeCompiler` (type → SQL) and `SQLiteDialect._resolve_type_affinity`
//! (SQL → type).

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// A column type: the name of its class in SQLAlchemy, and its arguments.
///
/// `String(50)` is `String` with `length=50`; what a database declares as `VARCHAR(50)` is `VARCHAR`
/// with `length=50`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataType {
    /// The class: `Integer`, `String`, `VARCHAR`.
    pub class: String,
    /// The arguments that differ from the class's defaults, in the class's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<TypeArgument>,
    /// How models and scripts name it, where that is more.
    #[serde(skip)]
    pub shown: Option<Box<Shown>>,
}

/// What models and scripts say of a type, and SQLite does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It is a type of the application, by its class with its module: `app.models.Upper`.
    Application(DataType),
    /// It is a type of another database's dialect: `postgresql.JSONB`.
    Dialect(DataType),
    /// What `with_variant` is called on, and the types that it gives databases, by their names.
    Variants(DataType, Vec<(String, DataType)>),
    /// One of its arguments is a type: the parameter's name, empty if it has none, and that type.
    Argument(String, DataType),
}

/// One argument of a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeArgument {
    /// The parameter's name; empty for the members of an Enum, which have none.
    pub name: String,
    /// Its value.
    pub value: Literal,
}

/// A plain value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Literal {
    /// No value.
    None,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

/// The name is no type that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownType(pub String);

impl fmt::Display for UnknownType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the column type {} is not known", self.0)
    }
}

/// How a class is written in SQL.
enum Spelling {
    /// Just the word.
    Word(&'static str),
    /// The word, with as many of the first parameters in parentheses as have a value.
    Sized(&'static str),
    /// VARCHAR of the longest member.
    Enum,
    /// What its only argument says.
    Own,
}

struct Class {
    name: &'static str,
    parameters: &'static [&'static str],
    sql: Spelling,
}

const fn class(name: &'static str, parameters: &'static [&'static str], sql: Spelling) -> Class {
    Class { name, parameters, sql }
}

const LENGTH: &[&str] = &["length", "collation"];
const DECIMAL: &[&str] = &["precision", "scale", "decimal_return_scale", "asdecimal"];
const FLOAT: &[&str] = &["precision", "asdecimal", "decimal_return_scale"];
const BOOLEAN: &[&str] = &["create_constraint", "name"];
/// Of SQLite's own types of time: how a value is written, which Python does not show.
const OF_TIME: &[&str] = &["storage_format", "truncate_microseconds"];
const NONE: &[&str] = &[];
/// The parameter that is the SQL of a type of which nothing else is known.
const OWN: &str = "col_spec";

use Spelling::{Sized, Word};
/// Every class that is known.
const CLASSES: &[Class] = &[
    class("BIGINT", NONE, Word("BIGINT")),
    class("BINARY", &["length"], Sized("BINARY")),
    class("BLOB", &["length"], Word("BLOB")),
    class("BOOLEAN", BOOLEAN, Word("BOOLEAN")),
    class("BigInteger", NONE, Word("BIGINT")),
    class("Boolean", BOOLEAN, Word("BOOLEAN")),
    class("CHAR", LENGTH, Sized("CHAR")),
    class("CLOB", LENGTH, Word("CLOB")),
    class("DATE", NONE, Word("DATE")),
    class("DATETIME", &["timezone"], Word("DATETIME")),
    class("DECIMAL", DECIMAL, Sized("DECIMAL")),
    class("DOUBLE", FLOAT, Word("DOUBLE")),
    class("DOUBLE_PRECISION", FLOAT, Word("DOUBLE PRECISION")),
    class("Date", NONE, Word("DATE")),
    class("DateTime", &["timezone"], Word("DATETIME")),
    class("Double", FLOAT, Word("DOUBLE")),
    class("Enum", &["name", "native_enum", "create_constraint", "length"], Spelling::Enum),
    class("FLOAT", FLOAT, Word("FLOAT")),
    class("Float", FLOAT, Word("FLOAT")),
    class("INTEGER", NONE, Word("INTEGER")),
    class("Integer", NONE, Word("INTEGER")),
    class("Interval", &["native", "second_precision", "day_precision"], Word("DATETIME")),
    class("JSON", &["none_as_null"], Word("JSON")),
    class("LargeBinary", &["length"], Word("BLOB")),
    class("NCHAR", LENGTH, Sized("NCHAR")),
    class("NUMERIC", DECIMAL, Sized("NUMERIC")),
    class("NVARCHAR", LENGTH, Sized("NVARCHAR")),
    class("Numeric", DECIMAL, Sized("NUMERIC")),
    class("PickleType", NONE, Word("BLOB")),
    class("REAL", FLOAT, Word("REAL")),
    class("SMALLINT", NONE, Word("SMALLINT")),
    class("SmallInteger", NONE, Word("SMALLINT")),
    class("String", LENGTH, Sized("VARCHAR")),
    class("TEXT", LENGTH, Sized("TEXT")),
    class("TIME", &["timezone"], Word("TIME")),
    class("TIMESTAMP", &["timezone"], Word("TIMESTAMP")),
    class("Text", LENGTH, Sized("TEXT")),
    class("Time", &["timezone"], Word("TIME")),
    class("UUID", &["as_uuid", "native_uuid"], Word("UUID")),
    class("Unicode", LENGTH, Sized("VARCHAR")),
    class("UnicodeText", LENGTH, Sized("TEXT")),
    class("UserDefinedType", &[OWN], Spelling::Own),
    class("Uuid", &["as_uuid", "native_uuid"], Word("CHAR(32)")),
    class("VARBINARY", &["length"], Sized("VARBINARY")),
    class("VARCHAR", LENGTH, Sized("VARCHAR")),
    class("sqlite.DATE", OF_TIME, Word("DATE")),
    class("sqlite.DATETIME", OF_TIME, Word("DATETIME")),
    class("sqlite.JSON", &["none_as_null"], Word("JSON")),
    class("sqlite.JSONB", &["none_as_null"], Word("JSONB")),
    class("sqlite.TIME", OF_TIME, Word("TIME")),
];

fn find(name: &str) -> Option<&'static Class> {
    CLASSES.binary_search_by(|class| class.name.cmp(name)).ok().map(|at| &CLASSES[at])
}

/// As Python shows it: `VARCHAR(length=50)`.
impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Shown::Application(it) | Shown::Dialect(it) | Shown::Variants(it, _)) =
            self.shown.as_deref()
        {
            return it.fmt(f);
        }
        write!(f, "{}(", self.class.rsplit('.').next().unwrap_or_default())?;
        let inner = match self.shown.as_deref() {
            Some(Shown::Argument(name, inner)) => Some((name, inner)),
            _ => None,
        };
        if let Some((_, inner)) = inner.filter(|(name, _)| name.is_empty()) {
            inner.fmt(f)?;
        }
        let arguments = self.shown_arguments();
        let is_first = |at: usize| at == 0 && inner.is_none_or(|(name, _)| !name.is_empty());
        for (at, TypeArgument { name, value }) in arguments.iter().enumerate() {
            f.write_str(if is_first(at) { "" } else { ", " })?;
            if !name.is_empty() {
                write!(f, "{name}=")?;
            }
            match value {
                Literal::None => f.write_str("None")?,
                Literal::Bool(true) => f.write_str("True")?,
                Literal::Bool(false) => f.write_str("False")?,
                Literal::Int(number) => number.fmt(f)?,
                Literal::Text(text) => write!(f, "'{text}'")?,
            }
        }
        if let Some((name, inner)) = inner.filter(|(name, _)| !name.is_empty()) {
            write!(f, "{}{name}={inner}", if arguments.is_empty() { "" } else { ", " })?;
        }
        f.write_str(")")
    }
}

impl DataType {
    /// The type without arguments; whether the class is known is asked later, by [`Self::sql`].
    pub fn plain(class: impl Into<String>) -> Self {
        Self { class: class.into(), arguments: Vec::new(), shown: None }
    }

    /// The type with one argument that is a number: `DataType::sized("String", "length", 50)`.
    pub fn sized(class: impl Into<String>, parameter: &str, size: i64) -> Self {
        Self {
            class: class.into(),
            arguments: alloc::vec![TypeArgument {
                name: parameter.into(),
                value: Literal::Int(size)
            }],
            shown: None,
        }
    }

    /// The SQL of a type that an application defines (`UserDefinedType` with `get_col_spec`): nothing else is known of it.
    pub fn own_sql(&self) -> Option<&str> {
        match self.argument(OWN) {
            Some(Literal::Text(sql)) => Some(sql),
            _ => None,
        }
    }

    /// Whether it is one of SQLite's own types of time and is stored as digits alone: with its plain name the column
    /// would make numbers of them.
    pub fn holds_digits(&self) -> bool {
        let Some(Literal::Text(format)) = self.argument("storage_format") else { return false };
        let mut rest = format.as_str();
        while let Some(letter) = rest.chars().next() {
            // `%(year)04d` is digits.
            let field = rest.strip_prefix("%(").and_then(|rest| rest.split_once(')'));
            let field =
                field.map(|(_, after)| after.trim_start_matches(|it: char| !it.is_alphabetic()));
            rest = match field.and_then(|after| after.strip_prefix('d')) {
                Some(after) => after,
                None if letter.is_ascii_digit() => rest.trim_start_matches(letter),
                None => return false,
            };
        }
        true
    }

    /// Those of its arguments that Python shows.
    pub fn shown_arguments(&self) -> &[TypeArgument] {
        match self.class.as_str() {
            // Of an Interval it shows those of the type that it is stored as, and these are none.
            "Interval" | "sqlite.DATE" | "sqlite.DATETIME" | "sqlite.TIME" => &[],
            _ => &self.arguments,
        }
    }

    /// The names of the class's parameters in order, or `None` if the class is not known.
    pub fn parameters(class: &str) -> Option<&'static [&'static str]> {
        find(class).map(|class| class.parameters)
    }

    /// The value of the argument of that name.
    pub fn argument(&self, name: &str) -> Option<&Literal> {
        self.arguments.iter().find(|argument| argument.name == name).map(|found| &found.value)
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.argument(name) {
            Some(Literal::Int(value)) => Some(*value),
            _ => None,
        }
    }

    /// The type in SQLite's CREATE TABLE, as SQLAlchemy writes it.
    ///
    /// # Errors
    /// If the class is not known.
    pub fn sql(&self) -> Result<String, UnknownType> {
        let bare = self.bare_sql()?;
        Ok(match (find(&self.class).map(|class| &class.sql), self.argument("collation")) {
            (Some(Sized(_)), Some(Literal::Text(name))) => format!("{bare} COLLATE \"{name}\""),
            _ => bare,
        })
    }

    /// The type without its collation, which SQLite has as a clause of the column.
    ///
    /// # Errors
    /// If the class is not known.
    pub fn bare_sql(&self) -> Result<String, UnknownType> {
        let class = find(&self.class).ok_or_else(|| UnknownType(self.class.clone()))?;
        Ok(match class.sql {
            Word(word) if self.holds_digits() => format!("{word}_CHAR"),
            Word(word) => word.into(),
            Sized(word) => {
                let sizes: Vec<String> = class
                    .parameters
                    .iter()
                    .take_while(|name| ["length", "precision", "scale"].contains(name))
                    .map_while(|name| self.number(name))
                    .map(|size| size.to_string())
                    .collect();
                match &sizes[..] {
                    [] => word.into(),
                    sizes => format!("{word}({})", sizes.join(", ")),
                }
            }
            Spelling::Own => self.own_sql().unwrap_or_default().into(),
            Spelling::Enum => {
                let longest = self
                    .arguments
                    .iter()
                    .filter(|argument| argument.name.is_empty())
                    .filter_map(|argument| match &argument.value {
                        Literal::Text(member) => Some(member.chars().count() as i64),
                        _ => None,
                    })
                    .max();
                match self.number("length").or(longest) {
                    Some(length) => format!("VARCHAR({length})"),
                    None => "VARCHAR".into(),
                }
            }
        })
    }

    /// The type that SQLAlchemy gives a column which a database declares as `declared`;
    /// `None` where the declaration is empty or means BLOB affinity by an unknown word.
    pub fn reflect(declared: &str) -> Option<Self> {
        let (word, sizes) = match declared.split_once('(') {
            Some((word, rest)) => (word.trim(), rest.split(')').next().unwrap_or_default()),
            None => (declared.trim(), ""),
        };
        let upper = word.to_ascii_uppercase();
        let class = match upper.as_str() {
            "BIGINT" | "BLOB" | "BOOLEAN" | "CHAR" | "DATE" | "DATETIME" | "DECIMAL" | "DOUBLE"
            | "DOUBLE_PRECISION" | "FLOAT" | "INTEGER" | "NUMERIC" | "NVARCHAR" | "REAL"
            | "SMALLINT" | "TEXT" | "TIME" | "TIMESTAMP" | "VARCHAR" => upper.as_str(),
            "BOOL" => "BOOLEAN",
            "DOUBLE PRECISION" => "DOUBLE_PRECISION",
            "INT" => "INTEGER",
            "JSON" => "sqlite.JSON",
            "JSONB" => "sqlite.JSONB",
            "DATE_CHAR" => "DATE",
            "DATETIME_CHAR" => "DATETIME",
            "TIME_CHAR" => "TIME",
            "_NVARCHAR" => "NVARCHAR",
            "" => return None,
            other if other.contains("INT") => "INTEGER",
            other if ["CHAR", "CLOB", "TEXT"].iter().any(|part| other.contains(part)) => "TEXT",
            other if other.contains("BLOB") => return None,
            other if ["REAL", "FLOA", "DOUB"].iter().any(|part| other.contains(part)) => "REAL",
            _ => "NUMERIC",
        };
        let sizes: Vec<i64> =
            sizes.split(',').filter_map(|size| size.trim().parse().ok()).collect();
        let sized = find(class).map_or(NONE, |class| class.parameters);
        let arguments = sized
            .iter()
            .take_while(|name| ["length", "precision", "scale"].contains(name))
            .zip(sizes)
            .map(|(name, size)| TypeArgument { name: (*name).into(), value: Literal::Int(size) })
            .collect();
        Some(Self { class: class.into(), arguments, shown: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_sorted_so_that_they_can_be_found() {
        assert!(CLASSES.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    fn own(sql: &str) -> DataType {
        let value = Literal::Text(sql.into());
        let arguments = alloc::vec![TypeArgument { name: OWN.into(), value }];
        DataType { class: "UserDefinedType".into(), arguments, shown: None }
    }

    #[test]
    fn types_are_spelled_as_sqlalchemy_spells_them() {
        for (data_type, sql) in [
            (DataType::plain("Integer"), "INTEGER"),
            (DataType::plain("String"), "VARCHAR"),
            (DataType::sized("String", "length", 50), "VARCHAR(50)"),
            (DataType::plain("LargeBinary"), "BLOB"),
            (DataType::plain("Numeric"), "NUMERIC"),
            (DataType::sized("Numeric", "precision", 10), "NUMERIC(10)"),
            (DataType::plain("DateTime"), "DATETIME"),
            (DataType::plain("Uuid"), "CHAR(32)"),
            (own("POINT(2)"), "POINT(2)"),
        ] {
            assert_eq!(data_type.sql().as_deref(), Ok(sql));
        }
        assert_eq!(DataType::plain("Nope").sql(), Err(UnknownType("Nope".into())));
    }

    #[test]
    fn a_time_of_digits_is_stored_as_text() {
        for (format, sql) in [
            ("%(year)04d%(month)02d%(day)02d", "DATE_CHAR"),
            ("%(year)04d0%(day)d", "DATE_CHAR"),
            ("%(year)04d-%(month)02d-%(day)02d", "DATE"),
            ("%(year)", "DATE"),
        ] {
            let value = Literal::Text(format.into());
            let argument = TypeArgument { name: "storage_format".into(), value };
            let mut data_type = DataType::plain("sqlite.DATE");
            data_type.arguments.push(argument);
            assert_eq!(data_type.sql().as_deref(), Ok(sql), "{format}");
        }
    }

    #[test]
    fn declared_types_become_classes_by_name_and_then_by_affinity() {
        for (declared, class) in [
            ("VARCHAR(50)", "VARCHAR"),
            ("varchar", "VARCHAR"),
            ("INT", "INTEGER"),
            ("UNSIGNED BIG INT", "INTEGER"),
            ("DOUBLE PRECISION", "DOUBLE_PRECISION"),
            ("MONEY", "NUMERIC"),
            ("LONGTEXT", "TEXT"),
        ] {
            assert_eq!(DataType::reflect(declared).unwrap().class, class, "{declared}");
        }
        assert_eq!(
            DataType::reflect("VARCHAR(50)"),
            Some(DataType::sized("VARCHAR", "length", 50))
        );
        assert_eq!(DataType::reflect("INTEGER(11)"), Some(DataType::plain("INTEGER")));
        assert_eq!(DataType::reflect(""), None);
    }
}
