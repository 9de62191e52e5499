//! What each command does.

mod desk;
mod new_revision;

use crate::grammar::{COMMANDS, Command, CommandSpec, parse_line};
use crate::listing::{self, Shown};
use crate::{Answer, Project, Report, Request, Revisions};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, Exchange, Settings};
use ambix_core::revision::Direction;
use desk::Desk;

/// Runs a line as it was typed: `alembic upgrade head`.
pub fn run_line(line: &str, project: Project) -> Exchange<Request, Answer, Report> {
    match parse_line(line) {
        Ok((program, command)) => run(program, command, project),
        Err(error) => Exchange::new(async move |host| Desk::new(host, project).usage(error).await),
    }
}

/// Runs a command. `program` is the name that it was called by.
pub fn run(
    program: String,
    command: Command,
    project: Project,
) -> Exchange<Request, Answer, Report> {
    Exchange::new(async move |host| {
        let desk = Desk::new(host, project);
        match perform(&desk, &program, command).await {
            Ok(()) => Report { exit_code: 0 },
            Err(error) => desk.failed(error).await,
        }
    })
}

type Done = Result<(), Diagnostic>;

async fn perform(desk: &Desk, program: &str, command: Command) -> Done {
    match command {
        Command::Help(None) => help(desk, program).await,
        Command::Help(Some(spec)) => help_of(desk, program, spec).await,
        Command::Version => {
            desk.line(format!("{program} {}", env!("CARGO_PKG_VERSION"))).await;
            Ok(())
        }
        Command::Revision { message, autogenerate, rev_id } => {
            new_revision::run(desk, message, autogenerate, rev_id).await
        }
        Command::Upgrade { target } => move_to(desk, &target, Direction::Upgrade).await,
        Command::Downgrade { target } => move_to(desk, &target, Direction::Downgrade).await,
        Command::Current { verbose } => current(desk, verbose).await,
        Command::History { verbose, indicate_current } => {
            history(desk, verbose, indicate_current).await
        }
        Command::Heads { verbose } => heads(desk, verbose).await,
        Command::Explain { code } => explain(desk, &code).await,
    }
}

/// Upgrade and downgrade.
async fn move_to(desk: &Desk, target: &str, direction: Direction) -> Done {
    desk.context().await;
    let revisions = desk.revisions().await?;
    let scripts = revisions.checked()?;
    let settings = Settings { journal: desk.project.journal };
    let result = match direction {
        Direction::Upgrade => engine::upgrade(desk, scripts, target, settings).await,
        Direction::Downgrade => engine::downgrade(desk, scripts, target, settings).await,
    };
    // Revisions before the one that failed have been applied, so this is due after an error too.
    desk.flush().await?;
    result.map(|_| ())
}

async fn current(desk: &Desk, verbose: bool) -> Done {
    desk.context().await;
    let revisions = desk.revisions().await?;
    let graph = &revisions.checked()?.graph;
    let mut current = desk.state().await?.positions(graph)?;
    current.sort_unstable();
    if verbose {
        desk.line(format!("Current revision(s) for {}:", desk.project.url)).await;
    }
    for at in current {
        let shown = Shown { branches: true, ..Shown::default() };
        list(desk, &revisions, at, false, verbose, shown).await;
    }
    Ok(())
}

async fn history(desk: &Desk, verbose: bool, indicate_current: bool) -> Done {
    let revisions = desk.revisions().await?;
    let graph = &revisions.checked()?.graph;
    let mut current = Vec::new();
    if indicate_current {
        desk.context().await;
        let state = desk.state().await?;
        current = state.heads.iter().filter_map(|id| graph.position(id)).collect();
    }
    let mut order = graph.in_order(&vec![true; graph.len()]);
    order.reverse();
    for at in order {
        let shown = Shown { parents: true, message: true, branches: true };
        list(desk, &revisions, at, current.contains(&at), verbose, shown).await;
    }
    Ok(())
}

async fn heads(desk: &Desk, verbose: bool) -> Done {
    let revisions = desk.revisions().await?;
    for at in revisions.checked()?.graph.heads() {
        list(desk, &revisions, at, false, verbose, Shown::default()).await;
    }
    Ok(())
}

async fn list(
    desk: &Desk,
    revisions: &Revisions,
    at: usize,
    is_current: bool,
    verbose: bool,
    shown: Shown,
) {
    let graph = &revisions.graph;
    if !verbose {
        return desk.line(listing::line(graph, at, is_current, shown)).await;
    }
    for line in listing::entry(graph, at, is_current, &desk.project.folder) {
        desk.line(line).await;
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
            Err(Diagnostic::error(Code::Usage, format!("There is no code '{code}'"))
                .hint(format!("the codes are: {}", words.join(", "))))
        }
    }
}

async fn help(desk: &Desk, program: &str) -> Done {
    desk.line(format!("usage: {program} [-h] [--version] COMMAND ...")).await;
    desk.line(String::new()).await;
    for spec in COMMANDS {
        let argument = spec.argument.map_or("", |(name, _)| name);
        desk.line(format!("  {:<20} {}", format!("{} {argument}", spec.name), spec.about)).await;
    }
    desk.line(String::new()).await;
    desk.line(format!("Options of one command: {program} COMMAND -h")).await;
    Ok(())
}

async fn help_of(desk: &Desk, program: &str, spec: &CommandSpec) -> Done {
    desk.line(spec.usage(program)).await;
    desk.line(String::new()).await;
    desk.line(spec.about.into()).await;
    if let Some((name, help)) = spec.argument {
        desk.line(String::new()).await;
        desk.line("positional arguments:".into()).await;
        desk.line(format!("  {name:<24} {help}")).await;
    }
    desk.line(String::new()).await;
    desk.line("options:".into()).await;
    desk.line(format!("  {:<24} show this help message and exit", "-h, --help")).await;
    for option in spec.options {
        let short = option.short.map(|short| format!("{short}, ")).unwrap_or_default();
        let value = option.value.map(|value| format!(" {value}")).unwrap_or_default();
        desk.line(format!("  {:<24} {}", format!("{short}{}{value}", option.long), option.help))
            .await;
    }
    Ok(())
}
