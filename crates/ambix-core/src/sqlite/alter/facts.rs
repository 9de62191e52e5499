use crate::engine::Answer;
use crate::sqlite::objects::{Object, ObjectKind, Objects};
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
    /// The objects of this connection alone: those of TEMP.
    Temporary,
    /// Whether the connection has `PRAGMA legacy_alter_table` on.
    LegacyAlterTable,
    /// What a SELECT gives behind some statements that have not run yet: the names of its columns if they are not
    /// known, else its rows.
    Rows {
        /// The statements.
        before: Vec<String>,
        /// The SELECT.
        select: String,
        /// The columns, where they are known.
        columns: Option<Vec<String>>,
    },
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
    /// The tables and views that were there when the database was read.
    names: Vec<String>,
    extents: Vec<(String, Extent)>,
    dangling: Vec<(String, Option<u64>)>,
    features: Vec<(Feature, bool)>,
    working: Vec<(String, bool)>,
    temporary: Option<Objects>,
    legacy_alter_table: Option<bool>,
    answers: Vec<(Fact, Result<serde_json::Value, String>)>,
}

/// The columns of a SELECT and its rows, as JSON; or what the database says against it.
pub type Selected = Result<(Vec<String>, serde_json::Value), String>;

/// So many rows of a SELECT are followed at most.
const ROWS: usize = 10_000;

/// What a host without TEMP, or one that nobody asks, has there.
static NOTHING: Objects = Objects { all: Vec::new() };

