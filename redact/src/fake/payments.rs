//! Replaces cards, boletos and Pix codes by ones that no bank knows, with right check digits.
//!
//! A boleto's line and its bar code get fakes that belong together, as the originals did. Bank,
//! due date and amount stay, because they do not identify the payer.

use super::super::Sensitive;
use super::{Faker, documents, stamped};

/// The digits of a boleto's bar code.
const BAR_CODE: usize = 44;

/// The digits of the line that a person types, of a bank and of a utility or tax.
const LINES: [usize; 2] = [47, 48];

/// Returns whether digits can only be a boleto.
pub(crate) fn is_boleto(digits: &str) -> bool {
    let has_length = digits.len() == BAR_CODE || LINES.contains(&digits.len());
    has_length && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether digits are a card's number.
pub(crate) fn is_card(digits: &str) -> bool {
    let is_length = (13..=19).contains(&digits.len());
    let first = digits.chars().next();
    is_length
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(first, Some('2'..='6'))
        && digits.chars().any(|c| Some(c) != first)
        && luhn(digits.get(..digits.len() - 1).unwrap_or_default()) == digits.chars().last()
}

impl Faker {
    /// Returns a card of the same network: the first digit stays.
    pub(super) fn card(self, digits: &str, attempt: u32) -> Option<String> {
        let mut draw = self.draw("card", digits, attempt);
        let (network, rest) = digits.split_at_checked(1)?;
        let rest = rest.get(..rest.len().checked_sub(1)?)?;
        let mut fake: String = network.to_owned();
        rest.chars().for_each(|_| fake.push(draw.digit(0)));
        fake = stamped(digits, &(fake + "0"));
        fake.pop();
        let check = luhn(&fake)?;
        fake.push(check);
        Some(fake)
    }

    /// Returns a bar code or line of another boleto of the same bank, date and amount.
    pub(super) fn boleto(self, digits: &str, attempt: u32) -> Option<String> {
        match digits.len() {
            BAR_CODE => self.bar_code(digits, attempt),
            47 => bank_line(&self.bar_code(&bar_code_of_bank_line(digits)?, attempt)?),
            48 => {
                let blocks: Option<String> =
                    (0..4).map(|block| digits.get(block * 12..block * 12 + 11)).collect();
                utility_line(&self.bar_code(&blocks?, attempt)?)
            }
            _ => None,
        }
    }

    /// Returns the field of a boleto that is drawn, of a bar code or of a line.
    pub(super) fn own_field(digits: &str) -> Option<String> {
        let code = match digits.len() {
            47 => bar_code_of_bank_line(digits)?,
            48 => (0..4).filter_map(|block| digits.get(block * 12..block * 12 + 11)).collect(),
            _ => digits.to_owned(),
        };
        let start = if code.starts_with('8') { 15 } else { 19 };
        code.get(start..).map(str::to_owned)
    }

    fn bar_code(self, code: &str, attempt: u32) -> Option<String> {
        let mut draw = self.draw("boleto", code, attempt);
        let mut drawn = |text: &str| -> String {
            let drawn: String = text.chars().map(|_| draw.digit(0)).collect();
            stamped(text, &drawn)
        };
        if code.starts_with('8') {
            // Product, segment and kind of amount; check digit; amount; issuer and its own field.
            let (kind, amount) = (code.get(..3)?, code.get(4..15)?);
            let rest = format!("{amount}{}", drawn(code.get(15..)?));
            let check = match kind.get(2..) {
                Some("6" | "7") => modulus_10(&format!("{kind}{rest}")),
                _ => modulus_11(&format!("{kind}{rest}"), '0'),
            };
            return Some(format!("{kind}{check}{rest}"));
        }
        // Bank and currency; check digit; due date and amount; the bank's own field.
        let (bank, due) = (code.get(..4)?, code.get(5..19)?);
        let rest = format!("{due}{}", drawn(code.get(19..)?));
        let check = modulus_11(&format!("{bank}{rest}"), '1');
        Some(format!("{bank}{check}{rest}"))
    }

    /// Returns a Pix code ("copia e cola", EMV) of the same length, or `None` if it is not one.
    pub(super) fn pix(self, code: &str, attempt: u32) -> Option<String> {
        let fake = |kinds: &[Sensitive], value: &str| self.of_pix(kinds, value, attempt);
        with_fields(code, &fake)
    }

    /// Returns a fake for one value of a Pix code.
    fn of_pix(self, kinds: &[Sensitive], value: &str, attempt: u32) -> String {
        match kinds {
            [Sensitive::Payment] => self.key(value, attempt),
            [] => self.scrambled("pix", value, attempt),
            kinds => self.fake(kinds, value),
        }
    }

    /// Returns another Pix key of the same kind.
    pub(super) fn key(self, key: &str, attempt: u32) -> String {
        let digits = super::compact(key);
        if key.contains('@') {
            return self.email(key, attempt);
        }
        if key.starts_with("+55") && digits.len() >= 12 {
            return super::filled(key, &self.phone(&digits, attempt));
        }
        match self.document(&digits, attempt) {
            Some(fake) => super::filled(key, &fake),
            None => self.secret(key, attempt),
        }
    }

    /// Returns other digits of any payment that has no row of its own.
    pub(super) fn payment(self, text: &str, attempt: u32) -> String {
        let digits = super::compact(text);
        let fake = if text.starts_with("0002") {
            self.pix(text, attempt)
        } else if is_boleto(&digits) {
            self.boleto(&digits, attempt).map(|fake| super::filled(text, &fake))
        } else if is_card(&digits) {
            self.card(&digits, attempt).map(|fake| super::filled(text, &fake))
        } else {
            None
        };
        fake.unwrap_or_else(|| match text.contains('@') {
            true => self.key(text, attempt),
            false => self.scrambled("payment", text, attempt),
        })
    }
}

fn bar_code_of_bank_line(line: &str) -> Option<String> {
    let part = |from: usize, to: usize| line.get(from..to);
    Some(
        [part(0, 4)?, part(32, 33)?, part(33, 47)?, part(4, 9)?, part(10, 20)?, part(21, 31)?]
            .concat(),
    )
}

/// Returns the line of a bank's bar code: three fields with a check digit each, the code's own
/// check digit, due date and amount.
fn bank_line(code: &str) -> Option<String> {
    let part = |from: usize, to: usize| code.get(from..to);
    let fields = [
        format!("{}{}", part(0, 4)?, part(19, 24)?),
        part(24, 34)?.to_owned(),
        part(34, 44)?.to_owned(),
    ];
    let mut line = String::with_capacity(47);
    for field in fields {
        line.push(modulus_10(&field));
        line.insert_str(line.len() - 1, &field);
    }
    Some(line + part(4, 5)? + part(5, 19)?)
}

/// Returns the line of a utility's bar code: four blocks with a check digit each.
fn utility_line(code: &str) -> Option<String> {
    let is_by_10 = matches!(code.get(2..3)?, "6" | "7");
    let mut line = String::with_capacity(48);
    for block in 0..4 {
        let block = code.get(block * 11..block * 11 + 11)?;
        line += block;
        line.push(if is_by_10 { modulus_10(block) } else { modulus_11(block, '0') });
    }
    Some(line)
}

fn digits_from_right(digits: &str) -> impl Iterator<Item = u32> + '_ {
    digits.chars().rev().filter_map(|c| c.to_digit(10))
}

