//! The table of commands.

/// What is written in a command line for a command.
#[derive(Debug, PartialEq, Eq)]
pub struct CommandSpec {
    /// Its name.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Its words without a dash, if it takes any.
    pub argument: Option<Argument>,
    /// Its options.
    pub options: &'static [OptionSpec],
}

/// The words without a dash that a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// What the help calls them.
    pub name: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// How many.
    pub takes: Takes,
}

/// How many words an [`Argument`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// None or one.
    Optional,
    /// One.
    One,
    /// None or more, because an option can stand for them.
    Any,
    /// One or more.
    Several,
}

/// An option of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

const fn flag(long: &'static str, help: &'static str) -> OptionSpec {
    OptionSpec { long, short: None, value: None, help }
}

const fn value(long: &'static str, value: &'static str, help: &'static str) -> OptionSpec {
    OptionSpec { long, short: None, value: Some(value), help }
}

impl OptionSpec {
    const fn short(self, short: &'static str) -> Self {
        Self { short: Some(short), ..self }
    }
}

const fn argument(name: &'static str, takes: Takes, help: &'static str) -> Option<Argument> {
    Some(Argument { name, help, takes })
}

const VERBOSE: OptionSpec = flag("--verbose", "Use more verbose output.").short("-v");
const JSON: OptionSpec = flag("--json", "Print JSON.");
const SQL: OptionSpec = flag(
    "--sql",
    "Don't emit SQL to database - dump to standard output/file instead. See docs on offline mode.",
);
const TAG: OptionSpec =
    value("--tag", "TAG", "Arbitrary 'tag' name - can be used by custom env.py scripts.");
const NO_BACKUP: OptionSpec =
    flag("--no-backup", "Do not copy the database before a revision that destroys data.");
const MESSAGE: OptionSpec =
    value("--message", "MESSAGE", "Message string to use with 'revision'.").short("-m");
const BRANCH_LABEL: OptionSpec =
    value("--branch-label", "BRANCH_LABEL", "Specify a branch label to apply to the new revision.");
const REV_ID: OptionSpec =
    value("--rev-id", "REV_ID", "Specify a hardcoded revision id instead of generating one.");
const SPLICE: OptionSpec =
    flag("--splice", "Allow a non-head revision as the 'head' to splice onto.");
const REVISIONS: &str = "one or more revisions, or 'heads' for all heads";

/// The options that come before the command.
pub const GLOBAL_OPTIONS: &[OptionSpec] = &[
    flag("--version", "Show the program's version number and exit."),
    value(
        "--config",
        "CONFIG",
        "Alternate config file; defaults to value of ALEMBIC_CONFIG environment variable, or \
         \"alembic.ini\". May also refer to pyproject.toml or ambix.toml. May be specified twice to \
         reference an ini and a toml file.",
    )
    .short("-c"),
    value("--name", "NAME", "Name of section in .ini file to use for Alembic config.").short("-n"),
    OptionSpec {
        long: "-x",
        short: Some("-x"),
        value: Some("X"),
        help: "Additional arguments for custom env.py scripts; accepted, but env.py is not run.",
    },
    flag("--raiseerr", "Accepted for Alembic's sake; errors are always told in full."),
    flag("--quiet", "Do not log to std output.").short("-q"),
];

const PARITY: OptionSpec = flag(
    "--alembic-parity",
    "Find and write exactly what Alembic does, also where that does not run.",
);

