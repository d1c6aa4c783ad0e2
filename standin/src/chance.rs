//! Derives numbers from a seed and a name alone.

/// Returns a number that depends on the seed and the name alone.
pub(crate) fn number(seed: u64, name: &str) -> u64 {
    let start = mixed(seed ^ 0x9e37_79b9_7f4a_7c15);
    name.bytes().fold(start, |all, byte| mixed(all ^ u64::from(byte)))
}

/// Returns 32 hexadecimal digits, the form of TomTicket's ids.
pub(crate) fn hex_id(seed: u64, name: &str) -> String {
    let first = number(seed, name);
    format!("{first:016x}{:016x}", mixed(first))
}

/// Returns a number from 0 up to, but not including, 1.
pub(crate) fn fraction(seed: u64, name: &str) -> f64 {
    // An `f64` holds 53 bits.
    (number(seed, name) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Mixes the bits as SplitMix64 does at its end.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
