//! A recorded answer about a revision graph: which steps a target gives, which rows the version table then
//! has, what the listings say. It is the same whether the program is run or its commands are called.

use crate::compare::{Compared, How, same, same_error, words};
use crate::project::{OneOrMany, Revision};
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// All cases, a line of JSON each.
pub const RECORDED: &str = include_str!("../recorded/graph.jsonl");

const CONNECTED: &str = "INFO  [alembic.runtime.migration] Context impl SQLiteImpl.";
const RUNNING: &str = "INFO  [alembic.runtime.migration] Running ";

static URL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(Current revision\(s\) for) \S+:$").unwrap());

/// A graph, where the database stands, a command, and its answer.
#[derive(Deserialize)]
pub struct GraphCase {
    /// The revisions in the order of their files.
    pub revisions: Vec<Revision>,
    /// The rows of the version table; without any there is no table.
    pub current: Vec<String>,
    command: String,
    #[serde(default)]
    target: OneOrMany,
    #[serde(default)]
    options: Options,
    expect: Expect,
    order: How,
    #[serde(default)]
    alembic_traceback: bool,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Options {
    verbose: bool,
    indicate_current: bool,
    resolve_dependencies: bool,
    purge: bool,
    check_heads: bool,
    rev_range: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    steps: Option<Vec<Step>>,
    #[serde(default)]
    current_after: Vec<String>,
    version_table_exists: Option<bool>,
    lines: Option<Vec<String>>,
    error: Option<String>,
    #[serde(default)]
    error_any_of: Vec<String>,
    #[serde(rename = "error_type")]
    _error_type: Option<String>,
    #[serde(default)]
    warnings: Vec<String>,
}

#[derive(Deserialize)]
struct Step {
    direction: String,
    revision: Option<String>,
    from: Vec<String>,
    to: Vec<String>,
}

/// What a command did, however it was run. Folders in texts have their placeholders.
pub struct Seen {
    /// The exit code.
    pub exit_code: i32,
    /// The error, if one ended the command.
    pub error: Option<String>,
    /// It is an error for people: not a crash, not a traceback.
    pub clean_error: bool,
    /// The printed lines.
    pub lines: Vec<String>,
    /// The lines of the log.
    pub log: Vec<String>,
    /// All warnings, as one text.
    pub warnings: String,
    /// Everything in the database before the command and after it.
    pub content: (Vec<String>, Vec<String>),
    /// The rows of the version table after it, sorted, if there is one.
    pub versions: Option<Vec<String>>,
}

impl GraphCase {
    /// The words of the command.
    pub fn arguments(&self) -> Vec<String> {
        let options = &self.options;
        let mut arguments = vec![self.command.clone()];
        for (given, option) in [
            (options.verbose, "--verbose"),
            (options.indicate_current, "--indicate-current"),
            (options.resolve_dependencies, "--resolve-dependencies"),
            (options.purge, "--purge"),
            (options.check_heads, "--check-heads"),
        ] {
            arguments.extend(given.then(|| option.to_string()));
        }
        // One word, because a range may begin with a minus.
        arguments.extend(options.rev_range.iter().map(|range| format!("--rev-range={range}")));
        arguments.extend_from_slice(self.target.all());
        arguments
    }

    /// The command as it is typed.
    pub fn line(&self) -> String {
        let words = self.arguments();
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        format!("alembic {}", quoted.join(" "))
    }

    /// Says what is wrong with what was seen, if anything is.
    ///
    /// # Errors
    /// The difference.
    pub fn judge(&self, seen: &Seen) -> Compared {
        self.compare(seen).map_err(|problem| format!("{}\n{problem}", self.line()))
    }

