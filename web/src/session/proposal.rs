use ambix_core::operation::Operation;

use super::{Access, Engine, Failed, Files, MODELS, Session};

/// What to do next: a sentence, and the command that stands greyed in the prompt.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Proposal {
    pub(crate) sentence: String,
    pub(crate) command: Option<String>,
}

impl Proposal {
    fn say(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), command: None }
    }

    fn run(sentence: impl Into<String>, command: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), command: Some(command.into()) }
    }

    /// What makes sense now, but not what has just failed.
    pub(crate) fn of(session: &Session) -> Self {
        let next = Self::next(session);
        match &session.terminal.failed {
            Some(failed) if next.command.as_ref() == Some(&failed.line) => Self::after(failed),
            _ => next,
        }
    }

    fn after(failed: &Failed) -> Self {
        let command = failed.hint.clone().filter(|hint| *hint != failed.line);
        Self { sentence: "The last command failed; see its hint.".into(), command }
    }

    /// The first time through, this is the tutorial.
    fn next(session: &Session) -> Self {
        match (&session.engine, session.access) {
            (Engine::Loading, _) => return Self::say("Loading the engine…"),
            (Engine::Failed(_), _) => return Self::say("The engine could not be loaded."),
            (Engine::Ready | Engine::Busy, Access::Reads) => {
                return Self::say("This tab only reads.");
            }
            (Engine::Ready | Engine::Busy, Access::Writes) => {}
        }
        let history = &session.history;
        if let Some(problem) = history.diagnostics.iter().find(|found| found.is_error()) {
            let file = problem.place.as_ref().map_or("A revision file", |place| &place.file);
            return Self::say(format!("{file} has an error: see the editor."));
        }
        if !history.unknown.is_empty() {
            return Self::say("The database is at a revision of which there is no file.");
        }
        if history.graph.is_empty() {
            return match session.reading.error_in(MODELS) {
                Some(_) => Self::say("models.py has an error: see the editor."),
                None => Self::run(
                    "Create the first revision from models.py.",
                    format!(
                        "alembic revision --autogenerate -m \"{}\"",
                        first_message(&session.files)
                    ),
                ),
            };
        }
        if history.has_pending() {
            let heads = history.graph.heads().len();
            let waiting = history.applied.iter().filter(|applied| !**applied).count();
            let sentence = match waiting {
                1 => "One revision is pending. Look at its script, then apply it.".to_owned(),
                many => format!("{many} revisions are pending. Apply them."),
            };
            let target = if heads == 1 { "head" } else { "heads" };
            return Self::run(sentence, format!("alembic upgrade {target}"));
        }
        if let Some(difference) = session.reading.first_difference(&session.database) {
            return Self::run(
                "models.py says more than the database has. Write a revision for it.",
                format!("alembic revision --autogenerate -m \"{}\"", message_for(&difference)),
            );
        }
        let done = |command: &str| session.terminal.done.iter().any(|run| run == command);
        match () {
            () if !done("current") => Self::run("Ask where the database is.", "alembic current"),
            () if !done("downgrade") => {
                Self::run("Go one step back: the table goes.", "alembic downgrade -1")
            }
            () if !done("history") => Self::run("List all revisions.", "alembic history"),
            () => Self::say("Change models.py, then create the next revision."),
        }
    }
}

/// The tutorial's words, for one model of any name.
fn first_message(files: &Files) -> String {
    let models: Vec<&str> = files
        .get(MODELS)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.strip_prefix("class ")?.split_once('('))
        .map(|(name, _)| name.trim())
        .filter(|name| *name != "Base" && name.chars().all(|c| c.is_alphanumeric() || c == '_'))
        .collect();
    match models[..] {
        [model] => format!("Add {model} model"),
        _ => "Add models".into(),
    }
}

/// `Add column items.price`: what a revision is about that begins with this operation.
fn message_for(operation: &Operation) -> String {
    let message = match operation {
        Operation::CreateTable(create) => format!("Add table {}", create.table.name),
        Operation::DropTable(drop) => format!("Remove table {}", drop.name),
        Operation::AddColumn(add) => format!("Add column {}.{}", add.table, add.column.name),
        Operation::DropColumn(drop) => format!("Remove column {}.{}", drop.table, drop.name),
        Operation::CreateIndex(create) => format!("Add index {}", create.index.name),
        Operation::DropIndex(drop) => format!("Remove index {}", drop.name),
        Operation::BulkInsert(insert) => format!("Add rows to {}", insert.table),
        Operation::AlterTable(alter) => format!("Change table {}", alter.table),
        Operation::RenameIndex(rename) => format!("Rename index {}", rename.from),
        Operation::ReplaceView(replace) => format!("Change view {}", replace.name),
        Operation::Execute(_) => "Describe the change".into(),
    };
    // It is put in double quotes.
    message.chars().filter(|letter| !matches!(letter, '"' | '\\' | '$' | '`')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ambix_core::operation::{AddColumn, DropTable};
    use ambix_core::schema::Column;

    #[test]
    fn the_next_message_says_what_is_done() {
        let add = AddColumn::new("items", Column::new("a\"b$", None));
        assert_eq!(message_for(&Operation::AddColumn(add)), "Add column items.ab");
        let drop = DropTable::new("gone");
        assert_eq!(message_for(&Operation::DropTable(drop)), "Remove table gone");
    }

    #[test]
    fn the_first_message_names_the_only_model() {
        assert_eq!(first_message(&Files::default()), "Add Item model");
        let two = "class Base(DeclarativeBase): pass\nclass A(Base):\nclass B(Base):\n";
        let files: Files = [(MODELS.to_owned(), two.to_owned())].into_iter().collect();
        assert_eq!(first_message(&files), "Add models");
    }
}
