//! Reads a contract file of unknown origin: it is refused, or joined and judged.
//!
//! The first byte chooses the spec. The rest is read as a whole file, and as the contract inside a
//! file that was observed along that spec.

use prumo_drift::{Contract, ContractFile, Observation};
use serde_json::Value;

use super::laws::judged;
use super::specs;

pub(crate) fn check(bytes: &[u8]) {
    let Some((&spec, rest)) = bytes.split_first() else {
        return;
    };
    let promised = &specs::chosen(spec).contract;
    let inside = [head(promised).as_bytes(), rest, b"}]}"].concat();
    for bytes in [rest, &inside] {
        if let Ok(file) = ContractFile::read("shard", bytes) {
            check_file(promised, &file);
        }
    }
}

/// Returns the start of a file, up to the contract.
fn head(promised: &Contract) -> String {
    let file = ContractFile::new(&[promised], &Observation::new(&[promised]).finish(), 0);
    let text = file.to_json("empty").unwrap_or_default();
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    format!(
        r#"{{"prumo-contract": 2, "contracts": [{{"promise": {}, "observed": "#,
        value["contracts"][0]["promise"]
    )
}

fn check_file(promised: &Contract, file: &ContractFile) {
    let text = file.to_json("written").unwrap_or_else(|error| panic!("{error}"));
    let again = ContractFile::read("read", text.as_bytes())
        .unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(again.to_json("again").as_ref(), Ok(&text), "written again it is another");

    let mut joined = file.clone();
    joined.absorb("itself", file.clone()).unwrap_or_else(|error| panic!("{error}"));
    assert!(joined.n_exchanges() >= file.n_exchanges(), "fewer exchanges than before");

    let mut observed = Observation::new(&[promised]).finish();
    if joined.pour("joined", &[promised], &mut observed).is_ok() {
        // The file names the first places, so findings may have any place.
        judged(promised, &observed.remove(0));
    }
}
