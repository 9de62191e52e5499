//! Recorded runs of real Alembic in a project folder (`recorded/cli.jsonl`), through the program: what each
//! command printed, wrote and did to the database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_tests::compare::{Compared, How, lines, same, same_files, same_text};
use ambix_tests::folder::{Folder, content, versions};
use ambix_tests::placeholders::Placeholders;
use ambix_tests::replay::{Listed, replay};
use ambix_tests::schema::{same_schema, statements};
use ambix_tests::shell::{Program, Run, is_log_line};
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Case {
    files: Files,
    /// Commands, and what happens between them: `!sql`, `!rm`, `!write`, `!env`.
    run: Vec<Vec<String>>,
    expect: Vec<Expect>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Expect {
    rc: i32,
    stdout: Option<String>,
    stdout_compare: How,
    stderr_log_lines: Option<Vec<String>>,
    stderr_log_lines_compare: How,
    /// The last line of what argparse says; what is said instead is free.
    stderr_last: Option<String>,
    /// The end of a traceback.
    traceback: Option<Vec<String>>,
    traceback_compare: Option<How>,
    warnings: Vec<String>,
    /// None: there is no version table.
    version_rows: Option<Vec<String>>,
    /// Only where it is another one than before.
    schema_sql: Option<Vec<String>>,
    files_written: Files,
    files_created: Vec<String>,
    files_changed: Vec<String>,
}

type Files = BTreeMap<String, String>;

#[test]
fn runs_are_as_recorded() {
    let program = Program::under_test();
    let listed = if program.is_alembic { Listed::default() } else { Listed::read() };
    replay(include_str!("../recorded/cli.jsonl"), 1, &listed, |case| judge(case, &program));
}

fn judge(case: &Case, program: &Program) -> Compared {
    let folder = Folder::new();
    for (path, text) in &case.files {
        folder.write(path, &text.replace("{here}", &folder.here.to_string_lossy()));
    }
    let placeholders = Placeholders::new(&folder);
    let mut session =
        Session { program, folder, placeholders, variables: Vec::new(), schema: None };
    for (words, expect) in case.run.iter().zip(&case.expect) {
        if words[0].starts_with('!') {
            session.happens(words);
            continue;
        }
        let goes_on = session.command(&words[1..], expect);
        if !goes_on.map_err(|problem| format!("{}\n{problem}", words.join(" ")))? {
            break;
        }
    }
    Ok(())
}

/// One case under way.
struct Session<'a> {
    program: &'a Program,
    folder: Folder,
    placeholders: Placeholders,
    variables: Vec<(String, String)>,
    /// What the schema must be, from the first time that it is told.
    schema: Option<Vec<String>>,
}

/// What a command did to the files.
struct Changes {
    /// All files after it.
    after: Files,
    new: Vec<String>,
    changed: Vec<String>,
}

