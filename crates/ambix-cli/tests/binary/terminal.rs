//! What goes where, in which colours, and how it ends.

use crate::project::{Project, answered};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

#[test]
fn an_error_is_logged_and_printed_and_has_a_way_out() {
    let answered = Project::with_tables(1).types("upgrade zzz");
    let message = "Can't locate revision identified by 'zzz'";
    assert_eq!(answered.exit_code, Some(255));
    assert_eq!(answered.out, format!("FAILED: {message}\n"));
    let logged = format!("ERROR [alembic.util.messaging] {message}\n");
    let (_, after) = answered.error.split_once(&logged).expect("the log line");
    assert!(after.lines().any(|line| line.starts_with("hint: ")), "{answered:?}");
    assert!(after.contains(": ambix "), "a command to paste: {answered:?}");
}

#[test]
fn a_refused_statement_is_shown_where_it_was_written() {
    let project = Project::with_tables(1);
    project.revision("r0002", Some("r0001"), "op.execute(\"SELEC 1\")", "pass");
    let answered = project.types("upgrade head");
    assert_eq!(answered.out, "FAILED: near \"SELEC\": syntax error\n");
    let (_, after) = answered.error.split_once("ERROR [alembic.util.messaging]").unwrap();
    assert!(after.contains(" --> alembic/versions/r0002.py:12:5\n"), "{after}");
    assert!(after.contains("12 |     op.execute(\"SELEC 1\")\n   |     ^^^^^"), "{after}");
    assert!(after.contains("the statement:\n    SELEC 1\n"), "{after}");
    assert_eq!(project.types_well("current"), "r0001\n");
}

#[test]
fn a_line_that_is_no_command_is_said_on_standard_error_alone() {
    let project = Project::new();
    for (line, message) in [
        ("upgrade", "ambix upgrade: error: the following arguments are required: revision\n"),
        ("frobnicate", "invalid choice: 'frobnicate'"),
    ] {
        let answered = project.types(line);
        assert_eq!(answered.exit_code, Some(2), "{answered:?}");
        assert_eq!(answered.out, "");
        assert!(answered.error.contains(message), "{answered:?}");
        assert!(!answered.error.contains("FAILED"), "{answered:?}");
    }
    assert!(project.types("upgrade").error.starts_with("usage: ambix upgrade [-h]"));
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_unicode_is_named() {
    use std::os::unix::ffi::OsStrExt as _;
    let project = Project::new();
    let mut command = project.command(&["upgrade"]);
    let answered = answered(command.arg(std::ffi::OsStr::from_bytes(b"caf\xe9")));
    assert_eq!(answered.exit_code, Some(2));
    assert_eq!(answered.error, "ambix: error: the argument 'caf\u{fffd}' is not valid UTF-8\n");
}

#[cfg(unix)]
#[test]
fn a_link_gives_the_program_its_name() {
    let project = Project::new();
    let link = project.path("alembic-link");
    std::fs::create_dir(&link).unwrap();
    let link = link.join("alembic");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_ambix"), &link).unwrap();
    let answered = answered(&mut project.command_named(&link, &["upgrade"]));
    assert!(answered.error.starts_with("usage: alembic upgrade"), "{answered:?}");
    assert!(answered.error.contains("alembic upgrade: error: the following"), "{answered:?}");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let project = Project::new();
    project.revision("1975ea83b712", None, "pass", "pass");
    let has_colours = |variables: &[(&str, &str)], words: &[&str]| {
        let answered = answered(project.command(words).envs(variables.iter().copied()));
        (answered.out.contains('\u{1b}'), answered.error.contains('\u{1b}'))
    };
    for words in [["history", "-v"], ["upgrade", "zzz"]] {
        assert_eq!(has_colours(&[], &words), (false, false), "this is no terminal");
    }
    assert_eq!(has_colours(&[("CLICOLOR_FORCE", "1")], &["upgrade", "zzz"]), (true, true));
    assert_eq!(has_colours(&[("CLICOLOR_FORCE", "1")], &["history"]), (true, false));
    let both = [("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")];
    assert_eq!(has_colours(&both, &["upgrade", "zzz"]), (false, false));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let project = Project::with_tables(3000);
    let mut child = project
        .command(&["history"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut out = BufReader::with_capacity(64, child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    drop(out);
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{error}");
    assert_eq!(first, "r2999 -> r3000 (head), the revision r3000\n");
    assert_eq!(error, "");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let project = Project::with_tables(1);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output =
        project.command(&["history"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error, "standard output could not be written: No space left on device\n");
}
