//! A database in memory, and what the engine asks of it.

use ambix_core::engine::{Answer, Failure, Request, Rows, Statement, Value};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::binding::{SqlJs, SqlJsDatabase, SqlJsStatement, init_sql_js, message};
use crate::file::{self, Journal, Refused};
use crate::{parameter, value};

/// sql.js, started.
pub struct Sqlite(SqlJs);

impl Sqlite {
    /// Starts sql.js. Its script must have run, and `folder` (`sqljs/`, relative to the page) is where
    /// its WebAssembly is.
    ///
    /// # Errors
    /// If the script is missing or the WebAssembly cannot be loaded, in words for the person.
    pub async fn load(folder: &str) -> Result<Self, String> {
        let config = Object::new();
        let folder = folder.to_owned();
        let locate =
            Closure::<dyn Fn(String) -> String>::new(move |file| format!("{folder}{file}"));
        set(&config, "locateFile", &locate.into_js_value());
        let promise = init_sql_js(&config).map_err(|thrown| message(&thrown))?;
        let module = JsFuture::from(promise).await.map_err(|thrown| message(&thrown))?;
        Ok(Self(module.unchecked_into()))
    }

    /// A new database without tables.
    ///
    /// # Errors
    /// If sql.js has no memory left.
    pub fn empty(&self) -> Result<Database, Refused> {
        self.connect(&Array::new())
    }

    /// The database of that file. The bytes are copied.
    ///
    /// # Errors
    /// If they are not a database, or a damaged one.
    pub fn open(&self, bytes: &[u8]) -> Result<(Database, Journal), Refused> {
        let journal = file::look_at(bytes)?;
        let database = self.connect(&Array::of1(&Uint8Array::from(bytes)))?;
        database.check()?;
        Ok((database, journal))
    }

    fn connect(&self, arguments: &Array) -> Result<Database, Refused> {
        Reflect::construct(&self.0.database_class(), arguments)
            .map(|database| Database(database.unchecked_into()))
            .map_err(|thrown| Refused::Failed(message(&thrown)))
    }
}

/// A database in memory. Closed when it is dropped.
#[derive(Debug)]
pub struct Database(SqlJsDatabase);

impl Drop for Database {
    fn drop(&mut self) {
        // Nothing is lost if this fails: the memory is given back with the page.
        let _ = self.0.close();
    }
}

impl Database {
    /// Performs what the engine asks for.
    pub fn perform(&self, request: &Request) -> Answer {
        let done = match request {
            Request::Query(statement) => self.query(statement).map(Answer::Rows),
            Request::Atomic(statements) => self.atomic(statements).map(|()| Answer::Done),
            Request::Rebuild(statements) => self.rebuild(statements).map(|()| Answer::Done),
            Request::Alone(statement) => self.alone(statement).map(|()| Answer::Done),
        };
        done.unwrap_or_else(Answer::Failed)
    }

