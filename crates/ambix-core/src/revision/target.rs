//! Addresses of revisions: text → [`Target`] → [`ResolvedTarget`].

use super::{Direction, Graph, RevisionId};
use crate::diagnostic::{Code, Diagnostic};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

/// What somebody typed to name a revision. Nothing of it is looked up yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `base`: before the first revision.
    Base,
    /// `head`: the newest revision, of which there must be one.
    Head,
    /// `heads`: all newest revisions.
    Heads,
    /// An id or the beginning of one.
    Id(String),
    /// `+N` or `-N`, from the database's current revision or from another target.
    Relative {
        /// Where counting begins; `None` is where the database is.
        from: Option<Box<Target>>,
        /// How far: positive towards newer revisions. Never 0 without a sign in the text.
        steps: i64,
    },
}

/// Revisions that exist: what a plan leads to. Empty means `base`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedTarget {
    /// The positions of the revisions in their graph.
    pub revisions: Vec<usize>,
    /// For `-N` on its own: the current revision that it counts from. Other branches stay.
    pub branch: Option<usize>,
    /// The text that it was resolved from, for messages.
    pub text: String,
}

impl Target {
    /// Reads an address. Every text is one; whether it names something is asked when it is resolved.
    pub fn parse(text: &str) -> Self {
        match text {
            "" | "base" => return Self::Base,
            "head" => return Self::Head,
            "heads" => return Self::Heads,
            _ => {}
        }
        if let Some(at) = text.rfind(['+', '-']) {
            let (from, steps) = text.split_at(at);
            let word = from.chars().all(|c| c.is_alphanumeric() || c == '_');
            let digits = steps.len() > 1 && steps[1..].bytes().all(|byte| byte.is_ascii_digit());
            if let (true, true, Ok(steps)) = (word, digits, steps.parse()) {
                let from = (!from.is_empty()).then(|| Box::new(Self::parse(from)));
                return Self::Relative { from, steps };
            }
        }
        Self::Id(text.to_string())
    }

    /// Finds the revisions that it names when going in `direction` from `current`.
    ///
    /// # Errors
    /// If it names none, or several where one is needed, in Alembic's words.
    pub fn resolve(
        &self,
        text: &str,
        graph: &Graph,
        current: &[usize],
        direction: Direction,
    ) -> Result<ResolvedTarget, Diagnostic> {
        let revisions = match self {
            Self::Relative { from: None, steps } => {
                from_current(text, graph, current, direction, *steps)?
            }
            Self::Relative { from: Some(from), steps } => {
                let from = from.find(text, graph)?;
                match walk(graph, from, *steps)? {
                    // Alembic stops with a traceback where an upgrade would lead to base.
                    (at, 0) if direction == Direction::Upgrade && at.is_empty() => {
                        return Err(too_few(text, *steps, graph));
                    }
                    (at, 0) => at,
                    (_, left) if direction == Direction::Downgrade && left < 0 => {
                        return Err(relative("Walked too far".into(), graph));
                    }
                    _ => return Err(too_few(text, *steps, graph)),
                }
            }
            _ => self.find(text, graph)?,
        };
        let branch = match (self, direction) {
            (Self::Relative { from: None, .. }, Direction::Downgrade) => current.first().copied(),
            _ => None,
        };
        Ok(ResolvedTarget { revisions, branch, text: text.to_string() })
    }

    /// Finds the revisions of a target that does not depend on where the database is.
    ///
    /// # Errors
    /// If it names none, or several where one is needed, in Alembic's words.
    pub fn find(&self, text: &str, graph: &Graph) -> Result<Vec<usize>, Diagnostic> {
        match self {
            Self::Base => Ok(Vec::new()),
            Self::Heads => Ok(graph.heads()),
            Self::Head => match graph.heads() {
                heads if heads.len() > 1 => Err(multiple_heads(text, graph, &heads)),
                heads => Ok(heads),
            },
            Self::Id(id) => find_id(id, graph).map(|at| vec![at]),
            Self::Relative { .. } => Err(unknown(text, graph)),
        }
    }
}

