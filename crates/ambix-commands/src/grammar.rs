//! The grammar of command lines: one table of commands, read by the parser, the help and the
//! completion.
//!
//! Follows Python's argparse, which Alembic uses, also in its messages: long options may be
//! abbreviated, a word like `-1` is no option, and `--` ends the options.

use ambix_core::diagnostic::{Code, Diagnostic};
use std::collections::VecDeque;

/// A command line, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `--help`, `help`: of one command, or of all.
    Help(Option<&'static CommandSpec>),
    /// `--version`.
    Version,
    /// Make a revision file.
    Revision {
        /// What it is about.
        message: Option<String>,
        /// Whether its content is the difference between models and database.
        autogenerate: bool,
        /// The id it gets; drawn by the host if there is none.
        rev_id: Option<String>,
    },
    /// Apply revisions.
    Upgrade {
        /// Up to where.
        target: String,
    },
    /// Take revisions back.
    Downgrade {
        /// Down to where.
        target: String,
    },
    /// Where the database is.
    Current {
        /// In full.
        verbose: bool,
    },
    /// All revisions, newest first.
    History {
        /// In full.
        verbose: bool,
        /// Mark where the database is.
        indicate_current: bool,
    },
    /// The newest revisions.
    Heads {
        /// In full.
        verbose: bool,
    },
    /// What a code of an error means.
    Explain {
        /// The code.
        code: String,
    },
}

/// What is written in a command line for a command.
#[derive(Debug, PartialEq, Eq)]
pub struct CommandSpec {
    /// Its name.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Its one argument without a dash, if it takes one: (name, help).
    pub argument: Option<(&'static str, &'static str)>,
    /// Its options.
    pub options: &'static [OptionSpec],
}

/// An option of a command.
#[derive(Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// `--message`.
    pub long: &'static str,
    /// `-m`.
    pub short: Option<&'static str>,
    /// The name of its value, if it takes one.
    pub value: Option<&'static str>,
    /// One sentence.
    pub help: &'static str,
}

const VERBOSE: OptionSpec = OptionSpec {
    long: "--verbose",
    short: Some("-v"),
    value: None,
    help: "Use more verbose output.",
};
const TARGET: Option<(&str, &str)> = Some(("revision", "revision identifier"));

/// Every command, by name.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec {
        name: "current",
        about: "Display the current revision for a database.",
        argument: None,
        options: &[VERBOSE],
    },
    CommandSpec {
        name: "downgrade",
        about: "Revert to a previous version.",
        argument: TARGET,
        options: &[],
    },
    CommandSpec {
        name: "explain",
        about: "Explain the code of an error.",
        argument: Some(("code", "the code, for example multiple-heads")),
        options: &[],
    },
    CommandSpec {
        name: "heads",
        about: "Show current available heads in the script directory.",
        argument: None,
        options: &[VERBOSE],
    },
    CommandSpec { name: "help", about: "Show this help.", argument: None, options: &[] },
    CommandSpec {
        name: "history",
        about: "List changeset scripts in chronological order.",
        argument: None,
        options: &[
            VERBOSE,
            OptionSpec {
                long: "--indicate-current",
                short: Some("-i"),
                value: None,
                help: "Indicate the current revision.",
            },
        ],
    },
    CommandSpec {
        name: "revision",
        about: "Create a new revision file.",
        argument: None,
        options: &[
            OptionSpec {
                long: "--message",
                short: Some("-m"),
                value: Some("MESSAGE"),
                help: "Message string to use with 'revision'.",
            },
            OptionSpec {
                long: "--autogenerate",
                short: None,
                value: None,
                help: "Populate revision script with candidate migration operations, based on \
                       comparison of database to model.",
            },
            OptionSpec {
                long: "--rev-id",
                short: None,
                value: Some("REV_ID"),
                help: "Specify a hardcoded revision id instead of generating one.",
            },
        ],
    },
    CommandSpec {
        name: "upgrade",
        about: "Upgrade to a later version.",
        argument: TARGET,
        options: &[],
    },
];

/// The names that the program answers to.
pub const PROGRAMS: [&str; 2] = ["alembic", "ambix"];

/// Reads a whole line as a shell would: words, quotes, and the name of the program first.
///
/// Gives the program's name as it was typed, and the command.
///
/// # Errors
/// If a quote is not closed, the first word is not the program's name, or the rest is no command.
pub fn parse_line(line: &str) -> Result<(String, Command), Diagnostic> {
    let Some(words) = shlex::split(line) else {
        return Err(Diagnostic::error(Code::Usage, "A quote is opened and not closed")
            .hint("close it: revision -m \"Add Item model\""));
    };
    let Some((program, words)) = words.split_first() else {
        return parse_words(PROGRAMS[0], &[]).map(|command| (PROGRAMS[0].into(), command));
    };
    if !PROGRAMS.contains(&program.as_str()) {
        let diagnostic = Diagnostic::error(Code::Usage, format!("{program}: command not found"));
        return Err(match find_command(program) {
            Some(_) => diagnostic.hint_command("the program's name comes first", line.trim()),
            None => diagnostic.hint_command("see what there is", "help"),
        });
    }
    parse_words(program, words).map(|command| (program.clone(), command))
}

