//! Files that import one another.

use super::frame::{Frame, FrameId};
use super::{Evaluator, Host};
use crate::syntax::{Source, span_of};
use crate::value::{Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use litemap::LiteMap;
use ruff_python_ast::{Stmt, StmtImportFrom};

/// Files that may import one another.
#[derive(Default)]
pub(super) struct Package<'a> {
    modules: Vec<Module<'a>>,
    /// The number of a file by each way to name it: `a/b.py`, `b.py`.
    by_path: LiteMap<String, usize>,
}

struct Module<'a> {
    source: Source<'a>,
    body: &'a [Stmt],
    /// The names of the file, once it is followed.
    frame: Option<FrameId>,
}

impl<'a> Package<'a> {
    fn of(files: &[(Source<'a>, &'a [Stmt])]) -> Self {
        let mut package = Self::default();
        for (number, (source, body)) in files.iter().enumerate() {
            package.modules.push(Module { source: *source, body, frame: None });
            let path = source.path.replace('\\', "/");
            let starts = path.match_indices('/').map(|(at, _)| at + 1);
            for start in std::iter::once(0).chain(starts) {
                // Which folders Python looks in is not known here: the file that is nearest to the top.
                let known = package.by_path.entry(path[start..].into()).or_insert(number);
                if files.get(*known).is_some_and(|(other, _)| other.path.len() > path.len()) {
                    *known = number;
                }
            }
        }
        package
    }

    /// The file of a module that `from` imports.
    fn find(&self, from: usize, module: &str) -> Option<usize> {
        let relative = module.trim_start_matches('.');
        let level = module.len() - relative.len();
        let mut path = relative.replace('.', "/");
        if level > 0 {
            let mut folder = self.modules.get(from)?.source.path.replace('\\', "/");
            for _ in 0..level {
                folder.truncate(folder.rfind('/').unwrap_or(0));
            }
            path = match (folder.is_empty(), path.is_empty()) {
                (true, _) => path,
                (_, true) => folder,
                _ => format!("{folder}/{path}"),
            };
        }
        let as_folder = match path.as_str() {
            "" => "__init__.py".into(),
            path => format!("{path}/__init__.py"),
        };
        let found = [format!("{path}.py"), as_folder];
        let found = found.iter().find_map(|path| self.by_path.get(path).copied())?;
        // `from .x` means the file beside, not one of that name elsewhere.
        let is_whole = |number: usize| {
            let path_of = self.modules.get(number).map(|module| module.source.path.len());
            path_of == Some(path.len() + 3)
                || path_of == Some(path.len() + 12 - usize::from(path.is_empty()))
        };
        (level == 0 || is_whole(found)).then_some(found)
    }
}

impl<'a, H: Host + 'a> Evaluator<'a, H> {
    /// Follows all files, each before the first that imports it.
    pub(crate) fn of_files(files: &[(Source<'a>, &'a [Stmt])], host: H) -> Option<Self> {
        let (source, _) = *files.first()?;
        let mut evaluator = Self::new(source, host, &[]);
        evaluator.package = Package::of(files);
        for number in 0..files.len() {
            evaluator.open().follow(number);
        }
        Some(evaluator)
    }
}

impl<'a> Evaluator<'a> {
    /// What a name at the top level of a file stands for.
    pub(crate) fn global(&self, file: usize, name: &str) -> Option<Value> {
        let frame = self.package.modules.get(file)?.frame?;
        self.frames.get(frame)?.value(name)?.ok().cloned()
    }

    /// The number of the file of that module.
    pub(crate) fn file_of(&self, module: &str) -> Option<usize> {
        self.package.find(0, module)
    }

    /// The file that is followed now becomes another. Gives the one before.
    pub(super) fn enter_file(&mut self, file: usize) -> usize {
        if let Some(module) = self.package.modules.get(file) {
            self.source = module.source;
            self.host.file(file);
        }
        std::mem::replace(&mut self.file, file)
    }

    /// Follows a file, if that was not done yet. Gives the frame of its names.
    fn follow(&mut self, number: usize) -> Option<FrameId> {
        let module = self.package.modules.get(number)?;
        let body = module.body;
        if let Some(frame) = module.frame {
            return Some(frame);
        }
        // The packages that a module is in come first.
        let path = module.source.path.replace('\\', "/");
        let own = path.strip_suffix("/__init__.py").unwrap_or(&path);
        for (at, _) in own.match_indices('/') {
            let package = format!("{}/__init__.py", own.get(..at).unwrap_or_default());
            let found = self.package.by_path.get(&package).copied();
            let is_it = |found: &usize| {
                let of = self.package.modules.get(*found);
                of.is_some_and(|of| of.source.path.len() == package.len())
            };
            if let Some(found) = found.filter(is_it) {
                self.follow(found);
            }
        }
        if let Some(frame) = self.package.modules.get(number)?.frame {
            return Some(frame);
        }
        let frame = self.push_frame(Frame::default());
        if let Some(module) = self.package.modules.get_mut(number) {
            module.frame = Some(frame);
        }
        let before = self.enter_file(number);
        if let Some(module) = self.package.modules.get(number) {
            let text = module.source.path.replace('\\', "/");
            let text = text.trim_end_matches(".py").trim_end_matches("/__init__").replace('/', ".");
            self.bind(frame, "__name__", Value { kind: Kind::Text(text), span: Span::new(0, 0) });
        }
        // A long file may take long, and no file can take much longer.
        self.steps.set(self.steps.get().saturating_add(self.source.text.len()));
        self.module(body, frame);
        self.enter_file(before);
        Some(frame)
    }

