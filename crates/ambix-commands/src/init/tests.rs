use super::*;
use crate::configuration::{File, Layout, Sources, read};

const NEW: Init = Init {
    directory: Some("alembic"),
    template: None,
    package: false,
    ini: "alembic.ini",
    toml: "pyproject.toml",
    folder: "/p",
    found: Found::Nothing,
    has_ini: false,
    toml_text: None,
    has_ambix: false,
    has_schema: false,
};

fn lines(init: Init) -> Vec<String> {
    match steps(&init) {
        Ok(steps) => steps.into_iter().map(|step| step.line).collect(),
        Err(error) => vec![error.into_details().message],
    }
}

fn written(init: Init, path: &str) -> String {
    let found = steps(&init).unwrap().into_iter().find_map(|step| match step.action {
        Action::Write(at, text) | Action::Append(at, text) if at == path => Some(text),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn init_says_what_alembic_says() {
    assert_eq!(
        lines(NEW),
        [
            "Creating directory /p/alembic ...  done",
            "Creating directory /p/alembic/versions ...  done",
            "Generating /p/alembic/script.py.mako ...  done",
            "Generating /p/alembic/README ...  done",
            "Generating /p/alembic/env.py ...  done",
            "Generating /p/alembic.ini ...  done",
            "Please edit configuration/connection/logging settings in /p/alembic.ini before proceeding.",
        ]
    );
    let again = Init { directory: Some("other/"), has_ini: true, found: Found::Empty, ..NEW };
    assert_eq!(lines(again)[0], "Creating directory /p/other/versions ...  done");
    assert_eq!(lines(again)[4], "File /p/alembic.ini already exists, skipping");
    let package = lines(Init { package: true, directory: Some("db/migrations"), ..NEW });
    assert_eq!(package[6], "Adding /p/db/migrations/__init__.py ...  done");
    assert_eq!(package[7], "Adding /p/db/migrations/versions/__init__.py ...  done");
}

#[test]
fn a_pyproject_is_written_continued_or_left_alone() {
    let new = Init { template: Some("pyproject"), ..NEW };
    assert_eq!(lines(new)[5], "Generating /p/pyproject.toml ...  done");
    assert_eq!(
        lines(new)[7],
        "Please edit configuration settings in /p/pyproject.toml and configuration/connection/logging \
         settings in /p/alembic.ini before proceeding."
    );
    let there = Init { toml_text: Some("[project]\nname = \"demo\"\n"), ..new };
    assert_eq!(lines(there)[5], "Appending to existing /p/pyproject.toml ...  done");
    assert!(written(there, "/p/pyproject.toml").starts_with("\n\n"));
    let done = Init { toml_text: Some("[tool.alembic]\n"), ..new };
    assert_eq!(
        lines(done)[5],
        "File /p/pyproject.toml already exists and already has a [tool.alembic] section, skipping"
    );
    let broken = Init { toml_text: Some("\n[tool"), ..new };
    assert!(lines(broken)[0].starts_with("/p/pyproject.toml, line 2: "));
}

#[test]
fn what_is_in_the_way_is_said_in_alembics_words() {
    for (init, expected) in [
        (
            Init { found: Found::Full, directory: Some("./db//m/"), ..NEW },
            "Directory db/m already exists and is not empty",
        ),
        (Init { found: Found::Full, ..NEW }, "Directory alembic already exists and is not empty"),
        (Init { template: Some("nosuch"), ..NEW }, "No such template ambix/templates/nosuch"),
        (
            Init { template: Some("multidb"), ..NEW },
            "The template multidb is for several databases at once, and Ambix works on one",
        ),
        (
            Init { template: Some("generic"), directory: None, ..NEW },
            "the following arguments are required: directory",
        ),
        (
            Init { directory: None, has_ambix: true, ..NEW },
            "File /p/ambix.toml already exists: there is a project here",
        ),
    ] {
        assert_eq!(lines(init), [expected]);
    }
}

#[test]
fn without_a_directory_a_project_of_our_own_is_made() {
    let own = Init { directory: None, found: Found::Full, ..NEW };
    assert_eq!(
        lines(own),
        [
            "Creating directory /p/revisions ...  done",
            "Generating /p/schema.sql ...  done",
            "Generating /p/ambix.toml ...  done",
            "Please check in /p/ambix.toml where the database is to be.",
        ]
    );
    assert_eq!(
        lines(Init { has_schema: true, ..own })[1],
        "File /p/schema.sql already exists, skipping"
    );
    let text = written(own, "/p/ambix.toml");
    let file = File { path: "ambix.toml".into(), text };
    let sources =
        Sources { ini: None, toml: None, ambix: Some(&file), section: "alembic", folder: "/p" };
    let found = read(sources).unwrap();
    assert_eq!(found.layout, Layout::Own);
    assert_eq!(found.version_locations, ["/p/revisions"]);
    assert_eq!(found.settings.paths("schema"), ["/p/schema.sql"]);
    let elsewhere = Init { directory: Some("db"), template: Some("sqlite"), ..NEW };
    assert_eq!(lines(elsewhere)[1], "Creating directory /p/db/revisions ...  done");
}

#[test]
fn what_is_written_is_read_back() {
    for template in ["generic", "alembic", "async", "pyproject", "pyproject_async"] {
        let init = Init { template: Some(template), directory: Some("db/migrations"), ..NEW };
        let ini = File { path: "alembic.ini".into(), text: written(init, "/p/alembic.ini") };
        let toml = template.starts_with("pyproject").then(|| File {
            path: "pyproject.toml".into(),
            text: written(init, "/p/pyproject.toml"),
        });
        let sources = Sources {
            ini: Some(&ini),
            toml: toml.as_ref(),
            ambix: None,
            section: "alembic",
            folder: "/p",
        };
        let found = read(sources).unwrap();
        assert_eq!(found.script_location, "/p/db/migrations");
        assert_eq!(found.prepend_sys_path, ["/p"]);
        assert_eq!(found.hooks, Ok(Vec::new()));
        let logging = found.logging.clone().unwrap();
        let line = logging.line("alembic", crate::configuration::INFO, "a");
        assert_eq!(line, "INFO  [alembic] a");
        assert!(logging.shows("alembic", crate::configuration::INFO));
        let option = |_: Option<&str>, name: &str| found.main_option(name).unwrap();
        let around = ambix_python::Surroundings { folder: "/p", option: &option };
        let path = "/p/db/migrations/env.py";
        let environment =
            ambix_python::read_environment(path, &written(init, path), &around).unwrap();
        assert!(environment.configures && environment.configures_logging, "{template}");
        assert_eq!(environment.unreadable, []);
        assert_eq!(environment.unreadable_offline, []);
        assert_eq!(environment.online.render_as_batch, Some(true));
        let url = environment.url.unwrap();
        let file = crate::configuration::database_path(url.literal().unwrap(), "/p").unwrap();
        assert_eq!(file, crate::configuration::Database::File("/p/app.db".into()));
    }
}

#[test]
fn templates_are_listed_as_alembic_lists_them() {
    let lines = list_templates();
    assert_eq!(
        lines[..3],
        ["Available templates:", "", "generic - Generic single-database configuration."]
    );
    assert_eq!(lines.last().unwrap(), "  alembic init --template generic ./scripts");
}
