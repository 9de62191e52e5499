//! What the fuzz targets have found (`cargo xtask fuzz`), once more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_tests::{fuzzed, fuzzed_python};
use std::fs;
use std::path::Path;

fn replay(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "nothing in {}", folder.display());
    for file in files {
        println!("{}", file.display());
        body(&fs::read(file).unwrap());
    }
}

#[test]
fn edit() {
    replay("edit", fuzzed::edit);
}

#[test]
fn python() {
    replay("python", fuzzed_python::python);
}

#[test]
fn read_create() {
    replay("read_create", fuzzed::read_create);
}

#[test]
fn split() {
    replay("split", fuzzed::split);
}
