//! The grammar of command lines: one table of commands ([`COMMANDS`]), read by the parser, the help and
//! the completion.
//!
//! Follows Python's argparse, which Alembic uses, also in its messages: long options may be
//! abbreviated, a word like `-1` is no option, and `--` ends the options.

mod arguments;
mod command;
mod help;
mod table;

pub use command::{Command, Global, Invocation, NewRevision, Travel};
pub use help::{Help, help};
pub use table::{Argument, COMMANDS, CommandSpec, GLOBAL_OPTIONS, OptionSpec, Takes, find_command};

use ambix_core::diagnostic::{Code, Diagnostic};
use arguments::Arguments;

/// The names that the program answers to.
pub const PROGRAMS: [&str; 2] = ["alembic", "ambix"];

/// Reads a whole line as a shell would: words, quotes, and the name of the program first.
///
/// # Errors
/// If a quote is not closed, the first word is not the program's name, or the rest is no command.
pub fn parse_line(line: &str) -> Result<Invocation, Diagnostic> {
    let Some(words) = shlex::split(line) else {
        return Err(Diagnostic::error(Code::Usage, "A quote is opened and not closed")
            .hint("close it: revision -m \"Add Item model\""));
    };
    let Some((program, words)) = words.split_first() else {
        return parse_words(PROGRAMS[0], &[]);
    };
    if !PROGRAMS.contains(&program.as_str()) {
        let diagnostic = Diagnostic::error(Code::Usage, format!("{program}: command not found"));
        return Err(match find_command(program) {
            Some(_) => diagnostic.hint_command("the program's name comes first", line.trim()),
            None => diagnostic.hint_command("see what there is", "help"),
        });
    }
    parse_words(program, words)
}

/// Reads the words after the program's name.
///
/// # Errors
/// If they are no command, in the words of Python's argparse.
pub fn parse_words(program: &str, words: &[String]) -> Result<Invocation, Diagnostic> {
    let usage = |message: String| {
        Diagnostic::error(Code::Usage, format!("{program}: error: {message}"))
            .hint_command("see what there is", "help")
    };
    let invocation = |global, command| Invocation { program: program.into(), global, command };
    let (arguments, rest) = Arguments::global(program, words)?;
    if arguments.help {
        return Ok(invocation(Global::default(), Command::Help(None)));
    }
    if arguments.has("--version") {
        return Ok(invocation(Global::default(), Command::Version));
    }
    let global = Global {
        config: arguments.values("--config"),
        name: arguments.value("--name"),
        quiet: arguments.has("--quiet"),
    };
    let Some((name, words)) = rest.split_first() else {
        return Err(usage("too few arguments".into()));
    };
    if name == "help" {
        let spec = words.first().and_then(|name| find_command(name));
        return Ok(invocation(global, Command::Help(spec)));
    }
    let Some(spec) = find_command(name) else {
        let names: Vec<&str> = COMMANDS.iter().map(|spec| spec.name).collect();
        let error = usage(format!(
            "argument {{{}}}: invalid choice: '{name}' (choose from '{}')",
            names.join(","),
            names.join("', '")
        ));
        return Err(match nearest(name, &names) {
            Some(nearest) => error.hint_command("perhaps you meant", nearest),
            None => error,
        });
    };
    let arguments = Arguments::read(program, spec, words)?;
    let command = match arguments.help {
        true => Command::Help(Some(spec)),
        false => Command::of(spec, &arguments),
    };
    Ok(invocation(global, command))
}

