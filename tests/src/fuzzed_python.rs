//! What must hold for any text at all that is read as Python: it is read or refused, in bounded time and memory,
//! and each error lies in its place. The fuzz target calls this, and so does the test that replays what it has
//! found.

use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::Model;
use ambix_core::revision::Direction;
use ambix_core::schema::NamingConvention;
use ambix_core::sqlite::alter::Stop;

/// The first byte says what the rest is: a whole file, the body of `upgrade()`, or models.
pub fn python(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    match kind % 3 {
        0 => file(&text),
        1 => file(&script(&text)),
        _ => file(&models(&text)),
    }
}

fn script(body: &str) -> String {
    let body = body.replace('\n', "\n    ");
    format!(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'a'\ndown_revision = None\n\
         t = sa.table('t', sa.column('a', sa.Integer))\n\ndef upgrade():\n    bind = op.get_bind()\n    {body}\n\n\
         def downgrade():\n    pass\n"
    )
}

fn models(text: &str) -> String {
    format!(
        "from sqlalchemy import *\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\
         class Base(DeclarativeBase):\n    pass\n{text}"
    )
}

fn file(text: &str) {
    let convention = NamingConvention::default();
    let check = |error: &Diagnostic| {
        if let Some(place) = &error.place {
            assert!(text.get(place.span.start..place.span.end).is_some(), "{place:?} is outside");
        }
    };
    match ambix_python::read_script("a.py", text, &convention) {
        Err(error) => check(&error),
        Ok(script) => {
            let both =
                [(script.upgrade, Direction::Upgrade), (script.downgrade, Direction::Downgrade)];
            for (read, direction) in both {
                let Err(error) = read else { continue };
                check(&error);
                let mut model = Model::offline();
                model.follow("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)");
                let read =
                    ambix_python::read_script_for("a.py", text, &convention, direction, &model);
                if let Err(Stop::Refused(error)) = &read {
                    check(error);
                }
            }
        }
    }
    let models = ambix_python::read_models(&[("a.py".into(), text.into())]);
    models.diagnostics.iter().for_each(check);
}
