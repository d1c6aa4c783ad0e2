//! Turns the document of a baseline into its entries, or returns the fault.

use serde_json::{Map, Value};

use super::{Baseline, BaselineError, BaselineFault, Entry, VERSION};
use crate::contract::spec_name;
use crate::rules::Severity;
use prumo_spec::document::Document;

/// The member that distinguishes a baseline from other files.
const MARK: &str = "prumo-baseline";

/// The members of a baseline.
const MEMBERS: [&str; 3] = [MARK, "entries", "findings"];

pub(super) fn baseline(document: &Document) -> Result<Baseline, BaselineError> {
    let fault = |at: &str, fault: BaselineFault| BaselineError {
        file: document.file().to_owned(),
        position: document.nearest_position(at),
        fault,
    };
    let members = document.value().as_object();
    let Some((members, version)) = members.and_then(|members| Some((members, members.get(MARK)?)))
    else {
        return Err(fault("", BaselineFault::NoBaseline));
    };
    match version.as_u64() {
        Some(VERSION) => (),
        Some(version) => return Err(fault("/prumo-baseline", BaselineFault::Version(version))),
        None => return Err(fault("/prumo-baseline", BaselineFault::Malformed)),
    }
    if let Some(unknown) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(fault(&prumo_spec::document::below("", unknown), BaselineFault::Malformed));
    }
    let Some(said) = members.get("entries").and_then(Value::as_u64) else {
        return Err(fault("/entries", BaselineFault::Malformed));
    };
    let Some(findings) = members.get("findings").and_then(Value::as_array) else {
        return Err(fault("/findings", BaselineFault::Malformed));
    };
    let mut baseline = Baseline::default();
    for (index, value) in findings.iter().enumerate() {
        let at = format!("/findings/{index}");
        let Some((entry, severity)) = value.as_object().and_then(entry) else {
            return Err(fault(&at, BaselineFault::Malformed));
        };
        if baseline.entries.insert(entry, severity).is_some() {
            return Err(fault(&at, BaselineFault::Repeated));
        }
    }
    let are = findings.len() as u64;
    if said != are {
        return Err(fault("/entries", BaselineFault::Miscounted { said, are }));
    }
    Ok(baseline)
}

fn entry(members: &Map<String, Value>) -> Option<(Entry, Severity)> {
    let mut members = members.clone();
    let severity = serde_json::from_value(members.remove("severity")?).ok()?;
    // Earlier programs wrote the spec's path.
    let spec = spec_name(members.remove("spec")?.as_str()?);
    let request = members.remove("request").map(serde_json::from_value).transpose().ok()?;
    let finding = serde_json::from_value(Value::Object(members)).ok()?;
    Some((Entry { spec, finding, request }, severity))
}
