use super::Arguments;
use crate::syntax::Source;
use crate::value::{Call, Kind};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::{Literal, TypeArgument};

/// The parameters of `Identity` that every database knows, in the order in which they are shown.
const KNOWN: &[&str] =
    &["start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle", "cache"];

/// The arguments of `Identity(…)`, as SQLAlchemy shows them.
pub(super) fn identity(
    source: Source,
    call: &Call,
    span: Span,
) -> Result<Vec<TypeArgument>, Diagnostic> {
    let mut given = Arguments::of(source, "Identity", call, span);
    let mut arguments = Vec::new();
    let mut of_oracle = Vec::new();
    let take = |given: &mut Arguments, parameter: &'static str| {
        let Some(value) = given.either(parameter) else { return Ok(None) };
        Ok(Some(match value.kind {
            Kind::None => Literal::None,
            Kind::Bool(flag) => Literal::Bool(flag),
            Kind::Int(number) => Literal::Int(number),
            _ => return Err(given.unexpected(parameter, "a plain value", value)),
        }))
    };
    let push = |into: &mut Vec<TypeArgument>, name: &str, value: Option<Literal>| {
        if let Some(value) = value.filter(|value| *value != Literal::None) {
            into.push(TypeArgument { name: name.into(), value });
        }
    };
    let always = take(&mut given, "always")?.unwrap_or(Literal::Bool(false));
    arguments.push(TypeArgument { name: "always".into(), value: always });
    push(&mut of_oracle, "oracle_on_null", take(&mut given, "on_null")?);
    for parameter in KNOWN {
        push(&mut arguments, parameter, take(&mut given, parameter)?);
    }
    push(&mut of_oracle, "oracle_order", take(&mut given, "order")?);
    for parameter in ["oracle_on_null", "oracle_order"] {
        if let Some(value) = given.keyword(parameter) {
            push(
                &mut of_oracle,
                parameter,
                given.optional_flag(parameter, value)?.map(Literal::Bool),
            );
        }
    }
    arguments.append(&mut of_oracle);
    given.ignore_other_dialects();
    given.finish()?;
    Ok(arguments)
}
