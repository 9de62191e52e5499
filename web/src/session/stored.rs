use serde::{Deserialize, Serialize};

use super::{Desk, Files, MODELS};

/// The format that this version writes. A new one gets a number of its own and a way from the old one
/// in [`Stored::read`].
const FORMAT: u32 = 1;

/// What is kept beside the database: the files and which of them are open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stored {
    format: u32,
    files: Vec<(String, String)>,
    open: Vec<String>,
    active: String,
}

/// Only the number, to know how to read the rest.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// Why stored text is not used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Unreadable {
    /// A newer version of the page wrote it.
    Newer,
    /// It is not what any version writes.
    Broken,
}

impl Stored {
    pub(crate) fn new(files: &Files, desk: &Desk) -> Self {
        Self {
            format: FORMAT,
            files: files.all().map(|(path, text)| (path.into(), text.into())).collect(),
            open: desk.open.clone(),
            active: desk.active.clone(),
        }
    }

    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn read(text: &str) -> Result<Self, Unreadable> {
        let Format { format } = serde_json::from_str(text).map_err(|_| Unreadable::Broken)?;
        match format {
            FORMAT => serde_json::from_str(text).map_err(|_| Unreadable::Broken),
            newer if newer > FORMAT => Err(Unreadable::Newer),
            _ => Err(Unreadable::Broken),
        }
    }

    /// The files, and the desk without tabs whose file is gone.
    pub(crate) fn into_parts(self) -> (Files, Desk) {
        let files: Files = self.files.into_iter().collect();
        let mut desk = Desk::default();
        for path in self.open.iter().filter(|path| files.get(path).is_some()) {
            desk.show(path);
        }
        let active = if files.get(&self.active).is_some() { &self.active } else { MODELS };
        desk.show(active);
        (files, desk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_comes_back() {
        let mut files = Files::default();
        files.set("versions/a.py", "revision = 'a'\n".into());
        let mut desk = Desk::default();
        desk.show("versions/a.py");
        let stored = Stored::read(&Stored::new(&files, &desk).text()).unwrap();
        assert_eq!(stored.into_parts(), (files, desk));
    }

    /// The text that format 1 wrote; it must be readable for ever.
    #[test]
    fn format_1_is_read() {
        let text = r##"{"format":1,"files":[["models.py","# m\n"]],"open":["models.py","versions/gone.py"],"active":"versions/gone.py"}"##;
        let (files, desk) = Stored::read(text).unwrap().into_parts();
        assert_eq!(files.get(MODELS), Some("# m\n"));
        assert_eq!(desk, Desk::default());
    }

    #[test]
    fn a_newer_format_is_left_alone() {
        assert_eq!(Stored::read(r#"{"format":2,"new":true}"#), Err(Unreadable::Newer));
        assert_eq!(Stored::read("{}"), Err(Unreadable::Broken));
        assert_eq!(Stored::read(""), Err(Unreadable::Broken));
    }
}
