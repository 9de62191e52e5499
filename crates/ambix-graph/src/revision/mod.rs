//! Revisions: ids, the graph they make, addresses in it, plans through it, and its drawing.

mod build;
mod destination;
mod drawing;
mod edges;
mod graph;
mod id;
mod irreversible;
mod lanes;
mod order;
mod plan;
mod range;
mod resolve;
mod rows;
mod stamp;
mod target;

pub use destination::ResolvedTarget;
pub use drawing::{Mark, Style, drawing};
pub use graph::{Graph, Revision};
pub use id::{RevisionId, RevisionIds};
pub use irreversible::irreversible;
pub use lanes::{EdgeKind, LaneEdge, LaneRow, Lanes, lanes};
pub use plan::{
    Direction, Plan, Step, VersionChange, VersionChanges, plan_downgrade, plan_last, plan_upgrade,
};
pub use range::End;
pub use stamp::{StampStep, plan_stamp};
pub use target::{Name, Relative, Symbol, Target};
