//! Passes bytes to the target `redact` of `drift/tests/judge/targets`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| prumo_drift_fuzz::check("redact", bytes));
