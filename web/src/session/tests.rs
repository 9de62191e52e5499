//! What happens to the session when things happen, from the first visit on. No browser is needed.

use ambix_commands::{Output, Report};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{Event, Origin, Role, Statement};
use ambix_core::revision::{Direction, RevisionId, RevisionIds, Step, VersionChanges};

use super::*;

fn script(id: &str, down: Option<&str>) -> String {
    let down = down.map_or("None".to_owned(), |down| format!("'{down}'"));
    format!(
        "\"\"\"about {id}\"\"\"\nfrom alembic import op\nrevision = '{id}'\ndown_revision = {down}\n\
         def upgrade() -> None:\n    op.execute('SELECT 1')\n\
         def downgrade() -> None:\n    op.execute('SELECT 2')\n"
    )
}

fn path(id: &str) -> String {
    format!("versions/{id}.py")
}

/// A first visit, once everything is loaded.
fn session() -> Session {
    let mut session = Session::default();
    session.reduce(Action::Loaded(Files::default(), Desk::default()));
    session.reduce(Action::Engine(Engine::Ready));
    session
}

fn with_revisions(ids: &[&str]) -> Session {
    let mut session = session();
    let mut down = None;
    for id in ids {
        session.reduce(Action::Wrote(path(id), script(id, down)));
        down = Some(id);
    }
    session
}

fn at(session: &mut Session, current: &[&str]) {
    let current = current.iter().map(|id| (*id).to_owned()).collect();
    session.reduce(Action::Saw(Box::new(DatabaseView { current, ..DatabaseView::default() })));
}

fn spot(id: &str) -> Spot {
    Spot::Revision(RevisionId::stored(id))
}

fn step(id: &str) -> Step {
    Step {
        direction: Direction::Upgrade,
        revision: RevisionId::stored(id),
        message: String::new(),
        from: RevisionIds::new(),
        to: RevisionIds::new(),
        heads_before: RevisionIds::new(),
        changes: VersionChanges::new(),
    }
}

fn proposed(session: &Session) -> &str {
    session.proposal.command.as_deref().unwrap_or_default()
}

#[test]
fn the_first_visit_proposes_the_tutorials_first_command() {
    assert_eq!(Session::default().proposal, Proposal::default());
    assert_eq!(proposed(&session()), "alembic revision --autogenerate -m \"Add Item model\"");
}

#[test]
fn a_pending_revision_is_proposed_before_anything_else() {
    let mut session = with_revisions(&["aaaa"]);
    assert_eq!(proposed(&session), "alembic upgrade head");
    session.reduce(Action::Wrote(path("cccc"), script("cccc", None)));
    assert_eq!(proposed(&session), "alembic upgrade heads");
}

#[test]
fn models_that_say_more_than_the_database_are_proposed_as_a_revision() {
    let mut session = with_revisions(&["aaaa"]);
    at(&mut session, &["aaaa"]);
    assert_eq!(proposed(&session), "alembic revision --autogenerate -m \"Add table items\"");
}

#[test]
fn at_head_with_nothing_to_do_the_tutorial_goes_on() {
    let mut session = with_revisions(&["aaaa"]);
    session.reduce(Action::Edit(MODELS.into(), String::new()));
    at(&mut session, &["aaaa"]);
    let mut commands = Vec::new();
    while let Some(command) = session.proposal.command.clone() {
        session.reduce(Action::Began(command.clone()));
        session.reduce(Action::Ended(command.clone(), Report { exit_code: 0 }));
        commands.push(command);
    }
    assert_eq!(commands, ["alembic current", "alembic downgrade -1", "alembic history"]);
}

#[test]
fn a_new_script_lies_open_and_its_revision_is_selected() {
    let session = with_revisions(&["aaaa"]);
    assert_eq!(session.desk.active, path("aaaa"));
    assert_eq!(session.desk.jump.as_ref().map(|jump| (jump.line, jump.focus)), Some((5, false)));
    assert_eq!(session.selected, Some(spot("aaaa")));
}

#[test]
fn a_removed_script_leaves_no_tab_and_no_selection() {
    let mut session = with_revisions(&["aaaa", "bbbb"]);
    session.reduce(Action::Remove(path("bbbb")));
    assert_eq!(session.desk.active, path("aaaa"));
    assert_eq!(session.selected, None);
    assert_eq!(session.history.graph.len(), 1);
}

#[test]
fn each_spot_is_reached_in_the_direction_in_which_it_lies() {
    let mut session = with_revisions(&["aaaa", "bbbb", "cccc"]);
    at(&mut session, &["bbbb"]);
    let way = |spot: Spot| session.history.way_to(&spot).unwrap_or_default();
    assert_eq!(way(spot("aaaa")), "downgrade aaaa");
    assert_eq!(way(spot("bbbb")), "");
    assert_eq!(way(spot("cccc")), "upgrade cccc");
    assert_eq!(way(Spot::Base), "downgrade base");
    assert_eq!(session.history.facts(1), ["applied", "current"]);
    assert_eq!(session.history.facts(2), ["pending", "head"]);
}

#[test]
fn a_database_at_a_revision_without_a_file_is_told() {
    let mut session = with_revisions(&["aaaa"]);
    at(&mut session, &["zzzz"]);
    assert_eq!(session.history.unknown, ["zzzz"]);
    assert_eq!(session.proposal.command, None);
    assert!(!session.history.at_base());
}

