//! Real Alembic on the other side of a pipe: `tests/differential/driver.py`, several times.

use super::case::{Answer, Case};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// One process. What it lets depend on the order of a set is decided by its seed.
struct Driver {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Driver {
    fn start(python: &Path, seed: usize) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("differential/driver.py");
        let mut process = Command::new(python)
            .arg(script)
            .arg(seed.to_string())
            .env("PYTHONHASHSEED", seed.to_string())
            .env("TZ", "UTC")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let questions = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { process, questions, answers }
    }

    fn ask(&mut self, case: &Case) {
        let question = serde_json::to_string(case).unwrap();
        writeln!(self.questions, "{question}").expect("the driver listens");
    }

    fn hear(&mut self) -> Answer {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It has nothing to keep.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// As many processes as it takes to tell what Alembic lets depend on chance.
pub(crate) struct Alembic {
    python: PathBuf,
    drivers: Vec<Driver>,
}

/// So many seeds agree by chance on an order of two with a probability of 2⁻²³.
const SEEDS: usize = 24;

impl Alembic {
    /// `program` is the `alembic` of a virtual environment.
    pub(crate) fn beside(program: &Path) -> Self {
        let python = program.with_file_name("python");
        let drivers = (0..2).map(|seed| Driver::start(&python, seed)).collect();
        Self { python, drivers }
    }

    /// Two answers, and the rows that the case begins with.
    pub(crate) fn answers(&mut self, case: &mut Case) -> Vec<Answer> {
        let mut answers = Vec::new();
        if case.current.is_none() {
            self.drivers[0].ask(case);
            let first = self.drivers[0].hear();
            case.current = Some(first.current.clone());
            answers.push(first);
        }
        let asked = answers.len();
        self.drivers[asked..2].iter_mut().for_each(|driver| driver.ask(case));
        answers.extend(self.drivers[asked..2].iter_mut().map(Driver::hear));
        answers
    }

    /// One more answer, with another seed. `None` if that were too many.
    pub(crate) fn another(&mut self, case: &Case, after: usize) -> Option<Answer> {
        if after >= SEEDS {
            return None;
        }
        while self.drivers.len() <= after {
            self.drivers.push(Driver::start(&self.python, self.drivers.len()));
        }
        let driver = &mut self.drivers[after];
        driver.ask(case);
        Some(driver.hear())
    }
}
