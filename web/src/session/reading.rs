use litemap::LiteMap;

use ambix_core::autogenerate::{Rules, compare};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::Model;
use ambix_core::operation::{Directive, Operation};
use ambix_core::revision::Direction;
use ambix_core::schema::{NamingConvention, Schema};
use ambix_core::sqlite::alter::Stop;
use ambix_python::{read_models, read_naming_convention, read_script, read_script_for};

use super::{Changes, DatabaseView, Files, MODELS, VERSIONS};

/// What reading the files gave, while somebody types: what is wrong, and where the operations are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// What the models say, if all of it was understood.
    models: Option<Schema>,
    problems: Vec<Diagnostic>,
    /// Path → (line, what its operation does).
    effects: LiteMap<String, Vec<(u32, Effect)>>,
    /// Path → what upgrade does, and what downgrade does; nothing for what cannot be read.
    directives: LiteMap<String, [Vec<Directive>; 2]>,
}

/// What an operation does to the schema.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effect {
    Add,
    Alter,
    Drop,
}

impl Effect {
    /// As style sheets have it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Alter => "alter",
            Self::Drop => "drop",
        }
    }

    /// What says it to those who do not see its colour.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Alter => "~",
            Self::Drop => "−",
        }
    }

    fn of(directive: &Directive) -> Self {
        match directive.operation.name().split('_').next() {
            Some("create" | "add") => Self::Add,
            Some("drop") => Self::Drop,
            _ => Self::Alter,
        }
    }
}

impl Reading {
    /// Reads every file, and takes in what the history found about the revisions as a whole.
    pub(crate) fn of(files: &Files, history: &[Diagnostic]) -> Self {
        let models = [(MODELS.to_owned(), files.get(MODELS).unwrap_or_default().to_owned())];
        // A convention that cannot be read is a problem of the models, which they tell themselves.
        let convention = read_naming_convention(&models, None).unwrap_or_default();
        let mut models = read_models(&models);
        models.diagnostics.append(&mut models.refused);
        let is_whole = !models.diagnostics.iter().any(Diagnostic::is_error);
        let mut reading = Self {
            models: is_whole.then_some(models.schema),
            problems: models.diagnostics,
            effects: LiteMap::new(),
            directives: LiteMap::new(),
        };
        for (path, text) in files.below(VERSIONS) {
            reading.script(path, text, &convention);
        }
        for diagnostic in history {
            if !reading.problems.contains(diagnostic) {
                reading.problems.push(diagnostic.clone());
            }
        }
        reading
    }

    fn script(&mut self, path: &str, text: &str, convention: &NamingConvention) {
        match read_script(path, text, convention) {
            Ok(script) => {
                let mut effects = Vec::new();
                let both = [
                    (script.upgrade, Direction::Upgrade),
                    (script.downgrade, Direction::Downgrade),
                ];
                let both = both.map(|(function, direction)| {
                    let directives = function.unwrap_or_else(|error| {
                        self.problems.extend(problem(error, path, text, convention, direction));
                        Vec::new()
                    });
                    effects.extend(directives.iter().filter_map(|directive| {
                        Some((directive.place.as_ref()?.line, Effect::of(directive)))
                    }));
                    directives
                });
                self.effects.insert(path.into(), effects);
                self.directives.insert(path.into(), both);
            }
            Err(error) => self.problems.push(error),
        }
    }

    /// What the revision in that file does in a direction.
    pub(crate) fn directives(&self, path: &str, direction: Direction) -> Option<&[Directive]> {
        let [upgrade, downgrade] = self.directives.get(path)?;
        Some(match direction {
            Direction::Upgrade => upgrade,
            Direction::Downgrade => downgrade,
        })
    }

    /// What the models want to be otherwise in the database; `None` if they cannot be read.
    pub(crate) fn changes(&self, database: &DatabaseView) -> Option<Changes> {
        Some(Changes::of(database, self.models.as_ref()?))
    }

    /// The first operation that the models want.
    pub(crate) fn first_difference(&self, database: &DatabaseView) -> Option<Operation> {
        let comparison = compare(&database.schema(), self.models.as_ref()?, &Rules::ALL);
        comparison.upgrade.into_iter().next()
    }

    /// What is wrong in that file.
    pub(crate) fn problems_in<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Diagnostic> {
        self.problems
            .iter()
            .filter(move |found| found.place.as_ref().is_some_and(|at| at.file == path))
    }

    /// The first error in that file.
    pub(crate) fn error_in<'a>(&'a self, path: &'a str) -> Option<&'a Diagnostic> {
        self.problems_in(path).find(|found| found.is_error())
    }

    /// What the operation on that line of that file does, if there is one.
    pub(crate) fn effect(&self, path: &str, line: u32) -> Option<Effect> {
        let effects = self.effects.get(path)?;
        effects.iter().find(|(at, _)| *at == line).map(|(_, effect)| *effect)
    }
}

/// What is wrong with a function of a script, of which this error was told. What it does may depend on the
/// database: then only what is wrong with any database counts.
fn problem(
    error: Diagnostic,
    path: &str,
    text: &str,
    convention: &NamingConvention,
    direction: Direction,
) -> Option<Diagnostic> {
    let error = match error.code {
        Code::LooksAtDatabase => {
            let model = Model::offline().without_questions();
            match read_script_for(path, text, convention, direction, &model) {
                Err(Stop::Refused(error)) => error,
                _ => return None,
            }
        }
        _ => return Some(error),
    };
    (!matches!(error.code, Code::LooksAtDatabase | Code::PythonRaised)).then_some(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found_with_their_lines_and_errors_with_their_file() {
        let script = "\
revision = 'a'
down_revision = None
from alembic import op
def upgrade():
    op.execute('SELECT 1')
def downgrade():
    op.drop_table('items')
";
        let mut files = Files::default();
        files.set("versions/a.py", script.into());
        files.set("versions/b.py", "revision = (".into());
        let reading = Reading::of(&files, &[]);
        assert_eq!(reading.effect("versions/a.py", 5), Some(Effect::Alter));
        assert_eq!(reading.effect("versions/a.py", 7), Some(Effect::Drop));
        assert_eq!(reading.effect("versions/a.py", 1), None);
        assert!(reading.error_in("versions/a.py").is_none());
        assert!(reading.error_in("versions/b.py").is_some());
    }
}
