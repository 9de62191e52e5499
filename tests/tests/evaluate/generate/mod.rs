//! Random small programs in the Python that revision scripts are written in.

mod collection;
mod scalar;
mod statement;

use std::fmt::Write as _;

/// Numbers that look random and are the same for the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == 0
    }

    fn of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }
}

/// What an expression is to give.
#[derive(Clone, Copy, PartialEq)]
enum Type {
    Int,
    Float,
    Bool,
    Text,
    /// A list of numbers.
    Numbers,
    /// A list of texts.
    Names,
    Tuple,
    /// A dict from texts to numbers.
    Dict,
    /// A set of numbers.
    Set,
    Nothing,
}

const TYPES: [Type; 10] = [
    Type::Int,
    Type::Float,
    Type::Bool,
    Type::Text,
    Type::Numbers,
    Type::Names,
    Type::Tuple,
    Type::Dict,
    Type::Set,
    Type::Nothing,
];

/// A program, as it is written.
struct Writer {
    random: Random,
    text: String,
    indent: usize,
    /// Variables that are bound, with what they hold.
    names: Vec<(String, Type)>,
    count: usize,
    /// Names that a loop goes over right now, which may not be changed in it.
    loops: usize,
}

/// The body of `upgrade()` for a seed.
pub(crate) fn program(seed: u64) -> String {
    let mut writer = Writer {
        random: Random(seed),
        text: String::new(),
        indent: 0,
        names: Vec::new(),
        count: 0,
        loops: 0,
    };
    for _ in 0..1 + writer.random.below(5) {
        writer.statement(2);
    }
    let wanted = TYPES[writer.random.below(TYPES.len())];
    let value = writer.any(wanted, 4);
    writer.say(&value);
    for (name, kind) in writer.names.clone() {
        writer.say(&shown(&name, kind));
    }
    writer.text
}

/// A set has no order.
fn shown(name: &str, kind: Type) -> String {
    match kind {
        Type::Set => format!("sorted({name})"),
        _ => name.into(),
    }
}

impl Writer {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{}{line}", "    ".repeat(self.indent));
    }

    /// A set has no order.
    fn say(&mut self, value: &str) {
        self.line(&format!("w = {value}"));
        self.line("op.execute(repr(sorted(w) if isinstance(w, set) else w))");
    }

    fn fresh(&mut self) -> String {
        self.count += 1;
        format!("v{}", self.count)
    }

    fn variable(&mut self, kind: Type) -> Option<String> {
        let fit: Vec<&String> =
            self.names.iter().filter(|(_, known)| *known == kind).map(|(name, _)| name).collect();
        (!fit.is_empty()).then(|| fit[self.random.below(fit.len())].clone())
    }

    /// Something to show, by itself: sets are sorted.
    fn any(&mut self, kind: Type, depth: usize) -> String {
        let value = self.value(kind, depth);
        shown(&value, kind)
    }

    fn int(&mut self, depth: usize) -> String {
        self.value(Type::Int, depth)
    }

    fn text(&mut self, depth: usize) -> String {
        self.value(Type::Text, depth)
    }

    /// An expression of one of the first so many types.
    fn some(&mut self, types: usize, depth: usize) -> String {
        let kind = TYPES[self.random.below(types)];
        self.value(kind, depth)
    }

    /// An expression that mostly gives what is wanted.
    fn value(&mut self, wanted: Type, depth: usize) -> String {
        let kind = match self.random.one_in(40) {
            // What stands for something else shall have an order.
            true => match TYPES[self.random.below(TYPES.len())] {
                Type::Set => wanted,
                other => other,
            },
            false => wanted,
        };
        if depth == 0 || self.random.one_in(4) {
            if let Some(name) = self.variable(kind) {
                return name;
            }
            return self.literal(kind);
        }
        let d = depth - 1;
        if self.random.one_in(10) {
            let (test, one, other) =
                (self.value(Type::Bool, d), self.value(kind, d), self.value(kind, d));
            return format!("({one} if {test} else {other})");
        }
        match kind {
            Type::Int => self.int_value(d),
            Type::Float => self.float_value(d),
            Type::Bool => self.bool_value(d),
            Type::Text => self.text_value(d),
            Type::Numbers => self.numbers_value(d),
            Type::Names => self.names_value(d),
            Type::Tuple => self.tuple_value(d),
            Type::Dict => self.dict_value(d),
            Type::Set => self.set_value(d),
            Type::Nothing => "None".into(),
        }
    }

    fn literal(&mut self, kind: Type) -> String {
        match kind {
            Type::Int => self
                .random
                .of(&[
                    "(0)", "(1)", "(2)", "(3)", "(7)", "(-1)", "(-5)", "(10)", "(255)", "(1_000)",
                    "(0x1F)",
                ])
                .into(),
            Type::Float => self
                .random
                .of(&["0.0", "1.5", "(-2.25)", "1e3", "0.1", "3.0", "1e-7", "1e16", "2.675"])
                .into(),
            Type::Bool => self.random.of(&["True", "False"]).into(),
            Type::Text => self
                .random
                .of(&[
                    "''",
                    "'a'",
                    "'abc'",
                    "'a,b,,c'",
                    "' x y '",
                    "'Hello World'",
                    "'user_id'",
                    "\"it's\"",
                    "'aaa'",
                    "'42'",
                    "'-7'",
                    "'3.5'",
                    "'ä ß'",
                    "'a\\nb\\r\\nc'",
                    "'%d {} {{'",
                    "'x' 'y'",
                    "r'\\d'",
                    "'\\t'",
                ])
                .into(),
            Type::Numbers => self
                .random
                .of(&["[]", "[1, 2, 3]", "[3, 1, 2, 1]", "[-1, 0]", "list(range(4))", "[5]"])
                .into(),
            Type::Names => self
                .random
                .of(&["[]", "['a', 'b']", "['b', 'a', 'c']", "['user', 'Item', 'x']"])
                .into(),
            Type::Tuple => self
                .random
                .of(&["()", "(1,)", "(1, 'a')", "(1, 2.5, None)", "('x', ('y', 2))"])
                .into(),
            Type::Dict => self
                .random
                .of(&[
                    "{}",
                    "{'a': 1}",
                    "{'b': 2, 'a': 1}",
                    "dict(x=1, y=2)",
                    "{'a': 1, 'b': 5, 'c': 0}",
                ])
                .into(),
            Type::Set => self.random.of(&["set()", "{1}", "{1, 2, 3}", "{3, 5}", "{0, 1}"]).into(),
            Type::Nothing => "None".into(),
        }
    }
}
