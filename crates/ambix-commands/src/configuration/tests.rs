use super::*;

fn configuration(
    ini: Option<&str>,
    toml: Option<&str>,
    ambix: Option<&str>,
) -> Result<Configuration, Diagnostic> {
    let file = |path: &str, text: Option<&str>| {
        text.map(|text| File { path: path.into(), text: text.into() })
    };
    let (ini, toml, ambix) =
        (file("alembic.ini", ini), file("pyproject.toml", toml), file("ambix.toml", ambix));
    read(Sources {
        ini: ini.as_ref(),
        toml: toml.as_ref(),
        ambix: ambix.as_ref(),
        section: "alembic",
        folder: "/p",
    })
}

fn of_ini(options: &str) -> Configuration {
    let text = format!("[alembic]\nscript_location = %(here)s/m\n{options}");
    configuration(Some(&text), None, None).unwrap()
}

fn of_toml(options: &str) -> Result<Configuration, Diagnostic> {
    let text = format!("[tool.alembic]\nscript_location = \"%(here)s/m\"\n{options}");
    configuration(None, Some(&text), None)
}

#[test]
fn what_is_not_said_has_alembics_standard() {
    let found = of_ini("");
    assert_eq!(found.layout, Layout::Alembic);
    assert_eq!(found.script_location, "/p/m");
    assert_eq!(found.version_locations, ["/p/m/versions"]);
    assert!(!found.names_version_locations && !found.recursive_version_locations);
    assert_eq!(found.file_template, "%(rev)s_%(slug)s");
    assert_eq!(found.truncate_slug_length, 40);
    assert_eq!(found.timezone, None);
    assert_eq!(found.hooks, Ok(Vec::new()));
    assert!(!found.journal());
    assert_eq!(found.sqlalchemy_url(), Ok(None));
    assert!(found.logging.is_err());
}

#[test]
fn the_options_of_an_ini_file_are_read() {
    let found = of_ini(
        "file_template = %%(year)d/%%(slug)s-%%(rev)s\ntruncate_slug_length = 12\ntimezone = utc\n\
         recursive_version_locations = true\nprepend_sys_path = .:src\npath_separator = :\n\
         version_locations = %(here)s/one:two\nrevision_environment = True\n\
         sqlalchemy.url = sqlite:///%(here)s/app.db\noutput_encoding = utf-8\nsourceless = true\n",
    );
    assert_eq!(found.file_template, "%(year)d/%(slug)s-%(rev)s");
    assert_eq!(found.truncate_slug_length, 12);
    assert_eq!(found.timezone.as_deref(), Some("utc"));
    assert!(found.recursive_version_locations && found.names_version_locations);
    assert!(found.revision_environment);
    assert_eq!(found.prepend_sys_path, ["/p", "/p/src"]);
    assert_eq!(found.version_locations, ["/p/one", "/p/two"]);
    assert_eq!(found.sqlalchemy_url().unwrap().as_deref(), Some("sqlite:////p/app.db"));
    assert_eq!(found.warnings.len(), 1);
    // Alembic takes nothing but `true`.
    assert!(!of_ini("recursive_version_locations = True\n").recursive_version_locations);
}

#[test]
fn the_options_of_pyproject_are_read_after_those_of_the_ini_file() {
    let found = of_toml(
        "prepend_sys_path = [\".\"]\nversion_locations = [\"%(here)s/one\", \"two\"]\n\
         file_template = \"%%(rev)s-%%(slug)s\"\nrecursive_version_locations = true\n\
         truncate_slug_length = 7\nrevision_environment = true\n",
    )
    .unwrap();
    assert_eq!(found.version_locations, ["/p/one", "/p/two"]);
    assert_eq!(found.prepend_sys_path, ["/p"]);
    assert_eq!(found.file_template, "%(rev)s-%(slug)s");
    assert_eq!(found.truncate_slug_length, 7);
    assert!(found.recursive_version_locations && found.revision_environment);
    let both = configuration(
        Some("[alembic]\nscript_location = ini\n"),
        Some("[tool.alembic]\nscript_location = \"toml\"\ntimezone = \"UTC\"\n"),
        None,
    );
    let both = both.unwrap();
    assert_eq!(
        (both.script_location.as_str(), both.script_location_text.as_str()),
        ("/p/ini", "ini")
    );
    assert_eq!(both.timezone.as_deref(), Some("UTC"));
}

