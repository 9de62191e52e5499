//! What an expression of env.py comes to, where that can be known without running it.

use super::url::Url;
use super::walk::{Bound, ScopeId, Walk};
use super::{Surroundings, folders};
use crate::syntax::{Source, span_of};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{
    BoolOp, CmpOp, Expr, ExprCall, ExprName, FStringPart, InterpolatedStringElement, Number,
    Operator, UnaryOp,
};
use std::cell::Cell;
use std::collections::HashMap;

/// How many names are followed before it is called a circle.
pub(super) const DEPTH: usize = 40;

/// How many expressions are looked at in one file.
const STEPS: usize = 100_000;

/// env.py and what is around it.
pub(super) struct Reader<'a> {
    pub(super) source: Source<'a>,
    pub(super) walk: &'a Walk<'a>,
    pub(super) around: &'a Surroundings<'a>,
    /// The absolute path of env.py.
    pub(super) file: String,
    /// The folder in which the command was typed.
    pub(super) folder: String,
    /// How many more expressions are looked at: a file can be made so that each is looked at again and
    /// again.
    steps: Cell<usize>,
    /// How often each word stands in the file.
    pub(super) words: HashMap<&'a str, usize>,
}

/// A value that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    None,
    Bool(bool),
    Int(i64),
    /// A text, which may depend on environment variables.
    Text(Url),
}

/// Why a value is not known: where, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    pub(super) span: Span,
    pub(super) what: String,
}

