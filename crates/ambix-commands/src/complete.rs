//! Completing a line in a terminal.

use crate::grammar::{COMMANDS, CommandSpec, PROGRAMS, find_command};
use ambix_core::revision::Graph;

/// The lines that `line` could become when its last word is completed, in a sensible order.
pub fn complete(line: &str, graph: &Graph) -> Vec<String> {
    let at = line.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let (before, word) = line.split_at(at);
    let mut words = before.split_whitespace();
    let candidates: Vec<String> = match (words.next(), words.next()) {
        (None, _) => PROGRAMS.iter().map(|program| (*program).to_string()).collect(),
        (Some(program), _) if !PROGRAMS.contains(&program) => Vec::new(),
        (Some(_), None) => COMMANDS.iter().map(|spec| spec.name.to_string()).collect(),
        (Some(_), Some(command)) => {
            let takes_revision = |spec: &CommandSpec| {
                spec.argument.is_some_and(|argument| argument.name.starts_with("revision"))
            };
            find_command(command).map_or_else(Vec::new, |spec| match (spec.argument, word) {
                (_, word) if word.starts_with('-') => {
                    spec.options.iter().map(|option| option.long.to_string()).collect()
                }
                (Some(_), _) if takes_revision(spec) && words.next().is_none() => {
                    targets(command, graph)
                }
                (None, _) => spec.options.iter().map(|option| option.long.to_string()).collect(),
                _ => Vec::new(),
            })
        }
    };
    candidates
        .into_iter()
        .filter(|candidate| candidate.starts_with(word) && !before.contains(candidate.as_str()))
        .map(|candidate| format!("{before}{candidate} "))
        .collect()
}

/// What an upgrade or a downgrade can go to.
fn targets(command: &str, graph: &Graph) -> Vec<String> {
    let symbols = if command == "upgrade" { ["head", "+1"] } else { ["-1", "base"] };
    let newest_first = graph.revisions().iter().rev();
    symbols
        .into_iter()
        .map(String::from)
        .chain(newest_first.map(|revision| revision.id.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_commands_options_and_targets() {
        let graph = Graph::default();
        assert_eq!(complete("al", &graph), ["alembic "]);
        assert_eq!(complete("alembic up", &graph), ["alembic upgrade "]);
        assert_eq!(complete("alembic upgrade h", &graph), ["alembic upgrade head "]);
        assert_eq!(
            complete("alembic downgrade ", &graph),
            ["alembic downgrade -1 ", "alembic downgrade base "]
        );
        assert_eq!(complete("alembic revision --au", &graph), ["alembic revision --autogenerate "]);
        assert!(complete("ls ", &graph).is_empty());
    }
}