impl Fact {
    /// How to find it out.
    pub fn question(&self) -> Question {
        match self {
            Self::Extent(table) => {
                let table = quote::name(table);
                // Each by itself: of one aggregate SQLite looks at an end of the table, of two at all rows.
                let end =
                    |which: &str| format!("(SELECT CAST({which}(rowid) AS TEXT) FROM {table})");
                Question::Select(format!("SELECT {}, {}", end("min"), end("max")))
            }
            Self::Dangling(table) => Question::Select(format!(
                "SELECT CAST(count(*) AS TEXT) FROM pragma_foreign_key_check({})",
                quote::text(table)
            )),
            Self::Works(explain) => Question::Select(explain.clone()),
            Self::Temporary => Question::Select(
                "SELECT type, name, tbl_name, sql FROM sqlite_temp_master WHERE sql IS NOT NULL \
                 ORDER BY rowid"
                    .into(),
            ),
            Self::LegacyAlterTable => Question::Select(
                "SELECT CAST(legacy_alter_table AS TEXT) FROM pragma_legacy_alter_table".into(),
            ),
            Self::Rows { before, select, columns } => {
                let mut list = before.clone();
                list.extend(answering(select, columns.as_deref()));
                Question::Attempt(list)
            }
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

    /// Nothing is known yet but which tables and views there are.
    pub fn of(objects: &Objects) -> Self {
        let is_named =
            |object: &&Object| !matches!(object.kind, ObjectKind::Index | ObjectKind::Trigger);
        let named = objects.all.iter().filter(is_named);
        Self {
            names: named.map(|object| object.name.to_ascii_lowercase()).collect(),
            ..Self::default()
        }
    }

    /// Whether there is nobody to be asked.
    pub(super) fn is_offline(&self) -> bool {
        self.offline && !self.is_trial
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
            // A host that refuses to say has none.
            Fact::Temporary => self.temporary = Some(rows.map(Objects::read).unwrap_or_default()),
            Fact::LegacyAlterTable => self.legacy_alter_table = Some(number(0) == Some(1)),
            Fact::Rows { .. } => {
                let said = match answer {
                    Answer::Failed(failure) => {
                        said(&failure.message).ok_or_else(|| failure.message.clone())
                    }
                    _ => Err("the host does not say".into()),
                };
                self.answers.push((fact.clone(), said));
            }
            Fact::Supports(feature) => {
                let probed =
                    matches!(answer, Answer::Failed(failure) if failure.message.contains(PROBED));
                self.features.push((*feature, probed));
            }
        }
    }

    /// The columns and rows that a SELECT gives behind these statements, or what the database says against it; nothing
    /// if nobody can be asked. A value is a list of its type, as SQLite names it, and itself.
    ///
    /// # Errors
    /// If that has to be asked first.
    pub(crate) fn rows(&self, before: &[String], select: &str) -> Result<Option<Selected>, Fact> {
        let mut fact = Fact::Rows { before: before.into(), select: select.into(), columns: None };
        if self.is_trial {
            return Err(fact);
        }
        if self.offline {
            return Ok(None);
        }
        let known = |fact: &Fact| {
            let found = self.answers.iter().find(|(known, _)| known == fact);
            found.map(|(_, answer)| answer.clone())
        };
        let names = match known(&fact) {
            None => return Err(fact),
            Some(Err(error)) => return Ok(Some(Err(error))),
            Some(Ok(names)) => names,
        };
        let names = names.as_array().into_iter().flatten();
        let names: Vec<String> = names.filter_map(|name| name.as_str().map(Into::into)).collect();
        if let Fact::Rows { columns, .. } = &mut fact {
            *columns = Some(names.clone());
        }
        match known(&fact) {
            None => Err(fact),
            Some(Err(error)) => Ok(Some(Err(error))),
            Some(Ok(rows)) if rows.as_array().is_some_and(|rows| rows.len() > ROWS) => {
                Ok(Some(Err(format!("a SELECT gives more than {ROWS} rows"))))
            }
            Some(Ok(rows)) => Ok(Some(Ok((names, rows)))),
        }
    }

    /// Whether a statement about a table or view can be carried out now. What the list itself has made counts as
    /// working: its author has just written it.
    ///
    /// # Errors
    /// If that has to be asked first.
    pub(super) fn works(&self, name: &str, explain: &str) -> Result<bool, Fact> {
        if self.offline {
            return Ok(false);
        }
        if !self.was_there(name) {
            return Ok(true);
        }
        let known = self.working.iter().find(|(known, _)| known == explain);
        known.map(|(_, works)| *works).ok_or_else(|| Fact::Works(explain.into()))
    }

    /// The objects of TEMP.
    ///
    /// # Errors
    /// If they have to be asked for first.
    pub(super) fn temporary(&self) -> Result<&Objects, Fact> {
        match self.offline {
            true => Ok(&NOTHING),
            false => self.temporary.as_ref().ok_or(Fact::Temporary),
        }
    }

    /// Whether SQLite renames tables without looking at who mentions them.
    ///
    /// # Errors
    /// If that has to be asked first.
    pub(super) fn legacy_alter_table(&self) -> Result<bool, Fact> {
        match self.offline {
            true => Ok(false),
            false => self.legacy_alter_table.ok_or(Fact::LegacyAlterTable),
        }
    }

    /// Whether a table or view was there when the database was read, and not made in the list since.
    pub(super) fn was_there(&self, name: &str) -> bool {
        let is_temporary = self.temporary.as_ref().is_some_and(|objects| objects.has_name(name));
        is_temporary || self.names.contains(&name.to_ascii_lowercase())
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
        if !self.was_there(table) {
            // It is made in the same list.
            return Ok(Some(0));
        }
        let known = self.dangling.iter().find(|(known, _)| known == table);
        known.map(|(_, count)| *count).ok_or_else(|| Fact::Dangling(table.into()))
    }
}

/// The end of a list that fails with what a SELECT gives in the host's error text, as JSON.
fn answering(select: &str, columns: Option<&[String]>) -> Vec<String> {
    let Some(columns) = columns else {
        let names = "SELECT json_group_array(name) FROM pragma_table_info('_ambix_answer')";
        return [
            format!("CREATE TABLE _ambix_answer AS SELECT * FROM ({select}\n) LIMIT 0"),
            format!("SELECT json_extract('{{}}', '{PROBED} ' || ({names}))"),
        ]
        .into();
    };
    let names: Vec<String> = (1..=columns.len()).map(|number| format!("c{number}")).collect();
    let typed = names.iter().map(|name| {
        format!("json_array(typeof({name}), CASE typeof({name}) WHEN 'blob' THEN hex({name}) ELSE {name} END)")
    });
    let (typed, names) = (typed.collect::<Vec<_>>().join(", "), names.join(", "));
    let most = ROWS + 1;
    [format!(
        "WITH _ambix_answer({names}) AS (SELECT * FROM ({select}\n) LIMIT {most}) SELECT json_extract('{{}}', '{PROBED} ' || \
         (SELECT json_group_array(json_array({typed})) FROM _ambix_answer))"
    )]
    .into()
}

/// The JSON in the text of an error, in which SQLite has doubled the quotes.
fn said(message: &str) -> Option<serde_json::Value> {
    let (_, said) = message.split_once(PROBED)?;
    let json = said.get(said.find('[')?..=said.rfind(']')?)?;
    serde_json::from_str(&json.replace("''", "'")).ok()
}
