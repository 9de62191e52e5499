//! What stops an upgrade from outside: SIGKILL at any moment, Ctrl-C, a second process.
//!
//! 20 kills, 200 with `AMBIX_TEST_ALL=1`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

mod programs;

use programs::project::{Project, Ran, texts, versions};
use rusqlite::Connection;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

const REVISIONS: usize = 50;

/// So many rows are in each table of a revision that is applied.
const ROWS: usize = 300;

/// Longer than any upgrade takes on a busy machine.
const TOO_LONG: Duration = Duration::from_secs(120);

fn id(nth: usize) -> String {
    format!("{nth:012x}")
}

/// Each revision makes two tables and fills both: one that is half applied shows.
fn project(program: &Path, name: &str) -> Project {
    let project = Project::made_by(program, name);
    for nth in 1..=REVISIONS {
        let down = if nth == 1 { "None".into() } else { format!("'{}'", id(nth - 1)) };
        let id = id(nth);
        let tables = [format!("left{nth}"), format!("right{nth}")];
        let make = tables.each_ref().map(|table| {
            format!(
                "    op.create_table('{table}', sa.Column('id', sa.Integer(), nullable=False), \
                 sa.Column('text', sa.String(length=20), nullable=True), \
                 sa.PrimaryKeyConstraint('id'))\n    \
                 op.execute(\"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
                 WHERE i < {ROWS}) INSERT INTO {table} SELECT i, 'row ' || i FROM n\")\n"
            )
        });
        let drop = tables.each_ref().map(|table| format!("    op.drop_table('{table}')\n"));
        let text = format!(
            "\"\"\"step {nth}\n\nRevision ID: {id}\n\n\"\"\"\nfrom alembic import op\n\
             import sqlalchemy as sa\n\nrevision = '{id}'\ndown_revision = {down}\n\
             branch_labels = None\ndepends_on = None\n\n\n\
             def upgrade() -> None:\n{}\n\ndef downgrade() -> None:\n{}",
            make.concat(),
            drop.concat()
        );
        project.write_revision(&format!("{id}_step_{nth}.py"), &text);
    }
    project
}

/// How many revisions the database has. Everything that they make must be there, and nothing else.
fn whole_revisions(project: &Project) -> usize {
    if !project.has_database() {
        return 0;
    }
    let database = project.database();
    let check = texts(&database, "PRAGMA integrity_check").expect("the file opens");
    assert_eq!(check, ["ok"]);
    let at = match versions(&database).as_slice() {
        [] => 0,
        [at] => usize::from_str_radix(at, 16).unwrap(),
        several => panic!("the rows {several:?}"),
    };
    let mut expected: Vec<String> =
        (1..=at).flat_map(|nth| [format!("left{nth}"), format!("right{nth}")]).collect();
    expected.sort();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND \
                  (name LIKE 'left%' OR name LIKE 'right%') ORDER BY name";
    assert_eq!(texts(&database, tables).unwrap(), expected, "the tables of revision {at}");
    for table in expected {
        assert_eq!(count(&database, &table), ROWS, "the rows of {table} at revision {at}");
    }
    at
}

fn count(database: &Connection, table: &str) -> usize {
    let select = format!("SELECT count(*) FROM {table}");
    database.query_row(&select, [], |row| row.get::<_, u32>(0)).unwrap() as usize
}

/// An upgrade that is under way, and the moments of its log lines.
struct Upgrade {
    process: Child,
    started: Instant,
    /// One for each `Running upgrade`; then, with the end of the log, the whole log.
    log: Receiver<Result<Duration, String>>,
}

impl Upgrade {
    fn start(project: &Project, program: &Path) -> Self {
        let started = Instant::now();
        let mut process = project.command(program, &["upgrade", "head"]).spawn().unwrap();
        let stderr = process.stderr.take().unwrap();
        let (tell, log) = mpsc::channel();
        thread::spawn(move || {
            let mut whole = String::new();
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if line.contains("Running upgrade") {
                    // Nobody may be listening any more.
                    let _ = tell.send(Ok(started.elapsed()));
                }
                whole.push_str(&line);
                whole.push('\n');
            }
            let _ = tell.send(Err(whole));
        });
        Self { process, started, log }
    }

    /// Waits until so many revisions have begun, or the log ends.
    fn wait_for(&self, begun: usize) {
        for _ in 0..begun {
            if !matches!(self.log.recv_timeout(TOO_LONG), Ok(Ok(_))) {
                return;
            }
        }
    }

    /// Waits for the end. Gives when each revision began, and when all was over.
    fn end(mut self) -> (Vec<Duration>, Duration, Ran) {
        let mut begun = Vec::new();
        let stderr = loop {
            match self.log.recv_timeout(TOO_LONG).expect("an end of the log") {
                Ok(moment) => begun.push(moment),
                Err(log) => break log,
            }
        };
        let mut stdout = String::new();
        self.process.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        let code = self.process.wait().unwrap().code();
        (begun, self.started.elapsed(), Ran { code, stdout, stderr })
    }

    fn end_well(self) -> (Vec<Duration>, Duration) {
        let (begun, all, ran) = self.end();
        assert_eq!(ran.code, Some(0), "{ran:#?}");
        (begun, all)
    }
}