    /// Binds what `from module import name` brings, if the module is one of the files.
    pub(super) fn import_own(
        &mut self,
        import: &StmtImportFrom,
        module: &str,
        frame: FrameId,
    ) -> bool {
        let Some(file) = self.package.find(self.file, module) else {
            // `from . import tables` in a folder without `__init__.py`.
            let inner = |name: &str| {
                let dot = if module.ends_with('.') { "" } else { "." };
                self.package.find(self.file, &format!("{module}{dot}{name}"))
            };
            let found: Vec<_> =
                import.names.iter().map(|alias| inner(alias.name.as_str())).collect();
            if found.iter().any(Option::is_none) {
                return false;
            }
            for (alias, file) in import.names.iter().zip(found.into_iter().flatten()) {
                let local = alias.asname.as_ref().unwrap_or(&alias.name);
                self.bind_module(frame, local.as_str(), file, span_of(alias));
            }
            return true;
        };
        let Some(names) = self.follow(file) else { return false };
        for alias in &import.names {
            let (name, span) = (alias.name.as_str(), span_of(alias));
            if name == "*" {
                self.import_all(names, frame);
                continue;
            }
            let local = alias.asname.as_ref().map_or(name, |local| local.as_str());
            match self.frames.get(names).and_then(|names| names.value(name)) {
                Some(Ok(value)) => {
                    let value = Value { kind: value.kind.clone(), span };
                    self.rebind(frame, local, value);
                }
                Some(Err(error)) => {
                    let error = error.clone();
                    if let Some(frame) = self.frames.get_mut(frame) {
                        frame.fail(local, error);
                    }
                }
                None => {
                    let dot = if module.ends_with('.') { "" } else { "." };
                    let dotted = format!("{module}{dot}{name}");
                    match self.package.find(self.file, &dotted) {
                        Some(inner) => self.bind_module(frame, local, inner, span),
                        None => self.imported(frame, local, dotted, span),
                    }
                }
            }
        }
        true
    }

    /// A name for what has one already.
    pub(super) fn rebind(&mut self, frame: FrameId, name: &str, value: Value) {
        if let Some(frame) = self.frames.get_mut(frame) {
            frame.rebind(name, value);
        }
    }

    fn bind_module(&mut self, frame: FrameId, local: &str, file: usize, span: Span) {
        self.follow(file);
        let path = Path { dotted: format!("module#{file}").into(), origin: Origin::Imported };
        self.rebind(frame, local, Value { kind: Kind::Name(path), span });
    }

    fn import_all(&mut self, from: FrameId, into: FrameId) {
        let Some(names) = self.frames.get(from) else { return };
        let only = match names.value("__all__") {
            Some(Ok(Value { kind: Kind::List(names) | Kind::Tuple(names), .. })) => {
                Some(names.iter().filter_map(Value::text).map(String::from).collect::<Vec<_>>())
            }
            _ => None,
        };
        let wanted = |name: &str| match &only {
            Some(only) => only.iter().any(|one| one == name),
            None => !name.starts_with('_'),
        };
        let found: Vec<(String, Value)> = names
            .values()
            .filter(|(name, _)| wanted(name))
            .map(|(name, value)| (name.into(), value.clone()))
            .collect();
        let stars = names.stars.clone();
        for (name, value) in found {
            self.rebind(into, &name, value);
        }
        if let Some(into) = self.frames.get_mut(into) {
            into.stars.extend(stars);
        }
    }

    /// What a name in a module of the package stands for: `models.User`.
    pub(super) fn in_module(&mut self, path: &Path, name: &str) -> Option<Kind> {
        let is_own = path.origin == Origin::Imported && !path.dotted.starts_with("sqlalchemy.");
        if self.package.modules.is_empty() || !is_own {
            return None;
        }
        let file = match path.dotted.strip_prefix("module#") {
            Some(number) => number.parse().ok()?,
            None => self.package.find(self.file, &path.dotted)?,
        };
        let frame = self.follow(file)?;
        if let Some(Ok(value)) = self.frames.get(frame)?.value(name) {
            return Some(value.kind.clone());
        }
        let inner = self.package.find(file, &format!(".{name}"))?;
        self.follow(inner);
        let dotted = format!("module#{inner}");
        Some(Kind::Name(Path { dotted: dotted.into(), origin: Origin::Imported }))
    }
}
