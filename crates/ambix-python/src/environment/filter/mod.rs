//! `include_name` and `include_object`: functions of env.py that say what a comparison leaves alone.
//!
//! They are followed like a revision script, and asked about every object before the comparison: what they do not
//! include is taken out of both sides. Alembic asks them as it goes (`AutogenContext.run_name_filters`,
//! `run_object_filters`), which comes to the same.

mod asked;
mod desk;
mod thing;

use super::{ConfigureOptions, Function};
use crate::evaluate::{Evaluator, Stop};
use crate::syntax::{File, parse};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::Schema;
use asked::Asked;
use desk::Desk;

/// The functions, and the file that they are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filters {
    path: String,
    text: String,
    include_name: Option<Function>,
    include_object: Option<Function>,
    sections: Sections,
}

/// The options of the configuration by their sections; of the main section under no name.
pub type Sections = Vec<(Option<String>, Vec<(String, String)>)>;

impl Filters {
    /// Those that the options of this env.py name and that are wanted by their keywords; nothing if there are none. Only for
    /// them the options of the configuration are read.
    pub fn of(
        path: &str,
        text: &str,
        options: &ConfigureOptions,
        is_wanted: impl Fn(&str) -> bool,
        sections: impl FnOnce() -> Sections,
    ) -> Option<Self> {
        let include_name = options.include_name.clone().filter(|_| is_wanted("include_name"));
        let include_object = options.include_object.clone().filter(|_| is_wanted("include_object"));
        include_name.as_ref().or(include_object.as_ref())?;
        Some(Self {
            path: path.into(),
            text: text.into(),
            include_name,
            include_object,
            sections: sections(),
        })
    }

    /// Takes out of both sides what they do not include. With `parity` a name is only taken out of the database, as
    /// Alembic does it: then a table of the models is one to be added.
    ///
    /// # Errors
    /// If a function cannot be followed to its end, with its line.
    pub fn reduce(
        &self,
        database: &mut Schema,
        models: &mut Schema,
        parity: bool,
    ) -> Result<(), Diagnostic> {
        let file = File::new(&self.path, &self.text);
        let source = file.source();
        let parsed = parse(source)?;
        let body = &parsed.syntax().body;
        let gone = {
            let sides = [&*database, &*models];
            let desk = Desk { sides, things: Vec::new(), sections: &self.sections };
            let mut asked = Asked {
                evaluator: Evaluator::new(source, desk, body),
                body,
                sides,
                parity,
                gone: [Gone::default(), Gone::default()],
            };
            let failed = |stop: Stop| stop.into_diagnostic(source).hint(LEAVE_OUT);
            if let Some(function) = &self.include_name {
                asked.names(function).map_err(failed)?;
            }
            if let Some(function) = &self.include_object {
                asked.objects(function).map_err(failed)?;
            }
            asked.gone
        };
        for (schema, gone) in [database, models].into_iter().zip(gone) {
            gone.leave(schema);
        }
        Ok(())
    }
}

const LEAVE_OUT: &str = "Or name what is left out, in place of the function: `exclude_tables = …` and `exclude_objects = …` in `[ambix]`.";

/// The places of what is left out of one side.
#[derive(Default)]
struct Gone {
    tables: Vec<usize>,
    indexes: Vec<usize>,
    /// With the place of the table.
    columns: Vec<(usize, usize)>,
    constraints: Vec<(usize, usize)>,
}

impl Gone {
    fn leave(&self, schema: &mut Schema) {
        let names: Vec<String> = (self.tables.iter())
            .filter_map(|at| Some(schema.tables.get(*at)?.name.to_ascii_lowercase()))
            .collect();
        for (place, table) in schema.tables.iter_mut().enumerate() {
            retain(&mut table.columns, |at| !self.columns.contains(&(place, at)));
            retain(&mut table.constraints, |at| !self.constraints.contains(&(place, at)));
        }
        retain(&mut schema.indexes, |at| !self.indexes.contains(&at));
        retain(&mut schema.tables, |at| !self.tables.contains(&at));
        schema.indexes.retain(|index| !names.contains(&index.table.to_ascii_lowercase()));
    }
}

/// Keeps what stands at these places.
fn retain<T>(list: &mut Vec<T>, stays: impl Fn(usize) -> bool) {
    let mut at = 0;
    list.retain(|_| {
        at += 1;
        stays(at - 1)
    });
}
