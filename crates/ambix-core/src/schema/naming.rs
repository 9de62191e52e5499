use super::{Constraint, IndexKey, Name};
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

/// `MetaData(naming_convention={…})`: a template for each kind of index and constraint, by which those get their
/// names that have none. `Default` is SQLAlchemy's own, which names indexes only: `ix_%(column_0_label)s`.
///
/// Names are never cut: SQLAlchemy takes 9999 letters for what SQLite takes, and shortens longer ones only.
/// Source: SQLAlchemy's `sql/naming.py`.
///
/// ```
/// use ambix_core::schema::{Constraint, NamingConvention, Unique};
/// let mut convention = NamingConvention::empty();
/// convention.unique = Some("uq_%(table_name)s_%(column_0_N_name)s".into());
/// let unique = Unique { columns: vec!["a".into(), "b".into()], ..Unique::default() };
/// let name = convention.constraint_name("t", &Constraint::Unique(unique))?;
/// assert_eq!(name.unwrap().text, "uq_t_a_b");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamingConvention {
    /// `ix`: indexes.
    pub index: Option<String>,
    /// `uq`: UNIQUE.
    pub unique: Option<String>,
    /// `ck`: CHECK.
    pub check: Option<String>,
    /// `fk`: FOREIGN KEY.
    pub foreign_key: Option<String>,
    /// `pk`: PRIMARY KEY.
    pub primary_key: Option<String>,
    /// Why it is not known what the convention is. Then it is an error to ask it for a name.
    pub unknown: Option<String>,
}

impl Default for NamingConvention {
    fn default() -> Self {
        Self { index: Some("ix_%(column_0_label)s".to_owned()), ..Self::empty() }
    }
}

/// What a template can speak of.
#[derive(Default)]
struct Parts<'a> {
    table: &'a str,
    columns: Vec<&'a str>,
    name: Option<&'a Name>,
    referred_table: Option<&'a str>,
    referred_columns: Vec<&'a str>,
}

impl NamingConvention {
    /// One that names nothing.
    pub const fn empty() -> Self {
        Self {
            index: None,
            unique: None,
            check: None,
            foreign_key: None,
            primary_key: None,
            unknown: None,
        }
    }

    /// One of which it is only known why it is not known.
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self { unknown: Some(reason.into()), ..Self::default() }
    }

    /// Sets the template of a kind, by the word that SQLAlchemy has for it (`ix`, `uq`, `ck`, `fk`, `pk`);
    /// `false` if there is no such kind.
    pub fn set(&mut self, kind: &str, template: impl Into<String>) -> bool {
        let field = match kind {
            "ix" => &mut self.index,
            "uq" => &mut self.unique,
            "ck" => &mut self.check,
            "fk" => &mut self.foreign_key,
            "pk" => &mut self.primary_key,
            _ => return false,
        };
        *field = Some(template.into());
        true
    }

    /// The name of a constraint of `table`: its own where it is final or the convention has nothing to add,
    /// otherwise what the convention makes; `None` if it stays without a name.
    ///
    /// # Errors
    /// SQLAlchemy's message if the template cannot be filled in.
    pub fn constraint_name(
        &self,
        table: &str,
        constraint: &Constraint,
    ) -> Result<Option<Name>, String> {
        let name = constraint.name();
        let of = |columns: &'_ [String]| -> Vec<String> { columns.to_vec() };
        let (template, columns, referred) = match constraint {
            Constraint::PrimaryKey(key) => (&self.primary_key, of(&key.columns), None),
            Constraint::Unique(unique) => (&self.unique, of(&unique.columns), None),
            Constraint::Check(_) => return self.check_name(table, name, &[]),
            Constraint::ForeignKey(key) => (&self.foreign_key, of(&key.columns), Some(key)),
        };
        let columns = columns.iter().map(String::as_str).collect();
        let referred_columns = referred.map(|key| strs(&key.referred_columns)).unwrap_or_default();
        let referred_table = referred.map(|key| key.referred_table.as_str());
        let parts = Parts { table, columns, name, referred_table, referred_columns };
        self.made(template.as_deref(), parts)
    }

    /// The name of a CHECK, of which only SQLAlchemy knows which columns it is about: those that a type makes
    /// (`Boolean(create_constraint=True)`) are about their column.
    ///
    /// # Errors
    /// As for [`Self::constraint_name`].
    pub fn check_name(
        &self,
        table: &str,
        name: Option<&Name>,
        columns: &[String],
    ) -> Result<Option<Name>, String> {
        let parts = Parts { table, columns: strs(columns), name, ..Parts::default() };
        self.made(self.check.as_deref(), parts)
    }

    /// The name of an index of `table` on these keys.
    ///
    /// # Errors
    /// As for [`Self::constraint_name`].
    pub fn index_name(
        &self,
        table: &str,
        name: Option<&Name>,
        keys: &[IndexKey],
    ) -> Result<Option<Name>, String> {
        let columns = keys.iter().filter_map(|key| match key {
            IndexKey::Column(name) => Some(name.as_str()),
            IndexKey::Expression(_) => None,
        });
        let parts = Parts { table, columns: columns.collect(), name, ..Parts::default() };
        self.made(self.index.as_deref(), parts)
    }

    fn made(&self, template: Option<&str>, parts: Parts) -> Result<Option<Name>, String> {
        let own = parts.name.cloned();
        match (template, &own) {
            (_, Some(name)) if name.conv => return Ok(own),
            (Some(template), Some(_)) if !template.contains("constraint_name") => return Ok(own),
            (None, Some(_)) => return Ok(own),
            _ => {}
        }
        if let Some(reason) = &self.unknown {
            return Err(reason.clone());
        }
        match template {
            Some(template) => fill_in(template, &parts).map(|text| Some(Name::conv(text))),
            None => Ok(None),
        }
    }
}

