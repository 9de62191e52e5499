//! Prints the statements that make the tables of models, as `metadata.create_all` would:
//! `create_all FOLDER TARGET FILE…`. The files are read with what they import under the folder; the target is the
//! dotted name of a base or a `MetaData`. What cannot be read stands in lines that begin with `--`.

use ambix_core::sqlite::ddl;
use ambix_python::{Metadata, imported_modules, read_models_of};
use std::collections::BTreeSet;
use std::path::Path;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_default();
    let target = Metadata::Imported { dotted: arguments.next().unwrap_or_default() };
    let mut open: Vec<String> = arguments.collect();
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(Path::new(&folder).join(&path)) else { continue };
        for module in imported_modules(&path, &text).unwrap_or_default() {
            let relative = module.trim_start_matches('.');
            let level = module.len() - relative.len();
            let mut package = String::new();
            if level > 0 {
                let parts: Vec<&str> = path.split('/').collect();
                for part in parts.iter().take(parts.len().saturating_sub(level)) {
                    package += &format!("{part}/");
                }
            }
            let base = package + &relative.replace('.', "/");
            let base = base.trim_end_matches('/');
            let candidates = [format!("{base}.py"), format!("{base}/__init__.py")];
            open.extend(
                candidates.into_iter().filter(|path| Path::new(&folder).join(path).is_file()),
            );
        }
        files.push((path, text));
    }
    files.sort();
    let models = read_models_of(&files, "env.py", &[target]);
    for error in &models.diagnostics {
        let place = error.place.as_ref().map(ToString::to_string).unwrap_or_default();
        println!("-- {place}: {error}");
    }
    for table in &models.schema.tables {
        match ddl::create_table(table) {
            Ok(sql) => println!("{sql};"),
            Err(error) => println!("-- {}: {error}", table.name),
        }
    }
    for index in &models.schema.indexes {
        println!("{};", ddl::create_index(index));
    }
}