#[test]
fn wrong_options_are_refused_in_alembics_words() {
    for (toml, expected) in [
        (
            "recursive_version_locations = \"yes\"",
            "3: boolean value expected for TOML parameter 'recursive_version_locations'",
        ),
        ("timezone = 1.5", "3: unsupported TOML value type for key: 'timezone'"),
        (
            "version_locations = 5",
            "3: list of texts expected for TOML parameter 'version_locations'",
        ),
        (
            "version_locations = \"x\"",
            "3: list of texts expected for TOML parameter 'version_locations'",
        ),
        (
            "file_template = \"%(rev)s\"",
            "3: The text cannot be filled in: `%(rev)` is not known, only here",
        ),
    ] {
        let error = of_toml(toml).unwrap_err();
        assert_eq!(format!("{}: {}", error.place.as_ref().unwrap().line, error.message), expected);
    }
    let alembic = |options: &str| {
        let text = format!("[alembic]\nscript_location = m\n{options}");
        configuration(Some(&text), None, None).unwrap_err().into_details().message
    };
    assert_eq!(
        alembic("truncate_slug_length = x"),
        "truncate_slug_length must be a whole number, not 'x'"
    );
    assert_eq!(
        alembic("output_encoding = latin-1"),
        "Ambix writes files in UTF-8, and output_encoding asks for 'latin-1'"
    );
    assert_eq!(
        alembic("file_template = %(rev)s"),
        "alembic.ini, line 3: Bad value substitution: option 'file_template' in section 'alembic' contains an interpolation key 'rev' which is not a valid option name"
    );
    assert_eq!(
        alembic("version_locations = a\npath_separator = comma"),
        "'comma' is not a valid value for path_separator; expected 'space', 'newline', 'os', ':', ';'"
    );
    for (ini, toml) in [
        (None, None),
        (Some("[alembic]\n"), None),
        (Some("[other]\nscript_location=x"), Some("a = 1")),
    ] {
        let error = configuration(ini, toml, None).unwrap_err();
        assert_eq!(error.message, "No 'script_location' key found in configuration.");
    }
    let error = configuration(None, Some("[tool]\nalembic = 1\n"), None).unwrap_err();
    assert_eq!(error.message, "Incorrect TOML format");
    let error = configuration(None, Some("[tool.alembic\nx = 1\n"), None).unwrap_err();
    assert_eq!(error.into_details().place.unwrap().line, 1);
}

#[test]
fn a_project_of_our_own_needs_no_more_than_its_file() {
    let found = configuration(None, None, Some("url = \"sqlite:///app.db\"\n")).unwrap();
    assert_eq!(found.layout, Layout::Own);
    assert_eq!(found.version_locations, ["/p/revisions"]);
    assert_eq!(found.own_url(), Some(("sqlite:///app.db", "/p")));
    assert!(found.journal() && found.logging.is_ok());
    let found =
        configuration(None, None, Some("revisions = ['a', '/b']\njournal = false\n")).unwrap();
    assert_eq!(found.version_locations, ["/p/a", "/b"]);
    assert!(!found.journal());
    let found = configuration(None, None, Some("file_template = '%%(epoch)d_%%(slug)s'")).unwrap();
    assert_eq!(found.file_template, "%(epoch)d_%(slug)s");
}

#[test]
fn own_settings_live_in_alembics_files_too() {
    let ini = "[alembic]\nscript_location = m\n[ambix]\njournal = true\n";
    let toml = "[tool.ambix]\njournal = false\nmodels = ['app.py']\n";
    let found = configuration(Some(ini), Some(toml), None).unwrap();
    assert_eq!(found.layout, Layout::Alembic);
    assert!(found.journal());
    assert_eq!(found.settings.paths("models"), ["/p/app.py"]);
    // An ambix.toml without `revisions` beside an Alembic project only adds settings.
    let found = configuration(Some(ini), None, Some("journal = false")).unwrap();
    assert_eq!(found.layout, Layout::Alembic);
    assert!(!found.journal());
}

#[test]
fn a_location_in_a_package_is_looked_for_on_the_path() {
    let text = "[alembic]\nscript_location = app.db:migrations\nprepend_sys_path = src\n";
    let found = configuration(Some(text), None, None).unwrap();
    assert_eq!(found.script_location, "/p/src/app/db/migrations");
}

#[test]
fn an_address_that_cannot_be_filled_in_matters_only_where_it_is_asked_for() {
    let found = of_ini("sqlalchemy.url = sqlite:///50%.db\n");
    assert!(found.sqlalchemy_url().is_err());
    assert_eq!(found.main_option("nothing"), Ok(None));
}

#[test]
fn whatever_is_missing_from_a_file_reading_it_comes_to_an_end() {
    let ini = "[DEFAULT]\nü = %(here)s\n[alembic]\nscript_location = %(ü)s/m\nversion_locations = a:b,c\n\
        path_separator = os\nfile_template = %%(year)d\n[post_write_hooks]\nhooks = a\na.type = exec\n\
        a.executable = 'x'\n[loggers]\nkeys = root\n[handlers]\nkeys = c\n[formatters]\nkeys =\n\
        [logger_root]\nlevel = INFO\nhandlers = c\n[handler_c]\nlevel = NOTSET\n[ambix]\nmodels = a, b\n";
    let toml = "[tool.alembic]\nscript_location = \"%(here)s/ü\"\nversion_locations = [\"a\", 'b']\n\
        [[tool.alembic.post_write_hooks]]\nname = 'a'\n[tool.ambix]\nmodels = ['a']\nbackups = 0x10\n";
    let without = |text: &str, at: usize, length: usize| {
        let letters = text.chars().enumerate();
        letters
            .filter(|(here, _)| !(at..at + length).contains(here))
            .map(|(_, letter)| letter)
            .collect::<String>()
    };
    for at in 0..ini.chars().count() {
        for length in [1, 2, 7, 10_000] {
            let _ = configuration(Some(&without(ini, at, length)), None, None);
            let _ = configuration(None, Some(&without(toml, at, length)), None);
            let _ = configuration(None, None, Some(&without(toml, at, length)));
        }
    }
    let url = "sqlite+x://a:b@c:1/d%20?uri=true&mode=memory";
    for start in 0..url.len() {
        for end in start..=url.len() {
            let _ = database_path(&url[start..end], "/p");
            let _ = masked_url(&url[start..end]);
        }
    }
}
