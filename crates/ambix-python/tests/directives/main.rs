//! Directives of scripts outside of batch mode, and the SQL that they come to: a script, its statements.
#![allow(clippy::unwrap_used, clippy::panic)]

mod column;
mod execute;
mod expressions;
mod index;
mod naming;
mod table;
mod types;
mod written_back;

use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::Operation;
use ambix_core::schema::NamingConvention;
use ambix_core::sqlite::ddl;
use ambix_python::read_script;

/// What `upgrade()` with this body does.
fn operations(body: &str, convention: &NamingConvention) -> Result<Vec<Operation>, Diagnostic> {
    let text = format!(
        "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql, sqlite\n\
         import datetime\nrevision = 'b'\ndown_revision = 'a'\ndef upgrade():\n    {}\n",
        body.replace('\n', "\n    ")
    );
    let directives = read_script("b.py", &text, convention).unwrap().upgrade?;
    Ok(directives.into_iter().map(|directive| directive.operation).collect())
}

/// Its statements, one after another.
fn sql(body: &str) -> String {
    sql_under(body, &NamingConvention::default())
}

fn sql_under(body: &str, convention: &NamingConvention) -> String {
    let operations =
        operations(body, convention).unwrap_or_else(|error| panic!("{error} in {body}"));
    let statements: Vec<String> =
        operations.iter().flat_map(|operation| ddl::operation(operation).unwrap()).collect();
    statements.join(";\n")
}

/// Why it cannot be read, and what to do.
fn error(body: &str) -> String {
    let error = operations(body, &NamingConvention::default()).unwrap_err();
    let hints: Vec<String> = error.hints.iter().map(|hint| format!(" -> {}", hint.text)).collect();
    format!("{error}{}", hints.concat())
}
