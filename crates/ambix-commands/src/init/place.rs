use ambix_core::diagnostic::{Code, Diagnostic, Place, Span};
use toml::de::{DeTable, DeValue};

/// The path from the folder of `file` to `to`, both absolute.
pub(super) fn relative(file: &str, to: &str) -> String {
    let folder: Vec<&str> = file.split('/').collect();
    let folder = &folder[..folder.len().saturating_sub(1)];
    let to: Vec<&str> = to.split('/').collect();
    let shared = folder.iter().zip(&to).take_while(|(left, right)| left == right).count();
    let mut parts = vec![".."; folder.len() - shared];
    parts.extend(&to[shared..]);
    parts.join("/")
}

/// Whether a `pyproject.toml` has a table `[tool.alembic]`.
///
/// # Errors
/// If it is no TOML: nothing can be added to it then.
pub(super) fn is_in_pyproject(path: &str, text: &str) -> Result<bool, Diagnostic> {
    let table = DeTable::parse(text).map_err(|error| {
        let span = error.span().map_or(Span::default(), |span| Span::new(span.start, span.end));
        let place = Place::in_text(path, text, span);
        let message = format!("{path}, line {}: {}", place.line, error.message());
        Diagnostic::error(Code::Configuration, message).at(place)
    })?;
    let tool = table.get_ref().get("tool").map(|tool| tool.get_ref());
    Ok(matches!(tool, Some(DeValue::Table(tool)) if tool.contains_key("alembic")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_told_from_the_configuration() {
        for (file, to, expected) in [
            ("/p/alembic.ini", "/p/alembic", "alembic"),
            ("/p/alembic.ini", "/p/db/migrations", "db/migrations"),
            ("/p/conf/alembic.ini", "/p/db", "../db"),
            ("/p/alembic.ini", "/q", "../q"),
        ] {
            assert_eq!(relative(file, to), expected);
        }
    }
}
