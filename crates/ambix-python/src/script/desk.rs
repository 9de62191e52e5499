//! What a script does, taken down as it is reached: directives, batches, statements, and what it asks of the database.

use super::attempt;
use super::batch::{Batch, addressed, as_op, collect, open};
use super::directive::read_directive;
use super::inspector;
use super::reader::Reader;
use super::reflected;
use super::result::{self, Asked};
use super::tables::{Tables, creates_table};
use crate::evaluate::{Host, RESULT, Stop};
use crate::sqlalchemy::called;
use crate::syntax::Source;
use crate::value::{Kind, Origin, Path, Value};
use ambix_core::diagnostic::{Code, Diagnostic, Span};
use ambix_core::engine::{Model, statements_of};
use ambix_core::operation::{Directive, Operation};
use ambix_core::schema::NamingConvention;
use ambix_core::sqlite::alter;

/// A block that has not ended.
enum Block {
    Batch(Box<Batch>),
    /// A transaction: a revision is one anyway.
    Transaction,
    /// `autocommit_block()`, with the number of the directive that comes first in it.
    Autocommit(usize),
}

/// Takes down what a script does, as it is reached.
pub(super) struct Desk<'a> {
    source: Source<'a>,
    convention: &'a NamingConvention,
    tables: Tables,
    blocks: Vec<Block>,
    /// What batches have been called.
    aliases: Vec<String>,
    directives: Vec<Directive>,
    /// The database at the beginning, with the directives of which the number is `followed` carried out.
    model: Option<Model>,
    followed: usize,
    /// Their statements.
    ran: Vec<String>,
    /// The database itself, which can be asked for rows.
    asked: Option<&'a Model>,
    /// How many `try` blocks are open.
    attempts: usize,
}