/// Every command, by name.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec {
        name: "branches",
        about: "Show current branch points.",
        argument: None,
        options: &[VERBOSE, JSON],
    },
    CommandSpec {
        name: "check",
        about: "Check if revision command with autogenerate has pending upgrade ops.",
        argument: None,
        options: &[
            flag(
                "--drift",
                "Compare the database with what its own revisions make of an empty one.",
            ),
            PARITY,
        ],
    },
    CommandSpec {
        name: "completion",
        about: "Print a script that completes command lines in a shell.",
        argument: argument("shell", Takes::One, "bash, zsh or fish"),
        options: &[],
    },
    CommandSpec {
        name: "current",
        about: "Display the current revision for a database.",
        argument: None,
        options: &[
            flag(
                "--check-heads",
                "Check if all head revisions are applied to the database. Exit with an error code if \
                 this is not the case.",
            )
            .short("-c"),
            VERBOSE,
            JSON,
        ],
    },
    CommandSpec {
        name: "downgrade",
        about: "Revert to a previous version.",
        argument: argument("revision", Takes::One, "revision identifier"),
        options: &[SQL, TAG, NO_BACKUP],
    },
    CommandSpec {
        name: "edit",
        about: "Edit revision script(s) using $EDITOR.",
        argument: argument("revision", Takes::One, "revision identifier"),
        options: &[],
    },
    CommandSpec {
        name: "ensure_version",
        about: "Create the alembic version table if it doesn't exist already.",
        argument: None,
        options: &[SQL],
    },
    CommandSpec {
        name: "explain",
        about: "Explain the code of an error.",
        argument: argument("code", Takes::One, "the code, for example multiple-heads"),
        options: &[],
    },
    CommandSpec {
        name: "heads",
        about: "Show current available heads in the script directory.",
        argument: None,
        options: &[
            VERBOSE,
            flag("--resolve-dependencies", "Treat dependency versions as down revisions."),
            JSON,
        ],
    },
    CommandSpec { name: "help", about: "Show this help.", argument: None, options: &[] },
    CommandSpec {
        name: "history",
        about: "List changeset scripts in chronological order.",
        argument: None,
        options: &[
            value(
                "--rev-range",
                "REV_RANGE",
                "Specify a revision range; format is [start]:[end].",
            )
            .short("-r"),
            VERBOSE,
            flag("--indicate-current", "Indicate the current revision.").short("-i"),
            flag("--graph", "Draw how the revisions follow each other."),
            JSON,
        ],
    },
    CommandSpec {
        name: "init",
        about: "Initialize a new scripts directory.",
        argument: argument(
            "directory",
            Takes::Optional,
            "location of scripts directory; without it, a project with SQL revisions begins here",
        ),
        options: &[
            value("--template", "TEMPLATE", "Setup template for use with 'init'.").short("-t"),
            flag(
                "--package",
                "Write empty __init__.py files to the environment and version locations.",
            ),
        ],
    },
    CommandSpec {
        name: "list_templates",
        about: "List available templates.",
        argument: None,
        options: &[],
    },
    CommandSpec {
        name: "merge",
        about: "Merge two revisions together. Creates a new migration file.",
        argument: argument("revisions", Takes::Several, REVISIONS),
        options: &[MESSAGE, BRANCH_LABEL, REV_ID, SPLICE],
    },
    CommandSpec {
        name: "plan",
        about: "Show what an upgrade or a downgrade would run.",
        argument: argument("revision", Takes::One, "revision identifier"),
        options: &[JSON],
    },
    CommandSpec {
        name: "revision",
        about: "Create a new revision file.",
        argument: None,
        options: &[
            MESSAGE,
            flag(
                "--autogenerate",
                "Populate revision script with candidate migration operations, based on comparison \
                 of database to model.",
            ),
            PARITY,
            value(
                "--rename",
                "OLD:NEW",
                "With --autogenerate: a table (old:new) or a column (table.old:new) that has got \
                 another name. May be given several times.",
            ),
            value(
                "--fill",
                "TABLE.COLUMN=VALUE",
                "With --autogenerate: what the rows that are there get in a new column that may not be \
                 NULL, as SQL. May be given several times.",
            ),
            SQL,
            value(
                "--head",
                "HEAD",
                "Specify head revision or <branchname>@head to base new revision on.",
            ),
            SPLICE,
            BRANCH_LABEL,
            value(
                "--version-path",
                "VERSION_PATH",
                "Specify specific path from config for version file.",
            ),
            REV_ID,
            value(
                "--depends-on",
                "DEPENDS_ON",
                "Specify one or more revision identifiers which this revision should depend on.",
            ),
        ],
    },
    CommandSpec {
        name: "show",
        about: "Show the revision(s) denoted by the given symbol.",
        argument: argument("revision", Takes::One, "revision identifier"),
        options: &[JSON],
    },
    CommandSpec {
        name: "stamp",
        about: "'stamp' the revision table with the given revision; don't run any migrations.",
        argument: argument("revisions", Takes::Any, REVISIONS),
        options: &[
            SQL,
            TAG,
            flag("--purge", "Unconditionally erase the version table before stamping."),
            flag("--accept", "Let revisions that were edited count as applied as they are now."),
        ],
    },
    CommandSpec {
        name: "upgrade",
        about: "Upgrade to a later version.",
        argument: argument("revision", Takes::One, "revision identifier"),
        options: &[SQL, TAG, NO_BACKUP],
    },
    CommandSpec {
        name: "verify",
        about: "Try each revision up, down and up again on a scratch database.",
        argument: None,
        options: &[JSON],
    },
];

/// The command of that name.
pub fn find_command(name: &str) -> Option<&'static CommandSpec> {
    COMMANDS.iter().find(|spec| spec.name == name)
}