/// Reads the words after the program's name.
///
/// # Errors
/// If they are no command, in the words of Python's argparse.
pub fn parse_words(program: &str, words: &[String]) -> Result<Command, Diagnostic> {
    let usage = |message: String| {
        Diagnostic::error(Code::Usage, format!("{program}: error: {message}"))
            .hint_command("see what there is", "help")
    };
    match words.first().map(String::as_str) {
        None => return Err(usage("too few arguments".into())),
        Some("-h" | "--help" | "help") => return Ok(Command::Help(None)),
        Some("--version") => return Ok(Command::Version),
        Some(_) => {}
    }
    let name = &words[0];
    if name.starts_with('-') {
        return Err(usage(format!("unrecognized arguments: {name}")));
    }
    let Some(spec) = find_command(name) else {
        let names: Vec<&str> = COMMANDS.iter().map(|spec| spec.name).collect();
        return Err(usage(format!(
            "argument {{{}}}: invalid choice: '{name}' (choose from '{}')",
            names.join(","),
            names.join("', '")
        )));
    };
    let arguments = Arguments::read(program, spec, &words[1..])?;
    Ok(if arguments.help { Command::Help(Some(spec)) } else { arguments.command(spec) })
}

/// The command of that name.
pub fn find_command(name: &str) -> Option<&'static CommandSpec> {
    COMMANDS.iter().find(|spec| spec.name == name)
}

impl CommandSpec {
    /// `usage: alembic upgrade [-h] revision`.
    pub fn usage(&self, program: &str) -> String {
        let mut usage = format!("usage: {program} {} [-h]", self.name);
        for option in self.options {
            let value = option.value.map(|value| format!(" {value}")).unwrap_or_default();
            usage.push_str(&format!(" [{}{value}]", option.short.unwrap_or(option.long)));
        }
        if let Some((name, _)) = self.argument {
            usage.push_str(&format!(" {name}"));
        }
        usage
    }

    fn error(&self, program: &str, message: &str) -> Diagnostic {
        Diagnostic::error(Code::Usage, format!("{program} {}: error: {message}", self.name))
            .hint(self.usage(program))
    }
}

/// The words of one command, sorted out.
#[derive(Default)]
struct Arguments {
    help: bool,
    argument: Option<String>,
    /// Options that were given, with their values; a later one counts before an earlier one.
    options: Vec<(&'static str, String)>,
}

impl Arguments {
    fn read(
        program: &str,
        spec: &'static CommandSpec,
        words: &[String],
    ) -> Result<Self, Diagnostic> {
        let mut read = Self::default();
        let mut only_arguments = false;
        let mut words = words.iter().cloned().collect::<VecDeque<_>>();
        while let Some(word) = words.pop_front() {
            let word = &word;
            if word == "--" && !only_arguments {
                only_arguments = true;
            } else if only_arguments || !is_option(spec, word) {
                if spec.argument.is_none() || read.argument.is_some() {
                    return Err(spec.error(program, &format!("unrecognized arguments: {word}")));
                }
                read.argument = Some(word.clone());
            } else if word == "-h" || word == "--help" {
                read.help = true;
                return Ok(read);
            } else {
                let (option, value) = find_option(program, spec, word)?;
                let value = match (option.value, value) {
                    (Some(_), Some(value)) => value,
                    (Some(_), None) => match words.pop_front() {
                        Some(next) if !is_option(spec, &next) => next,
                        _ => {
                            let message =
                                format!("argument {}: expected one argument", names(option));
                            return Err(spec.error(program, &message));
                        }
                    },
                    // `-vi` is `-v -i`.
                    (None, Some(more)) if !word.starts_with("--") => {
                        words.push_front(format!("-{more}"));
                        String::new()
                    }
                    (None, Some(value)) => {
                        let message = format!(
                            "argument {}: ignored explicit argument '{value}'",
                            names(option)
                        );
                        return Err(spec.error(program, &message));
                    }
                    (None, None) => String::new(),
                };
                read.options.push((option.long, value));
            }
        }
        match (spec.argument, &read.argument) {
            (Some((name, _)), None) => {
                let message = format!("the following arguments are required: {name}");
                Err(spec.error(program, &message))
            }
            _ => Ok(read),
        }
    }

    fn has(&self, long: &str) -> bool {
        self.options.iter().any(|(name, _)| *name == long)
    }

    fn value(&self, long: &str) -> Option<String> {
        self.options.iter().rev().find(|(name, _)| *name == long).map(|(_, value)| value.clone())
    }

