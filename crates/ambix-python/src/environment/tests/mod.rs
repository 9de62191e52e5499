mod address;
mod unpacked;

use super::*;

/// What `alembic init` writes, without its comments.
const GENERIC: &str = "
from logging.config import fileConfig
from sqlalchemy import engine_from_config
from sqlalchemy import pool
from alembic import context
config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
METADATA

def run_migrations_offline() -> None:
    url = config.get_main_option('sqlalchemy.url')
    context.configure(
        url=url,
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={'paramstyle': 'named'},
    )
    with context.begin_transaction():
        context.run_migrations()

def run_migrations_online() -> None:
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix='sqlalchemy.',
        poolclass=pool.NullPool,
    )
    with connectable.connect() as connection:
        context.configure(
            connection=connection, target_metadata=target_metadata, KEYWORDS
        )
        with context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
";

fn read(text: &str) -> Environment {
    let option = |section: Option<&str>, name: &str| match (section, name) {
        (None, "sqlalchemy.url") => Some("sqlite:///app.db".to_string()),
        (Some("other"), "sqlalchemy.url") => Some("sqlite:///other.db".to_string()),
        (None, "mydb.url") => Some("sqlite:///mine.db".to_string()),
        (Some("other"), "mydb.url") => Some("sqlite:///other_mine.db".to_string()),
        (None, "table") => Some("versions".to_string()),
        _ => None,
    };
    let around = Surroundings { folder: "/project", option: &option };
    read_environment("/project/migrations/env.py", text, &around).unwrap()
}

fn generic(metadata: &str, keywords: &str) -> Environment {
    read(&GENERIC.replace("METADATA", metadata).replace("KEYWORDS", keywords))
}

fn imported(dotted: &str) -> Metadata {
    Metadata::Imported { dotted: dotted.into() }
}

#[test]
fn the_generic_environment_is_read() {
    let environment = generic("target_metadata = None", "");
    assert!(environment.configures && environment.configures_logging);
    assert_eq!(environment.online, ConfigureOptions::default());
    assert_eq!(environment.offline.literal_binds, Some(true));
    assert_eq!(environment.unreadable, []);
    assert_eq!(environment.unreadable_offline, []);
    assert_eq!(environment.url, Ok(Url::Text("sqlite:///app.db".into())));
    assert_eq!(environment.sys_path, [""; 0]);
    assert_eq!(environment.imports[..2], ["logging.config", "logging.config.fileConfig"]);
}

#[test]
fn metadata_is_followed_to_its_module() {
    for (text, expected) in [
        (
            "from app.models import Base\ntarget_metadata = Base.metadata",
            vec![imported("app.models.Base.metadata")],
        ),
        (
            "import app.models as m\ntarget_metadata = m.Base.metadata",
            vec![imported("app.models.Base.metadata")],
        ),
        (
            "import app.models\ntarget_metadata = app.models.metadata",
            vec![imported("app.models.metadata")],
        ),
        (
            "from app import models\nbase = models.Base\ntarget_metadata = base.metadata",
            vec![imported("app.models.Base.metadata")],
        ),
        ("from .models import metadata as target_metadata", vec![imported(".models.metadata")]),
        (
            "from sqlmodel import SQLModel\nimport app.models\ntarget_metadata = SQLModel.metadata",
            vec![imported("sqlmodel.SQLModel.metadata")],
        ),
        (
            "from a import A\nfrom b import B\ntarget_metadata = [A.metadata, B.metadata]",
            vec![imported("a.A.metadata"), imported("b.B.metadata")],
        ),
        (
            "target_metadata = None\nfrom a import A\ntarget_metadata = A.metadata",
            vec![imported("a.A.metadata")],
        ),
        (
            "import sqlalchemy as sa\nm1 = sa.MetaData()\nm2 = sa.MetaData()\ntarget_metadata = [m1, m2]",
            vec![Metadata::Here { name: "m1".into() }, Metadata::Here { name: "m2".into() }],
        ),
        (
            "from sqlalchemy import MetaData\ntarget_metadata = MetaData()",
            vec![Metadata::Here { name: "target_metadata".into() }],
        ),
        (
            "from a import A\ndef find():\n    return A.metadata\ntarget_metadata = find()",
            vec![imported("a.A.metadata")],
        ),
        (
            "class Base(DeclarativeBase): pass\ntarget_metadata = Base.metadata",
            vec![Metadata::Here { name: "Base".into() }],
        ),
    ] {
        let environment = generic(text, "");
        assert_eq!(environment.unreadable, [], "{text}");
        assert_eq!(environment.online.target_metadata, expected, "{text}");
        assert_eq!(environment.offline.target_metadata, expected, "{text}");
    }
}

