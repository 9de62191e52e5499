use super::MODELS;

/// Which files lie open in the editor.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Desk {
    /// Their paths, in the order of the tabs; `models.py` is always the first.
    pub(crate) open: Vec<String>,
    /// The one that is shown.
    pub(crate) active: String,
    /// Where the editor was last sent to.
    pub(crate) jump: Option<Jump>,
    jumps: u32,
}

/// A line to show. The serial tells two jumps to the same line apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Jump {
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) serial: u32,
    /// Whether the person goes there, or only the text moves.
    pub(crate) focus: bool,
}

impl Default for Desk {
    fn default() -> Self {
        Self { open: vec![MODELS.into()], active: MODELS.into(), jump: None, jumps: 0 }
    }
}

impl Desk {
    pub(crate) fn show(&mut self, path: &str) {
        // Coming back to a file later is no reason to go to that line again.
        self.jump = None;
        if !self.open.iter().any(|open| open == path) {
            self.open.push(path.into());
        }
        self.active = path.into();
    }

    /// Closes a tab; the one to its left is shown if it was the active one.
    pub(crate) fn close(&mut self, path: &str) {
        let Some(at) = self.open.iter().position(|open| open == path).filter(|at| *at > 0) else {
            return;
        };
        self.open.remove(at);
        self.jump = None;
        if self.active == path {
            self.active.clone_from(&self.open[at - 1]);
        }
    }

    /// Goes to a line.
    pub(crate) fn jump(&mut self, path: &str, line: u32) {
        self.send_to(path, line, true);
    }

    /// Brings a line into sight, and leaves the person where they are.
    pub(crate) fn peek(&mut self, path: &str, line: u32) {
        self.send_to(path, line, false);
    }

    fn send_to(&mut self, path: &str, line: u32, focus: bool) {
        self.show(path);
        self.jumps += 1;
        self.jump = Some(Jump { path: path.into(), line, serial: self.jumps, focus });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_the_shown_tab_shows_its_left_neighbour() {
        let mut desk = Desk::default();
        desk.show("versions/a.py");
        desk.show("versions/b.py");
        desk.close("versions/b.py");
        assert_eq!(desk.active, "versions/a.py");
        desk.close(MODELS);
        assert_eq!(desk.open, [MODELS, "versions/a.py"]);
    }
}
