//! Alembic's tutorial, word for word.

use crate::project::Project;
use std::fs;

fn written(project: &Project) -> Vec<(String, String)> {
    let entries = fs::read_dir(project.path("alembic/versions")).unwrap();
    let mut files: Vec<(String, String)> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// The id in a line like `Generating …/1975ea83b712_create_account_table.py ...  done`.
fn id_of(line: &str) -> String {
    let name = line.rsplit('/').next().unwrap();
    name.split('_').next().unwrap().into()
}

#[test]
fn the_tutorial() {
    let project = Project::new();
    let mut revision = project.command(&["revision", "-m", "create account table"]);
    let made = crate::project::answered(&mut revision);
    assert_eq!(made.exit_code, Some(0), "{made:?}");
    let folder = fs::canonicalize(project.path("")).unwrap();
    let first = id_of(&made.out);
    let versions = folder.join("alembic/versions");
    assert_eq!(
        made.out,
        format!("Generating {}/{first}_create_account_table.py ...  done\n", versions.display())
    );
    assert_eq!(first.len(), 12);

    // Somebody fills it in.
    let (path, text) = written(&project).remove(0);
    let text = text.replacen(
        "    pass\n",
        "    op.create_table(\n        'account',\n        sa.Column('id', sa.Integer, primary_key=True),\n        \
         sa.Column('name', sa.String(50), nullable=False),\n        \
         sa.Column('description', sa.Unicode(200)),\n    )\n",
        1,
    );
    fs::write(&path, text.replacen("    pass\n", "    op.drop_table('account')\n", 1)).unwrap();

    let upgraded = project.types("upgrade head");
    assert_eq!(
        upgraded.error,
        format!(
            "INFO  [alembic.runtime.migration] Context impl SQLiteImpl.\n\
             INFO  [alembic.runtime.migration] Will assume non-transactional DDL.\n\
             INFO  [alembic.runtime.migration] Running upgrade  -> {first}, create account table\n"
        )
    );
    assert_eq!((upgraded.out.as_str(), upgraded.exit_code), ("", Some(0)));
    assert_eq!(project.number("SELECT count(*) FROM pragma_table_info('account')"), 3);

    let made = project.types_well("revision -m Add");
    let second = id_of(&made);
    let (path, text) =
        written(&project).into_iter().find(|(path, _)| path.contains(&second)).unwrap();
    let text = text.replacen(
        "    pass\n",
        "    op.add_column('account', sa.Column('last_transaction_date', sa.DateTime))\n",
        1,
    );
    let text =
        text.replacen("    pass\n", "    op.drop_column('account', 'last_transaction_date')\n", 1);
    fs::write(path, text).unwrap();

    project.types_well(&format!("upgrade {}", &second[..4]));
    assert_eq!(project.types_well("current"), format!("{second} (head)\n"));
    assert_eq!(project.types_well("heads"), format!("{second} (head)\n"));
    assert_eq!(
        project.types_well("history"),
        format!("{first} -> {second} (head), Add\n<base> -> {first}, create account table\n")
    );
    project.types_well("downgrade -1");
    project.types_well("upgrade +1");
    let down = project.types("downgrade base");
    assert!(
        down.error.contains(&format!("Running downgrade {second} -> {first}, Add\n")),
        "{down:?}"
    );
    assert!(down.error.contains(&format!("Running downgrade {first} -> , create account table\n")));
    assert_eq!(project.number("SELECT count(*) FROM sqlite_schema WHERE name = 'account'"), 0);
    assert_eq!(project.number("SELECT count(*) FROM alembic_version"), 0);
    assert_eq!(project.files("app.db-"), [""; 0], "no lock and no journal is left");
}

#[test]
fn autogenerate() {
    let project = Project::new();
    let made = project.types("revision --autogenerate -m accounts");
    assert_eq!(made.exit_code, Some(0), "{made:?}");
    let detected = "INFO  [alembic.autogenerate.compare.tables] Detected added table 'account'\n";
    assert!(made.error.contains(detected), "{made:?}");
    project.types_well("upgrade head");
    assert_eq!(project.number("SELECT count(*) FROM pragma_table_info('account')"), 3);
}