impl Constraint {
    /// Gives it the name that a convention makes for it on `table`.
    ///
    /// # Errors
    /// As for [`NamingConvention::constraint_name`].
    pub fn name_by(&mut self, convention: &NamingConvention, table: &str) -> Result<(), String> {
        let name = convention.constraint_name(table, self)?;
        self.set_name(name);
        Ok(())
    }

    /// Gives it a name, or none.
    pub fn set_name(&mut self, name: Option<Name>) {
        match self {
            Self::PrimaryKey(key) => key.name = name,
            Self::Unique(unique) => unique.name = name,
            Self::ForeignKey(key) => key.name = name,
            Self::Check(check) => check.name = name,
        }
    }
}

fn strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// Python's `template % values`.
fn fill_in(template: &str, parts: &Parts) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = template;
    let unknown = || format!("the naming convention '{template}' cannot be filled in");
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let (token, after) =
            after.strip_prefix('(').and_then(|after| after.split_once(")s")).ok_or_else(unknown)?;
        text.push_str(&parts.token(token)?.ok_or_else(unknown)?);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

impl Parts<'_> {
    /// The value of a token; `None` if there is no such token.
    fn token(&self, token: &str) -> Result<Option<String>, String> {
        match token {
            "table_name" => Ok(Some(self.table.into())),
            "referred_table_name" => Ok(self.referred_table.map(Into::into)),
            "constraint_name" => match self.name {
                Some(name) => Ok(Some(name.text.clone())),
                None => Err("Naming convention including %(constraint_name)s token requires that \
                             constraint is explicitly named."
                    .into()),
            },
            _ => Ok(self.column_token(token)),
        }
    }

    /// `column_0_name`, `column_0_N_label`, `referred_column_0N_name`.
    fn column_token(&self, token: &str) -> Option<String> {
        let (columns, rest, is_referred) = match token.strip_prefix("referred_column_") {
            Some(rest) => (&self.referred_columns, rest, true),
            None => (&self.columns, token.strip_prefix("column_")?, false),
        };
        let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let position: usize = rest.get(..rest.len() - after.len())?.parse().ok()?;
        // All columns are asked for as `0_N_` or `0N_`.
        let (separator, what) = if let Some(what) = after.strip_prefix("_N_") {
            (Some("_"), what)
        } else if let Some(what) = after.strip_prefix("N_") {
            (Some(""), what)
        } else {
            (None, after.strip_prefix('_')?)
        };
        let shown = |column: &str| match what {
            "name" => Some(column.to_string()),
            "key" if !is_referred => Some(column.to_string()),
            "label" if !is_referred => Some(format!("{}_{column}", self.table)),
            _ => None,
        };
        match separator {
            Some(separator) if position == 0 => {
                let all: Option<Vec<String>> = columns.iter().map(|name| shown(name)).collect();
                Some(all?.join(separator))
            }
            Some(_) => None,
            None => match columns.get(position) {
                Some(name) => shown(name),
                // What is there is asked anyway whether there is such a word.
                None => shown("").map(|_| String::new()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Check, ForeignKey, PrimaryKey, Unique};

    fn unique(name: Option<Name>) -> Constraint {
        Constraint::Unique(Unique {
            name,
            columns: Vec::from(["a".into(), "b".into()]),
            ..Unique::default()
        })
    }

    fn text(template: &str, constraint: &Constraint) -> Result<Option<String>, String> {
        let mut convention = NamingConvention::empty();
        for kind in ["ix", "uq", "ck", "fk", "pk"] {
            assert!(convention.set(kind, template));
        }
        Ok(convention.constraint_name("t", constraint)?.map(|name| name.text))
    }

    #[test]
    fn every_token() {
        for (template, name) in [
            ("%(table_name)s", "t"),
            ("%(column_0_name)s", "a"),
            ("%(column_1_key)s", "b"),
            ("%(column_2_name)s", ""),
            ("%(column_0_label)s", "t_a"),
            ("%(column_0_N_name)s", "a_b"),
            ("%(column_0N_name)s", "ab"),
            ("%(column_0_N_label)s", "t_a_t_b"),
            ("%(column_0N_key)s", "ab"),
            ("100%%", "100%"),
        ] {
            assert_eq!(text(template, &unique(None)), Ok(Some(name.into())), "{template}");
        }
        let key = ForeignKey {
            columns: Vec::from(["a".into(), "b".into()]),
            referred_table: "p".into(),
            referred_columns: Vec::from(["x".into(), "y".into()]),
            ..ForeignKey::default()
        };
        let template = "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s_\
                        %(referred_column_1_name)s";
        let key = Constraint::ForeignKey(key);
        assert_eq!(text(template, &key), Ok(Some("fk_t_a_b_p_y".into())));
        for template in ["%(nothing)s", "%(column_x_name)s", "%(column_0_size)s", "%s"] {
            assert!(text(template, &key).is_err(), "{template}");
        }
    }

    #[test]
    fn a_name_of_its_own_stays_unless_the_template_asks_for_it() {
        let named = unique(Some(Name::plain("mine")));
        assert_eq!(text("uq_%(table_name)s", &named), Ok(Some("mine".into())));
        assert_eq!(text("uq_%(constraint_name)s", &named), Ok(Some("uq_mine".into())));
        let is_final = unique(Some(Name::conv("mine")));
        assert_eq!(text("uq_%(constraint_name)s", &is_final), Ok(Some("mine".into())));
        let check = Constraint::Check(Check { expression: "a > 0".into(), ..Check::default() });
        assert!(text("ck_%(constraint_name)s", &check).unwrap_err().contains("explicitly named"));
    }

    #[test]
    fn sqlalchemys_own_names_indexes_only() {
        let convention = NamingConvention::default();
        let keys = [IndexKey::Column("a".into())];
        assert_eq!(convention.index_name("t", None, &keys), Ok(Some(Name::conv("ix_t_a"))));
        assert_eq!(convention.constraint_name("t", &unique(None)), Ok(None));
    }

    #[test]
    fn one_that_is_not_known_is_asked_only_for_names_that_are_missing() {
        let convention = NamingConvention::unknown("the models cannot be read");
        let key = Constraint::PrimaryKey(PrimaryKey::default());
        assert_eq!(
            convention.constraint_name("t", &key),
            Err("the models cannot be read".to_string())
        );
        let named = unique(Some(Name::plain("mine")));
        assert_eq!(convention.constraint_name("t", &named), Ok(Some(Name::plain("mine"))));
    }
}
