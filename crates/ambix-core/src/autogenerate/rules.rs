use alloc::string::String;
use core::cmp::Ordering;

/// What a comparison looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Indexes, constraints and NOT NULL.
    pub constraints: bool,
    /// Types of columns (`compare_type`).
    pub types: bool,
    /// Defaults of columns (`compare_server_default`).
    pub defaults: bool,
    /// CHECKs that have a name, by that name (the plugin `alembic.ext.checkconstraint_byname`). Without
    /// [`Self::parity`] every CHECK is compared by what it says.
    pub checks: bool,
    /// The models say all that there is (`schema.sql`): types of columns and options of tables that they do not
    /// have are to go. SQLAlchemy's models may be silent about them.
    pub whole: bool,
    /// Constraints that have no name get one when they are added: no script can take them back without.
    pub names: bool,
    /// Exactly what Alembic sees, its false reports included.
    pub parity: bool,
}

impl Rules {
    /// All that differs.
    pub const ALL: Self = Self {
        constraints: true,
        types: true,
        defaults: true,
        checks: true,
        whole: false,
        names: true,
        parity: false,
    };

    /// What Alembic compares if env.py says nothing else.
    pub const ALEMBIC: Self =
        Self { defaults: false, checks: false, names: false, parity: true, ..Self::ALL };

    /// The order of two names. They are equal to SQLite in capital and small letters, to Alembic only as they
    /// are.
    pub(super) fn order(&self, one: &str, other: &str) -> Ordering {
        let small = |byte: u8| byte.to_ascii_lowercase();
        match self.parity {
            true => one.cmp(other),
            false => one.bytes().map(small).cmp(other.bytes().map(small)),
        }
    }

    /// Whether these names mean the same.
    pub(super) fn is_same(&self, one: &str, other: &str) -> bool {
        if self.parity { one == other } else { one.eq_ignore_ascii_case(other) }
    }

    /// Whether these lists of names mean the same.
    pub(super) fn are_same(&self, ones: &[String], others: &[String]) -> bool {
        ones.len() == others.len()
            && ones.iter().zip(others).all(|(one, other)| self.is_same(one, other))
    }
}
