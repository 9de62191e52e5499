use super::{
    DatabaseView, Desk, Files, History, Proposal, Reading, Shared, Spot, SqlLog, Terminal,
};

/// Everything that the page knows.
#[derive(Clone, Default)]
pub(crate) struct Session {
    pub(crate) engine: Engine,
    pub(crate) access: Access,
    pub(crate) storage: Storage,
    pub(crate) files: Shared<Files>,
    pub(crate) desk: Shared<Desk>,
    pub(crate) reading: Shared<Reading>,
    pub(crate) terminal: Shared<Terminal>,
    pub(crate) history: Shared<History>,
    pub(crate) database: Shared<DatabaseView>,
    pub(crate) log: Shared<SqlLog>,
    pub(crate) proposal: Proposal,
    pub(crate) selected: Option<Spot>,
    pub(crate) lower: LowerTab,
    pub(crate) shown: Pane,
    pub(crate) question: Option<Question>,
    pub(crate) notices: Vec<Notice>,
}

/// Whether commands can be run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Engine {
    /// SQLite or the stored project is on its way.
    #[default]
    Loading,
    Ready,
    /// A command is being carried out.
    Busy,
    /// SQLite could not be loaded, and why.
    Failed(String),
}

/// What this tab may do to the stored project.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Access {
    /// It is the one that writes.
    #[default]
    Writes,
    /// Another tab writes; this one shows what that one stored.
    Reads,
}

/// Where the project is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Storage {
    /// In the browser; everything is stored.
    #[default]
    Stored,
    /// In the browser; the newest change is on its way.
    Saving,
    /// In memory only.
    Memory,
}

/// The tabs of the lower right pane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum LowerTab {
    #[default]
    Schema,
    Data,
    Sql,
}

impl LowerTab {
    pub(crate) const ALL: [Self; 3] = [Self::Schema, Self::Data, Self::Sql];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Schema => "Schema",
            Self::Data => "Data",
            Self::Sql => "SQL",
        }
    }
}

/// The panes, in the order in which F6 goes through them. A narrow screen shows one at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Pane {
    #[default]
    Editor,
    Terminal,
    Graph,
    Lower,
}

impl Pane {
    pub(crate) const ALL: [Self; 4] = [Self::Editor, Self::Terminal, Self::Graph, Self::Lower];
}

/// What a dialog asks or tells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Question {
    /// What the new revision is about.
    NewRevision,
    /// Whether everything may be thrown away.
    StartOver,
    /// Whether this file may be thrown away.
    Remove(String),
    /// Whether the database may be replaced by that of the file of this name.
    Replace(String),
    /// What the keys do.
    Keys,
    /// What an error code means.
    Why(ambix_core::diagnostic::Code),
}

/// Something that stays in sight until it is dealt with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    pub(crate) kind: NoticeKind,
    pub(crate) text: String,
}

/// What a notice is about; there is one of each kind at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum NoticeKind {
    /// Another tab writes.
    OtherTab,
    /// Nothing is stored.
    Memory,
    /// A file was refused.
    Refused,
    /// A file was taken, but something about it should be known.
    Imported,
}
