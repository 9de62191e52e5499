use super::*;
use crate::diagnostic::{Code, Diagnostic};

/// `line:column message`, and the first way out.
fn told(error: &Diagnostic) -> (String, &str) {
    let place = error.place.as_ref().unwrap();
    let hint = error.hints.first().map_or("", |hint| &hint.text);
    (alloc::format!("{}:{} {}", place.line, place.column, error.message), hint)
}

#[track_caller]
fn header(text: &str, message: &str, hint: &str) {
    let error = read_header("a.sql", text).unwrap_err();
    assert_eq!(told(&error), (message.into(), hint), "{text}");
    assert_eq!(read("a.sql", text).unwrap_err(), error);
}

#[test]
fn of_the_header() {
    header(
        "-- revison: a1\n",
        "1:4 `revison` is no word of a revision's header",
        "did you mean `-- revision:`?",
    );
    header(
        "-- revision: a1\n-- down_revision: b2\n",
        "2:4 `down_revision` is no word of a revision's header",
        "did you mean `-- revises:`?",
    );
    header(
        "-- vim: set sw=2\n",
        "1:4 `vim` is no word of a revision's header",
        "the words are revision, revises, branch-labels, depends-on, message, created, transaction, \
         irreversible, keep-data",
    );
    header(
        "-- message: x\n-- revision: a1\n-- MESSAGE: y\n",
        "3:4 The header says `message` twice",
        "it is also in line 1; take one of them out",
    );
    for text in ["", "-- upgrade\n-- revision: a1\n", "/* -- revision: a1 */"] {
        header(
            text,
            "1:1 The header of a.sql does not say the revision's id",
            "write `-- revision: ID` above `-- upgrade`, with an id that no other file has",
        );
    }
    header(
        "-- revision: a1\n  CREATE TABLE t (a);\n-- upgrade\n",
        "2:3 A statement stands above the first section",
        "put it below the line `-- upgrade`; above are only comments",
    );
    header("/* a\n", "1:1 The comment that begins here is never closed", "close it with */");
    header(
        "-- revision: a1\n-- upgrade the table:\n-- upgrade: tables\n",
        "3:1 This is nearly the line `-- upgrade`, which begins a section",
        "if it begins the section, write `-- upgrade` and nothing else on the line",
    );
    header(
        "-- revision: a1\0",
        "1:16 The file holds a NUL byte, which no SQL can",
        "save the file as UTF-8 text",
    );
    header(
        "-- revision: a1\n-- transaction: each\n",
        "2:17 `transaction` cannot be 'each'",
        "write `-- transaction: none` for a statement that cannot be in a transaction",
    );
    header(
        "-- revision: a1\n-- keep-data: yes\n",
        "2:15 `keep-data` cannot be 'yes'",
        "write `-- keep-data: true` or `-- keep-data: false`",
    );
}

#[test]
fn of_ids() {
    let error = read_header("a.sql", "-- revision: a-1\n").unwrap_err();
    assert_eq!(error.code, Code::IllegalRevisionId);
    assert_eq!(told(&error).0, "1:14 Character(s) '-' not allowed in revision identifier 'a-1'");
    let error = read_header("a.sql", "-- revision: a1\n-- revises: b2, c@3\n").unwrap_err();
    assert_eq!(told(&error).0, "2:17 Character(s) '@' not allowed in revision identifier 'c@3'");
    header(
        "-- revision: a b\n",
        "1:14 'a b' is more than one id",
        "an id in a .sql revision has no blanks and no commas",
    );
    header(
        "-- revision: Base\n",
        "1:14 'base' is no id: it stands for what is before the first revision",
        "take another id",
    );
    header(
        "-- revision: a1\n-- revises: b2 base\n",
        "2:16 `base` stands for no revision, and other revisions stand beside it",
        "take `base` out, or the others",
    );
}

#[track_caller]
fn upgrade(sections: &str, message: &str, hint: &str) -> Script {
    let script = read("a.sql", &with_header(sections)).unwrap();
    assert_eq!(told(script.upgrade.as_ref().unwrap_err()), (message.into(), hint), "{sections}");
    script
}

#[test]
fn what_is_open_is_told_where_it_opens_and_swallows_the_rest() {
    for (sections, message, hint) in [
        (
            "-- upgrade\nSELECT 'it''s;\n-- downgrade\n",
            "3:8 The text that opens here is never closed",
            "close it with '; within a text, ' is written ''",
        ),
        (
            "-- upgrade\nSELECT x'00;\n-- downgrade\n",
            "3:8 The text that opens here is never closed",
            "close it with '; within a text, ' is written ''",
        ),
        (
            "-- upgrade\nSELECT [a;\n-- downgrade\n",
            "3:8 The name that opens here is never closed",
            "close it with ]",
        ),
        (
            "-- upgrade\nSELECT 1; /*/\n-- downgrade\n",
            "3:11 The comment that opens here is never closed",
            "close it with */",
        ),
    ] {
        let script = upgrade(sections, message, hint);
        assert_eq!(script.downgrade, script.upgrade);
    }
}

