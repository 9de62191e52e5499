//! The dialog for a new revision: what it is about, what changed, and what has only got another name.

use ambix_core::autogenerate::{Candidate, Rename};
use web_sys::{HtmlInputElement, InputEvent, SubmitEvent};
use yew::prelude::*;

use crate::app::{Message, saying};
use crate::session::{Action, Changes, MODELS, Preview, Sides};
use crate::ui::{Dialog, Kind};

use super::questions::answers;

#[derive(Properties, PartialEq)]
pub(crate) struct NewRevisionProps {
    pub(crate) message: AttrValue,
    pub(crate) changes: Option<Changes>,
    pub(crate) send: Callback<Message>,
}

/// Asks what the revision is about and how it begins.
#[component]
pub(crate) fn NewRevision(props: &NewRevisionProps) -> Html {
    let message = use_state(|| props.message.to_string());
    let from_models = use_state(|| true);
    let renamed = use_state(Vec::<Rename>::new);
    let values = use_state(Vec::<(String, String)>::new);
    let close: Callback<()> = saying(&props.send, || Message::Do(Action::Ask(None)));
    let oninput = {
        let message = message.clone();
        move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            message.set(input.value());
        }
    };
    let ontoggle = {
        let from_models = from_models.clone();
        move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            from_models.set(input.checked());
        }
    };
    let preview = props.changes.as_ref().map(|changes| changes.preview(&renamed));
    let line = command(&message, *from_models, preview.as_ref(), &renamed, &values);
    let create = {
        let (send, message, line) = (props.send.clone(), message.clone(), line.clone());
        Callback::from(move |()| {
            if !message.trim().is_empty() {
                send.emit(Message::Do(Action::Ask(None)));
                send.emit(Message::Run(line.clone()));
            }
        })
    };
    let onsubmit = create.reform(|event: SubmitEvent| event.prevent_default());
    html! {
        <Dialog title="New revision" onclose={close.clone()}>
            <form class="field" {onsubmit}>
                <label for="revision-message">{"Message"}</label>
                <input id="revision-message" type="text" value={(*message).clone()} required=true
                    autofocus=true autocomplete="off" aria-describedby="revision-command" {oninput} />
            </form>
            <label>
                <input type="checkbox" checked={*from_models} onchange={ontoggle} />
                {" Write what "}<code>{ MODELS }</code>{" changes into it"}
            </label>
            if *from_models {
                { changes(preview.as_ref(), &renamed, &values) }
            }
            <p id="revision-command" class="muted"><code>{ line }</code></p>
            { answers(&close, "Create revision", Kind::Main, create) }
        </Dialog>
    }
}

/// What changed, what may have got another name only, and what only a person knows of it.
fn changes(
    preview: Option<&Preview>,
    renamed: &UseStateHandle<Vec<Rename>>,
    values: &UseStateHandle<Vec<(String, String)>>,
) -> Html {
    let Some(preview) = preview else {
        return html! { <p>{ format!("{MODELS} has an error: see the editor.") }</p> };
    };
    if preview.found.is_empty() {
        return html! { <p class="muted">{"The database is what the models say."}</p> };
    }
    html! {
        <section class="changes" aria-label="What changed">
            if !preview.renames.is_empty() {
                <fieldset>
                    <legend>{"Only another name? Its values stay then."}</legend>
                    { for preview.renames.iter().map(|candidate| choice(candidate, renamed)) }
                </fieldset>
            }
            if !preview.valueless.is_empty() {
                <fieldset>
                    <legend>{"May not be NULL: which value do the rows get, as SQL?"}</legend>
                    { for preview.valueless.iter().map(|column| value(column, values)) }
                </fieldset>
            }
            <ul>
                { for preview.found.iter().map(|(effect, text)| html! {
                    <li><b data-effect={effect.name()}>{ effect.sign() }</b><span>{ text }</span></li>
                }) }
            </ul>
            <details>
                <summary>{"Side by side"}</summary>
                { for preview.sides.iter().map(side_by_side) }
            </details>
        </section>
    }
}

