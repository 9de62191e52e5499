use super::batch::{Batch, open, read_statement};
use super::reader::Reader;
use super::tables::{Tables, creates_table};
use crate::sqlalchemy::called;
use crate::syntax::{Source, span_of};
use crate::value::{Names, Value, assignment, read};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::Directive;
use ruff_python_ast::{Expr, Stmt, StmtFunctionDef, StmtWith};

/// What the function `upgrade` or `downgrade` of a script does.
pub(super) fn directives(
    reader: &Reader,
    module: &[Stmt],
    function: &str,
) -> Result<Vec<Directive>, Diagnostic> {
    let source = reader.source;
    let definition = module.iter().rev().find_map(|statement| match statement {
        Stmt::FunctionDef(found) if found.name.as_str() == function => Some(found),
        _ => None,
    });
    let Some(definition) = definition else {
        let message = format!("The script has no function `{function}()`");
        let end = source.text.trim_end().len();
        let hint =
            format!("Add `def {function}() -> None:`, with `pass` if there is nothing to do.");
        return Err(source.unsupported(Span::new(end, end), message).hint(hint));
    };
    check_signature(source, definition)?;
    let mut walk =
        Walk { tables: reader.tables.clone(), batches: Vec::new(), directives: Vec::new() };
    let mut names = Names::within(reader.names);
    walk.block(reader, &mut names, &definition.body)?;
    Ok(walk.directives)
}

/// Whether a block was walked through to its end.
#[derive(PartialEq)]
enum Block {
    Ended,
    /// It returns: what follows is not reached.
    Returned,
}

/// What is known at one place of a function.
struct Walk {
    tables: Tables,
    /// The batches whose blocks have not ended, the innermost last.
    batches: Vec<Batch>,
    directives: Vec<Directive>,
}

impl Walk {
    fn block(
        &mut self,
        outer: &Reader,
        names: &mut Names,
        statements: &[Stmt],
    ) -> Result<Block, Diagnostic> {
        for statement in statements {
            match statement {
                Stmt::Pass(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => {}
                Stmt::Return(statement) if statement.value.is_none() => {
                    return Ok(Block::Returned);
                }
                Stmt::With(with) if !with.is_async => {
                    if self.with(outer, names, statement, with)? == Block::Returned {
                        return Ok(Block::Returned);
                    }
                    continue;
                }
                Stmt::Expr(expression) => match &*expression.value {
                    Expr::StringLiteral(_) | Expr::EllipsisLiteral(_) => {}
                    value => self.statement(outer, names, read(names, value))?,
                },
                _ => self.assigned(outer, names, statement)?,
            }
            names.bind_next(statement);
        }
        Ok(Block::Ended)
    }

    fn statement(&mut self, outer: &Reader, names: &Names, value: Value) -> Result<(), Diagnostic> {
        let reader = Reader { names, tables: &self.tables, ..*outer };
        read_statement(&reader, value, &mut self.batches, &mut self.directives)
    }

    /// A name for a table, to put rows into it, for the collection that a table is in, or for the connection.
    fn assigned(
        &mut self,
        outer: &Reader,
        names: &Names,
        statement: &Stmt,
    ) -> Result<(), Diagnostic> {
        match assignment(statement).map(|(name, value)| (name, read(names, value))) {
            Some((name, value)) if self.tables.is_table(&value) => {
                if creates_table(&value) {
                    self.statement(outer, names, value.clone())?;
                }
                self.tables.insert(name, value);
                Ok(())
            }
            Some((name, value)) if self.tables.is_connection(&value) => {
                self.tables.insert_connection(name);
                Ok(())
            }
            Some((_, value)) if called(&value).is_some_and(|(name, _)| name == "MetaData") => {
                Ok(())
            }
            _ => Err(refuse(outer.source, span_of(statement), statement)),
        }
    }

    /// Blocks of batches. The last of several ends first.
    fn with(
        &mut self,
        outer: &Reader,
        names: &mut Names,
        statement: &Stmt,
        with: &StmtWith,
    ) -> Result<Block, Diagnostic> {
        let before = self.batches.len();
        for item in &with.items {
            let reader = Reader { names: &*names, tables: &self.tables, ..*outer };
            match open(&reader, item) {
                Some(batch) => self.batches.push(batch?),
                None => return Err(refuse(outer.source, span_of(statement), statement)),
            }
        }
        names.bind_next(statement);
        let block = self.block(outer, names, &with.body)?;
        while self.batches.len() > before
            && let Some(batch) = self.batches.pop()
        {
            let reader = Reader { names: &*names, tables: &self.tables, ..*outer };
            batch.close(&reader, &mut self.directives);
        }
        Ok(block)
    }
}

fn check_signature(source: Source, function: &StmtFunctionDef) -> Result<(), Diagnostic> {
    let span = span_of(&function.name);
    let name = function.name.as_str();
    let refused = if function.is_async {
        "is asynchronous"
    } else if !function.decorator_list.is_empty() {
        "has a decorator"
    } else {
        return Ok(());
    };
    let hint = format!("Write `def {name}() -> None:`.");
    Err(source.unsupported(span, format!("`{name}()` {refused}, which is not read")).hint(hint))
}

fn refuse(source: Source, span: Span, statement: &Stmt) -> Diagnostic {
    let what = match statement {
        Stmt::If(_) => "An `if`",
        Stmt::For(_) => "A `for` loop",
        Stmt::While(_) => "A `while` loop",
        Stmt::With(with) => return refuse_with(source, span, &with.items),
        Stmt::Try(_) => "A `try`",
        Stmt::Assign(_) | Stmt::AnnAssign(_) | Stmt::AugAssign(_) => "A variable",
        Stmt::FunctionDef(_) => "A function inside of a function",
        Stmt::ClassDef(_) => "A class inside of a function",
        Stmt::Raise(_) => "A `raise`",
        Stmt::Return(_) => "A `return` with a value",
        Stmt::Assert(_) => "An `assert`",
        Stmt::Delete(_) => "A `del`",
        Stmt::Match(_) => "A `match`",
        _ => "A statement of this kind",
    };
    // The first line of a block is enough to underline.
    let line = span.of(source.text).lines().next().unwrap_or_default().len();
    let span = Span::new(span.start, span.start + line);
    source.unsupported(span, format!("{what} is not supported in a revision yet")).hint(
        "Write the directives out one after another, or what they do as SQL: `op.execute(\"…\")`.",
    )
}

fn refuse_with(source: Source, span: Span, items: &[ruff_python_ast::WithItem]) -> Diagnostic {
    let called = items.first().map(|item| &item.context_expr);
    let name = match called {
        Some(Expr::Call(call)) => span_of(&*call.func).of(source.text),
        _ => "",
    };
    let span = called.map_or(span, span_of);
    let message = match name {
        "" => "A `with` is not supported in a revision yet".into(),
        name => format!("`{name}` is not supported in a revision yet"),
    };
    source.unsupported(span, message).hint(super::directive::WRITE_SQL)
}
