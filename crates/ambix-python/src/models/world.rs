//! What the files make while they are followed: classes, tables, `MetaData` objects.

use super::enumeration::functional_enum;
use crate::evaluate::{Host, Stop};
use crate::sqlalchemy::{called, name};
use crate::syntax::Source;
use crate::value::{Attribute, Call, Class, Kind, Origin, Path, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use litemap::LiteMap;
use std::rc::Rc;

/// How many names may stand for one another before it is taken for a circle.
pub(super) const DEPTH: usize = 64;

/// What SQLModel has of its own.
const SQLMODEL: &[&str] =
    &["AutoString", "Field", "Relationship", "SQLModel", "Session", "ext", "main", "sql"];

/// One thing that the files make and that has an identity. Its value is the name of it with its number:
/// `User#3`.
pub(super) struct Entity {
    /// The file, by its number.
    pub(super) file: usize,
    pub(super) span: Span,
    pub(super) what: What,
}

pub(super) enum What {
    Class(Rc<Class>),
    /// `Table(…)`
    Table(Rc<Value>),
    /// `MetaData(…)`
    Metadata(Rc<Value>),
    /// `declarative_base(…)`, `registry(…)` and `registry.generate_base()`: what has a `MetaData`.
    Base(Rc<Value>),
    /// An object of a class of the files, with what its methods set.
    Object {
        class: usize,
        attributes: LiteMap<String, Value>,
    },
}

/// What was made so far.
#[derive(Default)]
pub(super) struct World<'a> {
    pub(super) sources: Vec<Source<'a>>,
    /// Where the names of modules begin in the paths of the files.
    pub(super) root: String,
    file: usize,
    pub(super) entities: Vec<Entity>,
    /// Calls of `Index` outside of a table, with the file of each.
    pub(super) indexes: Vec<(usize, Value)>,
    /// Statements that change a table or a `MetaData` in a way that is not read.
    pub(super) mistakes: Vec<(usize, Diagnostic)>,
    /// Statements that could not be followed.
    pub(super) failures: Vec<(usize, Span, Diagnostic)>,
    /// The names of tables that functions give, by the number of the class.
    pub(super) table_names: LiteMap<usize, String>,
    /// The last call of `super().__init__(…)`.
    pub(super) constructed: Option<Call>,
}