/// A check box for another name.
fn choice(candidate: &Candidate, renamed: &UseStateHandle<Vec<Rename>>) -> Html {
    let Candidate { rename, evidence } = candidate;
    let checked = renamed.contains(rename);
    let onchange = {
        let (renamed, rename) = (renamed.clone(), rename.clone());
        move |_: Event| {
            // Columns are named by the new name of their table.
            let is_of =
                |it: &Rename| rename.table.is_none() && it.table.as_ref() == Some(&rename.to);
            let mut now: Vec<Rename> =
                renamed.iter().filter(|it| **it != rename && !is_of(it)).cloned().collect();
            if !checked {
                now.push(rename.clone());
            }
            renamed.set(now);
        }
    };
    html! {
        <label>
            <input type="checkbox" {checked} {onchange} />
            {" "}<code>{ rename.to_string().replacen(':', " → ", 1) }</code>
            <span class="muted">{ format!(" {}", evidence.join(", ")) }</span>
        </label>
    }
}

/// A field for the value that rows get in a new column.
fn value(column: &str, values: &UseStateHandle<Vec<(String, String)>>) -> Html {
    let said = values.iter().find(|(it, _)| it == column);
    let said = said.map(|(_, value)| value.clone()).unwrap_or_default();
    let oninput = {
        let (values, column) = (values.clone(), column.to_owned());
        move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let others = values.iter().filter(|(it, _)| *it != column).cloned();
            values.set(others.chain([(column.clone(), input.value())]).collect());
        }
    };
    html! {
        <label class="field">
            <code>{ column }</code>
            <input type="text" value={said} placeholder="'…'" autocomplete="off" spellcheck="false" {oninput} />
        </label>
    }
}

/// A table as it is, and as it is to be.
fn side_by_side(sides: &Sides) -> Html {
    html! {
        <table class="sides">
            <caption>{ &sides.table }</caption>
            <thead><tr><th scope="col">{"Database"}</th><th scope="col">{ MODELS }</th></tr></thead>
            <tbody>
                { for sides.rows.iter().map(|row| html! {
                    <tr data-effect={row.effect.map(|effect| effect.name())}>
                        <td>{ &row.database }</td><td>{ &row.models }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

/// The command line, with words in quotes that the grammar takes off again.
fn command(
    message: &str,
    from_models: bool,
    preview: Option<&Preview>,
    renamed: &[Rename],
    values: &[(String, String)],
) -> String {
    let quoted = |text: &str| -> String {
        let letters = text.trim().chars().flat_map(|letter| {
            let escape = matches!(letter, '"' | '\\' | '$' | '`').then_some('\\');
            escape.into_iter().chain([letter])
        });
        format!("\"{}\"", letters.collect::<String>())
    };
    let autogenerate = if from_models { " --autogenerate" } else { "" };
    let mut line = format!("alembic revision{autogenerate} -m {}", quoted(message));
    let Some(preview) = preview.filter(|_| from_models) else { return line };
    for rename in renamed {
        line += &format!(" --rename {}", rename.word());
    }
    for (column, value) in values {
        if preview.valueless.contains(column) && !value.trim().is_empty() {
            line += &format!(" --fill {}", quoted(&format!("{column}={}", value.trim())));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_with_quotes_is_still_one_word() {
        assert_eq!(
            command("Add \"Item\" \\ model", true, None, &[], &[]),
            r#"alembic revision --autogenerate -m "Add \"Item\" \\ model""#
        );
        assert_eq!(command(" empty ", false, None, &[], &[]), "alembic revision -m \"empty\"");
    }

    #[test]
    fn values_are_said_for_columns_that_need_them() {
        let preview = Preview { valueless: vec!["t.kind".into()], ..Preview::default() };
        let values = [("t.kind".into(), "'book'".into()), ("t.gone".into(), "1".into())];
        assert_eq!(
            command("Kinds", true, Some(&preview), &[], &values),
            r#"alembic revision --autogenerate -m "Kinds" --fill "t.kind='book'""#
        );
    }
}
