//! `select(…)` and `exists(…)` within a statement, with the methods that are called on them.
//!
//! Source: SQLAlchemy's `SQLCompiler.visit_select`, and what it leaves out of FROM since the statement around has it.

use super::super::arguments::Arguments;
use super::super::called;
use super::part::{AND, CLAUSE, CONDITION, Operator, Part};
use super::says_nothing;
use super::{Expressions, owner};
use crate::value::{Call, Kind, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::sqlite::quote;

/// What a SELECT is used as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Statement,
    Scalar,
    Exists,
}

/// What stands in FROM, and the tables in it.
type Source = (String, Vec<String>);

/// A SELECT as far as it has been read.
struct Select {
    form: Form,
    columns: Vec<String>,
    is_distinct: bool,
    /// What FROM is said to have.
    sources: Vec<Source>,
    /// Tables whose columns were named.
    named: Vec<String>,
    /// Tables that are those of the statement around.
    correlated: Vec<String>,
    conditions: Vec<Part>,
    groups: Vec<String>,
    having: Vec<Part>,
    compound: String,
    orders: Vec<String>,
    limit: Option<String>,
    offset: Option<String>,
}

impl Select {
    const fn new(form: Form) -> Self {
        Self {
            form,
            columns: Vec::new(),
            is_distinct: false,
            sources: Vec::new(),
            named: Vec::new(),
            correlated: Vec::new(),
            conditions: Vec::new(),
            groups: Vec::new(),
            having: Vec::new(),
            compound: String::new(),
            orders: Vec::new(),
            limit: None,
            offset: None,
        }
    }
}

/// Conditions of which each has to be true.
pub(super) fn all(mut conditions: Vec<Part>) -> String {
    if conditions.len() == 1 {
        return conditions.remove(0).within(CONDITION);
    }
    let texts: Vec<String> = conditions.into_iter().map(|part| part.within(AND)).collect();
    texts.join(" AND ")
}

impl Part {
    /// `EXISTS (SELECT …)`.
    fn exists(select: &str) -> Self {
        let nature = super::super::nature::Nature::Boolean;
        Self::new(format!("EXISTS ({select})"), Operator(0, "EXISTS"), nature)
    }
}

