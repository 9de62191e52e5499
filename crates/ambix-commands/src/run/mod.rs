//! What each command does.

mod comparing;
mod completion;
mod desk;
mod drift;
mod editing;
mod filling;
mod graph;
mod home;
mod hooks;
mod initializing;
mod listings;
mod merging;
mod naming;
mod new_revision;
mod opening;
mod planning;
mod renaming;
mod stamping;
mod travel;
mod verifying;

use crate::grammar::{self, Command, Global, Invocation, parse_line, parse_words};
use crate::{Answer, Project, Report, Request, Surroundings};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::Exchange;
use ambix_core::revision::Direction;
use desk::Desk;
use home::{Beginning, Home, Local};
use listings::Form;
use std::future::ready;

/// Runs a line as it was typed: `alembic upgrade head`.
pub fn run_line(line: &str, project: Project) -> Exchange<Request, Answer, Report> {
    start(parse_line(line), Home::Project(Box::new(project)))
}

/// Runs the words of a command line after the program's name, in a folder with a project's configuration.
pub fn run_words(
    program: &str,
    words: &[String],
    surroundings: Surroundings,
) -> Exchange<Request, Answer, Report> {
    start(parse_words(program, words), Home::folder(surroundings))
}

fn start(
    invocation: Result<Invocation, Diagnostic>,
    home: Home,
) -> Exchange<Request, Answer, Report> {
    Exchange::new(async move |host| match invocation {
        Err(error) => Desk::new(host, home, String::new(), Global::default()).failed(error).await,
        Ok(Invocation { program, global, command }) => {
            let desk = Desk::new(host, home, program, global);
            match perform(&desk, command).await {
                Ok(()) => Report { exit_code: 0 },
                Err(error) => desk.failed(error).await,
            }
        }
    })
}

type Done = Result<(), Diagnostic>;

/// What a command does. In boxes: what waits inside of something that waits is copied and told apart in each.
fn perform(desk: &Desk, command: Command) -> Local<'_, Done> {
    let form = |verbose, json| Form { verbose, json };
    match command {
        Command::Help(of) => Box::pin(lines(desk, grammar::help(&desk.program, of))),
        Command::Version => {
            let version = format!("{} {}", desk.program, env!("CARGO_PKG_VERSION"));
            Box::pin(lines(desk, vec![version]))
        }
        Command::Branches { verbose, json } => {
            Box::pin(listings::branches(desk, form(verbose, json)))
        }
        Command::Check { drift: true, .. } => Box::pin(drift::check(desk)),
        Command::Check { alembic_parity, .. } => Box::pin(comparing::check(desk, alembic_parity)),
        Command::Completion { shell } => match desk.home() {
            Home::Project(_) => {
                let message = "There is no shell here whose command lines could be completed";
                let error = Diagnostic::error(Code::InvalidOptions, message);
                Box::pin(ready(Err(error.hint("the prompt completes with the Tab key by itself"))))
            }
            Home::Folder(_, configured) => (configured.completion)(desk, shell),
        },
        Command::Current { check_heads, verbose, json } => {
            Box::pin(listings::current(desk, check_heads, form(verbose, json)))
        }
        Command::Downgrade(to) => Box::pin(travel::go(desk, to, Direction::Downgrade)),
        Command::Edit { revision } => Box::pin(editing::edit(desk, revision)),
        Command::EnsureVersion { sql } => Box::pin(stamping::ensure_version(desk, sql)),
        Command::Explain { code } => Box::pin(explain(desk, code)),
        Command::Heads { verbose, resolve_dependencies, json } => {
            Box::pin(listings::heads(desk, resolve_dependencies, form(verbose, json)))
        }
        Command::History { rev_range, verbose, indicate_current, graph, json } => {
            let shape = listings::Shape { indicate_current, graph };
            Box::pin(listings::history(desk, rev_range, shape, form(verbose, json)))
        }
        Command::Init { directory, template, package } => match desk.home() {
            Home::Project(_) => Box::pin(ready(Err(initializing::there_is_one()))),
            Home::Folder(around, configured) => {
                (configured.init)(desk, around, Beginning { directory, template, package })
            }
        },
        Command::ListTemplates => match desk.home() {
            Home::Project(_) => Box::pin(ready(Err(initializing::there_is_one()))),
            Home::Folder(_, configured) => (configured.list_templates)(desk),
        },
        Command::Merge { revisions, message, branch_label, rev_id, splice } => {
            Box::pin(merging::merge(desk, revisions, message, branch_label, rev_id, splice))
        }
        Command::Plan { target, json } => Box::pin(planning::plan(desk, target, json)),
        Command::Revision(new) => Box::pin(new_revision::run(desk, new)),
        Command::Show { revision, json } => Box::pin(listings::show(desk, revision, json)),
        Command::Stamp { revisions, sql, purge, accept } => {
            Box::pin(stamping::stamp(desk, revisions, sql, purge, accept))
        }
        Command::Upgrade(to) => Box::pin(travel::go(desk, to, Direction::Upgrade)),
        Command::Verify { json } => Box::pin(verifying::verify(desk, json)),
    }
}

async fn lines(desk: &Desk, lines: Vec<String>) -> Done {
    for line in lines {
        desk.line(line).await;
    }
    Ok(())
}

async fn explain(desk: &Desk, code: String) -> Done {
    match Code::from_word(&code) {
        Some(code) => {
            desk.line(format!("{code}: {}", code.explanation())).await;
            Ok(())
        }
        None => {
            let words: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
            Err(Diagnostic::error(Code::InvalidOptions, format!("There is no code '{code}'"))
                .hint(format!("the codes are: {}", words.join(", "))))
        }
    }
}