impl Host for World<'_> {
    fn call(&mut self, value: &Value) -> Result<Option<Value>, Stop> {
        let Some(call) = value.call() else { return Ok(None) };
        let shared = || Rc::new(value.clone());
        let known = match called(value).map(|(name, _)| name) {
            Some("Table") => Some(What::Table(shared())),
            Some("MetaData") => Some(What::Metadata(shared())),
            Some("declarative_base" | "registry" | "automap_base") => Some(What::Base(shared())),
            // A column that is read later, or under another name.
            Some("deferred" | "column_property")
                if call
                    .arguments
                    .first()
                    .is_some_and(|of| crate::sqlalchemy::table_part(of).is_some()) =>
            {
                return Ok(call.arguments.first().cloned());
            }
            _ => None,
        };
        if let Some(what) = known {
            let name = called(value).map_or("", |(name, _)| name).to_string();
            return Ok(Some(self.make(&name, value.span, what)));
        }
        if let Kind::Member(of, method) = &call.callee.kind
            && method == "__init__"
            && of.named().is_some_and(|path| path.dotted == "super")
        {
            self.constructed = Some(call.clone());
            return Ok(Some(nothing(value.span)));
        }
        let Some(path) = call.callee.path() else { return Ok(None) };
        if let Some(class) = functional_enum(path, call, value.span) {
            return Ok(self.class(&Rc::new(class)));
        }
        let second = || Ok(call.arguments.get(1).cloned());
        if let Some((of, method)) = self.member(path) {
            return Ok(match (&self.entities[of].what, method) {
                (What::Base(_), "generate_base") => {
                    Some(self.make("Base", value.span, What::Base(shared())))
                }
                (_, "append_column" | "append_constraint")
                | (What::Class(_), "__table__.append_column" | "__table__.append_constraint") => {
                    if !self.append(of, call) {
                        let message = "This changes a table afterwards, which is not read";
                        self.fail(value.span, message, "Write it into the table itself.");
                    }
                    None
                }
                _ => None,
            });
        }
        match path.dotted.as_str() {
            // The models are those of a process in which nobody set anything. Without a default nobody knows.
            "os.getenv" | "os.environ.get" => second(),
            "sqlalchemy.engine.dialect.type_descriptor" => Ok(call.arguments.first().cloned()),
            // `MutableDict.as_mutable(JSON)`
            name if name.starts_with("sqlalchemy.") && name.ends_with(".as_mutable") => {
                Ok(call.arguments.first().cloned())
            }
            "__import__" => Ok(call.arguments.first().and_then(Value::text).map(|module| {
                let path = Path { dotted: module.into(), origin: Origin::Imported };
                Value { kind: Kind::Name(path), span: value.span }
            })),
            "typing.cast" | "typing.NewType" => second(),
            _ => Ok(None),
        }
    }

    fn attribute(&mut self, of: &Value, name: &str) -> Result<Option<Value>, Stop> {
        if let (Kind::Text(_), "value") = (&of.kind, name) {
            // A member of an Enum of texts.
            return Ok(Some(of.clone()));
        }
        let Kind::Name(path) = &of.kind else { return Ok(None) };
        if path.origin == Origin::Imported {
            let known = self.import(&format!("{}.{name}", path.dotted));
            return Ok(known.map(|kind| Value { kind, span: of.span }));
        }
        if let Some((id, member)) = self.member(path) {
            return Ok(self.member_of_enum(id, member, name, of.span));
        }
        let Some(id) = self.entity(of) else { return Ok(None) };
        if let What::Object { class, attributes } = &self.entities[id].what {
            let class = *class;
            return Ok(match attributes.get(name) {
                Some(value) => Some(value.clone()),
                None => self.class_value(class, name),
            });
        }
        let Some(class) = self.class_of(id) else { return Ok(None) };
        let text = |text: &str| Value { kind: Kind::Text(text.into()), span: of.span };
        Ok(match name {
            "__name__" | "__qualname__" => Some(text(&class.name)),
            "__tablename__" if self.table_names.contains_key(&id) => {
                self.table_names.get(&id).map(|name| text(name))
            }
            "__members__" if self.is_enum(id) => {
                let members = self.named_members(id).into_iter();
                let entries = members.map(|(name, is, _)| (text(name), self.member_name(of, is)));
                Some(Value { kind: Kind::Dict(entries.collect()), span: of.span })
            }
            _ => match self.member_called(id, name) {
                Some(is) => Some(self.member_name(of, is)),
                None => self.class_value(id, name),
            },
        })
    }

    fn getter(&mut self, of: &Value, name: &str) -> Option<(Call, Option<Value>)> {
        self.getter_of_member(of, name)
    }

    fn name(&mut self, _name: &str, value: Value) -> Value {
        self.take_index(&value);
        value
    }

    fn enter(&mut self, value: &Value, _alias: Option<&str>) -> Result<Option<Value>, Stop> {
        let path = value.named().filter(|path| path.origin == Origin::Imported);
        let is_silent = path.is_some_and(|path| matches!(path.first(), "warnings" | "contextlib"));
        Ok(is_silent.then(|| nothing(value.span)))
    }

    fn leave(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn attempt(&mut self, _begins: bool) {}

    fn reads_models(&self) -> bool {
        true
    }

    fn class(&mut self, class: &Rc<Class>) -> Option<Value> {
        let (name, span) = (class.name.clone(), class.span);
        Some(self.make(&name, span, What::Class(Rc::clone(class))))
    }

    fn items(&self, of: &Value) -> Result<Option<Vec<Value>>, Stop> {
        let id = self.entity(of).filter(|id| self.is_enum(*id));
        let members = id.map(|id| self.members(id).into_iter());
        Ok(members.map(|all| all.map(|(name, _)| self.member_name(of, name)).collect()))
    }

    fn item(&mut self, of: &Value, key: &Value) -> Result<Option<Value>, Stop> {
        let (Some(id), Some(name)) = (self.entity(of), key.text()) else { return Ok(None) };
        Ok(self.member_called(id, name).map(|name| self.member_name(of, name)))
    }

    fn set_attribute(&mut self, of: &Value, name: &str, value: Value) -> bool {
        if name == "naming_convention" {
            let hint = "Give it to the MetaData: `MetaData(naming_convention={…})`.";
            self.fail(of.span, "A naming_convention that is set afterwards is not read", hint);
            return true;
        }
        let Some(id) = self.entity(of) else { return true };
        match self.entities.get_mut(id).map(|entity| &mut entity.what) {
            Some(What::Object { attributes, .. }) => {
                attributes.insert(name.into(), value);
                true
            }
            Some(What::Metadata(_) | What::Table(_)) => false,
            Some(What::Class(_)) => {
                crate::sqlalchemy::find_table_part(&value).is_none() || self.add(id, name, value)
            }
            _ => true,
        }
    }

    fn file(&mut self, number: usize) {
        self.file = number;
    }

    fn import(&self, dotted: &str) -> Option<Kind> {
        let version = || {
            let number = |number| Value { kind: Kind::Int(number), span: Span::new(0, 0) };
            Kind::Tuple([3, 13, 0].map(number).to_vec())
        };
        Some(match dotted {
            "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING" => Kind::Bool(false),
            "sys.version_info" => version(),
            "sqlalchemy.engine.dialect.name" => Kind::Text("sqlite".into()),
            "sys.platform" => Kind::Text("linux".into()),
            // SQLModel hands on what SQLAlchemy has.
            _ => {
                let name =
                    dotted.strip_prefix("sqlmodel.").filter(|name| !SQLMODEL.contains(name))?;
                if name.contains('.') {
                    return None;
                }
                let dotted = format!("sqlalchemy.{name}");
                Kind::Name(Path { dotted: dotted.into(), origin: Origin::Imported })
            }
        })
    }

    fn statement(&mut self, value: &Value) {
        self.take_index(value);
    }

    fn failed(&mut self, statement: Span, error: &Diagnostic) {
        self.failures.push((self.file, statement, error.clone()));
    }
}