    fn compare(&self, seen: &Seen) -> Compared {
        let expect = &self.expect;
        let wanted: Vec<String> =
            expect.error_any_of.iter().chain(&expect.error).cloned().collect();
        if self.alembic_traceback {
            if !seen.clean_error {
                return Err(format!("no clean error\n-like: {}", wanted.join(" | ")));
            }
            return same(
                "the database after an error",
                &seen.content.0,
                &seen.content.1,
                How::Exact,
            );
        }
        same_error(&wanted, seen.error.as_deref(), seen.exit_code)?;
        if let Some(warning) = expect.warnings.iter().find(|text| !seen.warnings.contains(*text)) {
            return Err(format!("no warning\n-{warning}"));
        }
        if let Some(steps) = &expect.steps {
            self.compare_steps(steps, &seen.log)?;
            let versions = seen.versions.clone().unwrap_or_default();
            same("version rows", &expect.current_after, &versions, How::Exact)?;
            if wanted.is_empty() && expect.version_table_exists != Some(seen.versions.is_some()) {
                return Err(format!("version table: {:?}", seen.versions));
            }
        }
        if let Some(lines) = &expect.lines {
            // They were recorded on a database in memory.
            let without_url = |lines: &[String]| -> Vec<String> {
                lines.iter().map(|line| URL.replace(line, "$1 {url}:").into()).collect()
            };
            let (want, got) = (without_url(lines), without_url(&seen.lines));
            same("printed lines", &want, &got, self.order)?;
        }
        let connects = expect.steps.is_some() || self.command == "current";
        if connects && wanted.is_empty() && !seen.log.iter().any(|line| line == CONNECTED) {
            return Err(format!("no log line\n-{CONNECTED}"));
        }
        Ok(())
    }

    fn compare_steps(&self, steps: &[Step], log: &[String]) -> Compared {
        let got = log.iter().filter_map(|line| line.strip_prefix(RUNNING));
        let got: Vec<String> = got.map(String::from).collect();
        let want: Vec<String> = steps.iter().map(|step| self.step_line(step)).collect();
        let how = if self.order == How::Exact { How::Exact } else { How::Words };
        same("steps", &want, &got, how)?;
        if self.order != How::Partial {
            return Ok(());
        }
        let by_words: BTreeMap<_, _> = want.iter().map(|line| words(line)).zip(steps).collect();
        let done: Vec<&Step> = got.iter().map(|line| by_words[&words(line)]).collect();
        if self.is_topological(&done) {
            return Ok(());
        }
        Err(format!("a step comes before one that it needs\n{}", got.join("\n")))
    }

    fn step_line(&self, step: &Step) -> String {
        let kind = if step.direction == "stamp" { "stamp_revision" } else { &step.direction };
        let of_step = |revision: &&Revision| Some(&revision.revision) == step.revision.as_ref();
        // Where two files have one id, the last one counts.
        let message = self.revisions.iter().rev().find(of_step).map(|found| &found.message);
        let first =
            message.and_then(|text| text.split("\n\n").next()).filter(|text| !text.is_empty());
        let message = first.map(|text| format!(", {text}")).unwrap_or_default();
        format!("{kind} {} -> {}{message}", step.from.join(", "), step.to.join(", "))
    }

    /// Whether each upgrade follows its parents and dependencies, and each downgrade goes before them.
    fn is_topological(&self, steps: &[&Step]) -> bool {
        let mut order: Vec<&str> =
            steps.iter().filter_map(|step| step.revision.as_deref()).collect();
        if steps.first().is_some_and(|step| step.direction == "downgrade") {
            order.reverse();
        }
        let label = |name: &String| {
            let of_label = |revision: &&Revision| revision.branch_labels.contains(name);
            let found = self.revisions.iter().find(of_label);
            found.map_or(name.clone(), |revision| revision.revision.clone())
        };
        let place = |id: &str| order.iter().position(|known| *known == id);
        self.revisions.iter().all(|revision| {
            let dependencies = revision.depends_on.iter().map(label);
            let mut needed = revision.down_revision.all().iter().cloned().chain(dependencies);
            let at = place(&revision.revision);
            needed.all(|needed| place(&needed) < at || at.is_none() || place(&needed).is_none())
        })
    }
}
