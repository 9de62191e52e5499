//! What each command does.

mod comparing;
mod completion;
mod desk;
mod editing;
mod graph;
mod home;
mod initializing;
mod listings;
mod merging;
mod naming;
mod new_revision;
mod opening;
mod planning;
mod stamping;
mod travel;
mod verifying;

use crate::grammar::{self, Command, Global, Invocation, parse_line, parse_words};
use crate::{Answer, Project, Report, Request, Surroundings};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::Exchange;
use ambix_core::revision::Direction;
use desk::Desk;
use home::{Beginning, Home};
use listings::Form;

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

async fn perform(desk: &Desk, command: Command) -> Done {
    let form = |verbose, json| Form { verbose, json };
    match command {
        Command::Help(of) => {
            for line in grammar::help(&desk.program, of) {
                desk.line(line).await;
            }
            Ok(())
        }
        Command::Version => {
            desk.line(format!("{} {}", desk.program, env!("CARGO_PKG_VERSION"))).await;
            Ok(())
        }
        Command::Branches { verbose, json } => listings::branches(desk, form(verbose, json)).await,
        Command::Check => comparing::check(desk).await,
        Command::Completion { shell } => completion::script(desk, &shell).await,
        Command::Current { check_heads, verbose, json } => {
            listings::current(desk, check_heads, form(verbose, json)).await
        }
        Command::Downgrade(to) => travel::go(desk, to, Direction::Downgrade).await,
        Command::Edit { revision } => editing::edit(desk, &revision).await,
        Command::EnsureVersion { sql } => stamping::ensure_version(desk, sql).await,
        Command::Explain { code } => explain(desk, &code).await,
        Command::Heads { verbose, resolve_dependencies, json } => {
            listings::heads(desk, resolve_dependencies, form(verbose, json)).await
        }
        Command::History { rev_range, verbose, indicate_current, graph, json } => {
            let shape = listings::Shape { indicate_current, graph };
            listings::history(desk, rev_range.as_deref(), shape, form(verbose, json)).await
        }
        Command::Init { directory, template, package } => {
            let Home::Folder(around, configured) = desk.home() else {
                return Err(initializing::there_is_one());
            };
            (configured.init)(desk, around, Beginning { directory, template, package }).await
        }
        Command::ListTemplates => initializing::list_templates(desk).await,
        Command::Merge { revisions, message, branch_label, rev_id, splice } => {
            merging::merge(desk, revisions, message, branch_label, rev_id, splice).await
        }
        Command::Plan { target, json } => planning::plan(desk, &target, json).await,
        Command::Revision(new) => new_revision::run(desk, new).await,
        Command::Show { revision, json } => listings::show(desk, &revision, json).await,
        Command::Stamp { revisions, sql, purge, accept } => {
            stamping::stamp(desk, &revisions, sql, purge, accept).await
        }
        Command::Upgrade(to) => travel::go(desk, to, Direction::Upgrade).await,
        Command::Verify { json } => verifying::verify(desk, json).await,
    }
}

async fn explain(desk: &Desk, code: &str) -> Done {
    match Code::from_word(code) {
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
