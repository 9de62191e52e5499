//! Command lines as values.

use super::arguments::Arguments;
use super::table::CommandSpec;

/// A command line, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The program's name as it was called.
    pub program: String,
    /// The options before the command.
    pub global: Global,
    /// The command.
    pub command: Command,
}

/// Options that hold for every command. `-x` and `--raiseerr` are accepted and mean nothing here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Global {
    /// `-c`: files with the configuration.
    pub config: Vec<String>,
    /// `-n`: the section of `alembic.ini`.
    pub name: Option<String>,
    /// `-q`: nothing on standard output.
    pub quiet: bool,
}

/// A command with its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `--help`, `help`: of one command, or of all.
    Help(Option<&'static CommandSpec>),
    /// `--version`.
    Version,
    /// The revisions where branches begin.
    Branches {
        /// In full.
        verbose: bool,
        /// As JSON.
        json: bool,
    },
    /// Whether autogenerate would find something.
    Check {
        /// Exactly what Alembic finds.
        alembic_parity: bool,
        /// Whether the database is compared with what its revisions make, rather than with the models.
        drift: bool,
    },
    /// A script that completes command lines in a shell.
    Completion {
        /// Its name.
        shell: String,
    },
    /// Where the database is.
    Current {
        /// Whether it is an error if the database is not at all heads.
        check_heads: bool,
        /// In full.
        verbose: bool,
        /// As JSON.
        json: bool,
    },
    /// Take revisions back.
    Downgrade(Travel),
    /// Open revision files in an editor.
    Edit {
        /// Which.
        revision: String,
    },
    /// Make the version table.
    EnsureVersion {
        /// As SQL on standard output.
        sql: bool,
    },
    /// What a code of an error means.
    Explain {
        /// The code.
        code: String,
    },
    /// The newest revisions.
    Heads {
        /// In full.
        verbose: bool,
        /// Without those that others depend on.
        resolve_dependencies: bool,
        /// As JSON.
        json: bool,
    },
    /// All revisions, newest first.
    History {
        /// `[start]:[end]`.
        rev_range: Option<String>,
        /// In full.
        verbose: bool,
        /// Mark where the database is.
        indicate_current: bool,
        /// As a drawing.
        graph: bool,
        /// As JSON.
        json: bool,
    },
    /// Begin a project.
    Init {
        /// Where the scripts go.
        directory: Option<String>,
        /// What kind of project.
        template: Option<String>,
        /// Whether the folders are Python packages.
        package: bool,
    },
    /// What `init` can begin.
    ListTemplates,
    /// Make a revision that joins branches.
    Merge {
        /// The heads to be joined.
        revisions: Vec<String>,
        /// What it is about.
        message: Option<String>,
        /// The name of the branch that begins with it.
        branch_label: Option<String>,
        /// The id it gets.
        rev_id: Option<String>,
        /// Whether the revisions may be other ones than heads.
        splice: bool,
    },
    /// What would run.
    Plan {
        /// Up or down to where.
        target: String,
        /// As JSON.
        json: bool,
    },
    /// Make a revision file.
    Revision(NewRevision),
    /// A revision in full.
    Show {
        /// Which.
        revision: String,
        /// As JSON.
        json: bool,
    },
    /// Say where the database is, with nothing run.
    Stamp {
        /// Where.
        revisions: Vec<String>,
        /// As SQL on standard output.
        sql: bool,
        /// Whether what the table said before does not count.
        purge: bool,
        /// Whether edited revisions count as applied in their new form.
        accept: bool,
    },
    /// Apply revisions.
    Upgrade(Travel),
    /// Try every revision up, down and up again.
    Verify {
        /// As JSON.
        json: bool,
    },
}

/// Where an upgrade or a downgrade goes, and how. `--tag` is a word for env.py, which is not run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Travel {
    /// Up or down to where.
    pub target: String,
    /// `--sql`: as SQL on standard output.
    pub sql: bool,
    /// `--no-backup`.
    pub no_backup: bool,
}

