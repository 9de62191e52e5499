//! Paths that env.py computes from its own place: for `sys.path` and for the database's file.

use super::evaluate::{Known, Reader};
use super::walk::ScopeId;
use ruff_python_ast::{Expr, ExprCall, Operator};

impl<'a> Reader<'a> {
    /// The path that an expression means, absolute where it depends on a place.
    pub(super) fn path(
        &self,
        expression: &'a Expr,
        scope: ScopeId,
        depth: usize,
    ) -> Option<String> {
        let depth = depth.checked_sub(1).filter(|_| self.step())?;
        let (expression, scope) = self.followed(expression, scope);
        match expression {
            Expr::Name(name) if name.id.as_str() == "__file__" => Some(self.file.clone()),
            Expr::BinOp(binary) if binary.op == Operator::Div => {
                let left = self.path(&binary.left, scope, depth)?;
                Some(joined(&left, &self.part(&binary.right, scope, depth)?))
            }
            Expr::Attribute(attribute) if attribute.attr.as_str() == "parent" => {
                Some(parent(&self.path(&attribute.value, scope, depth)?))
            }
            Expr::Subscript(subscript) => {
                let Expr::Attribute(attribute) = &*subscript.value else { return None };
                let Ok(Known::Int(index)) = self.known(&subscript.slice, scope, depth) else {
                    return None;
                };
                if attribute.attr.as_str() != "parents" || !(0..100).contains(&index) {
                    return None;
                }
                let path = self.path(&attribute.value, scope, depth)?;
                Some((0..=index).fold(path, |path, _| parent(&path)))
            }
            Expr::Call(call) => self.path_call(call, scope, depth),
            _ => None,
        }
    }

    fn path_call(&self, call: &'a ExprCall, scope: ScopeId, depth: usize) -> Option<String> {
        let arguments = &*call.arguments.args;
        if let Some(name) = self.dotted(&call.func, scope) {
            let first = || self.part(arguments.first()?, scope, depth);
            match name.as_str() {
                "os.getcwd" | "pathlib.Path.cwd" => return Some(self.folder.clone()),
                "os.path.dirname" => return Some(parent(&first()?)),
                "os.path.abspath" | "os.path.realpath" => {
                    return Some(joined(&self.folder, &first()?));
                }
                "os.path.normpath" | "str" | "os.fspath" | "pathlib.Path" | "pathlib.PurePath"
                | "os.path.join" => {
                    let mut path = first()?;
                    for argument in arguments.iter().skip(1) {
                        path = joined(&path, &self.part(argument, scope, depth)?);
                    }
                    return Some(path);
                }
                _ => {}
            }
        }
        let Expr::Attribute(method) = &*call.func else { return None };
        let of = || self.path(&method.value, scope, depth);
        match method.attr.as_str() {
            "resolve" | "absolute" | "as_posix" | "expanduser" | "__str__" => of(),
            "joinpath" => {
                let mut path = of()?;
                for argument in arguments {
                    path = joined(&path, &self.part(argument, scope, depth)?);
                }
                Some(path)
            }
            _ => None,
        }
    }

    /// A part of a path: a path or a text.
    fn part(&self, expression: &'a Expr, scope: ScopeId, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1).filter(|_| self.step())?;
        if let Some(path) = self.path(expression, scope, depth) {
            return Some(path);
        }
        match expression {
            Expr::Attribute(_) => match self.dotted(expression, scope)?.as_str() {
                "os.pardir" => Some("..".into()),
                "os.curdir" => Some(".".into()),
                _ => None,
            },
            _ => match self.known(expression, scope, depth) {
                Ok(Known::Text(url)) => url.literal().map(Into::into),
                _ => None,
            },
        }
    }
}

/// A path below another one, with `.` and `..` worked out.
pub(super) fn joined(folder: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    let is_absolute = path.starts_with('/') || path.get(1..3) == Some(":/");
    let whole = if is_absolute { path } else { format!("{}/{path}", folder.replace('\\', "/")) };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." if matches!(parts.last(), Some(last) if *last != "..") => {
                parts.pop();
            }
            ".." if whole.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    let start = if whole.starts_with('/') { "/" } else { "" };
    format!("{start}{}", parts.join("/"))
}

fn parent(path: &str) -> String {
    match path.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => "/".into(),
        Some((parent, _)) => parent.into(),
        None => String::new(),
    }
}
