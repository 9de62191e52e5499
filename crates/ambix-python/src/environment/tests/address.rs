//! Where the database is.

use super::*;

#[test]
fn the_address_of_the_database_is_found() {
    let variable = |name: &str, otherwise: Option<&str>| Url::Variable {
        name: name.into(),
        otherwise: otherwise.map(|text| Box::new(Url::Text(text.into()))),
    };
    let text = |text: &str| Url::Text(text.into());
    for (setup, engine, expected) in [
        ("", "create_engine('sqlite:///x.db')", text("sqlite:///x.db")),
        (
            "URL = 'sqlite:///' + os.path.join(os.path.dirname(__file__), '..', 'x.db')",
            "create_engine(URL)",
            text("sqlite:////project/x.db"),
        ),
        (
            "BASE = Path(__file__).resolve().parent.parent",
            "create_engine(f'sqlite:///{BASE / \"x.db\"}')",
            text("sqlite:////project/x.db"),
        ),
        ("", "create_engine(os.environ['DB'])", variable("DB", None)),
        (
            "",
            "create_engine(os.getenv('DB', 'sqlite:///d.db'), echo=True)",
            variable("DB", Some("sqlite:///d.db")),
        ),
        (
            "",
            "create_engine(os.getenv('DB') or 'sqlite:///d.db')",
            variable("DB", Some("sqlite:///d.db")),
        ),
        (
            "config.set_main_option('sqlalchemy.url', os.environ['DB'].replace('%', '%%'))",
            "engine_from_config(config.get_section(config.config_ini_section))",
            variable("DB", None),
        ),
        (
            "if os.getenv('DB'):\n    config.set_main_option('sqlalchemy.url', os.environ['DB'])",
            "engine_from_config(config.get_section(config.config_ini_section))",
            variable("DB", Some("sqlite:///app.db")),
        ),
        (
            "config.set_main_option('sqlalchemy.url', 'sqlite:///50%%.db')",
            "engine_from_config(config.get_section('alembic') or {})",
            text("sqlite:///50%.db"),
        ),
        (
            "config.set_section_option(config.config_ini_section, 'sqlalchemy.url', 'sqlite:///s.db')",
            "async_engine_from_config(config.get_section(config.config_ini_section, {}))",
            text("sqlite:///s.db"),
        ),
        (
            "def get_url():\n    return 'sqlite:///f.db'",
            "engine_from_config(config.get_section(config.config_ini_section), url=get_url())",
            text("sqlite:///f.db"),
        ),
        (
            "c = config.get_section(config.config_ini_section)\nc['sqlalchemy.url'] = 'sqlite:///i.db'",
            "engine_from_config(c, prefix='sqlalchemy.')",
            text("sqlite:///i.db"),
        ),
        ("", "engine_from_config({'sqlalchemy.url': 'sqlite:///l.db'})", text("sqlite:///l.db")),
        ("", "engine_from_config(config.get_section('other'))", text("sqlite:///other.db")),
        ("", "create_engine(config.get_main_option('sqlalchemy.url'))", text("sqlite:///app.db")),
        (
            "",
            "create_engine(context.config.get_main_option('nothing', 'sqlite:///n.db'))",
            text("sqlite:///n.db"),
        ),
    ] {
        let environment = read(&engine_text(setup, engine));
        assert_eq!(environment.url, Ok(expected), "{setup}\n{engine}");
    }
}

fn engine_text(setup: &str, engine: &str) -> String {
    format!(
        "import os\nfrom pathlib import Path\nfrom alembic import context\n\
         from sqlalchemy import create_engine, engine_from_config\n\
         from sqlalchemy.ext.asyncio import async_engine_from_config\n\
         config = context.config\n{setup}\nengine = {engine}\n\
         with engine.connect() as connection:\n    context.configure(connection=connection)\n"
    )
}

#[test]
fn an_address_that_only_python_can_tell_is_an_error_with_its_way_out() {
    for (setup, engine, expected) in [
        (
            "from app.settings import settings",
            "create_engine(settings.url)",
            "8: env.py makes the database's address from `app.settings.settings.url`, which only Python can tell",
        ),
        (
            "from app.settings import settings\nconfig.set_main_option('sqlalchemy.url', str(settings.url))",
            "engine_from_config(config.get_section(config.config_ini_section))",
            "8: env.py makes the database's address from a call of `str`, which only Python can tell",
        ),
        (
            "",
            "create_engine(context.get_x_argument(as_dictionary=True).get('db'))",
            "8: env.py makes the database's address from a call of `.get()`, which only Python can tell",
        ),
        (
            "x = create_engine('sqlite:///1.db')",
            "create_engine('sqlite:///2.db')",
            "1: env.py connects to several databases, and Ambix works on one",
        ),
        (
            "",
            "create_engine(config.get_main_option('no'))",
            "8: env.py takes the database's address from a setting that is missing: sqlalchemy.url",
        ),
    ] {
        let error = read(&engine_text(setup, engine)).url.unwrap_err();
        let line = error.place.as_ref().unwrap().line;
        assert_eq!(format!("{line}: {}", error.message), expected);
        assert!(error.hints[0].text.contains("AMBIX_URL"));
    }
}