/// Returns the last digit of a card.
fn luhn(before: &str) -> Option<char> {
    Some(modulus_10(before)).filter(|_| !before.is_empty())
}

fn modulus_10(before: &str) -> char {
    let doubled = |(index, digit): (usize, u32)| {
        let product = if index % 2 == 0 { digit * 2 } else { digit };
        product / 10 + product % 10
    };
    let sum: u32 = digits_from_right(before).enumerate().map(doubled).sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

/// Returns the digit of modulus 11 with the weights 2 to 9, and `instead` in place of 0, 10 and 11.
fn modulus_11(before: &str, instead: char) -> char {
    let sum =
        digits_from_right(before).zip((2..=9).cycle()).map(|(digit, weight)| digit * weight).sum();
    match documents::modulus_11(sum) {
        '0' => instead,
        digit => digit,
    }
}

/// Computes the check of a Pix code: CRC-16/CCITT-FALSE.
fn crc_16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            let shifted = crc << 1;
            if crc & 0x8000 == 0 { shifted } else { shifted ^ 0x1021 }
        })
    })
}

/// Returns whether every value of a Pix code is a fake.
pub(super) fn is_own_pix(code: &str) -> bool {
    let is_own = std::cell::Cell::new(true);
    let look = |kinds: &[Sensitive], value: &str| {
        let kinds = if kinds.is_empty() { &[Sensitive::Payment] } else { kinds };
        is_own.set(is_own.get() && super::is_own(kinds, value));
        value.to_owned()
    };
    with_fields(code, &look).is_some() && is_own.get()
}

