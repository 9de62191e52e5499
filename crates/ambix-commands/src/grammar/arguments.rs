//! The words of a command line, sorted into options and others.

use super::table::{CommandSpec, GLOBAL_OPTIONS, OptionSpec, Takes};
use ambix_core::diagnostic::{Code, Diagnostic};
use std::collections::VecDeque;

/// The words of one command, sorted out.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) help: bool,
    /// The words without a dash.
    pub(super) words: Vec<String>,
    /// Options that were given, with their values; a later one counts before an earlier one.
    options: Vec<(&'static str, String)>,
}

/// Whose words are read.
struct Reader<'a> {
    program: &'a str,
    /// `None` for the options before the command.
    command: Option<&'static CommandSpec>,
    options: &'static [OptionSpec],
}

impl Arguments {
    /// Reads the options before the command. Gives them, and the words from the command on.
    pub(super) fn global<'a>(
        program: &str,
        words: &'a [String],
    ) -> Result<(Self, &'a [String]), Diagnostic> {
        let reader = Reader { program, command: None, options: GLOBAL_OPTIONS };
        let mut read = Self::default();
        let mut left = words.iter().cloned().collect::<VecDeque<_>>();
        while let Some(word) = left.pop_front() {
            if word == "--" {
                continue;
            }
            if !reader.is_option(&word) {
                left.push_front(word);
                break;
            }
            if reader.read_option(&mut read, &word, &mut left)? {
                return Ok((read, &[]));
            }
        }
        Ok((read, &words[words.len() - left.len()..]))
    }

    /// Reads the words after the command.
    pub(super) fn read(
        program: &str,
        spec: &'static CommandSpec,
        words: &[String],
    ) -> Result<Self, Diagnostic> {
        let reader = Reader { program, command: Some(spec), options: spec.options };
        let mut read = Self::default();
        let mut only_words = false;
        let mut left = words.iter().cloned().collect::<VecDeque<_>>();
        while let Some(word) = left.pop_front() {
            if word == "--" && !only_words {
                only_words = true;
            } else if only_words || !reader.is_option(&word) {
                let is_full = match spec.argument.map(|argument| argument.takes) {
                    None => true,
                    Some(Takes::One | Takes::Optional) => !read.words.is_empty(),
                    Some(Takes::Several | Takes::Any) => false,
                };
                if is_full {
                    return Err(reader.error(&format!("unrecognized arguments: {word}")));
                }
                read.words.push(word);
            } else if reader.read_option(&mut read, &word, &mut left)? {
                return Ok(read);
            }
        }
        match spec.argument {
            Some(argument)
                if read.words.is_empty()
                    && (matches!(argument.takes, Takes::One | Takes::Several)
                        || argument.takes == Takes::Any && !read.has("--accept")) =>
            {
                let name = argument.name;
                Err(reader.error(&format!("the following arguments are required: {name}")))
            }
            _ => Ok(read),
        }
    }

    pub(super) fn has(&self, long: &str) -> bool {
        self.options.iter().any(|(name, _)| *name == long)
    }

    pub(super) fn value(&self, long: &str) -> Option<String> {
        self.options.iter().rev().find(|(name, _)| *name == long).map(|(_, value)| value.clone())
    }

    pub(super) fn values(&self, long: &str) -> Vec<String> {
        let given = self.options.iter().filter(|(name, _)| *name == long);
        given.map(|(_, value)| value.clone()).collect()
    }
}

impl Reader<'_> {
    fn error(&self, message: &str) -> Diagnostic {
        let program = self.program;
        match self.command {
            Some(spec) => {
                let message = format!("{program} {}: error: {message}", spec.name);
                Diagnostic::error(Code::Usage, message).hint(spec.usage(program))
            }
            None => Diagnostic::error(Code::Usage, format!("{program}: error: {message}"))
                .hint_command("see what there is", "help"),
        }
    }

    /// Reads an option, with its value. Whether it was the one for help.
    fn read_option(
        &self,
        read: &mut Arguments,
        word: &str,
        left: &mut VecDeque<String>,
    ) -> Result<bool, Diagnostic> {
        if word == "-h" || word == "--help" {
            read.help = true;
            return Ok(true);
        }
        let (option, value) = self.find_option(word)?;
        let value = match (option.value, value) {
            (Some(_), Some(value)) => value,
            (Some(_), None) => match left.pop_front() {
                Some(next) if !self.is_option(&next) && next != "--" => next,
                _ => {
                    let message = format!("argument {}: expected one argument", names(option));
                    return Err(self.error(&message));
                }
            },
            // `-vi` is `-v -i`.
            (None, Some(more)) if !word.starts_with("--") => {
                left.push_front(format!("-{more}"));
                String::new()
            }
            (None, Some(value)) => {
                let message =
                    format!("argument {}: ignored explicit argument '{value}'", names(option));
                return Err(self.error(&message));
            }
            (None, None) => String::new(),
        };
        read.options.push((option.long, value));
        Ok(false)
    }

    /// A dash begins an option, but `-1` and `-.5` are numbers, `-` is a word, and so is what holds a
    /// blank and begins with no option that there is.
    fn is_option(&self, word: &str) -> bool {
        let begins_with = |option: &OptionSpec| {
            word.starts_with(option.long)
                || option.short.is_some_and(|short| word.starts_with(short))
        };
        match word.strip_prefix('-') {
            None | Some("") => false,
            Some(_) if word.contains(' ') && !self.options.iter().any(begins_with) => false,
            Some(rest) => !rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'),
        }
    }

    /// The option that `word` names, and its value if the word holds one: `--message=x`, `-mx`, `-m=x`.
    fn find_option(&self, word: &str) -> Result<(&'static OptionSpec, Option<String>), Diagnostic> {
        if word.starts_with("--") {
            return self.find_long(word);
        }
        let found = self
            .options
            .iter()
            .find(|option| option.short.is_some_and(|short| word.starts_with(short)));
        match found {
            Some(option) => {
                let value = &word[2..];
                let value = match option.value {
                    Some(_) => value.strip_prefix('=').unwrap_or(value),
                    None => value,
                };
                Ok((option, (word.len() > 2).then(|| value.to_string())))
            }
            None => Err(self.error(&format!("unrecognized arguments: {word}"))),
        }
    }

    fn find_long(&self, word: &str) -> Result<(&'static OptionSpec, Option<String>), Diagnostic> {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (word, None),
        };
        if let Some(option) = self.options.iter().find(|option| option.long == name) {
            return Ok((option, value));
        }
        let begins: Vec<_> =
            self.options.iter().filter(|option| option.long.starts_with(name)).collect();
        match begins[..] {
            [option] => Ok((option, value)),
            [] => Err(self.error(&format!("unrecognized arguments: {word}"))),
            _ => {
                let could: Vec<&str> = begins.iter().map(|option| option.long).collect();
                let could = could.join(", ");
                Err(self.error(&format!("ambiguous option: {name} could match {could}")))
            }
        }
    }
}

fn names(option: &OptionSpec) -> String {
    match option.short {
        Some(short) if short != option.long => format!("{short}/{}", option.long),
        _ => option.long.into(),
    }
}