/// Numbers from 0 to 1, spread evenly, in a fixed disorder.
fn moments(count: usize) -> impl Iterator<Item = f64> {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    (1..=count).map(|nth| (nth as f64 * GOLDEN).fract())
}

#[test]
fn a_kill_at_any_moment_leaves_a_whole_revision() {
    let Some(ambix) = programs::ambix("the test of kills") else { return };
    let project = project(&ambix, "kill");
    let (begun, all) = Upgrade::start(&project, &ambix).end_well();
    assert_eq!(whole_revisions(&project), REVISIONS);
    assert_eq!(begun.len(), REVISIONS, "a log line for each revision");
    let each = (all - begun[0]) / REVISIONS as u32;

    let kills = programs::sample(20, 200);
    let mut in_the_middle = 0;
    for (nth, moment) in moments(kills).enumerate() {
        project.forget_database();
        let mut upgrade = Upgrade::start(&project, &ambix);
        if nth.is_multiple_of(4) {
            // At any time, also before the first revision and about the end.
            thread::sleep(all.mul_f64(moment));
        } else {
            // At any place, however quick the machine is just now.
            let place = moment * REVISIONS as f64;
            upgrade.wait_for(place as usize + 1);
            thread::sleep(each.mul_f64(place.fract()));
        }
        // It may have ended before.
        let _ = upgrade.process.kill();
        upgrade.process.wait().unwrap();
        let at = whole_revisions(&project);
        in_the_middle += usize::from((1..REVISIONS).contains(&at));
        Upgrade::start(&project, &ambix).end_well();
        assert_eq!(whole_revisions(&project), REVISIONS, "after a kill at {at}");
    }
    println!("{in_the_middle} of {kills} kills hit between the first and the last revision");
    assert!(in_the_middle * 3 >= kills, "only {in_the_middle} of {kills} kills hit the middle");
}

#[test]
fn of_two_processes_at_once_each_revision_is_applied_by_one() {
    let Some(ambix) = programs::ambix("the test of two processes at once") else { return };
    let project = project(&ambix, "two");
    for round in 0..programs::sample(3, 20) {
        project.forget_database();
        let both = [(); 2].map(|()| Upgrade::start(&project, &ambix));
        let applied = both.map(|upgrade| upgrade.end_well().0.len());
        assert_eq!(applied[0] + applied[1], REVISIONS, "round {round}: {applied:?}");
        assert_eq!(whole_revisions(&project), REVISIONS);
    }
}

#[test]
fn ctrl_c_leaves_a_whole_revision_and_says_which() {
    let Some(ambix) = programs::ambix("the test of Ctrl-C") else { return };
    let project = project(&ambix, "interrupt");
    let mut in_the_middle = 0;
    let rounds = programs::sample(5, 50);
    for moment in moments(rounds) {
        project.forget_database();
        let upgrade = Upgrade::start(&project, &ambix);
        upgrade.wait_for((moment * REVISIONS as f64) as usize + 1);
        let pid = upgrade.process.id().to_string();
        // It may have ended before.
        let _ = Command::new("kill").args(["-INT", &pid]).status().unwrap();
        let (_, _, ran) = upgrade.end();
        let at = whole_revisions(&project);
        if at == REVISIONS {
            continue;
        }
        assert!(ran.code != Some(0), "interrupted at {at}: {ran:#?}");
        let stands = if at == 0 { "base".into() } else { id(at) };
        let mut said = ran.stdout.lines().chain(ran.stderr.lines());
        let says = said.any(|line| !line.contains("Running upgrade") && line.contains(&stands));
        assert!(says, "does not say that it stands at {stands}: {ran:#?}");
        in_the_middle += 1;
        Upgrade::start(&project, &ambix).end_well();
        assert_eq!(whole_revisions(&project), REVISIONS);
    }
    assert!(in_the_middle * 3 >= rounds, "only {in_the_middle} of {rounds} were interrupted");
}
