//! Revisions: ids, the graph they make, addresses in it, plans through it, and its drawing.

mod graph;
mod id;
mod lanes;
mod plan;
mod target;

pub use graph::{Graph, Revision};
pub use id::RevisionId;
pub use lanes::{LaneRow, Lanes, lanes};
pub use plan::{Direction, Plan, Step, VersionChange, plan_downgrade, plan_upgrade};
pub use target::{ResolvedTarget, Target};
