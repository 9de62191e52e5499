//! `sa.inspect(op.get_bind())`: what there is in the database, answered from the schema that the revision meets.
//!
//! Source: SQLAlchemy's `Inspector` on SQLite.

use crate::evaluate::Stop;
use crate::value::{Call, Keyword, Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use ambix_core::engine::Model;
use ambix_core::schema::{Column, Constraint, DataType, ForeignKey, Index, IndexKey, Literal};
use ambix_core::sqlite::create_index;
use ambix_core::sqlite::create_table::{self, CreateTable};
use ambix_core::sqlite::ddl;
use ambix_core::sqlite::objects::{Object, ObjectKind};

/// An index as SQLAlchemy reflects it: those that have an expression among their keys it leaves out.
fn reflected(object: &Object) -> Option<Index> {
    let index = Some(object).filter(|object| object.kind == ObjectKind::Index)?;
    let index = create_index::read(index.sql()?).ok()?;
    index.keys.iter().all(|key| matches!(key, IndexKey::Column(_))).then_some(index)
}

/// What is asked, if the value asks an inspector: which method.
pub(super) fn question(value: &Value) -> Option<&str> {
    let call = value.call()?;
    let Kind::Member(of, method) = &call.callee.kind else { return None };
    // `inspector.has_table("item")`, `bind.dialect.has_table(bind, "item")`
    let is_inspector = is_inspector(of);
    let is_dialect = matches!(&of.kind, Kind::Member(_, name) if name == "dialect")
        && matches!(method.as_str(), "has_table" | "has_index");
    (is_inspector || is_dialect).then_some(method)
}

fn is_inspector(value: &Value) -> bool {
    let path = value.call().and_then(|call| call.callee.path());
    path.is_some_and(|path| {
        matches!(path.dotted.as_str(), "sqlalchemy.inspect" | "sqlalchemy.inspection.inspect")
            || path.dotted.starts_with("sqlalchemy.")
                && path.dotted.ends_with("Inspector.from_engine")
            || path.dotted.starts_with("sqlalchemy.") && path.last() == "Inspector"
    })
}

/// The answer from the database as it is at this point.
///
/// # Errors
/// If the question is not known, or is about a table that is not there.
pub(super) fn answer(model: &Model, method: &str, call: &Call, span: Span) -> Result<Value, Stop> {
    let answer = Answer { span };
    let texts = call.arguments.iter().filter_map(Value::text);
    let keyword = |name: &str| call.keywords.iter().find(|one| one.name == name)?.value.text();
    let named: Vec<&str> =
        texts.chain(keyword("table_name")).chain(keyword("index_name")).collect();
    let table = || match named.first() {
        Some(name) => {
            table_of(model, name).ok_or_else(|| Stop::raised("NoSuchTableError", *name, span))
        }
        None => Err(Stop::raised(
            "TypeError",
            format!("{method}() is missing the name of a table"),
            span,
        )),
    };
    let names = |kind: ObjectKind| {
        let all = model.objects().filter(|object| object.kind == kind && is_shown(&object.name));
        let mut names: Vec<&str> = all.map(|object| object.name.as_str()).collect();
        ambix_core::sort::sort(&mut names);
        answer.list(names.into_iter().map(|name| Kind::Text(name.into())).collect())
    };
    Ok(answer.value(match method {
        "clear_cache" | "close" => Kind::None,
        "get_table_names" | "get_sorted_table_and_fkc_names" => names(ObjectKind::Table),
        "get_view_names" => names(ObjectKind::View),
        "get_schema_names" => answer.list(vec![Kind::Text("main".into())]),
        "default_schema_name" => Kind::Text("main".into()),
        "has_table" => {
            let is = |name: &&str| {
                model.objects().any(|object| {
                    matches!(
                        object.kind,
                        ObjectKind::Table | ObjectKind::VirtualTable | ObjectKind::View
                    ) && object.name.eq_ignore_ascii_case(name)
                })
            };
            Kind::Bool(named.first().is_some_and(is))
        }
        "has_index" => {
            let is = |name: &&str| {
                let mut all = model.objects();
                all.any(|it| it.name.eq_ignore_ascii_case(name) && reflected(it).is_some())
            };
            Kind::Bool(named.get(1).is_some_and(is))
        }
        "get_columns" => {
            let read = table()?;
            let columns = read.table.columns.iter();
            answer.list(columns.map(|column| answer.column(column, &read)).collect())
        }
        "get_indexes" => {
            let read = table()?;
            answer.list(answer.indexes(model, &read.table.name))
        }
        "get_pk_constraint" => {
            let read = table()?;
            let key = read.table.primary_key();
            let columns = key.map(|key| key.columns.clone()).unwrap_or_default();
            let name = key.and_then(|key| key.name.as_ref()).map(|name| name.text.clone());
            answer.dict(vec![
                ("constrained_columns", answer.texts(&columns)),
                ("name", optional(name)),
            ])
        }
        "get_unique_constraints" => answer.constraints(&table()?, &|constraint| match constraint {
            Constraint::Unique(unique) => Some(vec![
                ("name", optional(unique.name.as_ref().map(|name| name.text.clone()))),
                ("column_names", answer.texts(&unique.columns)),
            ]),
            _ => None,
        }),
        "get_check_constraints" => answer.constraints(&table()?, &|constraint| match constraint {
            Constraint::Check(check) => Some(vec![
                ("sqltext", Kind::Text(check.expression.clone())),
                ("name", optional(check.name.as_ref().map(|name| name.text.clone()))),
            ]),
            _ => None,
        }),
        "get_foreign_keys" => answer.constraints(&table()?, &|constraint| match constraint {
            Constraint::ForeignKey(key) => Some(answer.foreign_key(key, model)),
            _ => None,
        }),
        _ => {
            return Err(Stop::raised(
                "NotImplementedError",
                format!("`{method}` of an inspector is not answered"),
                span,
            ));
        }
    }))
}

/// Whether an inspector tells of it: SQLite's own tables and the engine's are nobody's business.
fn is_shown(name: &str) -> bool {
    let begins =
        |with: &str| name.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    !begins("sqlite_") && !begins("_ambix_")
}

pub(super) fn table_of(model: &Model, name: &str) -> Option<CreateTable> {
    let is_it = |kind: ObjectKind| matches!(kind, ObjectKind::Table);
    let object = model
        .objects()
        .find(|object| is_it(object.kind) && object.name.eq_ignore_ascii_case(name))?;
    create_table::read(object.sql()?).ok()
}

fn optional(text: Option<String>) -> Kind {
    text.map_or(Kind::None, Kind::Text)
}

/// The entries of a dict.
type Entries = Vec<(&'static str, Kind)>;

/// Makes values that stand where the question does.
pub(super) struct Answer {
    pub(super) span: Span,
}

impl Answer {
    const fn value(&self, kind: Kind) -> Value {
        Value { kind, span: self.span }
    }

    fn list(&self, items: Vec<Kind>) -> Kind {
        Kind::List(items.into_iter().map(|kind| self.value(kind)).collect())
    }

    fn texts(&self, texts: &[String]) -> Kind {
        self.list(texts.iter().map(|text| Kind::Text(text.clone())).collect())
    }

    fn dict(&self, entries: Vec<(&str, Kind)>) -> Kind {
        let entries = entries
            .into_iter()
            .map(|(key, kind)| (self.value(Kind::Text(key.into())), self.value(kind)));
        Kind::Dict(entries.collect())
    }

    fn column(&self, column: &Column, read: &CreateTable) -> Kind {
        let key = read.table.primary_key().map(|key| key.columns.as_slice()).unwrap_or_default();
        let position = key.iter().position(|name| name.eq_ignore_ascii_case(&column.name));
        let data_type = match &column.data_type {
            Some(data_type) => self.data_type(data_type),
            None => self.data_type(&DataType::plain("NullType")),
        };
        let default = column.default.as_ref().map(ddl::default_sql);
        self.dict(vec![
            ("name", Kind::Text(column.name.clone())),
            ("type", data_type),
            ("nullable", Kind::Bool(column.nullable && position.is_none())),
            ("default", optional(default)),
            ("primary_key", Kind::Int(position.map_or(0, |at| at as i64 + 1))),
        ])
    }

    /// `VARCHAR(length=50)`.
    pub(super) fn data_type(&self, data_type: &DataType) -> Kind {
        let path = Path {
            dotted: format!("sqlalchemy.{}", data_type.class).into(),
            origin: Origin::Imported,
        };
        let keywords = data_type.arguments.iter().map(|argument| {
            let kind = match &argument.value {
                Literal::None => Kind::None,
                Literal::Bool(flag) => Kind::Bool(*flag),
                Literal::Int(number) => Kind::Int(*number),
                Literal::Text(text) => Kind::Text(text.clone()),
            };
            Keyword {
                name: argument.name.as_str().into(),
                value: self.value(kind),
                span: self.span,
            }
        });
        let callee = self.value(Kind::Name(path));
        Kind::Call(Box::new(Call { callee, arguments: Vec::new(), keywords: keywords.collect() }))
    }

    fn indexes(&self, model: &Model, table: &str) -> Vec<Kind> {
        let all = model.objects().filter(|object| object.table.eq_ignore_ascii_case(table));
        let mut indexes: Vec<_> = all.filter_map(reflected).collect();
        ambix_core::sort::sort_by(&mut indexes, |one, other| one.name.text.cmp(&other.name.text));
        let columns = |keys: &[IndexKey]| {
            let name = |key: &IndexKey| match key {
                IndexKey::Column(name) => Some(Kind::Text(name.clone())),
                IndexKey::Expression(_) => None,
            };
            self.list(keys.iter().filter_map(name).collect())
        };
        let dict = indexes.iter().map(|index| {
            self.dict(vec![
                ("name", Kind::Text(index.name.text.clone())),
                ("column_names", columns(&index.keys)),
                ("unique", Kind::Int(index.unique.into())),
                ("dialect_options", Kind::Dict(Vec::new())),
            ])
        });
        dict.collect()
    }

    fn constraints(
        &self,
        read: &CreateTable,
        entries: &dyn Fn(&Constraint) -> Option<Entries>,
    ) -> Kind {
        let found = read.table.constraints.iter().filter_map(entries);
        self.list(found.map(|entries| self.dict(entries)).collect())
    }

    fn foreign_key(&self, key: &ForeignKey, model: &Model) -> Vec<(&'static str, Kind)> {
        let referred = match key.referred_columns.is_empty() {
            false => key.referred_columns.clone(),
            true => {
                let read = table_of(model, &key.referred_table);
                let key = read.as_ref().and_then(|read| read.table.primary_key());
                key.map(|key| key.columns.clone()).unwrap_or_default()
            }
        };
        let options = [("onupdate", &key.on_update), ("ondelete", &key.on_delete)];
        let options = options
            .into_iter()
            .filter_map(|(name, action)| Some((name, Kind::Text(action.clone()?))));
        vec![
            ("name", optional(key.name.as_ref().map(|name| name.text.clone()))),
            ("constrained_columns", self.texts(&key.columns)),
            ("referred_schema", Kind::None),
            ("referred_table", Kind::Text(key.referred_table.clone())),
            ("referred_columns", self.texts(&referred)),
            ("options", self.dict(options.collect())),
        ]
    }
}
