//! Help and usage, from the table of commands.

use super::table::{Argument, COMMANDS, CommandSpec, GLOBAL_OPTIONS, OptionSpec, Takes};

/// What help is asked for.
pub type Help = Option<&'static CommandSpec>;

/// Where the second column begins, and how wide the page is: argparse's.
const COLUMN: usize = 24;
const WIDTH: usize = 80;

/// The lines of the help of one command, or of all.
pub fn help(program: &str, of: Help) -> Vec<String> {
    match of {
        Some(spec) => help_of(program, spec),
        None => help_of_all(program),
    }
}

fn help_of_all(program: &str) -> Vec<String> {
    let mut lines = vec![
        format!("usage: {program} [-h]{} COMMAND ...", usage_of(GLOBAL_OPTIONS)),
        String::new(),
    ];
    for spec in COMMANDS {
        let name = spec.argument.map_or(String::new(), |argument| argument.usage());
        lines.extend(columns(&format!("{} {name}", spec.name), spec.about));
    }
    lines.push(String::new());
    lines.push("options:".into());
    lines.extend(columns("-h, --help", "show this help message and exit"));
    lines.extend(GLOBAL_OPTIONS.iter().flat_map(option_lines));
    lines.push(String::new());
    lines.push(format!("Options of one command: {program} COMMAND -h"));
    lines
}

fn help_of(program: &str, spec: &CommandSpec) -> Vec<String> {
    let mut lines = vec![spec.usage(program), String::new(), spec.about.into()];
    if let Some(argument) = spec.argument {
        lines.extend([String::new(), "positional arguments:".into()]);
        lines.extend(columns(argument.name, argument.help));
    }
    lines.extend([String::new(), "options:".into()]);
    lines.extend(columns("-h, --help", "show this help message and exit"));
    lines.extend(spec.options.iter().flat_map(option_lines));
    lines
}

fn option_lines(option: &OptionSpec) -> Vec<String> {
    let short = option.short.filter(|short| *short != option.long);
    let short = short.map(|short| format!("{short}, ")).unwrap_or_default();
    let value = option.value.map(|value| format!(" {value}")).unwrap_or_default();
    columns(&format!("{short}{}{value}", option.long), option.help)
}

/// A name and what it is about, the latter wrapped in the second column.
fn columns(name: &str, about: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = format!("  {name}");
    if line.len() > COLUMN - 2 {
        lines.push(core::mem::take(&mut line));
    }
    for word in about.split(' ') {
        if line.len() < COLUMN {
            line = format!("{line:<COLUMN$}{word}");
        } else if line.len() + 1 + word.len() > WIDTH {
            lines.push(core::mem::take(&mut line));
            line = format!("{:COLUMN$}{word}", "");
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.push(line);
    lines
}

impl CommandSpec {
    /// `usage: alembic upgrade [-h] revision`.
    pub fn usage(&self, program: &str) -> String {
        let argument =
            self.argument.map_or(String::new(), |argument| format!(" {}", argument.usage()));
        format!("usage: {program} {} [-h]{}{argument}", self.name, usage_of(self.options))
    }
}

impl Argument {
    fn usage(&self) -> String {
        let name = self.name;
        match self.takes {
            Takes::Optional => format!("[{name}]"),
            Takes::One => name.into(),
            Takes::Any => format!("[{name} ...]"),
            Takes::Several => format!("{name} [{name} ...]"),
        }
    }
}

fn usage_of(options: &[OptionSpec]) -> String {
    let usage = |option: &OptionSpec| {
        let value = option.value.map(|value| format!(" {value}")).unwrap_or_default();
        format!(" [{}{value}]", option.short.unwrap_or(option.long))
    };
    options.iter().map(usage).collect()
}
