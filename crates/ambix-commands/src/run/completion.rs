//! `completion`: a script for a shell.

use super::Done;
use super::desk::Desk;
use crate::grammar::{COMMANDS, GLOBAL_OPTIONS, OptionSpec};
use ambix_core::diagnostic::{Code, Diagnostic};

/// The words after which a revision is named.
const TARGETS: &str = "head heads base current +1 -1";

pub(super) async fn script(desk: &Desk, shell: String) -> Done {
    let program = &desk.program;
    let text = match shell.as_str() {
        "bash" => bash(program),
        // zsh reads what bash reads.
        "zsh" => format!("autoload -U +X bashcompinit && bashcompinit\n{}", bash(program)),
        "fish" => fish(program),
        _ => {
            let message = format!("There is no completion for the shell '{shell}'");
            return Err(Diagnostic::error(Code::InvalidOptions, message)
                .hint_command("there is one for bash, zsh and fish", "completion bash"));
        }
    };
    for line in text.lines() {
        desk.line(line).await;
    }
    Ok(())
}

fn words(options: &[OptionSpec]) -> String {
    let words = options.iter().flat_map(|option| [Some(option.long), option.short]);
    let mut words: Vec<&str> = words.flatten().collect();
    words.dedup();
    words.join(" ")
}

/// Words that can stand for a revision, asked of the project itself.
fn revisions(program: &str) -> String {
    let after_arrow = "{ for (i = 1; i < NF; i++) if ($i == \"->\") { id = $(i + 1); sub(/,$/, \"\", id); \
                       print id; next } }";
    format!("$({program} history 2>/dev/null | awk '{after_arrow}')")
}

fn bash(program: &str) -> String {
    let names: Vec<&str> = COMMANDS.iter().map(|spec| spec.name).collect();
    let names = names.join(" ");
    let function = format!("_{}", program.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
    let mut cases = String::new();
    for spec in COMMANDS {
        let targets = match spec.argument.map(|argument| argument.name) {
            Some("revision" | "revisions") => format!("{TARGETS} {}", revisions(program)),
            Some("shell") => "bash zsh fish".into(),
            _ => String::new(),
        };
        let name = spec.name;
        let words = format!("{} {targets}", words(spec.options));
        cases.push_str(&format!("      {name}) words=\"{}\" ;;\n", words.trim()));
    }
    format!(
        r#"{function}() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" command="" words="" at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "${{COMP_WORDS[at]}}" in
      -c|--config|-n|--name|-x) ((at++)) ;;
      -*) ;;
      *) command="${{COMP_WORDS[at]}}"; break ;;
    esac
  done
  if [ -z "$command" ]; then
    words="{names} {global}"
  else
    case "$command" in
{cases}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F {function} {program}
"#,
        global = words(GLOBAL_OPTIONS),
    )
}

fn fish(program: &str) -> String {
    let mut text = format!("complete -c {program} -f\n");
    for spec in COMMANDS {
        let about = spec.about.replace('\'', "\\'");
        let name = spec.name;
        text.push_str(&format!(
            "complete -c {program} -n __fish_use_subcommand -a {name} -d '{about}'\n"
        ));
        for option in spec.options {
            let long = option.long.trim_start_matches('-');
            let short = option.short.map(|short| format!(" -s {}", short.trim_start_matches('-')));
            text.push_str(&format!(
                "complete -c {program} -n '__fish_seen_subcommand_from {name}' -l {long}{}{}\n",
                short.unwrap_or_default(),
                if option.value.is_some() { " -r" } else { "" },
            ));
        }
        if matches!(spec.argument.map(|argument| argument.name), Some("revision" | "revisions")) {
            text.push_str(&format!(
                "complete -c {program} -n '__fish_seen_subcommand_from {name}' -a '{TARGETS}'\n"
            ));
        }
    }
    text
}
