use super::Fault;
use super::expression::{Names, Value, evaluate};
use super::lexer::Node;
use ambix_core::diagnostic::Span;

/// An `% if` that is open.
struct Branch {
    /// Whether the text here is to be written.
    open: bool,
    /// Whether one of its parts was written, so that `else` is not.
    taken: bool,
    /// Whether `else` was seen.
    last: bool,
    span: Span,
}

/// Fills in the template.
pub(super) fn render(nodes: &[Node], names: &Names) -> Result<String, Fault> {
    let mut out = String::new();
    let mut branches: Vec<Branch> = Vec::new();
    for node in nodes {
        let open = branches.iter().all(|branch| branch.open);
        match node {
            Node::Text(text) if open => out.push_str(text),
            Node::Expression { source, filters, span } if open => {
                let written = evaluate(source, names).and_then(|value| filtered(value, filters));
                out.push_str(&written.map_err(|why| Fault::new(*span, why))?);
            }
            Node::Text(_) | Node::Expression { .. } => {}
            Node::Control { text, span } => control(text, *span, &mut branches, names)?,
        }
    }
    match branches.last() {
        Some(branch) => Err(Fault::new(branch.span, "`% if` is not closed by `% endif`")),
        None => Ok(out),
    }
}

fn filtered(value: Value, filters: &[String]) -> Result<String, String> {
    // Mako's default is `str`, and `n` turns it off, which makes no difference to a text.
    let mut value = match filters.first().map(String::as_str) {
        Some("comma") => value,
        _ => Value::Text(value.str()?),
    };
    for filter in filters {
        value = Value::Text(match filter.as_str() {
            "n" => continue,
            "comma" => value.comma()?,
            "str" | "unicode" => value.str()?,
            "repr" => value.repr()?,
            "trim" => value.str()?.trim().into(),
            _ => return Err(format!("the filter `{filter}` is not known")),
        });
    }
    value.str()
}

fn control(text: &str, span: Span, branches: &mut Vec<Branch>, names: &Names) -> Result<(), Fault> {
    let fault = |why: String| Fault::new(span, why);
    let test = |word: &str| text.strip_prefix(word)?.trim().strip_suffix(':').map(str::trim);
    let is_true = |condition: &str| evaluate(condition, names).map(|value| value.is_true());
    let word = text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    match word {
        "if" => {
            let condition =
                test("if").ok_or_else(|| fault("`% if` needs a condition and `:`".into()))?;
            // A condition in a part that is left out is not asked.
            let outer = branches.iter().all(|branch| branch.open);
            let open = outer && is_true(condition).map_err(fault)?;
            branches.push(Branch { open, taken: open || !outer, last: false, span });
            Ok(())
        }
        "elif" | "else" => {
            let Some(branch) = branches.last_mut().filter(|branch| !branch.last) else {
                return Err(fault(format!("`% {word}` stands outside of an `% if`")));
            };
            let condition = test(word).ok_or_else(|| fault(format!("`% {word}` needs `:`")))?;
            branch.last = word == "else";
            branch.open = !branch.taken && (branch.last || is_true(condition).map_err(fault)?);
            branch.taken |= branch.open;
            Ok(())
        }
        "endif" => match branches.pop() {
            Some(_) => Ok(()),
            None => Err(fault("`% endif` stands outside of an `% if`".into())),
        },
        _ => Err(fault(format!("`% {text}` is a part of Mako that Ambix does not run"))),
    }
}