/// The word that was probably meant.
fn nearest<'a>(typed: &str, words: &[&'a str]) -> Option<&'a str> {
    let distance = |word: &&&str| strsim::damerau_levenshtein(typed, word);
    words.iter().filter(|word| distance(word) <= 2).min_by_key(distance).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Command {
        parse_line(line).unwrap().command
    }

    fn error(line: &str) -> String {
        parse_line(line).unwrap_err().into_details().message
    }

    fn upgrade(target: &str) -> Command {
        Command::Upgrade(Travel { target: target.into(), ..Travel::default() })
    }

    fn downgrade(target: &str) -> Command {
        Command::Downgrade(Travel { target: target.into(), ..Travel::default() })
    }

    fn revision(message: &str, autogenerate: bool) -> Command {
        Command::Revision(NewRevision {
            message: Some(message.into()),
            autogenerate,
            ..NewRevision::default()
        })
    }

    #[test]
    fn the_tutorial_word_for_word() {
        let autogenerate = revision("Add Item model", true);
        assert_eq!(parsed("alembic revision --autogenerate -m \"Add Item model\""), autogenerate);
        assert_eq!(parsed("ambix revision --auto --message='Add Item model'"), autogenerate);
        assert_eq!(parsed("alembic revision '-mAdd Item model' --autogenerate"), autogenerate);
        assert_eq!(parsed("alembic upgrade head"), upgrade("head"));
        assert_eq!(parsed("alembic downgrade -1"), downgrade("-1"));
        assert_eq!(parsed("alembic downgrade -- -1"), downgrade("-1"));
        assert_eq!(parsed("alembic upgrade +1"), upgrade("+1"));
        let current = Command::Current { check_heads: false, verbose: false, json: false };
        assert_eq!(parsed("alembic current"), current);
        assert_eq!(parsed("alembic history -vi"), parsed("alembic history -v -i"));
    }

    #[test]
    fn options_of_all_commands_come_before_the_command() {
        let invocation =
            parse_line("alembic -c a.ini --config=b.toml -n x -x a=1 -xb -q heads").unwrap();
        let global = Global {
            config: vec!["a.ini".into(), "b.toml".into()],
            name: Some("x".into()),
            quiet: true,
        };
        assert_eq!(invocation.global, global);
        let not_here = error("alembic heads -q");
        assert_eq!(not_here, "alembic heads: error: unrecognized arguments: -q");
    }

    #[test]
    fn lists_of_words_and_repeated_options() {
        let merge = parsed("alembic merge a1 b2 -m join --rev-id=c3");
        let expected = Command::Merge {
            revisions: vec!["a1".into(), "b2".into()],
            message: Some("join".into()),
            branch_label: None,
            rev_id: Some("c3".into()),
            splice: false,
        };
        assert_eq!(merge, expected);
        let Command::Revision(new) = parsed("alembic revision --depends-on a --depends-on b")
        else {
            panic!("a revision")
        };
        assert_eq!(new.depends_on, ["a", "b"]);
        assert!(parse_line("alembic merge").is_err());
    }

    #[test]
    fn a_range_that_begins_with_a_dash_is_joined_to_its_option() {
        let range = |line: &str| match parsed(line) {
            Command::History { rev_range, .. } => rev_range.unwrap(),
            other => panic!("{other:?}"),
        };
        assert_eq!(range("alembic history -r-3:current"), "-3:current");
        assert_eq!(range("alembic history -r=-3:current"), "-3:current");
        assert_eq!(range("alembic history --rev-range=-3:"), "-3:");
        assert!(parse_line("alembic history -r -3:current").is_err());
    }

    #[test]
    fn a_value_may_begin_with_a_dash_where_it_holds_a_blank() {
        assert_eq!(parsed("alembic revision -m '- x'"), revision("- x", false));
        assert_eq!(parsed("alembic revision '-m- x'"), revision("- x", false));
    }

    #[test]
    fn what_is_no_command_is_said_in_argparses_words() {
        assert_eq!(error("alembic"), "alembic: error: too few arguments");
        assert_eq!(
            error("ambix upgrade"),
            "ambix upgrade: error: the following arguments are required: revision"
        );
        assert!(error("alembic foo").contains("invalid choice: 'foo' (choose from 'branches',"));
        assert_eq!(
            error("alembic upgrade a b"),
            "alembic upgrade: error: unrecognized arguments: b"
        );
        assert_eq!(
            error("alembic upgrade --foo head"),
            "alembic upgrade: error: unrecognized arguments: --foo"
        );
        assert_eq!(
            error("alembic revision -m"),
            "alembic revision: error: argument -m/--message: expected one argument"
        );
        assert_eq!(error("ls -l"), "ls: command not found");
        assert!(error("alembic revision -m \"x").contains("quote"));
    }

    #[test]
    fn a_forgotten_program_name_is_hinted() {
        let error = parse_line("upgrade head").unwrap_err();
        assert_eq!(error.hints[0].command.as_deref(), Some("upgrade head"));
    }

    #[test]
    fn help_of_all_and_of_one() {
        assert_eq!(parsed("alembic help"), Command::Help(None));
        assert_eq!(parsed("alembic upgrade -h"), Command::Help(find_command("upgrade")));
        assert_eq!(
            find_command("merge").unwrap().usage("alembic"),
            "usage: alembic merge [-h] [-m MESSAGE] [--branch-label BRANCH_LABEL] [--rev-id REV_ID] \
             [--splice] revisions [revisions ...]"
        );
    }
}