/// What a name leads to.
pub(super) enum Lookup<'a> {
    Value(&'a Expr, ScopeId),
    Import(String),
    Class,
    Function(ScopeId),
    /// It is bound several times or under a condition, or nobody knows to what.
    Unclear(&'static str),
    Missing,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        source: Source<'a>,
        walk: &'a Walk<'a>,
        around: &'a Surroundings<'a>,
        words: HashMap<&'a str, usize>,
    ) -> Self {
        let folder = folders::joined("/", around.folder);
        Self {
            source,
            walk,
            around,
            file: folders::joined(&folder, source.path),
            folder,
            steps: Cell::new(STEPS),
            words,
        }
    }

    /// Whether one more expression may be looked at.
    pub(super) fn step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    /// What a name is where it is used, in `scope`.
    pub(super) fn lookup(&self, name: &ExprName, scope: ScopeId) -> Lookup<'a> {
        self.lookup_before(name.id.as_str(), scope, span_of(name).start)
    }

    /// In its own scope a name is what it was made before; functions run when all of the file has.
    fn lookup_before(&self, name: &str, scope: ScopeId, at: usize) -> Lookup<'a> {
        let Some(here) = self.walk.scopes.get(scope) else { return Lookup::Missing };
        let mut bindings =
            here.bindings.iter().filter(|binding| binding.name == name && binding.from <= at);
        let Some(last) = bindings.next_back() else {
            return match scope {
                0 => Lookup::Missing,
                _ => self.lookup_before(name, here.parent, usize::MAX),
            };
        };
        // An import has the same name under a condition and without: `except ImportError`.
        if last.conditional && !matches!(last.bound, Bound::Import(_)) {
            return Lookup::Unclear("is set under a condition");
        }
        match &last.bound {
            Bound::To(value) => Lookup::Value(value, scope),
            Bound::Import(dotted) => Lookup::Import(dotted.clone()),
            Bound::Class => Lookup::Class,
            Bound::Function(id) => Lookup::Function(*id),
            Bound::Unknown => Lookup::Unclear("is known only when env.py runs"),
        }
    }

    /// The expression behind a name that stands for one.
    pub(super) fn followed(&self, expression: &'a Expr, scope: ScopeId) -> (&'a Expr, ScopeId) {
        let (mut expression, mut scope) = (expression, scope);
        for _ in 0..DEPTH {
            match expression {
                Expr::Name(name) => match self.lookup(name, scope) {
                    Lookup::Value(value, of) => (expression, scope) = (value, of),
                    _ => break,
                },
                _ => break,
            }
        }
        (expression, scope)
    }

    /// The dotted name of something imported: `config.get_main_option`, where `config = context.config`,
    /// is `alembic.context.config.get_main_option`. Python's own names stand for themselves.
    pub(super) fn dotted(&self, expression: &'a Expr, scope: ScopeId) -> Option<String> {
        let (expression, scope) = self.followed(expression, scope);
        match expression {
            Expr::Name(name) => match self.lookup(name, scope) {
                Lookup::Import(dotted) => Some(dotted),
                Lookup::Missing => Some(name.id.as_str().into()),
                _ => None,
            },
            Expr::Attribute(attribute) => {
                let of = self.dotted(&attribute.value, scope)?;
                Some(format!("{of}.{}", attribute.attr.as_str()))
            }
            _ => None,
        }
    }

    /// The value of an expression.
    pub(super) fn known(
        &self,
        expression: &'a Expr,
        scope: ScopeId,
        depth: usize,
    ) -> Result<Known, Unknown> {
        let unknown = |what: &str| Unknown { span: span_of(expression), what: what.into() };
        let Some(depth) = depth.checked_sub(1).filter(|_| self.step()) else {
            return Err(unknown("an expression that leads too far"));
        };
        let text = |text: &str| Ok(Known::Text(Url::Text(text.into())));
        match expression {
            Expr::NoneLiteral(_) => Ok(Known::None),
            Expr::BooleanLiteral(literal) => Ok(Known::Bool(literal.value)),
            Expr::NumberLiteral(literal) => match &literal.value {
                Number::Int(number) => number.as_i64().map(Known::Int),
                _ => None,
            }
            .ok_or_else(|| unknown("a number of this kind")),
            Expr::StringLiteral(literal) => text(literal.value.to_str()),
            Expr::Name(name) => match self.lookup(name, scope) {
                Lookup::Value(value, of) => self.known(value, of, depth),
                Lookup::Import(dotted) => Err(unknown(&format!("`{dotted}`, which is imported"))),
                Lookup::Unclear(why) => {
                    Err(unknown(&format!("`{}`, which {why}", name.id.as_str())))
                }
                Lookup::Function(_) => Err(unknown("a function")),
                Lookup::Class => Err(unknown("a class")),
                Lookup::Missing => Err(unknown(&format!("the name `{}`", name.id.as_str()))),
            },
            Expr::FString(literal) => {
                let mut parts = Vec::new();
                for part in literal.value.iter() {
                    match part {
                        FStringPart::Literal(part) => parts.push(Url::Text(part.as_str().into())),
                        FStringPart::FString(part) => {
                            for element in part.elements.iter() {
                                parts.push(match element {
                                    InterpolatedStringElement::Literal(piece) => {
                                        Url::Text(piece.value.to_string())
                                    }
                                    InterpolatedStringElement::Interpolation(piece) => {
                                        self.piece(&piece.expression, scope, depth)?
                                    }
                                });
                            }
                        }
                    }
                }
                Ok(Known::Text(Url::joined(parts)))
            }
            Expr::BinOp(binary) if binary.op == Operator::Add => {
                let left = self.piece(&binary.left, scope, depth)?;
                let right = self.piece(&binary.right, scope, depth)?;
                Ok(Known::Text(Url::joined(vec![left, right])))
            }
            Expr::BoolOp(operation) => {
                let mut values =
                    operation.values.iter().map(|value| self.known(value, scope, depth));
                let first = values.next().unwrap_or(Ok(Known::None))?;
                values
                    .try_fold(first, |left, right| either(operation.op, left, right?))
                    .map_err(|what| what.unwrap_or_else(|| unknown("an expression with `and`")))
            }
            Expr::If(choice) => match self.known(&choice.test, scope, depth)?.truth() {
                Some(true) => self.known(&choice.body, scope, depth),
                Some(false) => self.known(&choice.orelse, scope, depth),
                None => Err(unknown("a choice that depends on the environment")),
            },
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => {
                let truth = self.known(&unary.operand, scope, depth)?.truth();
                truth.map(|flag| Known::Bool(!flag)).ok_or_else(|| unknown("a `not`"))
            }
            Expr::Compare(compare) => match (&*compare.ops, &*compare.comparators) {
                ([operator], [right]) => self
                    .compared(*operator, &compare.left, right, scope, depth)
                    .ok_or_else(|| unknown("a comparison")),
                _ => Err(unknown("a comparison")),
            },
            Expr::Subscript(subscript)
                if self.dotted(&subscript.value, scope).as_deref() == Some("os.environ") =>
            {
                match self.known(&subscript.slice, scope, depth)? {
                    Known::Text(Url::Text(name)) => {
                        Ok(Known::Text(Url::Variable { name, otherwise: None }))
                    }
                    _ => Err(unknown("an environment variable")),
                }
            }
            Expr::Call(call) => match self.call(call, scope, depth) {
                Some(result) => result,
                None => match self.path(expression, scope, depth) {
                    Some(path) => text(&path),
                    None => Err(unknown(&self.describe_call(call, scope))),
                },
            },
            Expr::Lambda(_) => Err(unknown("a lambda")),
            _ => match self.path(expression, scope, depth) {
                Some(path) => text(&path),
                None => match self.dotted(expression, scope) {
                    Some(dotted) => Err(unknown(&format!("`{dotted}`"))),
                    None => Err(unknown("an expression of this kind")),
                },
            },
        }
    }

    fn describe_call(&self, call: &'a ExprCall, scope: ScopeId) -> String {
        match (self.dotted(&call.func, scope), &*call.func) {
            (Some(name), _) => format!("a call of `{name}`"),
            (None, Expr::Attribute(attribute)) => {
                format!("a call of `.{}()`", attribute.attr.as_str())
            }
            (None, Expr::Name(name)) => format!("a call of `{}`", name.id.as_str()),
            _ => "a call".into(),
        }
    }

    fn piece(&self, expression: &'a Expr, scope: ScopeId, depth: usize) -> Result<Url, Unknown> {
        match self.known(expression, scope, depth)? {
            Known::Text(url) => Ok(url),
            Known::Int(number) => Ok(Url::Text(number.to_string())),
            _ => Err(Unknown { span: span_of(expression), what: "no text".into() }),
        }
    }

    /// Comparisons whose answer is the same for everybody who uses Ambix: is it SQLite?
    fn compared(
        &self,
        operator: CmpOp,
        left: &'a Expr,
        right: &'a Expr,
        scope: ScopeId,
        depth: usize,
    ) -> Option<Known> {
        let asks_dialect = |expression: &'a Expr| match self.followed(expression, scope).0 {
            Expr::Attribute(name) if name.attr.as_str() == "name" => match &*name.value {
                Expr::Attribute(of) => of.attr.as_str() == "dialect",
                Expr::Name(of) => of.id.as_str() == "dialect",
                _ => false,
            },
            _ => false,
        };
        let literal = |expression: &'a Expr| match self.known(expression, scope, depth) {
            Ok(Known::Text(url)) => url.literal().map(String::from),
            _ => None,
        };
        let (left, right) = match (asks_dialect(left), asks_dialect(right)) {
            (true, false) => ("sqlite".to_string(), literal(right)?),
            (false, true) => (literal(left)?, "sqlite".to_string()),
            _ => {
                match (self.known(left, scope, depth).ok()?, self.known(right, scope, depth).ok()?)
                {
                    (Known::Text(left), Known::Text(right)) => {
                        (left.literal()?.to_string(), right.literal()?.to_string())
                    }
                    (left, right) => {
                        let variable = |known: &Known| matches!(known, Known::Text(url) if url.literal().is_none());
                        return match operator {
                            _ if variable(&left) || variable(&right) => None,
                            CmpOp::Eq | CmpOp::Is => Some(Known::Bool(left == right)),
                            CmpOp::NotEq | CmpOp::IsNot => Some(Known::Bool(left != right)),
                            _ => None,
                        };
                    }
                }
            }
        };
        match operator {
            CmpOp::Eq => Some(Known::Bool(left == right)),
            CmpOp::NotEq => Some(Known::Bool(left != right)),
            CmpOp::In => Some(Known::Bool(right.contains(&left))),
            CmpOp::NotIn => Some(Known::Bool(!right.contains(&left))),
            _ => None,
        }
    }

    /// Whether that is `config.config_ini_section`, or the name that it usually has.
    pub(super) fn is_main_section(&self, expression: &'a Expr, scope: ScopeId) -> bool {
        match expression {
            Expr::StringLiteral(name) => name.value.to_str() == "alembic",
            _ => {
                let name = self.dotted(expression, scope);
                name.as_deref() == Some("alembic.context.config.config_ini_section")
            }
        }
    }
}

impl Known {
    fn truth(&self) -> Option<bool> {
        match self {
            Self::None => Some(false),
            Self::Bool(flag) => Some(*flag),
            Self::Int(number) => Some(*number != 0),
            Self::Text(url) => url.literal().map(|text| !text.is_empty()),
        }
    }
}

fn either(operation: BoolOp, left: Known, right: Known) -> Result<Known, Option<Unknown>> {
    match (operation, left, right) {
        (BoolOp::Or, Known::Text(Url::Variable { name, otherwise: None }), Known::Text(right)) => {
            Ok(Known::Text(Url::Variable { name, otherwise: Some(Box::new(right)) }))
        }
        (operation, left, right) => match left.truth() {
            Some(flag) if flag == (operation == BoolOp::Or) => Ok(left),
            Some(_) => Ok(right),
            None => Err(None),
        },
    }
}