impl Expressions<'_> {
    /// A SELECT that stands where a value does, said to be one or not; nothing if it is something else.
    pub(super) fn scalar(&self, value: &Value) -> Result<Option<Part>, Diagnostic> {
        let Some(select) = self.select(value)? else { return Ok(None) };
        let form = select.form;
        let sql = self.finished(select);
        Ok(Some(match form {
            Form::Statement | Form::Scalar => {
                Part::whole(format!("({sql})"), super::Nature::Unknown)
            }
            Form::Exists => Part::exists(&sql),
        }))
    }

    /// The text of a SELECT; nothing if it is something else.
    pub(crate) fn subquery(&self, value: &Value) -> Result<Option<String>, Diagnostic> {
        Ok(self.select(value)?.map(|select| self.finished(select)))
    }

    fn select(&self, value: &Value) -> Result<Option<Select>, Diagnostic> {
        let Some(call) = value.call() else { return Ok(None) };
        if let Kind::Member(of, method) = &call.callee.kind {
            let depth = self.deeper(value, super::CALL)?;
            let of = self.select(of)?;
            self.depth.set(depth);
            let Some(mut select) = of else { return Ok(None) };
            // What is named while this is read is named in this SELECT.
            self.tables.borrow_mut().push(std::mem::take(&mut select.named));
            let extended = self.extend(&mut select, value, method, call);
            select.named = self.tables.borrow_mut().pop().unwrap_or_default();
            return Ok(extended?.then_some(select));
        }
        let form = match called(value) {
            Some(("select", _)) => Form::Statement,
            Some(("exists", _)) => Form::Exists,
            _ => return Ok(None),
        };
        if let (Form::Exists, Some(inner)) = (form, call.arguments.first())
            && let Some(select) = self.select(inner)?
        {
            return Ok(Some(Select { form, ..select }));
        }
        let mut select = Select::new(form);
        self.tables.borrow_mut().push(Vec::new());
        let columns = self.add_columns(&mut select, &call.arguments);
        select.named = self.tables.borrow_mut().pop().unwrap_or_default();
        columns?;
        if select.columns.is_empty() {
            select.columns.push("*".into());
        }
        Ok(Some(select))
    }

    fn add_columns(&self, select: &mut Select, columns: &[Value]) -> Result<(), Diagnostic> {
        for column in columns {
            if let Some((table, names)) = (self.table)(column) {
                let of = quote::name(&table);
                let names = names.iter().map(|name| format!("{of}.{}", quote::name(name)));
                select.columns.extend(names);
                if let Some(named) = self.tables.borrow_mut().last_mut() {
                    named.push(table);
                }
                continue;
            }
            let sql = self.value(column, None)?.sql;
            select.columns.push(match self.label(column) {
                Some(label) => format!("{sql} AS {}", quote::name(&label)),
                None => sql,
            });
        }
        Ok(())
    }

    /// The name that SQLAlchemy gives to what is no column.
    fn label(&self, value: &Value) -> Option<String> {
        if (self.column)(value).is_some() || value.is_plain() {
            return None;
        }
        let call = value.call();
        let base = match call.and_then(|call| Some((call, method_of(call)?))) {
            Some((call, "label")) => {
                return call.arguments.first()?.text().map(String::from);
            }
            _ => match (called(value), call.and_then(|call| call.callee.path())) {
                (
                    Some(("text" | "literal_column" | "column" | "true" | "false" | "null", _)),
                    _,
                ) => {
                    return None;
                }
                (_, Some(path)) if path.dotted.contains(".func.") => path.last(),
                _ => "anon",
            },
        };
        let mut labels = self.labels.borrow_mut();
        labels.push(base.into());
        let number = labels.iter().filter(|label| *label == base).count();
        Some(format!("{base}_{number}"))
    }

    /// What FROM says of a table or a join; nothing if it is neither.
    fn source_of(&self, value: &Value) -> Result<Source, Diagnostic> {
        if let Some((table, _)) = (self.table)(value) {
            return Ok((quote::name(&table), vec![table]));
        }
        if let Some(call) = value.call() {
            let mut given = Arguments::of(self.source, "join", call, value.span);
            let left = match (called(value), &call.callee.kind) {
                (Some(("join", _)), _) => Some((given.required("left")?.clone(), false)),
                (Some(("outerjoin", _)), _) => Some((given.required("left")?.clone(), true)),
                (_, Kind::Member(of, name)) => joins(name).map(|outer| ((**of).clone(), outer)),
                _ => {
                    owner(&call.callee).and_then(|(of, name)| joins(name).map(|outer| (of, outer)))
                }
            };
            if let Some((left, outer)) = left {
                let left = self.source_of(&left)?;
                return self.join(left, &mut given, outer);
            }
        }
        let message = format!("{} is not read in FROM", value.describe());
        Err(self.source.unsupported(value.span, message).hint("Name a table of the script."))
    }

    fn join(&self, left: Source, given: &mut Arguments, outer: bool) -> Result<Source, Diagnostic> {
        let right = given.required("right")?;
        let (text, mut tables) = self.source_of(right)?;
        let on = given.required("onclause")?;
        let outer = given.flag("isouter")?.unwrap_or(outer);
        let full = given.flag("full")?.unwrap_or(false);
        let word = match (full, outer) {
            (true, _) => "FULL OUTER JOIN",
            (_, true) => "LEFT OUTER JOIN",
            _ => "JOIN",
        };
        let on = self.operand(on, None, CONDITION)?;
        tables.splice(0..0, left.1);
        Ok((format!("{} {word} {text} ON {on}", left.0), tables))
    }

    /// Reads `.method(…)`; false if it is no method of this.
    fn extend(
        &self,
        select: &mut Select,
        value: &Value,
        method: &str,
        call: &Call,
    ) -> Result<bool, Diagnostic> {
        if select.form == Form::Scalar {
            return Ok(false);
        }
        let source = self.source;
        let what = format!(".{method}");
        let mut given = Arguments::of(source, &what, call, value.span);
        let rest = |given: &mut Arguments| -> Result<Vec<Part>, Diagnostic> {
            let mut parts = Vec::new();
            while let Some(value) = given.next() {
                if !says_nothing(value) {
                    parts.push(self.column_or(value)?);
                }
            }
            Ok(parts)
        };
        let clauses = |parts: Vec<Part>| parts.into_iter().map(|part| part.within(CLAUSE));
        match method {
            "where" | "filter" => select.conditions.extend(rest(&mut given)?),
            "having" => select.having.extend(rest(&mut given)?),
            "order_by" => select.orders.extend(clauses(rest(&mut given)?)),
            "group_by" => select.groups.extend(clauses(rest(&mut given)?)),
            "add_columns" => {
                while given.next().is_some() {}
                self.add_columns(select, &call.arguments)?;
            }
            "distinct" => select.is_distinct = true,
            "limit" => {
                let limit = given.required("limit")?;
                select.limit = Some(self.operand(limit, None, CLAUSE)?);
            }
            "offset" => {
                let offset = given.required("offset")?;
                select.offset = Some(self.operand(offset, None, CLAUSE)?);
            }
            "select_from" => {
                while let Some(value) = given.next() {
                    let read = self.source_of(value)?;
                    select.sources.push(read);
                }
            }
            "join" | "outerjoin" | "join_from" | "outerjoin_from" => {
                let left = match method.ends_with("_from") {
                    true => Some(self.source_of(given.required("from_")?)?),
                    false => select.sources.pop(),
                };
                let first = || {
                    let tables = self.tables.borrow();
                    let table = tables.last()?.first()?.clone();
                    Some((quote::name(&table), vec![table]))
                };
                let Some(left) = left.or_else(first) else {
                    return Err(source.unsupported(value.span, "It is not known what is joined"));
                };
                let joined = self.join(left, &mut given, method.starts_with("outer"))?;
                select.sources.push(joined);
            }
            "correlate" => {
                while let Some(value) = given.next() {
                    select.correlated.extend(self.source_of(value)?.1);
                }
            }
            "union" | "union_all" | "except_" | "intersect" => {
                let word = method.trim_end_matches('_').replace('_', " ").to_ascii_uppercase();
                while let Some(other) = given.next() {
                    let Some(text) = self.subquery(other)? else {
                        return Err(given.unexpected("other", "a `sa.select(…)`", other));
                    };
                    select.compound += &format!(" {word} {text}");
                }
            }
            "scalar_subquery" | "as_scalar" => select.form = Form::Scalar,
            "exists" => select.form = Form::Exists,
            "execution_options" => return Ok(true),
            _ if select.form == Form::Exists => return Ok(false),
            _ => {
                let message = format!("`.{method}()` of a SELECT is not read");
                let error = source.unsupported(call.callee.span, message);
                return Err(error.hint("Write the statement as SQL, in `op.execute(…)`."));
            }
        }
        given.finish()?;
        Ok(true)
    }

    fn finished(&self, select: Select) -> String {
        let around = self.tables.borrow();
        let is_around = |table: &String| {
            select.correlated.contains(table) || around.iter().any(|tables| tables.contains(table))
        };
        let mut sources = select.sources;
        for table in select.named {
            if !sources.iter().any(|(_, tables)| tables.contains(&table)) {
                sources.push((quote::name(&table), vec![table]));
            }
        }
        // The tables of the statement around are meant, unless nothing would be left.
        let is_own = |(_, tables): &Source| !matches!(&tables[..], [one] if is_around(one));
        let some = sources.iter().any(is_own);
        let texts: Vec<String> = sources
            .into_iter()
            .filter(|source| !some || is_own(source))
            .map(|(text, _)| text)
            .collect();
        let distinct = if select.is_distinct { "DISTINCT " } else { "" };
        let mut sql = format!("SELECT {distinct}{}", select.columns.join(", "));
        let mut clause = |word: &str, text: String| {
            if !text.is_empty() {
                sql.push_str(word);
                sql.push_str(&text);
            }
        };
        clause(" \nFROM ", texts.join(", "));
        clause(" \nWHERE ", all(select.conditions));
        clause(" GROUP BY ", select.groups.join(", "));
        clause(" \nHAVING ", all(select.having));
        clause("", select.compound);
        clause(" ORDER BY ", select.orders.join(", "));
        if select.limit.is_some() || select.offset.is_some() {
            clause("\n LIMIT ", select.limit.unwrap_or_else(|| "-1".into()));
            clause(" OFFSET ", select.offset.unwrap_or_else(|| "0".into()));
        }
        sql
    }
}

/// Whether a method joins, and whether it keeps what has no match.
fn joins(name: &str) -> Option<bool> {
    match name {
        "join" => Some(false),
        "outerjoin" => Some(true),
        _ => None,
    }
}

/// The name of the method that is called.
fn method_of(call: &Call) -> Option<&str> {
    match &call.callee.kind {
        Kind::Member(_, name) => Some(name),
        _ => owner(&call.callee).map(|(_, name)| name),
    }
}
