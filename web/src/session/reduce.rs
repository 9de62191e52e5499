use ambix_commands::Output;
use ambix_core::engine::Event;

use super::{
    Access, Action, Desk, Entry, History, LowerTab, NoticeKind, Pane, Proposal, Reading, Session,
    Shared, Spot, SqlLog, Terminal, VERSIONS,
};

impl Session {
    /// Takes in what happened.
    pub(crate) fn reduce(&mut self, action: Action) {
        match action {
            Action::Loaded(files, desk) => {
                self.files = Shared::new(files);
                self.desk = Shared::new(desk);
                self.read_files();
            }
            Action::Edit(path, text) => {
                self.files.change().set(&path, text);
                // The line that was shown is another one now.
                self.desk.change().jump = None;
                self.read_files();
            }
            Action::Wrote(path, text) => {
                self.files.change().set(&path, text);
                // The header of a script is the same every time; what it does is what matters.
                let text = self.files.get(&path).unwrap_or_default();
                let line = text.lines().position(|line| line.starts_with("def upgrade"));
                self.desk.change().peek(&path, line.map_or(1, |at| at as u32 + 1));
                self.read_files();
                self.select_file(&path);
            }
            Action::Remove(path) => {
                self.files.change().remove(&path);
                self.desk.change().close(&path);
                self.read_files();
            }
            Action::Open(path) => {
                self.desk.change().show(&path);
                self.shown = Pane::Editor;
            }
            Action::Close(path) => self.desk.change().close(&path),
            Action::Jump(path, line) => {
                if self.files.get(&path).is_some() {
                    self.desk.change().jump(&path, line);
                    self.shown = Pane::Editor;
                }
            }
            Action::Lower(tab) => {
                self.lower = tab;
                self.shown = Pane::Lower;
            }
            Action::Show(pane) => self.shown = pane,
            Action::Ask(question) => self.question = question,
            Action::Select(spot) => self.selected = spot,
            Action::Notify(notice) => {
                self.notices.retain(|old| old.kind != notice.kind);
                self.notices.push(notice);
            }
            Action::Dismiss(kind) => self.notices.retain(|old| old.kind != kind),
            Action::Engine(engine) => self.engine = engine,
            Action::Storage(storage) => self.storage = storage,
            Action::Access(access) => {
                self.access = access;
                if access == Access::Writes {
                    self.notices.retain(|old| old.kind != NoticeKind::OtherTab);
                }
            }
            Action::Saw(view) => {
                self.history.change().locate(&view.current);
                self.forgive();
                self.database = Shared::new(*view);
            }
            Action::Forget => {
                self.terminal = Shared::new(Terminal::default());
                self.log = Shared::new(SqlLog::default());
                self.selected = None;
                self.lower = LowerTab::default();
                self.notices.retain(|old| old.kind != NoticeKind::Imported);
            }
            action => self.in_terminal(action),
        }
        self.proposal = Proposal::of(self);
    }

    fn in_terminal(&mut self, action: Action) {
        let terminal = self.terminal.change();
        match action {
            Action::Prompt(line) => terminal.prompt = line,
            Action::Type(line) => {
                terminal.type_line(&line);
                self.shown = Pane::Terminal;
            }
            Action::Recall(way) => terminal.recall(way),
            Action::Began(line) => terminal.begin(&line),
            Action::Say(text) => terminal.push(Entry::Note(text)),
            Action::ClearTerminal => terminal.entries.clear(),
            Action::Told(output) => match *output {
                Output::Line(line) => terminal.push(Entry::Line(line)),
                Output::Log(line) => terminal.push(Entry::Log(line.to_string())),
                Output::Diagnostic(found) => terminal.complain(found),
                Output::Note(text) => terminal.push(Entry::Note(text)),
                Output::Event(event) => {
                    if matches!(event, Event::Refused { .. }) {
                        self.lower = LowerTab::Sql;
                    }
                    self.log.change().record(event);
                }
            },
            Action::Ended(line, report) => {
                terminal.end(&line, report.exit_code);
                // A narrow screen shows one pane: an error must be in it.
                if report.exit_code != 0 {
                    self.shown = Pane::Terminal;
                }
            }
            _ => {}
        }
    }

    /// What follows from the files.
    fn read_files(&mut self) {
        self.forgive();
        let history = History::read(&self.files, &self.database.current);
        self.reading = Shared::new(Reading::of(&self.files, &history.diagnostics));
        self.history = Shared::new(history);
        let gone = self.selected.as_ref().is_some_and(|spot| {
            matches!(spot, Spot::Revision(_)) && self.history.position(spot).is_none()
        });
        if gone {
            self.selected = None;
        }
        let lost = |path: &String| self.files.get(path).is_none();
        if self.desk.open.iter().any(lost) {
            let mut desk = Desk::clone(&self.desk);
            for path in self.desk.open.iter().filter(|path| lost(path)) {
                desk.close(path);
            }
            self.desk = Shared::new(desk);
        }
    }

    /// With other files or another database the command that failed may succeed.
    fn forgive(&mut self) {
        // A terminal that is not changed is not drawn again.
        if self.terminal.failed.is_some() {
            self.terminal.change().failed = None;
        }
    }

    /// The revision of a file that was just written becomes the selected one.
    fn select_file(&mut self, path: &str) {
        if path.starts_with(VERSIONS) {
            let found = self.history.graph.revisions().iter().find(|made| made.file == path);
            self.selected = found.map(|made| Spot::Revision(made.id.clone()));
        }
    }
}