    fn command(self, spec: &CommandSpec) -> Command {
        let verbose = self.has("--verbose");
        let argument = self.argument.clone().unwrap_or_default();
        match spec.name {
            "revision" => Command::Revision {
                message: self.value("--message"),
                autogenerate: self.has("--autogenerate"),
                rev_id: self.value("--rev-id"),
            },
            "upgrade" => Command::Upgrade { target: argument },
            "downgrade" => Command::Downgrade { target: argument },
            "current" => Command::Current { verbose },
            "history" => {
                Command::History { verbose, indicate_current: self.has("--indicate-current") }
            }
            "heads" => Command::Heads { verbose },
            "explain" => Command::Explain { code: argument },
            _ => Command::Help(None),
        }
    }
}

fn names(option: &OptionSpec) -> String {
    match option.short {
        Some(short) => format!("{short}/{}", option.long),
        None => option.long.into(),
    }
}

/// A dash begins an option, but `-1` and `-.5` are numbers, `-` is a word, and so is what holds a blank
/// and begins with no option that there is.
fn is_option(spec: &CommandSpec, word: &str) -> bool {
    let begins_with = |option: &OptionSpec| {
        word.starts_with(option.long) || option.short.is_some_and(|short| word.starts_with(short))
    };
    match word.strip_prefix('-') {
        None | Some("") => false,
        Some(_) if word.contains(' ') && !spec.options.iter().any(begins_with) => false,
        Some(rest) => !rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'),
    }
}

/// The option that `word` names, and its value if the word holds one: `--message=x`, `-mx`.
fn find_option(
    program: &str,
    spec: &'static CommandSpec,
    word: &str,
) -> Result<(&'static OptionSpec, Option<String>), Diagnostic> {
    if word.starts_with("--") {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (word, None),
        };
        if let Some(option) = spec.options.iter().find(|option| option.long == name) {
            return Ok((option, value));
        }
        let begins: Vec<_> =
            spec.options.iter().filter(|option| option.long.starts_with(name)).collect();
        return match begins[..] {
            [option] => Ok((option, value)),
            [] => Err(spec.error(program, &format!("unrecognized arguments: {word}"))),
            _ => {
                let could: Vec<&str> = begins.iter().map(|option| option.long).collect();
                let message = format!("ambiguous option: {name} could match {}", could.join(", "));
                Err(spec.error(program, &message))
            }
        };
    }
    let found = spec
        .options
        .iter()
        .find(|option| option.short.is_some_and(|short| word.starts_with(short)));
    match found {
        Some(option) => {
            let value = &word[2..];
            Ok((option, (!value.is_empty()).then(|| value.to_string())))
        }
        None => Err(spec.error(program, &format!("unrecognized arguments: {word}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Command {
        parse_line(line).unwrap().1
    }

    fn error(line: &str) -> String {
        parse_line(line).unwrap_err().message
    }

    #[test]
    fn the_tutorial_word_for_word() {
        let revision = Command::Revision {
            message: Some("Add Item model".into()),
            autogenerate: true,
            rev_id: None,
        };
        assert_eq!(parsed("alembic revision --autogenerate -m \"Add Item model\""), revision);
        assert_eq!(parsed("ambix revision --auto --message='Add Item model'"), revision);
        assert_eq!(parsed("alembic revision '-mAdd Item model' --autogenerate"), revision);
        assert_eq!(parsed("alembic upgrade head"), Command::Upgrade { target: "head".into() });
        assert_eq!(parsed("alembic downgrade -1"), Command::Downgrade { target: "-1".into() });
        assert_eq!(parsed("alembic downgrade -- -1"), Command::Downgrade { target: "-1".into() });
        assert_eq!(parsed("alembic upgrade +1"), Command::Upgrade { target: "+1".into() });
        assert_eq!(parsed("alembic current"), Command::Current { verbose: false });
        assert_eq!(
            parsed("alembic history -v -i"),
            Command::History { verbose: true, indicate_current: true }
        );
        assert_eq!(parsed("alembic history -vi"), parsed("alembic history -v -i"));
        assert_eq!(parsed("alembic heads"), Command::Heads { verbose: false });
    }

    #[test]
    fn a_value_may_begin_with_a_dash_where_it_holds_a_blank() {
        let revision =
            Command::Revision { message: Some("- x".into()), autogenerate: false, rev_id: None };
        assert_eq!(parsed("alembic revision -m '- x'"), revision);
        assert_eq!(parsed("alembic revision '-m- x'"), revision);
    }

    #[test]
    fn what_is_no_command_is_said_in_argparses_words() {
        assert_eq!(error("alembic"), "alembic: error: too few arguments");
        assert_eq!(
            error("ambix upgrade"),
            "ambix upgrade: error: the following arguments are required: revision"
        );
        assert!(error("alembic foo").contains("invalid choice: 'foo' (choose from 'current',"));
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
            find_command("revision").unwrap().usage("alembic"),
            "usage: alembic revision [-h] [-m MESSAGE] [--autogenerate] [--rev-id REV_ID]"
        );
    }
}
