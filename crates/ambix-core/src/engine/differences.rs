//! The database beside a schema that is written down as SQL.

use super::{Model, Port, query, statements_of};
use crate::autogenerate::{Rules, compare};
use crate::diagnostic::Diagnostic;
use crate::operation::Directive;
use crate::schema::Constraint;
use crate::sqlite::objects::{Object, ObjectKind, Objects};
use crate::sqlite::quote::unquoted;
use crate::sqlite::token::{TokenKind, tokens};
use crate::sqlite::{catalog, create_table};
use alloc::{string::String, vec::Vec};

/// What a database has otherwise than it should.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Each difference, as autogenerate logs it: `Detected added table 'items'`.
    pub found: Vec<String>,
    /// The statements that bring the database there, in order and in one transaction.
    pub statements: Vec<String>,
    /// What could not be read, or is no matter of statements.
    pub warnings: Vec<Diagnostic>,
}

/// Compares the database with what `script` makes of an empty one: CREATE statements, and others that change
/// schemas. Nothing of it runs, and the database is only read.
///
/// # Errors
/// If the database cannot be read, or there is no statement for a difference.
pub async fn differences(port: &impl Port, script: &str) -> Result<Differences, Diagnostic> {
    let there = Objects::read(&query(port, catalog::SELECT).await?);
    let wanted = Objects::made_by(script);
    let unlike = unlike(&there, &wanted);
    let (database, mut warnings) = catalog::schema(&there.only(&unlike));
    let (models, unread) = catalog::schema(&wanted.only(&unlike));
    let rules = Rules { whole: true, names: false, ..Rules::ALL };
    let comparison = compare(&database, &models, &rules);
    warnings.extend(unread);
    warnings.extend(comparison.warnings);
    let found = comparison.findings.into_iter().map(|finding| finding.message).collect();
    let directive = |operation| Directive { operation, place: None };
    let directives: Vec<_> = comparison.upgrade.into_iter().map(directive).collect();
    let statements = match directives.is_empty() {
        true => Vec::new(),
        false => statements_of(&directives, &mut Model::on(concerned(there, unlike)))?,
    };
    Ok(Differences { found, statements, warnings })
}

/// The tables and views that have to be compared, in small letters and in order: those that are written otherwise or
/// have anything that is, and those that their references without columns lead to. The same text means the same.
fn unlike(there: &Objects, wanted: &Objects) -> Vec<String> {
    let texts = |objects: &Objects| {
        let text = |object: &Object| {
            let sql = object.sql().map(String::from);
            (object.table.to_ascii_lowercase(), sql, object.kind == ObjectKind::VirtualTable)
        };
        let mut texts: Vec<_> = objects.all.iter().map(text).collect();
        crate::sort::sort(&mut texts);
        texts
    };
    let (texts, others) = (texts(there), texts(wanted));
    let mut names: Vec<String> = Vec::new();
    for (texts, others) in [(&texts, &others), (&others, &texts)] {
        // What is unknown, and what keeps its data in other tables, is like nothing.
        let unlike = texts
            .iter()
            .filter(|text| text.1.is_none() || text.2 || others.binary_search(text).is_err());
        names.extend(unlike.map(|text| text.0.clone()));
    }
    crate::sort::sort(&mut names);
    names.dedup();
    for objects in [there.only(&names), wanted.only(&names)] {
        let tables = objects.all.iter().filter(|object| object.kind == ObjectKind::Table);
        let read = tables.filter_map(|table| create_table::read(table.sql()?).ok());
        for constraint in read.flat_map(|read| read.table.constraints) {
            if let Constraint::ForeignKey(key) = constraint
                && key.referred_columns.is_empty()
            {
                names.push(key.referred_table.to_ascii_lowercase());
            }
        }
    }
    crate::sort::sort(&mut names);
    names
}

/// What changes of these tables and views have to do with: they, and the tables whose text has one of their names. A
/// view or a trigger may read anything.
fn concerned(objects: Objects, mut names: Vec<String>) -> Objects {
    let reads = |object: &Object| !matches!(object.kind, ObjectKind::Table | ObjectKind::Index);
    if objects.all.iter().any(reads) {
        return objects;
    }
    let mentions = |object: &&Object| {
        let sql = object.sql().unwrap_or_default();
        tokens(sql).iter().any(|token| {
            let is_listed = |word: &str| {
                let small = || word.bytes().map(|byte| byte.to_ascii_lowercase());
                names.binary_search_by(|name| name.bytes().cmp(small())).is_ok()
            };
            match token.kind {
                TokenKind::Word => is_listed(token.span.of(sql)),
                TokenKind::QuotedName | TokenKind::Text => is_listed(&unquoted(token.span.of(sql))),
                _ => false,
            }
        })
    };
    let tables = objects.all.iter().filter(mentions).map(|object| &object.table);
    let tables: Vec<String> = tables.map(|table| table.to_ascii_lowercase()).collect();
    names.extend(tables);
    crate::sort::sort(&mut names);
    objects.only(&names)
}
