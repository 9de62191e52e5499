//! Expressions that give a number, a truth value or a text.

use super::{TYPES, Type, Writer};

impl Writer {
    pub(super) fn int_value(&mut self, d: usize) -> String {
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

    pub(super) fn float_value(&mut self, d: usize) -> String {
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

    pub(super) fn bool_value(&mut self, d: usize) -> String {
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

    pub(super) fn text_value(&mut self, d: usize) -> String {
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

    pub(super) fn formatted(&mut self, d: usize) -> String {
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

    pub(super) fn slice(&mut self) -> String {
        self.random
            .of(&[
                "1:", ":2", "::-1", "-2:", ":-1", "1:3", "::2", "5:", "2:0:-1", ":", "-3:-1",
                ":100", "100::-1", "-100:2",
            ])
            .into()
    }
}
