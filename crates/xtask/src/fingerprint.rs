//! Steps that are skipped when nothing that they read has changed.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Where the fingerprints of finished steps are kept.
const FOLDER: &str = "target/xtask";

/// Does `work` unless it was done before by this very xtask from inputs (files or folders) with the same
/// names and contents, and `output` is still there.
///
/// The fingerprint is written after the work: a step that was interrupted or failed is done again.
pub(crate) fn when_changed(
    step: &str,
    inputs: &[&Path],
    output: &Path,
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let now = of_inputs(inputs)?;
    let stamp = Path::new(FOLDER).join(format!("{step}.stamp"));
    if output.exists() && fs::read_to_string(&stamp).is_ok_and(|before| before == now) {
        return Ok(());
    }
    // Without the old fingerprint: whatever a failure leaves behind is not what those inputs gave.
    if stamp.exists() {
        fs::remove_file(&stamp).with_context(|| format!("cannot remove {}", stamp.display()))?;
    }
    work()?;
    write(&stamp, now.as_bytes())
}

/// The number that `compute` gives for these bytes, remembered between runs.
pub(crate) fn remembered(
    what: &str,
    bytes: &[u8],
    compute: impl FnOnce() -> anyhow::Result<u64>,
) -> anyhow::Result<u64> {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let note = Path::new(FOLDER).join(what).join(format!("{:016x}", hasher.finish()));
    if let Some(number) = fs::read_to_string(&note).ok().and_then(|text| text.parse().ok()) {
        return Ok(number);
    }
    let number = compute()?;
    write(&note, number.to_string().as_bytes())?;
    Ok(number)
}

/// All files in a folder and the folders in it, in the order of their names.
pub(crate) fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// Writes a file, making its folder first.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let written = match path.parent() {
        Some(folder) => fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes)),
        None => fs::write(path, bytes),
    };
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn of_inputs(inputs: &[&Path]) -> anyhow::Result<String> {
    let mut hasher = DefaultHasher::new();
    this_program(&mut hasher)?;
    for input in inputs {
        let files = if input.is_dir() { files_below(input)? } else { vec![input.to_path_buf()] };
        for file in files {
            file.hash(&mut hasher);
            fs::read(&file)
                .with_context(|| format!("cannot read {}", file.display()))?
                .hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// An xtask that was changed may do a step in another way. Its time and length tell, without reading it.
fn this_program(hasher: &mut DefaultHasher) -> anyhow::Result<()> {
    let about = std::env::current_exe()?.metadata()?;
    about.len().hash(hasher);
    about.modified()?.hash(hasher);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_contents_count_and_nothing_else() -> anyhow::Result<()> {
        let folder = std::env::temp_dir().join(format!("ambix-fingerprint-{}", std::process::id()));
        let now = || of_inputs(&[&folder]);
        write(&folder.join("a/one"), b"1")?;
        write(&folder.join("two"), b"2")?;
        let first = now()?;
        write(&folder.join("two"), b"2")?;
        let written_again = now()?;
        write(&folder.join("two"), b"3")?;
        let changed = now()?;
        fs::rename(folder.join("a"), folder.join("b"))?;
        let renamed = now()?;
        fs::remove_dir_all(&folder)?;
        assert_eq!(first, written_again);
        assert_ne!(first, changed);
        assert_ne!(changed, renamed);
        Ok(())
    }
}
