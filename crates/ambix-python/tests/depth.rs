//! Scripts that are nested as deep as can be: they are followed or refused, and never end the program. A test has
//! two megabytes of stack, a browser one, in which the same takes less than in a debug build.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::schema::NamingConvention;
use ambix_python::read_script;

/// What a body says, or why it is refused.
fn said(body: &str) -> Result<usize, String> {
    let body = body.replace('\n', "\n    ");
    let text = format!(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'a1'\ndown_revision = None\n\n\n\
         def upgrade():\n    {body}\n\n\ndef downgrade():\n    pass\n"
    );
    let script = read_script("versions/a.py", &text, &NamingConvention::default())
        .map_err(|error| error.into_details().message)?;
    script.upgrade.map(|directives| directives.len()).map_err(|error| error.into_details().message)
}

#[test]
fn what_is_nested_deeply_is_followed_or_refused() {
    let many = |piece: &str, times: usize| piece.repeat(times);
    let nested = |depth: usize| format!("{}1{}", many("str(", depth), many(")", depth));
    let deeper = format!(
        "def f(n):\n    return {}f(n - 1){} if n else 0\nf(20)",
        many("int(", 90),
        many(")", 90)
    );
    let blocks: String =
        (0..95).map(|depth| format!("{}if True:\n", " ".repeat(depth))).collect::<String>();
    let blocks = format!("def f(n):\n {}\n f(n)", blocks.trim_end().replace('\n', "\n "));
    let blocks = format!("{blocks}\n{}pass", " ".repeat(97)).replace("\n f(n)\n", "\n");
    for (body, expected) in [
        (format!("op.execute({})", nested(100)), Ok(1)),
        (format!("op.execute({})", nested(150)), Err("This is nested too deeply to be followed")),
        (format!("op.execute({})", nested(300)), Err("Too many nested parentheses")),
        (format!("x = {}1", many("1 + ", 250)), Ok(0)),
        (
            format!("x = {}1", many("1 + ", 5_000)),
            Err("The expression is too long: it has too many operators or calls"),
        ),
        ("def f(n):\n    return f(n - 1) + 1 if n else 0\nop.execute(str(f(25)))".into(), Ok(1)),
        (
            "def f(n):\n    return f(n - 1) + 1 if n else 0\nf(100)".into(),
            Err("This is nested too deeply to be followed"),
        ),
        (deeper, Err("This is nested too deeply to be followed")),
        ("f = lambda g, n: g(g, n)\nf(f, 1)".into(), Err("This is nested too deeply to be followed")),
        (
            "x = []\nfor i in range(1000):\n    x = [x]".into(),
            Err("This value is nested too deeply to be followed"),
        ),
        (
            "x = []\nfor i in range(1000):\n    y = []\n    y.append(x)\n    x = y".into(),
            Err("This value is nested too deeply to be followed"),
        ),
        (
            "x = sa.text('')\nfor i in range(1000):\n    x = x + 1".into(),
            Err("This value is nested too deeply to be followed"),
        ),
        (
            "x = sa.Integer()\nfor i in range(1000):\n    x = x.with_variant(x, 'b')".into(),
            Err("This does not end within the steps that are followed"),
        ),
        (
            "def f(x, n):\n    return [f(x, n - 1)] if n else x\nx = 1\nfor i in range(9):\n    x = f(x, 20)".into(),
            Err("This value is nested too deeply to be followed"),
        ),
        (blocks, Ok(0)),
    ] {
        let said = said(&body);
        let shown: String = body.chars().take(120).collect();
        match expected {
            Ok(count) => assert_eq!(said, Ok(count), "{shown}"),
            Err(message) => assert_eq!(said.unwrap_err(), message, "{shown}"),
        }
    }
}
