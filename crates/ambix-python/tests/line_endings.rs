//! Files with other line endings than `\n` say what the same files with `\n` say, and so do files
//! with a byte order mark.
#![allow(clippy::unwrap_used)]

use ambix_core::schema::NamingConvention;
use ambix_python::{read_header, read_models, read_script};

const SCRIPT: &str = r#""""Add notes

Second paragraph.
"""
from alembic import op
revision = 'b'
down_revision = 'a'

def upgrade():
    op.execute("""
UPDATE notes SET text = 'a\r\nb'
WHERE id = 1
""")
    op.execute(f"""A
B""")
    op.rename()

def downgrade():
    op.rename()
"#;

/// The text with other line endings, and with a byte order mark.
fn variants(text: &str) -> Vec<String> {
    let windows = text.replace('\n', "\r\n");
    let mixed = text.replacen('\n', "\r\n", 3);
    vec![
        format!("\u{feff}{text}"),
        format!("\u{feff}{windows}"),
        text.replace('\n', "\r"),
        windows,
        mixed,
    ]
}

#[test]
fn a_script_does_the_same_with_any_line_endings() {
    let working = SCRIPT.replace("    op.rename()\n\n", "\n");
    let expected = read_script("b.py", &working, &NamingConvention::default()).unwrap();
    let operations = |text: &str| -> Vec<_> {
        let directives =
            read_script("b.py", text, &NamingConvention::default()).unwrap().upgrade.unwrap();
        directives.into_iter().map(|directive| directive.operation).collect()
    };
    assert_eq!(expected.header.docstring, "Add notes\n\nSecond paragraph.");
    assert!(format!("{:?}", operations(&working)).contains(r"'a\r\nb'\nWHERE"));
    for text in variants(&working) {
        assert_eq!(read_header("b.py", &text).unwrap(), expected.header, "{text:?}");
        assert_eq!(operations(&text), operations(&working), "{text:?}");
    }
}

#[test]
fn places_are_those_of_the_text_as_it_is() {
    for text in variants(SCRIPT) {
        let script = read_script("b.py", &text, &NamingConvention::default()).unwrap();
        for (error, line) in
            [(script.upgrade.unwrap_err(), 16), (script.downgrade.unwrap_err(), 19)]
        {
            let place = error.into_details().place.unwrap();
            assert_eq!((place.line, place.column), (line, 5), "{text:?}");
            assert_eq!(place.span.of(&text), "op.rename()");
        }
    }
}

#[test]
fn models_are_the_same_with_any_line_endings() {
    let text = "from sqlalchemy import Column, Integer, String
class Item(Base):
    __tablename__ = 'items'
    id = Column(Integer, primary_key=True)
    note = Column(String, comment='''one
two''', server_default='a\\r\\nb')
";
    let read = |text: &str| read_models(&[("models.py".into(), text.into())]);
    let expected = read(text);
    assert_eq!(expected.diagnostics, []);
    for text in variants(text) {
        assert_eq!(read(&text), expected, "{text:?}");
    }
}

#[test]
fn syntax_errors_have_their_place_with_any_line_endings() {
    for text in variants("x = 1\ny = 2\nz = = 3\n") {
        let place = read_header("b.py", &text).unwrap_err().into_details().place.unwrap();
        assert_eq!((place.line, place.column), (3, 5), "{text:?}");
        assert_eq!(place.span.of(&text), "=");
    }
}