impl Session<'_> {
    fn happens(&mut self, words: &[String]) {
        match (words[0].as_str(), &words[1..]) {
            ("!sql", [statement]) => self.folder.execute(statement),
            ("!rm", [path]) => self.folder.remove(&self.placeholders.meant(path)),
            ("!write", [path, text]) => self.folder.write(path, &self.placeholders.meant(text)),
            ("!env", [name, value]) => self.variables.push((name.clone(), value.clone())),
            _ => panic!("{words:?} is not known"),
        }
    }

    /// Runs a command and compares. Gives whether what follows can still be compared.
    fn command(&mut self, words: &[String], expect: &Expect) -> Result<bool, String> {
        let (before, files) = (content(&self.folder.database()), self.folder.files());
        let versions_before = versions(&self.folder.database());
        let words: Vec<String> = words.iter().map(|word| self.placeholders.meant(word)).collect();
        let run = self.program.run(&self.folder.here, &words, &self.variables)?;

        let after = self.folder.files();
        let is_new = |path: &&String| !files.contains_key(*path);
        let is_changed =
            |path: &&String| files.get(*path).is_some_and(|text| *text != after[*path]);
        let new: Vec<String> = after.keys().filter(is_new).cloned().collect();
        let changed = after.keys().filter(is_changed).cloned().collect();
        self.placeholders.learn(new.iter().map(|path| &after[path]), &words.join(" "));
        let changes = Changes { after, new, changed };

        let same_schema_as_before = expect.schema_sql.is_none() || expect.schema_sql == self.schema;
        if expect.schema_sql.is_some() {
            self.schema.clone_from(&expect.schema_sql);
        }
        let traceback = expect.traceback.is_some() || expect.traceback_compare.is_some();
        if !traceback {
            self.compare_output(&run, expect)?;
        } else if !self.is_error_instead(&run, expect) {
            let lines = expect.traceback.as_deref().unwrap_or_default().join("\n-");
            return Err(format!(
                "neither Alembic's error nor a clean one\n-{lines}\n{}",
                run.tail()
            ));
        } else if !run.has_traceback() {
            // A clean error may stop at a better place than a traceback does, but at a clean one.
            let database = self.folder.database();
            if statements(&database).iter().any(|statement| statement.contains("_alembic_tmp_")) {
                return Err("an error, and a table _alembic_tmp_… left behind".into());
            }
            let now = versions(&database);
            if now.clone().unwrap_or_default() == versions_before.unwrap_or_default() {
                same("the database after an error", &before, &content(&database), How::Exact)?;
            }
            let written: Vec<String> = self.written(&changes).into_keys().collect();
            return Ok(self.named(&now.unwrap_or_default())
                == expect.version_rows.clone().unwrap_or_default()
                && same_schema_as_before
                && written.iter().eq(expect.files_written.keys()));
        }
        self.compare_database(expect)?;
        self.compare_files(&words, &changes, expect)?;
        Ok(true)
    }

    /// Whether a run ended in a clean error, or with the error that ends Alembic's traceback.
    fn is_error_instead(&self, run: &Run, expect: &Expect) -> bool {
        if run.exit_code == 255 && run.error().is_some() {
            return true;
        }
        let last = expect.traceback.as_ref().and_then(|lines| lines.first());
        let last = last.map_or("", String::as_str);
        let err = self.placeholders.named(&run.err);
        let said = match expect.traceback_compare {
            // Which of two names it mentions is another one each time.
            Some(_) => {
                let mut lines = err.lines();
                last.is_empty() || lines.any(|line| same_text("", last, line, How::Words).is_ok())
            }
            None => err.contains(last.split_once(": ").map_or(last, |(_, message)| message)),
        };
        run.exit_code == expect.rc && said
    }

    fn compare_output(&self, run: &Run, expect: &Expect) -> Compared {
        if run.exit_code != expect.rc {
            let (want, tail) = (expect.rc, run.tail());
            return Err(format!("exit code {}, expected {want}\n{tail}", run.exit_code));
        }
        let out = self.by_alembic(&self.placeholders.named(&run.out));
        let err = lines(&self.by_alembic(&self.placeholders.named(&run.err)));
        let (log, other): (Vec<String>, Vec<String>) =
            err.into_iter().partition(|line| is_log_line(line));
        if let Some(want) = &expect.stdout {
            let (want, got) = (without_version(want), without_version(&out));
            let how = if_random(&lines(&want), expect.stdout_compare);
            same_text("what is printed", &want, &got, how)?;
        }
        if let Some(want) = &expect.stderr_log_lines {
            same("the log", want, &log, if_random(want, expect.stderr_log_lines_compare))?;
        }
        let other: Vec<String> = other.into_iter().filter(|line| !line.trim().is_empty()).collect();
        if let (Some(want), true) = (&expect.stderr_last, other.is_empty()) {
            return Err(format!("nothing on standard error\n-{want}"));
        }
        for warning in &expect.warnings {
            let message = warning.split_once(": ").map_or("", |(_, message)| message);
            if !log.iter().chain(&other).any(|line| line.contains(message)) {
                return Err(format!("no warning\n-{warning}\n{}", run.tail()));
            }
        }
        Ok(())
    }

    fn compare_database(&self, expect: &Expect) -> Compared {
        let database = self.folder.database();
        let as_lines =
            |rows: Option<Vec<String>>| rows.unwrap_or(vec!["(no version table)".into()]);
        let want = as_lines(expect.version_rows.clone());
        let got = as_lines(versions(&database).map(|rows| self.named(&rows)));
        // The rows are a set.
        same("the version table", &want, &got, How::Lines)?;
        match &self.schema {
            Some(schema) => same_schema("the schema", schema, &database),
            None => Ok(()),
        }
    }

    fn compare_files(&self, words: &[String], changes: &Changes, expect: &Expect) -> Compared {
        // Of what `init` writes only the names are recorded. The word may also be a message.
        let commands = ["init", "revision", "merge", "stamp", "upgrade", "edit"];
        let command = words.iter().find(|word| commands.contains(&word.as_str()));
        let init = command.is_some_and(|word| word == "init");
        let sorted = |paths: &[String]| {
            let mut paths = self.named(paths);
            paths.sort_unstable();
            paths
        };
        let created = if init { sorted(&changes.new) } else { Vec::new() };
        same("new files", &expect.files_created, &created, How::Exact)?;
        if init {
            let changed = sorted(&changes.changed);
            return same("changed files", &expect.files_changed, &changed, How::Exact);
        }
        same_files("written files", &expect.files_written, &self.written(changes))
    }

    fn written(&self, changes: &Changes) -> Files {
        let paths = changes.new.iter().chain(&changes.changed).filter(|path| !path.ends_with('/'));
        let files = paths.map(|path| (path.clone(), changes.after[path].clone())).collect();
        self.placeholders.named_files(&files)
    }

    fn named(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.placeholders.named(text)).collect()
    }

    /// Help and version with the name of Alembic in the program's place.
    fn by_alembic(&self, text: &str) -> String {
        let name = regex::escape(&self.program.name);
        let name = Regex::new(&format!(r"(?m)^(usage: )?{name}\b")).unwrap();
        name.replace_all(text, "${1}alembic").into()
    }
}

/// How lines can be compared: generated ids are random, and with them Alembic's order of revisions that are
/// not related.
fn if_random(want: &[String], how: How) -> How {
    let generated = want.iter().filter(|line| line.contains("{rev")).count();
    if how == How::Exact && generated > 1 { How::Lines } else { how }
}

fn without_version(text: &str) -> String {
    let version = Regex::new(r"^alembic \d\S*").unwrap();
    version.replace(text, "alembic {version}").into()
}
