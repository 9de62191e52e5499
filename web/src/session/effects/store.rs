//! The project in the browser's storage (IndexedDB): database and files, always together.

use idb::{Database, DatabaseEvent as _, Factory, ObjectStoreParams, TransactionMode};
use js_sys::{Math, Object, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};

const NAME: &str = "ambix-playground";
const STORE: &str = "project";

/// The record with the files, as text.
const FILES: &str = "files";
/// The record with the bytes of the database.
const DATABASE: &str = "database";
/// The record that names the tab that may write.
const WRITER: &str = "writer";

/// The opened storage.
pub(crate) struct Store {
    database: Database,
    /// What this tab calls itself.
    tab: String,
}

/// What is stored.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) files: Option<String>,
    pub(crate) database: Option<Vec<u8>>,
}

/// Why it was not stored.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Another tab has become the one that writes.
    OtherTab,
    /// The browser refuses, and why.
    Browser(String),
}

impl From<idb::Error> for Refusal {
    /// In the words of the browser, which say enough; those of the library are for all that can be done with a
    /// database.
    fn from(error: idb::Error) -> Self {
        let thrown = match error {
            idb::Error::IndexedDbNotFound(thrown)
            | idb::Error::IndexedDbOpenFailed(thrown)
            | idb::Error::TransactionOpenFailed(thrown)
            | idb::Error::ObjectStoreNotFound(thrown)
            | idb::Error::GetFailed(thrown)
            | idb::Error::UpdateFailed(thrown)
            | idb::Error::TransactionCommitError(thrown) => thrown,
            idb::Error::DomException(thrown) => thrown.into(),
            _ => JsValue::UNDEFINED,
        };
        Self::Browser(match thrown.dyn_into::<Object>() {
            Ok(thrown) => thrown.to_string().into(),
            Err(_) => "it has no storage that works".into(),
        })
    }
}

impl Store {
    /// Opens the storage, which makes it on the first visit.
    pub(crate) async fn open() -> Result<Self, Refusal> {
        let mut request = Factory::new()?.open(NAME, Some(1))?;
        request.on_upgrade_needed(|event| {
            // Should this fail, the first transaction says so.
            if let Ok(database) = event.database() {
                let _ = database.create_object_store(STORE, ObjectStoreParams::new());
            }
        });
        let database = request.await?;
        let tab = format!("{:x}{:x}", js_sys::Date::now() as u64, (Math::random() * 1e9) as u64);
        Ok(Self { database, tab })
    }

    /// Reads everything in one transaction.
    pub(crate) async fn load(&self) -> Result<Kept, Refusal> {
        let transaction = self.database.transaction(&[STORE], TransactionMode::ReadOnly)?;
        let store = transaction.object_store(STORE)?;
        let files = store.get(JsValue::from_str(FILES))?;
        let database = store.get(JsValue::from_str(DATABASE))?;
        let kept = Kept {
            files: files.await?.and_then(|text| text.as_string()),
            database: database
                .await?
                .and_then(|bytes| bytes.dyn_into::<Uint8Array>().ok())
                .map(|bytes| bytes.to_vec()),
        };
        Ok(kept)
    }

    /// From now on this tab writes, and no other.
    pub(crate) async fn claim(&self) -> Result<(), Refusal> {
        let transaction = self.database.transaction(&[STORE], TransactionMode::ReadWrite)?;
        let tab = JsValue::from_str(&self.tab);
        transaction.object_store(STORE)?.put(&tab, Some(&JsValue::from_str(WRITER)))?;
        transaction.commit()?.await?;
        Ok(())
    }

    /// Stores everything in one transaction, unless another tab has become the one that writes.
    pub(crate) async fn save(&self, files: &str, database: &[u8]) -> Result<(), Refusal> {
        let transaction = self.database.transaction(&[STORE], TransactionMode::ReadWrite)?;
        let store = transaction.object_store(STORE)?;
        let writer = store.get(JsValue::from_str(WRITER))?.await?;
        if writer.is_some_and(|writer| writer.as_string().as_ref() != Some(&self.tab)) {
            return Err(Refusal::OtherTab);
        }
        let bytes = Uint8Array::from(database);
        store.put(&JsValue::from_str(files), Some(&JsValue::from_str(FILES)))?;
        store.put(&bytes, Some(&JsValue::from_str(DATABASE)))?;
        if transaction.commit()?.await?.is_committed() {
            Ok(())
        } else {
            Err(Refusal::Browser("the browser stopped storing it half-way".into()))
        }
    }
}
