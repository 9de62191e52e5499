use ambix_core::diagnostic::Diagnostic;
use ambix_python::{read_models, read_script};

use super::{Files, MODELS, VERSIONS};

/// What is wrong with the files, found while somebody types.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problems(Vec<Diagnostic>);

impl Problems {
    /// Reads every file, and takes in what the history found about the revisions as a whole.
    pub(crate) fn find(files: &Files, history: &[Diagnostic]) -> Self {
        let models = [(MODELS.to_owned(), files.get(MODELS).unwrap_or_default().to_owned())];
        let mut found = read_models(&models).diagnostics;
        for (path, text) in files.below(VERSIONS) {
            match read_script(path, text) {
                Ok(script) => {
                    found.extend([script.upgrade.err(), script.downgrade.err()].into_iter().flatten());
                }
                Err(error) => found.push(error),
            }
        }
        for diagnostic in history {
            if !found.contains(diagnostic) {
                found.push(diagnostic.clone());
            }
        }
        Self(found)
    }

    /// Those in that file.
    pub(crate) fn of<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Diagnostic> {
        self.0.iter().filter(move |found| found.place.as_ref().is_some_and(|at| at.file == path))
    }

    /// The first error in that file.
    pub(crate) fn error_in<'a>(&'a self, path: &'a str) -> Option<&'a Diagnostic> {
        self.of(path).find(|found| found.is_error())
    }
}