impl<'a> World<'a> {
    /// Nothing made yet, for these files.
    pub(super) fn of(sources: Vec<Source<'a>>) -> Self {
        Self { sources, ..Self::default() }
    }

    /// Puts a column or a constraint at the end of a table; false if that is not followed.
    fn append(&mut self, id: usize, call: &Call) -> bool {
        let ([item], []) = (call.arguments.as_slice(), call.keywords.as_slice()) else {
            return false;
        };
        let is_here = self.entities[id].file == self.file;
        match &mut self.entities[id].what {
            What::Table(value) if is_here => match &mut Rc::make_mut(value).kind {
                Kind::Call(call) => {
                    call.arguments.push(item.clone());
                    true
                }
                _ => false,
            },
            _ => match (called(item), item.call().and_then(super::lookup::written_name)) {
                (Some(("Column", _)), Some(name)) => self.add(id, name, item.clone()),
                _ => false,
            },
        }
    }

    /// Gives a column to a class that has a table; false if that is not followed.
    fn add(&mut self, id: usize, name: &str, value: Value) -> bool {
        let Some(entity) = self.entities.get_mut(id).filter(|entity| entity.file == self.file)
        else {
            return false;
        };
        let What::Class(class) = &mut entity.what else { return false };
        let is_model = class.value("__tablename__").is_some_and(|name| name.text().is_some());
        if !is_model || class.attributes.iter().any(|known| known.name == name) {
            return false;
        }
        let span = value.span;
        Rc::make_mut(class).attributes.push(Attribute::new(name.into(), value, span));
        true
    }

    fn make(&mut self, name: &str, span: Span, what: What) -> Value {
        let dotted = format!("{name}#{}", self.entities.len());
        self.entities.push(Entity { file: self.file, span, what });
        Value { kind: Kind::Name(Path { dotted: dotted.into(), origin: Origin::Defined }), span }
    }

    /// The name of what has that number.
    pub(super) fn path_of(&self, id: usize) -> Path {
        let name = self.class_of(id).map_or("", |class| &class.name);
        Path { dotted: format!("{name}#{id}").into(), origin: Origin::Defined }
    }

    /// A new object of a class.
    pub(super) fn object(&mut self, class: usize, span: Span) -> Value {
        self.make("self", span, What::Object { class, attributes: LiteMap::new() })
    }

    /// What methods set as an attribute of an object.
    pub(super) fn attribute_of(&self, object: &Value, name: &str) -> Option<Value> {
        match &self.entities.get(self.entity(object)?)?.what {
            What::Object { attributes, .. } => attributes.get(name).cloned(),
            _ => None,
        }
    }

    /// Sets what a type decorates.
    pub(super) fn set_impl(&mut self, object: &Value, value: Value) {
        self.set_attribute(object, "impl", value);
    }

    fn fail(&mut self, span: Span, message: &str, hint: &str) {
        if let Some(source) = self.sources.get(self.file) {
            let error = source.unsupported(span, message).hint(hint);
            self.mistakes.push((self.file, error));
        }
    }

    /// `Index(…)` on columns of a table: it belongs to that.
    fn take_index(&mut self, value: &Value) {
        if called(value).is_some_and(|(name, _)| name == "Index") {
            self.indexes.push((self.file, value.clone()));
        }
    }