#[test]
fn several_databases_are_refused() {
    let environment = read(
        "
from alembic import context
from sqlalchemy import engine_from_config
for name in ['a', 'b']:
    engine = engine_from_config(context.config.get_section(name))
    context.configure(connection=engine.connect(), upgrade_token='%s_upgrades' % name)
",
    );
    let error = environment.url.unwrap_err();
    assert_eq!(error.message, "env.py works on several databases, and Ambix works on one");
    assert_eq!(error.into_details().place.unwrap().line, 6);
}

#[test]
fn variables_are_filled_in() {
    let environment =
        read(&engine_text("", "create_engine('sqlite:///' + os.environ['DIR'] + '/x.db')"));
    let url = environment.url.unwrap();
    assert_eq!(url.variables(), ["DIR"]);
    assert_eq!(url.resolve(&|_| Some("d".into())).unwrap(), "sqlite:///d/x.db");
    let error = url.resolve(&|_| None).unwrap_err();
    assert_eq!(
        error.message,
        "env.py takes the database's address from the environment variable DIR, which is not set"
    );
}

#[test]
fn a_name_is_what_it_was_made_before() {
    let environment = read(&engine_text(
        "c = config.get_section(config.config_ini_section)\nc = c or {}",
        "engine_from_config(c)\nc = None",
    ));
    assert_eq!(environment.url, Ok(Url::Text("sqlite:///app.db".into())));
}

#[test]
fn the_prefix_names_the_setting() {
    for (setup, engine, expected) in [
        ("", "engine_from_config(SECTION, prefix='mydb.')", "sqlite:///mine.db"),
        ("", "engine_from_config(SECTION, 'mydb.')", "sqlite:///mine.db"),
        ("P = 'mydb.'", "async_engine_from_config(SECTION, prefix=P)", "sqlite:///mine.db"),
        ("", "engine_from_config(SECTION, **{'prefix': 'mydb.'})", "sqlite:///mine.db"),
        (
            "",
            "engine_from_config(config.get_section('other'), prefix='mydb.')",
            "sqlite:///other_mine.db",
        ),
        (
            "config.set_main_option('mydb.url', 'sqlite:///set.db')",
            "engine_from_config(SECTION, prefix='mydb.')",
            "sqlite:///set.db",
        ),
        (
            "config.set_main_option('sqlalchemy.url', 'sqlite:///set.db')",
            "engine_from_config(SECTION, prefix='mydb.')",
            "sqlite:///mine.db",
        ),
        ("", "engine_from_config({'url': 'sqlite:///l.db'}, prefix='')", "sqlite:///l.db"),
        (
            "",
            "engine_from_config({**SECTION, 'mydb.url': 'sqlite:///l.db'}, prefix='mydb.')",
            "sqlite:///l.db",
        ),
        ("", "engine_from_config({**SECTION, 'echo': '1'}, prefix='mydb.')", "sqlite:///mine.db"),
        (
            "c = SECTION\nc['mydb.url'] = 'sqlite:///i.db'\ndef make():\n    return engine_from_config(c, 'mydb.')",
            "make()",
            "sqlite:///i.db",
        ),
    ] {
        let section = "config.get_section(config.config_ini_section)";
        let text = engine_text(setup, engine).replace("SECTION", section);
        assert_eq!(read(&text).url, Ok(Url::Text(expected.into())), "{setup}\n{engine}");
    }
}

#[test]
fn a_setting_that_is_not_clear_is_never_taken_for_the_usual_one() {
    for (setup, engine, expected) in [
        (
            "",
            "engine_from_config(SECTION, prefix=os.environ['P'])",
            "makes the database's address from a setting whose prefix it computes, which only Python can tell",
        ),
        (
            "from app import options",
            "engine_from_config(SECTION, **options)",
            "makes the database's address from a setting whose prefix it computes, which only Python can tell",
        ),
        (
            "one = engine_from_config(SECTION)",
            "engine_from_config(SECTION, prefix='mydb.')",
            "makes the database's address from settings with different prefixes, which only Python can tell",
        ),
        (
            "from functools import partial\nmake = partial(engine_from_config, prefix='mydb.')",
            "make(SECTION)",
            "makes the database's address from a setting whose prefix other code gives, which only Python can tell",
        ),
        (
            "c = SECTION\nc.update({'sqlalchemy.url': 'sqlite:///u.db'})",
            "engine_from_config(c)",
            "makes the database's address from a section that is changed by a call, which only Python can tell",
        ),
        (
            "c = SECTION\nc[os.environ['KEY']] = 'sqlite:///k.db'",
            "engine_from_config(c)",
            "makes the database's address from a section of its own making, which only Python can tell",
        ),
        (
            "",
            "engine_from_config({'url': 'sqlite:///l.db'})",
            "takes the database's address from a setting that is missing: sqlalchemy.url",
        ),
        (
            "",
            "engine_from_config(SECTION, prefix='no.')",
            "takes the database's address from a setting that is missing: no.url",
        ),
    ] {
        let section = "config.get_section(config.config_ini_section)";
        let text = engine_text(setup, engine).replace("SECTION", section);
        let error = read(&text).url.unwrap_err();
        assert_eq!(error.message, format!("env.py {expected}"), "{setup}\n{engine}");
        assert!(error.hints[0].text.contains("`url = "));
    }
}