#[test]
fn an_error_in_the_models_is_said_instead_of_a_command_that_would_fail() {
    let mut session = session();
    session.reduce(Action::Edit(MODELS.into(), "class (\n".into()));
    assert_eq!(session.proposal.command, None);
    assert!(session.reading.error_in(MODELS).is_some());
}

#[test]
fn statements_are_kept_by_the_revision_that_they_ran_for() {
    let mut session = session();
    let statement = |sql: &str, role: Role| Statement {
        sql: sql.into(),
        parameters: Vec::new(),
        origin: Origin { revision: None, role },
    };
    let operation = Role::Operation { name: "execute".into(), place: None, part: None };
    for event in [
        Event::Started(step("aaaa")),
        Event::Ran(statement("SELECT 1", operation.clone())),
        Event::Ran(statement("UPDATE alembic_version", Role::VersionTable)),
        Event::Finished(step("aaaa")),
        Event::Started(step("bbbb")),
        Event::Refused {
            statements: vec![
                statement("SELECT 2", operation.clone()),
                statement("SELECT x", operation.clone()),
                statement("SELECT 3", operation),
            ],
            refused: Some(1),
            diagnostic: Diagnostic::error(Code::StatementFailed, "no such column: x"),
        },
    ] {
        session.reduce(Action::Told(Box::new(Output::Event(event))));
    }
    let [first, second] = &session.log.runs[..] else { panic!("two runs") };
    assert_eq!(first.script(), "SELECT 1;\nUPDATE alembic_version;\n");
    assert_eq!(first.sent.iter().map(Sent::is_bookkeeping).collect::<Vec<_>>(), [false, true]);
    let refused: Vec<_> = second.sent.iter().map(|sent| sent.refused).collect();
    assert_eq!((second.refused.is_some(), refused), (true, vec![false, true]));
    assert_eq!(session.lower, LowerTab::Sql);
}

#[test]
fn a_tab_that_only_reads_proposes_nothing() {
    let mut session = session();
    session.reduce(Action::Access(Access::Reads));
    assert_eq!(session.proposal.command, None);
}

#[test]
fn there_is_one_notice_of_each_kind() {
    let mut session = session();
    for text in ["first", "second"] {
        let kind = NoticeKind::Refused;
        session.reduce(Action::Notify(Notice { kind, text: text.into() }));
    }
    assert_eq!(session.notices.iter().map(|notice| &notice.text).collect::<Vec<_>>(), ["second"]);
    session.reduce(Action::Dismiss(NoticeKind::Refused));
    assert!(session.notices.is_empty());
}

#[test]
fn starting_over_is_a_first_visit_again() {
    let mut session = with_revisions(&["aaaa"]);
    session.reduce(Action::Began("alembic heads".into()));
    session.reduce(Action::Forget);
    session.reduce(Action::Loaded(Files::default(), Desk::default()));
    assert!(session.terminal.entries.is_empty());
    assert_eq!(session.selected, None);
    assert_eq!(proposed(&session), "alembic revision --autogenerate -m \"Add Item model\"");
}

#[test]
fn an_error_is_shown_and_its_command_not_proposed_again() {
    let mut session = with_revisions(&["aaaa"]);
    session.reduce(Action::Show(Pane::Graph));
    let line = proposed(&session).to_owned();
    for hint in [Some("stamp head"), None] {
        session.reduce(Action::Began(line.clone()));
        let mut error = Diagnostic::error(Code::StatementFailed, "no");
        let command = hint.map(str::to_owned);
        error.hints.push(ambix_core::diagnostic::Hint { text: "try".into(), command });
        session.reduce(Action::Told(Box::new(Output::Diagnostic(error))));
        session.reduce(Action::Ended(line.clone(), Report { exit_code: 1 }));
        assert_eq!(session.shown, Pane::Terminal);
        assert_eq!(session.proposal.command, hint.map(|hint| format!("alembic {hint}")));
        assert_eq!(session.proposal.sentence, "The last command failed; see its hint.");
    }
    session.reduce(Action::Edit(MODELS.into(), String::new()));
    assert_eq!(proposed(&session), line);
}

#[test]
fn a_command_that_succeeds_leaves_the_pane_in_sight() {
    let mut session = with_revisions(&["aaaa"]);
    session.reduce(Action::Show(Pane::Graph));
    session.reduce(Action::Began("alembic heads".into()));
    session.reduce(Action::Ended("alembic heads".into(), Report { exit_code: 0 }));
    assert_eq!(session.shown, Pane::Graph);
}

#[test]
fn a_history_is_broken_by_an_unknown_revision_or_a_missing_parent() {
    let mut session = with_revisions(&["aaaa"]);
    assert!(!session.history.is_broken());
    at(&mut session, &["zzzz"]);
    assert!(session.history.is_broken());
    at(&mut session, &["aaaa"]);
    assert!(!session.history.is_broken());
    session.reduce(Action::Wrote(path("cccc"), script("cccc", Some("gone"))));
    assert!(session.history.is_broken());
    assert!(session.reading.error_in(&path("cccc")).is_some());
}