impl Host for Desk<'_> {
    fn call(&mut self, value: &Value) -> Result<Option<Value>, Stop> {
        let Some(call) = value.call() else { return Ok(None) };
        if let Some(method) = inspector::question(value) {
            let answer = inspector::answer(self.database(value.span)?, method, call, value.span);
            return answer.map(Some);
        }
        let done = Value { kind: Kind::None, span: value.span };
        let path = call.callee.path();
        if let Some(directive) = path.and_then(|path| path.dotted.strip_prefix("alembic.op.")) {
            return match directive {
                "f" | "inline_literal" | "get_bind" | "get_context" | "batch_alter_table" => {
                    Ok(None)
                }
                _ => {
                    self.directive(value)?;
                    Ok(Some(if creates_table(value) {
                        self.name("_", value.clone())
                    } else {
                        done
                    }))
                }
            };
        }
        match path {
            Some(path) if path.dotted == "alembic.context.is_offline_mode" => {
                let is_offline = self.model.as_ref().map(Model::is_script);
                let flag = is_offline.ok_or_else(|| self.looks(value.span))?;
                return Ok(Some(Value { kind: Kind::Bool(flag), span: value.span }));
            }
            Some(path) if path.origin == Origin::Defined => {
                if let Some(result) = self.in_batch(value)? {
                    return Ok(Some(result));
                }
            }
            _ => {}
        }
        if let Some(table) = reflected::named(value) {
            let declaration =
                reflected::declaration(self.database(value.span)?, table, value.span)?;
            return Ok(Some(self.name(table, declaration)));
        }
        let method = match &call.callee.kind {
            Kind::Member(of, method) => Some((&**of, method.as_str())),
            _ => None,
        };
        match method {
            Some((of, "execute" | "exec_driver_sql" | "scalar" | "scalars"))
                if self.tables.is_connection(of) =>
            {
                if self.model.is_some() {
                    self.follow()?;
                }
                let said = self.read(value)?;
                let select = match said.as_slice() {
                    [Directive { operation: Operation::Execute(execute), .. }]
                        if result::selects(&execute.sql) =>
                    {
                        execute.sql.trim_end().trim_end_matches(';').to_string()
                    }
                    _ => {
                        self.push(said, value.span)?;
                        return Ok(Some(Value { kind: Kind::Unknown(RESULT), span: value.span }));
                    }
                };
                let behind = self.ran.len();
                if self.model.is_none() {
                    self.push(said, value.span)?;
                }
                // Where there is a database, its rows are asked for when they are looked at.
                let said = result::result(&select, behind, value.span);
                match method {
                    Some((_, method @ ("scalar" | "scalars"))) => {
                        self.of_result(&said, method, value.span)
                    }
                    _ => Ok(Some(said)),
                }
            }
            Some((of, method)) if result::asked(of).is_some() => {
                self.of_result(of, method, value.span)
            }
            Some((of, "commit" | "flush" | "close" | "execution_options"))
                if self.tables.is_connection(of) =>
            {
                Ok(Some(done))
            }
            Some((of, "connect" | "begin" | "begin_nested")) if self.tables.is_connection(of) => {
                Ok(None)
            }
            // The tables are looked at when they are asked for.
            Some((of, "reflect")) if called(of).is_some_and(|(name, _)| name == "MetaData") => {
                Ok(Some(done))
            }
            // A type that other databases have to be told of.
            Some((of, "create" | "drop"))
                if called(of).is_some_and(|(name, _)| name == "Enum" || name == "ENUM") =>
            {
                Ok(Some(done))
            }
            _ => Ok(None),
        }
    }

    fn item(&mut self, of: &Value, key: &Value) -> Result<Option<Value>, Stop> {
        let (Kind::Member(metadata, word), Some(table)) = (&of.kind, key.text()) else {
            return Ok(None);
        };
        if word != "tables" || called(metadata).is_none_or(|(name, _)| name != "MetaData") {
            return Ok(None);
        }
        let declaration = reflected::declaration(self.database(key.span)?, table, key.span)?;
        Ok(Some(self.name(table, declaration)))
    }

    fn items(&self, of: &Value) -> Result<Option<Vec<Value>>, Stop> {
        match result::asked(of) {
            Some(asked) => self.rows(&asked, of.span).map(Some),
            None => Ok(None),
        }
    }

    fn attribute(&mut self, of: &Value, name: &str) -> Result<Option<Value>, Stop> {
        let known = |kind: Kind| Ok(Some(Value { kind, span: of.span }));
        match (&of.kind, name) {
            // `bind.dialect.name`, and `bind.engine.name`.
            (Kind::Member(inner, word), "name")
                if word == "dialect" && self.tables.is_connection(inner) =>
            {
                known(Kind::Text("sqlite".into()))
            }
            (_, "name") if self.tables.is_connection(of) => known(Kind::Text("sqlite".into())),
            (Kind::Member(inner, word), "driver")
                if word == "dialect" && self.tables.is_connection(inner) =>
            {
                known(Kind::Text("pysqlite".into()))
            }
            (_, "engine" | "bind" | "connection") if self.tables.is_connection(of) => {
                Ok(Some(of.clone()))
            }
            (Kind::Call(call), "as_sql")
                if call
                    .callee
                    .path()
                    .is_some_and(|path| path.dotted == "alembic.op.get_context") =>
            {
                let is_offline = self.model.as_ref().map(Model::is_script);
                known(Kind::Bool(is_offline.ok_or_else(|| self.looks(of.span))?))
            }
            _ => Ok(None),
        }
    }

    fn name(&mut self, name: &str, value: Value) -> Value {
        match self.tables.is_table(&value) {
            true => Value { span: value.span, kind: Kind::Name(self.tables.insert(name, value)) },
            false => value,
        }
    }

    fn enter(&mut self, value: &Value, alias: Option<&str>) -> Result<Option<Value>, Stop> {
        let reader = reader(self.source, &self.tables, self.convention);
        if let Some(batch) = open(&reader, value, alias) {
            self.blocks.push(Block::Batch(Box::new(batch?)));
            let dotted = alias.unwrap_or_default().to_string();
            self.aliases.push(dotted.clone());
            let kind = Kind::Name(Path { dotted: dotted.into(), origin: Origin::Defined });
            return Ok(Some(Value { kind, span: value.span }));
        }
        let method = value.call().map(|call| &call.callee.kind);
        let block = match method {
            Some(Kind::Member(of, method)) if self.tables.is_connection(of) => {
                match method.as_str() {
                    "autocommit_block" => Block::Autocommit(self.directives.len()),
                    "begin" | "begin_nested" | "begin_transaction" | "connect" => {
                        Block::Transaction
                    }
                    _ => return Ok(None),
                }
            }
            Some(Kind::Name(path)) if path.dotted == "alembic.context.begin_transaction" => {
                Block::Transaction
            }
            _ if self.tables.is_connection(value) => Block::Transaction,
            _ => return Ok(None),
        };
        self.blocks.push(block);
        let connection = match method {
            Some(Kind::Member(of, _)) => (**of).clone(),
            _ => value.clone(),
        };
        Ok(Some(connection))
    }

    fn leave(&mut self) -> Result<(), Stop> {
        match self.blocks.pop() {
            Some(Block::Batch(batch)) => {
                let (tries, before, span) =
                    (self.attempts > 0, self.directives.len(), batch.span());
                if tries {
                    self.database(span)?;
                }
                let reader = Reader {
                    source: self.source,
                    tables: &self.tables,
                    convention: self.convention,
                };
                batch.close(&reader, &mut self.directives);
                if tries { self.tried(before, span) } else { Ok(()) }
            }
            Some(Block::Autocommit(first)) => {
                for directive in self.directives.iter_mut().skip(first) {
                    if let Operation::Execute(execute) = &mut directive.operation {
                        execute.alone = stands_alone(&execute.sql);
                    }
                }
                Ok(())
            }
            Some(Block::Transaction) | None => Ok(()),
        }
    }

    fn attempt(&mut self, begins: bool) {
        match begins {
            true => self.attempts += 1,
            false => self.attempts = self.attempts.saturating_sub(1),
        }
    }
}

