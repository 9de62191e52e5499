//! Expressions that give a list, a tuple, a dict or a set.

use super::{Type, Writer};

impl Writer {
    pub(super) fn numbers_value(&mut self, d: usize) -> String {
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

    pub(super) fn names_value(&mut self, d: usize) -> String {
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

    pub(super) fn tuple_value(&mut self, d: usize) -> String {
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

    pub(super) fn dict_value(&mut self, d: usize) -> String {
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

    pub(super) fn set_value(&mut self, d: usize) -> String {
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
}
