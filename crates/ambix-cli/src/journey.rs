//! How far an upgrade has come: what is said when it is interrupted.

use ambix_core::engine::Event;
use ambix_core::revision::{Direction, Step};

/// The revisions of this command that ran, and the one that is running.
#[derive(Default)]
pub(crate) struct Journey {
    running: Option<Step>,
    done: Vec<Step>,
}

impl Journey {
    /// Takes note of what the engine tells.
    pub(crate) fn take_note(&mut self, event: &Event) {
        match event {
            Event::Started(step) => self.running = Some(step.clone()),
            // It may have run on a scratch database: what happened to the real one, `committed` is told.
            Event::Finished(_) => self.running = None,
            Event::Doubted(_)
            | Event::Planned(_)
            | Event::Loses { .. }
            | Event::Ran(_)
            | Event::Refused { .. } => {}
        }
    }

    /// A list of statements was committed: the running revision has happened.
    pub(crate) fn committed(&mut self) {
        self.done.extend(self.running.take());
    }

    /// Where the database stands after an interruption.
    pub(crate) fn stands(&self) -> String {
        let nothing = match &self.running {
            Some(step) => format!("nothing of the {} is {}", noun(step), participle(step)),
            None => String::new(),
        };
        match (&self.running, self.done.last()) {
            (None, None) => "Interrupted: the database is as it was.".into(),
            (Some(_), None) => format!("Interrupted: {nothing}, the database is as it was."),
            (None, Some(last)) => format!("Interrupted after the {}, which is whole.", noun(last)),
            (Some(_), Some(last)) => {
                format!("Interrupted: {nothing}. The {} before it is whole.", noun(last))
            }
        }
    }
}

fn noun(step: &Step) -> String {
    match step.direction {
        Direction::Upgrade => format!("upgrade to {}", step.revision),
        Direction::Downgrade => format!("downgrade of {}", step.revision),
    }
}

fn participle(step: &Step) -> &'static str {
    match step.direction {
        Direction::Upgrade => "applied",
        Direction::Downgrade => "taken back",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ambix_core::revision::{RevisionId, RevisionIds, VersionChanges};

    fn step(revision: &str, direction: Direction) -> Step {
        Step {
            direction,
            revision: RevisionId::new(revision).unwrap(),
            message: String::new(),
            from: RevisionIds::new(),
            to: RevisionIds::new(),
            heads_before: RevisionIds::new(),
            changes: VersionChanges::new(),
        }
    }

    #[test]
    fn it_says_what_is_applied_and_what_is_not() {
        let mut journey = Journey::default();
        assert_eq!(journey.stands(), "Interrupted: the database is as it was.");
        journey.take_note(&Event::Started(step("a1", Direction::Upgrade)));
        assert_eq!(
            journey.stands(),
            "Interrupted: nothing of the upgrade to a1 is applied, the database is as it was."
        );
        journey.committed();
        assert_eq!(journey.stands(), "Interrupted after the upgrade to a1, which is whole.");
        journey.take_note(&Event::Started(step("b2", Direction::Downgrade)));
        assert_eq!(
            journey.stands(),
            "Interrupted: nothing of the downgrade of b2 is taken back. The upgrade to a1 before it is whole."
        );
    }
}