#[test]
fn keywords_are_read() {
    let environment = generic(
        "target_metadata = None\nBATCH = True\nTABLE = 'rev'",
        "render_as_batch=BATCH, compare_type=False, compare_server_default=True, version_table=TABLE, \
         version_table_pk=False, transactional_ddl=True, transaction_per_migration=True, include_object=None, \
         template_args={'team': 'core', 'n': 1}, autogenerate_plugins=['alembic.autogenerate.*'], \
         alembic_module_prefix='ops.', sqlalchemy_module_prefix=None, user_module_prefix='types.'",
    );
    let online = environment.online;
    assert_eq!(online.alembic_module_prefix.as_deref(), Some("ops."));
    assert_eq!(online.sqlalchemy_module_prefix.as_deref(), Some(""));
    assert_eq!(online.user_module_prefix.as_deref(), Some("types."));
    assert_eq!(environment.unreadable, []);
    assert_eq!(online.render_as_batch, Some(true));
    assert_eq!(online.compare_type, Some(false));
    assert_eq!(online.compare_server_default, Some(true));
    assert_eq!(online.version_table.as_deref(), Some("rev"));
    assert_eq!(online.version_table_pk, Some(false));
    assert_eq!(
        (online.transactional_ddl, online.transaction_per_migration),
        (Some(true), Some(true))
    );
    assert_eq!(online.template_args.len(), 2);
    assert_eq!(online.autogenerate_plugins.unwrap(), ["alembic.autogenerate.*"]);
    for (keyword, expected) in [
        ("connection.dialect.name == 'sqlite'", true),
        ("connection.engine.dialect.name in ('mysql',)", false),
        ("config.get_main_option('sqlalchemy.url').startswith('sqlite')", true),
        ("'sqlite' in config.get_main_option('sqlalchemy.url')", true),
        ("not (connection.dialect.name != 'sqlite')", true),
    ] {
        let environment = generic("target_metadata = None", &format!("render_as_batch={keyword}"));
        let found = environment.online.render_as_batch;
        if expected {
            assert_eq!(found, Some(true), "{keyword}: {:?}", environment.unreadable);
        } else {
            assert_eq!((found, environment.unreadable.len()), (None, 1), "{keyword}");
        }
    }
    let environment =
        generic("target_metadata = None", "version_table=config.get_main_option('table')");
    assert_eq!(environment.online.version_table.as_deref(), Some("versions"));
    let environment = generic("target_metadata = None\nkw = {'render_as_batch': True}", "**kw");
    assert_eq!(environment.online.render_as_batch, Some(true));
    let environment = generic("target_metadata = None\nkw = dict(render_as_batch=True)", "**kw");
    assert_eq!(environment.online.render_as_batch, Some(true));
}

#[test]
fn what_only_python_can_tell_is_kept_with_its_way_out() {
    for (metadata, keywords, keyword, message) in [
        (
            "from flask import current_app\ntarget_metadata = current_app.extensions['migrate'].db.metadata",
            "",
            "target_metadata",
            "env.py sets target_metadata to an attribute `.metadata`, which only Python can tell",
        ),
        (
            "target_metadata = None\nfrom a import skip",
            "include_object=skip",
            "include_object",
            "env.py sets include_object to `a.skip`, which is imported, which only Python can tell",
        ),
        (
            "target_metadata = None",
            "process_revision_directives=lambda c, r, d: None",
            "process_revision_directives",
            "env.py sets process_revision_directives to a lambda, which only Python can tell",
        ),
        (
            "target_metadata = None\nfrom a import compare",
            "compare_type=compare",
            "compare_type",
            "env.py sets compare_type to `a.compare`, which is imported, which only Python can tell",
        ),
        (
            "target_metadata = None\nfrom a import args",
            "**args",
            "**",
            "env.py gives context.configure a dict that is made elsewhere, which only Python can tell",
        ),
        (
            "if x:\n    target_metadata = None",
            "",
            "target_metadata",
            "env.py sets target_metadata to `target_metadata`, which is set under a condition, which only Python can tell",
        ),
        (
            "target_metadata = target_metadata",
            "",
            "target_metadata",
            "env.py sets target_metadata to the name `target_metadata`, which only Python can tell",
        ),
        (
            "target_metadata = None",
            "upgrade_token='%s_upgrades' % name",
            "upgrade_token",
            "env.py sets upgrade_token to an expression of this kind, which only Python can tell",
        ),
        (
            "from a import A\ntarget_metadata = A.metadata\ntarget_metadata.naming_convention = {}",
            "",
            "naming_convention",
            "env.py sets naming_convention to a value of its own, which only Python can tell",
        ),
    ] {
        let environment = generic(metadata, keywords);
        let found = environment.unreadable(&[keyword]).unwrap();
        assert_eq!(found.diagnostic.message, message);
        assert_eq!(found.diagnostic.hints.len(), 1);
        assert_eq!(found.place.file, "/project/migrations/env.py");
    }
}