    /// What a name stands for, and the rest of the name.
    pub(super) fn parts<'p>(&self, path: &'p Path) -> Option<(usize, &'p str)> {
        if path.origin != Origin::Defined {
            return None;
        }
        let at = path.dotted.bytes().position(|letter| letter == b'#')?;
        let rest = path.dotted.get(at + 1..)?;
        let (number, rest) = rest.split_once('.').unwrap_or((rest, ""));
        let number: usize = number.parse().ok()?;
        (number < self.entities.len()).then_some((number, rest))
    }

    /// The number of what a value is.
    pub(super) fn entity(&self, value: &Value) -> Option<usize> {
        self.parts(value.path()?).filter(|(_, rest)| rest.is_empty()).map(|(id, _)| id)
    }

    /// What a name is an attribute of, and the attribute.
    fn member<'p>(&self, path: &'p Path) -> Option<(usize, &'p str)> {
        self.parts(path).filter(|(_, rest)| !rest.is_empty())
    }

    pub(super) fn class_of(&self, id: usize) -> Option<&Rc<Class>> {
        match &self.entities.get(id)?.what {
            What::Class(class) => Some(class),
            _ => None,
        }
    }

    /// A class and those that it inherits from, in the order in which Python looks for attributes.
    pub(super) fn line(&self, id: usize) -> Vec<usize> {
        let mut line = Vec::with_capacity(4);
        self.climb(id, &mut line, DEPTH);
        if line.len() < 3 {
            return line;
        }
        let mut seen = LiteMap::<usize, ()>::new();
        // What several bases share stands behind all of them.
        line.reverse();
        line.retain(|id| seen.insert(*id, ()).is_none());
        line.reverse();
        line
    }

    fn climb(&self, id: usize, line: &mut Vec<usize>, depth: usize) {
        let Some(depth) = depth.checked_sub(1).filter(|_| line.len() < 1000) else { return };
        line.push(id);
        for base in self.bases(id) {
            if let Some(base) = self.entity(base) {
                self.climb(base, line, depth);
            }
        }
    }

    /// The bases of a class as they are written; those that `declarative_base(cls=…)` has.
    pub(super) fn bases(&self, id: usize) -> &[Value] {
        match self.entities.get(id).map(|entity| &entity.what) {
            Some(What::Class(class)) => &class.bases,
            Some(What::Base(value)) => {
                let keyword = value.call().and_then(|call| keyword(call, "cls"));
                keyword
                    .map(|base| base.items().unwrap_or(std::slice::from_ref(base)))
                    .unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// Whether one of the classes above is called so in that package.
    pub(super) fn is_above(&self, id: usize, package: &str, names: &[&str]) -> bool {
        let is = |base: &Value| {
            let base = match &base.kind {
                Kind::Subscript(of, _) => of,
                _ => base,
            };
            base.path()
                .and_then(|path| path.within(package))
                .is_some_and(|name| names.contains(&name))
        };
        self.line(id).into_iter().any(|id| self.bases(id).iter().any(is))
    }

    /// What a class says under a name, unless it is a column.
    fn class_value(&self, id: usize, name: &str) -> Option<Value> {
        for class in self.line(id) {
            let Some(of) = self.class_of(class) else { continue };
            if let Some(value) = of.value(name) {
                let is_column = crate::sqlalchemy::find_table_part(value).is_some();
                return (!is_column && !matches!(value.kind, Kind::Unknown(_)))
                    .then(|| value.clone());
            }
            if let Some(function) = of.function(name) {
                let is = |what: &str| {
                    let mut all = function.decorators.iter();
                    all.any(|one| one.path().is_some_and(|path| path.dotted == what))
                };
                if is("staticmethod") {
                    return Some(function.value.clone());
                }
                if is("classmethod") {
                    let dotted = format!("{}#{id}", self.class_of(id)?.name);
                    let path = Path { dotted: dotted.into(), origin: Origin::Defined };
                    let class = Value { kind: Kind::Name(path), span: function.span };
                    return Some(partial(function.value.clone(), class));
                }
                return None;
            }
        }
        None
    }
}

/// A function of which the first argument is given.
fn partial(function: Value, first: Value) -> Value {
    let span = function.span;
    let path = Path { dotted: "functools.partial".into(), origin: Origin::Imported };
    let callee = Value { kind: Kind::Name(path), span };
    let call =
        crate::value::Call { callee, arguments: vec![function, first], keywords: Vec::new() };
    Value { kind: Kind::Call(Box::new(call)), span }
}

pub(super) fn keyword<'v>(call: &'v crate::value::Call, name: &str) -> Option<&'v Value> {
    call.keywords.iter().find(|keyword| keyword.name == name).map(|keyword| &keyword.value)
}

fn nothing(span: Span) -> Value {
    Value { kind: Kind::None, span }
}

/// Whether a value is that class or function of SQLAlchemy.
pub(super) fn is_sqlalchemy(value: &Value, names: &[&str]) -> bool {
    name(value).is_some_and(|name| names.contains(&name))
}
