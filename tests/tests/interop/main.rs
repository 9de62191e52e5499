//! One project, two programs: real Alembic and `ambix` take turns and read each other's version rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../programs/mod.rs"]
mod programs;

use programs::project::{Project, texts, versions};
use std::path::{Path, PathBuf};

/// The files of the five revisions, oldest first, with their ids.
const REVISIONS: [(&str, &str); 5] = [
    ("1975ea83b712_accounts.py", include_str!("project/versions/1975ea83b712_accounts.py")),
    ("ae1027a6acf5_email.py", include_str!("project/versions/ae1027a6acf5_email.py")),
    ("27c6a30d7c24_find_by_name.py", include_str!("project/versions/27c6a30d7c24_find_by_name.py")),
    (
        "3cf0a1b2d4e5_first_accounts.py",
        include_str!("project/versions/3cf0a1b2d4e5_first_accounts.py"),
    ),
    ("4d5e6f708192_invoices.py", include_str!("project/versions/4d5e6f708192_invoices.py")),
];

const MODELS: &str = include_str!("project/models.py");

struct Programs {
    ambix: PathBuf,
    alembic: PathBuf,
}

impl Programs {
    fn find(test: &str) -> Option<Self> {
        Some(Self { ambix: programs::ambix(test)?, alembic: programs::alembic(test)? })
    }

    /// Two projects with the five revisions: one made by each program's `init`.
    fn projects(&self, name: &str) -> [Project; 2] {
        [&self.alembic, &self.ambix].map(|program| {
            let project = Project::made_by(program, name);
            project.has_models(MODELS);
            for (file, text) in REVISIONS {
                project.write_revision(file, text);
            }
            project
        })
    }

    /// The rows are those of so many revisions, and `program` reads them so too.
    fn is_at(&self, applied: usize, project: &Project, program: &Path) {
        let id = REVISIONS[..applied].last().map(|(file, _)| &file[..12]);
        assert_eq!(versions(&project.database()), Vec::from_iter(id));
        let head = if applied == REVISIONS.len() { " (head)" } else { "" };
        let expected = id.map(|id| format!("{id}{head}\n")).unwrap_or_default();
        assert_eq!(project.runs(program, &["current"]), expected);
    }

    /// Both list the same.
    fn agree(&self, project: &Project) {
        for words in [["history", "--indicate-current"], ["heads", "--verbose"]] {
            let by_ambix = project.runs(&self.ambix, &words);
            assert_eq!(by_ambix, project.runs(&self.alembic, &words));
        }
    }
}

/// All that an application sees: tables as SQLite reports them, and their rows.
fn content(project: &Project) -> Vec<String> {
    let database = project.database();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                  AND name NOT IN ('alembic_version', '_ambix_journal') ORDER BY name";
    let mut content = Vec::new();
    for table in texts(&database, tables).unwrap() {
        content.push(table.clone());
        for select in [
            format!(
                "SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || ifnull(dflt_value, '-') \
                 || ' ' || pk FROM pragma_table_info('{table}')"
            ),
            format!(
                "SELECT name || ' ' || \"unique\" || ' ' || origin \
                 FROM pragma_index_list('{table}') ORDER BY name"
            ),
            format!(
                "SELECT \"from\" || ' ' || \"table\" || ' ' || \"to\" \
                 FROM pragma_foreign_key_list('{table}')"
            ),
        ] {
            content.extend(texts(&database, &select).unwrap());
        }
        if table == "account" {
            content.extend(texts(&database, "SELECT id || name FROM account").unwrap());
        }
    }
    content
}

#[test]
fn one_goes_up_and_the_other_down_and_the_other_way_round() {
    let Some(programs) = Programs::find("the test of both programs in one project") else { return };
    let (ambix, alembic) = (&programs.ambix, &programs.alembic);
    for project in programs.projects("turns") {
        let mut first = Vec::new();
        for (up, down) in [(ambix, alembic), (alembic, ambix)] {
            let mut seen = vec![Vec::new()];
            for applied in 1..=REVISIONS.len() {
                project.runs(up, &["upgrade", "+1"]);
                programs.is_at(applied, &project, down);
                seen.push(content(&project));
            }
            for applied in (0..REVISIONS.len()).rev() {
                project.runs(down, &["downgrade", "-1"]);
                programs.is_at(applied, &project, up);
                assert_eq!(content(&project), seen[applied], "back at {applied}");
            }
            if first.is_empty() {
                first = seen;
            } else {
                assert_eq!(seen, first, "what both programs make of the same revisions");
            }
        }
    }
}

#[test]
fn they_take_turns_at_each_step() {
    let Some(programs) = Programs::find("the test of both programs in turns") else { return };
    for project in programs.projects("steps") {
        let turn =
            |at: usize| if at.is_multiple_of(2) { &programs.ambix } else { &programs.alembic };
        for applied in 1..=REVISIONS.len() {
            project.runs(turn(applied), &["upgrade", "+1"]);
        }
        for applied in (0..REVISIONS.len()).rev() {
            project.runs(turn(applied), &["downgrade", "-1"]);
            if applied == 2 {
                programs.agree(&project);
            }
        }
        programs.is_at(0, &project, &programs.ambix);
    }
}

#[test]
fn alembic_finds_nothing_to_do_after_ambix() {
    let Some(programs) = Programs::find("the test of `alembic check` after `ambix`") else {
        return;
    };
    for project in programs.projects("check") {
        project.runs(&programs.ambix, &["upgrade", "head"]);
        let said = project.runs(&programs.alembic, &["check"]);
        assert_eq!(said, "No new upgrade operations detected.\n");
        let message = ["revision", "--autogenerate", "-m", "nothing", "--rev-id", "5e6f70819203"];
        project.runs(&programs.alembic, &message);
        let is_new = |path: &PathBuf| path.to_string_lossy().contains("5e6f70819203");
        let path = project.revisions().into_iter().find(is_new).expect("a new revision file");
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text.matches("    pass\n").count(), 2, "{text}");
        assert!(!text.contains("op."), "{text}");
    }
}

/// The journal and other tables of Ambix's own are no business of Alembic's autogenerate, and a difference
/// that there is must be seen: `check` above is not silent for a reason of its own.
#[test]
fn alembic_sees_a_difference_where_there_is_one() {
    let Some(programs) = Programs::find("the test of `alembic check` behind `ambix`") else {
        return;
    };
    for project in programs.projects("differs").into_iter().take(1) {
        project.runs(&programs.ambix, &["upgrade", "head"]);
        project.database().execute_batch("DROP TABLE invoice").unwrap();
        let ran = project.tries(&programs.alembic, &["check"]);
        assert_eq!(ran.code, Some(255), "{ran:?}");
        assert!(ran.stdout.contains("New upgrade operations detected"), "{ran:?}");
    }
}
