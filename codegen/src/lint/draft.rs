//! Complains of a prepared draft: names that collide only once everything inline has a name.

use std::collections::BTreeMap;

use crate::names::{parameter, pascal, snake};
use crate::prepare::{Draft, Operation, RESERVED_CREDENTIALS, RESERVED_SETTERS, fields, schema};
use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::ParameterPlace;

/// Lints a prepared draft.
pub(super) fn lint(draft: &Draft, complaints: &mut Complaints<'_>) {
    types(draft, complaints);
    for operation in &draft.operations {
        setters(operation, complaints);
    }
    credentials(draft, complaints);
}

fn types(draft: &Draft, complaints: &mut Complaints<'_>) {
    for (name, component) in &draft.schemas {
        let at = draft.places.get(name).cloned().unwrap_or_else(|| below(schema::SCHEMAS, name));
        for (property, given) in
            fields(component).into_iter().filter(|(property, given)| *property != given)
        {
            let is_extra =
                snake(property) == "extra" && component.get("additionalProperties").is_some();
            let message = match is_extra {
                // What is unknown has this name; the one that is known cannot.
                true => format!(
                    "`{property}` of `{name}` has the name of the field for unknown members"
                ),
                false => format!("`{property}` of `{name}` becomes the same field as another"),
            };
            match complaints.is_house() {
                true => {
                    complaints.error(&at, message, "leave one of the two, or name it otherwise")
                }
                false => {
                    complaints.warning(&at, message, &format!("the field is `{}`", snake(&given)))
                }
            }
        }
    }
}

fn setters(operation: &Operation, complaints: &mut Complaints<'_>) {
    for one in operation.parameters.iter().filter(|one| !one.secret) {
        let wanted = parameter(&one.name);
        let setter = one.setter();
        if setter != wanted {
            let taken = if operation.body.is_some() { &["body", "body_map"][..] } else { &[] };
            let is_method =
                RESERVED_SETTERS.contains(&wanted.as_str()) || taken.contains(&wanted.as_str());
            let message = match is_method {
                true => {
                    format!(
                        "a parameter cannot be the method `{wanted}` of a builder, which has one already"
                    )
                }
                false => {
                    format!(
                        "parameter `{}` ({}) and another become the same method",
                        one.name,
                        one.place.word()
                    )
                }
            };
            match complaints.is_house() {
                true => {
                    complaints.error(&one.pointer, message, "only a foreign document may have two")
                }
                false => {
                    complaints.warning(&one.pointer, message, &format!("it is set by `{setter}`"))
                }
            }
        }
        let is_token =
            |sign: char| sign.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(sign);
        if one.place == ParameterPlace::Header && !one.name.chars().all(is_token) {
            complaints.error(&one.pointer, format!("`{}` is no name of a header", one.name), "");
        }
    }
}

/// Complains of credentials whose names collide with methods of the client's builder.
fn credentials(draft: &Draft, complaints: &mut Complaints<'_>) {
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    for scheme in &draft.schemes {
        let method = parameter(&scheme.name);
        let at = below("/components/securitySchemes", &scheme.name);
        if RESERVED_CREDENTIALS.contains(&method.as_str()) {
            complaints.error(
                &at,
                format!("a credential cannot be the method `{method}` of the client's builder"),
                "rename it in `components.securitySchemes`",
            );
        }
        if let Some(other) = seen.insert(pascal(&method), &scheme.name) {
            complaints.error(
                &at,
                format!("credentials `{other}` and `{}` become the same method", scheme.name),
                "rename one in `components.securitySchemes`",
            );
        }
    }
}