    /// Reads.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn query(&self, statement: &Statement) -> Result<Rows, Failure> {
        self.read(&statement.sql, &statement.parameters)
            .map_err(|message| Failure { message, statement: Some(0) })
    }

    /// Reads with SQL that needs no reason.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn select(&self, sql: &str) -> Result<Rows, String> {
        self.read(sql, &[])
    }

    /// Runs all statements in one transaction, or none of them.
    ///
    /// # Errors
    /// What SQLite says, and which statement it was; nothing has changed then.
    pub fn atomic(&self, statements: &[Statement]) -> Result<(), Failure> {
        let outside = |message| Failure { message, statement: None };
        self.run("BEGIN IMMEDIATE", &[]).map_err(outside)?;
        let inside = statements.iter().enumerate().try_for_each(|(at, statement)| {
            self.run(&statement.sql, &statement.parameters)
                .map_err(|message| Failure { message, statement: Some(at) })
        });
        inside.and_then(|()| self.run("COMMIT", &[]).map_err(outside)).inspect_err(|_| {
            // Some errors end the transaction themselves (ON CONFLICT ROLLBACK, a full disk): then
            // there is none left to roll back, and being told so is the answer that we want.
            let _ = self.run("ROLLBACK", &[]);
        })
    }

    /// Runs all statements in one transaction, or none of them, with foreign keys and
    /// `PRAGMA legacy_alter_table` switched off. Both are put back, whatever happens.
    ///
    /// # Errors
    /// What SQLite says, and which statement it was; nothing has changed then, unless the message says
    /// that the list was committed.
    pub fn rebuild(&self, statements: &[Statement]) -> Result<(), Failure> {
        let outside = |message| Failure { message, statement: None };
        let before = self.switches().map_err(outside)?;
        let done = self
            .switch(Switches::FOR_A_REBUILD)
            .map_err(outside)
            .and_then(|()| self.atomic(statements));
        match (done, self.switch(before)) {
            (done, Ok(())) => done,
            (Ok(()), Err(why)) => Err(outside(format!("the list was committed, but {why}"))),
            (Err(Failure { message, statement }), Err(why)) => {
                Err(Failure { message: format!("{message}; and {why}"), statement })
            }
        }
    }

    fn switches(&self) -> Result<Switches, String> {
        let is_on = |pragma: &str| -> Result<bool, String> {
            let rows = self.select(pragma)?;
            Ok(rows.rows.first().and_then(|row| row.first()) == Some(&Value::Integer(1)))
        };
        Ok(Switches {
            foreign_keys: is_on("PRAGMA foreign_keys")?,
            legacy_alter_table: is_on("PRAGMA legacy_alter_table")?,
        })
    }

    /// Sets both, and reads back that they are set: within a transaction SQLite would not do it and say
    /// nothing.
    fn switch(&self, to: Switches) -> Result<(), String> {
        let word = |on| if on { "ON" } else { "OFF" };
        self.run(&format!("PRAGMA foreign_keys = {}", word(to.foreign_keys)), &[])?;
        self.run(&format!("PRAGMA legacy_alter_table = {}", word(to.legacy_alter_table)), &[])?;
        match self.switches()? {
            now if now == to => Ok(()),
            _ => Err(format!(
                "foreign keys could not be switched {}",
                word(to.foreign_keys).to_ascii_lowercase()
            )),
        }
    }

    /// Runs one statement outside of any transaction.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn alone(&self, statement: &Statement) -> Result<(), Failure> {
        self.run(&statement.sql, &statement.parameters)
            .map_err(|message| Failure { message, statement: Some(0) })
    }

    /// The bytes of the database as a file. The connection and its settings stay as they are.
    ///
    /// # Errors
    /// If a transaction is open, or memory runs out.
    pub fn export(&self) -> Result<Vec<u8>, String> {
        self.0.export().map(|bytes| bytes.to_vec()).map_err(|thrown| message(&thrown))
    }

    /// Reads the catalogue and lets SQLite look for damage.
    fn check(&self) -> Result<(), Refused> {
        let catalogue = self.select("SELECT count(*) FROM sqlite_schema");
        catalogue.map_err(|why| match why {
            why if why.contains("not a database") => Refused::NoDatabase,
            why => Refused::Damaged(why),
        })?;
        let found = match self.select("PRAGMA quick_check(1)") {
            Ok(rows) => rows.rows.iter().flatten().find_map(|value| {
                value.as_text().filter(|line| file::is_damage(line)).map(String::from)
            }),
            Err(why) => file::is_damage(&why).then_some(why),
        };
        match found {
            Some(what) => Err(Refused::Damaged(what.replace("*** in database main ***\n", ""))),
            None => Ok(()),
        }
    }

    fn run(&self, sql: &str, parameters: &[Value]) -> Result<(), String> {
        let statement = self.prepare(sql, parameters)?;
        while statement.0.step().map_err(|thrown| message(&thrown))? {}
        Ok(())
    }

    fn read(&self, sql: &str, parameters: &[Value]) -> Result<Rows, String> {
        let statement = self.prepare(sql, parameters)?;
        statement.rows().map_err(|thrown| message(&thrown))
    }

    fn prepare(&self, sql: &str, parameters: &[Value]) -> Result<Prepared, String> {
        let (sql, left) = if parameters.iter().all(parameter::binds_exactly) {
            (sql.into(), parameters.iter().collect())
        } else {
            parameter::written_out(sql, parameters)
        };
        let statement = self.0.prepare(&sql).map(Prepared).map_err(|thrown| message(&thrown))?;
        if !left.is_empty() {
            let values: Array = left.into_iter().map(value::to_js).collect();
            statement.0.bind(&values).map_err(|thrown| message(&thrown))?;
        }
        Ok(statement)
    }
}

/// What a connection does while tables are made anew, and what it did before.
#[derive(Clone, Copy, PartialEq)]
struct Switches {
    foreign_keys: bool,
    legacy_alter_table: bool,
}

impl Switches {
    const FOR_A_REBUILD: Self = Self { foreign_keys: false, legacy_alter_table: false };
}

/// A statement that is freed whatever happens.
struct Prepared(SqlJsStatement);

impl Drop for Prepared {
    fn drop(&mut self) {
        // Freeing repeats the error of the last step, which has been reported.
        let _ = self.0.free();
    }
}

impl Prepared {
    fn rows(&self) -> Result<Rows, JsValue> {
        let options = Object::new();
        set(&options, "useBigInt", &JsValue::TRUE);
        let names = self.0.column_names()?;
        let mut rows = Rows {
            columns: names.iter().map(|name| name.as_string().unwrap_or_default()).collect(),
            rows: Vec::new(),
        };
        while self.0.step()? {
            let row = self.0.get(&JsValue::NULL, &options)?;
            rows.rows.push(row.iter().map(value::from_js).collect());
        }
        Ok(rows)
    }
}

/// Sets a property of an object that we made, which cannot fail.
fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}
