//! `**arguments`, and `context.configure` in the hands of other code.

use super::*;

fn configured(setup: &str, arguments: &str) -> Environment {
    read(&format!(
        "from functools import partial\nfrom alembic import context\n{setup}\n\
         def online():\n    context.configure(connection=None, {arguments})\nonline()\n"
    ))
}

#[test]
fn a_dict_that_is_only_unpacked_is_read() {
    for (setup, arguments) in [
        ("", "**{'version_table': 'v'}"),
        ("", "**dict(version_table='v')"),
        ("opts = {'version_table': 'v'}", "**opts"),
        ("T = 'v'\nopts: dict = dict(version_table=T)", "**opts"),
        (
            "opts = {'version_table': 'v'}\ndef offline():\n    context.configure(url='sqlite://', **opts)",
            "**opts",
        ),
    ] {
        let environment = configured(setup, arguments);
        assert_eq!(environment.unreadable, [], "{setup}\n{arguments}");
        assert_eq!(environment.online.version_table.as_deref(), Some("v"), "{setup}\n{arguments}");
    }
}

#[test]
fn a_dict_that_may_have_more_in_it_is_not_readable() {
    for (setup, arguments) in [
        ("from app import opts", "**opts"),
        ("opts = {}\nopts['version_table'] = 'v'", "**opts"),
        ("opts = dict(a=1)\nopts.update(version_table='v')", "**opts"),
        ("opts = {}\nopts |= {'version_table': 'v'}", "**opts"),
        ("opts = {'version_table': 'v'}\ndel opts['version_table']", "**opts"),
        ("opts = {}\nfill(opts)", "**opts"),
        ("opts = {}\nopts = {'version_table': 'v'}", "**opts"),
        ("opts = {}\nother = opts\nother['version_table'] = 'v'", "**opts"),
        ("opts = other = {}\nother['version_table'] = 'v'", "**opts"),
        ("if x:\n    opts = {'version_table': 'v'}", "**opts"),
        ("def change():\n    global opts\n    opts = {'version_table': 'v'}\nopts = {}", "**opts"),
        ("inner = {}\ninner['version_table'] = 'v'\nopts = inner", "**opts"),
        ("def opts(x):\n    return {'version_table': 'v'}", "**opts(1)"),
        ("", "**{**{'version_table': 'v'}}"),
        ("", "**{f'version_{1}': 'v'}"),
        ("", "**dict({'version_table': 'v'})"),
        ("", "**dict([('version_table', 'v')])"),
        ("", "**dict(**{'version_table': 'v'})"),
        ("", "**({'a': 1} if True else {})"),
        ("", "**({'version_table': 'v'} | {})"),
        ("more = []", "*more"),
    ] {
        let environment = configured(setup, arguments);
        assert!(environment.configures);
        let keywords: Vec<_> =
            environment.unreadable.iter().map(|found| found.keyword.as_str()).collect();
        assert_eq!(keywords, ["**"], "{setup}\n{arguments}");
        assert_eq!(environment.online.version_table, None, "{setup}\n{arguments}");
    }
}

#[test]
fn configure_in_the_hands_of_other_code_is_not_readable() {
    for text in [
        "conf = partial(context.configure, version_table='v')\nconf(connection=None)",
        "conf = context.configure\nconf(connection=None)",
        "from alembic.context import configure as c\nrun(c)",
        "run(lambda: context.configure(version_table='v'))",
        "class Runner:\n    def run(self):\n        context.configure(version_table='v')\nRunner().run()",
        "def run(conf=context.configure):\n    conf(version_table='v')\nrun()",
        "import alembic.context\nrun([alembic.context.configure])",
        "def run():\n    from alembic import context as c\n    return c.configure\nrun()()",
    ] {
        let environment =
            read(&format!("from functools import partial\nfrom alembic import context\n{text}\n"));
        assert!(environment.configures, "{text}");
        let found = environment.unreadable(&["**"]).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(
            found.diagnostic.message,
            "env.py gives context.configure to other code, which only Python can tell"
        );
        assert!(environment.unreadable_offline.iter().any(|found| found.keyword == "**"), "{text}");
    }
    let environment = read("class A:\n    def configure(self): pass\nrun(A().configure)\n");
    assert!(!environment.configures && environment.unreadable.is_empty());
}
