/// How operations are written as a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether the text is Alembic's even where that cannot run, with its warning.
    pub parity: bool,
    /// What stands before a directive (`alembic_module_prefix`).
    pub op: String,
    /// What stands before a name of SQLAlchemy (`sqlalchemy_module_prefix`).
    pub sa: String,
    /// What stands before a type of the application (`user_module_prefix`); its module if there is none.
    pub user: Option<String>,
}

impl Default for Style {
    fn default() -> Self {
        Self { parity: false, op: "op.".into(), sa: "sa.".into(), user: None }
    }
}

impl Style {
    /// The style within `with op.batch_alter_table(…) as batch_op:`.
    pub(super) fn in_batch(&self) -> Self {
        Self { op: "batch_op.".into(), ..self.clone() }
    }
}
