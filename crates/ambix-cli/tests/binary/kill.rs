//! The program is killed on the spot, at moments all over an upgrade.

use crate::project::Project;
use std::process::Stdio;
use std::time::{Duration, Instant};

const REVISIONS: i64 = 50;

/// `AMBIX_KILLS` sets how often; the short suite takes this.
const KILLS: u32 = 20;

/// The number of the revision that the database is at.
fn position(project: &Project) -> i64 {
    let version_table = "SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'";
    if !project.path("app.db").exists() || project.number(version_table) == 0 {
        return 0;
    }
    assert!(project.number("SELECT count(*) FROM alembic_version") <= 1);
    project.number(
        "SELECT coalesce(max(CAST(substr(version_num, 2) AS INTEGER)), 0) FROM alembic_version",
    )
}

fn tables(project: &Project) -> i64 {
    match project.path("app.db").exists() {
        true => project
            .number("SELECT count(*) FROM sqlite_schema WHERE name LIKE 't%' AND type = 'table'"),
        false => 0,
    }
}

#[test]
fn it_is_always_at_a_revision_and_goes_on_from_there() {
    let kills =
        std::env::var("AMBIX_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let project = Project::with_tables(50);
    let began = Instant::now();
    project.types_well("upgrade head");
    let whole = began.elapsed();
    let mut positions = Vec::new();
    for kill in 0..kills {
        let _ = std::fs::remove_file(project.path("app.db"));
        let mut upgrade = project.command(&["upgrade", "head"]);
        let mut child = upgrade.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(
            whole.mul_f64(f64::from(kill) / f64::from(kills)).max(Duration::from_millis(1)),
        );
        child.kill().unwrap();
        child.wait().unwrap();

        let at = position(&project);
        assert_eq!(tables(&project), at, "a revision is whole or not at all");
        if at > 0 {
            assert_eq!(
                project.number(
                    "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"
                ),
                1
            );
        }
        project.types_well("upgrade head");
        assert_eq!((position(&project), tables(&project)), (REVISIONS, REVISIONS));
        assert_eq!(project.files("app.db"), ["app.db"]);
        positions.push(at);
    }
    let hit = positions.iter().filter(|at| (1..REVISIONS).contains(*at)).count();
    assert!(hit > 0, "no kill came in the middle: {positions:?}");
}