/// Replaces a value of a Pix code, of these kinds; a key is a payment.
type Replace<'r> = &'r dyn Fn(&[Sensitive], &str) -> String;

/// Returns a Pix code with other values and the right check, or `None` if it is not one.
fn with_fields(code: &str, replace: Replace<'_>) -> Option<String> {
    let (body, _) = code.split_at_checked(code.len().checked_sub(4)?)?;
    let replaced = fields(body.strip_suffix("6304")?, replace, true)? + "6304";
    let check = crc_16(replaced.as_bytes());
    Some(format!("{replaced}{check:04X}"))
}

/// Replaces the values of fields, each two digits of name, two of length, and its value.
fn fields(mut rest: &str, replace: Replace<'_>, is_top: bool) -> Option<String> {
    let mut out = String::with_capacity(rest.len());
    while !rest.is_empty() {
        let (name, after) = rest.split_at_checked(2)?;
        let (length, after) = after.split_at_checked(2)?;
        let (value, after) = after.split_at_checked(length.parse().ok()?)?;
        let fake = match (is_top, name.parse::<u32>().ok()?) {
            (true, 26..=51 | 62 | 80..=99) => fields(value, replace, false)?,
            (true, 59) => replace(&[Sensitive::Name], value),
            (true, 60) => replace(&[Sensitive::Address], value),
            (true, 0..=58) => value.to_owned(),
            // The name of the payment system, such as `br.gov.bcb.pix`.
            (false, 0) => value.to_owned(),
            (false, 1) => replace(&[Sensitive::Payment], value),
            (false, 5) if value == "***" => value.to_owned(),
            (_, 0..=99) => replace(&[], value),
            _ => return None,
        };
        if fake.len() != value.len() {
            return None;
        }
        out = out + name + length + &fake;
        rest = after;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{
        bank_line, bar_code_of_bank_line, crc_16, is_card, modulus_10, modulus_11, utility_line,
    };
    use crate::Sensitive;
    use crate::fake::Faker;

    /// The boleto of FEBRABAN's own guide, and a Pix code of the central bank's manual.
    const LINE: &str = "00190500954014481606906809350314337370000000100";
    const BAR_CODE: &str = "00193373700000001000500940144816060680935031";
    const PIX: &str = concat!(
        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000",
        "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
    );

    #[test]
    fn public_test_vectors_fit() {
        assert_eq!(bar_code_of_bank_line(LINE).as_deref(), Some(BAR_CODE));
        assert_eq!(bank_line(BAR_CODE).as_deref(), Some(LINE));
        let without_check = format!("{}{}", &BAR_CODE[..4], &BAR_CODE[5..]);
        assert_eq!(modulus_11(&without_check, '1'), '3');
        assert_eq!(modulus_10("001905009"), '5');
        assert_eq!(crc_16(b"123456789"), 0x29b1);
        assert_eq!(format!("{:04X}", crc_16(&PIX.as_bytes()[..PIX.len() - 4])), "1D3D");
        for card in ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117"]
        {
            assert!(is_card(card), "{card}");
        }
        assert!(!is_card("4111111111111112"));
    }

    #[test]
    fn a_line_and_its_bar_code_stay_together() {
        let faker = Faker::new(b"k");
        let fake = |text: &str| faker.fake(&[Sensitive::Payment], text);
        let (line, code) = (fake(LINE), fake(BAR_CODE));
        assert_ne!(line, LINE);
        assert_eq!(bank_line(&code).as_deref(), Some(line.as_str()));
        assert_eq!(code[..4], BAR_CODE[..4]);
        assert_eq!(code[5..19], BAR_CODE[5..19]);
        let utility = "836200000005667800481000180975657313001589636081";
        let fake = fake(utility);
        let blocks: String = (0..4).map(|block| &fake[block * 12..block * 12 + 11]).collect();
        assert_eq!(utility_line(&blocks).as_deref(), Some(fake.as_str()));
    }

    #[test]
    fn a_pix_code_keeps_its_fields_and_gets_a_right_check() {
        let fake = Faker::new(b"k").fake(&[Sensitive::Payment], PIX);
        assert_eq!(fake.len(), PIX.len());
        assert!(fake.starts_with("00020126580014br.gov.bcb.pix0136"), "{fake}");
        assert!(fake.contains("5802BR5913") && fake.contains("62070503***6304"), "{fake}");
        assert!(!fake.contains("Fulano") && !fake.contains("123e4567"), "{fake}");
        let (body, check) = fake.split_at(fake.len() - 4);
        assert_eq!(format!("{:04X}", crc_16(body.as_bytes())), check);
    }
}