impl<'a> Desk<'a> {
    /// Nothing has been said yet.
    pub(super) fn new(
        source: Source<'a>,
        convention: &'a NamingConvention,
        database: Option<&'a Model>,
    ) -> Self {
        Self {
            source,
            convention,
            tables: Tables::default(),
            blocks: Vec::new(),
            aliases: Vec::new(),
            directives: Vec::new(),
            model: database.map(|database| database.clone().without_questions()),
            followed: 0,
            ran: Vec::new(),
            asked: database,
            attempts: 0,
        }
    }

    /// Forgets what was said: at the top level of a file Alembic has no directives.
    pub(super) fn forget(&mut self) {
        self.directives.clear();
    }

    /// What was said.
    pub(super) fn directives(self) -> Vec<Directive> {
        self.directives
    }

    /// What a method of a result gives.
    fn of_result(&mut self, of: &Value, method: &str, span: Span) -> Result<Option<Value>, Stop> {
        let Some(asked) = result::asked(of) else { return Ok(None) };
        if let Some(other) = result::other(&asked, method, span) {
            return Ok(Some(other));
        }
        let rows = self.rows(&asked, span)?;
        Ok(result::method(rows, method, span)?.map(|kind| Value { kind, span }))
    }

    /// The rows of a result.
    fn rows(&self, asked: &Asked, span: Span) -> Result<Vec<Value>, Stop> {
        let Some(database) = self.asked else { return Err(self.looks(span)) };
        let before = self.ran.get(..asked.behind).unwrap_or_default();
        match database.rows(before, asked.select) {
            Ok(Ok(answer)) => Ok(result::rows(asked, answer, span)),
            Ok(Err(message)) => Err(Stop::raised("OperationalError", message, span)),
            Err(alter::Stop::Refused(error)) => Err(error.at(self.source.place(span)).into()),
            Err(stop) => Err(stop.into()),
        }
    }

    fn directive(&mut self, value: &Value) -> Result<(), Stop> {
        let said = self.read(value)?;
        self.push(said, value.span)
    }

    /// What a call of a directive says.
    fn read(&self, value: &Value) -> Result<Vec<Directive>, Stop> {
        let mut said = Vec::new();
        let reader = reader(self.source, &self.tables, self.convention);
        read_directive(&reader, value, &mut said)?;
        Ok(said)
    }

