//! `revision`: a new revision file, empty or with the difference between models and database.

use super::Done;
use super::comparing::{Said, difference};
use super::desk::Desk;
use super::filling::Fill;
use super::merging::{Draft, write_file};
use crate::grammar::NewRevision;
use ambix_core::autogenerate::Rename;
use ambix_core::diagnostic::{Code, Diagnostic};

pub(super) async fn run(desk: &Desk, new: NewRevision) -> Done {
    let project = desk.project().await?;
    let refused = |message: &str, hint: &str| {
        Err(Diagnostic::error(Code::InvalidOptions, message).hint(hint.to_string()))
    };
    if new.sql && new.autogenerate {
        let message = "Using --sql with --autogenerate does not make any sense";
        return refused(message, "a comparison needs the database; leave --sql out");
    }
    if new.sql && !project.new_files.environment {
        let message = "Using --sql with the revision command when revision_environment is not \
                       configured does not make any sense";
        return refused(message, "leave --sql out");
    }
    for (option, given) in [("--rename", &new.renames), ("--fill", &new.fills)] {
        if !given.is_empty() && !new.autogenerate {
            let message = format!("Using {option} without --autogenerate does not make any sense");
            return refused(&message, "it is about what a comparison finds");
        }
    }
    let said = Said {
        renames: new.renames.iter().map(|text| Rename::parse(text)).collect::<Result<_, _>>()?,
        fills: new.fills.iter().map(|text| Fill::parse(text)).collect::<Result<_, _>>()?,
    };
    let state = match new.autogenerate {
        true => Some(desk.connect_to_look().await?),
        false => None,
    };
    let revisions = desk.revisions().await?;
    let difference = match state {
        Some(state) => Some(
            difference(desk, &state, &revisions, new.alembic_parity, Some(&said)).await?.comparison,
        ),
        None => None,
    };
    let draft = Draft {
        message: new.message,
        heads: vec![new.head.unwrap_or_else(|| "head".into())],
        splice: new.splice,
        branch_label: new.branch_label,
        version_path: new.version_path,
        rev_id: new.rev_id,
        depends_on: new.depends_on,
        difference,
        parity: new.alembic_parity,
    };
    write_file(desk, &revisions, draft).await
}
