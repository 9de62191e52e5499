//! Random small programs in the Python that revision scripts are written in.

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

    fn int_value(&mut self, d: usize) -> String {
        match self.random.below(19) {
            0..=3 => {
                let operator = self.random.of(&["+", "-", "*", "//", "%", "&", "|", "^"]);
                format!("({} {operator} {})", self.int(d), self.int(d))
            }
            4 => format!(
                "({} {} {})",
                self.int(d),
                self.random.of(&["<<", ">>", "**"]),
                self.random.of(&["0", "1", "3"])
            ),
            5 => format!("({}{})", self.random.of(&["-", "+", "~", "- -"]), self.int(d)),
            6 => {
                let kind = [Type::Text, Type::Numbers, Type::Dict, Type::Set, Type::Tuple]
                    [self.random.below(5)];
                format!("len({})", self.value(kind, d))
            }
            7 => format!("{}({}, {})", self.random.of(&["min", "max"]), self.int(d), self.int(d)),
            8 => format!("sum({})", self.value(Type::Numbers, d)),
            9 => format!(
                "{}({}{})",
                self.random.of(&["min", "max"]),
                self.value(Type::Numbers, d),
                self.random.of(&["", ", default=9", ", key=lambda n: -n"])
            ),
            10 => format!(
                "{}[{}]",
                self.value(Type::Numbers, d),
                self.random.of(&["0", "-1", "1", "2"])
            ),
            11 => format!("{}.get({}, {})", self.value(Type::Dict, d), self.text(d), self.int(d)),
            12 => {
                format!("{}[{}]", self.value(Type::Dict, d), self.random.of(&["'a'", "'b'", "'x'"]))
            }
            13 => {
                let method = self.random.of(&["find", "rfind", "count", "index", "rindex"]);
                let rest = self.random.of(&["", "", ", 1", ", 1, 3", ", -2"]);
                format!(
                    "{}.{method}({}{rest})",
                    self.text(d),
                    self.random.of(&["'a'", "''", "'aa'", "' '", "','"])
                )
            }
            14 => format!(
                "{}.{}({})",
                self.value(Type::Numbers, d),
                self.random.of(&["index", "count"]),
                self.int(d)
            ),
            15 => format!(
                "int({})",
                match self.random.below(5) {
                    0 => self.text(d),
                    1 => self.value(Type::Float, d),
                    2 => self.value(Type::Bool, d),
                    3 => self
                        .random
                        .of(&[
                            "'ff', 16",
                            "'101', base=2",
                            "'1_0'",
                            "' 12 '",
                            "'1__0'",
                            "'0x1', 0",
                            "'٣'"
                        ])
                        .into(),
                    _ => self.int(d),
                }
            ),
            16 => format!("abs({})", self.int(d)),
            17 => format!(
                "{}({})",
                self.random.of(&["ord", "hash", "round"]),
                self.random.of(&["'a'", "2.5", "3.5", "-0.5", "7"])
            ),
            _ => format!("(lambda a, b={}: a - b)({})", self.int(d), self.int(d)),
        }
    }

    fn float_value(&mut self, d: usize) -> String {
        match self.random.below(8) {
            0..=3 => {
                let operator = self.random.of(&["+", "-", "*", "/", "//", "%", "**"]);
                let right = if operator == "**" { "2".into() } else { self.value(Type::Float, d) };
                format!("({} {operator} {right})", self.value(Type::Float, d))
            }
            4 => format!("({} / {})", self.int(d), self.int(d)),
            5 => format!(
                "float({})",
                self.random.of(&["'1.5'", "' 2 '", "'1_0.5'", "'x'", "3", "True", "'1e3'", "'.5'"])
            ),
            6 => format!(
                "round({}, {})",
                self.value(Type::Float, d),
                self.random.of(&["0", "1", "2", "3"])
            ),
            _ => format!("({} * {})", self.value(Type::Float, d), self.int(d)),
        }
    }

    fn bool_value(&mut self, d: usize) -> String {
        match self.random.below(13) {
            0..=2 => {
                let kind = TYPES[self.random.below(8)];
                let operator = self.random.of(&["==", "!=", "<", "<=", ">", ">="]);
                format!("({} {operator} {})", self.value(kind, d), self.value(kind, d))
            }
            3 => format!("({} < {} <= {})", self.int(d), self.int(d), self.int(d)),
            4 => format!("(not {})", self.some(9, d)),
            5 => format!(
                "bool({} {} {})",
                self.value(Type::Bool, d),
                self.random.of(&["and", "or"]),
                self.value(Type::Numbers, d)
            ),
            6 => format!(
                "({} {} {})",
                self.text(d),
                self.random.of(&["in", "not in"]),
                self.value(Type::Names, d)
            ),
            7 => format!("({} {} {})", self.int(d), self.random.of(&["in", "not in"]), {
                let kind = [Type::Set, Type::Numbers, Type::Tuple][self.random.below(3)];
                self.value(kind, d)
            }),
            8 => format!("({} in {})", self.text(d), {
                let kind = [Type::Dict, Type::Text][self.random.below(2)];
                self.value(kind, d)
            }),
            9 => {
                let method = self.random.of(&[
                    "isdigit",
                    "isalpha",
                    "isalnum",
                    "isupper",
                    "islower",
                    "isspace",
                    "istitle",
                    "isidentifier",
                ]);
                format!("{}.{method}()", self.text(d))
            }
            10 => {
                let method = self.random.of(&["startswith", "endswith"]);
                format!(
                    "{}.{method}({})",
                    self.text(d),
                    self.random.of(&["'a'", "('x', 'a')", "''", "'b', 1", "()"])
                )
            }
            11 => format!(
                "isinstance({}, {})",
                self.some(10, d),
                self.random.of(&["int", "str", "(list, tuple)", "dict", "float", "set", "bool"])
            ),
            _ => {
                let method = self.random.of(&["issubset", "issuperset", "isdisjoint"]);
                format!("{}.{method}({})", self.value(Type::Set, d), self.value(Type::Set, d))
            }
        }
    }

    fn text_value(&mut self, d: usize) -> String {
        match self.random.below(22) {
            0 => format!("({} + {})", self.text(d), self.text(d)),
            1 => format!("({} * {})", self.text(d), self.random.of(&["0", "2", "3", "-1"])),
            2 => format!("{}[{}]", self.text(d), self.slice()),
            3 => format!("{}[{}]", self.text(d), self.random.of(&["0", "-1", "1"])),
            4..=5 => {
                let method = self.random.of(&[
                    "upper",
                    "lower",
                    "title",
                    "capitalize",
                    "strip",
                    "lstrip",
                    "rstrip",
                    "swapcase",
                    "casefold",
                ]);
                format!("{}.{method}()", self.text(d))
            }
            6 => {
                let method =
                    self.random.of(&["strip", "lstrip", "rstrip", "removeprefix", "removesuffix"]);
                format!(
                    "{}.{method}({})",
                    self.text(d),
                    self.random.of(&["'a'", "' x'", "'abc'", "''"])
                )
            }
            7 => format!(
                "{}.replace({})",
                self.text(d),
                self.random.of(&[
                    "'a', 'b'",
                    "'', '-'",
                    "'a', '', 1",
                    "' ', '_'",
                    "'aa', 'x'",
                    "'a', 'b', -1"
                ])
            ),
            8 => format!("{}.join({})", self.text(d), self.value(Type::Names, d)),
            9 => {
                let kind = TYPES[self.random.below(8)];
                format!(
                    "{}({})",
                    self.random.of(&["str", "repr", "str", "format"]),
                    self.value(kind, d)
                )
            }
            10..=13 => self.formatted(d),
            14 => {
                let (pattern, with) = match self.random.below(8) {
                    0 => ("'%s-%s'", format!("({}, {})", self.text(d), self.int(d))),
                    1 => (
                        "'%d|%5d|%-5d|'",
                        format!("({}, {}, {})", self.int(d), self.int(d), self.int(d)),
                    ),
                    2 => (
                        "'%(a)s %(b)d'",
                        format!("{{'a': {}, 'b': {}}}", self.text(d), self.int(d)),
                    ),
                    3 => ("'%r %%'", format!("({},)", self.text(d))),
                    4 => ("'%s'", self.value(Type::Numbers, d)),
                    5 => (
                        "'%.2f %05.1f'",
                        format!("({}, {})", self.value(Type::Float, d), self.value(Type::Float, d)),
                    ),
                    6 => (
                        "'%x %o %03d'",
                        format!("({}, {}, {})", self.int(d), self.int(d), self.int(d)),
                    ),
                    _ => ("'%s %s'", self.value(Type::Tuple, d)),
                };
                format!("({pattern} % {with})")
            }
            15..=16 => {
                let (pattern, with) = match self.random.below(8) {
                    0 => ("'{} {}'", format!("{}, {}", self.text(d), self.int(d))),
                    1 => ("'{1}{0}{1}'", format!("{}, {}", self.text(d), self.int(d))),
                    2 => ("'{a!r:>8}|{b:<5}|'", format!("a={}, b={}", self.text(d), self.int(d))),
                    3 => ("'{0[0]} {0[1]}'", self.value(Type::Names, d)),
                    4 => ("'{x[a]:03d}'", format!("x={}", self.value(Type::Dict, d))),
                    5 => (
                        "'{:{}}|'",
                        format!("{}, {}", self.text(d), self.random.of(&["5", "'>7'", "3"])),
                    ),
                    6 => ("'{{{}}}'", self.value(Type::Tuple, d)),
                    _ => ("'{0.real}'", self.int(d)),
                };
                format!("{pattern}.format({with})")
            }
            17 => {
                let method = self.random.of(&["ljust", "rjust", "center"]);
                format!(
                    "{}.{method}({}{})",
                    self.text(d),
                    self.random.of(&["3", "8", "0"]),
                    self.random.of(&["", ", '*'", ", '-'"])
                )
            }
            18 => format!("{}.zfill({})", self.text(d), self.random.of(&["2", "6"])),
            19 => format!("{}[{}]", self.value(Type::Names, d), self.random.of(&["0", "-1", "1"])),
            20 => format!("type({}).__name__", self.some(10, d)),
            _ => format!("({} or {})", self.text(d), self.text(d)),
        }
    }

    fn formatted(&mut self, d: usize) -> String {
        // A text in quotes of one kind cannot be filled into a literal with the same: names stand for it.
        let kind =
            [Type::Int, Type::Float, Type::Text, Type::Bool, Type::Numbers][self.random.below(5)];
        let value = self.value(kind, d.min(2));
        let name = self.fresh();
        let specs: &[&str] = match kind {
            Type::Int => &[
                "", ":d", ":5", ":05d", ":<6d", ":>6", ":^7", ":+d", ":,", ":x", ":#x", ":b",
                ":08.3f", ":e", ":_", ":*^9", ":%", ":c", ":s", ":X", ":o",
            ],
            Type::Float => &[
                "", ":.2f", ":8.3f", ":<10", ":.0f", ":e", ":g", ":.3", ":,.2f", ":+.1f", ":%",
                ":.1%", ":010.2f", ":d", ":n",
            ],
            Type::Text => &[
                "", ":>5", ":<8", ":^9", ":*^9", ":s", ":.2", ":10.3s", "!r", "!s", "!r:>10", "!a",
                ":d", ":05",
            ],
            Type::Bool => &["", ":d", ":5", "!r", ":>6", "!s:>6"],
            _ => &["", "!r", "!s", ":5", "!r:>20"],
        };
        let spec = self.random.of(specs);
        let equals = self.random.of(&["", "", "", "=", " = "]);
        format!("(lambda {name}: f'<{{{name}{equals}{spec}}}>')({value})")
    }

    fn slice(&mut self) -> String {
        self.random
            .of(&[
                "1:", ":2", "::-1", "-2:", ":-1", "1:3", "::2", "5:", "2:0:-1", ":", "-3:-1",
                ":100", "100::-1", "-100:2",
            ])
            .into()
    }

    fn numbers_value(&mut self, d: usize) -> String {
        match self.random.below(16) {
            0 => format!("({} + {})", self.value(Type::Numbers, d), self.value(Type::Numbers, d)),
            1 => format!("{}[{}]", self.value(Type::Numbers, d), self.slice()),
            2 => format!(
                "sorted({}{})",
                self.value(Type::Numbers, d),
                self.random.of(&[
                    "",
                    ", reverse=True",
                    ", key=lambda n: n % 3",
                    ", key=lambda n: -n, reverse=True"
                ])
            ),
            3 => format!(
                "list(range({}))",
                self.random.of(&["3", "1, 4", "5, 0, -2", "0", "-3, 3, 2"])
            ),
            4 => format!(
                "[n {} {} for n in {}]",
                self.random.of(&["+", "*", "-"]),
                self.int(d),
                self.value(Type::Numbers, d)
            ),
            5 => format!(
                "[n for n in {} if n {} {}]",
                self.value(Type::Numbers, d),
                self.random.of(&[">", "!=", "<="]),
                self.int(d)
            ),
            6 => format!("list({})", {
                let kind = [Type::Numbers, Type::Tuple][self.random.below(2)];
                self.value(kind, d)
            }),
            7 => format!("list({}.values())", self.value(Type::Dict, d)),
            8 => format!("[*{}, {}]", self.value(Type::Numbers, d), self.int(d)),
            9 => format!("sorted({})", self.value(Type::Set, d)),
            10 => {
                format!("({} * {})", self.value(Type::Numbers, d), self.random.of(&["2", "0", "1"]))
            }
            11 => format!(
                "list(map(lambda n: n + {}, {}))",
                self.int(d),
                self.value(Type::Numbers, d)
            ),
            12 => format!(
                "list(filter({}, {}))",
                self.random.of(&["None", "lambda n: n > 1"]),
                self.value(Type::Numbers, d)
            ),
            13 => format!("list(reversed({}))", self.value(Type::Numbers, d)),
            14 => format!("[len(s) for s in {}]", self.value(Type::Names, d)),
            _ => format!(
                "[a * b for a in {} for b in {} if a != b]",
                self.value(Type::Numbers, d),
                self.value(Type::Numbers, d)
            ),
        }
    }

    fn names_value(&mut self, d: usize) -> String {
        match self.random.below(9) {
            0 => {
                let method = self.random.of(&["split", "rsplit"]);
                format!(
                    "{}.{method}({})",
                    self.text(d),
                    self.random.of(&[
                        "",
                        "','",
                        "' '",
                        "None",
                        "',', 1",
                        "'aa'",
                        "None, 1",
                        "sep=',', maxsplit=2",
                        "maxsplit=1"
                    ])
                )
            }
            1 => format!("{}.splitlines({})", self.text(d), self.random.of(&["", "True"])),
            2 => format!(
                "[s.{}() for s in {}]",
                self.random.of(&["upper", "lower", "title"]),
                self.value(Type::Names, d)
            ),
            3 => format!(
                "sorted({}{})",
                self.value(Type::Names, d),
                self.random.of(&["", ", key=len", ", key=str.lower", ", reverse=True"])
            ),
            4 => format!("list({})", {
                let kind = [Type::Dict, Type::Text][self.random.below(2)];
                self.value(kind, d)
            }),
            5 => format!(
                "list({}.{}partition({}))",
                self.text(d),
                self.random.of(&["", "r"]),
                self.random.of(&["','", "' '", "'a'"])
            ),
            6 => format!("({} + {})", self.value(Type::Names, d), self.value(Type::Names, d)),
            7 => format!(
                "[f'{{i}}_{{s}}' for i, s in enumerate({}{})]",
                self.value(Type::Names, d),
                self.random.of(&["", ", 1", ", start=2"])
            ),
            _ => format!("list(map(str, {}))", self.value(Type::Numbers, d)),
        }
    }

    fn tuple_value(&mut self, d: usize) -> String {
        match self.random.below(7) {
            0 => format!("({}, {})", self.int(d), self.text(d)),
            1 => format!("tuple({})", self.value(Type::Numbers, d)),
            2 => format!("({} + {})", self.value(Type::Tuple, d), self.value(Type::Tuple, d)),
            3 => format!("divmod({}, {})", self.int(d), self.int(d)),
            4 => format!(
                "tuple(zip({}, {}))",
                self.value(Type::Names, d),
                self.value(Type::Numbers, d)
            ),
            5 => format!("{}[{}]", self.value(Type::Tuple, d), self.slice()),
            _ => format!("tuple({}.items())", self.value(Type::Dict, d)),
        }
    }

    fn dict_value(&mut self, d: usize) -> String {
        match self.random.below(7) {
            0 => format!("{{**{}, {}: {}}}", self.value(Type::Dict, d), self.text(d), self.int(d)),
            1 => format!(
                "{{k: v + {} for k, v in {}.items()}}",
                self.int(d),
                self.value(Type::Dict, d)
            ),
            2 => format!("{{s: len(s) for s in {}}}", self.value(Type::Names, d)),
            3 => format!(
                "dict(zip({}, {}))",
                self.value(Type::Names, d),
                self.value(Type::Numbers, d)
            ),
            4 => format!("({} | {})", self.value(Type::Dict, d), self.value(Type::Dict, d)),
            5 => format!("dict.fromkeys({}, {})", self.value(Type::Names, d), self.int(d)),
            _ => format!("dict({}, z={})", self.value(Type::Dict, d), self.int(d)),
        }
    }

    fn set_value(&mut self, d: usize) -> String {
        match self.random.below(5) {
            0 => format!(
                "({} {} {})",
                self.value(Type::Set, d),
                self.random.of(&["|", "&", "-", "^"]),
                self.value(Type::Set, d)
            ),
            1 => format!("set({})", self.value(Type::Numbers, d)),
            2 => format!("{{n % 3 for n in {}}}", self.value(Type::Numbers, d)),
            3 => format!(
                "{}.{}({})",
                self.value(Type::Set, d),
                self.random.of(&["union", "intersection", "difference"]),
                self.value(Type::Numbers, d)
            ),
            _ => format!("{{{}, {}}}", self.int(d), self.int(d)),
        }
    }

    fn assign(&mut self, depth: usize) {
        let kind = TYPES[self.random.below(9)];
        let value = self.value(kind, depth);
        let name = self.fresh();
        self.line(&format!("{name} = {value}"));
        self.names.push((name, kind));
    }

    /// Statements of a block. What is bound in it may not be bound behind it.
    fn block(&mut self, depth: usize) {
        let bound = self.names.len();
        self.indent += 1;
        for _ in 0..1 + self.random.below(3) {
            self.statement(depth);
        }
        self.indent -= 1;
        self.names.truncate(bound);
    }

    fn statement(&mut self, depth: usize) {
        if depth == 0 {
            let value = self.any(Type::Int, 2);
            match self.random.below(3) {
                0 => self.say(&value),
                _ => self.assign(2),
            }
            return;
        }
        let d = depth - 1;
        match self.random.below(22) {
            0..=4 => self.assign(3),
            5..=6 => self.change(),
            7 => {
                let test = self.value(Type::Bool, 2);
                self.line(&format!("if {test}:"));
                self.block(d);
                if self.random.one_in(2) {
                    let test = self.value(Type::Bool, 2);
                    self.line(&format!("elif {test}:"));
                    self.block(d);
                }
                self.line("else:");
                self.block(d);
            }
            8..=9 => {
                let over = self.value(Type::Numbers, 2);
                let name = self.fresh();
                self.line(&format!("for {name} in {over}:"));
                self.names.push((name.clone(), Type::Int));
                self.loops += 1;
                self.indent += 1;
                if self.random.one_in(2) {
                    let (test, end) =
                        (self.value(Type::Bool, 2), self.random.of(&["break", "continue"]));
                    self.line(&format!("if {test}: {end}"));
                }
                self.indent -= 1;
                self.block(d);
                self.loops -= 1;
                self.names.retain(|(known, _)| *known != name);
                if self.random.one_in(2) {
                    self.line("else:");
                    self.block(d);
                }
            }
            10 => {
                let over = self.value(Type::Dict, 2);
                let (key, value) = (self.fresh(), self.fresh());
                self.line(&format!("for {key}, {value} in {over}.items():"));
                let bound = self.names.len();
                self.names.push((key, Type::Text));
                self.names.push((value, Type::Int));
                self.loops += 1;
                self.block(d);
                self.loops -= 1;
                self.names.truncate(bound);
            }
            11 => {
                let name = self.fresh();
                self.line(&format!("{name} = 0"));
                {
                    let line = format!("while {name} < {}:", self.random.below(4));
                    self.line(&line);
                }
                self.indent += 1;
                self.line(&format!("{name} += 1"));
                self.indent -= 1;
                self.loops += 1;
                self.block(d);
                self.loops -= 1;
            }
            12..=13 => {
                self.line("try:");
                self.block(d);
                let class = self.random.of(&[
                    "ValueError",
                    "KeyError",
                    "(IndexError, TypeError)",
                    "ZeroDivisionError",
                    "LookupError",
                    "Exception",
                    "ArithmeticError",
                ]);
                let shows = self.random.one_in(2);
                self.line(&format!("except {class}{}:", if shows { " as e" } else { "" }));
                if shows {
                    self.indent += 1;
                    self.say("type(e).__name__");
                    self.indent -= 1;
                }
                self.block(d);
                if self.random.one_in(2) {
                    self.line("else:");
                    self.block(d);
                }
                if self.random.one_in(2) {
                    self.line("finally:");
                    self.block(d);
                }
            }
            14 => {
                let value = self.value(Type::Numbers, 2);
                let (one, two, rest) = (self.fresh(), self.fresh(), self.fresh());
                match self.random.below(3) {
                    0 => self.line(&format!("{one}, *{rest} = {value}")),
                    1 => self.line(&format!("*{rest}, {one} = {value}")),
                    _ => {
                        self.line(&format!("[{one}, {two}, *{rest}] = {value}"));
                        self.names.push((two, Type::Int));
                    }
                }
                self.names.push((one, Type::Int));
                self.names.push((rest, Type::Numbers));
            }
            15..=17 => self.function(d),
            18 => {
                let (one, other) = (self.value(Type::Int, 2), self.value(Type::Text, 2));
                let (a, b) = (self.fresh(), self.fresh());
                self.line(&format!("{a}, {b} = {one}, {other}"));
                self.names.push((a, Type::Int));
                self.names.push((b, Type::Text));
            }
            19 => {
                let class = self.random.of(&["ValueError", "KeyError", "RuntimeError"]);
                let (test, message) = (self.value(Type::Bool, 2), self.text(1));
                self.line(&format!("t, m = {test}, {message}"));
                self.line("try:");
                self.line(&format!("    if t: raise {class}(m)"));
                {
                    let line = format!(
                        "    {}",
                        self.random.of(&["assert True", "assert 1 > 2, 'no'", "pass"])
                    );
                    self.line(&line);
                }
                self.line("except Exception as e:");
                self.line("    op.execute(repr([str(e), type(e).__name__, isinstance(e, ValueError), e.args]))");
            }
            20 => {
                let over = self.value(Type::Numbers, 2);
                let name = self.fresh();
                let make = self.random.of(&[
                    "iter(X)",
                    "(n * 2 for n in X)",
                    "map(str, X)",
                    "enumerate(X)",
                    "reversed(X)",
                    "zip(X, 'abc')",
                ]);
                self.line(&format!("{name} = {}", make.replace('X', &over)));
                self.say(&format!("next({name}, None)"));
                self.say(&format!("list({name})"));
                self.say(&format!("list({name})"));
            }
            _ => {
                let value = self.value(Type::Int, 2);
                self.line(&format!("match {value}:"));
                self.line("    case 0 | 1:");
                self.line("        op.execute('few')");
                self.line("    case n if n < 0:");
                self.line("        op.execute(f'negative {n}')");
                self.line("    case _:");
                self.line("        op.execute('many')");
            }
        }
    }

    /// Something that is there already becomes something else.
    fn change(&mut self) {
        // A list that is changed while a loop goes over it never ends.
        if self.loops > 0 {
            return self.assign(2);
        }
        let kinds = [Type::Int, Type::Text, Type::Numbers, Type::Dict, Type::Set];
        let kind = kinds[self.random.below(kinds.len())];
        let Some(name) = self.variable(kind) else { return self.assign(2) };
        let line = match kind {
            Type::Int => format!(
                "{name} {} {}",
                self.random.of(&["+=", "-=", "*=", "//=", "%="]),
                self.int(2)
            ),
            Type::Text => format!("{name} += {}", self.text(2)),
            Type::Numbers => match self.random.below(10) {
                0 => format!("{name}.append({})", self.int(2)),
                1 => format!("{name}.extend({})", self.value(Type::Numbers, 2)),
                2 => format!(
                    "{name}.insert({}, {})",
                    self.random.of(&["0", "1", "-1", "99"]),
                    self.int(2)
                ),
                3 => format!("{name}.pop({})", self.random.of(&["", "0", "-1"])),
                4 => format!("{name}.remove({})", self.int(2)),
                5 => format!(
                    "{name}.{}",
                    self.random.of(&[
                        "reverse()",
                        "sort()",
                        "sort(reverse=True)",
                        "clear()",
                        "sort(key=lambda n: -n)"
                    ])
                ),
                6 => format!("{name}[{}] = {}", self.random.of(&["0", "-1", "1"]), self.int(2)),
                7 => format!("del {name}[{}]", self.random.of(&["0", "-1", "1:", ":1"])),
                8 => format!("{name} += {}", self.value(Type::Numbers, 2)),
                _ => format!("{name}[0] += {}", self.int(2)),
            },
            Type::Dict => match self.random.below(7) {
                0 => format!("{name}[{}] = {}", self.text(2), self.int(2)),
                1 => format!("{name}.update({})", self.value(Type::Dict, 2)),
                2 => format!(
                    "{name}.pop({}, {})",
                    self.random.of(&["'a'", "'x'", "'q'"]),
                    self.int(1)
                ),
                3 => format!("{name}.setdefault({}, {})", self.text(1), self.int(1)),
                4 => format!("del {name}[{}]", self.random.of(&["'a'", "'x'"])),
                5 => format!("{name}['a'] = {name}.get('a', 0) + 1"),
                _ => format!("{name}.pop({})", self.random.of(&["'a'", "'b'"])),
            },
            _ => match self.random.below(5) {
                0 => format!("{name}.add({})", self.int(2)),
                1 => format!("{name}.discard({})", self.int(2)),
                2 => format!(
                    "{name} {} {}",
                    self.random.of(&["|=", "-=", "&="]),
                    self.value(Type::Set, 2)
                ),
                3 => format!("{name}.remove({})", self.int(2)),
                _ => format!("{name}.update({})", self.value(Type::Numbers, 2)),
            },
        };
        self.line(&line);
    }

    fn function(&mut self, d: usize) {
        let name = self.fresh();
        let default = self.value(Type::Int, 1);
        let (header, bound, calls): (String, &[(&str, Type)], &[&str]) = match self.random.below(6)
        {
            0 => (
                format!("def {name}(a, b={default}):"),
                &[("a", Type::Int), ("b", Type::Int)],
                &["(1)", "(1, 2)", "(b=3, a=4)", "()", "(1, 2, 3)", "(1, a=2)"],
            ),
            1 => (
                format!("def {name}(a, *rest, key={default}):"),
                &[("a", Type::Int), ("rest", Type::Tuple), ("key", Type::Int)],
                &["(1)", "(1, 2, 3)", "(1, key=4)", "(*[1, 2], key=3)"],
            ),
            2 => (
                format!("def {name}(**more):"),
                &[("more", Type::Dict)],
                &["()", "(x=1)", "(**{'a': 1}, b=2)"],
            ),
            3 => (
                format!("def {name}(a, /, *, b):"),
                &[("a", Type::Int), ("b", Type::Int)],
                &["(1, b=2)", "(a=1, b=2)", "(1, 2)"],
            ),
            4 => (format!("def {name}(n):"), &[("n", Type::Int)], &["(0)", "(3)", "('x')"]),
            _ => (format!("def {name}():"), &[], &["()", "(1)"]),
        };
        self.line(&header);
        let outer = self.names.len();
        let counter = self.variable(Type::Int).filter(|name| name.starts_with('v'));
        let counter = counter.filter(|_| self.random.one_in(3));
        self.names.extend(bound.iter().map(|(name, kind)| ((*name).to_string(), *kind)));
        self.indent += 1;
        if let Some(counter) = counter {
            self.line(&format!("nonlocal {counter}"));
            self.line(&format!("{counter} += 1"));
        }
        self.indent -= 1;
        let loops = std::mem::replace(&mut self.loops, 1);
        let before = self.names.len();
        self.block(d);
        self.loops = loops;
        self.names.truncate(before);
        self.indent += 1;
        let value = self.value(Type::Int, 2);
        match self.random.below(3) {
            0 if bound.first().is_some_and(|(name, _)| *name == "n") => {
                self.line(&format!("return {name}(n - 1) + 1 if n > 0 else {value}"));
            }
            0 => self.line(&format!("return {value}, 'x'")),
            _ => self.line(&format!("return {value}")),
        }
        self.indent -= 1;
        self.names.truncate(outer);
        let call = self.random.of(calls);
        self.say(&format!("{name}{call}"));
        if self.random.one_in(2) {
            let call = self.random.of(calls);
            self.say(&format!("{name}{call}"));
        }
    }
}
