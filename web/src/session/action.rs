use ambix_commands::{Output, Report};

use super::{
    Access, DatabaseView, Desk, Engine, Files, LowerTab, Notice, NoticeKind, Pane, Question, Spot,
    Storage,
};

/// Something that changes what the page knows.
#[derive(Debug)]
pub(crate) enum Action {
    /// The project is there: stored, another tab's, or a new one.
    Loaded(Files, Desk),
    /// Somebody typed in the editor.
    Edit(String, String),
    /// A command wrote a file that was not there.
    Wrote(String, String),
    /// A revision file goes.
    Remove(String),
    Open(String),
    Close(String),
    /// Show that line of that file.
    Jump(String, u32),

    /// What is in the prompt.
    Prompt(String),
    /// Put this line into the prompt and go there.
    Type(String),
    Recall(Recall),
    /// A command begins.
    Began(String),
    /// It says something.
    Told(Box<Output>),
    /// It has ended.
    Ended(String, Report),
    /// The page says something in the terminal.
    Say(String),
    ClearTerminal,

    /// The database was looked at.
    Saw(Box<DatabaseView>),
    Select(Option<Spot>),
    Lower(LowerTab),
    Show(Pane),
    /// A question is asked in a dialog, or is done with.
    Ask(Option<Question>),
    Notify(Notice),
    Dismiss(NoticeKind),
    Engine(Engine),
    Access(Access),
    Storage(Storage),
    /// Everything that was said and run so far is of no interest any more.
    Forget,
}

/// Which way to look through the lines that were typed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Recall {
    Older,
    Newer,
}
