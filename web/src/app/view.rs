//! The page as a whole: which pane is where.

use web_sys::DragEvent;
use yew::prelude::*;

use super::look::Share;
use super::{App, Message};
use crate::panes::bottom_bar::bottom_bar;
use crate::panes::editor::Editor;
use crate::panes::graph::Graph;
use crate::panes::header::{self, header};
use crate::panes::lower::Lower;
use crate::panes::notices::notices;
use crate::panes::questions::{NextRevision, questions};
use crate::panes::terminal::Terminal;
use crate::session::{Access, Action, Engine, LowerTab, Pane, Question};
use crate::ui::{Axis, splitter, tabs};

impl Pane {
    /// The id of its element.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Editor => "editor",
            Self::Terminal => "terminal",
            Self::Graph => "graph",
            Self::Lower => "lower",
        }
    }
}

impl App {
    pub(super) fn page(&self, ctx: &Context<Self>) -> Html {
        let (session, send) = (&self.session, &self.send);
        let is_loaded = matches!(session.engine, Engine::Ready | Engine::Busy);
        let shares = format!("--column: {}%", self.shares.column);
        html! {
            <>
                { header(is_loaded, session.access, &session.storage, self.theme, &self.picker, send) }
                { notices(&session.notices, &session.engine, send) }
                <main class="work" style={shares} ondragover={self.drag(ctx, true)}
                    ondragleave={self.drag(ctx, false)} ondrop={self.drop(ctx)}>
                    { self.left() }
                    { self.splitter("Width of the left column", Axis::Vertical, Share::Column) }
                    { self.right() }
                </main>
                { bottom_bar(session.shown, session.lower, send) }
                if self.dragging {
                    <div class="drop-here"><p>{"Drop a database file to import it."}</p></div>
                }
                if let Some(question) = &session.question {
                    { questions(question, &session.history, self.next_revision(), send) }
                }
            </>
        }
    }

    fn left(&self) -> Html {
        let (session, send) = (&self.session, &self.send);
        let read_only = session.access == Access::Reads;
        let is_loaded = matches!(session.engine, Engine::Ready | Engine::Busy);
        html! {
            <div class="side side-left" style={format!("--left: {}%", self.shares.left)}>
                <section class="pane" id="editor" tabindex="-1" aria-labelledby="editor-title"
                    data-shown={self.shown(Pane::Editor)}>
                    <h2 id="editor-title" class="quiet">{"Editor"}</h2>
                    <Editor files={session.files.clone()} desk={session.desk.clone()}
                        reading={session.reading.clone()} {read_only} send={send.clone()} />
                </section>
                { self.splitter("Height of the editor", Axis::Horizontal, Share::Left) }
                <section class="pane terminal" id="terminal" tabindex="-1"
                    aria-labelledby="terminal-title" data-shown={self.shown(Pane::Terminal)}>
                    <Terminal terminal={session.terminal.clone()} history={session.history.clone()}
                        proposal={session.proposal.clone()} ready={is_loaded} send={send.clone()} />
                </section>
            </div>
        }
    }

    fn right(&self) -> Html {
        let (session, send) = (&self.session, &self.send);
        let read_only = session.access == Access::Reads;
        let is_loaded = matches!(session.engine, Engine::Ready | Engine::Busy);
        let names = LowerTab::ALL.map(LowerTab::name);
        let chosen = LowerTab::ALL.iter().position(|tab| *tab == session.lower).unwrap_or(0);
        let onchoose = send.reform(|at: usize| Message::Do(Action::Lower(LowerTab::ALL[at])));
        html! {
            <div class="side side-right" style={format!("--right: {}%", self.shares.right)}>
                <section class="pane" id="graph" tabindex="-1" aria-labelledby="graph-title"
                    data-shown={self.shown(Pane::Graph)}>
                    <h2 id="graph-title" class="quiet">{"Graph"}</h2>
                    <Graph history={session.history.clone()} reading={session.reading.clone()}
                        database={session.database.clone()} selected={session.selected.clone()}
                        ready={is_loaded} {read_only} send={send.clone()} />
                </section>
                { self.splitter("Height of the graph", Axis::Horizontal, Share::Right) }
                <section class="pane" id="lower" tabindex="-1" aria-labelledby="lower-title"
                    data-shown={self.shown(Pane::Lower)}>
                    <h2 id="lower-title" class="quiet">{"Database"}</h2>
                    { tabs("Views of the database", "lower", &names, chosen, &onchoose) }
                    <div class="panel" role="tabpanel" id="lower-panel"
                        aria-labelledby={format!("lower-{chosen}")}>
                        <Lower key={chosen} tab={session.lower} database={session.database.clone()}
                            log={session.log.clone()} send={send.clone()} />
                    </div>
                </section>
            </div>
        }
    }

    fn shown(&self, pane: Pane) -> Option<&'static str> {
        (self.session.shown == pane).then_some("")
    }

    fn splitter(&self, label: &'static str, axis: Axis, which: Share) -> Html {
        let share = match which {
            Share::Column => self.shares.column,
            Share::Left => self.shares.left,
            Share::Right => self.shares.right,
        };
        let onmove = self.send.reform(move |share| Message::Split(which, share));
        splitter(label, axis, share, onmove)
    }

    /// What the dialog proposes as the message of the next revision.
    fn next_revision(&self) -> NextRevision {
        let session = &self.session;
        let changes = match session.question {
            Some(Question::NewRevision) => session.reading.changes(&session.database),
            _ => None,
        };
        NextRevision { message: self.next_message(), changes }
    }

    fn next_message(&self) -> AttrValue {
        let command = self.session.proposal.command.as_deref().unwrap_or_default();
        let message = command.split_once("-m \"").map(|(_, message)| message.trim_end_matches('"'));
        AttrValue::from(message.unwrap_or_default().to_owned())
    }

    fn drag(&self, ctx: &Context<Self>, over: bool) -> Callback<DragEvent> {
        let dragging = self.dragging;
        ctx.link().batch_callback(move |event: DragEvent| {
            event.prevent_default();
            (dragging != over).then_some(Message::Dragging(over))
        })
    }

    fn drop(&self, ctx: &Context<Self>) -> Callback<DragEvent> {
        let send = self.send.clone();
        ctx.link().callback(move |event: DragEvent| {
            event.prevent_default();
            let files = event.data_transfer().and_then(|data| data.files());
            if let Some(file) = files.and_then(|files| files.item(0)) {
                header::take(file, send.clone());
            }
            Message::Dragging(false)
        })
    }
}
