//! Ambix in this process: files are a map, the database is in memory.

use super::case::{Answer, Case, Ending};
use ambix_tests::{Typist, rows};

/// Asks Ambix the same. The rows that the case begins with must be known.
pub(crate) fn answer(case: &Case) -> Answer {
    let current = case.current.clone().expect("rows to begin with");
    let mut typist = project(case, &current);
    let words = case.words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    let answered = typist.types(&format!("alembic {words}"));
    let running = answered.log.iter().filter_map(|line| {
        let (_, line) = line.split_once("[alembic.runtime.migration] ")?;
        line.starts_with("Running ").then(|| line.to_string())
    });
    // The database of the other side is in memory and not in a file.
    let lines = answered.lines.iter().map(|line| line.replace("sqlite:///app.db", "sqlite://"));
    let mut after = versions(&typist);
    after.sort();
    Answer {
        current,
        after,
        lines: lines.collect(),
        running: running.collect(),
        error: (answered.exit_code != 0).then(|| answered.error().message.clone()),
        ending: match answered.exit_code {
            0 => None,
            2 => Some(Ending::Usage),
            _ => Some(Ending::Command),
        },
    }
}

fn project(case: &Case, current: &[String]) -> Typist {
    let mut typist = Typist::new("");
    typist.journal = false;
    for (nth, revision) in case.revisions.iter().enumerate() {
        let text = format!(
            "\"\"\"{}\"\"\"\nrevision = {:?}\ndown_revision = {}\nbranch_labels = {}\n\
             depends_on = {}\n\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n",
            revision.message,
            revision.revision,
            python(&revision.down_revision),
            python(&revision.branch_labels),
            python(&revision.depends_on),
        );
        typist.files.insert(format!("versions/r{nth:03}.py"), text);
    }
    if !current.is_empty() {
        let create = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, \
                      CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))";
        typist.database.execute_batch(create).unwrap();
    }
    for id in current {
        typist.database.execute("INSERT INTO alembic_version VALUES (?)", [id]).unwrap();
    }
    typist
}

fn python(names: &[String]) -> String {
    match names {
        [] => "None".into(),
        [one] => format!("{one:?}"),
        several => format!("{several:?}"),
    }
}

fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(' ') { format!("'{word}'") } else { word.into() }
}

fn versions(typist: &Typist) -> Vec<String> {
    match rows(&typist.database, "SELECT version_num FROM alembic_version") {
        Ok(rows) => rows.rows.iter().map(|row| row[0].as_text().unwrap().into()).collect(),
        Err(_) => Vec::new(),
    }
}