#[test]
fn an_unfinished_statement_spoils_its_own_section_only() {
    for (sections, message, hint) in [
        (
            "-- upgrade\nSELECT 1;\nSELECT 2\n-- downgrade\nSELECT 3;",
            "4:1 The statement that begins here has no semicolon before `-- downgrade`",
            "end it with a semicolon",
        ),
        (
            "-- upgrade\nCREATE TABLE t (a\n-- downgrade\nSELECT 3;",
            "3:16 The parenthesis that opens here is not closed before `-- downgrade`",
            "close it with ), and end the statement with a semicolon",
        ),
        (
            "-- upgrade\nCREATE TRIGGER t BEGIN SELECT 1; SELECT 2 END;\n-- downgrade\nSELECT 3;",
            "3:1 The trigger that begins here has no END; before `-- downgrade`",
            "end its last statement with a semicolon, and the trigger with END;",
        ),
    ] {
        let script = upgrade(sections, message, hint);
        assert_eq!(statements(&script.downgrade.unwrap()), ["SELECT 3"]);
    }
    upgrade(
        "-- upgrade\nSELECT (1",
        "3:8 The parenthesis that opens here is not closed before the file ends",
        "close it with ), and end the statement with a semicolon",
    );
    upgrade(
        "-- upgrade\nCREATE TRIGGER t BEGIN SELECT 1; -- END;",
        "3:1 The trigger that begins here has no END; before the file ends",
        "end its last statement with a semicolon, and the trigger with END;",
    );
}

#[test]
fn a_section_that_is_not_there() {
    let script = upgrade(
        "",
        "2:1 a.sql does not say what revision a1 does: it has no `-- upgrade`",
        "write a line `-- upgrade` above the statements",
    );
    let downgrade = script.downgrade.unwrap_err();
    assert_eq!(downgrade.code, Code::Irreversible);
    assert_eq!(
        told(&downgrade),
        (
            "2:1 Revision a1 cannot be taken back: a.sql has no `-- downgrade`".into(),
            "write a line `-- downgrade` at the end of a.sql, and below it the statements that undo \
             the revision; none, if there is nothing to undo"
        )
    );
}

#[test]
fn a_section_that_is_there_twice_or_nearly() {
    let error = read("a.sql", &with_header("-- upgrade\n-- downgrade\n-- Upgrade\n")).unwrap_err();
    assert_eq!(
        told(&error),
        (
            "4:1 The section `-- upgrade` begins twice".into(),
            "it also begins in line 2; make one section of the two"
        )
    );
    let error = read("a.sql", &with_header("-- upgrade\nSELECT 1;\n-- downgrad\n")).unwrap_err();
    assert_eq!(
        told(&error).0,
        "4:1 This is nearly the line `-- downgrade`, which begins a section"
    );
    // What is wrong further up comes first.
    let error = read("a.sql", &with_header("-- upgrade\nSELECT 1\n-- upgrade\n")).unwrap_err();
    assert_eq!(
        told(&error).0,
        "3:1 The statement that begins here has no semicolon before `-- upgrade`"
    );
}

#[test]
fn of_transactions() {
    let count = "is for one statement, and the section `-- upgrade` has";
    upgrade(
        "-- upgrade\n-- transaction: none\nVACUUM; SELECT 1;",
        &alloc::format!("3:17 `-- transaction: none` {count} 2"),
        "put the statement that cannot be in a transaction into a revision of its own",
    );
    upgrade(
        "-- transaction: none\n-- upgrade\n-- downgrade\n",
        &alloc::format!("2:17 `-- transaction: none` {count} 0"),
        "take the line out",
    );
    for low in ["VACUUM;\n-- transaction: none\n", "VACUUM\n-- transaction: none\n;"] {
        upgrade(
            &alloc::format!("-- upgrade\n{low}"),
            "4:1 `-- transaction: none` stands too low",
            "put it directly below the line that begins the section, or in the header",
        );
    }
    upgrade(
        "-- upgrade\n-- transaction: off\nVACUUM",
        "3:17 `transaction` cannot be 'off'",
        "write `-- transaction: none` for a statement that cannot be in a transaction",
    );
}
