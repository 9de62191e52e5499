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
}
