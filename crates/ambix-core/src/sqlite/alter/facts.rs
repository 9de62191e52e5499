use crate::engine::Answer;
use crate::sqlite::objects::{ObjectKind, Objects};
use crate::sqlite::quote;
use alloc::{format, string::String, string::ToString, vec::Vec};

/// Something about the database that the catalogue does not say and that a change depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The first and the last rowid of a table.
    Extent(String),
    /// How many rows of a table refer to rows that are not there.
    Dangling(String),
    /// Whether this SQLite has a statement, and the host lets it through.
    Supports(Feature),
    /// Whether a statement, which begins with EXPLAIN, can be carried out.
    Works(String),
}

/// Statements that only some SQLite has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// `ALTER COLUMN … SET NOT NULL` and `DROP NOT NULL` (SQLite 3.53).
    NotNull,
    /// `ADD CHECK` and `DROP CONSTRAINT` (SQLite 3.53).
    Check,
}

/// How to find a [`Fact`] out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// By the answer to this SELECT.
    Select(String),
    /// By running this list, which always fails and so changes nothing: it is so if the failure is
    /// [`PROBED`], that of the last statement.
    Attempt(Vec<String>),
}

/// The code that the last statement of a [`Question::Attempt`] leaves in the host's error text.
pub const PROBED: &str = "ambix:probed";

/// Where the rows of a table begin and end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// The first and the last rowid; `None` for an empty table.
    pub rowids: Option<(i64, i64)>,
}

/// What was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Nobody can be asked: a table counts as short, and nothing as dangling.
    offline: bool,
    /// Nobody can be asked yet what this SQLite can do.
    is_trial: bool,
    /// The tables that were there when the database was read.
    tables: Vec<String>,
    extents: Vec<(String, Extent)>,
    dangling: Vec<(String, Option<u64>)>,
    features: Vec<(Feature, bool)>,
    working: Vec<(String, bool)>,
}

impl Fact {
    /// How to find it out.
    pub fn question(&self) -> Question {
        match self {
            Self::Extent(table) => {
                let table = quote::name(table);
                Question::Select(format!(
                    "SELECT CAST(min(rowid) AS TEXT), CAST(max(rowid) AS TEXT) FROM {table}"
                ))
            }
            Self::Dangling(table) => Question::Select(format!(
                "SELECT CAST(count(*) AS TEXT) FROM pragma_foreign_key_check({})",
                quote::text(table)
            )),
            Self::Works(explain) => Question::Select(explain.clone()),
            // By doing it, since hosts take statements in EXPLAIN that they refuse to run.
            Self::Supports(feature) => {
                let alter = match feature {
                    Feature::NotNull => "ALTER COLUMN a SET NOT NULL",
                    Feature::Check => "ADD CHECK (a > 0)",
                };
                Question::Attempt(
                    [
                        "CREATE TABLE _ambix_probe (a)".into(),
                        format!("ALTER TABLE _ambix_probe {alter}"),
                        format!("SELECT json_extract('{{}}', '{PROBED}')"),
                    ]
                    .into(),
                )
            }
        }
    }
}

impl Facts {
    /// Nobody can be asked.
    pub fn offline() -> Self {
        Self { offline: true, ..Self::default() }
    }

    /// Nobody is asked, and what this SQLite can do stays open.
    pub fn for_a_trial() -> Self {
        Self { is_trial: true, ..Self::offline() }
    }

    /// Nothing is known yet but which tables there are.
    pub fn of(objects: &Objects) -> Self {
        let tables = objects.all.iter().filter(|object| object.kind == ObjectKind::Table);
        Self {
            tables: tables.map(|table| table.name.to_ascii_lowercase()).collect(),
            ..Self::default()
        }
    }

    /// Takes note of the answer to [`Fact::question`].
    pub fn learn(&mut self, fact: &Fact, answer: &Answer) {
        let rows = match answer {
            Answer::Rows(rows) => Some(rows),
            _ => None,
        };
        let number =
            |at: usize| -> Option<i64> { rows?.rows.first()?.get(at)?.as_text()?.parse().ok() };
        match fact {
            Fact::Extent(table) => {
                let extent = Extent { rowids: number(0).zip(number(1)) };
                self.extents.push((table.clone(), extent));
            }
            Fact::Dangling(table) => {
                let count = number(0).and_then(|count| u64::try_from(count).ok());
                self.dangling.push((table.to_string(), count));
            }
            Fact::Works(explain) => {
                self.working.push((explain.clone(), matches!(answer, Answer::Rows(_))));
            }
            Fact::Supports(feature) => {
                let probed =
                    matches!(answer, Answer::Failed(failure) if failure.message.contains(PROBED));
                self.features.push((*feature, probed));
            }
        }
    }

    /// Whether a statement can be carried out now.
    ///
    /// # Errors
    /// If that has to be asked first.
    pub(super) fn works(&self, explain: &str) -> Result<bool, Fact> {
        if self.offline {
            return Ok(false);
        }
        let known = self.working.iter().find(|(known, _)| known == explain);
        known.map(|(_, works)| *works).ok_or_else(|| Fact::Works(explain.into()))
    }

    /// Whether SQLite has a statement.
    ///
    /// # Errors
    /// If that has to be tried first.
    pub(super) fn supports(&self, feature: Feature) -> Result<bool, Fact> {
        if self.is_trial {
            return Err(Fact::Supports(feature));
        }
        if self.offline {
            return Ok(false);
        }
        let known = self.features.iter().find(|(known, _)| *known == feature);
        known.map(|(_, probed)| *probed).ok_or(Fact::Supports(feature))
    }

    /// The extent of a table.
    ///
    /// # Errors
    /// If that has to be asked first.
    pub(super) fn extent(&self, table: &str) -> Result<Extent, Fact> {
        if self.offline {
            return Ok(Extent::default());
        }
        let known = self.extents.iter().find(|(known, _)| known == table);
        known.map(|(_, extent)| *extent).ok_or_else(|| Fact::Extent(table.into()))
    }

    /// How many rows of a table dangle; `None` if SQLite cannot say, because a foreign key does not fit.
    ///
    /// # Errors
    /// If that has to be asked first.
    pub(super) fn dangling(&self, table: &str) -> Result<Option<u64>, Fact> {
        if self.offline {
            return Ok(None);
        }
        if !self.tables.contains(&table.to_ascii_lowercase()) {
            // It is made in the same list.
            return Ok(Some(0));
        }
        let known = self.dangling.iter().find(|(known, _)| known == table);
        known.map(|(_, count)| *count).ok_or_else(|| Fact::Dangling(table.into()))
    }
}
