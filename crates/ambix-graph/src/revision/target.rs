//! Addresses of revisions as they are typed. Nothing is looked up here; see [`super::resolve`].

use alloc::string::{String, ToString};

/// What somebody typed to name revisions: `head`, `ae10`, `cart@head-2`, `+1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A name alone.
    Absolute(Name),
    /// So many revisions from a name, or from where the database is.
    Relative(Relative),
}

/// `part` or `label@part`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The branch that it has to be on: a branch label, or a revision on the branch.
    pub branch: Option<String>,
    /// What is named.
    pub symbol: Symbol,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// `base`: before the first revision.
    Base,
    /// `head`: the newest revision, of which there must be one.
    Head,
    /// `heads`: all newest revisions.
    Heads,
    /// An id, the beginning of one, or a branch label.
    Id(String),
}

/// `head-2`, `ae10+1`, `+1`, `cart@-1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relative {
    /// The branch to count along: a branch label, or a revision on the branch.
    pub branch: Option<String>,
    /// Where counting begins; `None` is where the database is.
    pub from: Option<Symbol>,
    /// How far: positive towards newer revisions.
    pub steps: i64,
    /// The steps as they were typed: `+05`.
    pub typed: String,
}

impl Target {
    /// Reads an address. Every text is one; whether it names something is asked when it is resolved.
    pub fn parse(text: &str) -> Self {
        match Relative::parse(text) {
            Some(relative) => Self::Relative(relative),
            None => Self::Absolute(Name::parse(text)),
        }
    }
}

impl Relative {
    fn parse(text: &str) -> Option<Self> {
        let (before, typed) = text.split_at(text.rfind(['+', '-'])?);
        if typed.len() < 2 || !typed[1..].bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // A number that is too large for anything is still too large when it is cut.
        let steps =
            typed.parse().unwrap_or(if typed.starts_with('-') { i64::MIN } else { i64::MAX });
        let (branch, from) = match before.split_once('@') {
            Some(("", _)) => return None,
            Some((branch, from)) => (Some(branch.to_string()), from),
            None => (None, before),
        };
        if !from.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let from = (!from.is_empty()).then(|| Symbol::parse(from));
        Some(Self { branch, from, steps, typed: typed.to_string() })
    }
}

impl Name {
    /// Reads a name. Every text is one.
    pub fn parse(text: &str) -> Self {
        match text.split_once('@') {
            Some((branch, symbol)) if !branch.is_empty() => {
                Self { branch: Some(branch.to_string()), symbol: Symbol::parse(symbol) }
            }
            Some((_, symbol)) => Self { branch: None, symbol: Symbol::parse(symbol) },
            None => Self { branch: None, symbol: Symbol::parse(text) },
        }
    }
}

impl Symbol {
    fn parse(text: &str) -> Self {
        match text {
            "base" => Self::Base,
            "head" => Self::Head,
            "heads" => Self::Heads,
            _ => Self::Id(text.to_string()),
        }
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Base => "base",
            Self::Head => "head",
            Self::Heads => "heads",
            Self::Id(id) => id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relative(branch: Option<&str>, from: Option<Symbol>, steps: i64, typed: &str) -> Target {
        let branch = branch.map(String::from);
        Target::Relative(Relative { branch, from, steps, typed: typed.into() })
    }

    #[test]
    fn what_can_be_typed() {
        assert_eq!(Target::parse("+1"), relative(None, None, 1, "+1"));
        assert_eq!(Target::parse("head-2"), relative(None, Some(Symbol::Head), -2, "-2"));
        assert_eq!(Target::parse("cart@+1"), relative(Some("cart"), None, 1, "+1"));
        let id = Symbol::Id("ae10".into());
        assert_eq!(
            Target::parse("cart@ae10-1"),
            relative(Some("cart"), Some(id.clone()), -1, "-1")
        );
        let name = Name { branch: Some("cart".into()), symbol: id };
        assert_eq!(Target::parse("cart@ae10"), Target::Absolute(name));
        let base = Name { branch: None, symbol: Symbol::Base };
        assert_eq!(Target::parse("base"), Target::Absolute(base));
    }

    #[test]
    fn what_only_looks_relative_is_a_name() {
        for text in ["a-b", "-", "+", "1.0-2", "head-1x"] {
            assert!(matches!(Target::parse(text), Target::Absolute(_)), "{text}");
        }
    }
}
