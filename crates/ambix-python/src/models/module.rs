//! Modules by the names that Python gives them.

use super::world::World;

impl World<'_> {
    /// Takes from a module and its file where the names of modules begin.
    pub(super) fn set_root(&mut self, file: usize, module: &str) {
        let Some(source) = self.sources.get(file) else { return };
        let path = source.path.replace('\\', "/");
        let own = path.trim_end_matches(".py").trim_end_matches("/__init__");
        if let Some(root) = own.strip_suffix(&module.replace('.', "/")) {
            self.root = root.into();
        }
    }

    /// The name of a class with its module: `app.models.Upper`.
    pub(super) fn name_with_module(&self, id: usize) -> Option<String> {
        let class = self.class_of(id)?;
        let path = self.sources.get(self.entities.get(id)?.file)?.path.replace('\\', "/");
        let module = path.strip_prefix(&self.root).unwrap_or(&path).trim_start_matches('/');
        let module = module.trim_end_matches(".py").trim_end_matches("/__init__");
        Some(format!("{}.{}", module.replace('/', "."), class.name))
    }
}
