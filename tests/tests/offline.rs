//! `--sql` for changes of tables: the script gives the same database as the revisions.
#![allow(clippy::unwrap_used, clippy::panic)]

use ambix_core::engine::{OfflineSettings, ScriptDirectory, Transactions, offline, plan};
use ambix_core::revision::{Direction, RevisionId};
use ambix_tests::history::{Scripts, history, upgrade, whole};
use ambix_tests::perform;
use rusqlite::Connection;

/// The script for the way from one revision to the next ones.
fn script(from: &[RevisionId], target: &str, transactions: Transactions) -> String {
    let scripts = Scripts::new();
    let plan = plan(scripts.graph(), from, target, Direction::Upgrade).unwrap();
    let settings = OfflineSettings { transactions, ..OfflineSettings::default() };
    let parts = offline(&scripts, &plan, &settings).unwrap();
    parts.iter().flat_map(|part| part.texts.clone()).collect::<Vec<_>>().join("\n\n")
}

/// The database without what only Ambix itself keeps, without the quotes that a native RENAME puts, and with
/// blanks for tabs, as a script has them.
fn seen(database: &Connection) -> String {
    database.execute_batch("DROP TABLE IF EXISTS _ambix_journal").unwrap();
    whole(database).replace("\\\"", "").replace("\\t", "    ")
}

#[test]
fn the_script_of_all_revisions_gives_the_same_database() {
    let online = Connection::open_in_memory().unwrap();
    upgrade("head", false, |request| perform(&online, request)).unwrap();
    let online = seen(&online);
    for transactions in [Transactions::None, Transactions::Whole, Transactions::Each] {
        for foreign_keys in [false, true] {
            let database = Connection::open_in_memory().unwrap();
            database.pragma_update(None, "foreign_keys", foreign_keys).unwrap();
            database.execute_batch(&script(&[], "head", transactions)).unwrap();
            database.pragma_update(None, "foreign_keys", true).unwrap();
            assert_eq!(seen(&database), online, "{transactions:?} {foreign_keys}");
        }
    }
}

#[test]
fn a_script_may_begin_at_any_revision() {
    for at in 0..history().len() - 1 {
        let online = Connection::open_in_memory().unwrap();
        let id = RevisionId::stored(format!("r{at}"));
        let target: &'static str = String::from(id.as_str()).leak();
        upgrade(target, false, |request| perform(&online, request)).unwrap();
        let rest = script(&[id], "head", Transactions::None);
        online.execute_batch(&rest).unwrap();
        let whole_way = Connection::open_in_memory().unwrap();
        upgrade("head", false, |request| perform(&whole_way, request)).unwrap();
        assert_eq!(seen(&online), seen(&whole_way), "from r{at}");
    }
}
