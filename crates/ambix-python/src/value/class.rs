use super::{Keyword, Names, Value, read, read_annotation};
use crate::syntax::span_of;
use ambix_core::diagnostic::Span;
use ruff_python_ast::{Expr, Stmt, StmtClassDef, StmtFunctionDef};

/// A class statement.
#[derive(Clone)]
pub(crate) struct Class {
    pub(crate) name: String,
    /// The place of its name.
    pub(crate) span: Span,
    pub(crate) bases: Vec<Value>,
    pub(crate) keywords: Vec<Keyword>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) functions: Vec<Function>,
    /// Statements of other kinds that may bind a name, each with what it is.
    pub(crate) others: Vec<(Span, &'static str)>,
}

/// `name: annotation = value` in a class.
#[derive(Clone)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) annotation: Option<Value>,
    pub(crate) value: Option<Value>,
    pub(crate) span: Span,
    /// Whether it is not the first name of `one = other = value`.
    pub(crate) again: bool,
}

/// A function in a class.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) decorators: Vec<Value>,
}

impl Class {
    pub(crate) fn of(names: &Names, statement: &StmtClassDef) -> Self {
        let mut class = Self {
            name: statement.name.as_str().into(),
            span: span_of(&statement.name),
            bases: Vec::new(),
            keywords: Vec::new(),
            attributes: Vec::new(),
            functions: Vec::new(),
            others: Vec::new(),
        };
        if let Some(arguments) = &statement.arguments {
            class.bases = arguments.args.iter().map(|base| read(names, base)).collect();
            for keyword in &arguments.keywords {
                class.keywords.push(Keyword {
                    name: keyword.arg.as_ref().map_or("**", |name| name.as_str()).into(),
                    value: read(names, &keyword.value),
                    span: span_of(keyword),
                });
            }
        }
        let mut inner = Names::within(names);
        for statement in &statement.body {
            class.read(names, &inner, statement);
            inner.bind_next(statement);
        }
        class
    }

    /// The last value that an attribute is set to.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().rev().find(|attribute| attribute.name == name)?.value.as_ref()
    }

    /// Reads a statement by the names of the class. Annotations are read by the `outer` names:
    /// `date: Mapped[date]` means a type.
    fn read(&mut self, outer: &Names, names: &Names, statement: &Stmt) {
        let other = match statement {
            Stmt::Assign(assign) => {
                for (position, target) in assign.targets.iter().enumerate() {
                    match target {
                        Expr::Name(name) => self.attributes.push(Attribute {
                            name: name.id.as_str().into(),
                            annotation: None,
                            value: Some(read(names, &assign.value)),
                            span: span_of(statement),
                            again: position > 0,
                        }),
                        _ => {
                            self.others.push((span_of(statement), "an assignment to several names"))
                        }
                    }
                }
                return;
            }
            Stmt::AnnAssign(assign) => {
                if let Expr::Name(name) = &*assign.target {
                    self.attributes.push(Attribute {
                        name: name.id.as_str().into(),
                        annotation: Some(read_annotation(outer, &assign.annotation)),
                        value: assign.value.as_ref().map(|value| read(names, value)),
                        span: span_of(statement),
                        again: false,
                    });
                }
                return;
            }
            Stmt::FunctionDef(function) => {
                self.functions.push(Function::of(names, function));
                return;
            }
            // A docstring binds nothing; a call might, by `locals()` or by the frame.
            Stmt::Expr(_) | Stmt::Pass(_) | Stmt::ClassDef(_) => return,
            Stmt::For(_) | Stmt::While(_) => "a loop",
            Stmt::If(_) => "an `if`",
            Stmt::With(_) => "a `with`",
            Stmt::Try(_) => "a `try`",
            Stmt::Match(_) => "a `match`",
            Stmt::Delete(_) => "a `del`",
            Stmt::AugAssign(_) => "an assignment with an operator",
            Stmt::Import(_) | Stmt::ImportFrom(_) => "an import",
            _ => "a statement of this kind",
        };
        self.others.push((span_of(statement), other));
    }
}

impl Function {
    fn of(names: &Names, function: &StmtFunctionDef) -> Self {
        Self {
            name: function.name.as_str().into(),
            span: span_of(&function.name),
            decorators: function
                .decorator_list
                .iter()
                .map(|decorator| read(names, &decorator.expression))
                .collect(),
        }
    }
}
