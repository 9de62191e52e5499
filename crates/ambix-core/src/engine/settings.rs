use super::VersionTable;

/// How the engine runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether applied revisions are written into the journal.
    pub journal: bool,
    /// The table that says where the database is.
    pub version_table: VersionTable,
    /// Tables are made anew with foreign keys in force, since the host cannot switch them off or an
    /// application shares the connection.
    pub guarded: bool,
    /// Whether the content of columns and tables that revisions drop is kept for their downgrade, where they
    /// do not say themselves.
    pub keep_data: bool,
}