    fn push(&mut self, said: Vec<Directive>, span: Span) -> Result<(), Stop> {
        if self.attempts == 0 {
            self.directives.extend(said);
            return Ok(());
        }
        self.database(span)?;
        let before = self.directives.len();
        self.directives.extend(said);
        self.tried(before, span)
    }

    /// A batch whose block has ended still carries out SQL.
    fn behind_a_batch(&mut self, value: &Value) -> Result<Option<Value>, Stop> {
        let path = value.call().and_then(|call| call.callee.path());
        let said = path.and_then(|path| path.dotted.split_once('.'));
        match said {
            Some((alias, directive @ ("execute" | "f")))
                if self.aliases.iter().any(|known| known == alias) =>
            {
                let value = as_op(value, directive);
                if directive == "execute" {
                    self.directive(&value)?;
                    return Ok(Some(Value { kind: Kind::None, span: value.span }));
                }
                Ok(Some(value))
            }
            _ => Ok(None),
        }
    }

    /// Within a `try`, whether the directives behind these can be carried out: if not, Python would raise an
    /// exception.
    fn tried(&mut self, before: usize, span: Span) -> Result<(), Stop> {
        let new = self.directives.get(before..).unwrap_or_default();
        let failure = self.model.as_ref().and_then(|model| {
            new.iter().find_map(|directive| attempt::failure(model, &directive.operation))
        });
        let message = match failure {
            Some(message) => message,
            None => match self.follow() {
                Ok(()) => return Ok(()),
                Err(error) => error.into_details().message,
            },
        };
        self.directives.truncate(before);
        Err(Stop::raised("OperationalError", message, span))
    }

    /// What is said to a batch; nothing if it is none.
    fn in_batch(&mut self, value: &Value) -> Result<Option<Value>, Stop> {
        let batches = self.blocks.iter_mut().filter_map(|block| match block {
            Block::Batch(batch) => Some(&mut **batch),
            _ => None,
        });
        let mut batches: Vec<&mut Batch> = batches.collect();
        let Some((at, directive, value)) = addressed(&batches, value) else {
            return self.behind_a_batch(value);
        };
        if matches!(directive.as_str(), "f" | "inline_literal") {
            return Ok(Some(value));
        }
        let reader = reader(self.source, &self.tables, self.convention);
        if let Some(batch) = batches.get_mut(at) {
            collect(&reader, batch, &directive, &value, &mut self.directives)?;
        }
        Ok(Some(Value { kind: Kind::None, span: value.span }))
    }

    /// The database as it is at this point of the script.
    fn database(&mut self, span: Span) -> Result<&Model, Stop> {
        if self.model.is_none() {
            return Err(self.looks(span));
        }
        self.follow()?;
        match &self.model {
            Some(model) => Ok(model),
            None => Err(self.looks(span)),
        }
    }

    fn follow(&mut self) -> Result<(), Diagnostic> {
        let new = self.directives.get(self.followed..).unwrap_or_default();
        if let Some(model) = &mut self.model
            && !new.is_empty()
        {
            let mut after = model.clone();
            self.ran.extend(statements_of(new, &mut after)?);
            *model = after;
        }
        self.followed = self.directives.len();
        Ok(())
    }

    /// The error where the script looks at the database and there is none.
    fn looks(&self, span: Span) -> Stop {
        let message = "What this revision does depends on the database that it finds";
        Diagnostic::error(Code::LooksAtDatabase, message)
            .at(self.source.place(span))
            .hint("Name a database, or a range of revisions that begins at base.")
            .into()
    }
}

/// Whether SQLite takes a statement outside of a transaction only.
fn stands_alone(sql: &str) -> bool {
    let word = sql.trim_start().split(|letter: char| !letter.is_ascii_alphabetic()).next();
    let word = word.unwrap_or_default().to_ascii_uppercase();
    matches!(word.as_str(), "VACUUM" | "ATTACH" | "DETACH" | "PRAGMA")
}

/// What directives are read with, where the rest of the desk is changed.
const fn reader<'a>(
    source: Source<'a>,
    tables: &'a Tables,
    convention: &'a NamingConvention,
) -> Reader<'a> {
    Reader { source, tables, convention }
}