/// `+N` and `-N` on their own.
fn from_current(
    text: &str,
    graph: &Graph,
    current: &[usize],
    direction: Direction,
    steps: i64,
) -> Result<Vec<usize>, Diagnostic> {
    let start = match (direction, current) {
        (Direction::Upgrade, [_, _, ..]) => {
            return Err(relative(
                "Ambiguous upgrade from multiple current revisions".into(),
                graph,
            ));
        }
        (Direction::Upgrade, _) if steps < 0 => return Err(too_few(text, steps, graph)),
        (Direction::Downgrade, _) if steps >= 0 => return Err(too_few(text, steps, graph)),
        (Direction::Downgrade, []) => return Err(too_few(text, steps, graph)),
        (_, current) => current.iter().take(1).copied().collect(),
    };
    match walk(graph, start, steps)? {
        (at, 0) => Ok(at),
        _ => Err(too_few(text, steps, graph)),
    }
}

/// Goes `steps` revisions from `start`; `base` is the empty list. Gives where it came to and the
/// steps that were left when there was nowhere to go.
fn walk(graph: &Graph, start: Vec<usize>, steps: i64) -> Result<(Vec<usize>, i64), Diagnostic> {
    let mut at = start;
    let mut left = steps;
    while left != 0 {
        let next = match (left > 0, at.first()) {
            (true, Some(position)) => graph.children(*position).to_vec(),
            (true, None) => graph.bases(),
            (false, Some(position)) => graph.parents(*position).to_vec(),
            (false, None) => break,
        };
        if next.len() > 1 {
            return Err(relative("Ambiguous walk".into(), graph));
        }
        if left > 0 && next.is_empty() {
            break;
        }
        at = next;
        left -= left.signum();
    }
    Ok((at, left))
}

fn find_id(id: &str, graph: &Graph) -> Result<usize, Diagnostic> {
    if let Some(at) = graph.position(&RevisionId::stored(id)) {
        return Ok(at);
    }
    // As in Alembic, ids of up to three characters are only found whole.
    let mut found = graph.starting_with(id);
    found.retain(|at| graph.at(*at).id.as_str().chars().count() > 3);
    match found[..] {
        [at] => Ok(at),
        [] => Err(unknown(id, graph)),
        _ => {
            let mut diagnostic = Diagnostic::error(Code::AmbiguousRevision, cannot_locate(id));
            let ids: Vec<&str> = found.iter().map(|at| graph.at(*at).id.as_str()).collect();
            diagnostic = diagnostic.hint(format!(
                "{} revisions begin with '{id}': {}; type more of the id",
                ids.len(),
                ids.join(", ")
            ));
            Err(diagnostic)
        }
    }
}

fn cannot_locate(text: &str) -> String {
    format!("Can't locate revision identified by '{text}'")
}

/// Alembic's message for a name that names nothing, and the ids there are.
fn unknown(text: &str, graph: &Graph) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownRevision, cannot_locate(text));
    match graph.len() {
        0 => diagnostic.hint_command("there are no revisions yet; make one", "revision -m \"…\""),
        _ => diagnostic.hint_command("list all revisions", "history"),
    }
}

fn multiple_heads(text: &str, graph: &Graph, heads: &[usize]) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        Code::MultipleHeads,
        format!(
            "Multiple head revisions are present for given argument '{text}'; please specify a \
             specific target revision, '<branchname>@{text}' to narrow to a specific head, or \
             'heads' for all heads"
        ),
    )
    .hint_command("upgrade along every branch", "upgrade heads");
    for head in heads {
        let head = graph.at(*head);
        diagnostic = diagnostic.hint_command(head.message.clone(), format!("upgrade {}", head.id));
    }
    diagnostic
}

fn too_few(text: &str, steps: i64, graph: &Graph) -> Diagnostic {
    relative(
        format!("Relative revision {text} didn't produce {} migrations", steps.unsigned_abs()),
        graph,
    )
}

fn relative(message: String, graph: &Graph) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::RelativeTarget, message);
    match graph.len() {
        0 => diagnostic.hint_command("there are no revisions yet; make one", "revision -m \"…\""),
        _ => diagnostic.hint_command("see where the database is", "history --indicate-current"),
    }
}
