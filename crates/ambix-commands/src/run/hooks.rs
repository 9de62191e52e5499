//! The programs that run over a new revision file.

use super::Done;
use super::desk::Desk;
use crate::Request;
use crate::configuration::{Hook, HookError, HookKind};
use ambix_core::diagnostic::{Code, Diagnostic};

/// Runs the hooks over a new file, each after it is announced.
pub(super) async fn run(desk: &Desk, path: &str) -> Done {
    let project = desk.project().await?;
    let file = project.absolute(path);
    let written = |error: Diagnostic| {
        error.hint(format!("{file} is written; correct the hook, or run it by hand"))
    };
    for hook in project.new_files.hooks.clone().map_err(written)? {
        let hook = match hook {
            Ok(hook) => hook,
            Err(HookError { diagnostic, announced }) => {
                if let Some(name) = announced {
                    desk.line(format!("Running post write hook '{name}' ...")).await;
                    desk.line("  FAILED").await;
                }
                return Err(written(diagnostic));
            }
        };
        desk.line(format!("Running post write hook '{}' ...", hook.name)).await;
        if let Err(error) = run_one(desk, &hook, &file).await {
            desk.line("  FAILED").await;
            return Err(written(error));
        }
        desk.line("  done").await;
    }
    Ok(())
}

/// Runs a hook. A console script is the program of that name; a module needs Python.
async fn run_one(desk: &Desk, hook: &Hook, file: &str) -> Done {
    let failed = |message: String| Diagnostic::error(Code::HookFailed, message);
    let request = |program: &str, arguments: Vec<String>| Request::Run {
        program: program.into(),
        arguments,
        folder: hook.cwd.clone(),
    };
    // As in Alembic, a program that ends with an error is no error: formatters do where something is left.
    let run = async |program: &str, arguments: Vec<String>| match desk
        .run_program(request(program, arguments))
        .await
    {
        Err(error) if error.message.contains("returned non-zero exit status") => {
            let what = error.message.trim_start_matches("a program: ").to_string();
            desk.warn(Diagnostic::warning(Code::HookFailed, what)).await;
            Ok(true)
        }
        Err(error) => {
            let why = error.message.trim_start_matches("a program: ");
            Err(failed(format!("Post write hook '{}' failed: {why}", hook.name)))
        }
        found => found,
    };
    let (found, missing) = match &hook.kind {
        HookKind::Exec { executable } => (
            run(executable, hook.arguments(file)).await?,
            format!("[Errno 2] No such file or directory: '{executable}'"),
        ),
        HookKind::ConsoleScripts { entrypoint } => (
            run(entrypoint, hook.arguments(file)).await?,
            format!("Could not find entrypoint console_scripts.{entrypoint}"),
        ),
        HookKind::Module { module } => {
            let missing = format!("Could not find module {module}");
            let ask = format!(
                "import importlib.util, sys; sys.exit(importlib.util.find_spec({module:?}) is None)"
            );
            match desk.run_program(request("python3", vec!["-c".into(), ask])).await {
                Ok(true) => {
                    let arguments = [vec!["-m".into(), module.clone()], hook.arguments(file)];
                    (run("python3", arguments.concat()).await?, missing)
                }
                Ok(false) | Err(_) => (false, missing),
            }
        }
    };
    if found { Ok(()) } else { Err(failed(missing)) }
}
