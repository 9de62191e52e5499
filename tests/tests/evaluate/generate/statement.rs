//! Statements.

use super::{TYPES, Type, Writer};

impl Writer {
    pub(super) fn assign(&mut self, depth: usize) {
        let kind = TYPES[self.random.below(9)];
        let value = self.value(kind, depth);
        let name = self.fresh();
        self.line(&format!("{name} = {value}"));
        self.names.push((name, kind));
    }

    /// Statements of a block. What is bound in it may not be bound behind it.
    pub(super) fn block(&mut self, depth: usize) {
        let bound = self.names.len();
        self.indent += 1;
        for _ in 0..1 + self.random.below(3) {
            self.statement(depth);
        }
        self.indent -= 1;
        self.names.truncate(bound);
    }

    pub(super) fn statement(&mut self, depth: usize) {
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
    pub(super) fn change(&mut self) {
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

    pub(super) fn function(&mut self, d: usize) {
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
