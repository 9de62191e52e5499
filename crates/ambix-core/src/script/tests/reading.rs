use super::*;
use crate::engine::hash;
use alloc::string::ToString;
use std::time::{Duration, Instant};

const ACCOUNT: &str = "\
-- revision: 1975ea83b712
-- revises: ae1027a6acf, 27c6a30d7c24
-- branch-labels: accounts
-- depends-on: 4f2a x9
-- message: create the account table
-- created: 2026-11-22 08:27:31.462407

-- upgrade

CREATE TABLE account (
    id INTEGER PRIMARY KEY, -- its number; never used again
    name TEXT DEFAULT ';'
);

INSERT INTO account (name) VALUES ('-- downgrade');

-- downgrade

DROP TABLE account;
";

#[test]
fn a_whole_file() {
    let script = read("a.sql", ACCOUNT).unwrap();
    assert_eq!(
        script.header,
        Header {
            revision: "1975ea83b712".into(),
            down_revision: ["ae1027a6acf".into(), "27c6a30d7c24".into()].into(),
            branch_labels: ["accounts".into()].into(),
            depends_on: ["4f2a".into(), "x9".into()].into(),
            message: "create the account table".into(),
            created: Some("2026-11-22 08:27:31.462407".into()),
            ..Header::default()
        }
    );
    let upgrade = script.upgrade.unwrap();
    assert!(upgrade.transaction);
    assert_eq!(statements(&upgrade)[1], "INSERT INTO account (name) VALUES ('-- downgrade')");
    let places: Vec<String> = upgrade
        .directives
        .iter()
        .map(|directive| directive.place.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(places, ["a.sql:10:1", "a.sql:15:1"]);
    assert_eq!(statements(&script.downgrade.unwrap()), ["DROP TABLE account"]);
}

#[test]
fn the_header_alone_does_not_look_at_the_sections() {
    let broken = with_header("-- upgrade\nSELECT 'open");
    assert_eq!(read_header("a.sql", &broken).unwrap().revision, "a1");
}

#[test]
fn order_case_and_blanks_are_free() {
    let header = read_header(
        "a.sql",
        "\u{feff}\n/* Ours. */\n--MESSAGE:x\n\n--   Revises :base\n-- just a comment\n--\tRevision: a1",
    );
    let header = header.unwrap();
    assert_eq!((&*header.revision, &*header.message), ("a1", "x"));
    assert!(header.down_revision.is_empty());
}

#[test]
fn a_message_goes_on_below_its_word() {
    for (lines, message) in [
        ("-- message: one\n--   two\n--     three", "one\ntwo\n  three"),
        ("-- message: one\n--\n-- two", "one\n\ntwo"),
        (
            "-- message: one\n--   revises: not a word\n--   upgrade",
            "one\nrevises: not a word\nupgrade",
        ),
        ("-- message: one\n\n-- a comment", "one"),
        ("-- message: one\n--\n--", "one"),
        ("-- message:\n--   one", "one"),
        ("-- message:", ""),
    ] {
        let header = read_header("a.sql", &with_header(lines)).unwrap();
        assert_eq!(header.message, message, "{lines}");
    }
}

#[test]
fn words_aligned_to_the_right_are_words() {
    let header = "-- revision: a1\n--  message: x\n--  revises: b2\n--  created: today\n";
    let header = read_header("a.sql", header).unwrap();
    assert_eq!((&*header.message, &*header.down_revision[0]), ("x", "b2"));
    assert_eq!(header.created.as_deref(), Some("today"));
}

#[test]
fn a_trigger_is_one_statement() {
    let trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  UPDATE a SET x = CASE WHEN 1 THEN 2 \
                   END;\n  -- two\n  DELETE FROM b;\nEND";
    let text = with_header(&alloc::format!("-- upgrade\n{trigger};\nSELECT 1"));
    let upgrade = read("a.sql", &text).unwrap().upgrade.unwrap();
    assert_eq!(statements(&upgrade), [trigger, "SELECT 1"]);
}

#[test]
fn marks_are_marks_on_lines_of_their_own_only() {
    let text = with_header(
        "-- upgrade\nSELECT 1; -- downgrade\n/*\n-- downgrade\n*/ -- downgrade\nSELECT '\n-- downgrade\n';\n\
         -- downgrade to what was\n-- revises: a comment here\n",
    );
    let script = read("a.sql", &text).unwrap();
    assert_eq!(statements(&script.upgrade.unwrap()), ["SELECT 1", "SELECT '\n-- downgrade\n'"]);
    assert!(script.downgrade.is_err());
}

#[test]
fn sections_may_be_empty_and_come_in_either_order() {
    let script = read("a.sql", &with_header("-- downgrade\n-- upgrade:\nSELECT 1")).unwrap();
    assert!(script.downgrade.unwrap().directives.is_empty());
    assert_eq!(statements(&script.upgrade.unwrap()), ["SELECT 1"]);
}

#[test]
fn without_a_transaction() {
    for text in [
        "-- transaction: none\n-- upgrade\nVACUUM;\n-- downgrade\n",
        "-- upgrade\n-- transaction: none\nVACUUM;\n-- downgrade\n",
        "-- upgrade\n\n-- Smaller.\n--Transaction:NONE\n\nVACUUM\n;\n-- downgrade\n",
    ] {
        let script = read("a.sql", &with_header(text)).unwrap();
        let (upgrade, downgrade) = (script.upgrade.unwrap(), script.downgrade.unwrap());
        assert!(!upgrade.transaction && downgrade.transaction, "{text}");
        assert_eq!(statements(&upgrade), ["VACUUM"]);
    }
}

#[test]
fn the_hash_forgets_formatting_comments_and_line_ends() {
    let of = |text: &str| hash(&read("a.sql", text).unwrap().upgrade.unwrap().directives);
    let hashed = of(ACCOUNT);
    assert_eq!(hashed, of(&ACCOUNT.replace('\n', "\r\n")));
    assert_eq!(hashed, of(&ACCOUNT.replace("-- its number; never used again", "/* n */")));
    assert_eq!(hashed, of(&ACCOUNT.replace("INSERT INTO", "\n\n  INSERT\tINTO")));
    assert_eq!(hashed, of(&ACCOUNT.replace("message: create", "message: make")));
    assert_ne!(hashed, of(&ACCOUNT.replace("name TEXT", "title TEXT")));
    assert_ne!(hashed, of(&ACCOUNT.replace("'-- downgrade'", "'--  downgrade'")));
}

#[test]
fn line_ends_of_windows_are_line_ends_in_texts_too() {
    let text = with_header("-- upgrade\nSELECT 'one\ntwo';\n").replace('\n', "\r\n");
    let upgrade = read("a.sql", &text).unwrap().upgrade.unwrap();
    assert_eq!(statements(&upgrade), ["SELECT 'one\ntwo'"]);
    let place = upgrade.directives[0].place.clone().unwrap();
    assert_eq!((place.line, place.span.of(&text)), (3, "SELECT 'one\r\ntwo'"));
}

/// Twice as long takes twice as long: a megabyte of anything is read in no time.
#[test]
fn long_files_are_read_in_linear_time() {
    let words = "-- upgrade\n";
    for (name, piece) in [
        ("statements in a line", "a;"),
        ("statements", "INSERT INTO t VALUES (1, 'x');\n"),
        ("comments", "-- comment\n"),
        ("comments in a row of blanks", "   \t  -- c\n\n\n\n"),
        ("marks in statements", "a -- upgrade\n"),
        ("parentheses", "("),
        ("quotes", "'' "),
        ("a trigger", "CREATE TRIGGER t BEGIN a; "),
        ("block comments", "/**/"),
    ] {
        let text = with_header(&(String::from(words) + &piece.repeat(250_000 / piece.len())));
        let begin = Instant::now();
        let _ = read("a.sql", &text);
        assert!(begin.elapsed() < Duration::from_secs(5), "{name}: {:?}", begin.elapsed());
    }
    let header = String::from("-- message: x\n") + &"--   line\n".repeat(100_000);
    let begin = Instant::now();
    assert_eq!(read_header("a.sql", &with_header(&header)).unwrap().message.len(), 500_001);
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}
