//! Turns a key and bytes into numbers, by SipHash-2-4.
//!
//! The standard library's hasher may change with a release, which would change every fake in every
//! committed recording. SipHash is a keyed function for short inputs; without the key, a number
//! does not reveal its input.

use siphasher::sip::SipHasher24;

/// The key of a redactor.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    k0: u64,
    k1: u64,
}

impl Key {
    /// Makes a key of any bytes; more than 16 add no strength.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let first = Self { k0: 0x7072_756d_6f00, k1: 0 };
        let second = Self { k0: 0x7072_756d_6f01, k1: 1 };
        Self { k0: first.hash(bytes), k1: second.hash(bytes) }
    }

    fn hash(self, bytes: &[u8]) -> u64 {
        SipHasher24::new_with_keys(self.k0, self.k1).hash(bytes)
    }

    /// Returns a sequence of numbers that depends only on the key and these texts.
    pub(super) fn draw(self, domain: &str, text: &str) -> Draw {
        let seed = self.hash(format!("{domain}\0{text}").as_bytes());
        Draw { key: self, seed, n_drawn: 0 }
    }
}

/// A sequence of numbers.
pub(super) struct Draw {
    key: Key,
    seed: u64,
    n_drawn: u64,
}

impl Draw {
    /// Returns a number below `end`, or zero if `end` is zero.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.seed.to_le_bytes());
        bytes[8..].copy_from_slice(&self.n_drawn.to_le_bytes());
        self.n_drawn += 1;
        let number = self.key.hash(&bytes);
        let end = end as u64;
        // The lists are short, so the bias of a remainder does not matter.
        usize::try_from(number.checked_rem(end).unwrap_or(0)).unwrap_or(0)
    }

    /// Returns one of the items.
    pub(super) fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        let index = self.below(items.len());
        items.get(index).copied().unwrap_or_default()
    }

    /// Returns a digit from `from` to 9.
    pub(super) fn digit(&mut self, from: usize) -> char {
        char::from_digit(u32::try_from(from + self.below(10 - from)).unwrap_or(0), 10)
            .unwrap_or('0')
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn it_is_siphash_2_4() {
        // The test vector of the paper: key 00..0f, input 00..0e.
        let key = Key { k0: 0x0706_0504_0302_0100, k1: 0x0f0e_0d0c_0b0a_0908 };
        let input: Vec<u8> = (0..15).collect();
        assert_eq!(key.hash(&input), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn drawing_is_stable_and_depends_on_all_it_is_given() {
        let row = |key: &[u8], domain: &str, text: &str| -> Vec<usize> {
            let mut draw = Key::new(key).draw(domain, text);
            (0..8).map(|_| draw.below(1000)).collect()
        };
        assert_eq!(row(b"k", "a", "b"), row(b"k", "a", "b"));
        assert_ne!(row(b"k", "a", "b"), row(b"l", "a", "b"));
        assert_ne!(row(b"k", "a", "b"), row(b"k", "b", "b"));
        assert_ne!(row(b"k", "a", "b"), row(b"k", "a", "c"));
    }
}
