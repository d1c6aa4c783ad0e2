//! Passes bytes to the target `spec_reader` of `drift/tests/judge/targets`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| prumo_drift_fuzz::check("spec_reader", bytes));
