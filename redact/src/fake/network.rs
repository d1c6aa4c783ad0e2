//! Replaces addresses and serials of a network by others of the same form.
//!
//! Loopback, unspecified and mask addresses stay, because every network has them. A private address
//! stays private.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Faker;

fn joined(octets: &[usize]) -> String {
    octets.iter().map(usize::to_string).collect::<Vec<_>>().join(".")
}

/// Returns whether an address is a fake: of the range for benchmarks, or private and marked.
pub(super) fn is_own_address(text: &str) -> bool {
    let Ok(address) = text.parse::<Ipv4Addr>() else {
        return false;
    };
    match address.octets() {
        [198, 18 | 19, ..] => true,
        [first @ (10 | 100 | 172 | 192), rest @ ..] => {
            let sum =
                rest.iter().fold(u64::from(first), |sum, octet| sum * 256 + u64::from(*octet));
            sum.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20 & 0xff == 0
        }
        _ => false,
    }
}

/// Returns whether an address belongs to every network.
pub(crate) fn is_everywhere(address: Ipv4Addr) -> bool {
    let [first, ..] = address.octets();
    first == 255 || first == 0 || address.is_loopback()
}

impl Faker {
    /// Returns another address of the same form, or letters and digits of the same classes.
    pub(super) fn network(self, text: &str, attempt: u32) -> String {
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return self.ipv4(address, text, attempt);
        }
        if let Some((address, length)) = text.split_once('/') {
            let is_length = length.parse::<u8>().is_ok_and(|length| length <= 128);
            if is_length
                && (address.parse::<Ipv4Addr>().is_ok() || address.parse::<Ipv6Addr>().is_ok())
            {
                return format!("{}/{length}", self.network(address, attempt));
            }
        }
        if text.parse::<Ipv6Addr>().is_ok() {
            return self.ipv6(text, attempt);
        }
        let compact = super::compact(text);
        if compact.len() == 12 && compact.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return super::filled(text, &self.mac(text, &compact, attempt));
        }
        if text.contains('@') && !text.contains(char::is_whitespace) {
            return self.email(text, attempt);
        }
        self.scrambled("network", text, attempt)
    }

    fn ipv4(self, address: Ipv4Addr, text: &str, attempt: u32) -> String {
        if is_everywhere(address) {
            return text.to_owned();
        }
        let mut draw = self.draw("ipv4", text, attempt);
        let mut octet = |n_digits: usize| match n_digits {
            1 => 1 + draw.below(9),
            2 => 11 + draw.below(89),
            _ => 101 + draw.below(123),
        };
        let own: Vec<usize> = address.octets().into_iter().map(usize::from).collect();
        let lengths: Vec<usize> = text.split('.').map(str::len).collect();
        let n_kept = match own[..] {
            [10, ..] => 1,
            [192, 168, ..] | [172, 16..=31, ..] | [100, 64..=127, ..] => 2,
            _ => {
                // The largest range that is of no network, `198.18.0.0/15`, is for benchmarks.
                let n_left = text.len().saturating_sub("198.18..".len()).clamp(2, 6);
                let second = 18 + octet(1) % 2;
                return joined(&[198, second, octet(n_left - n_left / 2), octet(n_left / 2)]);
            }
        };
        // Draws until the address is marked, which one of 256 is.
        let mut drawn = own;
        for _ in 0..8 * 256 {
            for index in n_kept..4 {
                drawn[index] = octet(lengths[index]);
            }
            if is_own_address(&joined(&drawn)) {
                break;
            }
        }
        joined(&drawn)
    }

    /// Keeps the first group, which is the range of a registry or of links.
    fn ipv6(self, text: &str, attempt: u32) -> String {
        if text
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| address.is_loopback() || address.is_unspecified())
        {
            return text.to_owned();
        }
        let mut draw = self.draw("ipv6", &text.to_lowercase(), attempt);
        let groups = text.split(':').enumerate().map(|(index, group)| match index {
            0 => group.to_owned(),
            _ if group.contains('.') => self.network(group, attempt),
            _ => hexadecimal(group, &mut draw),
        });
        super::stamped(text, &groups.collect::<Vec<_>>().join(":"))
    }

    /// Returns the same fake for every punctuation and case of an address.
    fn mac(self, text: &str, compact: &str, attempt: u32) -> String {
        let mut draw = self.draw("mac", &compact.to_lowercase(), attempt);
        let fake: String = (0..12)
            .map(|index| {
                // Even and locally administered: the address of no product.
                let digits: &[&str] = if index == 1 { &["2", "6", "a", "e"] } else { &HEXADECIMAL };
                draw.pick(digits)
            })
            .collect();
        let fake = super::stamped(&compact.to_lowercase(), &fake);
        if text.chars().any(|c| c.is_ascii_uppercase()) { fake.to_uppercase() } else { fake }
    }
}

const HEXADECIMAL: [&str; 16] =
    ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"];

/// Replaces each hexadecimal digit with another of its class; a leading zero stays.
pub(super) fn hexadecimal(text: &str, draw: &mut super::Draw) -> String {
    let other = |(index, c): (usize, char)| match c {
        '0' if index == 0 => '0',
        '0'..='9' => draw.digit(usize::from(index == 0)),
        'a'..='f' => draw.pick(&["a", "b", "c", "d", "e", "f"]).chars().next().unwrap_or(c),
        'A'..='F' => draw.pick(&["A", "B", "C", "D", "E", "F"]).chars().next().unwrap_or(c),
        c => c,
    };
    text.chars().enumerate().map(other).collect()
}

#[cfg(test)]
mod tests {
    use crate::Sensitive;
    use crate::fake::Faker;

    #[test]
    fn addresses_become_others_of_their_form() {
        let fake = |text: &str| Faker::new(b"k").fake(&[Sensitive::Network], text);
        let rows = [
            "203.0.113.57",
            "10.1.2.3",
            "192.168.100.20",
            "203.0.113.57/24",
            "2001:db8:4f1a::c0de",
            "fe80::a62b:b0ff:fec1:d2e3",
        ];
        for text in rows {
            let fake = fake(text);
            assert_ne!(fake, text);
            assert_eq!(fake.len(), text.len(), "{text}: {fake}");
            let parts = |text: &str| {
                text.split('/').next().unwrap_or_default().parse::<std::net::IpAddr>().is_ok()
            };
            assert!(parts(&fake), "{text}: {fake}");
        }
        assert!(fake("192.168.100.20").starts_with("192.168."));
        for text in ["127.0.0.1", "255.255.255.0", "0.0.0.0", "::1", "::"] {
            assert_eq!(fake(text), text);
        }
        let mac = fake("A4:2B:B0:C1:D2:E3");
        let compact = mac.replace(':', "");
        assert_eq!(fake("A42BB0C1D2E3"), compact);
        assert_eq!(fake("a42b.b0c1.d2e3").replace('.', ""), compact.to_lowercase());
    }
}