/// The options of `revision`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRevision {
    /// What it is about.
    pub message: Option<String>,
    /// Whether its content is the difference between models and database.
    pub autogenerate: bool,
    /// Whether that is exactly what Alembic finds, in its words, even where they do not run.
    pub alembic_parity: bool,
    /// Tables and columns that have got another name: `old:new`, `table.old:new`.
    pub renames: Vec<String>,
    /// What rows get in a new column: `table.column=value`.
    pub fills: Vec<String>,
    /// `--sql`, which Alembic refuses here.
    pub sql: bool,
    /// The revision that it follows; `head` if nothing is said.
    pub head: Option<String>,
    /// Whether that may be another one than a head.
    pub splice: bool,
    /// The name of the branch that begins with it.
    pub branch_label: Option<String>,
    /// The folder that the file goes into.
    pub version_path: Option<String>,
    /// The id it gets; drawn by the host if there is none.
    pub rev_id: Option<String>,
    /// What it depends on.
    pub depends_on: Vec<String>,
}

impl Command {
    pub(super) fn of(spec: &CommandSpec, given: &Arguments) -> Self {
        let (verbose, json) = (given.has("--verbose"), given.has("--json"));
        let first = || given.words.first().cloned().unwrap_or_default();
        let sql = given.has("--sql");
        let alembic_parity = given.has("--alembic-parity");
        let travel = || Travel { target: first(), sql, no_backup: given.has("--no-backup") };
        match spec.name {
            "branches" => Self::Branches { verbose, json },
            "check" => Self::Check { alembic_parity, drift: given.has("--drift") },
            "completion" => Self::Completion { shell: first() },
            "current" => Self::Current { check_heads: given.has("--check-heads"), verbose, json },
            "downgrade" => Self::Downgrade(travel()),
            "edit" => Self::Edit { revision: first() },
            "ensure_version" => Self::EnsureVersion { sql },
            "explain" => Self::Explain { code: first() },
            "heads" => Self::Heads {
                verbose,
                resolve_dependencies: given.has("--resolve-dependencies"),
                json,
            },
            "history" => Self::History {
                rev_range: given.value("--rev-range"),
                verbose,
                indicate_current: given.has("--indicate-current"),
                graph: given.has("--graph"),
                json,
            },
            "init" => Self::Init {
                directory: given.words.first().cloned(),
                template: given.value("--template"),
                package: given.has("--package"),
            },
            "list_templates" => Self::ListTemplates,
            "merge" => Self::Merge {
                revisions: given.words.clone(),
                message: given.value("--message"),
                branch_label: given.value("--branch-label"),
                rev_id: given.value("--rev-id"),
                splice: given.has("--splice"),
            },
            "plan" => Self::Plan { target: first(), json },
            "revision" => Self::Revision(NewRevision {
                message: given.value("--message"),
                autogenerate: given.has("--autogenerate"),
                alembic_parity,
                renames: given.values("--rename"),
                fills: given.values("--fill"),
                sql,
                head: given.value("--head"),
                splice: given.has("--splice"),
                branch_label: given.value("--branch-label"),
                version_path: given.value("--version-path"),
                rev_id: given.value("--rev-id"),
                depends_on: given.values("--depends-on"),
            }),
            "show" => Self::Show { revision: first(), json },
            "stamp" => Self::Stamp {
                revisions: given.words.clone(),
                sql,
                purge: given.has("--purge"),
                accept: given.has("--accept"),
            },
            "upgrade" => Self::Upgrade(travel()),
            "verify" => Self::Verify { json },
            _ => Self::Help(None),
        }
    }

    /// Whether it may write files or the database.
    pub fn changes_something(&self) -> bool {
        match self {
            Self::Upgrade(travel) | Self::Downgrade(travel) => !travel.sql,
            Self::Stamp { sql, .. } | Self::EnsureVersion { sql } => !sql,
            Self::Revision(_) | Self::Merge { .. } | Self::Init { .. } | Self::Edit { .. } => true,
            _ => false,
        }
    }
}