#[test]
fn what_leads_in_a_circle_or_too_far_comes_to_an_end() {
    for text in [
        "a = a\n",
        "a = a.b\nb = a.metadata\n",
        "a = b\nb = a\n",
        "def f(): return g()\ndef g(): return f()\na = f()\n",
        "def f(x): return f(x)\na = f(1)\n",
        "section = section or {}\na = engine_from_config(section)\n",
        "while True:\n    a = a.parent\n",
    ] {
        for use_of_it in [
            "context.configure(target_metadata=a, connection=a, version_table=a, **a)",
            "create_engine(a)",
            "engine_from_config(a)",
            "sys.path.append(a)",
        ] {
            let text = format!(
                "import sys\nfrom alembic import context\n\
                 from sqlalchemy import create_engine, engine_from_config\n{text}{use_of_it}\n"
            );
            read(&text);
        }
    }
    let nested = format!("{}x{}", "str(".repeat(90), ")".repeat(90));
    let environment = read(&format!("import sys\nsys.path.append({nested})\n"));
    assert_eq!(environment.sys_path, [""; 0]);
}

#[test]
fn flask_migrate_is_refused_with_the_ways_out() {
    let environment = read(
        "
from alembic import context
from flask import current_app
config = context.config

def get_engine():
    try:
        return current_app.extensions['migrate'].db.get_engine()
    except (TypeError, AttributeError):
        return current_app.extensions['migrate'].db.engine

def get_metadata():
    if hasattr(target_db, 'metadatas'):
        return target_db.metadatas[None]
    return target_db.metadata

config.set_main_option('sqlalchemy.url', get_engine().url)
target_db = current_app.extensions['migrate'].db

def online():
    conf_args = current_app.extensions['migrate'].configure_args
    connectable = get_engine()
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=get_metadata(), **conf_args)
",
    );
    assert_eq!(
        environment.url.unwrap_err().message,
        "env.py makes the database's address from an expression of this kind, which only Python can tell"
    );
    let found: Vec<&str> =
        environment.unreadable.iter().map(|found| found.keyword.as_str()).collect();
    assert_eq!(found, ["**", "target_metadata"]);
}

#[test]
fn folders_of_sys_path_are_worked_out() {
    for (statement, expected) in [
        ("sys.path.append('src')", "/project/src"),
        ("sys.path.insert(0, os.getcwd())", "/project"),
        (
            "sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), '..')))",
            "/project",
        ),
        ("sys.path.append(str(Path(__file__).resolve().parents[1] / 'src'))", "/project/src"),
        ("sys.path = ['', '..'] + sys.path", "/project, /"),
        (
            "sys.path.append(os.path.join(os.path.dirname(__file__), os.pardir, 'src'))",
            "/project/src",
        ),
        ("sys.path.append(os.environ['X'])", ""),
    ] {
        let text = format!("import os, sys\nfrom pathlib import Path\n{statement}\n");
        assert_eq!(read(&text).sys_path.join(", "), expected, "{statement}");
    }
}

#[test]
fn imports_are_listed() {
    let text = "
import app.models, os as o
from . import x
from ..db import Base
if TYPE_CHECKING:
    from never import a
def f():
    from app import late
import importlib
importlib.import_module('app.more')
from app.all import *
";
    assert_eq!(
        imported_modules("a.py", text).unwrap(),
        [
            "app.models",
            "os",
            ".",
            ".x",
            "..db",
            "..db.Base",
            "app",
            "app.late",
            "importlib",
            "app.more",
            "app.all"
        ]
    );
}

#[test]
fn an_environment_without_configure_configures_nothing() {
    let environment = read("from alembic import context\nprint('env runs')\n");
    assert!(!environment.configures && !environment.configures_logging);
}
