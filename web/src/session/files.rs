use litemap::LiteMap;

/// The file with the models.
pub(crate) const MODELS: &str = "models.py";

/// The folder with the revision files.
pub(crate) const VERSIONS: &str = "versions";

/// What `models.py` holds on the first visit: the tutorial's model.
const TUTORIAL: &str = r#"# models.py
from sqlalchemy import Column, Integer, String
from .database import Base

class Item(Base):
    __tablename__ = "items"
    id = Column(Integer, primary_key=True, index=True)
    title = Column(String, index=True)
    description = Column(String, index=True)
"#;

/// The project's files: path → text. There is always a `models.py`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Files(LiteMap<String, String>);

impl Default for Files {
    fn default() -> Self {
        let mut files = LiteMap::new();
        files.insert(MODELS.into(), TUTORIAL.into());
        Self(files)
    }
}

impl FromIterator<(String, String)> for Files {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(files: I) -> Self {
        let mut all: LiteMap<String, String> = LiteMap::new();
        for (path, text) in files {
            all.insert(path, text);
        }
        all.entry(MODELS.into()).or_default();
        Self(all)
    }
}

impl Files {
    pub(crate) fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    pub(crate) fn set(&mut self, path: &str, text: String) {
        self.0.insert(path.into(), text);
    }

    /// Removes a revision file; `models.py` stays.
    pub(crate) fn remove(&mut self, path: &str) {
        if path != MODELS {
            self.0.remove(path);
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files in a folder, with their paths in the project.
    pub(crate) fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.all().filter(move |(path, _)| {
            path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// The revision files, as the engine takes them.
    pub(crate) fn revisions(&self) -> Vec<(String, String)> {
        self.below(VERSIONS).map(|(path, text)| (path.into(), text.into())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_what_its_name_and_a_slash_begin() {
        let files: Files = [("versions/a.py", "1"), ("versions2/b.py", "2"), ("versions", "3")]
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .into_iter()
            .collect();
        assert_eq!(files.revisions(), [("versions/a.py".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn the_models_cannot_be_removed() {
        let mut files = Files::default();
        files.remove(MODELS);
        assert!(files.get(MODELS).is_some());
    }
}
