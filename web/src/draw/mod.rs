//! Where things lie in a picture. Knows neither the browser nor Yew.

mod graph;
mod paint;

pub(crate) use graph::{Edge, Node, Picture, ROW, picture};
pub(crate) use paint::{Line, Paint, Piece, paint};
