//! What import statements call things.

use ruff_python_ast::{Alias, StmtImportFrom};

/// The name that `import module` or `import module as name` gives, and what it stands for.
pub(crate) fn imported(alias: &Alias) -> (&str, &str) {
    let module = alias.name.as_str();
    match &alias.asname {
        Some(local) => (local.as_str(), module),
        None => {
            let root = module.split('.').next().unwrap_or(module);
            (root, root)
        }
    }
}

/// The name that `from … import name` or `from … import name as other` gives.
pub(crate) fn local(alias: &Alias) -> &str {
    alias.asname.as_ref().map_or(alias.name.as_str(), |local| local.as_str())
}

/// The module of `from module import …`, with the dots of a relative one.
pub(crate) fn from_module(import: &StmtImportFrom) -> String {
    let module = import.module.as_ref().map_or("", |module| module.as_str());
    format!("{}{module}", ".".repeat(import.level as usize))
}

/// The dotted name of something in a module. `from . import tables` means the module `.tables`.
pub(crate) fn joined(module: &str, name: &str) -> String {
    if module.ends_with('.') { format!("{module}{name}") } else { format!("{module}.{name}") }
}
