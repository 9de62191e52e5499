use super::{Keyword, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ruff_python_ast::name::Name;

/// A class statement that was followed.
#[derive(Clone, Default)]
pub(crate) struct Class {
    pub(crate) name: Name,
    /// The place of its name.
    pub(crate) span: Span,
    pub(crate) decorators: Vec<Value>,
    pub(crate) bases: Vec<Value>,
    pub(crate) keywords: Vec<Keyword>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) functions: Vec<Method>,
    /// Statements of other kinds that may bind a name, each with what it is.
    pub(crate) others: Vec<(Span, &'static str)>,
}

/// `name: annotation = value` in a class.
#[derive(Clone)]
pub(crate) struct Attribute {
    pub(crate) name: Name,
    pub(crate) annotation: Option<Value>,
    pub(crate) value: Option<Value>,
    pub(crate) span: Span,
    /// Whether it is not the first name of `one = other = value`.
    pub(crate) again: bool,
    /// Why its value could not be followed.
    pub(crate) failed: Option<Diagnostic>,
}

/// A function in a class.
#[derive(Clone)]
pub(crate) struct Method {
    pub(crate) name: Name,
    pub(crate) span: Span,
    pub(crate) decorators: Vec<Value>,
    /// What it says that it returns.
    pub(crate) returns: Option<Value>,
    /// The function itself.
    pub(crate) value: Value,
}

impl Attribute {
    /// `name = value`
    pub(crate) const fn new(name: Name, value: Value, span: Span) -> Self {
        Self { name, annotation: None, value: Some(value), span, again: false, failed: None }
    }
}

impl Class {
    /// The last value that an attribute is set to.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().rev().find(|attribute| attribute.name == name)?.value.as_ref()
    }

    /// The function of that name.
    pub(crate) fn function(&self, name: &str) -> Option<&Method> {
        self.functions.iter().rev().find(|function| function.name == name)
    }
}
